//! Long texts: the privacy page and the terms.

use crate::api::schema::schema;
use leptos::prelude::*;

/// What the privacy page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct PrivacyQuery {
    /// The practice.
    pub practice: PrivacyText,
}

/// The text of the privacy page.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct PrivacyText {
    /// One paragraph each.
    pub privacy: Vec<String>,
}

/// What the terms page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct TermsQuery {
    /// The practice.
    pub practice: TermsText,
}

/// The text of the terms page.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct TermsText {
    /// One paragraph each.
    pub terms: Vec<String>,
}

/// Draws a long text under its heading.
pub fn page(heading: &'static str, lead: &'static str, text: Vec<String>) -> AnyView {
    let body = if text.is_empty() {
        view! { <p>"This page is still being written. Please "<a href="/contact">"ask us"</a>"."</p> }.into_any()
    } else {
        paragraphs(text).into_any()
    };
    view! {
        <div class="wrap">
            <div class="opening">
                <h1>{heading}</h1>
                <p class="lead">{lead}</p>
            </div>
            <div class="prose">{body}</div>
        </div>
    }
    .into_any()
}

/// One paragraph each; one that begins with `# ` is a heading.
pub fn paragraphs(text: Vec<String>) -> impl IntoView {
    let one = |text: String| match text.strip_prefix("# ") {
        Some(heading) => view! { <h2>{heading.to_owned()}</h2> }.into_any(),
        None => view! { <p>{text}</p> }.into_any(),
    };
    text.into_iter().map(one).collect::<Vec<_>>()
}
