//! Every rule by itself.

use crate::practice::{OTHER, Practice, THIS, at, date, hours, monday, occupied, practice, time};
use shared::ids::{RoomId, SessionTypeId};
use shared::practice::Modality;
use shared::slots::{
    Consecutive, DateOverride, DateSpan, Limits, OccupiedKind, OpenHours, Reason, Room, Suits, WeeklyHours, candidates,
    explain,
};
use shared::time::{LocalTime, Weekday};
use uuid::Uuid;

fn check(practice: &Practice, monday: &str) {
    assert_eq!(practice.on("2026-03-02"), monday);
}

#[test]
fn the_session_lies_inside_one_open_stretch() {
    check(&practice(), "09:00 10:00 11:00");
    assert_eq!(practice().on("2026-03-01"), "");
    check(&practice().with(|it| it.rules.minutes = 60), "09:00 10:00 11:00");
    check(&practice().with(|it| it.rules.minutes = 61), "09:00 10:00");
    check(&practice().with(|it| it.rules.grid_minutes = 30), "09:00 09:30 10:00 10:30 11:00");
    assert_eq!(practice().why("12:00"), [Reason::OutsideHours]);
    assert_eq!(practice().why("08:00"), [Reason::OutsideHours]);
    for minutes in [0, 1441] {
        let practice = practice().with(|it| it.rules.minutes = minutes);
        check(&practice, "");
        assert_eq!(practice.why("09:00"), [Reason::OutsideHours]);
    }
}

#[test]
fn stretches_that_touch_or_overlap_are_one() {
    let apart = [hours(Weekday::Monday, "14:01", "15:00"), hours(Weekday::Monday, "13:00", "14:00")];
    let touching = [hours(Weekday::Monday, "14:00", "15:00"), hours(Weekday::Monday, "13:00", "14:00")];
    let inside = [hours(Weekday::Monday, "13:00", "16:00"), hours(Weekday::Monday, "14:00", "15:00")];
    let backwards = [hours(Weekday::Monday, "15:00", "13:00")];
    let long = |hours: &[WeeklyHours]| {
        practice().with(|it| {
            it.timetable.hours = hours.to_vec();
            it.rules.minutes = 90;
        })
    };
    check(&long(&apart), "");
    check(&long(&touching), "13:00");
    check(&long(&inside), "13:00 14:00");
    check(&long(&backwards), "");
    let over_midnight = [hours(Weekday::Monday, "22:00", "24:00"), hours(Weekday::Tuesday, "00:00", "01:00")];
    check(&long(&over_midnight), "22:00 23:00");
}

#[test]
fn a_session_in_the_practice_needs_one_room_for_all_of_it() {
    let room =
        |taken: &[&str]| Room { id: RoomId(Uuid::nil()), taken: taken.iter().map(|text| monday(text)).collect() };
    let rooms = |modality, rooms: &[Room]| {
        practice().with(|it| {
            it.rules.modality = modality;
            it.rules.buffer_after = 10;
            it.timetable.rooms = rooms.to_vec();
        })
    };
    let (first, second) = (room(&["09:00-10:00", "11:00-11:30"]), room(&["09:30-10:30"]));
    check(&rooms(Modality::InPerson, &[]), "09:00 10:00 11:00");
    check(&rooms(Modality::InPerson, std::slice::from_ref(&first)), "10:00");
    check(&rooms(Modality::Online, std::slice::from_ref(&first)), "09:00 10:00 11:00");
    check(&rooms(Modality::InPerson, &[first.clone(), second.clone()]), "10:00 11:00");
    check(&rooms(Modality::InPerson, &[first.clone(), room(&[])]), "09:00 10:00 11:00");
    assert_eq!(rooms(Modality::InPerson, &[first, second]).why("09:00"), [Reason::NoRoom]);
    // One after the other is no room for the whole hour.
    let halves = [room(&["09:00-09:30"]), room(&["09:30-10:00"])];
    check(&rooms(Modality::InPerson, &halves), "10:00 11:00");
    // The break after it counts, what touches it does not.
    check(&rooms(Modality::InPerson, &[room(&["09:55-10:00"])]), "10:00 11:00");
    check(&rooms(Modality::InPerson, &[room(&["08:00-09:00", "10:00-10:10"])]), "09:00 11:00");
}

#[test]
fn a_session_type_can_name_the_rooms_that_suit_it() {
    let [large, small, gone] = [1, 2, 3].map(|number| RoomId(Uuid::from_u128(number)));
    let named = |named: &[(SessionTypeId, RoomId)]| {
        let suits = named.iter().map(|&(session_type_id, room_id)| Suits { session_type_id, room_id });
        practice().with(|it| {
            it.rules.modality = Modality::InPerson;
            it.timetable.rooms = vec![
                Room { id: large, taken: vec![monday("09:00-10:00")] },
                Room { id: small, taken: vec![monday("11:00-12:00")] },
            ];
            it.timetable.suits = suits.collect();
        })
    };
    check(&named(&[]), "09:00 10:00 11:00");
    check(&named(&[(THIS, large)]), "10:00 11:00");
    check(&named(&[(THIS, small)]), "09:00 10:00");
    check(&named(&[(THIS, large), (THIS, small)]), "09:00 10:00 11:00");
    check(&named(&[(OTHER, large)]), "09:00 10:00 11:00");
    assert_eq!(named(&[(THIS, large)]).why("09:00"), [Reason::NoRoom]);
    // A room that is out of use suits nobody; without any room in use, none is needed.
    check(&named(&[(THIS, gone)]), "");
    check(&named(&[(THIS, gone)]).with(|it| it.timetable.rooms = vec![]), "09:00 10:00 11:00");
    check(&named(&[(THIS, large)]).with(|it| it.rules.modality = Modality::Online), "09:00 10:00 11:00");
}

#[test]
fn hours_can_be_for_one_session_type_or_modality() {
    let only = |session_type_id, modality| {
        let hours = WeeklyHours { session_type_id, modality, ..hours(Weekday::Monday, "15:00", "16:00") };
        practice().with(|it| it.timetable.hours = vec![hours])
    };
    check(&only(Some(THIS), None), "15:00");
    check(&only(Some(OTHER), None), "");
    check(&only(None, Some(Modality::Online)), "15:00");
    check(&only(None, Some(Modality::InPerson)), "");
    check(&only(Some(THIS), Some(Modality::InPerson)), "");
}

#[test]
fn a_date_of_its_own_replaces_the_weekly_hours() {
    let open = |from: &str, until: &str| OpenHours { from: time(from), until: time(until) };
    let own = |hours: &[OpenHours]| DateOverride { date: date("2026-03-02"), hours: hours.to_vec() };
    let with = |overrides: Vec<DateOverride>| practice().with(|it| it.timetable.overrides = overrides);
    check(&with(vec![own(&[])]), "");
    check(&with(vec![own(&[open("18:00", "20:00")])]), "18:00 19:00");
    check(&with(vec![own(&[open("18:00", "19:00")]), own(&[open("07:00", "08:00")])]), "07:00 18:00");
    check(&with(vec![DateOverride { date: date("2026-03-03"), hours: vec![] }]), "09:00 10:00 11:00");
}

#[test]
fn buffers_keep_free_but_may_reach_outside_the_hours() {
    let buffered = |before, after| {
        practice().with(|it| (it.rules.buffer_before, it.rules.buffer_after) = (before, after)).booked(&["10:00-10:50"])
    };
    check(&buffered(0, 0), "09:00 11:00");
    check(&buffered(10, 10), "09:00 11:00");
    check(&buffered(11, 0), "09:00");
    check(&buffered(0, 11), "11:00");
    check(&buffered(0, 11).with(|it| it.timetable.occupied[0].range = monday("10:10-10:50")), "09:00 11:00");
}

#[test]
fn what_is_in_the_way_is_named() {
    let range = monday("10:30-11:15");
    for kind in [OccupiedKind::Booking, OccupiedKind::Hold, OccupiedKind::Series, OccupiedKind::External] {
        let practice = practice().with(|it| it.timetable.occupied = vec![occupied(kind, "10:30-11:15")]);
        check(&practice, "09:00");
        assert_eq!(practice.why("10:00"), [Reason::Taken { kind, range }]);
    }
    let practice = practice().with(|it| {
        let off = occupied(OccupiedKind::TimeOff, "08:00-10:40");
        it.timetable.occupied = vec![off, occupied(OccupiedKind::Booking, "10:30-11:15")];
    });
    let (off, kind) = (monday("08:00-10:40"), OccupiedKind::Booking);
    assert_eq!(practice.why("10:00"), [Reason::TimeOff { range: off }, Reason::Taken { kind, range }]);
    assert_eq!(practice.why("11:00"), [Reason::Taken { kind, range }]);
}

#[test]
fn the_order_of_what_is_occupied_does_not_matter() {
    let practice = practice().booked(&["11:00-11:50", "09:00-09:50"]);
    check(&practice, "10:00");
}

#[test]
fn the_notice_is_counted_from_now() {
    let asked =
        |now: &str, notice_minutes| practice().with(|it| (it.now, it.rules.notice_minutes) = (at(now), notice_minutes));
    check(&asked("2026-03-02T10:00:00Z", 0), "10:00 11:00");
    check(&asked("2026-03-02T10:00:00.000001Z", 0), "11:00");
    check(&asked("2026-03-01T10:00:00Z", 24 * 60), "10:00 11:00");
    check(&asked("2026-03-01T10:01:00Z", 24 * 60), "11:00");
    check(&asked("2026-03-02T10:00:00Z", i64::MAX), "");
    check(&asked("2026-03-02T23:00:00Z", -24 * 60), "09:00 10:00 11:00");
    let late = asked("2026-03-02T09:30:00Z", 120);
    assert_eq!(late.why("11:00"), [Reason::TooSoon { earliest: at("2026-03-02T11:30:00Z") }]);
    assert_eq!(late.why("09:00"), [Reason::Past]);
}

#[test]
fn the_horizon_is_counted_in_days_of_the_calendar() {
    let asked = |horizon_days| {
        practice().with(|it| (it.now, it.rules.horizon_days) = (at("2026-03-01T23:59:00Z"), horizon_days))
    };
    check(&asked(0), "");
    check(&asked(1), "09:00 10:00 11:00");
    assert_eq!(asked(1).on("2026-03-03"), "");
    check(&asked(u32::MAX), "09:00 10:00 11:00");
    assert_eq!(asked(0).why("09:00"), [Reason::BeyondHorizon { last: date("2026-03-01") }]);
}

#[test]
fn a_full_day_or_type_offers_nothing_more() {
    let limited = |per_day, of_type| {
        practice()
            .with(|it| (it.timetable.limits.per_day, it.rules.per_day) = (per_day, of_type))
            .booked(&["09:00-09:50"])
    };
    check(&limited(Some(2), Some(2)), "10:00 11:00");
    check(&limited(Some(1), None), "");
    check(&limited(None, Some(1)), "");
    assert_eq!(
        limited(Some(1), Some(1)).why("10:00"),
        [Reason::DayFull { limit: 1 }, Reason::TypeFullThatDay { limit: 1 }]
    );
    assert_eq!(limited(Some(1), Some(1)).on("2026-03-03"), "09:00 10:00 11:00");
    let other_type = limited(None, Some(1)).with(|it| it.timetable.occupied[0].session_type_id = Some(OTHER));
    check(&other_type, "10:00 11:00");
    for kind in [OccupiedKind::TimeOff, OccupiedKind::External] {
        check(&limited(Some(1), Some(1)).with(|it| it.timetable.occupied[0].kind = kind), "10:00 11:00");
    }
}

#[test]
fn a_run_of_sessions_ends_with_a_break() {
    let limited = |sessions, break_minutes, booked: &[&str]| {
        let consecutive = Some(Consecutive { sessions, break_minutes });
        practice().with(|it| it.timetable.limits.consecutive = consecutive).booked(booked)
    };
    check(&limited(1, 10, &["10:00-10:50"]), "09:00 11:00");
    check(&limited(1, 11, &["10:00-10:50"]), "");
    check(&limited(2, 11, &["10:00-10:50"]), "09:00 11:00");
    // Both neighbours count, and theirs: 08:00, 09:00, 10:00, 11:00 would be four.
    check(&limited(3, 11, &["08:00-08:50", "09:00-09:50", "11:00-11:50"]), "");
    check(&limited(4, 11, &["08:00-08:50", "09:00-09:50", "11:00-11:50"]), "10:00");
    assert_eq!(limited(1, 30, &["10:00-10:50"]).why("09:00"), [Reason::TooManyInARow { limit: 1, break_minutes: 30 }]);
    check(&limited(0, 0, &[]), "");
}

#[test]
fn starts_off_the_grid_are_not_offered() {
    let practice = practice().with(|it| it.rules.grid_minutes = 45);
    check(&practice, "09:00 09:45 10:30");
    assert_eq!(practice.why("10:00"), [Reason::OffGrid { grid_minutes: 45 }]);
    for between in ["2026-03-02T09:00:01Z", "2026-03-02T09:00:00.5Z"] {
        let verdict = explain(&practice.timetable, &practice.rules, at(between), practice.now);
        assert_eq!(verdict.reasons(), [Reason::OffGrid { grid_minutes: 45 }], "{between}");
    }
    check(&practice.with(|it| it.rules.grid_minutes = 0), &every_minute("09:00", "11:10"));
}

fn every_minute(from: &str, to: &str) -> String {
    let minutes = time(from).minutes()..=time(to).minutes();
    let shown: Vec<String> =
        minutes.map(|minute| LocalTime::from_minutes(minute).expect("a time").to_string()).collect();
    shown.join(" ")
}

#[test]
fn the_second_time_of_a_repeated_hour_is_told_apart() {
    let practice = practice().with(|it| {
        it.timetable.hours = Weekday::ALL.map(|weekday| hours(weekday, "00:00", "24:00")).to_vec();
        it.now = at("2026-10-20T00:00:00Z");
    });
    let second = explain(&practice.timetable, &practice.rules, at("2026-10-25T01:00:00Z"), practice.now);
    assert_eq!(second.reasons(), [Reason::RepeatedByClockChange]);
    let skipped = practice.with(|it| it.now = at("2026-03-20T00:00:00Z"));
    let span = DateSpan::day(date("2026-03-29"));
    let one = &candidates(&skipped.timetable, &skipped.rules, span, skipped.now)[1];
    assert_eq!((one.time, one.verdict.reasons()), (time("01:00"), &[Reason::SkippedByClockChange][..]));
}

#[test]
fn every_reason_is_given_at_once() {
    let practice = practice().booked(&["12:00-12:50"]).with(|it| {
        it.timetable.limits =
            Limits { per_day: Some(1), consecutive: Some(Consecutive { sessions: 1, break_minutes: 30 }) };
        it.rules.notice_minutes = 48 * 60;
    });
    let kind = OccupiedKind::Booking;
    assert_eq!(
        practice.why("12:30"),
        [
            Reason::TooSoon { earliest: at("2026-03-03T12:00:00Z") },
            Reason::OffGrid { grid_minutes: 60 },
            Reason::OutsideHours,
            Reason::Taken { kind, range: monday("12:00-12:50") },
            Reason::DayFull { limit: 1 },
            Reason::TooManyInARow { limit: 1, break_minutes: 30 },
        ]
    );
}
