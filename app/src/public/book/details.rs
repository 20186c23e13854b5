//! Saying who comes: the form, what was chosen, and what happens when somebody was quicker.

use super::booked::fact;
use super::top::{inside_a_sentence, price_words};
use crate::api::bookable::BookSessionType;
use crate::ui::booked::how;
use crate::ui::form::{Problem, TextField, error_summary, honeypot, text_field};
use crate::ui::hold::{self, Conflict, Hold};
use crate::ui::zones::{Zones, home_time};
use leptos::prelude::*;
use shared::ids::TherapistId;
use shared::practice::Modality;
use shared::time::Instant;
use shared::words;

/// What stands in the form.
#[derive(Clone, Default)]
pub struct Typed {
    /// Who comes.
    pub name: String,
    /// Where the confirmation goes.
    pub email: String,
    /// The number to call.
    pub phone: String,
    /// The same key books once, however often it is sent.
    pub key: String,
}

/// A time that was chosen.
#[derive(Clone)]
pub struct Chosen {
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// With whom, where that is known.
    pub therapist: Option<String>,
    /// The zones it is read in.
    pub zones: Zones,
    /// The zone that was chosen, for forms and links.
    pub tz: Option<String>,
    /// Whom it is to be with, for forms and links.
    pub with: Option<TherapistId>,
}

/// What was said so far, and what is to be said about it.
#[derive(Clone, Default)]
pub struct Said {
    /// What stands in the form.
    pub typed: Typed,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// That somebody else was quicker.
    pub conflict: Option<Conflict>,
}

/// The form and what was chosen.
pub fn page(top: AnyView, session_type: &BookSessionType, chosen: &Chosen, kept: Option<&Hold>, said: Said) -> AnyView {
    let Said { typed, problems, conflict } = said;
    let action = format!("/book/{}", session_type.slug);
    let button = conflict.is_none().then(|| view! { <p><button class="button large">"Book the call"</button></p> });
    let summary = conflict.is_none().then(|| summary(session_type, chosen, kept));
    let form = view! {
        <form class="aside details" method="post" action=action>
            <div class="form">
                {conflict.as_ref().map(|conflict| notice(conflict, &chosen.zones))} {error_summary(&problems)}
                {fields(session_type.modality.0, typed, &problems)}
                {conflict.is_none().then(|| hidden("slot", chosen.starts_at.to_string()))}
                {chosen.tz.clone().map(|zone| hidden("tz", zone))}
                {chosen.with.map(|with| hidden("with", with.to_string()))} {honeypot()}
            </div>
            {summary}
            <div class="form act">
                {button}
                <p class="soft small">
                    "Up to the start you can cancel it with one click. "
                    <a href="/privacy">"What we keep, and for how long"</a>"."
                </p>
            </div>
        </form>
    };
    view! { <div class="wrap">{top}{form}</div> }.into_any()
}

fn hidden(name: &'static str, value: String) -> AnyView {
    view! { <input type="hidden" name=name value=value /> }.into_any()
}

fn fields(modality: Modality, typed: Typed, problems: &[Problem]) -> AnyView {
    let field = |id, label, hint, kind, autocomplete, value| {
        text_field(TextField { id, label, hint, kind, autocomplete, value }, problems).into_any()
    };
    let (email_hint, phone_hint) = match modality {
        Modality::Online => ("For the confirmation, and for the way into the call.", "In case the connection fails."),
        Modality::Phone => ("For the confirmation and a link to change it.", "We call this number."),
        Modality::InPerson => {
            ("For the confirmation and a link to change it.", "In case something changes on the day.")
        }
    };
    view! {
        {field("name", "What should we call you?", None, "text", "name", typed.name)}
        {field("email", "Email", Some(email_hint), "email", "email", typed.email)}
        {field("phone", "Phone", Some(phone_hint), "tel", "tel", typed.phone)}
        {hidden("key", typed.key)}
    }
    .into_any()
}

fn summary(session_type: &BookSessionType, chosen: &Chosen, kept: Option<&Hold>) -> AnyView {
    let place = super::place::Place {
        day: Some(chosen.zones.zone.civil(chosen.starts_at).date),
        slot: Some(chosen.starts_at),
        zone: chosen.tz.clone(),
        with: chosen.with,
        ..Default::default()
    };
    let change = format!("/book/{}{}", session_type.slug, place.href());
    let when = view! {
        <a class="change" href=change>"Change"<span class="visually-hidden">" the time"</span></a>
        <b>{chosen.zones.stretch(chosen.starts_at, chosen.ends_at)}</b>
        <br />
        {chosen.zones.beneath(chosen.starts_at)}
    };
    let therapist = chosen.therapist.clone().map(|name| fact("With", name.into_any()));
    let kept = kept.map(|kept| {
        let left = RwSignal::new(kept.minutes_left(0));
        view! { <div id=hold::ALIVE>{hold::line(kept, left)}</div> }
    });
    view! {
        <section class="summary" aria-labelledby="sum">
            <h2 id="sum">"Your "{inside_a_sentence(&session_type.name)}</h2>
            <dl class="facts">
                {fact("When", when.into_any())} {fact("How", how(session_type.modality.0).into_any())} {therapist}
                {fact("Price", price_words(session_type).into_any())}
            </dl>
            {kept}
        </section>
    }
    .into_any()
}

/// The page in place of the next step, when a time could not be kept. `carried` goes along with another.
pub fn taken(
    top: AnyView,
    slug: &str,
    conflict: &Conflict,
    zones: &Zones,
    carried: [(&'static str, Option<String>); 2],
) -> AnyView {
    let action = format!("/book/{slug}/hold");
    let carried = carried.map(|(name, value)| value.map(|value| hidden(name, value)));
    let form = view! { <form class="form" method="post" action=action>{notice(conflict, zones)}{carried}</form> };
    view! { <div class="wrap">{top}<div class="aside">{form}</div></div> }.into_any()
}

fn notice(conflict: &Conflict, zones: &Zones) -> AnyView {
    let heading = conflict.lost.words(zones);
    let words = match (conflict.keeps_typed, conflict.nearest.is_empty()) {
        (true, false) => "What you have typed is still here. Choose one of the nearest free times to book it:",
        (false, false) => "These are the nearest free times:",
        (_, true) => "There is nothing else free just now.",
    };
    let pill = |start: &Instant| {
        let civil = zones.zone.civil(*start);
        let at_home = home_time(*start, &zones.zone, &zones.home, zones.hours).map(|(time, city)| {
            view! { <small>{time}" "{city}</small> }
        });
        view! {
            <button class="slot" name="slot" value=start.to_string()>
                <span>{zones.clock(*start)}</span>
                <small>{words::short_day(civil.date)}</small>
                {at_home}
            </button>
        }
        .into_any()
    };
    let pills: Vec<AnyView> = conflict.nearest.iter().map(pill).collect();
    view! {
        <div class="notice conflict" role="alert" tabindex="-1" autofocus>
            <h2>{heading}</h2>
            <p>{words}</p>
            <div class="pills">{pills}</div>
            <p><a href=conflict.all.clone()>"See all times"</a></p>
        </div>
    }
    .into_any()
}
