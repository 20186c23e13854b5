//! What is said about a rule.

use crate::{date, place, time};
use shared::problem::UserError;
use shared::series::{Cadence, SeriesRule};

#[test]
fn a_rule_reads_as_people_say_it() {
    assert_eq!(place(Cadence::Weekly, "2026-01-01", "11:00").words(), "Every Thursday, 11:00");
    assert_eq!(place(Cadence::EveryTwoWeeks, "2026-01-02", "09:30").words(), "Every second Friday, 09:30");
    assert_eq!(place(Cadence::MonthlyLast, "2026-01-05", "18:00").words(), "The last Monday of the month, 18:00");
}

#[test]
fn everything_wrong_with_a_rule_is_said_at_once() {
    let fields = |rule: SeriesRule| -> Vec<String> {
        let path = |problem: &UserError| problem.field.clone().unwrap_or_default().join(".");
        rule.problems().iter().map(path).collect()
    };
    let rule = place(Cadence::Weekly, "2026-01-01", "11:00");
    assert_eq!(fields(rule), Vec::<String>::new());
    let wrong = SeriesRule { time: time("24:00"), ends_on: Some(date("2025-12-31")), ..rule };
    assert_eq!(fields(wrong), ["time", "endsOn"]);
    let empty = SeriesRule {
        cadence: Cadence::MonthlyFirst,
        ends_on: Some(date("2026-01-31")),
        starts_on: date("2026-01-02"),
        ..rule
    };
    assert_eq!(fields(empty), ["endsOn"]);
    assert_eq!(fields(SeriesRule { starts_on: date("9999-01-01"), ..rule }), ["startsOn"]);
}
