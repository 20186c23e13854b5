//! The pages every visitor reads. They ship no WASM.

use super::{answer, api, frame, gone};
use crate::error::Error;
use crate::features::bookings::Seeker;
use crate::features::bookings::availability::{self, AvailabilityInput};
use crate::features::practice::zones;
use crate::http::Http;
use crate::http::fault::Fault;
use crate::http::visit::Visit;
use app::public::home::{self, FirstCall, HomeQuery};
use app::public::session_type::{self, SessionTypeQuery, SessionTypeVariables, SessionTypesQuery};
use app::public::text::{self, PrivacyQuery, TermsQuery};
use app::public::{about, faq};
use app::seo;
use app::shell::{Drawing, Frame, Head, Surface};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use cynic::QueryBuilder;
use shared::practice::Gate;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/", get(home))
        .route("/about", get(about))
        .route("/session-types", get(session_types))
        .route("/session-types/{slug}", get(session_type))
        .route("/faq", get(faq))
        .route("/privacy", get(privacy))
        .route("/terms", get(terms))
}

/// Answers with a public page; `current` is its entry in the navigation.
fn public(
    visit: &Visit,
    frame: &Frame,
    head: &Head,
    current: &'static str,
    draw: impl FnOnce() -> Drawing,
) -> Result<Response, Fault> {
    Ok(answer(visit, StatusCode::OK, frame, head, Surface::Public(current), None, draw))
}

async fn home(visit: Visit) -> Result<Response, Fault> {
    let (frame, data) = (frame(&visit).await?, api(&visit).ask(HomeQuery::build(())).await?);
    let first = first_call(&visit, &data).await?;
    let mut head = seo::head(&frame, "", &frame.practice.tagline, &[]);
    head.json_ld.push(seo::business(&frame));
    public(&visit, &frame, &head, "/", || home::page(data, first))
}

async fn first_call(visit: &Visit, data: &HomeQuery) -> Result<Option<FirstCall>, Fault> {
    let app = &visit.http.app;
    let Some(free) = data.session_types.iter().find(|session_type| session_type.gate.0 == Gate::Discovery) else {
        return Ok(None);
    };
    let catalogue = crate::features::practice::catalogue(app).await?;
    let now = app.clock.now();
    let zone = zones::find("timeZone", &catalogue.practice.time_zone, now)?;
    let today = zone.civil(now).date;
    let input = AvailabilityInput {
        session_type_id: free.id,
        therapist_id: None,
        from: today,
        to: today,
        time_zone: None,
        instead_of: None,
    };
    let next = availability::availability(app, &input, &Seeker::Anyone).await?.next_available;
    Ok(next.map(|slot| FirstCall {
        starts_at: slot.starts_at,
        date: zone.civil(slot.starts_at).date,
        zone: shared::zone::ZoneTable::clone(&zone),
        slug: free.slug.clone(),
    }))
}

async fn about(visit: Visit) -> Result<Response, Fault> {
    let (frame, data) = (frame(&visit).await?, api(&visit).ask(about::AboutQuery::build(())).await?);
    let heading = about::heading(&data.therapists);
    let description = data.therapists.iter().map(|row| format!("{}. {}", row.name, row.summary));
    let description = description.collect::<Vec<_>>().join(" ");
    let mut head = seo::head(&frame, &heading, &description, &[("About", "/about")]);
    for row in &data.therapists {
        let path = format!("/about#{}", row.slug);
        head.json_ld.push(seo::person(&frame, &row.name, &row.title, &row.summary, &path));
    }
    public(&visit, &frame, &head, "/about", || about::page(data))
}

async fn session_types(visit: Visit) -> Result<Response, Fault> {
    let (frame, data) = (frame(&visit).await?, api(&visit).ask(SessionTypesQuery::build(())).await?);
    let description = "What each session is, how long it lasts and what it costs. The first call is free.";
    let mut head = seo::head(&frame, "Sessions and fees", description, &[("Sessions", "/session-types")]);
    for row in &data.session_types {
        let path = format!("/session-types/{}", row.slug);
        head.json_ld.push(seo::service(&frame, &row.name, &row.summary, row.price, &path));
    }
    public(&visit, &frame, &head, "/session-types", || session_type::list(data))
}

async fn session_type(visit: Visit, Path(slug): Path<String>) -> Result<Response, Fault> {
    let data = api(&visit).ask(SessionTypeQuery::build(SessionTypeVariables { slug: slug.clone() })).await?;
    let Some(row) = data.session_type else { return gone::retired(&visit, &slug).await?.ok_or(Fault(Error::NotFound)) };
    let frame = frame(&visit).await?;
    let path = format!("/session-types/{}", row.slug);
    let trail = [("Sessions", "/session-types"), (row.name.as_str(), path.as_str())];
    let description = format!("{}: {} minutes, {}. {}", row.name, row.minutes, row.price.words(), row.summary);
    let mut head = seo::head(&frame, &row.name, &description, &trail);
    head.json_ld.push(seo::service(&frame, &row.name, &row.summary, row.price, &path));
    let draw = || session_type::page(row, data.practice, data.therapists);
    public(&visit, &frame, &head, "/session-types", draw)
}

async fn faq(visit: Visit) -> Result<Response, Fault> {
    let (frame, data) = (frame(&visit).await?, api(&visit).ask(faq::FaqQuery::build(())).await?);
    let description = "What people ask before they begin: the free call, fees, confidentiality, moving a session.";
    let mut head = seo::head(&frame, "Questions people ask", description, &[("Questions", "/faq")]);
    head.json_ld.push(seo::faq(&data.faq));
    public(&visit, &frame, &head, "/faq", || faq::page(data))
}

const PRIVACY_LEAD: &str = "What we keep about you, why, and for how long.";
const TERMS_LEAD: &str = "What we owe each other, in plain words.";

async fn privacy(visit: Visit) -> Result<Response, Fault> {
    let (frame, data) = (frame(&visit).await?, api(&visit).ask(PrivacyQuery::build(())).await?);
    let head = seo::head(&frame, "Privacy", PRIVACY_LEAD, &[("Privacy", "/privacy")]);
    public(&visit, &frame, &head, "/privacy", || text::page("Privacy", PRIVACY_LEAD, data.practice.privacy))
}

async fn terms(visit: Visit) -> Result<Response, Fault> {
    let (frame, data) = (frame(&visit).await?, api(&visit).ask(TermsQuery::build(())).await?);
    let head = seo::head(&frame, "Terms", TERMS_LEAD, &[("Terms", "/terms")]);
    public(&visit, &frame, &head, "/terms", || text::page("Terms", TERMS_LEAD, data.practice.terms))
}
