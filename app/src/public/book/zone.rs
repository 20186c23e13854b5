//! The clocks times are shown on: those of which place, and how their hours are counted.

use super::picker::Picker;
use super::place::Place;
use crate::ui::markup::{Markup, el};
use shared::time::{Instant, LocalTime};
use shared::words;

/// The id of the list of every place.
pub(super) const PLACES: &str = "places";

/// The zone, and forms that change it; for sessions in the practice, whose clocks count.
pub(super) fn pane(picker: &Picker) -> Markup {
    let home = words::city(&picker.home.name);
    let pane = el("div").class("zone");
    if picker.offer.in_person {
        let words = ["All times are ", &home, " time, where the practice is."].concat();
        return pane.child(el("p").text(words)).child(hours(picker));
    }
    let beneath = picker.home_time(picker.now).is_some();
    let beneath = beneath.then(|| el("p").text([&home, " time, where the practice is, stands beneath."].concat()));
    pane.child(known_places(picker)).children(beneath).child(any_place(picker)).child(hours(picker))
}

/// The places most people are in, with what their clocks show now.
fn known_places(picker: &Picker) -> Markup {
    let own = picker.zone.name.as_str();
    let mut options: Vec<Markup> = words::ZONES
        .iter()
        .zip(&picker.offsets)
        .map(|(name, minutes)| option(picker, (*name).into(), *minutes, *name == own))
        .collect();
    if !words::ZONES.contains(&own) {
        options.push(option(picker, own.to_owned().into(), picker.zone.offset_at(picker.now) / 60, true));
    }
    let select = el("select").attr("id", "tz").attr("name", "tz").children(options);
    let field = el("div").class("field").child(el("label").attr("for", "tz").text("Time zone")).child(select);
    // With scripts, choosing is enough.
    form(picker, field, (!picker.life.alive).then(show))
}

/// A search over every place, by typing.
fn any_place(picker: &Picker) -> Markup {
    let unknown = picker.unknown_place.as_ref();
    let words = "We know no place of that name. Try a bigger city nearby.";
    let error = unknown.map(|_| el("p").class("error").attr("id", "place-error").attr("role", "alert").text(words));
    let input = el("input")
        .attr("id", "place")
        .attr("name", "tz")
        .attr("list", PLACES)
        .attr("autocomplete", "off")
        .attr("value", unknown.cloned().unwrap_or_default())
        .flag("required", true)
        .maybe("aria-invalid", unknown.map(|_| "true"))
        .maybe("aria-describedby", unknown.map(|_| "place-error"));
    let label = el("label").attr("for", "place").text("A big city near you");
    let class = if unknown.is_some() { "field invalid" } else { "field" };
    let field = el("div").class(class).child(label).children(error).child(input);
    let form = form(picker, field, Some(show()));
    let summary = el("summary").text("I am somewhere else");
    el("details").flag("open", unknown.is_some()).child(summary).child(form)
}

/// How hours are counted, and a link that changes it.
fn hours(picker: &Picker) -> Markup {
    let other = picker.hours.other();
    let place = Place {
        month: Some(picker.month),
        day: picker.day,
        zone: picker.zone_in_links(),
        slot: picker.slot,
        with: picker.with,
        hours: Some(other),
    };
    let link = el("a").attr("href", place.href()).text(["Use a ", other.word(), "-hour clock"].concat());
    el("p").child(link)
}

fn form(picker: &Picker, field: Markup, button: Option<Markup>) -> Markup {
    el("form")
        .attr("method", "get")
        .child(field)
        .children(button)
        .children(hidden("day", picker.day.map(|day| day.to_string())))
        .children(hidden("slot", picker.slot.map(|slot| slot.to_string())))
        .children(hidden("with", picker.with.map(|with| with.to_string())))
}

fn show() -> Markup {
    el("button").class("button quiet small").text("Show times")
}

/// A field that is not seen, if it has a value.
pub(super) fn hidden(name: &'static str, value: Option<String>) -> Option<Markup> {
    value.map(|value| el("input").attr("type", "hidden").attr("name", name).attr("value", value))
}

fn option(picker: &Picker, name: std::borrow::Cow<'static, str>, offset_minutes: i32, is_own: bool) -> Markup {
    let words = words::city(&name) + " (now " + &clock(picker, picker.now, offset_minutes) + ")";
    el("option").attr("value", name).flag("selected", is_own).text(words)
}

/// What a clock with this offset shows.
fn clock(picker: &Picker, now: Instant, offset_minutes: i32) -> String {
    let minutes = (now.seconds().div_euclid(60) + i64::from(offset_minutes)).rem_euclid(24 * 60);
    let time = u16::try_from(minutes).ok().and_then(LocalTime::from_minutes);
    time.map(|time| picker.hours.clock(time)).unwrap_or_default()
}
