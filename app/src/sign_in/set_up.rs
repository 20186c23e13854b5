//! The pages that begin a new practice.

use super::door;
use crate::ui::form::{Problem, TextField, error_summary, problem_of, text_field};
use leptos::prelude::*;

/// What was typed, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct NewPractice {
    /// The part of the console's link after the `#`.
    pub token: String,
    /// The owner's name.
    pub name: String,
    /// Where the owner gets mail.
    pub email: String,
    /// What the practice is called.
    pub practice: String,
    /// The zone it keeps its hours in.
    pub time_zone: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Draws the form that makes the first owner and begins the practice.
pub fn begin(typed: NewPractice, zones: &'static [String]) -> AnyView {
    let problems = &typed.problems;
    let text = |id, label, hint, autocomplete, value: &str| {
        let value = value.to_owned();
        let kind = if id == "email" { "email" } else { "text" };
        text_field(TextField { id, label, hint, kind, autocomplete, value }, problems)
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
        <h1>"Open your practice"</h1>
        <p>"You are the first here. Whoever holds the link from the console becomes the owner."</p>
        <form class="form" method="post" action="/set-up" data-from-fragment="">
            {error_summary(problems)}
            {text("token", "Set-up code", Some("The part of the console’s link after the #."), "off", &typed.token)}
            {text("name", "Your name", Some("As clients should see it."), "name", &typed.name)}
            {text("email", "Your email", Some("You sign in with it, and questions come to it."), "email", &typed.email)}
            {text("practice", "Name of the practice", None, "organization", &typed.practice)}
            <div class=class>
                <label for="time_zone">"Time zone"</label>
                <p class="hint" id="time_zone-hint">"Where you keep your hours."</p>
                {zone.map(|problem| view! { <p class="error" id="time_zone-error">{problem}</p> })}
                <select id="time_zone" name="time_zone" required aria-describedby=described aria-invalid=invalid>
                    <option value="">"Choose one"</option>
                    {options}
                </select>
            </div>
            <p><button class="button large">"Open the practice"</button></p>
        </form>
        <script src="/sign-in.js" defer></script>
    })
}

/// Draws the page in place of the form once its link has done its work.
pub fn gone() -> AnyView {
    door(view! {
        <h1>"Nothing to set up here"</h1>
        <p>"This link has been used or is too old. If the practice has no owner yet, start the server again: it prints a new link."</p>
        <p><a class="button large" href="/sign-in">"Sign in"</a></p>
    })
}
