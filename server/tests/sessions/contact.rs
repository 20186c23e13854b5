//! Somebody has another number, or goes by another name.

use super::kit::{ada, ask, book, client};
use crate::support::browser::Browser;
use crate::support::{DISCOVERY, on_both_engines};
use axum::http::StatusCode;
use serde_json::{Value, json};

const CALL: &str = "2030-01-07T09:00:00Z";
const EVES: &str = "+1 212 555 0199";
const NUMBER: &str = "+46 31 700 10 00";

#[tokio::test]
async fn what_is_coming_carries_the_new_number_and_what_is_over_the_old() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let coming = book(&practice, ben, "2030-01-11T10:00:00Z").await["id"].clone();
        // Somebody who knows his address, and signs in nowhere.
        let call = "mutation($input: BookDiscoveryInput!) { bookDiscovery(input: $input) { userErrors { code } } }";
        let input = json!({ "sessionTypeId": DISCOVERY, "startsAt": "2030-01-14T10:00:00Z", "name": "Eve",
            "email": "ben@example.org", "phone": EVES });
        assert_eq!(ask(&practice, None, call, json!({ "input": input })).await["userErrors"], json!([]));
        practice.sign_in("ben@example.org").await;
        let mut browser = Browser::signed_in(&practice, ben.viewer.user_id).await;
        let before = browser.get("/portal/account").await;
        assert_eq!(before.value("name"), "Ben");

        let refused = browser.post("/portal/account", &[("name", "Benjamin"), ("phone", "my old one")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.has("Please write the phone number with digits"), "{}", refused.text());
        assert_eq!(refused.value("name"), "Benjamin", "what was typed stays");
        assert_eq!(browser.get("/portal/account").await.value("name"), "Ben", "and is not kept");

        let saved = browser.post("/portal/account", &[("name", " Benjamin "), ("phone", NUMBER)]).await;
        let page = browser.follow(&saved).await;
        assert!(page.has("Saved."), "{}", page.text());
        assert_eq!((page.value("name").as_str(), page.value("phone").as_str()), ("Benjamin", NUMBER));

        let desk = "query($id: BookingId!) { viewer { therapist { booking(id: $id) { guestName guestPhone } } } }";
        let row = ask(&practice, ada(), desk, json!({ "id": coming })).await["therapist"]["booking"].clone();
        assert_eq!(row, json!({ "guestName": "Benjamin", "guestPhone": NUMBER }));
        assert_eq!(practice.count("select count(*) from bookings where guest_name = 'Ben'").await, 1, "the call");
        let theirs = "select count(*) from bookings where guest_name = 'Eve' and guest_phone = '+1 212 555 0199'";
        assert_eq!(practice.count(theirs).await, 1, "what somebody else typed tells nobody what he changed");
        let record = "query($id: ClientId!) { viewer { therapist { client(id: $id) { contact { name phone } } } } }";
        let record = ask(&practice, ada(), record, json!({ "id": ben.client })).await["therapist"]["client"].clone();
        assert_eq!(record["contact"], json!({ "name": "Benjamin", "phone": NUMBER }));
        assert_eq!(practice.count("select count(*) from audit_trail where deed = 'change contact of client'").await, 1);

        let change = "mutation($input: ChangeContactInput!) { changeContact(input: $input) { contact { phone }
            userErrors { field code } } }";
        let input = |name: &str, phone: &str| json!({ "input": { "name": name, "phone": phone } });
        let empty: Value = ask(&practice, Some(ben.viewer), change, input(" ", "")).await;
        let fields = json!([{ "field": ["name"], "code": "REQUIRED" }, { "field": ["phone"], "code": "REQUIRED" }]);
        assert_eq!(empty, json!({ "contact": null, "userErrors": fields }));
        let same: Value = ask(&practice, Some(ben.viewer), change, input("Benjamin", NUMBER)).await;
        assert_eq!(same, json!({ "contact": { "phone": NUMBER }, "userErrors": [] }));
        assert_eq!(practice.count("select count(*) from audit_trail where deed = 'change contact of client'").await, 1);
    })
    .await;
}
