//! The people of the demo. None of them exists.

use shared::stage::Stage;
use shared::time::Weekday;

/// Somebody, and what is in the calendar because of them.
pub(super) struct Sketch {
    pub(super) name: &'static str,
    pub(super) phone: &'static str,
    pub(super) zone: &'static str,
    pub(super) with: Who,
    pub(super) stage: Stage,
    pub(super) call: Call,
    pub(super) hour: Option<Hour>,
}

/// A therapist of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Ada,
    Samir,
}

/// When somebody's discovery call is or was.
#[derive(Debug, Clone, Copy)]
pub(super) enum Call {
    /// Today, whatever day it is. Once it is over, the decision is awaited.
    Today(&'static str),
    /// On the working day so many days from now, or just before it if that is in the past.
    Day(i64, &'static str),
    /// Months ago.
    LongAgo,
    /// Booked for so many days from now, and called off.
    CalledOff(i64, &'static str),
}

/// Somebody's regular hour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hour {
    pub(super) kind: Kind,
    pub(super) weekday: Weekday,
    pub(super) time: &'static str,
    /// Every how many weeks.
    pub(super) every: i64,
    /// The first and the last week, counted from this one.
    pub(super) weeks: (i64, i64),
    /// The week in which they did not come.
    pub(super) missed: Option<i64>,
}

/// What somebody comes for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Online,
    InPerson,
    Couples,
}

const fn hour(kind: Kind, weekday: Weekday, time: &'static str, every: i64, weeks: (i64, i64)) -> Option<Hour> {
    Some(Hour { kind, weekday, time, every, weeks, missed: None })
}

const fn person(
    name: &'static str,
    phone: &'static str,
    with: Who,
    stage: Stage,
    call: Call,
    hour: Option<Hour>,
) -> Sketch {
    Sketch { name, phone, zone: "Europe/London", with, stage, call, hour }
}

/// The clients one can be in the demo: one at each stage, as it begins.
pub const CAST: &[&str] = &[
    "Amira Saleh",
    "Ben Adeyemi",
    "Leila Karimi",
    "Yuki Tanaka",
    "Maya Rosen",
    "Callum Reid",
    "Mei-Ling Chen",
    "Henrik Dahl",
    "Grace Mensah",
    "Lucas Ferreira",
];

/// Everyone.
pub(super) const PEOPLE: &[Sketch] = &[
    person("Joanna Kowalska", "07700 900101", Who::Ada, Stage::DiscoveryBooked, Call::Today("12:00"), None),
    person("Ben Adeyemi", "07700 900102", Who::Ada, Stage::DiscoveryBooked, Call::Day(1, "09:00"), None),
    person("Sofia Marchetti", "07700 900103", Who::Ada, Stage::DiscoveryBooked, Call::Today("17:30"), None),
    person("Aoife Byrne", "07700 900104", Who::Samir, Stage::DiscoveryBooked, Call::Day(2, "12:30"), None),
    person("Leila Karimi", "07700 900105", Who::Ada, Stage::DiscoveryDone, Call::Day(-1, "09:30"), None),
    person("Maya Rosen", "07700 900106", Who::Ada, Stage::Invited, Call::Day(-6, "09:00"), None),
    person(
        "Callum Reid",
        "07700 900107",
        Who::Ada,
        Stage::IntakePending,
        Call::Day(-8, "12:00"),
        hour(Kind::Online, Weekday::Tuesday, "11:00", 1, (1, 1)),
    ),
    person(
        "Rosa Lind",
        "07700 900108",
        Who::Ada,
        Stage::Active,
        Call::LongAgo,
        hour(Kind::Online, Weekday::Monday, "10:00", 1, (-3, 4)),
    ),
    Sketch {
        hour: Some(Hour {
            kind: Kind::InPerson,
            weekday: Weekday::Tuesday,
            time: "16:00",
            every: 1,
            weeks: (-3, 4),
            missed: Some(-2),
        }),
        ..person("Thomas Okafor", "07700 900109", Who::Ada, Stage::Active, Call::LongAgo, None)
    },
    Sketch {
        zone: "Europe/Lisbon",
        ..person(
            "Mei-Ling Chen",
            "07700 900110",
            Who::Ada,
            Stage::Active,
            Call::LongAgo,
            hour(Kind::Online, Weekday::Wednesday, "16:00", 2, (-3, 4)),
        )
    },
    person(
        "Hannah and Daniel Weiss",
        "07700 900111",
        Who::Samir,
        Stage::Active,
        Call::LongAgo,
        hour(Kind::Couples, Weekday::Thursday, "18:00", 2, (-3, 4)),
    ),
    person(
        "Omar Farouk",
        "07700 900112",
        Who::Samir,
        Stage::Active,
        Call::LongAgo,
        hour(Kind::InPerson, Weekday::Wednesday, "16:00", 1, (-3, 4)),
    ),
    person(
        "Henrik Dahl",
        "07700 900113",
        Who::Ada,
        Stage::Paused,
        Call::LongAgo,
        hour(Kind::Online, Weekday::Thursday, "17:00", 1, (-3, -2)),
    ),
    person(
        "Grace Mensah",
        "07700 900114",
        Who::Samir,
        Stage::Ended,
        Call::LongAgo,
        hour(Kind::InPerson, Weekday::Tuesday, "15:00", 1, (-3, -2)),
    ),
    person("Lucas Ferreira", "07700 900115", Who::Ada, Stage::ReferredOut, Call::Day(-9, "14:00"), None),
    Sketch {
        zone: "Asia/Tokyo",
        ..person("Yuki Tanaka", "+81 3 5550 0116", Who::Ada, Stage::NotNow, Call::Day(-12, "09:30"), None)
    },
    person("Amira Saleh", "07700 900117", Who::Samir, Stage::Inquiry, Call::CalledOff(3, "13:00"), None),
];
