//! The practice's list of bookings, filtered and by the page.

use super::{Booking, store};
use crate::app::App;
use crate::error::Result;
use crate::features::intake::needs;
use crate::features::money::fees::{self, Fee};
use crate::features::practice::{self, Catalogue};
use serde::{Deserialize, Serialize};
use shared::booking::{BookingSource, BookingStatus};
use shared::ids::{BookingId, ClientId, TherapistId};
use shared::intake::{Missing, Needs};
use shared::practice::Modality;
use shared::time::Instant;
use std::collections::BTreeSet;

/// Which bookings are wanted.
#[derive(Debug, Clone, Default, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(default, rename_all = "camelCase")]
pub struct BookingFilter {
    /// Only these statuses; left out or empty, every status.
    pub statuses: Option<Vec<BookingStatus>>,
    /// Only those that came about like this.
    pub source: Option<BookingSource>,
    /// Only those that take place like this.
    pub modality: Option<Modality>,
    /// Only this client's.
    pub client_id: Option<ClientId>,
    /// Only those whose name, address or reference has this in it.
    pub search: Option<String>,
    /// Only those that begin at or after this.
    pub from: Option<Instant>,
    /// Only those that begin before this.
    pub until: Option<Instant>,
    /// Only sessions that took place, were missed or called off late, and are not paid for.
    pub is_overdue: Option<bool>,
    /// Latest first instead of earliest first.
    pub is_latest_first: Option<bool>,
}

/// A page of bookings.
#[derive(Debug, Clone)]
pub struct Page {
    /// The bookings of this page.
    pub bookings: Vec<Booking>,
    /// Whether there are more.
    pub has_next_page: bool,
}

impl Page {
    /// The first so many of some bookings; one more was asked for than the page has.
    fn of(mut bookings: Vec<Booking>, first: i64) -> Self {
        let has_next_page = bookings.len() as i64 > first;
        bookings.truncate(usize::try_from(first).unwrap_or(1));
        Page { bookings, has_next_page }
    }
}

/// The most bookings of one page.
pub const MOST: i64 = 100;

/// A therapist's bookings. `after` is the booking the last page ended with.
pub async fn of_therapist(
    app: &App,
    therapist: TherapistId,
    filter: &BookingFilter,
    first: i64,
    after: Option<BookingId>,
) -> Result<Page> {
    let first = first.clamp(1, MOST);
    let bookings = store::list(&mut app.db.read().await?, therapist, filter, first + 1, after).await?;
    Ok(Page::of(bookings, first))
}

/// A client's bookings, latest first. `after` is the booking the last page ended with.
pub async fn of_client(app: &App, client: ClientId, first: i64, after: Option<BookingId>) -> Result<Page> {
    let first = first.clamp(1, MOST);
    let bookings = store::of_client(&mut app.db.read().await?, client, first + 1, after).await?;
    Ok(Page::of(bookings, first))
}

/// Which of these bookings wait for what their client has not done yet. Takes as many statements for many as for one.
pub async fn held_up<'b>(app: &App, bookings: impl Iterator<Item = &'b Booking>) -> Result<Vec<BookingId>> {
    let now = app.clock.now();
    let ahead: Vec<(&Booking, ClientId)> =
        bookings.filter(|booking| booking.can_be_held_up(now)).filter_map(|it| Some((it, it.client_id?))).collect();
    let clients: BTreeSet<ClientId> = ahead.iter().map(|(_, client)| *client).collect();
    let catalogue = practice::catalogue(app).await?;
    let needs = needs::of(&mut app.db.read().await?, &Vec::from_iter(clients)).await?;
    let waits = |booking: &Booking, client: &ClientId| {
        let is_held = |needs: &Needs| !needs.holding(asked_by(&catalogue, booking)).is_empty();
        needs.get(client).is_some_and(is_held)
    };
    Ok(ahead.into_iter().filter(|(booking, client)| waits(booking, client)).map(|(booking, _)| booking.id).collect())
}

/// What a booking waits for.
pub async fn waits_for(app: &App, booking: &Booking) -> Result<Vec<Missing>> {
    let Some(client) = booking.client_id.filter(|_| booking.can_be_held_up(app.clock.now())) else {
        return Ok(Vec::new());
    };
    let catalogue = practice::catalogue(app).await?;
    let needs = needs::read_of(app, client).await?;
    Ok(needs.map(|needs| needs.holding(asked_by(&catalogue, booking))).unwrap_or_default())
}

fn asked_by<'c>(catalogue: &'c Catalogue, booking: &Booking) -> &'c [Missing] {
    catalogue.session_type(booking.session_type_id).map(|it| it.waits_for.as_slice()).unwrap_or_default()
}

/// What became of a client's sessions, counted.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Tally {
    /// Took place.
    pub completed: i64,
    /// Called off by the client when that was not free any more.
    pub late_cancels: i64,
    /// The client did not come.
    pub no_shows: i64,
}

/// What became of a client's sessions so far.
pub async fn tally(app: &App, client: ClientId) -> Result<Tally> {
    Ok(store::tally(&mut app.db.read().await?, client).await?)
}

/// Fees a therapist has not decided about, each with its booking, oldest first.
pub async fn fees_waiting(app: &App, therapist: TherapistId) -> Result<Vec<(Fee, Booking)>> {
    let fees = fees::waiting(app, therapist).await?;
    let bookings = store::with_fees_waiting(&mut app.db.read().await?, therapist).await?;
    let booking_of = |fee: &Fee| bookings.iter().find(|booking| booking.id == fee.booking_id).cloned();
    Ok(fees.into_iter().filter_map(|fee| booking_of(&fee).map(|booking| (fee, booking))).collect())
}
