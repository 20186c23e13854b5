//! The page behind the link in a mail: it shows the booking, and a button calls it off.

use super::booked::{ManagedSession, fact};
use crate::ui::art;
use crate::ui::booked::how;
use crate::ui::form::{Problem, TextArea, error_summary, text_area};
use crate::ui::pieces::{self, Notice, dial};
use crate::ui::terms;
use crate::ui::undo::undo;
use crate::ui::zones::Zones;
use leptos::prelude::*;
use shared::booking::{BookingStatus, ByWhom, reference_words};
use shared::contact::LONGEST_REASON;
use shared::policy::PolicyStep;
use shared::time::Instant;

/// Draws the page. Looking at it changes nothing: mail scanners look too.
pub fn page(
    managed: ManagedSession,
    zones: &Zones,
    now: Instant,
    token: &str,
    phone: &str,
    notice: Option<Notice>,
    typed: Typed,
) -> AnyView {
    let Typed { reason, problems } = typed;
    let problems = problems.as_slice();
    let booking = &managed.row;
    let status = booking.status.0;
    let badge = match status {
        BookingStatus::PendingPayment => "badge pending",
        BookingStatus::Confirmed => "badge confirmed",
        BookingStatus::Completed => "badge done",
        BookingStatus::NoShow => "badge late",
        BookingStatus::Cancelled | BookingStatus::Expired => "badge cancelled",
    };
    let cancelled = status == BookingStatus::Cancelled;
    let heading = if cancelled { "This booking is cancelled" } else { "Your booking" };
    let session = booking.session_type.as_ref().map(|row| row.name.clone()).unwrap_or_default();
    let session = format!("{session}, {}", how(booking.modality.0).to_lowercase());
    let therapist = booking.therapist.as_ref().map(|row| fact("With", row.name.clone().into_any()));
    let again = booking.session_type.as_ref().map_or("/book".to_owned(), |row| format!("/book/{}", row.slug));
    let is_paid = !managed.policy_steps.is_empty();
    let form = if booking.can_cancel {
        cancel_form(&managed, zones, now, token, reason, problems)
    } else {
        let words = match cancelled {
            true if managed.is_late && !managed.is_waived => {
                "Nobody will be waiting. It was cancelled late: if a fee is charged, you find it under your bills."
            }
            true => "Nobody will be waiting, and nothing is owed.",
            false if status == BookingStatus::Confirmed => {
                "It has begun, or is about to, and can no longer be cancelled here."
            }
            false => "It can no longer be cancelled here.",
        };
        let again = again.clone();
        let call = (status == BookingStatus::Confirmed && !phone.is_empty()).then(|| {
            view! {
                <p>"Has something come up, or has nobody been in touch yet? Call "<a href=dial(phone)>{phone.to_owned()}</a>"."</p>
            }
        });
        view! { <p class="soft">{words}</p>{call}<p><a class="button quiet" href=again>"Choose another time"</a></p> }
            .into_any()
    };
    let shift = managed.can_move.then(|| move_link(token));
    let refusal = managed.move_refusal.as_ref().filter(|_| booking.can_cancel);
    let refusal = refusal.map(|refusal| view! { <p class="soft">{refusal.0.words()}</p> });
    let aside = (booking.can_cancel && !managed.can_move && !is_paid).then(|| {
        view! {
            <h2>"Another time?"</h2>
            <p>
                "If today is not the day, another time is as good. "<a href=again>"Choose another time"</a>
                ", then cancel this one. You need not give a reason."
            </p>
        }
    });
    let action = format!("/manage/{token}/undo");
    let offer = managed.undoable.as_ref();
    let offer = offer.and_then(|it| it.offer(ByWhom::Client, action, |at| zones.clock(at), |at| zones.moment(at)));
    let reference = view! { <span class="reference">{reference_words(&booking.reference)}</span> };
    view! {
        <div class="wrap">
            <div class="opening">
                <h1>{heading}</h1>
                <p class="when-big">
                    <time datetime=booking.starts_at.to_string()>
                        {zones.stretch(booking.starts_at, booking.ends_at)}
                    </time>
                </p>
                <p class="soft">{zones.beneath(booking.starts_at)}</p>
            </div>
            <div class="aside">
                <div class="stack">
                    {error_summary(problems)}
                    {undo(offer)}
                    <dl class="facts">
                        {fact("Status", view! { <span class=badge>{status.words()}</span> }.into_any())}
                        {fact("Session", session.into_any())} {therapist}
                        {fact("Reference", reference.into_any())}
                    </dl>
                    {shift} {form}
                </div>
                <aside class="stack">
                    {aside} {refusal}
                    <p class="soft">
                        "Have you been here before? "<a href="/sign-in">"Sign in"</a>" to see all your sessions."
                    </p>
                </aside>
            </div>
            {pieces::notice(notice)}
        </div>
    }
    .into_any()
}

/// What was typed and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Why the session is called off.
    pub reason: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

fn move_link(token: &str) -> AnyView {
    view! {
        <h2>"Another time?"</h2>
        <p>"Everything else about it stays as it is."</p>
        <p><a class="button quiet" href=format!("/manage/{token}/move")>"Move it"</a></p>
    }
    .into_any()
}

fn cancel_form(
    managed: &ManagedSession,
    zones: &Zones,
    now: Instant,
    token: &str,
    reason: String,
    problems: &[Problem],
) -> AnyView {
    let steps: Vec<PolicyStep> = managed.policy_steps.iter().map(PolicyStep::from).collect();
    let (price, outcome) = (managed.price.money(), managed.if_cancelled_now);
    let (button, means) = match steps.is_empty() {
        true => ("Cancel the call", "You can cancel at no cost up to the start.".to_owned()),
        false => {
            ("Cancel the session", terms::if_cancelled(outcome.fee.money(), price, outcome.is_late, outcome.is_waived))
        }
    };
    let costs = terms::timeline(&steps, price, now, |at| zones.moment(at));
    let reason = TextArea {
        id: "reason",
        label: "A word to us (optional)",
        hint: Some("Only if you would like to."),
        rows: 2,
        longest: LONGEST_REASON,
        is_required: false,
        value: reason,
    };
    view! {
        <h2>"Not coming?"</h2>
        <form class="form" method="post" action=format!("/manage/{token}/cancel")>
            {text_area(reason, problems)}
            <p>{means}</p>
            <p><button class="button danger">{button}</button></p>
        </form>
        {costs}
    }
    .into_any()
}

/// The page for a link that leads to no booking.
pub fn unknown(phone: String, email: String) -> AnyView {
    let call = (!phone.is_empty()).then(|| view! { "call "<a href=dial(&phone)>{phone.clone()}</a>" or " });
    let mail = if email.is_empty() {
        view! { <a href="/contact">"write a line"</a> }.into_any()
    } else {
        view! { "write to "<a href=format!("mailto:{email}")>{email.clone()}</a> }.into_any()
    };
    view! {
        <div class="wrap">
            <div class="threshold">
                <div class="say">
                    <h1>"We cannot find this booking"</h1>
                    <p class="lead">
                        "The link may be too old, or may have lost a letter on the way. Nothing you did went wrong."
                    </p>
                    <p>"If you expected a booking here, "{call}{mail}", and we will find it together."</p>
                    <p class="cluster">
                        <a class="button" href="/book">"See free times"</a>
                        <a href="/sign-in">"Sign in"</a>
                    </p>
                </div>
                {art::closed_door()}
            </div>
        </div>
    }
    .into_any()
}
