//! The decision after a discovery call.

use crate::ui::form::{Problem, TextArea, error_summary, text_area};
use crate::ui::pieces::{self, given};
use leptos::prelude::*;
use shared::contact::LONGEST_LETTER;
use shared::ids::ClientId;
use shared::stage::DiscoveryDecision;
use shared::time::Instant;
use shared::zone::ZoneTable;

/// What was chosen and typed, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// What was chosen.
    pub chosen: Option<DiscoveryDecision>,
    /// The letter for somebody who is better helped elsewhere.
    pub letter: String,
    /// How many minutes pass until the client is told.
    pub delay_minutes: u32,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// The three answers, with what each is called in a form.
pub const CHOICES: [(DiscoveryDecision, &str); 3] = [
    (DiscoveryDecision::WorkTogether, "work-together"),
    (DiscoveryDecision::NotTheRightFit, "not-the-right-fit"),
    (DiscoveryDecision::Later, "later"),
];

/// An answer from a form.
pub fn read(code: &str) -> Option<DiscoveryDecision> {
    CHOICES.into_iter().find(|(_, it)| *it == code).map(|(decision, _)| decision)
}

/// What is said once it is decided.
pub fn done(decision: DiscoveryDecision, name: &str, delay_minutes: u32) -> String {
    let what = match decision {
        DiscoveryDecision::WorkTogether => format!("Paid sessions are open to {name}."),
        DiscoveryDecision::NotTheRightFit => format!("Your letter waits for {name}."),
        DiscoveryDecision::Later => format!("{name} is on the list for later."),
    };
    let when = match delay_minutes {
        0 => "They are told now.".to_owned(),
        1 => "They are told in a minute.".to_owned(),
        minutes => format!("They are told in {minutes} minutes."),
    };
    format!("{what} {when}")
}

/// What stands in its place until the call has begun.
pub fn not_yet(name: &str, from: Instant, zone: &ZoneTable) -> impl IntoView + use<> {
    let name = given(name);
    view! {
        <section class="stack">
            <h2>"What next for "{name.clone()}"?"</h2>
            <p>"You can decide once the call has begun: "{pieces::moment(from, zone)}"."</p>
            <p class="soft">
                "If you have spoken with "{name}" already, "<a href="/admin/clients">"send an invitation"</a>" instead."
            </p>
        </section>
    }
}

/// Draws the form.
pub fn decision(client: ClientId, name: &str, typed: Decision) -> impl IntoView + use<> {
    let name = given(name);
    let choice = |decision: DiscoveryDecision, code: &'static str, title: String, words: &'static str| {
        let checked = typed.chosen == Some(decision);
        view! {
            <label class="choice">
                <input type="radio" id=format!("decision-{code}") name="decision" value=code checked=checked required />
                <b>{title}</b>
                <small>{words}</small>
            </label>
        }
    };
    let [together, elsewhere, later] = CHOICES;
    let letter = TextArea {
        id: "letter",
        label: "Your letter",
        hint: Some(
            "Only sent with “Not the right fit”. A few kind words, and names of people who may suit them better.",
        ),
        rows: 12,
        longest: LONGEST_LETTER,
        is_required: false,
        value: typed.letter.clone(),
    };
    let delay = match typed.delay_minutes {
        0 => "They are told at once.".to_owned(),
        1 => "They are told after a minute.".to_owned(),
        minutes => format!("They are told after {minutes} minutes."),
    };
    view! {
        <section class="stack">
            <h2>"What next for "{name.clone()}"?"</h2>
            <form class="decision stack" method="post" action=format!("/admin/clients/{client}/decision")>
                {error_summary(&typed.problems)}
                <fieldset class="choices">
                    <legend class="visually-hidden">"What next for "{name.clone()}"?"</legend>
                    {choice(
                        together.0,
                        together.1,
                        "Work together".to_owned(),
                        "Paid sessions open at once, and the portal says so.",
                    )}
                    {choice(
                        elsewhere.0,
                        elsewhere.1,
                        "Not the right fit".to_owned(),
                        "They find your letter in the portal, with where else to turn.",
                    )}
                    {choice(
                        later.0,
                        later.1,
                        "Later".to_owned(),
                        "They hear that there is no place right now and that you will write when there is.",
                    )}
                </fieldset>
                {text_area(letter, &typed.problems)}
                <p class="cluster"><button class="button">"Decide"</button><span class="soft">{delay}</span></p>
            </form>
        </section>
    }
}
