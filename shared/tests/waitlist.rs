//! Who is offered a freed time and for how long it is kept, on every clock.

mod support;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use shared::practice::Modality;
use shared::reminder::HoursOfDay;
use shared::time::{Instant, LocalTime, Weekday};
use shared::waitlist::{
    ANSWER_DAYS, BEFORE_START, HourBand, Interest, OFFER_MINUTES, SHORTEST_OFFER, Standing, Wish, half_within_days,
    in_order, interest, offer_until,
};
use shared::zone::ZoneTable;
use support::table;

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

fn time(text: &str) -> LocalTime {
    text.parse().expect("a time")
}

fn zone(name: &str) -> ZoneTable {
    let zone = TimeZone::get(name).expect("a zone");
    table(&zone, name, at("2029-01-01T00:00:00Z"), at("2032-01-01T00:00:00Z"))
}

#[test]
fn a_wish_is_read_on_the_clock_of_whoever_has_it() {
    let (london, karachi) = (zone("Europe/London"), zone("Asia/Karachi"));
    let evening = HourBand { from: time("17:00"), until: time("21:00") };
    let wish = Wish { weekdays: vec![Weekday::Thursday], bands: vec![evening], ..Wish::default() };
    // Thursday 14:00 in London is Thursday 19:00 in Karachi.
    let start = at("2030-01-10T14:00:00Z");
    assert!(!wish.fits(start, Modality::Online, &london));
    assert!(wish.fits(start, Modality::Online, &karachi));
    // The end of a band is not part of it.
    assert!(!wish.fits(at("2030-01-10T16:00:00Z"), Modality::Online, &karachi));
    let online = Wish { modality: Some(Modality::Online), ..Wish::default() };
    assert!(online.fits(start, Modality::Online, &london) && !online.fits(start, Modality::InPerson, &london));
}

#[test]
fn earlier_than_mine_is_earlier_and_ends_with_mine() {
    let london = zone("Europe/London");
    let mine = at("2030-01-17T14:00:00Z");
    let wish = Wish { earlier_than: Some(mine), ..Wish::default() };
    assert!(wish.fits(at("2030-01-16T14:00:00Z"), Modality::Online, &london));
    assert!(!wish.fits(mine, Modality::Online, &london));
    assert!(!wish.is_over(at("2030-01-17T13:59:00Z"), &london) && wish.is_over(mine, &london));
}

#[test]
fn the_therapists_word_comes_first_then_the_gap_then_the_time_of_waiting() {
    let start = at("2030-03-01T10:00:00Z");
    let waiting = |priority, since: &str, last: Option<&str>, next: Option<&str>| Standing {
        priority,
        since: at(since),
        last_session: last.map(at),
        next_session: next.map(at),
    };
    let people = [
        (1, waiting(0, "2030-02-20T00:00:00Z", Some("2030-02-22T10:00:00Z"), Some("2030-03-08T10:00:00Z"))),
        (2, waiting(0, "2030-02-25T00:00:00Z", Some("2030-01-20T10:00:00Z"), None)),
        (3, waiting(1, "2030-02-28T00:00:00Z", Some("2030-02-27T10:00:00Z"), Some("2030-03-05T10:00:00Z"))),
        (4, waiting(0, "2030-02-10T00:00:00Z", Some("2030-02-22T10:00:00Z"), Some("2030-03-08T10:00:00Z"))),
    ];
    assert_eq!(in_order(&people, start), [3, 2, 4, 1]);
}

#[test]
fn an_offer_made_in_the_evening_goes_on_in_the_morning() {
    let london = zone("Europe/London");
    let until = |now: &str, starts: &str| {
        offer_until(at(now), OFFER_MINUTES, HoursOfDay::WAKING, &london, at(starts)).map(|at| at.to_string())
    };
    let far = "2030-01-20T10:00:00Z";
    assert_eq!(until("2030-01-09T10:00:00Z", far).as_deref(), Some("2030-01-09T12:00:00Z"));
    assert_eq!(until("2030-01-09T20:00:00Z", far).as_deref(), Some("2030-01-10T09:00:00Z"));
    assert_eq!(until("2030-01-09T23:30:00Z", far).as_deref(), Some("2030-01-10T10:00:00Z"));
    // It ends an hour before the session, and is not made where half an hour is not left.
    assert_eq!(until("2030-01-09T10:00:00Z", "2030-01-09T12:00:00Z").as_deref(), Some("2030-01-09T11:00:00Z"));
    assert_eq!(until("2030-01-09T10:00:00Z", "2030-01-09T11:15:00Z"), None);
    assert_eq!(until("2030-01-09T22:00:00Z", "2030-01-10T09:00:00Z"), None);
}

const ZONES: [&str; 4] = ["UTC", "Asia/Karachi", "America/St_Johns", "Europe/London"];

#[test]
fn somebody_is_asked_after_some_weeks_and_taken_off_when_they_say_nothing() {
    let joined = at("2030-01-07T08:00:00Z");
    let day = |days: i64| joined.plus_minutes(days * 1440);
    let until = |asked: i64| Interest::Asked { until: day(asked + ANSWER_DAYS) };
    for (asked, now, expected) in [
        (None, 0, Interest::Fresh),
        (None, 27, Interest::Fresh),
        (None, 28, Interest::Due),
        (None, 400, Interest::Due),
        (Some(28), 28, until(28)),
        (Some(28), 41, until(28)),
        (Some(28), 42, Interest::Silent),
    ] {
        assert_eq!(interest(joined, asked.map(day), 4, day(now)), expected, "asked {asked:?}, day {now}");
    }
}

#[test]
fn wishes_are_similar_when_one_time_could_suit_both() {
    let band = |from: &str, until: &str| HourBand { from: time(from), until: time(until) };
    let wish = |weekdays: &[Weekday], bands: &[HourBand]| Wish {
        weekdays: weekdays.to_vec(),
        bands: bands.to_vec(),
        ..Wish::default()
    };
    let (any, mornings) = (Wish::default(), wish(&[], &[band("08:00", "12:00")]));
    let thursdays = wish(&[Weekday::Thursday], &[]);
    for (a, b, similar) in [
        (&any, &any, true),
        (&any, &thursdays, true),
        (&thursdays, &mornings, true),
        (&thursdays, &wish(&[Weekday::Monday], &[]), false),
        (&mornings, &wish(&[], &[band("12:00", "18:00")]), false),
        (&mornings, &wish(&[], &[band("11:00", "18:00")]), true),
        (
            &Wish { modality: Some(Modality::Online), ..any.clone() },
            &Wish { modality: Some(Modality::Phone), ..any.clone() },
            false,
        ),
        (
            &Wish { latest: "2030-01-10".parse().ok(), ..any.clone() },
            &Wish { earliest: "2030-01-11".parse().ok(), ..any.clone() },
            false,
        ),
    ] {
        assert_eq!((a.is_similar(b), b.is_similar(a)), (similar, similar), "{a:?} {b:?}");
    }
}

#[test]
fn nothing_is_said_of_few_or_when_half_were_offered_nothing() {
    let some = |days: &[i64]| days.iter().map(|days| Some(*days)).collect::<Vec<_>>();
    let with = |days: &[i64], none: usize| [some(days), vec![None; none]].concat();
    for (waits, expected) in [
        (some(&[1, 2, 3, 4]), None),
        (some(&[9, 1, 5, 2, 7]), Some(5)),
        (with(&[9, 1, 5], 2), Some(9)),
        (with(&[9, 1], 3), None),
        (some(&[0, 0, 0, 0, 0]), Some(1)),
        (some(&[1, 2, 3, 4, 5, 6]), Some(3)),
    ] {
        assert_eq!(half_within_days(&waits), expected, "{waits:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_offer_is_fair_or_is_not_made(
        zone_index in 0..ZONES.len(),
        now_minute in 0..300_i64 * 1440,
        ahead in 0..10_i64 * 1440,
        minutes in 30..600_i64,
    ) {
        let zone = zone(ZONES[zone_index]);
        let now = at("2030-01-01T00:00:00Z").plus_minutes(now_minute);
        let starts_at = now.plus_minutes(ahead);
        if let Some(until) = offer_until(now, minutes, HoursOfDay::WAKING, &zone, starts_at) {
            prop_assert!(until <= starts_at.plus_minutes(-BEFORE_START));
            let length = (until.seconds() - now.seconds()) / 60;
            let awake = (0..length).filter(|&it| HoursOfDay::WAKING.contains(now.plus_minutes(it), &zone)).count() as i64;
            prop_assert!(awake >= SHORTEST_OFFER && awake <= minutes);
            prop_assert!(awake == minutes || until == starts_at.plus_minutes(-BEFORE_START));
            // It never runs out while its person sleeps, unless the session itself is near.
            let last = until.plus_minutes(-1);
            prop_assert!(HoursOfDay::WAKING.contains(last, &zone) || until == starts_at.plus_minutes(-BEFORE_START));
        }
    }

    #[test]
    fn everybody_who_waits_is_in_the_order_once(
        standings in prop::collection::vec((0..3_i64, 0..100_i64, prop::option::of(0..100_i64), prop::option::of(1..60_i64)), 0..12),
    ) {
        let start = at("2030-06-01T10:00:00Z");
        let day = |days: i64| start.plus_minutes(days * 1440);
        let people: Vec<(usize, Standing)> = standings.iter().enumerate().map(|(key, (priority, since, last, next))| {
            let standing = Standing {
                priority: *priority,
                since: day(-since),
                last_session: last.map(|days| day(-days)),
                next_session: next.map(day),
            };
            (key, standing)
        }).collect();
        let order = in_order(&people, start);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        prop_assert_eq!(sorted, (0..people.len()).collect::<Vec<_>>());
        let mut reversed = people.clone();
        reversed.reverse();
        prop_assert_eq!(in_order(&reversed, start), order, "the order people are read in does not matter");
        let of = |key: usize| people[key].1;
        for pair in in_order(&people, start).windows(2) {
            prop_assert!(of(pair[0]).priority >= of(pair[1]).priority);
        }
    }
}
