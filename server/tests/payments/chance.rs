//! Whatever is done in whatever order, times, money and stages stay in step: a practice is led through hundreds of things
//! that can happen to it, some of them at the provider's, and after each of them what must be true is looked at.

use super::account::on_sale;
use super::kit::{Story, on_both_engines};
use crate::support::{ADA_USER, staff};
use anteroom::features::accounts::Viewer;
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};
use shared::ids::ClientId;
use shared::stage::{Stage, Standing};
use shared::time::Instant;
use std::sync::Arc;
use uuid::Uuid;

/// Each is a life of its own, and the same every time.
const SEEDS: [u8; 4] = [3, 17, 102, 126];
const OPERATIONS: usize = 110;
/// After so many, everything that is on its way arrives.
const REST: usize = 22;

/// One life of a practice.
pub struct Chance {
    pub story: Arc<Story>,
    rng: TestRng,
    seed: u8,
    people: Vec<(Viewer, ClientId)>,
    /// What Stripe has to tell and has not told.
    pub untold: Vec<String>,
    /// What it has told, and may tell again.
    pub told: Vec<String>,
    /// The secrets of times that are kept.
    pub kept: Vec<Value>,
    /// What was done, for whoever reads of a failure.
    pub trail: Vec<String>,
}

impl Drop for Chance {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}, after:\n{}", self.seed, self.trail.join("\n"));
        }
    }
}

impl Chance {
    async fn begin(story: Arc<Story>, seed: u8) -> Self {
        on_sale(&story).await;
        let mut people = vec![(story.ben, story.ben_id)];
        people.push(story.client("Cleo", 32).await);
        people.push(story.client("Dora", 33).await);
        people.push(story.client_at("Eve", 34, Stage::DiscoveryDone).await);
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
        let (untold, told, kept, trail) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Chance { story, rng, seed, people, untold, told, kept, trail }
    }

    pub fn below(&mut self, most: usize) -> usize {
        self.rng.next_u32() as usize % most
    }

    pub fn pick<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        (!of.is_empty()).then(|| of[self.below(of.len())].clone())
    }

    fn person(&mut self) -> (Viewer, ClientId) {
        let place = self.below(self.people.len());
        self.people[place]
    }

    /// A start on the grid within the next days; now and then at night.
    pub fn start(&mut self) -> Instant {
        let day = self.story.now().seconds() / 86_400 + self.below(9) as i64;
        let minutes = (8 + self.below(11)) as i64 * 60 + self.below(2) as i64 * 30;
        Instant::from_seconds(day * 86_400 + minutes * 60).expect("an instant")
    }

    pub fn day(&mut self) -> String {
        self.start().to_string()[..10].to_owned()
    }

    /// Ids the database has for somebody, in an order that is the same every time.
    async fn ids(&self, sql: &'static str, of: Viewer) -> Vec<Uuid> {
        let mut conn = self.story.practice.app.db.read().await.expect("a connection");
        let rows: Vec<(Uuid,)> = conn.query(sql).bind(of.user_id).all().await.expect("rows");
        rows.into_iter().map(|(id,)| id).collect()
    }

    pub async fn one(&mut self, sql: &'static str, of: Viewer) -> Uuid {
        let all = self.ids(sql, of).await;
        self.pick(&all).unwrap_or(Uuid::nil())
    }

    pub async fn stage(&self, of: ClientId) -> Standing {
        let mut conn = self.story.practice.app.db.read().await.expect("a connection");
        let sql = "select stage, stage_since from clients where id = $1";
        let (stage, since): (Stage, Instant) = conn.query(sql).bind(of).one().await.expect("a client");
        Standing { stage, since, returns_until: None, now: self.story.now(), news: None }
    }

    /// What somebody tries; the payload. What is refused leaves everything as it was.
    pub async fn attempt(&mut self, who: Viewer, change: &str, input: Value) -> Value {
        let kind = match change {
            "declineOffer" => "AnswerOffer".to_owned(),
            "completeBooking" | "markNoShow" => "BookingOutcome".to_owned(),
            _ if change.ends_with("Request") => "NamedRequest".to_owned(),
            _ => format!("{}{}", change[..1].to_uppercase(), &change[1..]),
        };
        let fields = match change {
            "bookSession" => "booking { id }",
            "holdSlot" => "hold { token }",
            _ => "",
        };
        let query = format!(
            "mutation($input: {kind}Input!) {{ {change}(input: $input) {{ {fields} userErrors {{ code field message }} }} }}"
        );
        self.trail.push(format!("{change} {input}"));
        let before = self.story.there_is().await;
        let answer = self.story.practice.ask_as(Some(who), &query, json!({ "input": input })).await;
        let fault = answer["errors"][0]["extensions"]["code"].as_str();
        assert!(matches!(fault, None | Some("UNAVAILABLE")), "{change}: {answer:#}");
        let payload = answer["data"][change].clone();
        let said = payload["userErrors"][0]["code"].as_str().or(fault);
        self.trail.push(format!("    {}", said.unwrap_or("done")));
        // Whoever asks for a page finds out what became of the last one.
        if payload["userErrors"][0].is_object() && change != "startCheckout" {
            assert_eq!(before, self.story.there_is().await, "{change} was refused and changed something: {payload:#}");
        }
        payload
    }

    pub async fn as_ada(&mut self, change: &str, input: Value) -> Value {
        self.attempt(staff(ADA_USER), change, input).await
    }

    async fn operate(&mut self) {
        let (who, client) = self.person();
        match self.below(40) {
            0..=5 => self.book(who, client).await,
            6..=9 => self.open_page(who).await,
            10..=15 => self.at_the_page().await,
            16..=18 => self.hear_of_it().await,
            19 => self.give_back(who).await,
            20 => self.at_the_provider().await,
            21 => self.keep(who).await,
            22..=24 => self.change_a_session(who).await,
            25 => self.package(who, client).await,
            26 => self.let_go(who).await,
            27 | 28 => self.move_on(client).await,
            29 | 30 => self.place(who, client).await,
            31 | 32 => self.wait_for(who).await,
            33 => self.request(who).await,
            34 => self.say_how_it_went(who).await,
            35 => self.pay_otherwise(who, client).await,
            36 => self.decide_otherwise().await,
            37 => self.pass(24 * 60).await,
            _ => self.pass(40).await,
        }
    }

    async fn pass(&mut self, most: usize) {
        let minutes = self.below(most) as i64 + 1;
        self.trail.push(format!("{minutes} minutes pass"));
        self.story.pass(minutes).await;
    }

    /// Everything that is on its way arrives, and what is to be done is done.
    async fn rest(&mut self) {
        self.trail.push("rest".to_owned());
        self.story.sandbox.stripe.set_down(false);
        for _ in 0..9 {
            for body in std::mem::take(&mut self.untold) {
                self.tell(body).await;
            }
            self.story.deliver().await;
            self.story.pass(11).await;
        }
        self.story.deliver().await;
        self.story.expect_rest().await;
        for (who, _) in self.people.clone() {
            self.story.expect_balance(who).await;
        }
    }
}

#[tokio::test]
async fn nothing_that_can_happen_brings_times_money_and_stages_out_of_step() {
    for seed in SEEDS {
        on_both_engines(|story| async move {
            let mut chance = Chance::begin(story.clone(), seed).await;
            for number in 1..=OPERATIONS {
                chance.operate().await;
                story.expect_sound().await;
                if number % REST == 0 {
                    chance.rest().await;
                }
            }
        })
        .await;
    }
}
