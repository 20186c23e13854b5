//! A reminder on its way: taken once, together with those of the same day, and settled once.

use super::{Reminder, ReminderState, store};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::jobs::{self, Job};
use shared::ids::ReminderId;
use shared::reminder::day_of;
use shared::time::Instant;
use shared::zone::ZoneTable;

/// A reminder whose job has come, if it is still to be sent. One that was taken before and did not arrive is taken again.
pub async fn open(tx: &mut Tx, id: ReminderId) -> Result<Option<Reminder>> {
    let reminder = store::reminder(tx, id).await?;
    Ok(reminder.filter(|reminder| match reminder.state {
        ReminderState::Planned => true,
        ReminderState::Sending => reminder.carrier_id == Some(id),
        ReminderState::Sent | ReminderState::Skipped => false,
    }))
}

/// The reminders of the same client, day and lead time, which this one's mail carries: itself among them, earliest first.
pub async fn same_day(tx: &mut Tx, carrier: &Reminder, zone: &ZoneTable) -> Result<Vec<Reminder>> {
    let Some(client) = carrier.client_id else { return Ok(vec![carrier.clone()]) };
    let mut together = store::open_of_client(tx, client, carrier.channel, carrier.lead_minutes).await?;
    let day = day_of(carrier.starts_at, zone);
    together.retain(|other| {
        let is_free = other.state == ReminderState::Planned || other.carrier_id == Some(carrier.id);
        is_free && day_of(other.starts_at, zone) == day
    });
    Ok(together)
}

/// Takes a reminder along with its carrier; `false` if somebody else was quicker.
pub async fn take(tx: &mut Tx, reminder: ReminderId, carrier: ReminderId) -> Result<bool> {
    Ok(store::take(tx, reminder, carrier).await? == 1)
}

/// Leaves a reminder out.
pub async fn skip(tx: &mut Tx, id: ReminderId, now: Instant) -> Result<()> {
    Ok(store::skip(tx, id, now).await?)
}

/// Puts a reminder off until people may be written to again.
pub async fn put_off(tx: &mut Tx, app: &App, reminder: &Reminder, until: Instant) -> Result<()> {
    store::put_off(tx, reminder.id, until).await?;
    let job = Job::Remind { booking_id: reminder.booking_id, reminder_id: reminder.id };
    jobs::enqueue(tx, &app.clock, until, &job).await
}

/// Notes that a mail arrived, for every reminder it carried.
pub async fn arrived(tx: &mut Tx, carrier: ReminderId, now: Instant) -> Result<()> {
    Ok(store::set_sent(tx, carrier, now).await?)
}
