//! What must be true of the database after whatever was done: times, money, stages and the work that is still to do.

use super::kit::Story;
use anteroom::audit;
use anteroom::features::money::ledger;
use serde_json::{Value, json};
use shared::stage::{Move, Stage};

/// Nothing is in any of these at any moment.
const NEVER: &[(&str, &str)] = &[
    (
        "two stretches of one therapist's, room's or client's time overlap",
        "select count(*) from occupancy a join occupancy b on a.id < b.id and a.starts_at < b.ends_at
         and a.ends_at > b.starts_at and (a.therapist_id = b.therapist_id or a.client_id = b.client_id or a.room_id = b.room_id)",
    ),
    (
        "a session stands without its time",
        "select count(*) from bookings b where b.status in ('PENDING_PAYMENT', 'CONFIRMED') and not exists (
             select 1 from occupancy o where o.booking_id = b.id
             and o.session_starts_at = b.starts_at and o.session_ends_at = b.ends_at)",
    ),
    (
        "a session that is gone has its time",
        "select count(*) from occupancy o join bookings b on b.id = o.booking_id where b.status in ('CANCELLED', 'EXPIRED')",
    ),
    (
        "a session has no history",
        "select count(*) from bookings b where not exists (select 1 from booking_steps s where s.booking_id = b.id)",
    ),
    (
        "a time is kept and nobody will give it back",
        "select count(*) from occupancy o where o.kind = 'HOLD' and not exists (select 1 from jobs j
             where j.state in ('QUEUED', 'RUNNING') and (j.subject = o.id and j.kind = 'RELEASE_HOLD' or j.kind = 'EXPIRE_OFFER'
             and j.subject in (select f.id from waitlist_offers f where f.occupancy_id = o.id)))",
    ),
    (
        "a session waits for its payment and nobody will give its time back",
        "select count(*) from bookings b where b.status = 'PENDING_PAYMENT' and not exists (select 1 from jobs j
             where j.state in ('QUEUED', 'RUNNING') and (j.kind = 'EXPIRE_UNPAID' and j.subject = b.id
             or j.kind = 'EXPIRE_CHECKOUT' and j.subject in (select p.id from payments p where p.booking_id = b.id)))",
    ),
    (
        "money is about to go back and nobody will send it",
        "select count(*) from refunds r where r.status = 'PENDING' and not exists (select 1 from jobs j
             where j.subject = r.id and j.kind = 'SEND_REFUND' and j.state in ('QUEUED', 'RUNNING'))",
    ),
    ("work was given up", "select count(*) from jobs where state = 'DEAD'"),
    ("a payment is not what was asked for", "select count(*) from payments where status = 'UNCLEAR'"),
    (
        "a payment and its refunds differ",
        "select count(*) from payments p where p.refunded_amount <> (
             select coalesce(sum(r.amount), 0) from refunds r where r.payment_id = p.id and r.status <> 'FAILED')",
    ),
    (
        "a payment and the ledger differ",
        "select count(*) from payments p where p.method = 'CARD' and (
             select coalesce(sum(e.amount), 0) from ledger_entries e where e.payment_id = p.id and e.account = 'CARD') <>
             case when p.status = 'PAID' then p.amount else 0 end - (
             select coalesce(sum(r.amount), 0) from refunds r where r.payment_id = p.id and r.status = 'SUCCEEDED')",
    ),
    (
        "a session is confirmed without what was due first",
        "select count(*) from bookings b where b.due_now > 0 and b.status in ('CONFIRMED', 'COMPLETED', 'NO_SHOW')
         and b.due_now > (select coalesce(sum(p.amount), 0) from payments p
             where p.booking_id = b.id and p.status = 'PAID' and p.currency = b.price_currency)",
    ),
    (
        "a package and the ledger count units differently",
        "select count(*) from package_purchases p where p.units_left <> (
             select coalesce(sum(e.amount), 0) from ledger_entries e where e.purchase_id = p.id and e.account = 'UNITS')",
    ),
    (
        "more was used of a package than there is",
        "select count(*) from package_purchases p where p.units - p.units_left - p.units_taken_back <> (
             select count(*) from bookings b where b.purchase_id = p.id and b.status in ('CONFIRMED', 'COMPLETED', 'NO_SHOW'))
         + (select count(*) from bookings b where b.purchase_id = p.id and b.status = 'CANCELLED' and 0 > (
             select coalesce(sum(e.amount), 0) from ledger_entries e where e.booking_id = b.id and e.account = 'UNITS'))",
    ),
    (
        "an offer is open and its time is not kept",
        "select count(*) from waitlist_offers f where f.state = 'OPEN'
         and not exists (select 1 from occupancy o where o.id = f.occupancy_id and o.kind = 'HOLD')",
    ),
    (
        "a request is confirmed and nothing is in the calendar",
        "select count(*) from booking_requests where status = 'CONFIRMED' and booking_id is null",
    ),
];

/// Nothing is in any of these once everything has been told and done.
const AT_REST: &[(&str, &str)] = &[
    ("a refund is under way", "select count(*) from refunds where status = 'PENDING'"),
    ("nobody has looked at what was told", "select count(*) from webhook_events where processed_at is null"),
    (
        "a session that is not paid for any more keeps money",
        "select count(*) from bookings b join payments p on p.booking_id = b.id
         where b.status = 'EXPIRED' and p.method = 'CARD' and p.status = 'PAID' and p.refunded_amount < p.amount
         and not exists (select 1 from refunds r where r.payment_id = p.id and r.status = 'FAILED')",
    ),
    (
        "a session that was called off keeps more than its fee",
        "select count(*) from bookings b where b.status = 'CANCELLED'
         and not exists (select 1 from payments p where p.booking_id = b.id and p.method <> 'CARD' and p.status = 'PAID')
         and not exists (select 1 from payments p join refunds r on r.payment_id = p.id
             where p.booking_id = b.id and r.status = 'FAILED')
         and (select coalesce(sum(p.amount - p.refunded_amount), 0) from payments p
             where p.booking_id = b.id and p.status = 'PAID') >
             (select coalesce(sum(f.amount), 0) from fees f where f.booking_id = b.id and f.state <> 'WAIVED')",
    ),
];

/// What there is of everything: it is the same after what was refused.
const THERE_IS: &[&str] = &[
    "select count(*) from bookings",
    "select count(*) from bookings where status in ('PENDING_PAYMENT', 'CONFIRMED')",
    "select count(*) from booking_steps",
    "select count(*) from occupancy",
    "select count(*) from ledger_entries",
    "select count(*) from payments",
    "select count(*) from payments where status = 'OPEN'",
    "select count(*) from refunds",
    "select count(*) from fees where state = 'PROPOSED'",
    "select cast(coalesce(sum(units_left), 0) as bigint) from package_purchases",
    "select count(*) from series where state = 'ACTIVE'",
    "select count(*) from series_exceptions",
    "select count(*) from stage_moves",
    "select count(*) from waitlist_wishes where state = 'WAITING'",
    "select count(*) from waitlist_offers where state = 'OPEN'",
    "select count(*) from booking_requests where status = 'CANCELLED'",
    "select count(*) from booking_requests",
];

impl Story {
    /// What there is, to be compared with what there is later.
    pub async fn there_is(&self) -> Vec<i64> {
        let mut counts = Vec::new();
        for sql in THERE_IS {
            counts.push(self.count(sql).await);
        }
        counts
    }

    /// What must be true at any moment.
    pub async fn expect_sound(&self) {
        for (what, sql) in NEVER {
            assert_eq!(self.count(sql).await, 0, "{what}");
        }
        let mut conn = self.practice.app.db.read().await.expect("a connection");
        assert!(ledger::is_sound(&mut conn).await.expect("a ledger"), "a movement does not sum to zero");
        let moves: Vec<(Option<Stage>, Stage)> =
            conn.query("select from_stage, to_stage from stage_moves").all().await.expect("rows");
        for (from, to) in moves {
            let is_named = |from: Stage| Move::ALL.iter().any(|way| way.to() == to && way.leaves().contains(&from));
            assert!(from.is_none_or(is_named), "no move leads from {from:?} to {to:?}");
        }
    }

    /// What must be true once everything has been told and done.
    pub async fn expect_rest(&self) {
        self.expect_sound().await;
        self.expect_even().await;
        for (what, sql) in AT_REST {
            assert_eq!(self.count(sql).await, 0, "{what}");
        }
        let mut conn = self.practice.app.db.read().await.expect("a connection");
        assert_eq!(audit::first_broken(&mut conn).await.expect("a trail"), None, "the trail is broken");
        let paid = "select id, amount, currency from payments where method = 'CARD' and status = 'PAID'";
        let paid: Vec<(uuid::Uuid, i64, String)> = conn.query(paid).all().await.expect("rows");
        let mut here: Vec<_> =
            paid.into_iter().map(|(id, amount, currency)| (id.to_string(), amount, currency.to_lowercase())).collect();
        let sessions = self.sandbox.stripe.sessions().into_iter().filter(|it| it.payment_status == "paid");
        let mut there: Vec<_> = sessions.map(|it| (it.reference, it.amount, it.currency)).collect();
        here.sort();
        there.sort();
        assert_eq!(here, there, "what was paid here and at Stripe's");
    }

    /// What somebody sees of their balance is what the ledger says of it.
    pub async fn expect_balance(&self, who: anteroom::features::accounts::Viewer) {
        let care = self.ask(who, "{ viewer { client { balance { amount currency } } } }", json!({})).await;
        let shown: i64 = match care["viewer"]["client"]["balance"].as_array() {
            Some(sums) => sums.iter().filter_map(|sum| sum["amount"].as_i64()).sum(),
            None => panic!("{care:#}"),
        };
        let sum = "select cast(coalesce(sum(e.amount), 0) as bigint) from ledger_entries e
                   join clients c on c.id = e.client_id where c.user_id = $1 and e.account = 'CLIENT'";
        let mut conn = self.practice.app.db.read().await.expect("a connection");
        let kept: i64 = conn.query(sum).bind(who.user_id).value().await.expect("a sum");
        assert_eq!(json!(shown), Value::from(kept), "the balance of {:?}", who.user_id);
    }
}
