//! The page behind the mail that offers other times: a button for each, and one for none.

use super::unknown_link;
use crate::api::make_up::{MakeUp, MakeUpState};
use crate::api::schema::schema;
use crate::ui::art;
use crate::ui::form::{Problem, error_summary};
use crate::ui::times;
use leptos::prelude::*;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// Names an offer by the secret of its link.
#[derive(cynic::QueryVariables)]
pub struct ByMakeUpToken {
    /// The secret.
    pub token: String,
}

/// The times a mailed link is for.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ByMakeUpToken")]
pub struct MakeUpQuery {
    /// The times.
    #[arguments(token: $token)]
    pub make_up: Option<MakeUp>,
}

/// Draws the page. Looking at it changes nothing: mail scanners look too.
pub fn page(offer: &MakeUp, token: &str, zone: &ZoneTable, problems: &[Problem]) -> AnyView {
    let was = words::moment(offer.booking.starts_at, zone);
    let starts: Vec<Instant> = offer.times.iter().map(|time| time.starts_at).collect();
    let body = match (offer.is_open, offer.state) {
        (true, _) => view! {
            <p class="lead">"Your appointment on "{was}" had to be cancelled, and costs you nothing. These times are kept for you instead."</p>
            {times::choose(format!("/make-up/{token}"), &starts, zone)}
            <p class="soft">{words::city(&zone.name)}" time. They are kept until "{words::moment(offer.until, zone)}"."</p>
        }
        .into_any(),
        (false, MakeUpState::Taken) => view! {
            <p class="lead">"It is yours. A mail with the new time is on its way."</p>
            <p><a class="button" href="/portal">"See your appointments"</a></p>
        }
        .into_any(),
        (false, MakeUpState::Declined) => view! {
            <p class="lead">"Thank you for saying so. Your therapist sees it, and you can look for another time whenever you like."</p>
            <p><a class="button" href="/portal">"See your appointments"</a></p>
        }
        .into_any(),
        (false, _) => view! {
            <p class="lead">"These times are no longer kept for you. You can look for another time whenever you like."</p>
            <p><a class="button" href="/portal">"See your appointments"</a></p>
        }
        .into_any(),
    };
    view! {
        <div class="wrap">
            <div class="threshold">
                <div class="say"><h1>"Choose another time"</h1>{error_summary(problems)} {body}</div>
                {art::closed_door()}
            </div>
        </div>
    }
    .into_any()
}

/// The page for a link that leads to no offer.
pub fn unknown() -> AnyView {
    unknown_link::page("We cannot find these times", "/portal", "See your appointments")
}
