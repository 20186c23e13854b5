//! Public holidays, computed: which days a practice may want to close.
//!
//! A set holds what comes round by rule. Days proclaimed for one year (a coronation, a state funeral) and days that
//! follow the sighting of the moon are not in it: the therapist adds those as time off.

mod rules;

use crate::time::Date;
use serde::{Deserialize, Serialize};

/// The public holidays of one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
pub enum HolidaySet {
    /// England and Wales: bank holidays, with their substitute days.
    EnglandAndWales,
    /// Scotland: bank holidays, with their substitute days.
    Scotland,
    /// Ireland: public holidays.
    Ireland,
    /// Germany: the holidays of all sixteen states.
    Germany,
    /// The United States: federal holidays, on the days they are observed.
    UnitedStates,
    /// Pakistan: the holidays with a fixed date; those of the moon are added by hand.
    Pakistan,
}

/// One public holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    /// The day it is kept.
    pub date: Date,
    /// What it is called.
    pub name: &'static str,
}

impl HolidaySet {
    /// Every set.
    pub const ALL: [HolidaySet; 6] = [
        HolidaySet::EnglandAndWales,
        HolidaySet::Scotland,
        HolidaySet::Ireland,
        HolidaySet::Germany,
        HolidaySet::UnitedStates,
        HolidaySet::Pakistan,
    ];

    /// How it is called on a page.
    pub fn words(self) -> &'static str {
        match self {
            HolidaySet::EnglandAndWales => "England and Wales",
            HolidaySet::Scotland => "Scotland",
            HolidaySet::Ireland => "Ireland",
            HolidaySet::Germany => "Germany (nationwide)",
            HolidaySet::UnitedStates => "United States (federal)",
            HolidaySet::Pakistan => "Pakistan (fixed dates)",
        }
    }

    /// Its code in forms and settings: `ENGLAND_AND_WALES`.
    pub fn code(self) -> &'static str {
        match self {
            HolidaySet::EnglandAndWales => "ENGLAND_AND_WALES",
            HolidaySet::Scotland => "SCOTLAND",
            HolidaySet::Ireland => "IRELAND",
            HolidaySet::Germany => "GERMANY",
            HolidaySet::UnitedStates => "UNITED_STATES",
            HolidaySet::Pakistan => "PAKISTAN",
        }
    }

    /// The set with this code.
    pub fn read(code: &str) -> Option<Self> {
        HolidaySet::ALL.into_iter().find(|set| set.code() == code)
    }

    /// The holidays kept from one day to another, both included, in order.
    pub fn between(self, from: Date, to: Date) -> Vec<Holiday> {
        // A New Year's Day on a Saturday is observed in the year before.
        let years = from.0.year()..=to.0.year().saturating_add(1);
        let mut found: Vec<Holiday> =
            years.take(12).flat_map(|year| self.of_year(year)).filter(|it| it.date >= from && it.date <= to).collect();
        found.sort();
        found
    }

    /// The holidays of a year, in order. An observed New Year's Day may lie in the year before.
    pub fn of_year(self, year: i32) -> Vec<Holiday> {
        let mut days = match self {
            HolidaySet::EnglandAndWales => rules::england_and_wales(year),
            HolidaySet::Scotland => rules::scotland(year),
            HolidaySet::Ireland => rules::ireland(year),
            HolidaySet::Germany => rules::germany(year),
            HolidaySet::UnitedStates => rules::united_states(year),
            HolidaySet::Pakistan => rules::pakistan(year),
        };
        days.sort();
        days
    }
}

#[cfg(test)]
mod tests {
    use super::rules::easter;
    use super::*;

    /// The days of a year as `MM-DD`, in order.
    fn check(set: HolidaySet, year: i32, expected: &[&str]) {
        let found: Vec<String> = set.of_year(year).iter().map(|day| day.date.to_string()[5..].to_owned()).collect();
        assert_eq!(found, expected, "{set:?} {year}");
    }

    #[test]
    fn england_and_wales_keeps_its_weekends_on_the_days_after() {
        let ew = HolidaySet::EnglandAndWales;
        check(ew, 2026, &["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"]);
        check(ew, 2027, &["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"]);
        // Christmas on a Sunday: Boxing Day keeps its Monday, Christmas is kept on the Tuesday.
        check(ew, 2033, &["01-03", "04-15", "04-18", "05-02", "05-30", "08-29", "12-26", "12-27"]);
    }

    #[test]
    fn scotland_has_its_own_january_summer_and_november() {
        let scotland = HolidaySet::Scotland;
        check(scotland, 2026, &["01-01", "01-02", "04-03", "05-04", "05-25", "08-03", "11-30", "12-25", "12-28"]);
        check(scotland, 2028, &["01-03", "01-04", "04-14", "05-01", "05-29", "08-07", "11-30", "12-25", "12-26"]);
    }

    #[test]
    fn ireland_keeps_saint_brigid_on_a_friday_or_the_first_monday() {
        let ireland = HolidaySet::Ireland;
        check(
            ireland,
            2026,
            &["01-01", "02-02", "03-17", "04-06", "05-04", "06-01", "08-03", "10-26", "12-25", "12-26"],
        );
        assert_eq!(ireland.of_year(2030)[1].date.to_string(), "2030-02-01", "a Friday");
    }

    #[test]
    fn germany_counts_from_easter_wherever_it_lies() {
        let germany = HolidaySet::Germany;
        check(germany, 2026, &["01-01", "04-03", "04-06", "05-01", "05-14", "05-25", "10-03", "12-25", "12-26"]);
        // The earliest and the latest Easter of the century around us.
        check(germany, 2008, &["01-01", "03-21", "03-24", "05-01", "05-01", "05-12", "10-03", "12-25", "12-26"]);
        check(germany, 2038, &["01-01", "04-23", "04-26", "05-01", "06-03", "06-14", "10-03", "12-25", "12-26"]);
    }

    #[test]
    fn the_united_states_observe_what_falls_on_a_weekend() {
        let usa = HolidaySet::UnitedStates;
        check(
            usa,
            2026,
            &["01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "09-07", "10-12", "11-11", "11-26", "12-25"],
        );
        let new_year = usa.of_year(2028)[0];
        assert_eq!((new_year.date.to_string(), new_year.name), ("2027-12-31".to_owned(), "New Year’s Day"));
        let december = usa.between(Date::new(2027, 12, 20).expect("a day"), Date::new(2027, 12, 31).expect("a day"));
        let days: Vec<String> = december.iter().map(|day| day.date.to_string()).collect();
        assert_eq!(days, ["2027-12-24", "2027-12-31"]);
    }

    #[test]
    fn pakistan_keeps_its_fixed_dates() {
        check(HolidaySet::Pakistan, 2026, &["02-05", "03-23", "05-01", "05-28", "08-14", "11-09", "12-25"]);
    }

    #[test]
    fn easter_is_where_the_churches_keep_it() {
        for (year, expected) in
            [(1818, "03-22"), (1943, "04-25"), (2000, "04-23"), (2024, "03-31"), (2025, "04-20"), (2049, "04-18")]
        {
            assert_eq!(easter(year).map(|date| date.to_string()), Some(format!("{year}-{expected}")));
        }
    }

    #[test]
    fn every_set_is_found_by_its_code_and_every_question_has_an_end() {
        for set in HolidaySet::ALL {
            assert_eq!(HolidaySet::read(set.code()), Some(set));
            let all = set.between(Date(time::Date::MIN), Date(time::Date::MAX));
            assert!(all.len() < 12 * 12, "{set:?}: {}", all.len());
        }
    }
}
