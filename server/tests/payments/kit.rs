//! A practice that takes cards, with the other side of them, and Ben who pays.

use crate::support::{ADA, ADA_USER, Engine, NOW, Practice, SESSION, at, engines, staff};
use anteroom::app::Mode;
use anteroom::clock::Clock;
use anteroom::features::accounts::{self, User, Viewer};
use anteroom::features::{clients, practice};
use anteroom::http::{self, Http};
use anteroom::sandbox::Sandbox;
use anteroom::sandbox::stripe::{KEY, WEBHOOK_SECRET, Webhook};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use shared::actor::Role;
use shared::ids::{ClientId, LoginId, UserId};
use shared::practice::Prepay;
use shared::stage::Stage;
use shared::time::Instant;
use std::sync::{Arc, Mutex};
use tokio_util::sync::{CancellationToken, DropGuard};
use tower::ServiceExt;
use uuid::Uuid;

pub const GOOD_CARD: &str = "4242 4242 4242 4242";
pub const BAD_CARD: &str = "4000 0000 0000 0002";
/// A Tuesday eight days ahead: calling off is free for days.
pub const TUESDAY: &str = "2030-01-15T10:00:00Z";

pub struct Story {
    pub practice: Practice,
    pub sandbox: Sandbox,
    /// Stripe's clock, which is pushed with ours.
    clock: Clock,
    pub routes: Router,
    pub ben: Viewer,
    pub ben_id: ClientId,
    _running: Arc<DropGuard>,
}

impl Story {
    pub async fn open(engine: Engine, settings: &[(&str, &str)]) -> Self {
        let stop = CancellationToken::new();
        let clock = Clock::standing_at(at(NOW));
        let sandbox = Sandbox::start(Mode::Demo, clock.clone(), stop.clone()).await.expect("a sandbox");
        let mut all = vec![
            ("mail_url", sandbox.smtp_url.as_str()),
            ("stripe_api", sandbox.stripe.url.as_str()),
            ("stripe_key", KEY),
            ("stripe_webhook_secret", WEBHOOK_SECRET),
        ];
        all.extend_from_slice(settings);
        let practice = Practice::open_with(engine, &all).await;
        let routes = http::router(Http::new(practice.app.clone(), stop.clone()), Router::new());
        let (ben, ben_id) = new_client(&practice, "Ben", 31, Stage::Active).await;
        let story = Story { practice, sandbox, clock, routes, ben, ben_id, _running: Arc::new(stop.drop_guard()) };
        story.prepay(Prepay::All, 0).await;
        // What comes round has had its first turn: what is found is found by what the story is about.
        story.work().await;
        story
    }

    /// What is paid before a session is confirmed.
    pub async fn prepay(&self, prepay: Prepay, deposit_amount: i64) {
        let catalogue = practice::catalogue(&self.practice.app).await.expect("a catalogue");
        let mut session = catalogue.session_type(SESSION).expect("a session").clone();
        (session.prepay, session.deposit_amount) = (prepay, deposit_amount);
        let mut row = catalogue.practice.clone();
        row.settings.0.bookings_ahead = None;
        row.settings.0.bank_details = vec!["Ada & Samir".into(), "Bank 12-34-56, account 12345678".into()];
        self.practice
            .app
            .db
            .write(move |tx| {
                let (session, row) = (session.clone(), row.clone());
                Box::pin(async move {
                    practice::save_session_type(tx, &session).await?;
                    practice::save(tx, &row).await
                })
            })
            .await
            .expect("saved");
        self.practice.app.bus.publish(anteroom::events::Event::PracticeChanged);
    }

    /// Another client of Ada's.
    pub async fn client(&self, name: &str, number: u128) -> (Viewer, ClientId) {
        self.client_at(name, number, Stage::Active).await
    }

    /// Somebody else whom Ada knows, at a stage.
    pub async fn client_at(&self, name: &str, number: u128, stage: Stage) -> (Viewer, ClientId) {
        new_client(&self.practice, name, number, stage).await
    }

    /// Time passes, here and at Stripe's.
    pub async fn pass(&self, minutes: i64) {
        self.clock.push_minutes(minutes);
        self.practice.pass_minutes(minutes).await;
    }

    pub fn now(&self) -> Instant {
        self.practice.app.clock.now()
    }

    /// Does what is due, without any time passing.
    pub async fn work(&self) {
        self.practice.pass_minutes(0).await;
    }

    pub async fn ask(&self, who: Viewer, query: &str, variables: Value) -> Value {
        let answer = self.practice.ask_as(Some(who), query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer:#}");
        answer["data"].clone()
    }

    pub async fn ask_ada(&self, query: &str, variables: Value) -> Value {
        self.ask(staff(ADA_USER), query, variables).await
    }

    /// Ben books a session; the answer is its id.
    pub async fn book(&self, starts_at: &str) -> String {
        self.book_as(self.ben, starts_at).await
    }

    pub async fn book_as(&self, who: Viewer, starts_at: &str) -> String {
        let input = json!({ "sessionTypeId": SESSION, "therapistId": ADA, "startsAt": starts_at });
        let answer = self.ask(who, BOOK_SESSION, json!({ "input": input })).await["bookSession"].clone();
        assert_eq!(answer["userErrors"], json!([]), "{answer:#}");
        text(&answer["booking"]["id"])
    }

    /// Ben asks for the page; the answer is the payload.
    pub async fn start(&self, booking: &str) -> Value {
        self.start_as(self.ben, booking).await
    }

    pub async fn start_as(&self, who: Viewer, booking: &str) -> Value {
        let input = json!({ "bookingId": booking });
        self.ask(who, START, json!({ "input": input })).await["startCheckout"].clone()
    }

    /// Ben books and comes as far as the payment page: the booking, the payment, and the page's id.
    pub async fn at_the_page(&self, starts_at: &str) -> Page {
        let booking = self.book(starts_at).await;
        self.page_of(booking).await
    }

    pub async fn page_of(&self, booking: String) -> Page {
        let started = self.start(&booking).await;
        assert_eq!(started["userErrors"], json!([]), "{started:#}");
        let payment = text(&started["payment"]["id"]);
        let url = text(&started["url"]);
        let checkout = url.rsplit('/').next().expect("a page has an id").to_owned();
        Page { booking, payment, checkout, url }
    }

    /// Ben books, pays and is confirmed.
    pub async fn paid(&self, starts_at: &str) -> Page {
        let page = self.at_the_page(starts_at).await;
        self.sandbox.stripe.pay(&page.checkout, GOOD_CARD).expect("the page is there");
        self.deliver().await;
        assert_eq!(self.status(&page.booking).await, "CONFIRMED");
        page
    }

    /// Stripe tells what it has to tell, and the work is done.
    pub async fn deliver(&self) {
        for webhook in self.sandbox.stripe.take_webhooks() {
            assert_eq!(self.tell(&webhook).await, StatusCode::OK);
        }
        self.work().await;
    }

    /// Posts one webhook.
    pub async fn tell(&self, webhook: &Webhook) -> StatusCode {
        self.post(&webhook.signature, webhook.body.clone().into_bytes()).await
    }

    pub async fn post(&self, signature: &str, body: Vec<u8>) -> StatusCode {
        self.post_to("/webhooks/stripe", &[("stripe-signature", signature)], body).await
    }

    pub async fn post_to(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> StatusCode {
        let mut request = Request::post(path).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body)).expect("a request");
        let answer = self.routes.clone().oneshot(request).await.expect("an answer");
        let status = answer.status();
        to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
        status
    }

    pub async fn status(&self, booking: &str) -> String {
        let id: Uuid = booking.parse().expect("an id");
        self.value_of("select status from bookings where id = $1", id).await
    }

    pub async fn payment_status(&self, payment: &str) -> String {
        let id: Uuid = payment.parse().expect("an id");
        self.value_of("select status from payments where id = $1", id).await
    }

    async fn value_of(&self, sql: &'static str, id: Uuid) -> String {
        self.practice.app.db.read().await.expect("a connection").query(sql).bind(id).value().await.expect("a value")
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        self.practice.count(sql).await
    }

    /// What Ada gives back; the answer is the payload.
    pub async fn refund(&self, payment: &str, amount: Option<i64>) -> Value {
        let input = json!({ "paymentId": payment, "amount": amount, "reason": "A word between us" });
        self.ask_ada(REFUND, json!({ "input": input })).await["refundPayment"].clone()
    }

    /// Every movement is even, and what is in the ledger is what is at Stripe's.
    pub async fn expect_even(&self) {
        let broken = "select count(*) from (select movement_id from ledger_entries group by movement_id, unit
                      having sum(amount) <> 0) as broken";
        assert_eq!(self.count(broken).await, 0, "a movement is not even");
        let cards = "select cast(coalesce(sum(amount), 0) as bigint) from ledger_entries where account = 'CARD'";
        assert_eq!(self.count(cards).await, self.sandbox.stripe.balance(), "the ledger and Stripe differ");
        let over = "select count(*) from payments where refunded_amount > amount";
        assert_eq!(self.count(over).await, 0);
    }

    /// The subjects of the mails to somebody.
    pub fn mails_to(&self, name: &str) -> Vec<String> {
        let to = format!("{name}@example.org");
        self.sandbox.mailbox.to(&to).iter().map(|mail| mail.subject.clone()).collect()
    }
}

/// What Ben has before him.
pub struct Page {
    pub booking: String,
    pub payment: String,
    pub checkout: String,
    pub url: String,
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("text, not {value}")).to_owned()
}

async fn new_client(practice: &Practice, name: &str, number: u128, stage: Stage) -> (Viewer, ClientId) {
    let user_id = UserId(Uuid::from_u128(number));
    let user = User {
        id: user_id,
        email: format!("{}@example.org", name.to_lowercase()),
        name: name.into(),
        phone: "+44 20 7946 0018".into(),
        time_zone: "Europe/London".into(),
        role: Role::Client,
        email_proven_at: Some(at(NOW)),
        disabled_at: None,
    };
    let (app, made) = (practice.app.clone(), Arc::new(Mutex::new(None)));
    let kept = made.clone();
    practice
        .app
        .db
        .write(move |tx| {
            let (app, user, kept) = (app.clone(), user.clone(), kept.clone());
            Box::pin(async move {
                accounts::add_user(tx, &user, app.clock.now()).await?;
                let client = clients::begin(tx, &app.clock, &app.keys, user.id, ADA, stage).await?;
                *kept.lock().expect("nobody panicked") = Some(client.id);
                Ok(())
            })
        })
        .await
        .expect("a client");
    let login_id = LoginId(Uuid::from_u128(number + 1000));
    let id = made.lock().expect("nobody panicked").expect("it was made");
    (Viewer { user_id, login_id, role: Role::Client, second_factor: false }, id)
}

/// Tells a story on each engine there is; in the end the money is even.
pub async fn on_both_engines<S, F>(story: S)
where
    S: Fn(Arc<Story>) -> F,
    F: Future<Output = ()>,
{
    for engine in engines() {
        let told = Arc::new(Story::open(engine, &[]).await);
        story(told.clone()).await;
        told.expect_even().await;
    }
}

const BOOK_SESSION: &str = "mutation($input: BookSessionInput!) { bookSession(input: $input) {
    booking { id status } userErrors { code field message } } }";

const START: &str = "mutation($input: StartCheckoutInput!) { startCheckout(input: $input) {
    payment { id status amount { amount currency } } url userErrors { code field message } } }";

const REFUND: &str = "mutation($input: RefundPaymentInput!) { refundPayment(input: $input) {
    refund { id status amount { amount } } userErrors { code field message } } }";

pub const RECORD: &str = "mutation($input: RecordPaymentInput!) { recordPayment(input: $input) {
    payment { id status amount { amount currency } receivedAt } userErrors { code field message } } }";

pub const CANCEL: &str = "mutation($input: CancelBookingInput!) { cancelBooking(input: $input) {
    userErrors { code message } } }";
