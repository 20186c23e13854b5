//! The page an invitation leads to. Looking at it does nothing; accepting takes two deliberate presses.

use super::door;
use crate::ui::form::{Problem, TextField, error_summary, problem_of, text_field};
use crate::ui::pieces::given;
use leptos::prelude::*;

/// What is confirmed, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Confirmed {
    /// The part of the mailed link after the `#`.
    pub token: String,
    /// The address it was mailed to.
    pub email: String,
    /// Whom they will see.
    pub therapist: String,
    /// What to call them.
    pub name: String,
    /// Where to call them.
    pub phone: String,
    /// The zone they read times in.
    pub time_zone: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Draws the page of the link. The secret behind the `#` reaches the form by a script, or is copied by hand.
pub fn open() -> AnyView {
    door(view! {
        <h1>"You are invited"</h1>
        <p>"Somebody you have spoken with has opened a place for you here."</p>
        <form class="form" method="post" action="/invitation" data-from-fragment="">
            <input type="hidden" name="token" />
            <noscript>
                <div class="field">
                    <label for="typed">"Your invitation"</label>
                    <p class="hint" id="typed-hint">
                        "Scripts are switched off here. Copy what stands after the # in the address of this page into this field."
                    </p>
                    <input id="typed" name="typed" type="text" autocomplete="off" aria-describedby="typed-hint" />
                </div>
            </noscript>
            <p><button class="button large">"Open the invitation"</button></p>
        </form>
        <p class="soft small">"Have you been here before? "<a href="/sign-in">"Sign in"</a>"."</p>
        <script src="/sign-in.js" defer></script>
    })
}

/// Draws the form in which somebody confirms how to reach them.
pub fn confirm(typed: Confirmed, zones: &'static [String]) -> AnyView {
    let problems = &typed.problems;
    let text = |id, label, hint, kind, autocomplete, value: &str| {
        text_field(TextField { id, label, hint, kind, autocomplete, value: value.to_owned() }, problems)
    };
    let zone = problem_of(problems, "time_zone");
    let class = if zone.is_some() { "field invalid" } else { "field" };
    let described = if zone.is_some() { "time_zone-hint time_zone-error" } else { "time_zone-hint" };
    let invalid = zone.is_some().then_some("true");
    let options: Vec<_> = zones
        .iter()
        .map(|name| view! { <option value=name.clone() selected=*name == typed.time_zone>{name.replace('_', " ")}</option> })
        .collect();
    door(view! {
        <h1>"Welcome, "{given(&typed.name)}</h1>
        <p>
            {typed.therapist.clone()}" would like to work with you. Please look over how we reach you. You will sign in with "
            <b>{typed.email.clone()}</b>"; there is no password."
        </p>
        <form class="form" method="post" action="/invitation/accept" data-from-fragment="">
            {error_summary(problems)}
            <input type="hidden" name="token" value=typed.token.clone() />
            {text("name", "Your name", Some("As you would like to be called."), "text", "name", &typed.name)}
            {text("phone", "Phone", Some("In case a call breaks off."), "tel", "tel", &typed.phone)}
            <div class=class>
                <label for="time_zone">"Time zone"</label>
                <p class="hint" id="time_zone-hint">"Your appointments are shown in it."</p>
                {zone.map(|problem| view! { <p class="error" id="time_zone-error">{problem}</p> })}
                <select id="time_zone" name="time_zone" required aria-describedby=described aria-invalid=invalid>
                    <option value="">"Choose one"</option>
                    {options}
                </select>
            </div>
            <p><button class="button large">"Accept and come in"</button></p>
        </form>
        <script src="/sign-in.js" defer></script>
    })
}

/// Draws the page in place of the form when the invitation does not work.
pub fn gone() -> AnyView {
    door(view! {
        <h1>"This invitation has done its work"</h1>
        <p role="alert">
            "It was accepted already, was taken back, or is more than seven days old. If you have accepted it, sign in with
            your email. If not, ask whoever invited you for a new one."
        </p>
        <p><a class="button large" href="/sign-in">"Sign in"</a></p>
    })
}
