//! What a therapist can do with a relationship beside deciding: a break, an end, a new beginning.

use crate::ui::form::{Problem, TextArea, error_summary, problem_of, text_area};
use crate::ui::pieces::given;
use leptos::prelude::*;
use shared::contact::LONGEST_LETTER;
use shared::ids::ClientId;
use shared::stage::{Move, Stage};
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// What was typed, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The letter.
    pub letter: String,
    /// How many minutes pass until the client is told.
    pub delay_minutes: u32,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// A move as it stands in addresses and forms.
pub fn code(step: Move) -> &'static str {
    match step {
        Move::TakeBack => "take-back",
        Move::AllowCall => "allow-call",
        Move::Begin => "begin",
        Move::Pause => "pause",
        Move::Resume => "resume",
        Move::End => "end",
        Move::Reopen => "reopen",
        _ => "",
    }
}

/// A move from a form.
pub fn read(word: &str) -> Option<Move> {
    Move::ALL.into_iter().find(|&step| step.has_button() && code(step) == word)
}

/// What is said once it is done.
pub fn done(step: Move, name: &str, delay_minutes: u32) -> String {
    let name = given(name);
    let what = match step {
        Move::TakeBack => return format!("{} They have not been told.", open_again(&name)),
        Move::AllowCall => format!("{name} can book a call again."),
        Move::Begin => format!("You work with {name} from now on."),
        Move::Pause => format!("A break has begun. The page says until when {name} can come back without a call."),
        Move::Resume => format!("{name}’s break is over."),
        Move::End => format!("Your work with {name} has ended."),
        Move::Reopen => format!("Paid sessions are open to {name} again."),
        _ => return "It is done.".to_owned(),
    };
    format!("{what} {}", told(delay_minutes))
}

/// Where a page goes on that thinks over again what its client was told.
pub const THOUGHT_OVER: &str = "thought-over";

/// What is said of a decision that is open again.
pub fn open_again(name: &str) -> String {
    format!("Your decision about {} is open again.", given(name))
}

fn told(delay_minutes: u32) -> String {
    match delay_minutes {
        0 => "They are told now.".to_owned(),
        1 => "They are told in a minute.".to_owned(),
        minutes => format!("They are told in {minutes} minutes."),
    }
}

/// Draws the offer to take a decision back that the client does not know of, until they are told.
pub fn take_back(
    client: ClientId,
    name: &str,
    stage: Stage,
    until: Option<Instant>,
    zone: &ZoneTable,
) -> Option<impl IntoView + use<>> {
    let (name, until) = (given(name), words::time(until?, zone));
    let meanwhile = match stage.opens_paid_sessions() {
        true => " is not written to before then. Their portal is open already.",
        false => " does not hear of it before then, and sees nothing of it in the portal.",
    };
    Some(view! {
        <form class="notice undo" method="post" action=format!("/admin/clients/{client}/stage")>
            <p>
                "Changed your mind? Until "{until}" you can take your decision back; "{name}{meanwhile}
            </p>
            <button class="button quiet small" name="move" value=code(Move::TakeBack)>"Take it back"</button>
        </form>
    })
}

/// Draws the buttons; nothing where there is nothing to do.
pub fn actions(client: ClientId, name: &str, moves: &[Move], typed: Typed) -> Option<impl IntoView + use<>> {
    if moves.is_empty() && typed.problems.is_empty() {
        return None;
    }
    let name = given(name);
    let action = format!("/admin/clients/{client}/stage");
    let plain: Vec<_> = moves
        .iter()
        .filter(|step| **step != Move::End)
        .map(|step| {
            view! {
                <form method="post" action=action.clone()>
                    <button class="button quiet small" name="move" value=code(*step)>{step.words().button}</button>
                </form>
            }
        })
        .collect();
    let end = moves.contains(&Move::End).then(|| {
        let letter = TextArea {
            id: "end-letter",
            label: "A letter, if you would like to leave one",
            hint: Some("It waits in their portal. Sessions in the calendar stay until you call them off."),
            rows: 8,
            longest: LONGEST_LETTER,
            is_required: false,
            value: typed.letter.clone(),
        };
        let is_open = problem_of(&typed.problems, "end-letter").is_some();
        view! {
            <details class="stack" open=is_open>
                <summary>"End the work with "{name.clone()}</summary>
                <form class="form" method="post" action=action.clone()>
                    {text_area(letter, &typed.problems)}
                    <p class="cluster">
                        <button class="button danger small" name="move" value=code(Move::End)>"End the work"</button>
                        <span class="soft">{told(typed.delay_minutes)}</span>
                    </p>
                </form>
            </details>
        }
    });
    Some(view! {
        <section class="stack" id="stage">
            <h2>"What you can do"</h2>
            {error_summary(&typed.problems)}
            <div class="cluster">{plain}</div>
            {end}
        </section>
    })
}
