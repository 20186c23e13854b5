//! Stripe: hosted Checkout, refunds, and the webhooks that tell of both.
//!
//! Card data never comes here: Stripe's own page takes it. What Stripe is told about a payment is an amount, the word
//! “Appointment” and a number of ours.

mod objects;
pub mod signature;
mod wire;

pub use objects::{Checkout, CheckoutStatus, Event, Intent, PaymentStatus, Refund, RefundStatus, code_of};

use super::VendorError;
use crate::config::Secret;
use objects::List;
use reqwest::Client;
use serde::de::DeserializeOwned;
use shared::money::Money;
use shared::time::Instant;
use std::time::Duration;
use url::Url;
use wire::{Form, Trouble};

/// The version of the API whose answers are read here. Accounts that have moved on still get answers in this one.
const VERSION: &str = "2024-06-20";

/// How long it may take to reach Stripe.
const CONNECTING: Duration = Duration::from_secs(4);

/// How long an answer may take that a job waits for.
const PATIENT: Duration = Duration::from_secs(30);

/// How long an answer may take that a person waits for; less than a request may take.
const IMPATIENT: Duration = Duration::from_secs(8);

/// The largest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 2 * 1024 * 1024;

/// What a client sees on Stripe's page and on a statement instead of what it is for.
const NEUTRAL: &str = "Appointment";

/// A Checkout session to make.
#[derive(Debug, Clone)]
pub struct NewCheckout {
    /// Our number for it; the same number is answered with the same session, however often it is asked for.
    pub reference: String,
    /// How much.
    pub money: Money,
    /// Until when it can be paid: 30 minutes to 24 hours from now.
    pub expires_at: Instant,
    /// Where Stripe sends a client who has paid.
    pub success_url: String,
    /// Where it sends one who goes back.
    pub cancel_url: String,
}

/// A refund to make.
#[derive(Debug, Clone)]
pub struct NewRefund {
    /// Our number for it; the same number is answered with the same refund.
    pub reference: String,
    /// Of which payment.
    pub intent: String,
    /// How much of it, in minor units of its currency.
    pub amount: i64,
}

/// Talks to one Stripe account.
#[derive(Clone)]
pub struct Stripe {
    client: Client,
    base: Url,
    key: Secret,
}

impl Stripe {
    /// A client for the account of this secret key, or what is wrong with it.
    pub fn connect(base: &Url, key: &Secret) -> Result<Self, String> {
        if !["sk_", "rk_"].iter().any(|prefix| key.expose().starts_with(prefix)) {
            return Err("it must be a secret key, which begins with sk_ or rk_".to_owned());
        }
        let mut builder = Client::builder()
            .user_agent(concat!("anteroom/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECTING)
            .timeout(PATIENT)
            .redirect(reqwest::redirect::Policy::none());
        if base.scheme() == "http" {
            // The sandbox speaks no TLS, and must also answer on a machine without any certificates.
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build().map_err(|_| "TLS cannot be used here: there are no certificates to trust")?;
        Ok(Stripe { client, base: base.clone(), key: key.clone() })
    }

    /// Whether real money moves: what a key says of itself.
    pub fn is_live(&self) -> bool {
        self.key.expose().get(2..).is_some_and(|rest| rest.starts_with("_live_"))
    }

    /// Makes a Checkout session. A person waits for it.
    pub async fn create_checkout(&self, new: &NewCheckout) -> Result<Checkout, VendorError> {
        let amount = new.money.amount.to_string();
        let expires_at = new.expires_at.seconds().to_string();
        let form: Form<'_> = &[
            ("mode", "payment"),
            ("payment_method_types[0]", "card"),
            ("client_reference_id", &new.reference),
            ("line_items[0][quantity]", "1"),
            ("line_items[0][price_data][currency]", code_of(new.money.currency)),
            ("line_items[0][price_data][unit_amount]", &amount),
            ("line_items[0][price_data][product_data][name]", NEUTRAL),
            ("payment_intent_data[description]", NEUTRAL),
            ("payment_intent_data[metadata][reference]", &new.reference),
            ("expires_at", &expires_at),
            ("success_url", &new.success_url),
            ("cancel_url", &new.cancel_url),
        ];
        self.post("v1/checkout/sessions", form, Some(&format!("checkout-{}", new.reference)), IMPATIENT).await
    }

    /// A Checkout session as it is now.
    pub async fn checkout(&self, id: &str) -> Result<Checkout, VendorError> {
        self.get(&["v1", "checkout", "sessions", id], &[]).await
    }

    /// Ends a Checkout session, so that it can be paid no more, and answers what it is then: one that was paid at the same
    /// moment is not ended.
    pub async fn expire_checkout(&self, id: &str) -> Result<Checkout, VendorError> {
        let path = format!("v1/checkout/sessions/{}/expire", wire::segment(id));
        match self.post(&path, &[], None, PATIENT).await {
            Err(error) if error.remedy == super::Remedy::GiveUp => {
                // Only an open session can be ended. What it is instead is for the caller to see.
                let found = self.checkout(id).await?;
                if found.status == CheckoutStatus::Open { Err(error) } else { Ok(found) }
            }
            outcome => outcome,
        }
    }

    /// A payment as it is now.
    pub async fn intent(&self, id: &str) -> Result<Intent, VendorError> {
        self.get(&["v1", "payment_intents", id], &[]).await
    }

    /// Gives money back.
    pub async fn refund(&self, new: &NewRefund) -> Result<Refund, VendorError> {
        let amount = new.amount.to_string();
        let form: Form<'_> =
            &[("payment_intent", &new.intent), ("amount", &amount), ("metadata[reference]", &new.reference)];
        self.post("v1/refunds", form, Some(&format!("refund-{}", new.reference)), PATIENT).await
    }

    /// Every refund of a payment, newest first.
    pub async fn refunds_of(&self, intent: &str) -> Result<Vec<Refund>, VendorError> {
        let found: List<Refund> = self.get(&["v1", "refunds"], &[("payment_intent", intent), ("limit", "100")]).await?;
        Ok(found.data)
    }

    /// What happened since a moment, newest first, and whether there is more behind the last of it.
    pub async fn events_since(&self, since: Instant, before: Option<&str>) -> Result<(Vec<Event>, bool), VendorError> {
        let since = since.seconds().to_string();
        let mut query = vec![("created[gte]", since.as_str()), ("limit", "100")];
        query.extend(before.map(|id| ("starting_after", id)));
        let found: List<Event> = self.get(&["v1", "events"], &query).await?;
        Ok((found.data, found.has_more))
    }

    /// Whether Stripe answers and takes our key.
    pub async fn check(&self) -> Result<(), VendorError> {
        let _: List<Event> = self.get(&["v1", "events"], &[("limit", "1")]).await?;
        Ok(())
    }

    async fn get<T: DeserializeOwned>(&self, path: &[&str], query: &[(&str, &str)]) -> Result<T, VendorError> {
        let mut url = self.url(&path.iter().map(|part| wire::segment(part)).collect::<Vec<_>>().join("/"));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self.client.get(url).bearer_auth(self.key.expose()).header("Stripe-Version", VERSION);
        wire::ask(request, LARGEST_ANSWER).await.map_err(Trouble::into_error)
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        form: Form<'_>,
        key: Option<&str>,
        patience: Duration,
    ) -> Result<T, VendorError> {
        let request = self.client.post(self.url(path)).bearer_auth(self.key.expose()).header("Stripe-Version", VERSION);
        let request = match key {
            Some(key) => request.header("Idempotency-Key", key),
            None => request,
        };
        wire::ask(request.form(form).timeout(patience), LARGEST_ANSWER).await.map_err(Trouble::into_error)
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }
}
