//! The times of the chosen day, and everything that can happen to them.

use super::drawings::SMALL_DOOR;
use super::picker::{self, Load, Picker};
use super::place::Place;
use super::zone::hidden;
use crate::ui::markup::{Markup, el};
use shared::time::{Date, Instant};
use shared::words;

/// More times than this stand in groups.
const UNGROUPED: usize = 8;

/// The inside of the form that takes a time on to the next page.
pub(super) fn pane(picker: &Picker) -> Vec<Markup> {
    let mut pane = Vec::from_iter(picker.life.offline_since.as_ref().map(|since| offline(since)));
    match (picker.life.load, picker.day) {
        (Load::Coming, _) => pane.push(coming()),
        (Load::Failed, _) => pane.push(failed()),
        (Load::There, Some(day)) => add_day(&mut pane, picker, day),
        (Load::There, None) => pane.push(empty_month(picker)),
    }
    pane.extend(hidden("tz", picker.zone_in_links()));
    pane.extend(hidden("with", picker.with.map(|with| with.to_string())));
    pane
}

fn add_day(pane: &mut Vec<Markup>, picker: &Picker, day: Date) {
    pane.extend(picker.life.lost.map(|lost| conflict(picker, lost)));
    pane.push(slots(picker, day));
    pane.extend(picker::clock_change(day, [&picker.zone, &picker.home]).map(|words| {
        let heading = el("h3").text("The clocks change that week");
        el("div").class("notice").child(heading).child(el("p").text(words).text(" These times allow for it."))
    }));
    let other = el("a").attr("href", "#month").text("Choose another day");
    pane.push(el("p").child(other).text(". Nothing suits? ").child(ask(picker, "Ask us for a time")).text("."));
    if !picker.starts(day).is_empty() {
        pane.push(onward(picker));
    }
}

fn slots(picker: &Picker, day: Date) -> Markup {
    let free = picker.starts(day);
    let mut shown: Vec<(Instant, bool)> = free.iter().map(|start| (*start, false)).collect();
    for gone in picker.life.gone.iter().filter(|gone| picker.zone.civil(**gone).date == day) {
        if let Err(place) = shown.binary_search_by_key(gone, |(start, _)| *start) {
            shown.insert(place, (*gone, true));
        }
    }
    let parts: Vec<Markup> = if shown.len() > UNGROUPED {
        [("Morning", 0..12), ("Afternoon", 12..17), ("Evening", 17..24)]
            .into_iter()
            .filter_map(|(name, hours)| {
                let inside = |(start, _): &&(Instant, bool)| hours.contains(&hour(picker, *start));
                let pills: Vec<Markup> = shown.iter().filter(inside).map(|slot_of| slot(picker, *slot_of)).collect();
                (!pills.is_empty()).then(|| part(Some(name), pills))
            })
            .collect()
    } else {
        vec![part(None, shown.into_iter().map(|slot_of| slot(picker, slot_of)).collect())]
    };
    let zone = words::city(&picker.zone.name) + " time. " + &count_words(free.len());
    let legend = el("legend").attr("tabindex", "-1").text(words::day(day)).child(el("small").text(zone));
    el("fieldset").class("slots").attr("id", "times").child(legend).children(parts)
}

fn hour(picker: &Picker, start: Instant) -> u16 {
    picker.zone.civil(start).time.minutes() / 60
}

fn part(name: Option<&'static str>, pills: Vec<Markup>) -> Markup {
    let heading = name.map(|name| el("h3").text(name));
    el("div").class("part").children(heading).child(el("div").class("pills").children(pills))
}

fn slot(picker: &Picker, (start, gone): (Instant, bool)) -> Markup {
    let at_home = || picker.home_time(start).map(|(time, city)| time + " " + &city);
    let beneath = if gone { Some("just taken".to_owned()) } else { at_home() };
    let input = el("input")
        .attr("type", "radio")
        .attr("name", "slot")
        .attr("value", start.to_string())
        // What a browser puts back on the way “back” would be somebody's choice, of whatever stands there now.
        .attr("autocomplete", "off")
        .flag("checked", picker.slot == Some(start))
        .flag("disabled", gone)
        .flag("required", true);
    let time = el("time").attr("datetime", start.to_string()).text(picker.clock(start));
    let class = if gone { "slot gone" } else { "slot" };
    el("label").class(class).child(input).child(time).children(beneath.map(|words| el("small").text(words)))
}

fn onward(picker: &Picker) -> Markup {
    let chosen = match picker.slot {
        Some(slot) => {
            let beneath = picker.home_time(slot).map(|(time, city)| time + " in " + &city);
            let beneath = beneath.into_iter().flat_map(|words| [el("br"), el("span").class("soft").text(words)]);
            let kept = picker.chosen_until().into_iter().flat_map(|until| {
                let words = ["We keep it for you until ", &picker.clock(until), "."].concat();
                [el("br"), el("span").class("soft kept").text(words)]
            });
            el("p").child(el("b").text(picker.moment(slot))).children(beneath).children(kept)
        }
        None => el("p").class("soft").text("Choose a time, then continue."),
    };
    el("div").class("onward").child(chosen).child(el("button").class("button large").text("Continue"))
}

fn conflict(picker: &Picker, lost: Instant) -> Markup {
    let heading = ["Someone took ", &picker.clock(lost), " a moment ago"].concat();
    let nearest = picker.nearest(lost);
    let words = match nearest.is_empty() {
        false => "These are the nearest free times:",
        true => "There is nothing else free just now.",
    };
    let pills = nearest.into_iter().map(|start| {
        let civil = picker.zone.civil(start);
        let button = el("button").class("slot").attr("name", "slot").attr("value", start.to_string());
        let button = button.flag("formnovalidate", true).child(el("span").text(picker.clock(start)));
        let at_home = picker.home_time(start).map(|(time, city)| el("small").text(time + " " + &city));
        button.child(el("small").text(words::short_day(civil.date))).children(at_home)
    });
    let notice = el("div").class("notice conflict").attr("role", "alert").attr("tabindex", "-1");
    notice.child(el("h2").text(heading)).child(el("p").text(words)).child(el("div").class("pills").children(pills))
}

/// The way on when no free time suits.
fn ask(picker: &Picker, words: &'static str) -> Markup {
    let with = picker.with;
    let query = with.map(|_| Place { with, ..Place::default() }.href()).unwrap_or_default();
    el("a").attr("href", ["/book/", &picker.offer.slug, "/ask", &query].concat()).text(words)
}

fn empty_month(picker: &Picker) -> Markup {
    let words = match picker.next {
        Some(next) => {
            let day = picker.zone.civil(next).date;
            let link = el("a").attr("href", picker.link(None, Some(day))).text(picker.moment(next));
            el("p").text("The first free time is ").child(link).text(". You can also ")
        }
        None => el("p").text("There is nothing free in the coming weeks. You can "),
    };
    let words = words.child(ask(picker, "say what would suit you")).text(", and we look for a time.");
    // A page of its own: whom it is with is drawn by the server.
    let anyone = picker.with.map(|_| {
        let href = ["/book/", &picker.offer.slug].concat();
        el("p").child(el("a").attr("href", href).text("See anyone’s times"))
    });
    let heading = el("h3").text("No free times in ").text(picker.month.name());
    el("div")
        .class("empty")
        .child(el("div").drawing(SMALL_DOOR))
        .child(el("div").class("stack").child(heading).child(words).children(anyone))
}

fn coming() -> Markup {
    let skeleton = el("div").class("skeleton").attr("aria-hidden", "true").children([el("i"), el("i"), el("i")]);
    el("div").attr("role", "status").child(el("p").class("visually-hidden").text("Loading times")).child(skeleton)
}

fn failed() -> Markup {
    let again = el("button").class("link").attr("type", "button").flag("data-retry", true).text("Try again");
    let words = el("p").text("The connection was lost on the way. ").child(again);
    let heading = el("h3").text("The times did not load");
    el("div").class("notice fault").attr("role", "alert").child(heading).child(words)
}

fn offline(since: &str) -> Markup {
    let words = format!("The times below are from {since} and may have changed. Nothing is booked until you are back.");
    let heading = el("h3").text("You are offline");
    el("div").class("notice offline").attr("role", "status").child(heading).child(el("p").text(words))
}

/// How many times are free, as a sentence.
fn count_words(count: usize) -> String {
    const WORDS: [&str; 13] =
        ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];
    let number = WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned());
    number + if count < 2 { " time is free." } else { " times are free." }
}
