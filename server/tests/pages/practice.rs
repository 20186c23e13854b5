//! A practice with everything its pages tell.

use crate::support::{self, Engine};
use anteroom::features::practice::{
    CrisisLine, Practice as PracticeRow, PracticeSettings, Question, SessionType, Step, add_question, add_session_type,
    save,
};
use shared::ids::SessionTypeId;
use shared::money::Currency;
use shared::practice::{Gate, Modality, Prepay};
use sqlx::types::Json;
use uuid::Uuid;

/// Ada's practice on an engine, with its texts.
pub async fn open(engine: Engine) -> support::Practice {
    let practice = support::Practice::open(engine).await;
    let written = practice.app.db.write(|tx| {
        Box::pin(async move {
            tx.query("delete from session_types").run().await?;
            for (name, given, title, summary, about) in THERAPISTS {
                tx.query("update therapists set name = $1, title = $2, summary = $3, about = $4 where slug = $5")
                    .bind(*name)
                    .bind(*title)
                    .bind(*summary)
                    .bind(Json(lines(about)))
                    .bind(*given)
                    .run()
                    .await?;
            }
            for (position, session_type) in session_types().iter().enumerate() {
                add_session_type(tx, session_type, position as i64).await?;
            }
            for (position, (question, answer)) in QUESTIONS.iter().enumerate() {
                let row = Question { question: (*question).into(), answer: (*answer).into() };
                add_question(tx, Uuid::from_u128(position as u128 + 900), &row, position as i64).await?;
            }
            let (name, time_zone) = ("Ada Lindqvist Psychotherapy".into(), "Europe/London".into());
            save(tx, &PracticeRow { name, time_zone, settings: Json(settings()) }).await
        })
    });
    written.await.expect("the texts are stored");
    practice
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn settings() -> PracticeSettings {
    let crisis = |label: &str, phone: &str| CrisisLine { label: label.into(), phone: phone.into() };
    let step = |title: &str, text: &str| Step { title: title.into(), text: text.into() };
    PracticeSettings {
        tagline: "Psychotherapy near Holborn and by video. It starts with a free call.".into(),
        headline: "A quiet room to think out loud in".into(),
        welcome: lines(&[
            "I am Ada Lindqvist, a psychotherapist in London. People come to me tired of coping on their \
                          own. We start with a free call: no forms, no commitment, just a conversation.",
        ]),
        steps: vec![
            step("A free call", "Twenty minutes, by video or phone. You say what has brought you here."),
            step("A longer first session", "Seventy-five minutes. We look at what is going on."),
            step("Your regular hour", "Fifty minutes at the same time each week or every two weeks."),
        ],
        voice: lines(&[
            "I listen closely and I will not stay silent for fifty minutes.",
            "I have done this work for sixteen years, in a hospital team and in this practice near Holborn.",
        ]),
        fees_note: "A few lower-fee places are kept. Ask on the call.".into(),
        opening_hours: lines(&[
            "Monday to Thursday, 9:00 to 19:00",
            "Friday, 9:00 to 13:00",
            "In the room and by video",
        ]),
        address: lines(&["3 Threshold Yard", "London WC1"]),
        contact_email: "hello@lindqvist.example".into(),
        contact_phone: "020 7946 0123".into(),
        crisis: vec![
            crisis("In immediate danger", "999"),
            crisis("Samaritans, at any hour", "116 123"),
            crisis("NHS urgent mental health help, option 2", "111"),
        ],
        accent_hue: Some(320),
        privacy: lines(&[
            "# In short",
            "We keep what we need to look after you, and we do not share it.",
            "# Cookies",
            "One, when you sign in. That is why there is no cookie banner.",
        ]),
        terms: lines(&[
            "# What you book",
            "A booking is for the time, the length and the price shown when you confirm it.",
        ]),
        ..Default::default()
    }
}

type Told = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

const THERAPISTS: &[Told] = &[
    (
        "Ada Lindqvist",
        "ada",
        "Integrative psychotherapist",
        "English and Swedish. In the room and by video.",
        &[
            "I am Ada Lindqvist. I have worked as a psychotherapist for sixteen years, first in a hospital team and since \
             2017 in this practice near Holborn.",
            "Most of the people I see are managing. They work, look after others and answer their messages. They come \
             because managing has started to cost too much, or because something has happened that cannot be managed.",
            "I listen closely and I will not stay silent for fifty minutes. I say what I notice, I ask, and I would rather \
             be corrected than be clever.",
        ],
    ),
    (
        "Samir Haddad",
        "samir",
        "Counsellor and couples therapist",
        "English and Arabic. Couples as well as individuals.",
        &[
            "I am Samir Haddad. I trained as a counsellor and then as a couples therapist, and joined the practice in 2021.",
            "I work in English and Arabic. I am direct, I laugh easily, and I take silence seriously too.",
        ],
    ),
];

const QUESTIONS: &[(&str, &str)] = &[
    (
        "What happens on the free call?",
        "We talk for twenty minutes, by video or by phone.\n\nNothing is decided on the call. If I am not the right person, \
         I will try to suggest someone who is.",
    ),
    (
        "How long does it take?",
        "Some people come for eight or ten sessions with one thing in mind. Others stay longer.",
    ),
    ("What does it cost?", "The first call is free. The first session costs £120; after that a session costs £85."),
    ("Is what I say confidential?", "Yes. What you say stays between us."),
    ("</script><b>Can you help in an emergency?</b>", "No. Call 999."),
];

fn session_types() -> Vec<SessionType> {
    let one = |number: u128, slug: &str, name: &str, summary: &str, minutes: i64, price: i64| SessionType {
        id: SessionTypeId(Uuid::from_u128(number)),
        slug: slug.into(),
        name: name.into(),
        summary: summary.into(),
        description: Json(lines(&[
            "We start where you are. Some weeks there is a clear subject; in others we find it together.",
            "# Paying and cancelling",
            "You pay by card when you book. Up to 48 hours before, you can move or cancel without cost.",
        ])),
        gate: if price == 0 { Gate::Discovery } else { Gate::Clients },
        modality: if price == 0 { Modality::Online } else { Modality::InPerson },
        rooms: Json(Vec::new()),
        waits_for: Json(shared::intake::Missing::ALL.to_vec()),
        minutes,
        buffer_before: 0,
        buffer_after: 10,
        grid_minutes: 30,
        notice_minutes: 60,
        horizon_days: 60,
        per_day: None,
        price_amount: price,
        price_currency: Currency::Gbp,
        prepay: Prepay::Nothing,
        deposit_amount: 0,
        visible: true,
        was_public: true,
        retired_at: None,
    };
    vec![
        one(101, "free-call", "Free first call", "By video or phone, to see whether we fit", 20, 0),
        one(102, "first-session", "First session", "Longer, so that there is time for the whole story", 75, 12_000),
        one(103, "individual", "Individual session", "A regular hour, weekly or every two weeks", 50, 8_500),
        one(104, "couples", "Couples session", "For two people who want to understand each other again", 75, 13_000),
    ]
}
