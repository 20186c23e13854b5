//! The page in place of one that could not be drawn.

use crate::ui::art;
use leptos::prelude::*;

/// What went wrong, as far as a visitor needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// There is no such page, or it is not theirs to see.
    NotThere,
    /// Something broke on our side.
    Broken,
    /// Something we need does not answer.
    Away,
    /// Too many requests from one place.
    TooOften {
        /// When to try again.
        seconds: u64,
    },
    /// It was sent from another site.
    FromElsewhere,
    /// It is part of a form, and was opened by its address.
    NotAPage,
    /// What was sent is longer than we take.
    TooLong,
    /// What was sent did not arrive in time.
    TooLate,
    /// What was sent cannot be used; one sentence each.
    Refused(Vec<String>),
}

impl Problem {
    /// The page's name.
    pub fn title(&self) -> &'static str {
        match self {
            Problem::NotThere => "This door leads nowhere",
            Problem::Broken => "Something broke on our side",
            Problem::Away => "We cannot open this just now",
            Problem::TooOften { .. } => "A moment, please",
            Problem::FromElsewhere => "This came from another site",
            Problem::NotAPage => "This is not a page of its own",
            Problem::TooLong => "That was too long for us",
            Problem::TooLate => "That took too long",
            Problem::Refused(_) => "That did not work",
        }
    }
}

/// Draws the page. `sent` says that a form was sent, `phone` is the number of the practice, empty if it has none.
pub fn page(problem: &Problem, sent: bool, phone: &str) -> AnyView {
    // Asked for by its address again, what was typed would be gone.
    let again = match sent {
        true => "Go back in your browser: what you typed should still be there. Send it again in a minute.",
        false => "Please try again in a minute.",
    };
    let or_call = match phone {
        "" => String::new(),
        phone => format!(" If it keeps happening, call {phone} and we will sort it out by voice."),
    };
    let words = match problem {
        Problem::NotThere => "The page may have moved, or the link may have lost a letter on the way. Nothing you did \
                              went wrong."
            .to_owned(),
        Problem::Broken => {
            format!("It is not your fault, and nothing you booked is lost. {again}{or_call}")
        }
        Problem::Away => {
            format!("Something we need does not answer. Nothing you booked is lost. {again}{or_call}")
        }
        Problem::TooOften { seconds } => {
            let back = if sent { " Go back in your browser: what you typed should still be there." } else { "" };
            format!("Many requests came from where you are. Please try again {}.{back}", soon(*seconds))
        }
        Problem::FromElsewhere => "So that nobody can act in your name, we only take what is sent from our own pages. \
                                   Please open the page here and try again."
            .to_owned(),
        Problem::NotAPage => {
            "It belongs to a form, and nothing happened. Please begin again on the page you came from.".to_owned()
        }
        Problem::TooLong => "Nothing was sent. Please go back, make it shorter and try again.".to_owned(),
        Problem::TooLate => "What you sent did not arrive in time. Please go back and try again.".to_owned(),
        Problem::Refused(sentences) if sentences.is_empty() => {
            "What was sent cannot be used. Please go back and try again.".to_owned()
        }
        Problem::Refused(sentences) => sentences.join(" "),
    };
    let onward = match problem {
        Problem::NotThere | Problem::NotAPage => view! {
            <a class="button" href="/">"Go to the start page"</a>
            <a href="/book">"See free times"</a>
        }
        .into_any(),
        // An empty address is this page.
        Problem::Broken | Problem::Away | Problem::TooOften { .. } if !sent => view! {
            <a class="button" href="">"Try again"</a>
            <a href="/">"Go to the start page"</a>
        }
        .into_any(),
        Problem::Broken
        | Problem::Away
        | Problem::TooOften { .. }
        | Problem::FromElsewhere
        | Problem::TooLong
        | Problem::TooLate
        | Problem::Refused(_) => view! {
            <a class="button" href="/">"Go to the start page"</a>
            <a href="/contact">"Write a line"</a>
        }
        .into_any(),
    };
    view! {
        <div class="wrap">
            <div class="threshold">
                <div class="say">
                    <h1>{problem.title()}</h1>
                    <p class="lead">{words}</p>
                    <p class="cluster">{onward}</p>
                </div>
                {art::closed_door()}
            </div>
        </div>
    }
    .into_any()
}

fn soon(seconds: u64) -> String {
    match seconds {
        0..=60 => "in a minute".into(),
        61..=3599 => format!("in {} minutes", seconds.div_ceil(60)),
        _ => "in an hour".into(),
    }
}
