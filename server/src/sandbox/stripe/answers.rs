//! What the API says of its objects, as far as anyone reads it.

use super::account::{Intent, Refund, Session};
use serde_json::{Value, json};

pub(super) fn session(session: &Session, url: Option<String>) -> Value {
    json!({
        "id": session.id,
        "object": "checkout.session",
        "amount_subtotal": session.amount,
        "amount_total": session.amount,
        "cancel_url": session.cancel_url,
        "client_reference_id": session.reference,
        "created": session.created,
        "currency": session.currency,
        "expires_at": session.expires_at,
        "livemode": session.livemode,
        "metadata": {},
        "mode": "payment",
        "payment_intent": session.intent,
        "payment_method_types": ["card"],
        "payment_status": session.payment_status,
        "status": session.status,
        "success_url": session.success_url,
        "url": url,
    })
}

pub(super) fn intent(intent: &Intent) -> Value {
    json!({
        "id": intent.id,
        "object": "payment_intent",
        "amount": intent.amount,
        "amount_received": intent.received,
        "currency": intent.currency,
        "livemode": false,
        "status": intent.status,
    })
}

pub(super) fn refund(refund: &Refund) -> Value {
    let metadata = match &refund.reference {
        Some(reference) => json!({ "reference": reference }),
        None => json!({}),
    };
    json!({
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "created": refund.created,
        "currency": refund.currency,
        "metadata": metadata,
        "payment_intent": refund.intent,
        "status": refund.status,
    })
}

pub(super) fn charge(intent: &str, refunded: i64) -> Value {
    json!({
        "id": intent.replacen("pi_", "ch_", 1),
        "object": "charge",
        "amount_refunded": refunded,
        "payment_intent": intent,
    })
}

pub(super) fn event(id: &str, kind: &str, created: i64, object: Value) -> Value {
    json!({
        "id": id,
        "object": "event",
        "api_version": "2024-06-20",
        "created": created,
        "data": { "object": object },
        "livemode": false,
        "pending_webhooks": 1,
        "request": { "id": null, "idempotency_key": null },
        "type": kind,
    })
}

pub(super) fn list(url: &str, data: Vec<Value>, has_more: bool) -> Value {
    json!({ "object": "list", "url": url, "has_more": has_more, "data": data })
}
