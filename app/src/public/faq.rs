//! The questions people ask.

use super::home::{Question, questions};
use crate::api::schema::schema;
use leptos::prelude::*;

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct FaqQuery {
    /// The questions people ask, with their answers.
    pub faq: Vec<Question>,
}

/// Draws the page.
pub fn page(data: FaqQuery) -> AnyView {
    view! {
        <div class="wrap">
            <div class="opening">
                <h1>"Questions people ask"</h1>
                <p class="lead">
                    "If yours is not here, ask it on the call or "<a href="/contact">"write a line"</a>"."
                </p>
            </div>
            <div class="prose">{questions(data.faq, true)}</div>
        </div>
    }
    .into_any()
}
