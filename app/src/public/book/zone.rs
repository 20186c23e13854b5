//! The zone times are shown in.

use super::picker::Picker;
use crate::ui::markup::{Markup, el};
use shared::time::{Instant, LocalTime};
use shared::words;

/// The zone, and a form that changes it; for sessions in the practice, whose clocks count.
pub(super) fn pane(picker: &Picker) -> Markup {
    let home = words::city(&picker.home.name);
    if picker.offer.in_person {
        let words = format!("All times are {home} time, where the practice is.");
        return el("div").class("zone").child(el("p").text(words));
    }
    let own = picker.zone.name.as_str();
    let now = picker.now;
    let mut options: Vec<Markup> = words::ZONES
        .iter()
        .zip(&picker.offsets)
        .map(|(name, minutes)| option((*name).into(), now, *minutes, *name == own))
        .collect();
    if !words::ZONES.contains(&own) {
        options.push(option(own.to_owned().into(), now, picker.zone.offset_at(now) / 60, true));
    }
    let select = el("select").attr("id", "tz").attr("name", "tz").children(options);
    let field = el("div").class("field").child(el("label").attr("for", "tz").text("Time zone")).child(select);
    let beneath = picker.home_time(now).is_some();
    let beneath = beneath.then(|| el("p").text(format!("{home} time, where the practice is, stands beneath.")));
    // With scripts, choosing is enough.
    let button = (!picker.life.alive).then(|| el("button").class("button quiet small").text("Show times"));
    el("form")
        .class("zone")
        .attr("method", "get")
        .child(field)
        .children(button)
        .children(beneath)
        .children(hidden("day", picker.day.map(|day| day.to_string())))
        .children(hidden("slot", picker.slot.map(|slot| slot.to_string())))
}

/// A field that is not seen, if it has a value.
pub(super) fn hidden(name: &'static str, value: Option<String>) -> Option<Markup> {
    value.map(|value| el("input").attr("type", "hidden").attr("name", name).attr("value", value))
}

fn option(name: std::borrow::Cow<'static, str>, now: Instant, offset_minutes: i32, is_own: bool) -> Markup {
    let words = words::city(&name) + " (now " + &clock(now, offset_minutes) + ")";
    el("option").attr("value", name).flag("selected", is_own).text(words)
}

/// What a clock with this offset shows.
fn clock(now: Instant, offset_minutes: i32) -> String {
    let minutes = (now.seconds().div_euclid(60) + i64::from(offset_minutes)).rem_euclid(24 * 60);
    let time = u16::try_from(minutes).ok().and_then(LocalTime::from_minutes);
    time.map(|time| time.to_string()).unwrap_or_default()
}
