//! What anyone may book, when there is more than one thing; and what to do when something is not open yet.

use super::top::price_words;
use crate::api::bookable::BookSessionType;
use crate::ui::art;
use leptos::prelude::*;
use shared::practice::Gate;

/// Draws the list. `query` goes along to whatever is chosen.
pub fn page(rows: Vec<BookSessionType>, query: &str) -> AnyView {
    let list = match open(rows, query) {
        Some(list) => list,
        None => view! {
            <p>
                "There is nothing to book at the moment. "<a href="/contact">"Write a line"</a>
                " and we will answer."
            </p>
        }
        .into_any(),
    };
    view! {
        <div class="wrap">
            <div class="opening">
                <h1>"What would you like to book?"</h1>
                <p class="lead">"You need no account, and nothing follows from it."</p>
            </div>
            {list}
        </div>
    }
    .into_any()
}

/// What anyone may book, each with its length and price; nothing where there is nothing.
fn open(rows: Vec<BookSessionType>, query: &str) -> Option<AnyView> {
    let row = |row: BookSessionType| {
        view! {
            <li>
                <h3><a href=format!("/book/{}{query}", row.slug)>{row.name.clone()}</a></h3>
                <span class="length">{row.minutes}" minutes"</span>
                <span class="price">{price_words(&row)}</span>
                <p>{row.summary.clone()}</p>
            </li>
        }
    };
    let open: Vec<_> = rows.into_iter().filter(|row| row.gate.0 == Gate::Discovery).map(row).collect();
    (!open.is_empty()).then(|| view! { <ul class="prices">{open}</ul> }.into_any())
}

/// Draws the page in place of something that is not offered any more: what there is instead.
pub fn gone(gate: Gate, rows: Vec<BookSessionType>) -> AnyView {
    let heading = match gate {
        Gate::Discovery => "This call is not offered any more",
        Gate::Clients => "This session is not offered any more",
    };
    let instead = match open(rows, "") {
        Some(list) => {
            view! { <p class="lead">"This is what you can book instead, free and without an account:"</p>{list} }
                .into_any()
        }
        None => view! {
            <p class="lead">
                "A first call cannot be booked here at the moment. Write a line about what you are looking for, and we
                answer."
            </p>
            <p><a class="button" href="/contact">"Write to us"</a></p>
        }
        .into_any(),
    };
    let own = match gate {
        Gate::Discovery => None,
        Gate::Clients => Some(view! { <p><a href="/portal/book">"I am a client already"</a></p> }),
    };
    view! {
        <div class="wrap">
            <div class="opening"><h1>{heading}</h1></div>
            <div class="stack">{instead} {own}</div>
        </div>
    }
    .into_any()
}

/// Draws the page of something only clients may book.
pub fn not_open(session_type: &BookSessionType) -> AnyView {
    view! {
        <div class="wrap">
            <div class="threshold">
                <div class="say">
                    <h1>{session_type.name.clone()}</h1>
                    <p class="lead">
                        "These sessions open once you and your therapist have decided to work together. A free call is
                        where that begins."
                    </p>
                    <p class="cluster">
                        <a class="button" href="/book">"Book a free call"</a>
                        <a href="/portal/book">"I am a client already"</a>
                    </p>
                </div>
                {art::closed_door()}
            </div>
        </div>
    }
    .into_any()
}
