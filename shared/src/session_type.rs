//! What a practice sells: the fields of a session type and what may stand in them.

use crate::booking::key_problem;
use crate::contact::text_problem;
use crate::ids::{RoomId, SessionTypeId};
use crate::intake::Missing;
use crate::money::Currency;
use crate::practice::{Gate, Modality, Prepay};
use crate::problem::{ErrorCode, UserError};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// The longest name and address, in characters.
pub const LONGEST_NAME: usize = 80;

/// The longest summary, in characters.
pub const LONGEST_SUMMARY: usize = 200;

/// The longest description, in characters, all its paragraphs together.
pub const LONGEST_DESCRIPTION: usize = 6000;

/// How long a session may be, in minutes.
const MINUTES: RangeInclusive<i64> = 5..=480;

/// How much time may be blocked on each side of it, in minutes.
const BUFFER: RangeInclusive<i64> = 0..=240;

/// How far apart starts may be, in minutes.
const GRID: RangeInclusive<i64> = 5..=240;

/// How long before the start it may close, in minutes: up to four weeks.
const NOTICE: RangeInclusive<i64> = 0..=28 * 24 * 60;

/// How many days ahead it may open.
const HORIZON: RangeInclusive<i64> = 1..=400;

/// How many a day a limit may allow.
const PER_DAY: RangeInclusive<i64> = 1..=50;

/// The highest price in minor units: more is a slip of the keyboard.
pub const HIGHEST_PRICE: i64 = 100_000_000;

/// Adds a session type, or changes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct SaveSessionTypeInput {
    /// Which is changed; left out, a new one is added at the end of the list.
    pub session_type_id: Option<SessionTypeId>,
    /// What it is called; at most 80 characters.
    pub name: String,
    /// Its name in addresses: small letters, digits and hyphens. Left out, it stays, or follows from the name. Once the
    /// public pages have shown it, it cannot change, because links rely on it.
    pub slug: Option<String>,
    /// One sentence about it; at most 200 characters.
    pub summary: String,
    /// Paragraphs about it.
    pub description: Vec<String>,
    /// Who may book it. Once the public pages have shown it, this cannot change.
    pub gate: Gate,
    /// How it takes place. A session in person needs a free room, where the practice keeps a list of rooms.
    pub modality: Modality,
    /// The rooms that suit it in person; where none is named, any does. Left out, they stay as they are.
    pub room_ids: Option<Vec<RoomId>>,
    /// What a client does before the first session that asks for it. Only what is published is asked of anyone, and a
    /// first call waits for nothing. Left out, it stays as it is; a new one asks for everything.
    pub waits_for: Option<Vec<Missing>>,
    /// How long it is, 5 to 480 minutes.
    pub minutes: i64,
    /// Minutes kept free before it, at most 240.
    pub buffer_before: i64,
    /// Minutes kept free after it, at most 240.
    pub buffer_after: i64,
    /// Starts are on multiples of so many minutes after midnight, 5 to 240.
    pub grid_minutes: i64,
    /// So many minutes before the start it closes, at most four weeks.
    pub notice_minutes: i64,
    /// So many days ahead it opens, at most 400.
    pub horizon_days: i64,
    /// How many a day one therapist has of it at most; left out, as many as fit.
    pub per_day: Option<i64>,
    /// The list price, in minor units.
    pub price_amount: i64,
    /// What the price is counted in.
    pub price_currency: Currency,
    /// What is paid before it is confirmed.
    pub prepay: Prepay,
    /// The deposit, in minor units, where one is paid.
    pub deposit_amount: i64,
    /// Whether the public pages show it. One that they do not show can still be booked with its address.
    pub visible: bool,
    /// Says that you know what it means to have no first call that visitors can book.
    pub closes_to_new_people: Option<bool>,
    /// Chosen by the caller; the same key with the same input adds one, however often it is sent.
    pub idempotency_key: Option<String>,
}

impl SaveSessionTypeInput {
    /// Everything wrong with it at once.
    pub fn problems(&self) -> Vec<UserError> {
        let key = self.idempotency_key.as_deref().and_then(|key| key_problem("idempotencyKey", key));
        let slug = self.slug.as_deref().filter(|slug| !slug.is_empty()).and_then(slug_problem);
        let description = text_problem("description", &self.description.join("\n"), LONGEST_DESCRIPTION);
        let texts = [
            line_problem("name", &self.name, LONGEST_NAME, "Give it a name."),
            slug,
            text_problem("summary", &self.summary, LONGEST_SUMMARY),
            description,
        ];
        let numbers = [
            outside("minutes", self.minutes, MINUTES, "A session lasts between 5 and 480 minutes."),
            outside("bufferBefore", self.buffer_before, BUFFER, "Keep at most 240 minutes free before it."),
            outside("bufferAfter", self.buffer_after, BUFFER, "Keep at most 240 minutes free after it."),
            outside("gridMinutes", self.grid_minutes, GRID, "Starts are between 5 and 240 minutes apart."),
            outside("noticeMinutes", self.notice_minutes, NOTICE, "It closes at most four weeks before the start."),
            outside("horizonDays", self.horizon_days, HORIZON, "It opens between 1 and 400 days ahead."),
            self.per_day.and_then(|most| outside("perDay", most, PER_DAY, "A limit is between 1 and 50 a day.")),
            price_problem("priceAmount", self.price_amount),
        ];
        let together = [self.opens_in_time(), self.first_call_is_free(), self.deposit_fits()];
        texts.into_iter().chain(numbers).chain(together).chain([key]).flatten().collect()
    }

    /// It must open before it closes, or nothing can ever be booked.
    fn opens_in_time(&self) -> Option<UserError> {
        let both_fit = NOTICE.contains(&self.notice_minutes) && HORIZON.contains(&self.horizon_days);
        (both_fit && self.notice_minutes >= self.horizon_days * 24 * 60).then(|| {
            let message = "It would close before it opens. Open it further ahead, or close it later.";
            UserError::on("horizonDays", ErrorCode::Invalid, message)
        })
    }

    /// A first call is booked without an account, so there is nobody to pay.
    fn first_call_is_free(&self) -> Option<UserError> {
        (self.gate == Gate::Discovery && self.price_amount > 0).then(|| {
            let message = "A first call is free: it is booked without an account. Write 0, or open it to clients only.";
            UserError::on("priceAmount", ErrorCode::Invalid, message)
        })
    }

    fn deposit_fits(&self) -> Option<UserError> {
        let wrong = match self.prepay {
            Prepay::Deposit => !(1..=self.price_amount.max(1)).contains(&self.deposit_amount),
            Prepay::Nothing | Prepay::All => false,
        };
        wrong.then(|| {
            let message = "Write a deposit between nothing and the price.";
            UserError::on("depositAmount", ErrorCode::Invalid, message)
        })
    }
}

/// The name in addresses that follows from a name: `couples-session` for `Couples session`.
pub fn slug_of(name: &str) -> String {
    let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let slug: String = letters.collect();
    slug.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// What is wrong with a name for addresses.
pub fn slug_problem(slug: &str) -> Option<UserError> {
    if slug.chars().count() > LONGEST_NAME {
        return Some(UserError::on("slug", ErrorCode::TooLong, "Please keep the address under 80 characters."));
    }
    (slug.is_empty() || slug_of(slug) != slug).then(|| {
        let message = "Write the address with small letters, digits and single hyphens, like first-call.";
        UserError::on("slug", ErrorCode::Invalid, message)
    })
}

/// Hours as somebody types them, in minutes: `24`, `0.5`, `1,5`, `50 min`.
pub fn read_hours(typed: &str) -> Option<i64> {
    if let Some(minutes) = typed.trim().strip_suffix("min") {
        return minutes.trim().parse().ok().filter(|minutes| *minutes >= 0);
    }
    let hundredths = crate::payment::read_amount(typed)?;
    let minutes = hundredths.checked_mul(60)?;
    (minutes % 100 == 0).then_some(minutes / 100)
}

/// Hours as they stand in a field: `24`, `0.5`; minutes where hundredths of an hour do not say it: `50 min`.
pub fn typed_hours(minutes: i64) -> String {
    match (minutes % 60, minutes % 3) {
        (0, _) => (minutes / 60).to_string(),
        (_, 0) => {
            let hundredths = minutes * 100 / 60;
            format!("{}.{:02}", hundredths / 100, hundredths % 100).trim_end_matches('0').to_owned()
        }
        _ => format!("{minutes} min"),
    }
}

/// What is wrong with a name on one line, which must be there.
pub fn line_problem(field: &str, typed: &str, most: usize, missing: &str) -> Option<UserError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Some(UserError::on(field, ErrorCode::Required, missing));
    }
    if typed.contains(char::is_control) {
        return Some(UserError::on(field, ErrorCode::Invalid, "Please write it on one line."));
    }
    text_problem(field, typed, most)
}

/// What is wrong with how long one session is to be, where it is not as long as its type.
pub fn minutes_problem(minutes: Option<i64>) -> Option<UserError> {
    minutes.and_then(|minutes| outside("minutes", minutes, MINUTES, "A session is 5 to 480 minutes long."))
}

/// What is wrong with a price.
pub fn price_problem(field: &str, amount: i64) -> Option<UserError> {
    outside(field, amount, 0..=HIGHEST_PRICE, "A price is between nothing and a million.")
}

/// A number that must lie between two others.
pub fn outside(field: &str, value: i64, allowed: RangeInclusive<i64>, message: &str) -> Option<UserError> {
    (!allowed.contains(&value)).then(|| UserError::on(field, ErrorCode::Invalid, message))
}
