//! What calling a session off costs, now and until when.

use leptos::prelude::*;
use shared::money::Money;
use shared::policy::PolicyStep;
use shared::time::Instant;

/// What calling off now means, in a sentence.
pub fn if_cancelled(fee: Money, price: Money, is_late: bool, is_waived: bool) -> String {
    match (is_late, is_waived) {
        (false, _) => "If you cancel now, it costs you nothing.".to_owned(),
        (true, true) if fee.amount > 0 => {
            format!(
                "If you cancel now, it is late. The first time in a year is on the house; only the deposit of {fee} is kept. Your therapist may let it go."
            )
        }
        (true, true) => {
            "If you cancel now, it is late. The first time in a year is on the house, so it costs you nothing."
                .to_owned()
        }
        (true, false) if fee.amount == price.amount => {
            format!("If you cancel now, the fee is {fee}, the whole price. Your therapist may let it go.")
        }
        (true, false) => format!("If you cancel now, the fee is {fee}, of {price}. Your therapist may let it go."),
    }
}

/// The timeline of calling off, the present step marked; `moment` says a moment as whoever reads it counts time.
pub fn timeline(
    steps: &[PolicyStep],
    price: Money,
    now: Instant,
    moment: impl Fn(Instant) -> String,
) -> Option<AnyView> {
    if steps.is_empty() {
        return None;
    }
    let present = steps.iter().position(|step| now <= step.until);
    let line = |(index, step): (usize, &PolicyStep)| {
        let cost = step.words(price);
        let until = match index + 1 == steps.len() {
            true => "until it begins".to_owned(),
            false => format!("until {}", moment(step.until)),
        };
        let (here, class) = match present {
            Some(present) if present == index => (Some("step"), ""),
            Some(present) if index < present => (None, "soft"),
            _ => (None, ""),
        };
        let mark = here.map(|_| view! { <span class="badge confirmed">"now"</span> });
        view! {
            <li class=format!("row {class}") aria-current=here><span><b>{cost}</b>" "{until}</span>{mark}</li>
        }
    };
    let lines: Vec<_> = steps.iter().enumerate().map(line).collect();
    Some(
        view! {
            <section class="stack">
                <h2>"What cancelling costs"</h2>
                <ol class="rows bare">{lines}</ol>
            </section>
        }
        .into_any(),
    )
}
