//! What a client was shown is what they book: a price or rules that changed since are shown first.

use super::kit::{BOOK_SESSION, Person, ada, ask, assert_sound, book, client};
use crate::support::{Practice, SESSION, on_both_engines};
use serde_json::{Value, json};

const CALL: &str = "2030-01-07T10:00:00Z";
const THURSDAY: &str = "2030-01-10T10:00:00Z";

/// What Ben is shown for a session that begins then: its price and the version of the rules.
async fn look(practice: &Practice, ben: Person, starts_at: &str) -> (Value, Value) {
    let shown = "query($at: DateTime!) { viewer { client {
        bookable(startsAt: $at) { price { amount currency } } policyAhead(startsAt: $at) { version } } } }";
    let seen = ask(practice, Some(ben.viewer), shown, json!({ "at": starts_at })).await["client"].clone();
    (seen["bookable"][0]["price"].clone(), seen["policyAhead"]["version"].clone())
}

/// Books what was shown; the answer is the payload.
async fn book_shown(practice: &Practice, ben: Person, starts_at: &str, shown: &(Value, Value), token: &Value) -> Value {
    let input = json!({
        "sessionTypeId": SESSION, "startsAt": starts_at, "holdToken": token, "idempotencyKey": "one-key-for-all-of-it",
        "shownPrice": shown.0, "shownPolicyVersion": shown.1,
    });
    ask(practice, Some(ben.viewer), BOOK_SESSION, json!({ "input": input })).await
}

async fn set_price(practice: &Practice, amount: i64) {
    let class = "mutation($id: SessionTypeId!, $amount: Int!) { setClassPrice(input: {
        sessionTypeId: $id, priceClass: DOMESTIC, amount: $amount }) { userErrors { code } } }";
    let set = ask(practice, ada(), class, json!({ "id": SESSION, "amount": amount })).await;
    assert_eq!(set["userErrors"], json!([]));
}

async fn publish(practice: &Practice, no_show_percent: i64) {
    let publish =
        "mutation($percent: Int!) { publishPolicy(input: { rules: { windows: [{ hoursBefore: 48, feePercent: 50 },
        { hoursBefore: 24, feePercent: 100 }], noShowPercent: $percent, freeLateCancelsPerYear: 1, rescheduleLimit: 2,
        rescheduleHours: 48 } }) { userErrors { code } } }";
    let done = ask(practice, ada(), publish, json!({ "percent": no_show_percent })).await;
    assert_eq!(done["userErrors"], json!([]));
}

#[tokio::test]
async fn a_price_that_changed_since_it_was_shown_is_not_booked_and_the_time_stays_kept() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let hold =
            "mutation($input: HoldSlotInput!) { holdSlot(input: $input) { hold { token } userErrors { code } } }";
        let slot = json!({ "input": { "sessionTypeId": SESSION, "startsAt": THURSDAY } });
        let token = ask(&practice, Some(ben.viewer), hold, slot).await["hold"]["token"].clone();
        let first = look(&practice, ben, THURSDAY).await;
        assert_eq!(first, (json!({ "amount": 7500, "currency": "GBP" }), json!(0)));

        set_price(&practice, 8000).await;
        let refused = book_shown(&practice, ben, THURSDAY, &first, &token).await;
        let errors = &refused["userErrors"];
        assert_eq!((&errors[0]["code"], &errors[0]["field"]), (&json!("PRICE_CHANGED"), &json!(["shownPrice"])));
        assert_eq!(errors[0]["message"].as_str().map(|it| it.contains("£80") && it.contains("£75")), Some(true));
        assert_eq!((errors.as_array().map(Vec::len), &refused["alternatives"]), (Some(1), &json!([])));
        assert_eq!(practice.count("select count(*) from bookings where policy_id is not null").await, 0);
        assert_eq!(practice.count("select count(*) from occupancy where kind = 'HOLD'").await, 1, "it stays kept");

        let second = look(&practice, ben, THURSDAY).await;
        let booked = book_shown(&practice, ben, THURSDAY, &second, &token).await;
        assert_eq!(booked["booking"]["price"]["amount"], 8000, "{booked:#}");
        set_price(&practice, 9000).await;
        let again = book_shown(&practice, ben, THURSDAY, &second, &token).await;
        assert_eq!(again["booking"]["id"], booked["booking"]["id"], "what is booked is booked");
        // Whoever names no price books at whatever it is.
        assert_eq!(book(&practice, ben, "2030-01-11T10:00:00Z").await["price"]["amount"], 9000);
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn rules_that_were_published_meanwhile_are_shown_before_anybody_agrees_to_them() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let shown = look(&practice, ben, THURSDAY).await;
        publish(&practice, 80).await;
        set_price(&practice, 7000).await;
        let refused = book_shown(&practice, ben, THURSDAY, &shown, &Value::Null).await;
        let codes: Vec<&Value> =
            refused["userErrors"].as_array().expect("a list").iter().map(|one| &one["code"]).collect();
        assert_eq!(codes, ["PRICE_CHANGED", "POLICY_CHANGED"], "all of it at once");

        let shown = look(&practice, ben, THURSDAY).await;
        assert_eq!(shown.1, 1);
        publish(&practice, 90).await;
        let refused = book_shown(&practice, ben, THURSDAY, &shown, &Value::Null).await;
        assert_eq!(refused["userErrors"][0]["field"], json!(["shownPolicyVersion"]), "{refused:#}");
        // Rules that say the same again are those that were shown.
        publish(&practice, 80).await;
        let booked = book_shown(&practice, ben, THURSDAY, &shown, &Value::Null).await;
        assert_eq!(booked["userErrors"], json!([]), "{booked:#}");
        let invented = (shown.0.clone(), json!(77));
        let input =
            json!({ "sessionTypeId": SESSION, "startsAt": "2030-01-11T10:00:00Z", "shownPolicyVersion": invented.1 });
        let refused = ask(&practice, Some(ben.viewer), BOOK_SESSION, json!({ "input": input })).await;
        assert_eq!(refused["userErrors"][0]["code"], "POLICY_CHANGED");
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn a_price_that_is_agreed_from_a_day_on_is_shown_for_the_day_of_the_session() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let agree = "mutation($id: ClientId!) { agreePrice(input: { clientId: $id, amount: 4000, currency: GBP,
            startsOn: \"2030-01-14\" }) { userErrors { code message } } }";
        assert_eq!(ask(&practice, ada(), agree, json!({ "id": ben.client })).await["userErrors"], json!([]));
        let (before, after) = ("2030-01-11T10:00:00Z", "2030-01-14T10:00:00Z");
        let shown = look(&practice, ben, before).await;
        assert_eq!(shown.0["amount"], 7500);
        let shown = look(&practice, ben, after).await;
        assert_eq!(shown.0["amount"], 4000);
        let booked = book_shown(&practice, ben, after, &shown, &Value::Null).await;
        assert_eq!(booked["booking"]["price"]["amount"], 4000, "{booked:#}");
    })
    .await;
}

#[cfg(feature = "pages")]
#[tokio::test]
async fn the_last_look_asks_again_with_the_new_price_and_the_new_rules() {
    use crate::support::browser::Browser;
    use axum::http::StatusCode;

    on_both_engines(|practice| async move {
        client(&practice, "Ben", CALL).await;
        let mut browser = Browser::new(&practice);
        browser.cookies.insert("__Host-access".into(), practice.sign_in("ben@example.org").await.access);
        let held = browser.post("/book/session/hold", &[("slot", THURSDAY)]).await;
        let look = browser.follow(&held).await;
        assert!(look.has("£75") && look.has("We keep this time for you until"), "{}", look.text());
        let names = ["slot", "key", "price", "currency", "policy"];
        let form: Vec<(&str, String)> = names.iter().map(|name| (*name, look.value(name))).collect();
        fn sent<'f>(form: &'f [(&'f str, String)]) -> Vec<(&'f str, &'f str)> {
            form.iter().map(|(name, value)| (*name, value.as_str())).collect()
        }

        set_price(&practice, 8000).await;
        publish(&practice, 80).await;
        let again = browser.post("/book/session", &sent(&form)).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.has("This costs £80 now, and no longer £75. Nothing is booked yet"), "{}", again.text());
        assert!(again.has("What cancelling costs has changed since you looked."), "{}", again.text());
        assert!(again.html.contains("href=\"#price\"") && again.html.contains("id=\"price\""), "{}", again.html);
        assert!(again.has("We keep this time for you until"), "the time stays theirs: {}", again.text());
        let form: Vec<(&str, String)> = names.iter().map(|name| (*name, again.value(name))).collect();
        let booked = browser.post("/book/session", &sent(&form)).await;
        let page = browser.follow(&booked).await;
        assert!(page.has("£80"), "{}", page.text());
        assert_sound(&practice).await;
    })
    .await;
}
