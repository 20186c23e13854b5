//! What a new practice begins with: one therapist, a free discovery call, ordinary hours. Everything can be changed.

use super::hours::{self, WeeklyHoursRow};
use super::{Practice, PracticeSettings, SessionType, Step, Therapist, store, zones};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::accounts::User;
use crate::features::accounts::logins::Place;
use crate::features::accounts::setup::{self, NewOwner};
use crate::features::accounts::sign_in::SignedIn;
use shared::ids::{SessionTypeId, TherapistId, WeeklyHoursId};
use shared::intake::Missing;
use shared::money::Currency;
use shared::practice::{Gate, Modality, Prepay};
use shared::problem::{ErrorCode, UserError};
use shared::time::{LocalTime, Weekday};
use sqlx::types::Json;
use std::sync::Arc;

/// The longest name of a practice, in characters.
const LONGEST_NAME: usize = 80;

/// Nine to five.
const OPENS: u16 = 9 * 60;
const CLOSES: u16 = 17 * 60;

/// A practice that is to begin.
#[derive(Debug, Clone)]
pub struct NewPractice {
    /// The owner's name.
    pub name: String,
    /// Where the owner gets mail.
    pub email: String,
    /// What the practice is called.
    pub practice: String,
    /// The zone it keeps its hours in, an IANA name.
    pub time_zone: String,
}

impl NewPractice {
    /// Everything wrong with it at once, by the names of its fields.
    fn read(&self, app: &App) -> Result<(NewOwner, Practice)> {
        let owner = NewOwner::read(&self.name, &self.email);
        let mut problems = owner.as_ref().err().cloned().unwrap_or_default();
        let name = self.practice.trim();
        if name.is_empty() {
            problems.push(UserError::on("practice", ErrorCode::Required, "Please say what the practice is called."));
        } else if name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
            let message = "Please keep the practice's name on one line of at most 80 characters.";
            problems.push(UserError::on("practice", ErrorCode::TooLong, message));
        }
        if zones::table(&self.time_zone, app.clock.now()).is_none() {
            let message = "Please choose the practice's time zone, like Europe/London.";
            problems.push(UserError::on("timeZone", ErrorCode::Invalid, message));
        }
        let Ok(owner) = owner else { return Err(Error::Refused(problems)) };
        Error::unless_fine(problems)?;
        let settings = PracticeSettings {
            headline: name.to_owned(),
            steps: steps(),
            contact_email: self.email.trim().to_owned(),
            ..PracticeSettings::default()
        };
        let practice = Practice { name: name.to_owned(), time_zone: self.time_zone.clone(), settings: Json(settings) };
        Ok((owner, practice))
    }
}

/// Begins a practice with the one-time link from the console, and signs its owner in. Nothing, if the link was used
/// before, is too old, or was never one.
pub async fn set_up(app: &Arc<App>, token: String, new: NewPractice, place: Place) -> Result<Option<SignedIn>> {
    let (owner, practice) = new.read(app)?;
    let inner = app.clone();
    let made = app
        .db
        .write(move |tx| {
            let (app, token, owner) = (inner.clone(), token.clone(), owner.clone());
            let (practice, place) = (practice.clone(), place.clone());
            Box::pin(async move {
                let made = setup::use_link(tx, &app, &token, &owner, &place).await?;
                if let Some(made) = &made {
                    begin(tx, &app, &made.owner, &practice).await?;
                }
                Ok(made)
            })
        })
        .await?;
    made.map(|made| made.sign_in(app)).transpose()
}

/// Begins a practice from the command line. Its owner signs in by mail.
pub async fn create(app: &Arc<App>, new: NewPractice) -> Result<User> {
    let (owner, practice) = new.read(app)?;
    let inner = app.clone();
    app.db
        .write(move |tx| {
            let (app, owner, practice) = (inner.clone(), owner.clone(), practice.clone());
            Box::pin(async move {
                let owner = setup::make_owner(tx, &app, &owner).await?;
                begin(tx, &app, &owner, &practice).await?;
                Ok(owner)
            })
        })
        .await
}

/// Leaves a practice that has begun already as it is.
async fn begin(tx: &mut Tx, app: &App, owner: &User, practice: &Practice) -> Result<()> {
    if store::practice(tx).await?.is_some() {
        return Ok(());
    }
    super::save(tx, practice).await?;
    super::add_session_type(tx, &discovery_call(app), 0).await?;
    let therapist = Therapist {
        id: TherapistId(app.clock.new_id()),
        user_id: owner.id,
        slug: slug(&owner.name),
        name: owner.name.clone(),
        title: "Psychotherapist".into(),
        summary: String::new(),
        about: Json(Vec::new()),
        takes_new_clients: true,
    };
    super::add_therapist(tx, &therapist, 0).await?;
    hours::replace(tx, therapist.id, &working_week(app)).await
}

fn steps() -> Vec<Step> {
    let step = |title: &str, text: &str| Step { title: title.into(), text: text.into() };
    vec![
        step("Choose a time", "You need no account and no card: your name, your email and a number to call."),
        step("We talk", "Twenty minutes, free of charge. You can say as much or as little as you like."),
        step("We both decide", "If it fits, your next sessions open. If not, you leave with names of others."),
    ]
}

fn discovery_call(app: &App) -> SessionType {
    SessionType {
        id: SessionTypeId(app.clock.new_id()),
        slug: "discovery-call".into(),
        name: "Discovery call".into(),
        summary: "Twenty minutes to see whether we fit.".into(),
        description: Json(Vec::new()),
        gate: Gate::Discovery,
        modality: Modality::Phone,
        rooms: Json(Vec::new()),
        waits_for: Json(Missing::ALL.to_vec()),
        minutes: 20,
        buffer_before: 0,
        buffer_after: 10,
        grid_minutes: 30,
        notice_minutes: 48 * 60,
        horizon_days: 60,
        per_day: None,
        price_amount: 0,
        price_currency: Currency::Eur,
        prepay: Prepay::Nothing,
        deposit_amount: 0,
        visible: true,
        was_public: true,
        retired_at: None,
    }
}

fn working_week(app: &App) -> Vec<WeeklyHoursRow> {
    let time = |minutes| LocalTime::from_minutes(minutes).unwrap_or_else(|| unreachable!("it is a time of the day"));
    let day = |&weekday: &Weekday| WeeklyHoursRow {
        id: WeeklyHoursId(app.clock.new_id()),
        weekday,
        starts: time(OPENS),
        ends: time(CLOSES),
        session_type_id: None,
        modality: None,
    };
    Weekday::ALL[..5].iter().map(day).collect()
}

/// `ada-lindqvist` for `Ada Lindqvist`.
fn slug(name: &str) -> String {
    let letters = name.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let slug: String = letters.collect();
    slug.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
