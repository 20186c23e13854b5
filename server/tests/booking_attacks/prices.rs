//! Prices of one's own.

use super::kit::{HOLD, ask_from, code};
use crate::support::clients::{Person, active};
use crate::support::{ADA, ADA_USER, DISCOVERY, Practice, SESSION, on_both_engines, staff};
use serde_json::{Value, json};

const BOOK_SESSION: &str = "mutation($input: BookSessionInput!) { bookSession(input: $input) {
    booking { price { amount currency } } userErrors { code field } } }";

/// What a client sends with a booking, and what comes of it: the answer as a whole.
async fn book_with(practice: &Practice, who: Person, starts_at: &str, more: Value) -> Value {
    let mut input = json!({ "sessionTypeId": SESSION, "startsAt": starts_at });
    input.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    practice.ask_as(Some(who.viewer), BOOK_SESSION, json!({ "input": input })).await
}

#[tokio::test]
async fn no_price_a_client_sends_is_what_a_session_costs() {
    on_both_engines(|practice: Practice| async move {
        let ben = active(&practice, "Ben").await;
        let (day, other) = ("2030-01-09T10:00:00Z", "2030-01-09T13:00:00Z");
        let shown = |amount: Value, currency: &str| json!({ "shownPrice": { "amount": amount, "currency": currency } });
        for (amount, currency) in [
            (json!(0), "GBP"),
            (json!(1), "GBP"),
            (json!(7499), "GBP"),
            (json!(-7500), "GBP"),
            (json!(i64::MAX), "GBP"),
            (json!(i64::MIN), "GBP"),
            (json!(7500), "PKR"),
            (json!(7500), "EUR"),
        ] {
            let answer = book_with(&practice, ben, day, shown(amount.clone(), currency)).await;
            let payload = &answer["data"]["bookSession"];
            let said = (code(payload), &payload["userErrors"][0]["field"]);
            assert_eq!(said, (Some("PRICE_CHANGED"), &json!(["shownPrice"])), "{amount} {currency}: {answer:#}");
        }
        // What is no price at all is not even looked at.
        for (amount, currency) in [
            (json!(7500.5), "GBP"),
            (json!("7500"), "GBP"),
            (json!(1e300), "GBP"),
            (json!(u64::MAX), "GBP"),
            (Value::Null, "GBP"),
            (json!(7500), "gbp"),
            (json!(7500), "XTS"),
        ] {
            let answer = book_with(&practice, ben, day, shown(amount.clone(), currency)).await;
            assert!(answer["errors"][0]["message"].is_string(), "{amount} {currency}: {answer:#}");
        }
        for smuggled in [json!({ "price": { "amount": 0, "currency": "GBP" } }), json!({ "priceAmount": 0 })] {
            let answer = book_with(&practice, ben, day, smuggled).await;
            assert!(answer["errors"][0]["message"].is_string(), "{answer:#}");
        }
        assert_eq!(practice.count("select count(*) from bookings").await, 0);

        // Kept as something free, booked as something paid: it costs what it is.
        let input = json!({ "sessionTypeId": DISCOVERY, "therapistId": ADA, "startsAt": other });
        let held = ask_from(&practice, 1, HOLD, json!({ "input": input })).await["holdSlot"]["hold"].clone();
        let swapped = json!({ "holdToken": held["token"] });
        let answer = book_with(&practice, ben, other, swapped).await;
        let price = &answer["data"]["bookSession"]["booking"]["price"];
        assert_eq!(price, &json!({ "amount": 7500, "currency": "GBP" }), "{answer:#}");
        let right = book_with(&practice, ben, day, shown(json!(7500), "GBP")).await;
        assert_eq!(right["data"]["bookSession"]["userErrors"], json!([]), "{right:#}");
        assert_eq!(practice.count("select count(*) from bookings where price_amount <> 7500").await, 0);
    })
    .await;
}

#[tokio::test]
async fn no_amount_below_nothing_or_beyond_counting_is_kept() {
    on_both_engines(|practice: Practice| async move {
        let ben = active(&practice, "Ben").await.client;
        for amount in [-1, i64::MIN, i64::MAX] {
            for (change, field) in [
                (format!("agreePrice(input: {{ clientId: \"{ben}\", amount: {amount}, currency: GBP }})"), "amount"),
                (format!("setClassPrice(input: {{ sessionTypeId: \"{SESSION}\", priceClass: INTERNATIONAL, amount: {amount} }})"), "amount"),
                (format!("offerPackage(input: {{ sessionTypeId: \"{SESSION}\", name: \"Six\", units: 6, validDays: 180, priceAmount: {amount}, priceCurrency: GBP }})"), "priceAmount"),
                (format!("recordPayment(input: {{ clientId: \"{ben}\", method: CASH, amount: {amount}, currency: GBP }})"), "amount"),
                (format!("createSeries(input: {{ clientId: \"{ben}\", sessionTypeId: \"{SESSION}\", cadence: WEEKLY, startsOn: \"2030-01-10\", time: \"11:00\", priceAmount: {amount} }})"), "priceAmount"),
            ] {
                let query = format!("mutation {{ {change} {{ userErrors {{ code field }} }} }}");
                let answer = practice.ask_as(Some(staff(ADA_USER)), &query, json!({})).await;
                // Some are too large to be read as a number at all.
                if answer["errors"][0]["message"].as_str().is_some_and(|words| words.contains("Only integers from")) {
                    assert_ne!(amount, -1, "{change}: {answer:#}");
                    continue;
                }
                assert_eq!(answer.get("errors"), None, "{change}: {answer:#}");
                let payload = answer["data"].as_object().and_then(|data| data.values().next()).expect("a payload");
                let said = (code(payload), &payload["userErrors"][0]["field"]);
                assert_eq!(said, (Some("INVALID"), &json!([field])), "{change}: {answer:#}");
            }
        }
        for table in [
            "select count(*) from agreements",
            "select count(*) from class_prices",
            "select count(*) from packages",
            "select count(*) from payments",
            "select count(*) from series",
        ] {
            assert_eq!(practice.count(table).await, 0, "{table}");
        }
    })
    .await;
}
