//! Requests at the practice: who asks for what, and the next step of each.

use super::proposal::propose;
use crate::api::schema::{Shared, schema};
use crate::api::waiting::{self, Band};
use crate::api::zone::{Zone, ZoneVariablesFields, table};
use crate::ui::art;
use crate::ui::form::{Problem, error_summary};
use crate::ui::pieces::{self, Notice, dial, paragraphs};
use crate::ui::wish;
use leptos::prelude::*;
use shared::ids::{ClientId, RequestId, TherapistId};
use shared::request::RequestStatus;
use shared::time::{Instant, Weekday};
use shared::words;
use shared::zone::ZoneTable;

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
pub struct RequestsQuery {
    /// The zone of the practice.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
    /// Who sees clients.
    pub therapists: Vec<NamedTherapist>,
    /// Whoever is signed in.
    pub viewer: RequestsViewer,
}

/// Somebody who sees clients.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Therapist")]
pub struct NamedTherapist {
    /// Which.
    pub id: TherapistId,
    /// Her name.
    pub name: String,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct RequestsViewer {
    /// What people ask for.
    pub requests: Option<Vec<Request>>,
}

/// A request.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "PracticeRequest")]
pub struct Request {
    /// Which.
    pub id: RequestId,
    /// What to call them.
    pub name: String,
    /// Where the answer goes.
    pub email: String,
    /// The number to call.
    pub phone: String,
    /// The zone they read times in.
    pub time_zone: String,
    /// Whose it is.
    pub client_id: Option<ClientId>,
    /// What is asked for.
    pub session_type: Option<RequestedType>,
    /// With whom, if they said.
    pub wanted_therapist: Option<NamedTherapist>,
    /// The days that suit.
    pub weekdays: Vec<Shared<Weekday>>,
    /// The parts of the day that suit.
    pub bands: Vec<Band>,
    /// What else there is to know.
    pub note: Option<String>,
    /// Where it stands.
    pub status: Shared<RequestStatus>,
    /// The therapist who is proposed.
    pub therapist: Option<NamedTherapist>,
    /// Whether it is the reader who is asked for a yes.
    pub is_yours: bool,
    /// The start that is proposed.
    pub starts_at: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
    /// A few free starts that would suit.
    pub suggestions: Vec<Suggestion>,
}

/// What is asked for.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct RequestedType {
    /// Its name.
    pub name: String,
}

/// A free start.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Slot")]
pub struct Suggestion {
    /// When.
    pub starts_at: Instant,
    /// With whom.
    pub therapist: Option<NamedTherapist>,
}

/// Draws the page. What is wrong with one request is said above it.
pub fn page(answer: RequestsQuery, notice: Option<Notice>, wrong: Option<(RequestId, Vec<Problem>)>) -> AnyView {
    let zone = table(answer.time_zone.as_ref());
    let requests = answer.viewer.requests.unwrap_or_default();
    let (over, open): (Vec<_>, Vec<_>) =
        requests.into_iter().partition(|it| it.status.0.is_over() || it.status.0 == RequestStatus::Confirmed);
    let cards: Vec<_> = open
        .iter()
        .map(|request| {
            let problems = wrong.as_ref().filter(|(id, _)| *id == request.id).map(|(_, it)| it.clone());
            card(request, &answer.therapists, &zone, &problems.unwrap_or_default())
        })
        .collect();
    let list = match cards.is_empty() {
        true => view! {
            <div class="empty">
                {art::small_door()}
                <div class="stack">
                    <h2>"Nobody is asking"</h2>
                    <p>"When none of the free times suits somebody, they can say what would. It appears here."</p>
                </div>
            </div>
        }
        .into_any(),
        false => view! { <div class="stack">{cards}</div> }.into_any(),
    };
    let over = (!over.is_empty()).then(|| {
        let rows: Vec<_> = over.iter().map(|request| past(request, &zone)).collect();
        view! { <section class="stack"><h2>"Answered lately"</h2><ul class="rows bare">{rows}</ul></section> }
    });
    view! {
        <div class="desk-head">
            <div><p class="soft"><a href="/admin/more">"More"</a></p><h1>"Requests"</h1></div>
        </div>
        <div class="stack">{list} {over} <p class="soft small">{words::city(&zone.name)}" time."</p></div>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn badge(status: RequestStatus) -> impl IntoView {
    let class = match status {
        RequestStatus::Pending => "badge new",
        RequestStatus::Matched | RequestStatus::Accepted => "badge pending",
        RequestStatus::Confirmed => "badge confirmed",
        RequestStatus::Completed => "badge done",
        RequestStatus::Cancelled => "badge cancelled",
    };
    view! { <span class=class>{status.words()}</span> }
}

fn card(
    request: &Request,
    therapists: &[NamedTherapist],
    zone: &ZoneTable,
    problems: &[Problem],
) -> impl IntoView + use<> {
    let what = request.session_type.as_ref().map(|it| it.name.clone()).unwrap_or_default();
    let who = match request.client_id {
        Some(id) => view! { <a class="who" href=format!("/admin/clients/{id}")>{request.name.clone()}</a> }.into_any(),
        None => view! { <span class="who">{request.name.clone()}</span> }.into_any(),
    };
    let elsewhere = (request.time_zone != zone.name).then(|| format!(", in {}", words::city(&request.time_zone)));
    let with = request.wanted_therapist.as_ref().map(|therapist| {
        view! { <div><dt>"With"</dt><dd>{therapist.name.clone()}</dd></div> }
    });
    let note = request.note.as_deref().map(|note| {
        view! { <div><dt>"They write"</dt><dd>{paragraphs(note)}</dd></div> }
    });
    let proposed = request.starts_at.map(|at| {
        let with = request.therapist.as_ref().map(|it| format!(", with {}", it.name)).unwrap_or_default();
        view! { <div><dt>"Proposed"</dt><dd><b>{words::moment(at, zone)}</b>{with}</dd></div> }
    });
    let heading = format!("request-{}", request.id);
    let named = heading.clone();
    view! {
        <article class="request" aria-labelledby=named>
            <header class="row">
                <h2 id=heading>{who}</h2>
                {badge(request.status.0)}
            </header>
            {error_summary(problems)}
            <dl class="facts">
                <div><dt>"Asks for"</dt><dd>{what}</dd></div>
                {with}
                <div>
                    <dt>"Would suit"</dt>
                    <dd>{wish::words(&waiting::days(&request.weekdays), &waiting::parts(&request.bands))}{elsewhere}</dd>
                </div>
                {note}
                <div>
                    <dt>"Reach them"</dt>
                    <dd>
                        <a href=format!("mailto:{}", request.email)>{request.email.clone()}</a>
                        ", "
                        <a href=dial(&request.phone)>{request.phone.clone()}</a>
                    </dd>
                </div>
                <div>
                    <dt>"Asked"</dt>
                    <dd>
                        <time datetime=request.created_at.to_string()>{words::moment(request.created_at, zone)}</time>
                    </dd>
                </div>
                {proposed}
            </dl>
            {next_step(request, therapists, zone)}
        </article>
    }
}

fn press(request: &Request, what: &'static str, label: &'static str, class: &'static str) -> impl IntoView + use<> {
    let aria = format!("{label}: {}", request.name);
    view! {
        <form method="post" action=format!("/admin/requests/{}/{what}", request.id)>
            <button class=class aria-label=aria>{label}</button>
        </form>
    }
}

fn next_step(request: &Request, therapists: &[NamedTherapist], zone: &ZoneTable) -> AnyView {
    let close = press(request, "close", "No time for this", "link");
    match request.status.0 {
        RequestStatus::Matched if request.is_yours => view! {
            <div class="cluster">
                {press(request, "accept", "Yes, that suits me", "button")}
                {press(request, "decline", "No, find another", "button quiet")} {close}
            </div>
        }
        .into_any(),
        RequestStatus::Matched => {
            let name = request.therapist.as_ref().map_or("the therapist", |it| it.name.as_str()).to_owned();
            view! {
                <p class="soft">"Waiting for a yes from "{name}"."</p>
                {propose(request, therapists, zone, false)}
                <div class="cluster">{close}</div>
            }
            .into_any()
        }
        RequestStatus::Accepted => {
            let decline = request.is_yours.then(|| press(request, "decline", "No, find another", "button quiet"));
            view! {
                <div class="cluster">{press(request, "confirm", "Put it in the calendar", "button")} {decline} {close}</div>
                {propose(request, therapists, zone, false)}
            }
            .into_any()
        }
        _ => view! {
            {propose(request, therapists, zone, true)}
            <div class="cluster">{close}</div>
        }
        .into_any(),
    }
}

fn past(request: &Request, zone: &ZoneTable) -> impl IntoView + use<> {
    let what = request.session_type.as_ref().map(|it| it.name.clone()).unwrap_or_default();
    let at = request.starts_at.map(|at| format!(", {}", words::short_moment(at, zone)));
    view! {
        <li class="row">
            <span><b>{request.name.clone()}</b>", "{what}{at}</span>
            {badge(request.status.0)}
        </li>
    }
}
