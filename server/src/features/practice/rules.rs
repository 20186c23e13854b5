//! The limits the practice sets for its calendar.

use super::{PracticeSettings, change_settings, store};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use shared::ids::UserId;
use shared::rules::SetCalendarRulesInput;
use std::sync::Arc;

/// Changes the limits of the calendar. What is booked stays; what can be booked follows at once.
pub async fn set(app: &Arc<App>, by: UserId, input: SetCalendarRulesInput) -> Result<()> {
    Error::unless_fine(input.problems())?;
    let (now, input) = (app.clock.now(), Arc::new(input));
    app.db
        .write(move |tx| {
            let input = input.clone();
            Box::pin(async move {
                store::lock_practice(tx).await?;
                change_settings(tx, |settings| apply(settings, &input)).await?;
                audit::record(tx, now, Some(by), "set calendar rules", None).await
            })
        })
        .await
}

fn apply(settings: &mut PracticeSettings, input: &SetCalendarRulesInput) {
    let count = |value: i64| u32::try_from(value).unwrap_or(0);
    settings.sessions_per_day = input.sessions_per_day.map(count);
    settings.consecutive_sessions = input.consecutive_sessions.map(count);
    settings.break_minutes = count(input.break_minutes);
    settings.bookings_ahead = input.bookings_ahead.map(count);
    settings.series_weeks_ahead = input.series_weeks_ahead;
    settings.payment_minutes = count(input.payment_minutes);
    settings.no_show_minutes = input.no_show_minutes.unwrap_or(settings.no_show_minutes);
    settings.prompt_minutes = input.prompt_minutes.unwrap_or(settings.prompt_minutes);
    settings.return_months = input.return_months.unwrap_or(settings.return_months);
    let lines = input.bank_details.iter().map(|line| line.trim().to_owned());
    settings.bank_details = lines.filter(|line| !line.is_empty()).collect();
}
