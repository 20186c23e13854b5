//! Who waits for a time and who asks for one, once the calendar is full.

use crate::app::App;
use crate::error::{Error, Result};
use crate::features::accounts::{self, User, Viewer};
use crate::features::clients::{self, Client};
use crate::features::practice::zones;
use crate::features::requests::{ask, moves};
use crate::features::waitlist::offering;
use crate::features::waitlist::wishing::{self, JoinWaitlistInput};
use crate::features::{bookings, practice};
use shared::booking::BookingStatus;
use shared::ids::{LoginId, RequestId, SessionTypeId};
use shared::request::{RequestBookingInput, RequestStatus};
use shared::time::{LocalTime, TimeRange, Weekday};
use shared::waitlist::HourBand;
use std::sync::Arc;

/// Two people wait, one of them has an offer; two people ask.
pub(super) async fn fill(app: &Arc<App>) -> Result<()> {
    let catalogue = practice::catalogue(app).await?;
    let slug = |slug: &str| catalogue.session_types.iter().find(|it| it.slug == slug).map(|it| it.id);
    let paid = catalogue.session_types.iter().find(|it| it.price_amount > 0).map(|it| it.id);
    let (mei_ling, _) = person(app, "mei.ling.chen@example.org").await?;
    let (rosa, _) = person(app, "rosa.lind@example.org").await?;
    let (_, thomas) = person(app, "thomas.okafor@example.org").await?;
    // Mei-Ling would like her next session earlier, and a time has just become free.
    let mut ahead = bookings::list::of_client(app, mei_ling.id, bookings::list::MOST, None).await?.bookings;
    ahead.retain(|it| it.status == BookingStatus::Confirmed && app.clock.now() < it.starts_at);
    ahead.sort_by_key(|it| it.starts_at);
    let instead_of = ahead.last().map(|it| it.id);
    let wish = JoinWaitlistInput { instead_of, ..open(paid) };
    wishing::join(app, &mei_ling, wish).await?;
    offering::offer_freed(app, mei_ling.therapist_id, soon(app).await?).await?;
    let evenings = HourBand { from: time("17:00")?, until: time("22:00")? };
    let wish = JoinWaitlistInput {
        weekdays: Some(vec![Weekday::Tuesday, Weekday::Thursday]),
        bands: Some(vec![evenings]),
        ..open(paid)
    };
    wishing::join(app, &rosa, wish).await?;

    let Some(call) = slug("discovery-call") else { return Ok(()) };
    let mornings = HourBand { from: time("06:00")?, until: time("12:00")? };
    let visitor = RequestBookingInput {
        session_type_id: call,
        therapist_id: None,
        name: Some("Nadia Rahman".into()),
        email: Some("nadia.rahman@example.org".into()),
        phone: Some("07700 900118".into()),
        time_zone: None,
        weekdays: Some(vec![Weekday::Wednesday, Weekday::Friday]),
        bands: Some(vec![mornings]),
        note: Some("I work nights at the hospital, so mornings are best. I may sound tired.".into()),
        idempotency_key: None,
    };
    let first = ask::request(app, visitor.clone(), None, "the demo".into()).await?;
    let client = RequestBookingInput {
        session_type_id: paid.unwrap_or(call),
        weekdays: Some(vec![Weekday::Monday]),
        bands: None,
        note: Some("Could we move to Mondays for a while? My shifts have changed.".into()),
        ..visitor
    };
    let second = ask::request(app, client, Some(viewer(app, &thomas)), "the demo".into()).await?;
    known(app, [first, second]).await
}

fn open(session_type_id: Option<SessionTypeId>) -> JoinWaitlistInput {
    JoinWaitlistInput {
        session_type_id,
        instead_of: None,
        modality: None,
        weekdays: None,
        bands: None,
        earliest: None,
        latest: None,
    }
}

fn time(text: &str) -> Result<LocalTime> {
    text.parse().map_err(Error::internal)
}

/// A stretch of the working days to come, in which something is free.
async fn soon(app: &App) -> Result<TimeRange> {
    let catalogue = practice::catalogue(app).await?;
    let zone = zones::find("timeZone", &catalogue.practice.time_zone, app.clock.now())?;
    let today = zone.civil(app.clock.now()).date;
    let at = |days: i64| Ok::<_, Error>(zone.resolve(today.plus_days(days), time("00:00")?).at);
    Ok(TimeRange { starts_at: at(2)?, ends_at: at(8)? })
}

async fn person(app: &Arc<App>, email: &'static str) -> Result<(Client, User)> {
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let user = accounts::user_by_address(tx, email).await?.ok_or(Error::NotFound)?;
                let client = clients::of_user(tx, user.id).await?.ok_or(Error::NotFound)?;
                Ok((client, user))
            })
        })
        .await
}

fn viewer(app: &App, user: &User) -> Viewer {
    let login_id = LoginId(app.clock.new_id());
    Viewer { user_id: user.id, login_id, role: user.role, second_factor: false }
}

/// Whoever it concerns has been told, so that the mailbox begins empty.
async fn known(app: &Arc<App>, requests: [RequestId; 2]) -> Result<()> {
    app.db
        .write(move |tx| {
            Box::pin(async move {
                for id in requests {
                    moves::note_told(tx, id, RequestStatus::Pending).await?;
                }
                Ok(())
            })
        })
        .await
}
