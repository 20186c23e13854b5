//! The home page.

use crate::api::amount::Amount;
use crate::api::schema::{Shared, schema};
use crate::ui::art;
use crate::ui::pieces::given;
use leptos::prelude::*;
use shared::ids::SessionTypeId;
use shared::practice::Gate;
use shared::time::{Date, Instant};
use shared::words;
use shared::zone::ZoneTable;

/// What the home page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct HomeQuery {
    /// The practice.
    pub practice: HomePractice,
    /// Its therapists.
    pub therapists: Vec<HomeTherapist>,
    /// What can be booked.
    pub session_types: Vec<SessionTypeRow>,
    /// The questions people ask.
    pub faq: Vec<Question>,
}

/// The practice, as the home page shows it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct HomePractice {
    /// The heading.
    pub headline: String,
    /// The opening paragraphs.
    pub welcome: Vec<String>,
    /// What happens, step by step.
    pub steps: Vec<Step>,
    /// What the therapist says about her work.
    pub voice: Vec<String>,
    /// A line under the fees.
    pub fees_note: String,
}

/// One step of what happens.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Step {
    /// What it is called.
    pub title: String,
    /// What happens in it.
    pub text: String,
}

/// A therapist, as a link.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Therapist")]
pub struct HomeTherapist {
    /// Her name.
    pub name: String,
    /// Her name in addresses.
    pub slug: String,
}

/// A question with its answer.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Question {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// A session type, as a list shows it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct SessionTypeRow {
    /// Which.
    pub id: SessionTypeId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub summary: String,
    /// How long it is.
    pub minutes: i32,
    /// Who may book it.
    pub gate: Shared<Gate>,
    /// What it costs.
    pub price: Amount,
}

/// The first free discovery call there is.
#[derive(Debug, Clone)]
pub struct FirstCall {
    /// When it begins.
    pub starts_at: Instant,
    /// The zone of the practice.
    pub zone: ZoneTable,
    /// The day on the practice's calendar.
    pub date: Date,
    /// The session type's name in addresses.
    pub slug: String,
}

/// Draws the home page.
pub fn page(data: HomeQuery, first: Option<FirstCall>) -> AnyView {
    let practice = data.practice;
    let about = data.therapists.first().map(|therapist| {
        let given = given(&therapist.name);
        view! { <p><a href="/about">"More about "{given}</a></p> }
    });
    let voice = practice.voice.into_iter().enumerate().map(|(index, text)| {
        let class = (index == 0).then_some("lead");
        view! { <p class=class>{text}</p> }
    });
    let voice: Vec<_> = voice.collect();
    // A practice that has just begun has not said everything about itself yet.
    let steps = (!practice.steps.is_empty()).then(|| {
        let steps = practice.steps.into_iter().map(|step| view! { <li><h3>{step.title}</h3><p>{step.text}</p></li> });
        passage("What to expect", None, view! { <ol class="paces">{steps.collect::<Vec<_>>()}</ol> }.into_any())
    });
    let person =
        (!voice.is_empty()).then(|| passage("Who you would be talking to", None, view! { {voice} {about} }.into_any()));
    let fees_note = practice.fees_note;
    let fees_note = (!fees_note.is_empty()).then(|| view! { <p class="soft">{fees_note}</p> });
    let fees = view! { {prices(data.session_types)} {fees_note} }.into_any();
    let all = view! { <a href="/faq">"All questions"</a> }.into_any();
    let asked: Vec<_> = data.faq.into_iter().take(4).collect();
    let asked =
        (!asked.is_empty()).then(|| passage("Questions people ask", Some(all), questions(asked, false).into_any()));
    view! {
        <section class="hero">
            <div class="wrap">
                <div class="say">
                    <h1>{practice.headline}</h1>
                    {practice.welcome.into_iter().map(|text| view! { <p class="lead">{text}</p> }).collect::<Vec<_>>()}
                    <div class="next-call">
                        <a class="button large" href="/book">"Book a free call"</a>
                        {first.map(first_call)}
                    </div>
                </div>
                {art::doorway()}
            </div>
        </section>
        {steps}
        {person}
        {passage("Sessions and fees", None, fees)}
        {asked}
        <section class="closing">
            <div class="wrap">
                <div class="say">
                    <h2>"You can start with twenty minutes"</h2>
                    <p>"Choose a time for a free call. If it is not for you, nothing follows from it."</p>
                    <a class="button" href="/book">"See free times"</a>
                </div>
                {art::open_door()}
            </div>
        </section>
    }
    .into_any()
}

/// A part of the page under a heading that stands beside it where there is room.
fn passage(heading: &'static str, beneath: Option<AnyView>, body: AnyView) -> impl IntoView {
    view! {
        <section class="passage">
            <div class="wrap">
                <div class="label-col"><h2>{heading}</h2>{beneath}</div>
                <div class="stack">{body}</div>
            </div>
        </section>
    }
}

fn first_call(first: FirstCall) -> impl IntoView {
    let href = format!("/book/{}?day={}", first.slug, first.date);
    let words = words::moment(first.starts_at, &first.zone);
    let city = words::city(&first.zone.name);
    view! { <a href=href>"First free call: "<time datetime=first.starts_at.to_string()>{words}", "{city}" time"</time></a> }
}

/// Session types with their prices, as a list with hairlines.
pub fn prices(rows: Vec<SessionTypeRow>) -> impl IntoView {
    let row = |row: SessionTypeRow| {
        view! {
            <li>
                <h3><a href=format!("/session-types/{}", row.slug)>{row.name}</a></h3>
                <span class="length">{row.minutes}" minutes"</span>
                <span class="price">{row.price.money().to_string()}</span>
                <p>{row.summary}</p>
            </li>
        }
    };
    view! { <ul class="prices">{rows.into_iter().map(row).collect::<Vec<_>>()}</ul> }
}

/// Questions that open to their answers; a blank line in an answer begins a new paragraph.
pub fn questions(rows: Vec<Question>, first_is_open: bool) -> impl IntoView {
    let row = |(index, row): (usize, Question)| {
        let answer: Vec<_> = row.answer.split("\n\n").map(|text| view! { <p>{text.to_owned()}</p> }).collect();
        view! { <details open=first_is_open && index == 0><summary>{row.question}</summary>{answer}</details> }
    };
    view! { <div class="faq">{rows.into_iter().enumerate().map(row).collect::<Vec<_>>()}</div> }
}
