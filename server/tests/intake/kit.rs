//! What the stories of this folder share.

use crate::support::{ADA_USER, Practice, staff};
use anteroom::features::accounts::Viewer;
use anteroom::features::intake::invitations;
use serde_json::{Value, json};
use shared::actor::Role;
use shared::ids::{ClientId, InvitationId, LoginId, UserId};
use shared::stage::Stage;
use shared::time::Instant;
use uuid::Uuid;

/// Somebody who is a client, and what they sign in as.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    pub client: ClientId,
    pub user: UserId,
    /// The first session of theirs; nothing where there is none.
    pub booking: Uuid,
}

impl Person {
    pub fn viewer(self) -> Option<Viewer> {
        let login_id = LoginId(Uuid::from_u128(77));
        Some(Viewer { user_id: self.user, login_id, role: Role::Client, second_factor: false })
    }
}

/// Ada, signed in with her second factor.
pub fn ada() -> Option<Viewer> {
    Some(staff(ADA_USER))
}

/// Ben, who has booked a discovery call with Ada.
pub async fn ben(practice: &Practice) -> Person {
    practice.book("Ben", "2030-01-08T10:00:00Z").await;
    person(practice, "ben@example.org").await
}

/// Whoever has this address.
pub async fn person(practice: &Practice, email: &str) -> Person {
    let mut conn = practice.app.db.read().await.expect("a connection");
    let user = conn.query("select id from users where email_canonical = $1").bind(email.to_owned()).value::<Uuid>();
    let user = UserId(user.await.expect("a user"));
    let client = conn.query("select id from clients where user_id = $1").bind(user).value::<Uuid>();
    let client = ClientId(client.await.expect("a client"));
    let booking = conn.query("select id from bookings where client_id = $1 order by id limit 1").bind(client);
    let booking: Option<(Uuid,)> = booking.optional().await.expect("rows");
    Person { client, user, booking: booking.map_or(Uuid::nil(), |(id,)| id) }
}

/// Puts a relationship at a stage, as if it had come there some time ago.
pub async fn put(practice: &Practice, client: ClientId, stage: Stage, since: Instant) {
    let write = practice.app.db.write(move |tx| {
        Box::pin(async move {
            let update = tx.query("update clients set stage = $2, stage_since = $3 where id = $1");
            Ok(update.bind(client).bind(stage).bind(since).run().await?)
        })
    });
    write.await.expect("it is written");
}

/// Where a relationship is.
pub async fn stage(practice: &Practice, client: ClientId) -> Stage {
    let mut conn = practice.app.db.read().await.expect("a connection");
    conn.query("select stage from clients where id = $1").bind(client).value().await.expect("a stage")
}

/// Asks as somebody; there must be no fault. The answer is what the one field of the request gave.
pub async fn ask(practice: &Practice, who: Option<Viewer>, query: &str, variables: Value) -> Value {
    let answer = practice.ask_as(who, query, variables).await;
    assert_eq!(answer.get("errors"), None, "{query}: {answer:#}");
    let data = answer["data"].as_object().expect("data");
    data.values().next().cloned().expect("a field")
}

/// The code of the first refusal, if there is one.
pub fn code(payload: &Value) -> Option<&str> {
    payload["userErrors"][0]["code"].as_str()
}

pub const PUBLISH: &str = "mutation($input: PublishDocumentInput!) { publishDocument(input: $input) {
    document { kind title version hasChanges } userErrors { code field } } }";

pub const SAVE_FORM: &str = "mutation($input: SaveIntakeFormInput!) { saveIntakeForm(input: $input) {
    intakeForm { version fields { id } } userErrors { code field } } }";

pub const ACCEPT: &str = "mutation($input: AcceptDocumentInput!) { acceptDocument(input: $input) {
    document { isWaiting } userErrors { code field message } } }";

pub const INTAKE: &str = "{ viewer { client {
    relationship { stage }
    intake { missing holdsSession answers { field values } sentAt savedAt }
    documents { kind versionId version title isWaiting accepted { version } }
} } }";

/// Publishes a document as Ada.
pub async fn publish(practice: &Practice, kind: &str, body: &str, is_material: bool) {
    let input = json!({ "kind": kind, "title": format!("About {kind}"), "body": body, "isMaterial": is_material });
    let payload = ask(practice, ada(), PUBLISH, json!({ "input": input })).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
}

/// A question as the API takes it.
pub fn question(id: &str, kind: &str, is_required: bool, options: &[&str]) -> Value {
    json!({ "id": id, "kind": kind, "label": format!("About {id}"), "hint": "", "isRequired": is_required, "options": options })
}

/// Saves a form with these questions as Ada.
pub async fn save_form(practice: &Practice, fields: &[Value]) {
    let payload = ask(practice, ada(), SAVE_FORM, json!({ "input": { "fields": fields } })).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
}

/// What a client sees of their intake.
pub async fn own(practice: &Practice, who: Person) -> Value {
    ask(practice, who.viewer(), INTAKE, json!({})).await["client"].clone()
}

/// Accepts the newest version of a document.
pub async fn accept(practice: &Practice, who: Person, kind: &str) -> Value {
    let own = own(practice, who).await;
    let documents = own["documents"].as_array().expect("documents");
    let document = documents.iter().find(|document| document["kind"] == kind).expect("a document of this kind");
    let input = json!({ "versionId": document["versionId"] });
    ask(practice, who.viewer(), ACCEPT, json!({ "input": input })).await
}

pub const INVITE: &str = "mutation($input: InviteClientInput!) { inviteClient(input: $input) {
    invitation { id name email expiresAt mailed } userErrors { code field message } } }";

pub const COME_IN: &str = "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
    user { name email } tokens { accessToken } userErrors { code field message } } }";

/// Invites somebody as Ada; it must work.
pub async fn invite(practice: &Practice, name: &str) -> InvitationId {
    let email = format!("{}@example.org", name.to_lowercase());
    let input = json!({ "input": { "name": name, "email": email } });
    let payload = ask(practice, ada(), INVITE, input).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload["invitation"]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

/// The secret of an invitation's link, as its mail brings it.
pub async fn token(practice: &Practice, id: InvitationId) -> String {
    let mail = invitations::mail(&practice.app, id).await.expect("an answer").expect("a mail");
    mail.link.split_once('#').expect("a fragment").1.to_owned()
}

/// What somebody sends who accepts.
pub fn coming_in(token: &str) -> Value {
    json!({ "input": { "token": token, "name": "Dee Okoro", "phone": "+44 20 7946 0018", "timeZone": "Europe/London" } })
}
