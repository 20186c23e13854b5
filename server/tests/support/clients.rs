//! Clients of a practice of a test, at any stage, and what they do through the API.

#![allow(unreachable_pub, reason = "a module of test binaries")]

use crate::support::{ADA, Practice, SESSION, at};
use anteroom::features::accounts::{self, User, Viewer};
use anteroom::features::clients;
use anteroom::features::reminders;
use serde_json::{Value, json};
use shared::actor::Role;
use shared::ids::{ClientId, LoginId, UserId};
use shared::reminder::ReminderPreferencesInput;
use shared::stage::Stage;
use uuid::Uuid;

/// A client of Ada's.
#[derive(Clone, Copy)]
pub struct Person {
    pub viewer: Viewer,
    pub client: ClientId,
}

/// Makes somebody a client of Ada's at this stage. They live in this zone.
pub async fn client(practice: &Practice, name: &str, stage: Stage, zone: &str) -> Person {
    let app = practice.app.clone();
    let user = User {
        id: UserId(app.clock.new_id()),
        email: format!("{}@example.org", name.to_lowercase()),
        name: name.into(),
        phone: "+44 20 7946 0018".into(),
        time_zone: zone.into(),
        role: Role::Client,
        email_proven_at: Some(app.clock.now()),
        disabled_at: None,
    };
    let id = user.id;
    let client = app
        .db
        .clone()
        .write(move |tx| {
            let (app, user) = (app.clone(), user.clone());
            Box::pin(async move {
                accounts::add_user(tx, &user, app.clock.now()).await?;
                clients::begin(tx, &app.clock, &app.keys, user.id, ADA, stage).await
            })
        })
        .await
        .expect("a client");
    let viewer =
        Viewer { user_id: id, login_id: LoginId(Uuid::from_u128(97)), role: Role::Client, second_factor: false };
    Person { viewer, client: client.id }
}

/// Somebody Ada works with.
pub async fn active(practice: &Practice, name: &str) -> Person {
    client(practice, name, Stage::Active, "Europe/London").await
}

impl Person {
    /// Asks as this person; there must be no fault. The answer is `data`.
    pub async fn ask(&self, practice: &Practice, query: &str, variables: Value) -> Value {
        let answer = practice.ask_as(Some(self.viewer), query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer:#}");
        answer["data"].clone()
    }

    /// Books a session; the answer is its id.
    pub async fn book(&self, practice: &Practice, starts_at: &str) -> String {
        let book = "mutation($input: BookSessionInput!) { bookSession(input: $input) {
            booking { id } userErrors { code message } } }";
        let input = json!({ "input": { "sessionTypeId": SESSION, "startsAt": starts_at } });
        let payload = self.ask(practice, book, input).await["bookSession"].clone();
        assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        payload["booking"]["id"].as_str().expect("an id").to_owned()
    }

    /// Moves a session.
    pub async fn move_to(&self, practice: &Practice, booking: &str, starts_at: &str) -> Value {
        let reschedule = "mutation($input: RescheduleBookingInput!) { rescheduleBooking(input: $input) {
            booking { startsAt } userErrors { code message } } }";
        let input = json!({ "input": { "bookingId": booking, "startsAt": starts_at } });
        self.ask(practice, reschedule, input).await["rescheduleBooking"].clone()
    }

    /// Calls a session off.
    pub async fn cancel(&self, practice: &Practice, booking: &str) {
        let cancel =
            "mutation($input: CancelBookingInput!) { cancelBooking(input: $input) { userErrors { message } } }";
        let answer = self.ask(practice, cancel, json!({ "input": { "bookingId": booking } })).await;
        assert_eq!(answer["cancelBooking"]["userErrors"], json!([]));
    }

    /// Says how they want to be reminded.
    pub async fn prefers(&self, practice: &Practice, said: ReminderPreferencesInput) {
        reminders::set_preferences(&practice.app, self.client, said).await.expect("kept");
        practice.pass_minutes(0).await;
    }

    /// Puts a wish on the waitlist; the answer is the payload.
    pub async fn wish(&self, practice: &Practice, input: Value) -> Value {
        let join = "mutation($input: JoinWaitlistInput!) { joinWaitlist(input: $input) {
            wishId userErrors { code message } } }";
        self.ask(practice, join, json!({ "input": input })).await["joinWaitlist"].clone()
    }

    /// The times that are kept for them: the id of the offer, the start and until when.
    pub async fn offers(&self, practice: &Practice) -> Vec<(String, String, String)> {
        let asked = self.ask(practice, "{ viewer { waiting { offers { id startsAt until } } } }", json!({})).await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let offers = asked["viewer"]["waiting"]["offers"].as_array().expect("offers").clone();
        offers.iter().map(|it| (text(&it["id"]), text(&it["startsAt"]), text(&it["until"]))).collect()
    }

    /// Takes or leaves an offer; the answer is the code of what was refused.
    pub async fn answer(&self, practice: &Practice, offer: &str, how: &str) -> Option<String> {
        let input = if how == "acceptOffer" { "AcceptOfferInput" } else { "AnswerOfferInput" };
        let query =
            format!("mutation($input: {input}!) {{ {how}(input: $input) {{ userErrors {{ code message }} }} }}");
        let answer = self.ask(practice, &query, json!({ "input": { "offerId": offer } })).await;
        answer[how]["userErrors"][0]["code"].as_str().map(str::to_owned)
    }

    /// When their sessions that are on begin, earliest first.
    pub async fn sessions(&self, practice: &Practice) -> Vec<String> {
        let asked =
            self.ask(practice, "{ viewer { client { bookings { nodes { startsAt status } } } } }", json!({})).await;
        let rows = asked["viewer"]["client"]["bookings"]["nodes"].as_array().expect("bookings").clone();
        let mut starts: Vec<String> = rows
            .iter()
            .filter(|row| row["status"] == "CONFIRMED")
            .map(|row| row["startsAt"].as_str().expect("a start").to_owned())
            .collect();
        starts.sort();
        starts
    }
}

/// Pushes the clock to a moment in steps, doing what falls due on the way.
pub async fn pass_until(practice: &Practice, text: &str) {
    loop {
        let left = (at(text).seconds() - practice.app.clock.now().seconds()) / 60;
        if left <= 0 {
            return;
        }
        practice.pass_minutes(left.min(15)).await;
    }
}
