//! The page behind the button of a reminder: looking changes nothing, a button says that somebody will come.

use super::booked::BookedSession;
use crate::ui::art;
use crate::ui::zones::Zones;
use leptos::prelude::*;
use shared::booking::BookingStatus;

/// Draws the page.
pub fn page(booking: BookedSession, zones: &Zones, token: &str, problem: Option<String>) -> AnyView {
    let when = zones.stretch(booking.starts_at, booking.ends_at);
    let is_on = booking.status.0 == BookingStatus::Confirmed && booking.can_cancel;
    let manage = format!("/manage/{token}");
    let confirm = format!("{manage}/confirm");
    let (heading, body) = match (is_on, booking.client_confirmed_at) {
        (true, Some(_)) => (
            "Thank you. See you then.",
            view! {
                <p class="lead">"We know that you will come. There is nothing more to do."</p>
                <p>"If something comes up after all, "<a href=manage>"you can still change it"</a>"."</p>
            }
            .into_any(),
        ),
        (true, None) => (
            "Will you be there?",
            view! {
                <form class="cluster" method="post" action=confirm>
                    <button class="button large">"I will be there"</button>
                    <a href=manage>"See or change it"</a>
                </form>
            }
            .into_any(),
        ),
        (false, _) => (
            "This appointment is not in the calendar any more",
            view! {
                <p class="lead">"It was moved or cancelled, or is over. There is nothing to confirm."</p>
                <p><a href=manage>"See what became of it"</a></p>
            }
            .into_any(),
        ),
    };
    let problem = problem.map(|problem| view! { <p class="notice conflict" role="alert">{problem}</p> });
    view! {
        <div class="wrap">
            <div class="threshold">
                <div class="say">
                    <h1>{heading}</h1>
                    <p class="when-big"><time datetime=booking.starts_at.to_string()>{when}</time></p>
                    <p class="soft">{zones.beneath(booking.starts_at)}</p>
                    {problem}
                    {body}
                </div>
                {art::open_door()}
            </div>
        </div>
    }
    .into_any()
}
