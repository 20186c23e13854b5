//! The page behind the mail that asks whether somebody still waits: two buttons, and what was said.

use super::unknown_link;
use crate::api::schema::schema;
use crate::api::waiting::{self, Wish, WishState};
use crate::ui::art;
use crate::ui::pieces::{self, Notice};
use crate::ui::wish;
use leptos::prelude::*;

/// Names a question by the secret of its link.
#[derive(cynic::QueryVariables)]
pub struct ByAnswerToken {
    /// The secret.
    pub token: String,
}

/// What a mailed question is about.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ByAnswerToken")]
pub struct StillWaitingQuery {
    /// The wish.
    #[arguments(token: $token)]
    pub asked_wish: Option<AskedWish>,
}

/// A wish, as far as whoever has the mail needs it.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "WaitlistWish")]
pub struct AskedWish {
    /// What they would like.
    #[cynic(spread)]
    pub wish: Wish,
    /// Where it stands.
    pub state: WishState,
    /// Whether it can be taken up again.
    pub can_come_back: bool,
}

/// Draws the page. Looking at it changes nothing: mail scanners look too.
pub fn page(asked: AskedWish, token: &str, notice: Option<Notice>) -> AnyView {
    let what = asked.wish.session_type.as_ref().map(|it| it.name.clone()).unwrap_or_default();
    let suits = wish::words(&waiting::days(&asked.wish.weekdays), &waiting::parts(&asked.wish.bands));
    let stands = matches!(asked.state, WishState::Waiting | WishState::Paused);
    let button = |value: &'static str, class: &'static str, label: &'static str| {
        view! { <button class=class name="answer" value=value>{label}</button> }
    };
    let (heading, words, buttons) = match (stands, asked.can_come_back) {
        (true, _) => (
            "Are you still waiting?",
            "When a time that suits you becomes free, it is kept for you while you decide.",
            Some((
                button("yes", "button", "Yes, I am still waiting"),
                Some(button("no", "button quiet", "Not any more")),
            )),
        ),
        (false, true) => (
            "You are not on the list at the moment",
            "We had not heard from you, so we took you off. You can come back with one press.",
            Some((button("yes", "button", "Put me back on the list"), None)),
        ),
        (false, false) => ("You are not waiting for this any more", "There is nothing you need to do.", None),
    };
    let form = buttons.map(|(yes, no)| {
        view! { <form class="cluster" method="post" action=format!("/waiting/{token}")>{yes} {no}</form> }
    });
    view! {
        <div class="wrap">
            <div class="threshold">
                <div class="say">
                    <h1>{heading}</h1>
                    <p class="lead"><b>{what}</b>". "{suits}"."</p>
                    <p>{words}</p>
                    {form}
                    <p class="soft">"You can see and change what you wait for in "<a href="/portal/waitlist">"your portal"</a>"."</p>
                </div>
                {art::closed_door()}
            </div>
            {pieces::notice(notice)}
        </div>
    }
    .into_any()
}

/// The page for a link that leads to no question.
pub fn unknown() -> AnyView {
    unknown_link::page("We cannot find this question", "/portal/waitlist", "See what you wait for")
}
