//! What search engines and browsers ask for beside the pages.

use crate::error::Error;
use crate::features::practice;
use crate::http::Http;
use crate::http::fault::Fault;
use crate::http::headers::SECRET_ADDRESSES;
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use shared::practice::Gate;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/sitemap.xml", get(sitemap))
        .route("/robots.txt", get(robots))
        .route("/accent.css", get(accent))
}

/// Pages that are there in every practice.
const ALWAYS: [&str; 7] = ["/", "/about", "/session-types", "/faq", "/contact", "/privacy", "/terms"];

/// What is nobody's business but the people's who use it.
const CLOSED: [&str; 4] = ["/portal", "/admin", "/bookings", "/sandbox"];

/// How long a browser may use what it has, in seconds.
const CACHED: &str = "public, max-age=300";

async fn sitemap(State(http): State<Http>) -> Result<Response, Fault> {
    let catalogue = practice::catalogue(&http.app).await?;
    let visible = || catalogue.session_types.iter().filter(|session_type| session_type.is_public());
    let about = visible().map(|session_type| format!("/session-types/{}", session_type.slug));
    let open = visible().filter(|session_type| session_type.gate == Gate::Discovery);
    let book = open.map(|session_type| format!("/book/{}", session_type.slug));
    let paths = ALWAYS.into_iter().map(str::to_owned).chain(about).chain(book);
    let origin = http.app.config.origin();
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in paths {
        xml.push_str(&format!("<url><loc>{}</loc></url>\n", xml_text(&format!("{origin}{path}"))));
    }
    xml.push_str("</urlset>\n");
    Ok(file("application/xml", xml))
}

fn xml_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

async fn robots(State(http): State<Http>) -> Response {
    let closed: String = CLOSED.iter().chain(&SECRET_ADDRESSES).map(|path| format!("Disallow: {path}\n")).collect();
    let origin = http.app.config.origin();
    file("text/plain; charset=utf-8", format!("User-agent: *\n{closed}Sitemap: {origin}/sitemap.xml\n"))
}

/// The colour the practice chose; the style sheet clamps it, so that any hue can be read.
async fn accent(State(http): State<Http>) -> Result<Response, Fault> {
    let catalogue = practice::catalogue(&http.app).await?;
    let hue = catalogue.practice.settings.accent_hue.ok_or(Error::NotFound)?;
    Ok(file("text/css; charset=utf-8", format!(":root{{--accent:oklch(0.5 0.06 {})}}\n", hue)))
}

fn file(kind: &'static str, text: String) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, CACHED)], text).into_response()
}
