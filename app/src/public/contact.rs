//! The contact page and its form.

use crate::api::schema::schema;
use crate::ui::art;
use crate::ui::form::{Problem, TextArea, TextField, error_summary, honeypot, text_area, text_field};
use crate::ui::pieces::dial;
use leptos::prelude::*;
use shared::contact::{LONGEST_MESSAGE, SendContactMessageInput};

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct ContactQuery {
    /// The practice.
    pub practice: ContactPractice,
}

/// How to reach the practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct ContactPractice {
    /// Where it is, one line each.
    pub address: Vec<String>,
    /// How soon messages are answered, in words.
    pub answers_within: String,
    /// The address for questions.
    pub contact_email: String,
    /// The number for questions.
    pub contact_phone: String,
}

/// Draws the page with its form: what was typed, and what is wrong with it.
pub fn page(data: ContactQuery, typed: SendContactMessageInput, problems: &[Problem]) -> AnyView {
    let practice = data.practice;
    let key = typed.idempotency_key.unwrap_or_default();
    let lead = format!(
        "Write a few lines if you have a question. You need not explain everything: it is better said than written, and \
         this form is not the place for private details. You will have an answer within {}.",
        practice.answers_within
    );
    let name =
        TextField { id: "name", label: "Your name", hint: None, kind: "text", autocomplete: "name", value: typed.name };
    let email = TextField {
        id: "email",
        label: "Email",
        hint: Some("Only used to answer you."),
        kind: "email",
        autocomplete: "email",
        value: typed.email,
    };
    let message = TextArea {
        id: "message",
        label: "Your question",
        hint: Some("A few lines are enough."),
        rows: 5,
        longest: LONGEST_MESSAGE,
        is_required: true,
        value: typed.message,
    };
    view! {
        <div class="wrap">
            <div class="opening">
                <h1>"Write a line"</h1>
                <p class="lead">{lead}</p>
            </div>
            <div class="aside">
                <form class="form" method="post" action="/contact">
                    {error_summary(problems)} {text_field(name, problems)} {text_field(email, problems)}
                    {text_area(message, problems)} <input type="hidden" name="key" value=key /> {honeypot()}
                    <p><button class="button">"Send"</button></p>
                </form>
                {ways(practice)}
            </div>
        </div>
    }
    .into_any()
}

fn ways(practice: ContactPractice) -> impl IntoView {
    let phone = (!practice.contact_phone.is_empty()).then(|| {
        let href = dial(&practice.contact_phone);
        view! { <div><dt>"Phone"</dt><dd><a href=href>{practice.contact_phone}</a></dd></div> }
    });
    let email = (!practice.contact_email.is_empty()).then(|| {
        let href = format!("mailto:{}", practice.contact_email);
        view! { <div><dt>"Email"</dt><dd><a href=href>{practice.contact_email}</a></dd></div> }
    });
    let room = (!practice.address.is_empty())
        .then(|| view! { <div><dt>"Room"</dt><dd>{practice.address.join(", ")}</dd></div> });
    view! { <aside aria-label="Other ways"><dl class="facts">{phone} {email} {room}</dl></aside> }
}

/// Draws the page after a message was sent.
pub fn sent(data: ContactQuery) -> AnyView {
    view! {
        <div class="wrap">
            <div class="threshold">
                <div class="say">
                    <h1>"Thank you"</h1>
                    <p class="lead">
                        "Your message has arrived, and you will have an answer within "
                        {data.practice.answers_within}"."
                    </p>
                    <p><a href="/">"Back to the start page"</a></p>
                </div>
                {art::open_door()}
            </div>
        </div>
    }
    .into_any()
}
