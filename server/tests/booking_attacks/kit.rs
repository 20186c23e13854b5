//! What these stories share.

use crate::support::Practice;
use anteroom::graphql::Caller;
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};

pub const HOLD: &str = "mutation($input: HoldSlotInput!) { holdSlot(input: $input) {
    hold { token } userErrors { code field } } }";

/// The code of the first refusal, if there is one.
pub fn code(payload: &Value) -> Option<&str> {
    payload["userErrors"][0]["code"].as_str()
}

/// Asks from another address than everybody else of these stories.
pub async fn ask_from(practice: &Practice, last: u8, query: &str, variables: Value) -> Value {
    let caller = Caller { viewer: None, address: IpAddr::V4(Ipv4Addr::new(203, 0, 113, last)) };
    let variables = async_graphql::Variables::from_json(variables);
    let request = async_graphql::Request::new(query).variables(variables).data(caller);
    let answer = json!(practice.schema.answering(None).execute(request).await);
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    answer["data"].clone()
}
