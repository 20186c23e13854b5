//! How each place's holidays are found, year by year.

use super::Holiday;
use crate::time::{Date, Weekday};
use Weekday::{Friday, Monday, Saturday, Sunday, Thursday};

pub(super) fn england_and_wales(year: i32) -> Vec<Holiday> {
    let mut days = kept([easter_based(year, -2, "Good Friday"), easter_based(year, 1, "Easter Monday")]);
    days.extend(kept([
        nth(year, 5, Monday, 1, "Early May bank holiday"),
        last(year, 5, Monday, "Spring bank holiday"),
        last(year, 8, Monday, "Summer bank holiday"),
    ]));
    days.extend(substituted([fixed(year, 1, 1, "New Year’s Day")]));
    days.extend(substituted([fixed(year, 12, 25, "Christmas Day"), fixed(year, 12, 26, "Boxing Day")]));
    days
}

pub(super) fn scotland(year: i32) -> Vec<Holiday> {
    let mut days = kept([
        easter_based(year, -2, "Good Friday"),
        nth(year, 5, Monday, 1, "Early May bank holiday"),
        last(year, 5, Monday, "Spring bank holiday"),
        nth(year, 8, Monday, 1, "Summer bank holiday"),
    ]);
    days.extend(substituted([fixed(year, 1, 1, "New Year’s Day"), fixed(year, 1, 2, "2nd January")]));
    days.extend(substituted([fixed(year, 11, 30, "St Andrew’s Day")]));
    days.extend(substituted([fixed(year, 12, 25, "Christmas Day"), fixed(year, 12, 26, "Boxing Day")]));
    days
}

pub(super) fn ireland(year: i32) -> Vec<Holiday> {
    let first = fixed(year, 2, 1, "St Brigid’s Day");
    let brigid = match first {
        Some(day) if day.date.weekday() == Friday => first,
        _ => nth(year, 2, Monday, 1, "St Brigid’s Day"),
    };
    kept([
        fixed(year, 1, 1, "New Year’s Day"),
        brigid,
        fixed(year, 3, 17, "St Patrick’s Day"),
        easter_based(year, 1, "Easter Monday"),
        nth(year, 5, Monday, 1, "May holiday"),
        nth(year, 6, Monday, 1, "June holiday"),
        nth(year, 8, Monday, 1, "August holiday"),
        last(year, 10, Monday, "October holiday"),
        fixed(year, 12, 25, "Christmas Day"),
        fixed(year, 12, 26, "St Stephen’s Day"),
    ])
}

pub(super) fn germany(year: i32) -> Vec<Holiday> {
    kept([
        fixed(year, 1, 1, "Neujahr"),
        easter_based(year, -2, "Karfreitag"),
        easter_based(year, 1, "Ostermontag"),
        fixed(year, 5, 1, "Tag der Arbeit"),
        easter_based(year, 39, "Christi Himmelfahrt"),
        easter_based(year, 50, "Pfingstmontag"),
        fixed(year, 10, 3, "Tag der Deutschen Einheit"),
        fixed(year, 12, 25, "1. Weihnachtstag"),
        fixed(year, 12, 26, "2. Weihnachtstag"),
    ])
}

pub(super) fn united_states(year: i32) -> Vec<Holiday> {
    // Observed on the Friday before a Saturday and the Monday after a Sunday.
    let observed = |day: Option<Holiday>| {
        day.map(|day| match day.date.weekday() {
            Saturday => Holiday { date: day.date.plus_days(-1), ..day },
            Sunday => Holiday { date: day.date.plus_days(1), ..day },
            _ => day,
        })
    };
    kept([
        observed(fixed(year, 1, 1, "New Year’s Day")),
        nth(year, 1, Monday, 3, "Martin Luther King Jr. Day"),
        nth(year, 2, Monday, 3, "Washington’s Birthday"),
        last(year, 5, Monday, "Memorial Day"),
        observed(fixed(year, 6, 19, "Juneteenth")),
        observed(fixed(year, 7, 4, "Independence Day")),
        nth(year, 9, Monday, 1, "Labor Day"),
        nth(year, 10, Monday, 2, "Columbus Day"),
        observed(fixed(year, 11, 11, "Veterans Day")),
        nth(year, 11, Thursday, 4, "Thanksgiving Day"),
        observed(fixed(year, 12, 25, "Christmas Day")),
    ])
}

pub(super) fn pakistan(year: i32) -> Vec<Holiday> {
    kept([
        fixed(year, 2, 5, "Kashmir Day"),
        fixed(year, 3, 23, "Pakistan Day"),
        fixed(year, 5, 1, "Labour Day"),
        fixed(year, 5, 28, "Youm-e-Takbeer"),
        fixed(year, 8, 14, "Independence Day"),
        fixed(year, 11, 9, "Iqbal Day"),
        fixed(year, 12, 25, "Quaid-e-Azam Day"),
    ])
}

fn kept<const N: usize>(days: [Option<Holiday>; N]) -> Vec<Holiday> {
    days.into_iter().flatten().collect()
}

/// Days in a row; one at a weekend is kept on the next weekday that is not kept already.
fn substituted<const N: usize>(days: [Option<Holiday>; N]) -> Vec<Holiday> {
    let days = kept(days);
    let weekend = |date: Date| matches!(date.weekday(), Saturday | Sunday);
    let mut found: Vec<Holiday> = days.iter().copied().filter(|day| !weekend(day.date)).collect();
    for day in days.into_iter().filter(|day| weekend(day.date)) {
        let mut date = day.date;
        while weekend(date) || found.iter().any(|known| known.date == date) {
            date = date.plus_days(1);
        }
        found.push(Holiday { date, ..day });
    }
    found
}

fn fixed(year: i32, month: u8, day: u8, name: &'static str) -> Option<Holiday> {
    Date::new(year, month, day).map(|date| Holiday { date, name })
}

/// The `n`th (1 to 4) such weekday of a month.
fn nth(year: i32, month: u8, weekday: Weekday, n: i64, name: &'static str) -> Option<Holiday> {
    let first = Date::new(year, month, 1)?;
    let ahead = (weekday as i64 - first.weekday() as i64).rem_euclid(7);
    Some(Holiday { date: first.plus_days(ahead + 7 * (n - 1)), name })
}

/// The last such weekday of a month.
fn last(year: i32, month: u8, weekday: Weekday, name: &'static str) -> Option<Holiday> {
    let fourth = nth(year, month, weekday, 4, name)?;
    let fifth = fourth.date.plus_days(7);
    let date = if fifth.0.month() == fourth.date.0.month() { fifth } else { fourth.date };
    Some(Holiday { date, name })
}

/// So many days after Easter Sunday of the western churches.
fn easter_based(year: i32, days: i64, name: &'static str) -> Option<Holiday> {
    Some(Holiday { date: easter(year)?.plus_days(days), name })
}

/// Easter Sunday, by the algorithm of Meeus, Jones and Butcher.
pub(super) fn easter(year: i32) -> Option<Date> {
    let (a, b, c) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b.div_euclid(4), b.rem_euclid(4));
    let f = (b + 8).div_euclid(25);
    let g = (b - f + 1).div_euclid(3);
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c.div_euclid(4), c.rem_euclid(4));
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 22 * l).div_euclid(451);
    let number = h + l - 7 * m + 114;
    Date::new(year, u8::try_from(number.div_euclid(31)).ok()?, u8::try_from(number.rem_euclid(31) + 1).ok()?)
}
