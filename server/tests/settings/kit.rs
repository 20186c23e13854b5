//! Ada at her settings, and what these stories ask.

use crate::support::clients::Person;
use crate::support::{ADA, ADA_USER, DISCOVERY, Practice, staff};
use serde_json::{Value, json};

pub const DAY: &str = "2030-01-09";

/// Ada changes something; there must be no fault. The answer is the payload.
pub async fn ada(practice: &Practice, mutation: &str, input: Value, fields: &str) -> Value {
    let kind = match mutation {
        "retireRoom" | "restoreRoom" => "RoomInput".to_owned(),
        "retirePackage" | "restorePackage" => "PackageInput".to_owned(),
        "markNoShow" => "BookingOutcomeInput".to_owned(),
        _ => format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]),
    };
    let query = format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} userErrors {{ code field message }} }} }}"
    );
    let answer = practice.ask_as(Some(staff(ADA_USER)), &query, json!({ "input": input })).await;
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    answer["data"][mutation].clone()
}

/// The same, and it must work.
pub async fn done(practice: &Practice, mutation: &str, input: Value, fields: &str) -> Value {
    let payload = ada(practice, mutation, input, fields).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload
}

/// The fields that were refused, in order.
pub async fn refused(practice: &Practice, mutation: &str, input: Value) -> Vec<String> {
    let payload = ada(practice, mutation, input, "").await;
    let errors = payload["userErrors"].as_array().expect("a list").clone();
    errors.iter().map(|it| it["field"][0].as_str().unwrap_or_default().to_owned()).collect()
}

/// What the practice knows of a session type, as the mutation takes it.
pub fn session(id: Option<Value>, change: Value) -> Value {
    let mut input = json!({
        "sessionTypeId": id, "name": "Session", "summary": "", "description": [], "gate": "CLIENTS",
        "modality": "ONLINE", "minutes": 50, "bufferBefore": 0, "bufferAfter": 10, "gridMinutes": 30,
        "noticeMinutes": 60, "horizonDays": 60, "perDay": null, "priceAmount": 7500, "priceCurrency": "GBP",
        "prepay": "NOTHING", "depositAmount": 0, "visible": true,
    });
    for (key, value) in change.as_object().expect("changes") {
        input[key] = value.clone();
    }
    input
}

pub fn discovery(change: Value) -> Value {
    let mut input = session(Some(json!(DISCOVERY)), json!({ "gate": "DISCOVERY", "minutes": 20, "priceAmount": 0 }));
    for (key, value) in change.as_object().expect("changes") {
        input[key] = value.clone();
    }
    input
}

/// The free starts of a day, with the ends they would have, or the code of what was refused.
pub async fn free(practice: &Practice, who: Option<&Person>, id: impl serde::Serialize) -> Result<Vec<String>, String> {
    let asked = "query($input: AvailabilityInput!) { availability(input: $input) {
        days { slots { startsAt endsAt } } userErrors { code } } }";
    let input = json!({ "sessionTypeId": id, "therapistId": ADA, "from": DAY, "to": DAY });
    let answer = practice.ask_as(who.map(|it| it.viewer), asked, json!({ "input": input })).await;
    let found = &answer["data"]["availability"];
    if let Some(code) = found["userErrors"][0]["code"].as_str() {
        return Err(code.to_owned());
    }
    let slots = found["days"][0]["slots"].as_array().cloned().unwrap_or_default();
    let clock = |value: &Value| value.as_str().expect("a time")[11..16].to_owned();
    Ok(slots.iter().map(|slot| format!("{}-{}", clock(&slot["startsAt"]), clock(&slot["endsAt"]))).collect())
}
