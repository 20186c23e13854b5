//! Ben and Cleo, whom Ada has decided to work with.

use crate::support::{ADA_USER, Practice, SESSION, staff};
use anteroom::features::accounts::Viewer;
use serde_json::{Value, json};
use shared::actor::Role;
use shared::ids::{ClientId, LoginId, UserId};
use uuid::Uuid;

/// A client of the cast, signed in.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    pub client: ClientId,
    pub viewer: Viewer,
}

/// Ada, signed in with a second factor.
pub fn ada() -> Option<Viewer> {
    Some(staff(ADA_USER))
}

/// Somebody who has had a first call on the day before anything begins.
pub async fn newcomer(practice: &Practice, name: &str, at: &str) -> Person {
    practice.book(name, at).await;
    let mut conn = practice.app.db.read().await.expect("a connection");
    let email = format!("{}@example.org", name.to_lowercase());
    let found: (Uuid, Uuid) = conn
        .query("select u.id, c.id from users u join clients c on c.user_id = u.id where u.email_canonical = $1")
        .bind(email)
        .one()
        .await
        .expect("a client");
    let viewer = Viewer {
        user_id: UserId(found.0),
        login_id: LoginId(Uuid::from_u128(70)),
        role: Role::Client,
        second_factor: false,
    };
    Person { client: ClientId(found.1), viewer }
}

/// Somebody Ada has decided to work with. It is Monday 2030-01-07, after eleven.
pub async fn client(practice: &Practice, name: &str, call_at: &str) -> Person {
    let person = newcomer(practice, name, call_at).await;
    let (call, now) = (crate::support::at(call_at), practice.app.clock.now());
    if call > now {
        practice.pass_minutes((call.seconds() - now.seconds()) / 60 + 30).await;
    }
    let decide = "mutation($id: ClientId!) { decideDiscovery(input: { clientId: $id, decision: WORK_TOGETHER }) {
        userErrors { code message } } }";
    let answer = practice.ask_as(ada(), decide, json!({ "id": person.client })).await;
    assert_eq!(answer["data"]["decideDiscovery"]["userErrors"], json!([]), "{answer:#}");
    person
}

/// Asks as somebody; there must be no fault. The answer is the payload of the one field.
pub async fn ask(practice: &Practice, viewer: Option<Viewer>, query: &str, variables: Value) -> Value {
    let answer = practice.ask_as(viewer, query, variables).await;
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    let data = answer["data"].as_object().expect("data");
    data.values().next().expect("one field").clone()
}

pub const BOOK_SESSION: &str = "mutation($input: BookSessionInput!) { bookSession(input: $input) {
    booking { id reference status startsAt price { amount currency } }
    userErrors { code field message }
    alternatives { startsAt }
} }";

pub const CANCEL: &str = "mutation($input: CancelBookingInput!) { cancelBooking(input: $input) {
    booking { status isLate isWaived } userErrors { code message } } }";

pub const MOVE: &str = "mutation($input: RescheduleBookingInput!) { rescheduleBooking(input: $input) {
    booking { id reference startsAt status price { amount } } userErrors { code field message } alternatives { startsAt } } }";

/// Books a session; it must work. The answer is the booking.
pub async fn book(practice: &Practice, person: Person, starts_at: &str) -> Value {
    let payload = try_book(practice, person, starts_at).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload["booking"].clone()
}

/// Books a session; the answer is the payload.
pub async fn try_book(practice: &Practice, person: Person, starts_at: &str) -> Value {
    let input = json!({ "sessionTypeId": SESSION, "startsAt": starts_at });
    ask(practice, Some(person.viewer), BOOK_SESSION, json!({ "input": input })).await
}

/// Puts a session in the calendar as Ada; the answer is the payload.
pub async fn put_in(practice: &Practice, person: Person, starts_at: &str) -> Value {
    let create = "mutation($input: CreateBookingInput!) { createBooking(input: $input) {
        booking { booking { id } } userErrors { code field message } alternatives { startsAt } } }";
    let input = json!({ "clientId": person.client, "sessionTypeId": SESSION, "startsAt": starts_at });
    let mut payload = ask(practice, ada(), create, json!({ "input": input })).await;
    payload["booking"] = payload["booking"]["booking"].clone();
    payload
}

/// Moves a session; the answer is the payload.
pub async fn shift(practice: &Practice, viewer: Option<Viewer>, id: &Value, starts_at: &str) -> Value {
    ask(practice, viewer, MOVE, json!({ "input": { "bookingId": id, "startsAt": starts_at } })).await
}

/// Calls a session off; the answer is the payload.
pub async fn cancel(practice: &Practice, viewer: Option<Viewer>, id: &Value) -> Value {
    ask(practice, viewer, CANCEL, json!({ "input": { "bookingId": id } })).await
}

/// What the practice sees of a session.
pub async fn seen(practice: &Practice, id: &Value) -> Value {
    let query = "query($id: BookingId!) { viewer { therapist { booking(id: $id) {
        booking { status startsAt reference } source priceSource canBeMissed canComplete reschedules
        fee { id kind amount { amount } state reason } open { amount } steps { step byWhom wasAt note } } } } }";
    ask(practice, ada(), query, json!({ "id": id })).await["therapist"]["booking"].clone()
}

/// What must be true whatever was done: money and units sum to zero, nothing overlaps, and what takes time has it.
pub async fn assert_sound(practice: &Practice) {
    let unbalanced = practice
        .count("select count(*) from (select movement_id from ledger_entries group by movement_id, unit having sum(amount) <> 0) as b")
        .await;
    assert_eq!(unbalanced, 0, "a movement does not sum to zero");
    let overlaps = practice
        .count(
            "select count(*) from occupancy a join occupancy b on a.id < b.id and a.starts_at < b.ends_at
             and a.ends_at > b.starts_at and (a.therapist_id = b.therapist_id or a.client_id = b.client_id or a.room_id = b.room_id)
             where a.override_reason is null and b.override_reason is null",
        )
        .await;
    assert_eq!(overlaps, 0, "two live stretches overlap");
    let homeless = practice
        .count(
            "select count(*) from bookings b where b.status in ('PENDING_PAYMENT', 'CONFIRMED') and not exists (
                 select 1 from occupancy o where o.booking_id = b.id
                 and o.session_starts_at = b.starts_at and o.session_ends_at = b.ends_at)",
        )
        .await;
    assert_eq!(homeless, 0, "a booking without its time");
    let ghosts = practice
        .count(
            "select count(*) from occupancy o join bookings b on b.id = o.booking_id
             where b.status in ('CANCELLED', 'EXPIRED')",
        )
        .await;
    assert_eq!(ghosts, 0, "a booking that is gone still takes time");
    let units = practice
        .count(
            "select count(*) from package_purchases p where p.units_left <> (
                 select coalesce(sum(e.amount), 0) from ledger_entries e where e.purchase_id = p.id and e.account = 'UNITS')",
        )
        .await;
    assert_eq!(units, 0, "the ledger and the package count units differently");
    let stepless = practice
        .count("select count(*) from bookings b where not exists (select 1 from booking_steps s where s.booking_id = b.id)")
        .await;
    assert_eq!(stepless, 0, "a booking without a history");
}
