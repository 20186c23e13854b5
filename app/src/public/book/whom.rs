//! Whom it is to be with, where a visitor may choose.

use super::place::Place;
use crate::ui::pieces::given;
use leptos::prelude::*;
use shared::ids::TherapistId;
use std::collections::BTreeSet;

/// Beneath what stands above the picker: links to the times of everyone it can be with, by name, and of anyone.
pub fn beneath(top: AnyView, choices: Vec<(TherapistId, String)>, with: Option<TherapistId>) -> AnyView {
    let entry = |therapist: Option<TherapistId>, name: String| {
        // A cookie knows the zone, also one that was chosen since.
        let href = Place { with: therapist, ..Place::default() }.href();
        let here = (therapist == with).then_some("true");
        view! { <li><a href=href aria-current=here>{name}</a></li> }
    };
    let anyone = entry(None, "Anyone".to_owned());
    let given: Vec<String> = choices.iter().map(|(_, name)| given(name)).collect();
    let is_enough = given.iter().collect::<BTreeSet<_>>().len() == given.len();
    let everyone = choices.into_iter().zip(given);
    let everyone = everyone.map(|((id, name), given)| entry(Some(id), if is_enough { given } else { name }));
    let everyone: Vec<_> = everyone.collect();
    view! {
        {top}
        <nav class="whom" aria-labelledby="whom">
            <span id="whom">"With"</span>
            <ul>{anyone} {everyone}</ul>
        </nav>
    }
    .into_any()
}
