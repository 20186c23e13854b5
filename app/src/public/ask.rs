//! Asking for a time when none that is free suits.

use crate::api::schema::schema;
use crate::ui::art;
use crate::ui::form::{Problem, TextArea, TextField, error_summary, honeypot, text_area, text_field};
use crate::ui::wish::{self, Ticked};
use leptos::prelude::*;
use shared::actor::Role;
use shared::ids::{SessionTypeId, TherapistId};
use shared::request::LONGEST_NOTE;

/// Names a session type.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct AskVariables {
    /// Its name in addresses.
    pub slug: String,
}

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "AskVariables")]
pub struct AskQuery {
    /// What would be booked.
    #[arguments(slug: $slug)]
    pub session_type: Option<AskedType>,
    /// The practice.
    pub practice: AskPractice,
    /// Whoever is signed in.
    pub viewer: AskViewer,
}

/// What would be booked.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct AskedType {
    /// Which.
    pub id: SessionTypeId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// The practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct AskPractice {
    /// How soon messages are answered, in words.
    pub answers_within: String,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct AskViewer {
    /// The person.
    pub user: Option<AskUser>,
}

/// The person who is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "User")]
pub struct AskUser {
    /// What to call them.
    pub name: String,
    /// What they may do.
    pub role: crate::api::schema::Shared<Role>,
}

/// What was typed, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Whom it is to be with.
    pub with: Option<TherapistId>,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The number.
    pub phone: String,
    /// The days and times.
    pub ticked: Ticked,
    /// What else there is to know.
    pub note: String,
    /// Makes the request once, however often it is sent.
    pub key: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Draws the page with its form.
pub fn page(session_type: &AskedType, practice: &AskPractice, user: Option<&AskUser>, typed: Typed) -> AnyView {
    let problems = &typed.problems;
    let client = user.filter(|user| user.role.0 == Role::Client);
    let text = |id, label, hint, kind, autocomplete, value| TextField { id, label, hint, kind, autocomplete, value };
    let who = match client {
        Some(client) => view! { <p>"The answer comes to you, "{client.name.clone()}", where your other mail comes."</p> }.into_any(),
        None => view! {
            {text_field(text("name", "Your name", None, "text", "name", typed.name.clone()), problems)}
            {text_field(text("email", "Email", Some("The answer comes here."), "email", "email", typed.email.clone()), problems)}
            {text_field(text("phone", "Phone", Some("The number to call."), "tel", "tel", typed.phone.clone()), problems)}
        }
        .into_any(),
    };
    let note = TextArea {
        id: "note",
        label: "Anything else (optional)",
        hint: Some(
            "When you could come, or what makes it hard. No private details are needed. Only the practice reads it.",
        ),
        rows: 3,
        longest: LONGEST_NOTE,
        is_required: false,
        value: typed.note.clone(),
    };
    view! {
        <div class="wrap">
            <div class="opening">
                <h1>"Nothing suits?"</h1>
                <p class="lead">
                    "Say when you could come, and we look for a time with you: "{session_type.name.clone()}
                    ". You will have an answer within "{practice.answers_within.clone()}"."
                </p>
            </div>
            <div class="aside"><form class="form" method="post" action=format!("/book/{}/ask", session_type.slug)>
                {error_summary(problems)}
                {wish::fields(&typed.ticked)}
                {who}
                {text_area(note, problems)}
                {honeypot()}
                <input type="hidden" name="key" value=typed.key.clone() />
                {typed.with.map(|with| view! { <input type="hidden" name="with" value=with.to_string() /> })}
                <p class="cluster">
                    <button class="button">"Ask for a time"</button>
                    <a href=format!("/book/{}", session_type.slug)>"Back to the free times"</a>
                </p>
            </form></div>
        </div>
    }
    .into_any()
}

/// Draws the page after a request was made.
pub fn sent(practice: &AskPractice, is_client: bool) -> AnyView {
    let back = match is_client {
        true => view! { <p><a href="/portal/waitlist">"See what you have asked for"</a></p> }.into_any(),
        false => view! { <p><a href="/">"Back to the start page"</a></p> }.into_any(),
    };
    view! {
        <div class="wrap">
            <div class="threshold">
                <div class="say">
                    <h1>"Thank you for asking"</h1>
                    <p class="lead">
                        "We look for a time that suits you, and write within "{practice.answers_within.clone()}
                        ". Nothing is booked until then, and nothing is owed."
                    </p>
                    {back}
                </div>
                {art::open_door()}
            </div>
        </div>
    }
    .into_any()
}
