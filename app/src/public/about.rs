//! Who works in the practice.

use crate::api::schema::schema;
use crate::ui::pieces::given;
use leptos::prelude::*;
use shared::ids::TherapistId;

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct AboutQuery {
    /// Everyone who sees clients.
    pub therapists: Vec<AboutTherapist>,
}

/// A person who sees clients.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Therapist")]
pub struct AboutTherapist {
    /// Which.
    pub id: TherapistId,
    /// Her name in addresses.
    pub slug: String,
    /// Her name.
    pub name: String,
    /// Her title.
    pub title: String,
    /// Two sentences about her.
    pub summary: String,
    /// Paragraphs about her.
    pub about: Vec<String>,
    /// Whether a discovery call with her can be booked.
    pub takes_new_clients: bool,
}

/// The heading: whom the page is about.
pub fn heading(therapists: &[AboutTherapist]) -> String {
    match therapists {
        [only] => format!("About {}", given(&only.name)),
        [first, second] => format!("About {} and {}", given(&first.name), given(&second.name)),
        _ => "About us".into(),
    }
}

/// Draws the page.
pub fn page(data: AboutQuery) -> AnyView {
    let heading = heading(&data.therapists);
    let is_alone = data.therapists.len() == 1;
    let takes_someone = data.therapists.iter().any(|therapist| therapist.takes_new_clients);
    let therapists: Vec<_> = data.therapists.into_iter().map(|row| therapist(row, is_alone)).collect();
    view! {
        <div class="wrap">
            <div class="opening"><h1>{heading}</h1></div>
            {therapists}
        </div>
        {takes_someone.then(first_step)}
    }
    .into_any()
}

fn therapist(row: AboutTherapist, is_alone: bool) -> impl IntoView {
    let full = (!row.takes_new_clients).then(|| {
        view! { <p class="soft">{given(&row.name)}" has no places for new clients at the moment."</p> }
    });
    let times = (row.takes_new_clients && !is_alone).then(|| {
        let href = format!("/book?with={}", row.id);
        view! { <p><a class="button quiet" href=href>"Free times with "{given(&row.name)}</a></p> }
    });
    let paragraphs: Vec<_> = row.about.iter().map(|text| view! { <p>{text.clone()}</p> }).collect();
    let name = (!is_alone).then(|| view! { <h2>{row.name.clone()}</h2> });
    view! {
        <section class="aside portrait-first" id=row.slug.clone()>
            {portrait(&row, is_alone)}
            <div class="stack">{name} <div class="prose serif">{paragraphs}</div> {full} {times}</div>
        </section>
    }
}

/// An arch with initials, until there is a photograph.
fn portrait(row: &AboutTherapist, is_alone: bool) -> impl IntoView + use<> {
    let initials: String = row.name.split(' ').filter_map(|word| word.chars().next()).take(2).collect();
    view! {
        <figure class="portrait">
            <svg class="art" viewBox="0 0 320 400" role="img" aria-label=row.name.clone()>
                <path class="wall" d="M1 400V160a159 159 0 0 1 318 0v240z" />
                <path class="room" d="M25 400V164a135 135 0 0 1 270 0v236z" />
                <path class="line" d="M25 400V164a135 135 0 0 1 270 0v236" />
                <text x="160" y="272" font-size="104" text-anchor="middle">{initials}</text>
            </svg>
            <figcaption>
                {is_alone.then(|| view! { <b>{row.name.clone()}</b><br /> })}
                <span class="soft">{row.title.clone()}". "{row.summary.clone()}</span>
            </figcaption>
        </figure>
    }
}

fn first_step() -> impl IntoView {
    view! {
        <section class="closing">
            <div class="wrap">
                <div class="say">
                    <h2>"Hear each other first"</h2>
                    <p>"Twenty minutes, free. If it is not for you, nothing follows from it."</p>
                    <a class="button" href="/book">"See free times"</a>
                </div>
                {crate::ui::art::open_door()}
            </div>
        </section>
    }
}
