//! The pages of the second factor: showing it, replacing it by a recovery code, setting it up.

use super::{Refused, code_field, door, problems};
use crate::ui::form::{TextField, error_summary, text_field};
use leptos::prelude::*;

/// Draws the page that asks for the authenticator's code.
pub fn show(refused: Option<Refused>) -> AnyView {
    let problems = problems(refused);
    let hint = "From the authenticator on your phone or computer.".to_owned();
    door(view! {
        <h1>"One more step"</h1>
        <p>"Practice accounts are protected twice. Type the code your authenticator shows now."</p>
        <form class="form" method="post" action="/sign-in/second-factor">
            {error_summary(&problems)} {code_field("code", "Six-digit code", hint, &problems)}
            <p><button class="button large">"Go on"</button></p>
        </form>
        <p class="small">
            "Authenticator out of reach? "<a href="/sign-in/recovery">"Use a recovery code"</a>"."
        </p>
    })
}

/// Draws the page that asks for a recovery code.
pub fn recovery(refused: Option<Refused>) -> AnyView {
    let problems = problems(refused);
    let field = TextField {
        id: "code",
        label: "Recovery code",
        hint: Some("One of those you wrote down, like 7QX4-M2KD-93FA. Each works once."),
        kind: "text",
        autocomplete: "off",
        value: String::new(),
    };
    door(view! {
        <h1>"Use a recovery code"</h1>
        <form class="form" method="post" action="/sign-in/recovery">
            {error_summary(&problems)} {text_field(field, &problems)}
            <p><button class="button large">"Go on"</button></p>
        </form>
        <p class="small"><a href="/sign-in/second-factor">"Back to the authenticator"</a></p>
    })
}

/// What a new authenticator needs to know.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// To type into an authenticator.
    pub secret: String,
    /// To open in an authenticator on this device.
    pub url: String,
    /// To scan with an authenticator: an SVG picture, written by us.
    pub qr_svg: String,
    /// Whether there is an authenticator already, whose code must be shown too.
    pub replaces: bool,
}

/// Draws the page that sets up an authenticator.
pub fn set_up(enrolment: Enrolment, refused: Option<Refused>) -> AnyView {
    let problems = problems(refused);
    let hint = "What the new authenticator shows now.".to_owned();
    let code = code_field("code", "Six-digit code", hint, &problems);
    let present = enrolment.replaces.then(|| {
        let hint = "So that nobody else can replace it.".to_owned();
        code_field("current_code", "Code of your present authenticator", hint, &problems)
    });
    let secret = in_fours(&enrolment.secret);
    view! {
        <div class="wrap">
            <div class="opening">
                <h1>"Protect your account"</h1>
                <p class="lead">
                    "You see what people tell you in confidence, so a second key is needed: an authenticator that shows a new
                    code every half minute."
                </p>
            </div>
            <div class="aside portrait-first">
                <section aria-label="Key">
                    <div class="qr" role="img" aria-label="QR code with the key" inner_html=enrolment.qr_svg></div>
                    <dl class="facts">
                        <div><dt>"Key"</dt><dd class="reference">{secret}</dd></div>
                    </dl>
                    <p class="small"><a href=enrolment.url>"Open in an authenticator on this device"</a></p>
                </section>
                <form class="form" method="post" action="/sign-in/set-up">
                    {error_summary(&problems)}
                    <ol class="ahead">
                        <li>"Open an authenticator app on your phone. Any will do."</li>
                        <li>"Scan the picture with it, or type the key."</li>
                        <li>"Type the six digits it shows."</li>
                    </ol>
                    {present} {code}
                    <p><button class="button large">"Confirm"</button></p>
                </form>
            </div>
        </div>
    }
    .into_any()
}

/// Draws the recovery codes, once.
pub fn recovery_codes(codes: Vec<String>) -> AnyView {
    let codes: Vec<_> = codes.into_iter().map(|code| view! { <li class="reference">{code}</li> }).collect();
    door(view! {
        <h1>"Keep these on paper"</h1>
        <p>
            "When your authenticator is out of reach, one of these opens the door instead. Each works once. They are not shown
            again."
        </p>
        <ol class="codes">{codes}</ol>
        <p><a class="button large" href="/admin">"I have written them down"</a></p>
    })
}

/// `ABCD EFGH` for `ABCDEFGH`: easier to type without losing one's place.
fn in_fours(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
