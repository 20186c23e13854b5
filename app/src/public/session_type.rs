//! What can be booked: the list, and one page each.

use super::home::{SessionTypeRow, prices};
use super::text::paragraphs;
use crate::api::amount::Amount;
use crate::api::schema::{Shared, schema};
use leptos::prelude::*;
use shared::practice::{Gate, Modality};

/// What the list asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct SessionTypesQuery {
    /// What can be booked.
    pub session_types: Vec<SessionTypeRow>,
    /// The practice.
    pub practice: Fees,
}

/// What the practice says about its fees.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct Fees {
    /// A line under the list of fees.
    pub fees_note: String,
}

/// Which session type a page is about.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct SessionTypeVariables {
    /// Its name in addresses.
    pub slug: String,
}

/// What the page of one session type asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "SessionTypeVariables")]
pub struct SessionTypeQuery {
    /// The session type, if there is one of that name.
    #[arguments(slug: $slug)]
    pub session_type: Option<SessionTypeDetails>,
    /// The practice.
    pub practice: Place,
    /// Who sees clients.
    pub therapists: Vec<With>,
}

/// Where the practice is.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct Place {
    /// One line each.
    pub address: Vec<String>,
}

/// Somebody a session can be with.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Therapist")]
pub struct With {
    /// Her name.
    pub name: String,
    /// Whether a discovery call with her can be booked.
    pub takes_new_clients: bool,
}

/// A session type, in full.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct SessionTypeDetails {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub summary: String,
    /// Paragraphs about it.
    pub description: Vec<String>,
    /// Who may book it.
    pub gate: Shared<Gate>,
    /// How it takes place.
    pub modality: Shared<Modality>,
    /// How long it is.
    pub minutes: i32,
    /// What it costs.
    pub price: Amount,
}

/// Draws the list.
pub fn list(data: SessionTypesQuery) -> AnyView {
    view! {
        <div class="wrap">
            <div class="opening">
                <h1>"Sessions and fees"</h1>
                <p class="lead">"Everything begins with the free call. What comes after it, you decide together."</p>
            </div>
            <div class="prose">{prices(data.session_types)} <p class="soft">{data.practice.fees_note}</p></div>
        </div>
    }
    .into_any()
}

/// Draws the page of one session type.
pub fn page(row: SessionTypeDetails, place: Place, therapists: Vec<With>) -> AnyView {
    let is_open = row.gate.0 == Gate::Discovery;
    let with: Vec<_> = therapists.into_iter().filter(|one| one.takes_new_clients || !is_open).collect();
    let with = with.into_iter().map(|one| one.name).collect::<Vec<_>>().join(" or ");
    let how = match row.modality.0 {
        Modality::Online => "By video, in your browser".to_owned(),
        Modality::Phone => "By phone".to_owned(),
        Modality::InPerson if place.address.is_empty() => "In the room".to_owned(),
        Modality::InPerson => place.address.join(", "),
    };
    let fact = |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
    };
    // How to begin comes before what the practice says under headings of its own.
    let mut about = row.description;
    let first_heading = about.iter().position(|text| text.starts_with("# ")).unwrap_or(about.len());
    let more = about.split_off(first_heading);
    let begin = if is_open { book(&row.slug).into_any() } else { after_the_call().into_any() };
    view! {
        <div class="wrap">
            <div class="opening">
                <nav class="trail" aria-label="You are here">
                    <ol>
                        <li><a href="/">"Home"</a></li>
                        <li><a href="/session-types">"Sessions"</a></li>
                        <li>{row.name.clone()}</li>
                    </ol>
                </nav>
                <h1>{row.name}</h1>
                <p class="lead">{row.summary}</p>
            </div>
            <div class="aside">
                <div class="prose">{paragraphs(about)} {begin} {paragraphs(more)}</div>
                <aside aria-label="At a glance">
                    <dl class="facts">
                        {fact("Length", format!("{} minutes", row.minutes))} {fact("Fee", row.price.money().to_string())}
                        {fact("How", how)} {fact("With", with)}
                    </dl>
                </aside>
            </div>
        </div>
    }
    .into_any()
}

fn book(slug: &str) -> impl IntoView + use<> {
    view! {
        <h2>"How to begin"</h2>
        <p>"You need no account. Choose a time, and say who you are and where we can reach you."</p>
        <p><a class="button" href=format!("/book/{slug}")>"See free times"</a></p>
    }
}

fn after_the_call() -> impl IntoView {
    view! {
        <h2>"How to begin"</h2>
        <p>
            "This session opens to you after the free call. That way nobody pays to find out that they would rather talk to
            someone else."
        </p>
        <p><a class="button" href="/book">"Book a free call"</a></p>
        <p class="soft small">"Already a client? "<a href="/portal/book">"Sign in to book"</a>"."</p>
    }
}
