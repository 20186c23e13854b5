//! What can happen to a practice in a life of [`Chance`]: what clients and Ada do, and what happens at the provider's.

use super::account::FOUR;
use super::chance::Chance;
use super::kit::{BAD_CARD, GOOD_CARD};
use crate::support::{ADA, ADA_USER, SESSION, staff};
use anteroom::features::accounts::Viewer;
use anteroom::integrations::stripe::signature::sign;
use anteroom::sandbox::stripe::{Fault, WEBHOOK_SECRET};
use axum::http::StatusCode;
use serde_json::{Value, json};
use shared::ids::ClientId;
use shared::practice::Prepay;

impl Chance {
    pub async fn book(&mut self, who: Viewer, client: ClientId) {
        let (standing, starts_at) = (self.stage(client).await, self.start());
        let payload =
            self.attempt(who, "bookSession", json!({ "sessionTypeId": SESSION, "startsAt": starts_at })).await;
        if let Some(id) = payload["booking"]["id"].as_str() {
            assert!(standing.opens().sessions, "booked at {standing:?}");
            let status = self.story.status(id).await;
            assert!(matches!(status.as_str(), "PENDING_PAYMENT" | "CONFIRMED"), "{status}");
        }
    }

    pub async fn open_page(&mut self, who: Viewer) {
        let input = match self.below(4) {
            0 => json!({ "purchaseId": self.one(PURCHASES, who).await }),
            _ => json!({ "bookingId": self.one(UNPAID, who).await }),
        };
        self.attempt(who, "startCheckout", input).await;
    }

    /// Somebody is at one of the provider's pages.
    pub async fn at_the_page(&mut self) {
        let stripe = self.story.sandbox.stripe.clone();
        let pages = stripe.sessions();
        let Some(page) = self.pick(&pages[pages.len().saturating_sub(5)..]) else { return };
        let what = self.below(8);
        self.trail.push(format!("page {} of {}: {what}", page.reference, page.amount));
        match what {
            0..=3 => drop(stripe.pay(&page.id, GOOD_CARD)),
            4 => drop(stripe.pay(&page.id, BAD_CARD)),
            5 if page.status == "open" => stripe.pay_later(&page.id),
            5 | 6 => stripe.settle_later(&page.id, true),
            _ => stripe.settle_later(&page.id, false),
        }
    }

    /// Some of what Stripe has to tell arrives: in any order, some of it twice, some of it again after hours.
    pub async fn hear_of_it(&mut self) {
        self.untold.extend(self.story.sandbox.stripe.take_webhooks().into_iter().map(|it| it.body));
        for _ in 0..=self.below(self.untold.len() + 2) {
            let body = if self.untold.is_empty() || self.below(5) == 0 {
                let told = self.told.clone();
                let Some(body) = self.pick(&told) else { return };
                body
            } else {
                let place = self.below(self.untold.len());
                if self.below(4) == 0 { self.untold[place].clone() } else { self.untold.remove(place) }
            };
            self.tell(body).await;
        }
        self.story.work().await;
    }

    pub async fn tell(&mut self, body: String) {
        let event: Value = serde_json::from_str(&body).expect("JSON");
        self.trail.push(format!("told {} {}", event["type"], event["data"]["object"]["client_reference_id"]));
        let signature = sign(WEBHOOK_SECRET, body.as_bytes(), self.story.now());
        assert_eq!(self.story.post(&signature, body.clone().into_bytes()).await, StatusCode::OK);
        self.told.push(body);
    }

    pub async fn give_back(&mut self, who: Viewer) {
        let amount = self.pick(&[Value::Null, json!(1000), json!(2500), json!(7500)]);
        let stays_owed = self.below(3) == 0;
        let payment = self.one(PAID, who).await;
        let input =
            json!({ "paymentId": payment, "amount": amount, "reason": "A word between us", "staysOwed": stays_owed });
        self.as_ada("refundPayment", input).await;
    }

    /// Something happens on Stripe's own pages.
    pub async fn at_the_provider(&mut self) {
        let stripe = self.story.sandbox.stripe.clone();
        let intents: Vec<String> = stripe.sessions().into_iter().filter_map(|page| page.intent).collect();
        let Some(intent) = self.pick(&intents) else { return };
        let what = self.below(3);
        self.trail.push(format!("at Stripe's: {what}"));
        match what {
            0 => drop(stripe.refund_there(&intent, 500)),
            1 => stripe.fail_refund(&intent),
            _ => {
                let fault = self.pick(&[Fault::Broken, Fault::TooMany, Fault::DoneThenDropped]);
                fault.into_iter().for_each(|fault| stripe.next_call(fault));
            }
        }
    }

    pub async fn keep(&mut self, who: Viewer) {
        if self.below(3) == 0 && !self.kept.is_empty() {
            let place = self.below(self.kept.len());
            let token = self.kept.remove(place);
            self.attempt(who, "releaseHold", json!({ "token": token })).await;
            return;
        }
        let input = json!({ "sessionTypeId": SESSION, "therapistId": ADA, "startsAt": self.start() });
        let payload = self.attempt(who, "holdSlot", input).await;
        self.kept.extend(Some(payload["hold"]["token"].clone()).filter(Value::is_string));
    }

    pub async fn change_a_session(&mut self, who: Viewer) {
        let id = self.one(SESSIONS, who).await;
        let by = if self.below(3) == 0 { staff(ADA_USER) } else { who };
        match self.below(5) {
            0 | 1 => self.attempt(by, "cancelBooking", json!({ "bookingId": id })).await,
            2 => self.attempt(by, "takeChangeBack", json!({ "bookingId": id })).await,
            _ => {
                let starts_at = self.start();
                self.attempt(by, "rescheduleBooking", json!({ "bookingId": id, "startsAt": starts_at })).await
            }
        };
    }

    pub async fn package(&mut self, who: Viewer, client: ClientId) {
        if self.below(3) == 0 {
            let id = self.one(PURCHASES, who).await;
            self.as_ada("takePackageBack", json!({ "purchaseId": id, "reason": "They move away" })).await;
        } else {
            self.as_ada("sellPackage", json!({ "clientId": client, "packageId": FOUR })).await;
        }
    }

    pub async fn let_go(&mut self, who: Viewer) {
        let mut input = match self.below(3) {
            0 => json!({ "purchaseId": self.one(PURCHASES, who).await }),
            _ => json!({ "bookingId": self.one(SESSIONS, who).await }),
        };
        input["reason"] = json!("A hard month");
        self.as_ada("waiveOwed", input).await;
    }

    pub async fn move_on(&mut self, client: ClientId) {
        let way = self.pick(&["PAUSE", "RESUME", "END", "REOPEN", "BEGIN", "RESUME", "REOPEN", "DECIDE"]);
        match way {
            Some("DECIDE") => {
                let decision = self.pick(&["WORK_TOGETHER", "LATER", "WORK_TOGETHER"]);
                self.as_ada("decideDiscovery", json!({ "clientId": client, "decision": decision })).await
            }
            way => self.as_ada("moveClient", json!({ "clientId": client, "move": way })).await,
        };
    }

    pub async fn place(&mut self, who: Viewer, client: ClientId) {
        let series = self.one(PLACES, who).await;
        let (day, hour) = (self.day(), format!("{:02}:00", 9 + self.below(8)));
        match self.below(5) {
            0 | 1 => {
                let input = json!({ "clientId": client, "sessionTypeId": SESSION, "cadence": "EVERY_TWO_WEEKS", "startsOn": day, "time": hour });
                self.as_ada("createSeries", input).await
            }
            2 => self.as_ada("endSeries", json!({ "seriesId": series, "lastOn": day })).await,
            3 => self.as_ada("changeSeries", json!({ "seriesId": series, "scope": "ALL", "time": hour })).await,
            _ => {
                let mut conn = self.story.practice.app.db.read().await.expect("a connection");
                let sql = "select series_date from bookings where series_id = $1 and status = 'CONFIRMED' order by starts_at limit 1";
                let date: Option<(String,)> = conn.query(sql).bind(series).optional().await.expect("rows");
                drop(conn);
                let date = date.map_or(day, |(date,)| date);
                self.attempt(who, "skipOccurrence", json!({ "seriesId": series, "date": date })).await
            }
        };
    }

    pub async fn wait_for(&mut self, who: Viewer) {
        let offer = self.one(OFFERS, who).await;
        match self.below(5) {
            _ if !offer.is_nil() && self.below(4) == 0 => {
                self.attempt(who, "declineOffer", json!({ "offerId": offer })).await
            }
            _ if !offer.is_nil() => self.attempt(who, "acceptOffer", json!({ "offerId": offer })).await,
            0 => {
                let wish = self.one(WISHES, who).await;
                self.attempt(who, "leaveWaitlist", json!({ "wishId": wish })).await
            }
            1 => {
                let booking = self.one(SESSIONS, who).await;
                self.attempt(who, "joinWaitlist", json!({ "insteadOf": booking })).await
            }
            _ => self.attempt(who, "joinWaitlist", json!({ "sessionTypeId": SESSION })).await,
        };
    }

    pub async fn request(&mut self, who: Viewer) {
        let id = self.one(REQUESTS, who).await;
        match self.below(6) {
            _ if id.is_nil() => self.attempt(who, "requestBooking", json!({ "sessionTypeId": SESSION })).await,
            0 | 1 => {
                let starts_at = self.start();
                let input = json!({ "requestId": id, "therapistId": ADA, "startsAt": starts_at });
                self.as_ada("assignBooking", input).await;
                self.as_ada("acceptRequest", json!({ "requestId": id })).await;
                self.as_ada("confirmRequest", json!({ "requestId": id })).await
            }
            2 => self.attempt(who, "withdrawRequest", json!({ "requestId": id })).await,
            3 => self.as_ada("declineRequest", json!({ "requestId": id })).await,
            4 => self.as_ada("closeRequest", json!({ "requestId": id })).await,
            _ => self.as_ada("confirmRequest", json!({ "requestId": id })).await,
        };
    }

    pub async fn say_how_it_went(&mut self, who: Viewer) {
        let (booking, fee) = (self.one(SESSIONS, who).await, self.one(FEES, who).await);
        match self.below(4) {
            0 => self.as_ada("markNoShow", json!({ "bookingId": booking })).await,
            1 => self.as_ada("completeBooking", json!({ "bookingId": booking })).await,
            2 => self.as_ada("chargeFee", json!({ "feeId": fee })).await,
            _ => self.as_ada("waiveFee", json!({ "feeId": fee, "reason": "They were ill" })).await,
        };
    }

    pub async fn pay_otherwise(&mut self, who: Viewer, client: ClientId) {
        let booking = self.one(UNPAID, who).await;
        let (method, amount) = (self.pick(&["CASH", "TRANSFER"]), self.pick(&[2500, 7500]));
        if self.below(3) == 0 {
            self.attempt(who, "announceTransfer", json!({ "bookingId": booking })).await;
        } else {
            let input = json!({ "clientId": client, "bookingId": booking, "method": method, "amount": amount, "currency": "GBP" });
            self.as_ada("recordPayment", input).await;
        }
    }

    /// The practice asks for something else from now on, or the provider is away for a while.
    pub async fn decide_otherwise(&mut self) {
        let what = self.below(5);
        self.trail.push(format!("decided otherwise: {what}"));
        match what {
            0 => self.story.prepay(Prepay::Deposit, 2500).await,
            1 => self.story.prepay(Prepay::Nothing, 0).await,
            2 | 3 => self.story.prepay(Prepay::All, 0).await,
            _ => self.story.sandbox.stripe.set_down(true),
        }
    }
}

const SESSIONS: &str = "select b.id from bookings b join clients c on c.id = b.client_id where c.user_id = $1
    order by b.starts_at desc, b.created_at desc, b.status limit 8";
const UNPAID: &str = "select b.id from bookings b join clients c on c.id = b.client_id where c.user_id = $1
    order by case b.status when 'PENDING_PAYMENT' then 0 else 1 end, b.starts_at desc, b.created_at desc, b.status limit 4";
const PURCHASES: &str = "select p.id from package_purchases p join clients c on c.id = p.client_id where c.user_id = $1
    order by p.bought_at desc, p.units_left limit 3";
const PAID: &str = "select p.id from payments p join clients c on c.id = p.client_id
    where c.user_id = $1 and p.status = 'PAID' order by p.received_at desc, p.amount, p.refunded_amount limit 4";
const PLACES: &str = "select s.id from series s join clients c on c.id = s.client_id
    where c.user_id = $1 and s.state = 'ACTIVE' order by s.created_at, s.starts_on, s.local_time";
const WISHES: &str = "select w.id from waitlist_wishes w join clients c on c.id = w.client_id
    where c.user_id = $1 and w.state = 'WAITING' order by w.since";
const OFFERS: &str = "select o.id from waitlist_offers o join waitlist_wishes w on w.id = o.wish_id
    join clients c on c.id = w.client_id where c.user_id = $1 and o.state = 'OPEN' order by o.starts_at";
const REQUESTS: &str = "select r.id from booking_requests r join clients c on c.id = r.client_id
    where c.user_id = $1 and r.status in ('PENDING', 'MATCHED', 'ACCEPTED') order by r.created_at, r.status";
const FEES: &str = "select f.id from fees f join clients c on c.id = f.client_id
    where c.user_id = $1 order by f.created_at desc limit 3";
