//! One lane of the worker: claims as many jobs as it has places for, and begins each.

use super::Pace;
use super::ending::{self, settle};
use crate::app::App;
use crate::error::Result;
use crate::events::{Event, Listener};
use crate::features::{bookings, intake, notifications, payments, series, waitlist};
use crate::jobs::queue::{self, Claimed};
use crate::jobs::{Job, JobError, Lane};
use shared::time::TimeRange;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long a claimed job is nobody else's.
const LEASE_SECONDS: i64 = 300;

/// After so many tries a person must look.
pub(super) const MOST_ATTEMPTS: i64 = 12;

/// The longest sleep between two looks at the queue.
const LONGEST_SLEEP: Duration = Duration::from_secs(5);

/// The sleep after a queue that could not be read.
const AFTER_ERROR: Duration = Duration::from_secs(1);

/// How long a job that was cut off may take to be put back.
const PUTTING_BACK: Duration = Duration::from_secs(3);

/// Works one lane until told to stop, then waits a little for what is under way.
pub(super) async fn work(lane: Lane, pace: Pace, app: &Arc<App>, stop: &CancellationToken) {
    let (mut events, mut running, cut) = (app.bus.listen(), JoinSet::new(), CancellationToken::new());
    while !stop.is_cancelled() {
        match look(lane, pace, app, &mut running, &cut).await {
            Ok(sleep) => tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(sleep) => {}
                () = woken(&mut events) => {}
                Some(ended) = running.join_next() => note(ended),
            },
            Err(error) => {
                tracing::error!(?lane, %error, "the worker could not read its queue");
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(AFTER_ERROR) => {}
                }
            }
        }
    }
    if timeout(pace.last_jobs, end(&mut running)).await.is_ok() {
        return;
    }
    cut.cancel();
    if timeout(PUTTING_BACK, end(&mut running)).await.is_err() {
        tracing::warn!(
            ?lane,
            left = running.len(),
            "jobs were left behind; they are done again once their leases are over"
        );
    }
}

/// Begins what is due, as far as there are places, and answers how long there is nothing more to begin.
async fn look(
    lane: Lane,
    pace: Pace,
    app: &Arc<App>,
    running: &mut JoinSet<()>,
    cut: &CancellationToken,
) -> Result<Duration> {
    while let Some(ended) = running.try_join_next() {
        note(ended);
    }
    let free = pace.places.saturating_sub(running.len());
    if free == 0 || begin(lane, free, pace, app, running, cut).await? == free {
        // The end of any of them wakes the lane.
        return Ok(LONGEST_SLEEP);
    }
    let next = queue::next_due(&mut app.db.read().await?, lane.kinds()).await?;
    let Some(next) = next else { return Ok(LONGEST_SLEEP) };
    let micros = next.micros().saturating_sub(app.clock.now().micros());
    Ok(Duration::from_micros(u64::try_from(micros).unwrap_or(0)).min(LONGEST_SLEEP))
}

/// Claims up to `free` jobs and begins each in a task of its own. What is cut puts its job back.
pub(super) async fn begin(
    lane: Lane,
    free: usize,
    pace: Pace,
    app: &Arc<App>,
    running: &mut JoinSet<()>,
    cut: &CancellationToken,
) -> Result<usize> {
    let (now, lease) = (app.clock.now(), app.clock.new_id());
    let until = now.plus_seconds(LEASE_SECONDS);
    let claimed = app
        .db
        .write(move |tx| {
            Box::pin(async move { Ok(queue::claim(tx, lane.kinds(), lease, now, until, free as i64).await?) })
        })
        .await?;
    let begun = claimed.len();
    for job in claimed {
        running.spawn(run_one(app.clone(), job, lease, pace.longest_job, cut.clone()));
    }
    Ok(begun)
}

/// Waits for everything under way.
pub(super) async fn end(running: &mut JoinSet<()>) {
    while let Some(ended) = running.join_next().await {
        note(ended);
    }
}

/// A job's own panic is caught where it is done; this would be one of ours.
fn note(ended: std::result::Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "what became of a job was not noted; it is done again once its lease is over");
    }
}

async fn woken(events: &mut Listener) {
    while let Some(event) = events.next().await {
        if matches!(event, Event::JobsWaiting | Event::Missed) {
            return;
        }
    }
    std::future::pending().await
}

async fn run_one(app: Arc<App>, claimed: Claimed, lease: Uuid, longest: Duration, cut: CancellationToken) {
    let outcome = match claimed.read() {
        // Whoever held it was gone before it could say why, every time: it would take this process along too.
        Ok(_) if claimed.attempts > MOST_ATTEMPTS => {
            Err(JobError::GiveUp("whoever did it went away in the middle, every time".to_owned()))
        }
        Ok(job) => settle(perform(&app, claimed.id, job), longest, &cut).await,
        Err(why) => Err(why),
    };
    ending::record(&app, &claimed, lease, outcome).await;
}

/// Every job has its place here; the compiler sees to it.
async fn perform(app: &Arc<App>, id: Uuid, job: Job) -> std::result::Result<(), JobError> {
    match job {
        Job::MailSignIn { link_id } => notifications::mail_sign_in(app, link_id).await,
        Job::TellClient { booking_id } => notifications::tell_client(app, booking_id).await,
        Job::TellTherapist { booking_id } => notifications::tell_therapist(app, booking_id).await,
        Job::TellSessions { client_id } => notifications::series::tell_sessions(app, client_id, id).await,
        Job::TellConflicts { therapist_id } => notifications::series::tell_conflicts(app, therapist_id, id).await,
        Job::TellClockChange { notice_id } => notifications::series::tell_clock_change(app, notice_id).await,
        Job::TellDecision { client_id } => notifications::tell_decision(app, client_id).await,
        Job::MailInvitation { invitation_id } => notifications::mail_invitation(app, invitation_id).await,
        Job::PromptDecision { booking_id } => notifications::prompt_decision(app, booking_id).await,
        Job::BeginIntake { user_id } => Ok(intake::begin(app, user_id).await?),
        Job::MailContactMessage { message_id } => notifications::mail_contact_message(app, message_id).await,
        Job::ReleaseHold { occupancy_id } => Ok(bookings::hold::release_expired(app, occupancy_id).await?),
        Job::HandleWebhook { event } => payments::webhook::handle(app, event).await,
        Job::ExpireCheckout { payment_id } => payments::expire::expire_checkout(app, payment_id).await,
        Job::SendRefund { refund_id } => payments::refund::send(app, refund_id).await,
        Job::Reconcile => payments::reconcile::reconcile(app).await,
        Job::TellReceipt { payment_id } => notifications::tell_receipt(app, payment_id).await,
        Job::TellRefund { refund_id } => notifications::tell_refund(app, refund_id).await,
        Job::TellBill { invoice_id } => notifications::tell_bill(app, invoice_id).await,
        Job::TellExpired { booking_id } => notifications::tell_expired(app, booking_id).await,
        Job::ExpireUnpaid { booking_id } => payments::expire::expire_booking(app, booking_id).await,
        Job::SettleBooking { booking_id } => Ok(payments::settle_booking::settle(app, booking_id).await?),
        Job::AdoptBookings { user_id } => Ok(bookings::book_discovery::adopt(app, user_id).await?),
        Job::WarnOfReuse { user_id } => notifications::warn_of_reuse(app, user_id, id).await,
        Job::Remind { reminder_id, .. } => notifications::reminding::remind(app, reminder_id).await,
        Job::PlanReminders { client_id } => Ok(bookings::reminders::plan_anew(app, client_id).await?),
        Job::FollowUp { client_id } => notifications::reminding::follow_up(app, client_id).await,
        Job::OfferFreedTime { therapist_id, starts_at, ends_at } => {
            Ok(waitlist::offering::offer_freed(app, therapist_id, TimeRange { starts_at, ends_at }).await?)
        }
        Job::OfferFreedRoom { room_id, starts_at, ends_at } => {
            Ok(waitlist::offering::offer_room(app, room_id, TimeRange { starts_at, ends_at }).await?)
        }
        Job::AskStillWaiting { wish_id } => notifications::asking::ask_still_waiting(app, wish_id).await,
        Job::TellMakeUp { make_up_id } => notifications::asking::tell_make_up(app, make_up_id).await,
        Job::ExpireMakeUp { make_up_id } => Ok(series::make_up::expire(app, make_up_id).await?),
        Job::TellOffer { offer_id } => notifications::asking::tell_offer(app, offer_id).await,
        Job::ExpireOffer { offer_id } => Ok(waitlist::offering::expire(app, offer_id).await?),
        Job::TellRequest { request_id } => notifications::asking::tell_request(app, request_id).await,
    }
}
