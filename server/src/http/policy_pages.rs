//! The page of the rules for calling off: to look, to try out, to publish.

use super::Http;
use super::fault::Fault;
use super::form::problems;
use super::pages::gate::{StaffVisit, see_other};
use super::pages::portal::private_head;
use super::pages::{answer, api, frame};
use super::reminder_pages::{Done, pairs, status_of, value};
use super::series_forms::Wrong;
use super::visit::Visit;
use crate::error::Error;
use crate::features::money::policy;
use app::admin::policy::{self as drawn, PolicyQuery, STEPS, TypedPolicy};
use app::api::zone::ZoneVariables;
use app::shell::Surface;
use app::ui::pieces::Notice;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use cynic::QueryBuilder;
use shared::policy::{CancellationPolicy, FeeWindow};

pub(super) fn routes() -> Router<Http> {
    Router::new().route("/admin/policy", get(look).post(publish))
}

async fn look(StaffVisit { visit, .. }: StaffVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let words = "Published. New bookings follow these rules; sessions booked before keep theirs.";
    let notice = (done.done.as_deref() == Some("published")).then(|| Notice(words.into()));
    page(&visit, None, notice).await
}

async fn page(visit: &Visit, typed: Option<TypedPolicy>, notice: Option<Notice>) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let asked = api(visit).ask(PolicyQuery::build(zone)).await?;
    let status = status_of(typed.as_ref().map(|typed| typed.problems.as_slice()).unwrap_or_default());
    let head = private_head("Cancelling and moving", "/admin/policy");
    let draw = || drawn::page(&asked, typed, notice);
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/policy"), None, draw))
}

/// Publishes what was typed, or shows what it would mean.
async fn publish(staff: StaffVisit, body: String) -> Result<Response, Fault> {
    let visit = &staff.visit;
    staff.therapist().await?;
    let form = pairs(&body);
    let field = |name: &str| value(&form, name).trim().to_owned();
    let steps: Vec<(String, String)> = STEPS.iter().map(|(hours, fee)| (field(hours), field(fee))).collect();
    let steps = steps.into_iter().filter(|(hours, fee)| !hours.is_empty() || !fee.is_empty()).collect::<Vec<_>>();
    let mut wrong = Wrong::default();
    let mut windows = Vec::new();
    for (step, (hours, fee)) in steps.iter().enumerate() {
        match (hours.parse(), fee.parse()) {
            (Ok(hours_before), Ok(fee_percent)) => windows.push(FeeWindow { hours_before, fee_percent }),
            _ => {
                let id = STEPS.get(step).map_or("hours-1", |(hours, _)| hours);
                wrong.say(id, &format!("Step {}: write how many hours before, and how many percent.", step + 1));
            }
        }
    }
    let mut count =
        |name: &str| wrong.read(field(name).parse::<u32>().ok(), name, "Write a whole number.").unwrap_or_default();
    let rules = CancellationPolicy {
        windows,
        no_show_percent: count("no-show"),
        free_late_cancels_per_year: count("free"),
        reschedule_limit: count("moves"),
        reschedule_hours: count("move-hours"),
        deposit_hours: count("deposit-hours"),
    };
    let only_looks = field("do") == "check";
    let refused = match wrong.0.is_empty() && !only_looks {
        true => match policy::publish(&visit.http.app, staff.viewer, rules.clone()).await {
            Ok(_) => return Ok(see_other("/admin/policy?done=published")),
            Err(Error::Refused(refused)) => refused,
            Err(error) => return Err(error.into()),
        },
        false => rules.problems(),
    };
    wrong.0.extend(problems(&refused, |name| {
        Some(match name {
            "windows" => "hours-1",
            "noShowPercent" => "no-show",
            "freeLateCancelsPerYear" => "free",
            "rescheduleLimit" => "moves",
            "rescheduleHours" => "move-hours",
            "depositHours" => "deposit-hours",
            _ => return None,
        })
    }));
    let typed = TypedPolicy {
        steps,
        no_show: field("no-show"),
        free: field("free"),
        moves: field("moves"),
        move_hours: field("move-hours"),
        deposit_hours: field("deposit-hours"),
        tried: wrong.0.is_empty().then_some(rules),
        problems: wrong.0,
    };
    page(visit, Some(typed), None).await
}
