//! Deferred work is data, stored in the transaction that causes it.

pub mod queue;

use crate::clock::Clock;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::integrations::{Remedy, VendorError};
use queue::NewJob;
use serde::{Deserialize, Serialize};
use shared::ids::{
    BookingId, ClientId, ContactMessageId, InvitationId, InvoiceId, MakeUpId, OccupancyId, OfferId, PaymentId,
    RefundId, ReminderId, RequestId, RoomId, TherapistId, WishId,
};
use shared::time::Instant;
use uuid::Uuid;

/// Everything that can be deferred. Carries ids, never data: what is true is read when it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Job {
    /// Mail a sign-in link and code to the person who asked.
    MailSignIn {
        /// The row that was made for it.
        link_id: Uuid,
    },
    /// Tell the client what became of a booking since they were last told.
    TellClient {
        /// Which.
        booking_id: BookingId,
    },
    /// Tell the therapist what became of a booking since she was last told.
    TellTherapist {
        /// Which.
        booking_id: BookingId,
    },
    /// Tell both sides what became of many sessions of a client at once, and of their regular times.
    TellSessions {
        /// Whose.
        client_id: ClientId,
    },
    /// Warn a therapist of sessions of standing places that found no room.
    TellConflicts {
        /// Whom.
        therapist_id: TherapistId,
    },
    /// Tell somebody that a clock change puts a regular time at another hour.
    TellClockChange {
        /// What was noted about it.
        notice_id: Uuid,
    },
    /// Tell the client what was decided after the discovery call.
    TellDecision {
        /// Whom.
        client_id: ClientId,
    },
    /// Mail an invitation to whoever it is for.
    MailInvitation {
        /// Which.
        invitation_id: InvitationId,
    },
    /// Ask the therapist for her decision when a discovery call is over and she has not taken one.
    PromptDecision {
        /// Which call.
        booking_id: BookingId,
    },
    /// Ask somebody who has just signed in for what is missing before a first session.
    BeginIntake {
        /// Who.
        user_id: shared::ids::UserId,
    },
    /// Mail a message from the contact form to the practice.
    MailContactMessage {
        /// Which.
        message_id: ContactMessageId,
    },
    /// Give a held slot back when its time is over.
    ReleaseHold {
        /// Which.
        occupancy_id: OccupancyId,
    },
    /// Do what follows from something the payment provider told.
    HandleWebhook {
        /// Which row of the inbox.
        event: Uuid,
    },
    /// End the page of a payment, and give back what was kept for it.
    ExpireCheckout {
        /// Which payment.
        payment_id: PaymentId,
    },
    /// Have the payment provider give money back.
    SendRefund {
        /// Which refund.
        refund_id: RefundId,
    },
    /// Look for what the payment provider did not tell.
    Reconcile,
    /// Tell the client that a payment has arrived.
    TellReceipt {
        /// Which payment.
        payment_id: PaymentId,
    },
    /// Tell the client that money has gone back.
    TellRefund {
        /// Which refund.
        refund_id: RefundId,
    },
    /// Tell the client that there is something new in their bills.
    TellBill {
        /// Which bill.
        invoice_id: InvoiceId,
    },
    /// Tell the client that a time is not theirs, because it was not paid for.
    TellExpired {
        /// Which booking it was.
        booking_id: BookingId,
    },
    /// Give the time of a booking back that was not paid for.
    ExpireUnpaid {
        /// Which.
        booking_id: BookingId,
    },
    /// Bring what was paid for a booking in line with what it came to.
    SettleBooking {
        /// Which.
        booking_id: BookingId,
    },
    /// Make bookings of an address the bookings of the person who has just proven that it is theirs.
    AdoptBookings {
        /// Whose.
        user_id: shared::ids::UserId,
    },
    /// Mail somebody that a login was ended because its token was used twice.
    WarnOfReuse {
        /// Whom.
        user_id: shared::ids::UserId,
    },
    /// Remind somebody of a session, unless it was moved or called off.
    Remind {
        /// Of which session.
        booking_id: BookingId,
        /// Which reminder.
        reminder_id: ReminderId,
    },
    /// Plan the reminders of every session ahead anew, because somebody wants them otherwise.
    PlanReminders {
        /// Whose; everybody's if none is named.
        client_id: Option<ClientId>,
    },
    /// Ask somebody who agreed to it whether they would like to come again.
    FollowUp {
        /// Whom.
        client_id: ClientId,
    },
    /// Offer time that has become free to whoever waits for it.
    OfferFreedTime {
        /// Whose time.
        therapist_id: TherapistId,
        /// From when.
        starts_at: Instant,
        /// Until when.
        ends_at: Instant,
    },
    /// Offer what has become possible because a room is free, to whoever waits for it with any therapist.
    OfferFreedRoom {
        /// Which room.
        room_id: RoomId,
        /// From when.
        starts_at: Instant,
        /// Until when.
        ends_at: Instant,
    },
    /// Tell somebody on the waitlist that a time is kept for them.
    TellOffer {
        /// Which offer.
        offer_id: OfferId,
    },
    /// Ask somebody on the waitlist whether they still wait.
    AskStillWaiting {
        /// For what.
        wish_id: WishId,
    },
    /// Give an offered time back when nobody has answered.
    ExpireOffer {
        /// Which.
        offer_id: OfferId,
    },
    /// Tell a client of times that are offered in place of a session.
    TellMakeUp {
        /// Which offer.
        make_up_id: MakeUpId,
    },
    /// Give the times of an offer back when nobody has answered.
    ExpireMakeUp {
        /// Which.
        make_up_id: MakeUpId,
    },
    /// Tell the practice, the therapist or whoever asked where a request stands.
    TellRequest {
        /// Which.
        request_id: RequestId,
    },
}

/// Who does a job. Each lane has places of its own: mail that waits for a slow server holds up nothing of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Our own database is all it needs.
    Here,
    /// It needs the mail server.
    Mail,
    /// It needs the payment provider.
    Cards,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Lane; 3] = [Lane::Here, Lane::Mail, Lane::Cards];

    /// The kinds of job this release does in this lane.
    ///
    /// Only these are ever claimed. While two releases run side by side, what the newer one has stored waits for it; and
    /// after a step back it waits, in plain sight of `jobs` and `doctor`, for the step forward. To bury it would lose work
    /// that the other process can do.
    pub fn kinds(self) -> impl Iterator<Item = &'static str> + Send {
        KINDS.iter().filter(move |(_, lane)| *lane == self).map(|(kind, _)| *kind)
    }
}

macro_rules! kinds { ($($variant:ident = $kind:literal in $lane:ident;)+) => {
    const KINDS: &[(&str, Lane)] = &[$(($kind, Lane::$lane)),+];

    impl Job {
        /// Its name in the table and in metrics.
        pub fn kind(&self) -> &'static str {
            match self { $(Job::$variant { .. } => $kind,)+ }
        }
    }
} }

kinds! {
    MailSignIn = "MAIL_SIGN_IN" in Mail;
    TellClient = "TELL_CLIENT" in Mail;
    TellTherapist = "TELL_THERAPIST" in Mail;
    TellSessions = "TELL_SESSIONS" in Mail;
    TellConflicts = "TELL_CONFLICTS" in Mail;
    TellClockChange = "TELL_CLOCK_CHANGE" in Mail;
    TellDecision = "TELL_DECISION" in Mail;
    MailInvitation = "MAIL_INVITATION" in Mail;
    PromptDecision = "PROMPT_DECISION" in Mail;
    BeginIntake = "BEGIN_INTAKE" in Here;
    MailContactMessage = "MAIL_CONTACT_MESSAGE" in Mail;
    ReleaseHold = "RELEASE_HOLD" in Here;
    HandleWebhook = "HANDLE_WEBHOOK" in Cards;
    ExpireCheckout = "EXPIRE_CHECKOUT" in Cards;
    SendRefund = "SEND_REFUND" in Cards;
    Reconcile = "RECONCILE" in Cards;
    TellReceipt = "TELL_RECEIPT" in Mail;
    TellRefund = "TELL_REFUND" in Mail;
    TellBill = "TELL_BILL" in Mail;
    TellExpired = "TELL_EXPIRED" in Mail;
    ExpireUnpaid = "EXPIRE_UNPAID" in Cards;
    SettleBooking = "SETTLE_BOOKING" in Here;
    AdoptBookings = "ADOPT_BOOKINGS" in Here;
    WarnOfReuse = "WARN_OF_REUSE" in Mail;
    Remind = "REMIND" in Mail;
    PlanReminders = "PLAN_REMINDERS" in Here;
    FollowUp = "FOLLOW_UP" in Mail;
    OfferFreedTime = "OFFER_FREED_TIME" in Here;
    OfferFreedRoom = "OFFER_FREED_ROOM" in Here;
    TellOffer = "TELL_OFFER" in Mail;
    AskStillWaiting = "ASK_STILL_WAITING" in Mail;
    ExpireOffer = "EXPIRE_OFFER" in Here;
    TellMakeUp = "TELL_MAKE_UP" in Mail;
    ExpireMakeUp = "EXPIRE_MAKE_UP" in Here;
    TellRequest = "TELL_REQUEST" in Mail;
}

impl Job {
    /// Among waiting jobs only one with the same key exists: a second cause joins the first.
    fn dedupe_key(&self) -> Option<String> {
        match self {
            Job::TellClient { booking_id } => Some(format!("tell-client:{booking_id}")),
            Job::TellTherapist { booking_id } => Some(format!("tell-therapist:{booking_id}")),
            Job::TellSessions { client_id } => Some(format!("tell-sessions:{client_id}")),
            Job::TellConflicts { therapist_id } => Some(format!("tell-conflicts:{therapist_id}")),
            Job::TellDecision { client_id } => Some(format!("tell-decision:{client_id}")),
            Job::PromptDecision { booking_id } => Some(format!("prompt-decision:{booking_id}")),
            Job::AdoptBookings { user_id } => Some(format!("adopt-bookings:{user_id}")),
            Job::BeginIntake { user_id } => Some(format!("begin-intake:{user_id}")),
            Job::SettleBooking { booking_id } => Some(format!("settle-booking:{booking_id}")),
            Job::Reconcile => Some("reconcile".to_owned()),
            Job::HandleWebhook { .. }
            | Job::MailInvitation { .. }
            | Job::ExpireCheckout { .. }
            | Job::SendRefund { .. }
            | Job::TellReceipt { .. }
            | Job::TellRefund { .. }
            | Job::TellBill { .. }
            | Job::MailSignIn { .. }
            | Job::TellClockChange { .. }
            | Job::MailContactMessage { .. }
            | Job::ReleaseHold { .. }
            | Job::TellExpired { .. }
            | Job::ExpireUnpaid { .. }
            | Job::WarnOfReuse { .. }
            | Job::Remind { .. }
            | Job::TellOffer { .. }
            | Job::TellMakeUp { .. }
            | Job::ExpireMakeUp { .. }
            | Job::ExpireOffer { .. } => None,
            Job::PlanReminders { client_id } => {
                Some(format!("plan-reminders:{}", client_id.map(|id| id.to_string()).unwrap_or_default()))
            }
            Job::FollowUp { client_id } => Some(format!("follow-up:{client_id}")),
            Job::AskStillWaiting { wish_id } => Some(format!("still-waiting:{wish_id}")),
            Job::OfferFreedTime { therapist_id, starts_at, ends_at } => {
                Some(format!("offer:{therapist_id}:{starts_at}:{ends_at}"))
            }
            Job::OfferFreedRoom { room_id, starts_at, ends_at } => {
                Some(format!("offer-room:{room_id}:{starts_at}:{ends_at}"))
            }
            Job::TellRequest { request_id } => Some(format!("tell-request:{request_id}")),
        }
    }

    /// What it is about, to find and cancel it by.
    fn subject(&self) -> Uuid {
        match self {
            Job::MailSignIn { link_id } => *link_id,
            Job::MailInvitation { invitation_id } => invitation_id.0,
            Job::HandleWebhook { event } => *event,
            Job::ExpireCheckout { payment_id } | Job::TellReceipt { payment_id } => payment_id.0,
            Job::SendRefund { refund_id } | Job::TellRefund { refund_id } => refund_id.0,
            Job::TellBill { invoice_id } => invoice_id.0,
            Job::Reconcile => Uuid::nil(),
            Job::TellClient { booking_id }
            | Job::PromptDecision { booking_id }
            | Job::TellTherapist { booking_id }
            | Job::TellExpired { booking_id }
            | Job::ExpireUnpaid { booking_id }
            | Job::SettleBooking { booking_id } => booking_id.0,
            Job::TellDecision { client_id } | Job::TellSessions { client_id } => client_id.0,
            Job::TellConflicts { therapist_id } => therapist_id.0,
            Job::TellClockChange { notice_id } => *notice_id,
            Job::MailContactMessage { message_id } => message_id.0,
            Job::ReleaseHold { occupancy_id } => occupancy_id.0,
            Job::AdoptBookings { user_id } | Job::BeginIntake { user_id } | Job::WarnOfReuse { user_id } => user_id.0,
            Job::Remind { booking_id, .. } => booking_id.0,
            Job::PlanReminders { client_id } => client_id.map(|id| id.0).unwrap_or_default(),
            Job::FollowUp { client_id } => client_id.0,
            Job::OfferFreedTime { therapist_id, .. } => therapist_id.0,
            Job::OfferFreedRoom { room_id, .. } => room_id.0,
            Job::AskStillWaiting { wish_id } => wish_id.0,
            Job::TellOffer { offer_id } | Job::ExpireOffer { offer_id } => offer_id.0,
            Job::TellMakeUp { make_up_id } | Job::ExpireMakeUp { make_up_id } => make_up_id.0,
            Job::TellRequest { request_id } => request_id.0,
        }
    }
}

/// Why a job did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Something else must change first, and nobody knows when. The job waits for as long as that takes: a try in vain
    /// does not count.
    #[error("{0}")]
    Wait(String),
    /// Trying again later can help.
    #[error("{0}")]
    Retry(String),
    /// Trying again cannot help; somebody must look.
    #[error("{0}")]
    GiveUp(String),
}

impl From<Error> for JobError {
    fn from(error: Error) -> Self {
        JobError::Retry(error.to_string())
    }
}

impl From<VendorError> for JobError {
    fn from(error: VendorError) -> Self {
        match error.remedy {
            Remedy::Wait => JobError::Wait(error.to_string()),
            Remedy::TryAgain => JobError::Retry(error.to_string()),
            Remedy::GiveUp => JobError::GiveUp(error.to_string()),
        }
    }
}

/// Stores `job` to run at `run_at`. A waiting job with the same key keeps its place: news about one thing coalesces.
pub async fn enqueue(tx: &mut Tx, clock: &Clock, run_at: Instant, job: &Job) -> Result<()> {
    enqueue_all(tx, clock, vec![(run_at, job.clone())]).await
}

/// Stores jobs to run at a time. One that waits already waits until then too, unless it has been tried before: what was
/// done last can be taken back for as long as what was done first.
pub async fn enqueue_no_sooner(tx: &mut Tx, clock: &Clock, run_at: Instant, jobs: Vec<Job>) -> Result<()> {
    let keys: Vec<String> = jobs.iter().filter_map(Job::dedupe_key).collect();
    queue::postpone(tx, run_at, keys).await?;
    enqueue_all(tx, clock, jobs.into_iter().map(|job| (run_at, job)).collect()).await
}

/// Stores jobs to run at their times, in one statement.
pub async fn enqueue_all(tx: &mut Tx, clock: &Clock, jobs: Vec<(Instant, Job)>) -> Result<()> {
    let now = clock.now();
    let is_due = jobs.iter().any(|(run_at, _)| *run_at <= now);
    let new = |(run_at, job): (Instant, Job)| NewJob {
        id: clock.new_id(),
        dedupe_key: job.dedupe_key(),
        subject: job.subject(),
        run_at,
        job,
    };
    queue::insert(tx, jobs.into_iter().map(new).collect(), now).await?;
    if is_due {
        tx.announce(Event::JobsWaiting);
    }
    Ok(())
}
