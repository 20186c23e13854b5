//! The page that stands for Stripe's Checkout in the demo: one amount, one card number.

use crate::ui::form::{Problem, TextField, error_summary, text_field};
use leptos::prelude::*;
use shared::money::Money;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Checkout {
    /// Which session.
    pub id: String,
    /// How much.
    pub amount: Money,
    /// What it says it is for.
    pub item: String,
    /// Whether it can still be paid.
    pub is_open: bool,
    /// Until when, as people say it.
    pub until: String,
    /// The way back without paying.
    pub back: String,
    /// What was typed into the card number.
    pub card: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Draws the page.
pub fn page(data: Checkout) -> AnyView {
    let back = data.back.clone();
    let body = match data.is_open {
        true => form(&data).into_any(),
        false => view! {
            <div class="notice offline">
                <h2>"This page is over"</h2>
                <p>"It was paid already, or its time is up. Nothing more can be paid here."</p>
            </div>
        }
        .into_any(),
    };
    view! {
        <div class="wrap sandbox">
            <div class="opening">
                <p class="soft">"Stands for the payment page of Stripe. No card is charged, and nothing leaves this computer."</p>
                <h1>{format!("Pay {}", data.amount)}</h1>
                <p class="lead">{data.item.clone()}</p>
            </div>
            <div class="stack">{body} <p><a href=back>"Back without paying"</a></p></div>
        </div>
    }
    .into_any()
}

fn form(data: &Checkout) -> impl IntoView + use<> {
    let card = TextField {
        id: "card_number",
        label: "Card number",
        hint: Some("4242 4242 4242 4242 pays. 4000 0000 0000 0002 is declined."),
        kind: "text",
        autocomplete: "off",
        value: data.card.clone(),
    };
    let button = format!("Pay {}", data.amount);
    view! {
        <form class="form" method="post" action=format!("/sandbox/stripe/checkout/{}", data.id)>
            {error_summary(&data.problems)}
            {text_field(card, &data.problems)}
            <p><button class="button">{button}</button></p>
            <p class="soft small">{format!("Until {}.", data.until)}</p>
        </form>
    }
}
