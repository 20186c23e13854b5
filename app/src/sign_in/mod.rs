//! The pages of signing in. None needs scripts, except to read a mailed link; the six digits do without.

pub mod invitation;
pub mod second_factor;
pub mod set_up;

use crate::ui::art;
use crate::ui::form::{Problem, TextField, error_summary, problem_of, text_field};
use leptos::prelude::*;

/// Why a form led back here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// This is not an address.
    Email,
    /// Too many tries from one place.
    Often,
    /// The six digits are wrong or too old.
    Code,
    /// The link was used, or is too old.
    Link,
    /// Another browser asked for the mail.
    Browser,
    /// The authenticator's code is not right.
    Factor,
    /// The recovery code is not right, or was used before.
    Recovery,
    /// Too many wrong codes; this login has ended.
    FactorEnded,
    /// Too many wrong codes within a day.
    FactorToday,
    /// A code of the authenticator used so far is missing or wrong.
    Current,
    /// What was asked for has been done, or is no more.
    Gone,
}

/// Each with its word in an address.
const WORDS: [(Refused, &str); 11] = [
    (Refused::Email, "email"),
    (Refused::Often, "often"),
    (Refused::Code, "code"),
    (Refused::Link, "link"),
    (Refused::Browser, "browser"),
    (Refused::Factor, "factor"),
    (Refused::Recovery, "recovery"),
    (Refused::FactorEnded, "factor-ended"),
    (Refused::FactorToday, "factor-today"),
    (Refused::Current, "current"),
    (Refused::Gone, "gone"),
];

impl Refused {
    /// Reads the word in an address; what nobody wrote is like what is no longer open.
    pub fn read(word: &str) -> Self {
        WORDS.into_iter().find(|(_, it)| *it == word).map_or(Refused::Gone, |(refused, _)| refused)
    }

    /// The word in an address.
    pub fn word(self) -> &'static str {
        WORDS.into_iter().find(|(it, _)| *it == self).map_or("gone", |(_, word)| word)
    }

    /// What to do about it, at the field it is about.
    pub fn problem(self) -> Problem {
        let (field, message) = match self {
            Refused::Email => (Some("email"), "Enter an email address, like name@example.org."),
            Refused::Often => (None, "That was a little too often. Please wait a few minutes and try again."),
            Refused::Code => (Some("code"), "That code does not match. Check the newest email, or ask for a new code."),
            Refused::Link => {
                (None, "Links work once, for a few minutes. Ask for a new one, and it will be with you in a moment.")
            }
            Refused::Browser => (
                None,
                "This mail was asked for in another browser. Type its six digits there, or ask for a new one here.",
            ),
            Refused::Factor => (Some("code"), "That code is not right, or was used before. Wait for the next one."),
            Refused::Recovery => (Some("code"), "That code is not right, or was used before. Each works once."),
            Refused::FactorEnded => (None, "There were too many wrong codes. Please sign in again from the beginning."),
            Refused::FactorToday => (
                None,
                "There were too many wrong codes today. Please try again tomorrow, or ask the owner of the practice.",
            ),
            Refused::Current => (Some("current_code"), "Enter the code your present authenticator shows now."),
            Refused::Gone => (None, "This has been done already, or is no longer open. Please begin again."),
        };
        Problem { field: field.map(str::to_owned), message: message.to_owned() }
    }
}

/// The problem a page of signing in shows, if a form led back to it.
pub(crate) fn problems(refused: Option<Refused>) -> Vec<Problem> {
    refused.map(Refused::problem).into_iter().collect()
}

/// A page of signing in: its words and its form, beside an open door.
pub(crate) fn door(say: impl IntoView) -> AnyView {
    view! { <div class="wrap door"><div class="say">{say}</div>{art::open_door()}</div> }.into_any()
}

/// Draws the page that asks for an address.
pub fn email(refused: Option<Refused>) -> AnyView {
    let problems = problems(refused);
    let field = TextField {
        id: "email",
        label: "Email",
        hint: None,
        kind: "email",
        autocomplete: "email",
        value: String::new(),
    };
    door(view! {
        <h1>"Sign in"</h1>
        <p>"We send a link and a six-digit code to your email. There is no password to remember."</p>
        <form class="form" method="post" action="/sign-in">
            {error_summary(&problems)} {text_field(field, &problems)}
            <p><button class="button large">"Send me a code"</button></p>
        </form>
        <p class="soft small">"New here? You need no account to "<a href="/book">"book a free call"</a>"."</p>
    })
}

/// Draws the page that asks for the six digits of a mail that works for so many minutes.
pub fn code(refused: Option<Refused>, minutes: u32) -> AnyView {
    let hint = match minutes {
        1 => "It works for one minute.".to_owned(),
        _ => format!("It works for {minutes} minutes."),
    };
    let problems = problems(refused);
    door(view! {
        <h1>"Look in your email"</h1>
        <p>"If your address is known here, a message is on its way. Open the link in it, or type the code."</p>
        <form class="form" method="post" action="/sign-in/code">
            {error_summary(&problems)} {code_field("code", "Six-digit code", hint, &problems)}
            <p><button class="button large">"Sign in"</button></p>
        </form>
        <p class="small">
            "Nothing came? Look among the unwanted mail, or "<a href="/sign-in">"ask for a new code"</a>"."
        </p>
    })
}

/// Draws the page a mailed link leads to. Looking at it does nothing: programs that look into mails open links too.
pub fn link(refused: Option<Refused>) -> AnyView {
    let heading = match refused {
        Some(Refused::Link) => "This link has done its work",
        Some(_) => "That did not work",
        None => "Welcome back",
    };
    let body = match refused {
        Some(refused) => view! {
            <p role="alert">{refused.problem().message}</p>
            <p><a class="button large" href="/sign-in">"Ask for a new link"</a></p>
        }
        .into_any(),
        None => view! {
            <form class="form with-scripts" method="post" action="/sign-in/link" data-from-fragment="">
                <p>"One press, and you are in."</p>
                <input type="hidden" name="token" />
                <p><button class="button large">"Sign in"</button></p>
            </form>
            <noscript>
                <p>"Links need scripts, which are switched off here. The code in the same email does without them."</p>
            </noscript>
            <script src="/sign-in.js" defer></script>
        }
        .into_any(),
    };
    door(view! {
        <h1>{heading}</h1>
        {body}
        <p class="small">"Or "<a href="/sign-in/code">"type the six digits"</a>" from the email."</p>
    })
}

/// A field for six digits.
pub(crate) fn code_field(
    id: &'static str,
    label: &'static str,
    hint: String,
    problems: &[Problem],
) -> impl IntoView + use<> {
    let problem = problem_of(problems, id);
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = if problem.is_some() { format!("{hint_id} {error_id}") } else { hint_id.clone() };
    let class = if problem.is_some() { "field code invalid" } else { "field code" };
    let invalid = problem.is_some().then_some("true");
    view! {
        <div class=class>
            <label for=id>{label}</label>
            <p class="hint" id=hint_id>{hint}</p>
            {problem.map(|problem| view! { <p class="error" id=error_id>{problem}</p> })}
            <input
                id=id
                name=id
                inputmode="numeric"
                autocomplete="one-time-code"
                maxlength="11"
                pattern="( *[0-9]){6} *"
                required=true
                aria-invalid=invalid
                aria-describedby=described
            />
        </div>
    }
}
