//! Instants, civil dates and times of day.
//!
//! An [`Instant`] is a moment; a [`Date`] and a [`LocalTime`] are what a wall calendar and a wall clock show. Only
//! [`crate::zone`] turns one into the other.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use std::fmt;
use std::str::FromStr;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A moment, to the microsecond. RFC 3339 in UTC on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant(OffsetDateTime);

impl Instant {
    /// Before everything a practice knows of.
    pub const EARLIEST: Self = Instant(time::macros::datetime!(0001-01-01 00:00 UTC));
    /// After everything a practice plans.
    pub const LATEST: Self = Instant(time::macros::datetime!(9999-12-31 00:00 UTC));

    /// The instant so many microseconds after 1970-01-01T00:00Z; `None` outside the years 0001 to 9999.
    pub fn from_micros(micros: i64) -> Option<Self> {
        let whole = OffsetDateTime::from_unix_timestamp(micros.div_euclid(1_000_000)).ok()?;
        let fraction = u32::try_from(micros.rem_euclid(1_000_000)).expect("a fraction of a second");
        whole.replace_microsecond(fraction).ok().map(Instant)
    }

    /// The instant so many seconds after 1970-01-01T00:00Z; `None` outside the years 0001 to 9999.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp(seconds).ok().map(Instant)
    }

    /// Microseconds since 1970-01-01T00:00Z.
    pub fn micros(self) -> i64 {
        self.0.unix_timestamp() * 1_000_000 + i64::from(self.0.microsecond())
    }

    /// Whole seconds since 1970-01-01T00:00Z.
    pub fn seconds(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// This instant moved by so many minutes; stays where it is at the ends of time.
    pub fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_seconds(minutes.saturating_mul(60))
    }

    /// This instant moved by so many seconds; stays where it is at the ends of time.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Instant(self.0.saturating_add(time::Duration::seconds(seconds)))
    }

    /// The same moment as the `time` crate spells it, in UTC.
    pub fn to_offset_date_time(self) -> OffsetDateTime {
        self.0
    }
}

impl From<OffsetDateTime> for Instant {
    /// Drops what is finer than a microsecond: neither database keeps it.
    fn from(at: OffsetDateTime) -> Self {
        let at = at.to_offset(time::UtcOffset::UTC);
        Instant(at.replace_microsecond(at.microsecond()).unwrap_or(at))
    }
}

impl Instant {
    /// Its text, written into room for the longest; years of other than four digits have none.
    fn text<'a>(&self, room: &'a mut [u8; 27]) -> Option<&'a str> {
        let (hour, minute, second, micros) = self.0.time().as_hms_micro();
        *room = *b"0000-00-00T00:00:00.000000Z";
        write_date(room, self.0.date())?;
        write_digits(room, 11, hour);
        write_digits(room, 14, minute);
        write_digits(room, 17, second);
        let mut length = 20;
        if micros > 0 {
            write_digits(room, 20, (micros / 10_000) as u8);
            write_digits(room, 22, (micros / 100 % 100) as u8);
            write_digits(room, 24, (micros % 100) as u8);
            length = room.len();
            while room[length - 2] == b'0' {
                length -= 1;
            }
        }
        room[length - 1] = b'Z';
        std::str::from_utf8(&room[..length]).ok()
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text(&mut [0; 27]).ok_or(fmt::Error)?)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.text(&mut [0; 27]).ok_or_else(|| S::Error::custom("a year has four digits"))?)
    }
}

/// Writes `2026-12-03` at the start of a text; years of other than four digits have none.
fn write_date(text: &mut [u8], date: time::Date) -> Option<()> {
    let (year, month, day) = date.to_calendar_date();
    let year = u16::try_from(year).ok().filter(|year| *year <= 9999)?;
    write_digits(text, 0, (year / 100) as u8);
    write_digits(text, 2, (year % 100) as u8);
    write_digits(text, 5, u8::from(month));
    write_digits(text, 8, day);
    Some(())
}

fn write_digits(text: &mut [u8], place: usize, below_hundred: u8) {
    text[place] = b'0' + below_hundred / 10;
    text[place + 1] = b'0' + below_hundred % 10;
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Instant {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        OffsetDateTime::parse(text, &Rfc3339)
            .ok()
            .and_then(|at| at.checked_to_offset(time::UtcOffset::UTC))
            .filter(|at| (1..=9999).contains(&at.year()))
            .map(Instant::from)
            .ok_or_else(|| format!("“{text}” is not a date and time like 2026-12-03T10:00:00Z"))
    }
}

/// Half open: the end is the first moment that is free again, so sessions can touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TimeRange {
    /// The first moment inside.
    pub starts_at: Instant,
    /// The first moment after.
    pub ends_at: Instant,
}

impl TimeRange {
    /// Whether the two share a moment.
    pub fn overlaps(&self, other: &TimeRange) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }
}

/// A day of the wall calendar, `2026-12-03`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(pub time::Date);

impl Date {
    /// The day with this year, month (1 to 12) and day of the month, if there is one.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        time::Date::from_calendar_date(year, time::Month::try_from(month).ok()?, day).ok().map(Date)
    }

    /// So many days later (or earlier); stays at the ends of the calendar.
    pub fn plus_days(self, days: i64) -> Self {
        Date(self.0.saturating_add(time::Duration::days(days)))
    }

    /// How many days from `self` to `other`; negative when `other` is earlier.
    pub fn days_until(self, other: Date) -> i64 {
        (other.0 - self.0).whole_days()
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        Weekday::ALL[usize::from(self.0.weekday().number_days_from_monday())]
    }

    /// Days since 1970-01-01.
    pub fn epoch_days(self) -> i64 {
        i64::from(self.0.to_julian_day()) - 2_440_588
    }

    /// The day so many days after 1970-01-01; `None` outside the calendar.
    pub fn from_epoch_days(days: i64) -> Option<Self> {
        time::Date::from_julian_day(i32::try_from(days + 2_440_588).ok()?).ok().map(Date)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = *b"0000-00-00";
        match write_date(&mut text, self.0) {
            Some(()) => f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?),
            None => write!(f, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day()),
        }
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Date {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}” is not a date like 2026-12-03");
        let mut parts = text.split('-');
        let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong());
        };
        let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
        if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
            return Err(wrong());
        }
        let number = |part: &str| part.parse::<u16>().map_err(|_| wrong());
        Date::new(i32::from(number(year)?), number(month)? as u8, number(day)? as u8).ok_or_else(wrong)
    }
}

/// A time of the wall clock to the minute, `09:30`. `24:00` is allowed as the end of a day.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalTime(u16);

impl LocalTime {
    /// The beginning of a day.
    pub const MIDNIGHT: LocalTime = LocalTime(0);

    /// The time so many minutes after midnight, 0 to 1440.
    pub fn from_minutes(minutes: u16) -> Option<Self> {
        (minutes <= 24 * 60).then_some(LocalTime(minutes))
    }

    /// Minutes after midnight, 0 to 1440.
    pub fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl fmt::Debug for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for LocalTime {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}” is not a time like 09:30");
        let (hours, minutes) = text.split_once(':').ok_or_else(wrong)?;
        if hours.len() != 2 || minutes.len() != 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b':') {
            return Err(wrong());
        }
        let (hours, minutes): (u16, u16) = (hours.parse().map_err(|_| wrong())?, minutes.parse().map_err(|_| wrong())?);
        if minutes > 59 {
            return Err(wrong());
        }
        LocalTime::from_minutes(hours * 60 + minutes).ok_or_else(wrong)
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// The week, from Monday.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// `Thursday`.
    pub fn words(self) -> &'static str {
        match self {
            Weekday::Monday => "Monday",
            Weekday::Tuesday => "Tuesday",
            Weekday::Wednesday => "Wednesday",
            Weekday::Thursday => "Thursday",
            Weekday::Friday => "Friday",
            Weekday::Saturday => "Saturday",
            Weekday::Sunday => "Sunday",
        }
    }
}

macro_rules! as_text { ($($name:ident: $graphql:literal, $doc:literal);* $(;)?) => { $(
    impl<'de> Deserialize<'de> for $name {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            std::borrow::Cow::<str>::deserialize(from)?.parse().map_err(D::Error::custom)
        }
    }

    #[cfg(feature = "server")]
    #[doc = $doc]
    #[async_graphql::Scalar(name = $graphql)]
    impl async_graphql::ScalarType for $name {
        fn parse(value: async_graphql::Value) -> async_graphql::InputValueResult<Self> {
            match &value {
                async_graphql::Value::String(text) => text.parse().map_err(async_graphql::InputValueError::custom),
                _ => Err(async_graphql::InputValueError::expected_type(value)),
            }
        }
        fn to_value(&self) -> async_graphql::Value {
            async_graphql::Value::String(self.to_string())
        }
    }
)* } }

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl Serialize for LocalTime {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

as_text! {
    Instant: "DateTime", "A moment, RFC 3339 in UTC: `2026-12-03T10:00:00Z`.";
    Date: "Date", "A day of the wall calendar: `2026-12-03`.";
    LocalTime: "LocalTime", "A time of the wall clock, to the minute: `09:30`.";
}

#[cfg(feature = "server")]
mod sql {
    //! Integer microseconds on SQLite, `timestamptz` on PostgreSQL; civil values are text on both.
    use super::{Date, Instant, LocalTime};
    use sqlx::encode::IsNull;
    use sqlx::error::BoxDynError;
    use sqlx::{Decode, Encode, Postgres, Sqlite, Type};
    use time::OffsetDateTime;

    impl Type<Sqlite> for Instant {
        fn type_info() -> <Sqlite as sqlx::Database>::TypeInfo {
            <i64 as Type<Sqlite>>::type_info()
        }
        fn compatible(ty: &<Sqlite as sqlx::Database>::TypeInfo) -> bool {
            let _ = ty;
            true
        }
    }

    impl<'q> Encode<'q, Sqlite> for Instant {
        fn encode_by_ref(&self, buf: &mut <Sqlite as sqlx::Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
            <i64 as Encode<'q, Sqlite>>::encode(self.micros(), buf)
        }
    }

    impl<'r> Decode<'r, Sqlite> for Instant {
        fn decode(value: <Sqlite as sqlx::Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
            Instant::from_micros(<i64 as Decode<'r, Sqlite>>::decode(value)?)
                .ok_or_else(|| "instant out of range".into())
        }
    }

    impl Type<Postgres> for Instant {
        fn type_info() -> <Postgres as sqlx::Database>::TypeInfo {
            <OffsetDateTime as Type<Postgres>>::type_info()
        }
    }

    impl<'q> Encode<'q, Postgres> for Instant {
        fn encode_by_ref(&self, buf: &mut <Postgres as sqlx::Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
            <OffsetDateTime as Encode<'q, Postgres>>::encode(self.0, buf)
        }
    }

    impl<'r> Decode<'r, Postgres> for Instant {
        fn decode(value: <Postgres as sqlx::Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
            Ok(<OffsetDateTime as Decode<'r, Postgres>>::decode(value)?.into())
        }
    }

    macro_rules! text { ($($name:ident in $engine:ident),*) => { $(
        impl Type<$engine> for $name {
            fn type_info() -> <$engine as sqlx::Database>::TypeInfo {
                <String as Type<$engine>>::type_info()
            }
            fn compatible(ty: &<$engine as sqlx::Database>::TypeInfo) -> bool {
                <String as Type<$engine>>::compatible(ty)
            }
        }

        impl<'q> Encode<'q, $engine> for $name {
            fn encode_by_ref(&self, buf: &mut <$engine as sqlx::Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                <String as Encode<'q, $engine>>::encode(self.to_string(), buf)
            }
        }

        impl<'r> Decode<'r, $engine> for $name {
            fn decode(value: <$engine as sqlx::Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                <String as Decode<'r, $engine>>::decode(value)?.parse().map_err(Into::into)
            }
        }
    )* } }

    text!(Date in Sqlite, Date in Postgres, LocalTime in Sqlite, LocalTime in Postgres);
}
