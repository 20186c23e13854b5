//! The month as a grid, and what stands around it.

use super::drawings::{EARLIER, LATER};
use super::picker::{Load, Picker};
use super::place::Month;
use crate::ui::markup::{Markup, el};
use shared::time::Date;
use shared::words;

/// The next free time, the month and its key.
pub(super) fn pane(picker: &Picker) -> Vec<Markup> {
    let key = [("•", " one time"), ("••", " two"), ("•••", " three or more")];
    let key = key.map(|(dots, words)| el("span").child(el("i").attr("aria-hidden", "true").text(dots)).text(words));
    let mut pane = Vec::from_iter(next_free(picker));
    pane.extend([head(picker), grid(picker), el("p").class("key").children(key)]);
    pane
}

fn next_free(picker: &Picker) -> Option<Markup> {
    let next = picker.next?;
    let day = picker.zone.civil(next).date;
    let time = el("time").attr("datetime", next.to_string()).text(picker.moment(next));
    let link = (picker.day != Some(day)).then(|| el("a").attr("href", picker.link(None, Some(day))).text("Go there"));
    let line = el("span").text("Next free: ").child(el("b").child(time));
    Some(el("p").class("next-free").child(line).children(link))
}

fn head(picker: &Picker) -> Markup {
    let (first, last) = picker.months();
    let (earlier, later) = (picker.month.shifted(-1), picker.month.shifted(1));
    let name = el("h2").attr("id", "month").attr("aria-live", "polite").text(picker.month.words());
    let turns = [turn(picker, earlier, earlier >= first, EARLIER), turn(picker, later, later <= last, LATER)];
    el("div").class("month-head").child(name).child(el("div").children(turns))
}

fn turn(picker: &Picker, month: Month, is_open: bool, arrow: &'static str) -> Markup {
    let name = month.words();
    let link = if is_open {
        el("a").attr("href", picker.link(Some(month), None)).attr("aria-label", name)
    } else {
        let name = name + ", no times";
        el("span").attr("role", "link").attr("aria-disabled", "true").attr("aria-label", name)
    };
    link.class("turn").drawing(arrow)
}

fn grid(picker: &Picker) -> Markup {
    let (first, last) = (picker.month.first(), picker.month.last());
    let monday = first.plus_days(-i64::from(first.0.weekday().number_days_from_monday()));
    let day_name = |day: i64| {
        let name = words::weekday(monday.plus_days(day));
        el("th").attr("scope", "col").attr("abbr", name).child(el("abbr").attr("title", name).text(&name[..2]))
    };
    let weeks = monday.days_until(last) / 7 + 1;
    let busy = (picker.life.load == Load::Coming).then_some("true");
    let cursor = picker.life.alive.then(|| cursor(picker));
    let cell = |date: Date| {
        if first <= date && date <= last { day_cell(picker, date, cursor) } else { el("td") }
    };
    let week = |week: i64| el("tr").children((0..7).map(|day| cell(monday.plus_days(week * 7 + day))));
    el("table")
        .attr("role", "grid")
        .class("month")
        .attr("aria-labelledby", "month")
        .maybe("aria-busy", busy)
        .child(el("thead").child(el("tr").children((0..7).map(day_name))))
        .child(el("tbody").children((0..weeks).map(week)))
}

/// The day of the month that is in the tab order.
pub(super) fn cursor(picker: &Picker) -> Date {
    let in_month = |day: &Date| Month::of(*day) == picker.month;
    picker.life.cursor.filter(in_month).or(picker.day.filter(in_month)).unwrap_or(picker.month.first())
}

fn day_cell(picker: &Picker, date: Date, cursor: Option<Date>) -> Markup {
    let tab = cursor.map(|cursor| if cursor == date { "0" } else { "-1" });
    let is_today = date == picker.today();
    let class = if is_today { "day today" } else { "day" };
    let cell = el("td").maybe("aria-current", is_today.then_some("date"));
    let number = date.0.day().to_string();
    let count = picker.starts(date).len();
    if count == 0 {
        let words = (picker.life.load == Load::There).then(|| el("span").class("visually-hidden").text(" no times"));
        let day = el("span").class(class).maybe("tabindex", tab).text(number).children(words);
        return cell.attr("aria-disabled", "true").child(day);
    }
    let label =
        words::day(date) + ", " + &count.to_string() + if count == 1 { " time" } else { " times" } + " available";
    let free = ["1", "2", "3"][count.min(3) - 1];
    let day = el("a").class(class).attr("href", picker.link(None, Some(date))).attr("data-free", free);
    let day = day.maybe("tabindex", tab).attr("aria-label", label).text(number);
    cell.maybe("aria-selected", (picker.day == Some(date)).then_some("true")).child(day)
}
