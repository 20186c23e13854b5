//! Where a client is on the way, drawn as a line of steps.

use leptos::prelude::*;
use shared::stage::Stage;

/// One step of the way.
struct Step {
    name: &'static str,
    note: Option<String>,
}

/// The steps of a relationship and where it is. Nothing when the way has ended or stands still.
///
/// `call` is when the discovery call is or was, and `next` when the next session is, both in words.
pub fn stages(stage: Stage, call: Option<String>, next: Option<String>) -> Option<impl IntoView + use<>> {
    let at = match stage {
        Stage::Inquiry | Stage::DiscoveryBooked => 0,
        Stage::DiscoveryDone => 1,
        Stage::Invited | Stage::IntakePending => 2,
        Stage::Active | Stage::Paused => 3,
        Stage::Ended | Stage::ReferredOut | Stage::NotNow => return None,
    };
    let call = match stage {
        Stage::Inquiry => Some("Not booked yet".to_owned()),
        _ => call,
    };
    let decision = match at {
        1 => Some("Usually within a few days".to_owned()),
        2.. => Some("You work together".to_owned()),
        _ => None,
    };
    let first = match stage {
        Stage::Invited if next.is_none() => Some("To be arranged".to_owned()),
        Stage::Invited => next,
        Stage::IntakePending => Some("A few things are needed first".to_owned()),
        _ => None,
    };
    let regular = (stage == Stage::Paused).then(|| "Taking a break".to_owned());
    let steps = [
        Step { name: "Free call", note: call },
        Step { name: "Decision", note: decision },
        Step { name: "First session", note: first },
        Step { name: "Your sessions", note: regular },
    ];
    let items = steps.into_iter().enumerate().map(|(index, step)| {
        let class = (index < at).then_some("past");
        let current = (index == at).then_some("step");
        view! {
            <li class=class aria-current=current>
                {step.name} {step.note.map(|note| view! { <small>{note}</small> })}
            </li>
        }
    });
    Some(view! { <ol class="stages">{items.collect::<Vec<_>>()}</ol> })
}
