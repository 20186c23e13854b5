//! The house: its words, its therapists, what it offers and when.

use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::accounts::{self, User};
use crate::features::money::packages::{self, Package};
use crate::features::money::{policy, prices};
use crate::features::practice::hours::{self, WeeklyHoursRow};
use crate::features::practice::{
    self, Catalogue, CrisisLine, Practice, PracticeSettings, Question, SessionType, Step, Therapist,
};
use shared::actor::Role;
use shared::ids::{PackageId, RoomId, SessionTypeId, TherapistId, UserId, WeeklyHoursId};
use shared::intake::Missing;
use shared::money::{Currency, Money};
use shared::policy::CancellationPolicy;
use shared::practice::{Gate, Modality, Prepay};
use shared::price::PriceClass;
use shared::profile::{paragraphs, sections};
use shared::time::{LocalTime, Weekday};
use sqlx::types::Json;

/// What the demo's practice is called; a database that holds another is not the demo's.
pub(super) const NAME: &str = "Ada Lindqvist Psychotherapy";

/// What was set up.
pub(super) struct House {
    pub(super) practice: Practice,
    pub(super) ada: Therapist,
    pub(super) samir: Therapist,
    pub(super) call: SessionType,
    pub(super) online: SessionType,
    pub(super) in_person: SessionType,
    pub(super) couples: SessionType,
}

impl House {
    /// What the practice offers, as everybody will read it once this is committed.
    pub(super) fn catalogue(&self) -> Catalogue {
        Catalogue {
            practice: self.practice.clone(),
            therapists: vec![self.ada.clone(), self.samir.clone()],
            session_types: [&self.call, &self.online, &self.in_person, &self.couples].map(SessionType::clone).to_vec(),
            questions: Vec::new(),
        }
    }
}

/// Sets the practice up: words, therapists, session types, hours, questions.
pub(super) async fn open(tx: &mut Tx, app: &App) -> Result<House> {
    let settings = Json(settings());
    let row = Practice { name: NAME.into(), time_zone: "Europe/London".into(), settings };
    practice::save(tx, &row).await?;
    let types = session_types(app);
    for (position, session_type) in (0..).zip(&types) {
        practice::add_session_type(tx, session_type, position).await?;
    }
    let [call, online, in_person, couples] = types;
    for (position, name) in (0..).zip(["The room with the lamp", "The garden room"]) {
        practice::add_room(tx, RoomId(app.clock.new_id()), name, position).await?;
    }
    policy::add_version(tx, app, CancellationPolicy::default()).await?;
    let abroad = Money { amount: 11000, currency: Currency::Usd };
    prices::set_class_price_in(tx, online.id, PriceClass::International, Some(abroad)).await?;
    let package = Package {
        id: PackageId(app.clock.new_id()),
        session_type_id: online.id,
        name: "Six sessions".into(),
        units: 6,
        valid_days: 180,
        price_amount: 42000,
        price_currency: Currency::Gbp,
        visible: true,
    };
    packages::add(tx, &package, 0).await?;
    let ada = therapist(tx, app, "Ada Lindqvist", Role::Owner, 0).await?;
    let samir = therapist(tx, app, "Samir Haddad", Role::Therapist, 1).await?;
    hours::replace(tx, ada.id, &week(app, ADA_WEEK, call.id)?).await?;
    hours::replace(tx, samir.id, &week(app, SAMIR_WEEK, call.id)?).await?;
    for (position, question) in (0..).zip(questions()) {
        practice::add_question(tx, app.clock.new_id(), &question, position).await?;
    }
    Ok(House { practice: row, ada, samir, call, online, in_person, couples })
}

fn settings() -> PracticeSettings {
    let step = |title: &str, text: &str| Step { title: title.into(), text: text.into() };
    let line = |label: &str, phone: &str| CrisisLine { label: label.into(), phone: phone.into() };
    let lines = |text: &[&str]| text.iter().map(|line| (*line).to_owned()).collect();
    PracticeSettings {
        tagline:
            "Psychotherapy in London, in the room, by phone and by video. Begin with a free call of twenty minutes."
                .into(),
        headline: "A quiet room to think out loud in".into(),
        welcome: lines(&[
            "I am Ada Lindqvist, a psychotherapist in London. People come to me tired of coping on their own. We start with a free call: no forms, no commitment, just a conversation.",
        ]),
        steps: vec![
            step(
                "A free call",
                "Twenty minutes by phone. You say what has brought you here, and we find out whether we could work together.",
            ),
            step(
                "A first session",
                "Fifty minutes. We look at what is going on, where it may come from, and what you would like to be different.",
            ),
            step(
                "Your regular hour",
                "The same time each week or every two weeks. Every six sessions we ask whether it is helping.",
            ),
        ],
        voice: lines(&[
            "I listen closely and I will not stay silent for fifty minutes. I say what I notice, I ask, and I would rather be corrected than be clever.",
            "I have done this work for sixteen years, in a hospital team and in this practice near Holborn. Samir Haddad works here too, in English and Arabic.",
        ]),
        fees_note: "A few lower-fee places are kept. Ask on the call.".into(),
        opening_hours: lines(&[
            "Monday to Thursday, 9:00 to 19:00",
            "Friday, 9:00 to 13:00",
            "Free first calls at weekends too",
            "In the room, by phone and by video",
        ]),
        address: lines(&["3 Threshold Yard", "London WC1"]),
        contact_email: "hello@lindqvist.example".into(),
        contact_phone: "020 7946 0123".into(),
        answers_within: "two working days".into(),
        crisis: vec![
            line("In immediate danger", "999"),
            line("Samaritans, at any hour", "116 123"),
            line("NHS, urgent help, option 2", "111"),
        ],
        sessions_per_day: Some(8),
        bank_details: lines(&["Ada Lindqvist Psychotherapy", "Sort code 20-00-00", "Account 12345678"]),
        privacy: paragraphs(include_str!("texts/privacy.txt")),
        terms: paragraphs(include_str!("texts/terms.txt")),
        referral_letter: paragraphs(include_str!("texts/letter.txt")),
        ..PracticeSettings::default()
    }
}

fn questions() -> Vec<Question> {
    let parts = sections(include_str!("texts/questions.txt"));
    parts.into_iter().map(|(question, answer)| Question { question, answer }).collect()
}

async fn therapist(tx: &mut Tx, app: &App, name: &str, role: Role, position: i64) -> Result<Therapist> {
    let now = app.clock.now();
    let first = name.split(' ').next().unwrap_or(name).to_lowercase();
    let (title, summary, about) = match role {
        Role::Owner => (
            "Integrative psychotherapist, MA",
            "English and Swedish. In the room and by video. Works with loss, anxiety, exhaustion, identity, living between countries and becoming a parent.",
            include_str!("texts/ada.txt"),
        ),
        _ => (
            "Counsellor and couples therapist",
            "English and Arabic. In the room and by video. Sees individuals, and couples who keep having the same argument.",
            include_str!("texts/samir.txt"),
        ),
    };
    let user = User {
        id: UserId(app.clock.new_id()),
        email: format!("{first}@lindqvist.example"),
        name: name.to_owned(),
        phone: "020 7946 0123".into(),
        time_zone: "Europe/London".into(),
        role,
        email_proven_at: Some(now),
        disabled_at: None,
    };
    accounts::add_user(tx, &user, now).await?;
    let therapist = Therapist {
        id: TherapistId(app.clock.new_id()),
        user_id: user.id,
        slug: name.to_lowercase().replace(' ', "-"),
        name: name.to_owned(),
        title: title.into(),
        summary: summary.into(),
        about: Json(paragraphs(about)),
        takes_new_clients: true,
    };
    practice::add_therapist(tx, &therapist, position).await?;
    Ok(therapist)
}

fn session_types(app: &App) -> [SessionType; 4] {
    let common = |slug: &str, name: &str, summary: &str, description: &[&str]| SessionType {
        id: SessionTypeId(app.clock.new_id()),
        slug: slug.into(),
        name: name.into(),
        summary: summary.into(),
        description: Json(description.iter().map(|paragraph| (*paragraph).to_owned()).collect()),
        gate: Gate::Clients,
        modality: Modality::Online,
        rooms: Json(Vec::new()),
        waits_for: Json(Missing::ALL.to_vec()),
        minutes: 50,
        buffer_before: 0,
        buffer_after: 10,
        grid_minutes: 30,
        notice_minutes: 24 * 60,
        horizon_days: 90,
        per_day: None,
        price_amount: 7500,
        price_currency: Currency::Gbp,
        prepay: Prepay::All,
        deposit_amount: 0,
        visible: true,
        was_public: true,
        retired_at: None,
    };
    let steady = &[
        "Fifty minutes that belong to you, at the same time each week or every two weeks.",
        "We start where you are. Some weeks there is a clear subject; in others we find it together. I keep an eye on the thread between sessions, so that you need not.",
        "Individual sessions are for people who have had the free call. That way nobody pays to find out that they would rather talk to someone else.",
    ];
    let call = SessionType {
        gate: Gate::Discovery,
        modality: Modality::Phone,
        minutes: 20,
        notice_minutes: 12 * 60,
        horizon_days: 60,
        price_amount: 0,
        prepay: Prepay::Nothing,
        ..common(
            "discovery-call",
            "Discovery call",
            "A free first call, to see whether we fit.",
            &[
                "Twenty minutes by phone. You say what has brought you here, and we find out whether we could work together.",
                "Nothing is decided on the call, and nothing follows from it if it is not for you.",
            ],
        )
    };
    let online = common(
        "individual-session",
        "Individual session",
        "A regular hour, weekly or every two weeks, by video.",
        steady,
    );
    let in_person = SessionType {
        modality: Modality::InPerson,
        price_amount: 8500,
        ..common(
            "individual-session-in-person",
            "Individual session, in person",
            "A regular hour in the room near Holborn, weekly or every two weeks.",
            steady,
        )
    };
    let couples = SessionType {
        modality: Modality::InPerson,
        minutes: 80,
        price_amount: 11000,
        prepay: Prepay::Deposit,
        deposit_amount: 4000,
        ..common(
            "couples-session",
            "Couples session",
            "For two people who want to understand each other again.",
            &[
                "Eighty minutes, so that there is time for both of you.",
                "I slow the argument down until each of you can hear what the other is actually saying.",
            ],
        )
    };
    [call, online, in_person, couples]
}

/// From, until, and whether it is for calls only.
type Stretch = (Weekday, &'static str, &'static str, bool);

const ADA_WEEK: &[Stretch] = &[
    (Weekday::Monday, "09:00", "13:00", false),
    (Weekday::Monday, "14:00", "19:00", false),
    (Weekday::Tuesday, "09:00", "13:00", false),
    (Weekday::Tuesday, "14:00", "19:00", false),
    (Weekday::Wednesday, "09:00", "13:00", false),
    (Weekday::Wednesday, "14:00", "19:00", false),
    (Weekday::Thursday, "09:00", "13:00", false),
    (Weekday::Thursday, "14:00", "19:00", false),
    (Weekday::Friday, "09:00", "13:00", false),
    (Weekday::Sunday, "17:00", "19:30", true),
];

const SAMIR_WEEK: &[Stretch] = &[
    (Weekday::Tuesday, "11:00", "14:00", false),
    (Weekday::Tuesday, "15:00", "20:00", false),
    (Weekday::Wednesday, "11:00", "14:00", false),
    (Weekday::Wednesday, "15:00", "20:00", false),
    (Weekday::Thursday, "11:00", "14:00", false),
    (Weekday::Thursday, "15:00", "20:00", false),
    (Weekday::Saturday, "10:00", "14:00", false),
];

fn week(app: &App, stretches: &[Stretch], call: SessionTypeId) -> Result<Vec<WeeklyHoursRow>> {
    let row = |&(weekday, starts, ends, calls_only): &Stretch| -> Result<WeeklyHoursRow> {
        let session_type_id = calls_only.then_some(call);
        let (starts, ends) = (time(starts)?, time(ends)?);
        Ok(WeeklyHoursRow {
            id: WeeklyHoursId(app.clock.new_id()),
            weekday,
            starts,
            ends,
            session_type_id,
            modality: None,
        })
    };
    stretches.iter().map(row).collect()
}

/// A time of the wall clock, as the seed writes it.
pub(super) fn time(text: &str) -> Result<LocalTime> {
    text.parse().map_err(Error::internal)
}
