//! Ada's clients, and the questions these stories ask.

use crate::support::{ADA, ADA_USER, Practice, SESSION, staff};
use anteroom::features::accounts::{self, User, Viewer};
use anteroom::features::clients;
use serde_json::{Value, json};
use shared::actor::Role;
use shared::ids::{ClientId, LoginId, UserId};
use shared::stage::Stage;

/// Somebody Ada works with.
#[derive(Debug, Clone, Copy)]
pub struct Someone {
    pub id: ClientId,
    pub viewer: Viewer,
}

/// A client of Ada's at a stage, who reads times in a zone.
pub async fn somebody(practice: &Practice, name: &str, zone: &str, stage: Stage) -> Someone {
    let app = practice.app.clone();
    let (name, zone) = (name.to_owned(), zone.to_owned());
    practice
        .app
        .db
        .write(move |tx| {
            let (app, name, zone) = (app.clone(), name.clone(), zone.clone());
            Box::pin(async move {
                let user = User {
                    id: UserId(app.clock.new_id()),
                    email: format!("{}@example.org", name.to_lowercase()),
                    name,
                    phone: String::new(),
                    time_zone: zone,
                    role: Role::Client,
                    email_proven_at: Some(app.clock.now()),
                    disabled_at: None,
                };
                accounts::add_user(tx, &user, app.clock.now()).await?;
                let client = clients::begin(tx, &app.clock, &app.keys, user.id, ADA, stage).await?;
                let login_id = LoginId(app.clock.new_id());
                let viewer = Viewer { user_id: user.id, login_id, role: Role::Client, second_factor: false };
                Ok(Someone { id: client.id, viewer })
            })
        })
        .await
        .expect("a client")
}

pub async fn ben(practice: &Practice) -> Someone {
    somebody(practice, "Ben", "Europe/London", Stage::Active).await
}

/// Asks as Ada; the answer is the payload of the mutation, and there must be no fault.
pub async fn ada(practice: &Practice, mutation: &str, fields: &str, input: Value) -> Value {
    as_somebody(practice, staff(ADA_USER), mutation, fields, input).await
}

/// Asks as somebody; the answer is the payload of the mutation, and there must be no fault.
pub async fn as_somebody(practice: &Practice, viewer: Viewer, mutation: &str, fields: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} userErrors {{ code field message }} }} }}"
    );
    let answer = practice.ask_as(Some(viewer), &query, json!({ "input": input })).await;
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    answer["data"][mutation].clone()
}

pub const PLACE: &str = "series { id words state endsOn upcoming(first: 60) { date startsAt isMoved bookingId } }";

/// Thursdays at 11:00 from this week on, with changes.
pub fn thursdays(client: Someone, more: Value) -> Value {
    let mut input = json!({
        "clientId": client.id, "sessionTypeId": SESSION, "cadence": "WEEKLY", "startsOn": "2030-01-10", "time": "11:00",
    });
    for (field, value) in more.as_object().into_iter().flatten() {
        input[field] = value.clone();
    }
    input
}

/// Makes a place, which must work; the answer is its payload.
pub async fn place(practice: &Practice, input: Value) -> Value {
    let made = ada(practice, "createSeries", &format!("{PLACE} conflicts"), input).await;
    assert_eq!(made["userErrors"], json!([]), "{made:#}");
    made
}

pub fn id_of(payload: &Value) -> Value {
    payload["series"]["id"].clone()
}

/// The starts of the sessions in the calendar that stand, in order.
pub async fn in_calendar(practice: &Practice) -> Vec<String> {
    let rows: Vec<(shared::time::Instant,)> = {
        let mut conn = practice.app.db.read().await.expect("a connection");
        conn.query(
            "select starts_at from bookings where status = 'CONFIRMED' and series_id is not null order by starts_at",
        )
        .all()
        .await
        .expect("rows")
    };
    rows.into_iter().map(|(at,)| at.to_string()).collect()
}

/// What Ada sees of conflicts.
pub async fn conflicts(practice: &Practice) -> Vec<Value> {
    let ask = "{ viewer { therapist { seriesConflicts {
        date startsAt takenBy series { id clientName } alternatives { startsAt } } } } }";
    let answer = practice.ask_as(Some(staff(ADA_USER)), ask, json!({})).await;
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    answer["data"]["viewer"]["therapist"]["seriesConflicts"].as_array().cloned().expect("a list")
}

/// Lets so many days pass, a day at a time.
pub async fn days(practice: &Practice, days: usize) {
    for _ in 0..days {
        practice.pass_minutes(24 * 60).await;
    }
}

pub fn code(payload: &Value) -> Option<&str> {
    payload["userErrors"][0]["code"].as_str()
}
