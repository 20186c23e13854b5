//! What a browser remembers while somebody books: the zone and how hours are counted, the time that is kept, the booking
//! just made.

use super::held::HOLD;
use super::login::{cookie, set};
use crate::error::{Error, Result};
use crate::features::bookings::hold::Hold;
use crate::features::practice::zones;
use crate::keys::Secret;
use axum::http::{HeaderMap, HeaderValue, header};
use shared::ids::TherapistId;
use shared::time::Instant;
use shared::words::HourCycle;

const BOOKED: &str = "__Host-booked";
const ZONE: &str = "__Host-tz";
const HOURS: &str = "__Host-hours";

/// How long the confirmation page knows who booked.
const BOOKED_SECONDS: i64 = 3600;

/// A time that is kept for whoever sent a request. Only the secret proves it; the rest is for showing.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// What proves it.
    pub(super) token: String,
    /// What is kept.
    pub(super) starts_at: Instant,
    /// Until when.
    pub(super) until: Instant,
    /// With whom.
    pub(super) therapist_id: TherapistId,
}

/// The time that is kept for whoever sent these headers, if it still is.
pub(super) fn kept(headers: &HeaderMap, now: Instant) -> Option<Kept> {
    let mut parts = cookie(headers, HOLD)?.split('~');
    let kept = Kept {
        token: parts.next()?.to_owned(),
        starts_at: parts.next()?.parse().ok()?,
        until: parts.next()?.parse().ok()?,
        therapist_id: parts.next()?.parse().ok()?,
    };
    (now < kept.until).then_some(kept)
}

/// Whether a browser is in the middle of booking or has just booked.
pub(super) fn says_what(headers: &HeaderMap) -> bool {
    [HOLD, BOOKED].into_iter().any(|name| cookie(headers, name).is_some())
}

/// Remembers a time that is kept.
pub(super) fn keep(hold: &Hold, now: Instant) -> Result<HeaderValue> {
    let slot = &hold.slot;
    let value = format!("{}~{}~{}~{}", hold.secret.text(), slot.starts_at, hold.expires_at, slot.therapist_id);
    set(HOLD, &value, hold.expires_at.seconds() - now.seconds())
}

/// Forgets the time that was kept.
pub(super) fn forget_kept() -> HeaderValue {
    HeaderValue::from_static("__Host-hold=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax")
}

/// Remembers who made a booking.
pub(super) fn set_booked(manage: &Secret) -> Result<HeaderValue> {
    set(BOOKED, &manage.text(), BOOKED_SECONDS)
}

/// The manage token of the booking made in this browser.
pub(super) fn booked(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, BOOKED)
}

/// The zone this browser reads times in.
pub(super) fn zone(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, ZONE).filter(|zone| zones::is_known(zone))
}

/// How this browser counts hours: as it was told to, or else as people do where its language is spoken.
pub(super) fn hours(headers: &HeaderMap) -> HourCycle {
    let languages = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    cookie(headers, HOURS)
        .and_then(HourCycle::read)
        .unwrap_or_else(|| languages().map(HourCycle::of_languages).unwrap_or_default())
}

/// Remembers a zone.
pub(super) fn set_zone(zone: &str) -> Result<HeaderValue> {
    open(ZONE, zone)
}

/// Remembers how hours are counted.
pub(super) fn set_hours(hours: HourCycle) -> Result<HeaderValue> {
    open(HOURS, hours.word())
}

/// A cookie that scripts of the page set too, so they may see it.
fn open(name: &str, value: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(&format!("{name}={value}; Max-Age=31536000; Path=/; Secure; SameSite=Lax"))
        .map_err(|error| Error::internal(error.to_string()))
}
