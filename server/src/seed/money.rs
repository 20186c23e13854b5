//! What the sessions of the past cost, and how they were paid.

use crate::app::App;
use crate::error::Result;
use crate::features::bookings::{self, Booking};
use crate::features::payments::past;
use crate::features::{clients, practice};
use shared::booking::BookingStatus;
use shared::payment::PaymentMethod;
use std::sync::Arc;

/// How many clients of one therapist there are at most.
const CLIENTS: i64 = 500;

/// Charges what took place, oldest first. All is paid but the newest session of every third client who has had one.
pub(super) async fn fill(app: &Arc<App>) -> Result<()> {
    let catalogue = practice::catalogue(app).await?;
    let (mut sessions, mut number): (Vec<(usize, usize, Booking)>, usize) = (Vec::new(), 0);
    for therapist in &catalogue.therapists {
        for client in clients::list(app, therapist.id, None, None, None, CLIENTS).await? {
            let took_place = |booking: &Booking| booking.status == BookingStatus::Completed && booking.price_amount > 0;
            let all = bookings::list::of_client(app, client.id, bookings::list::MOST, None).await?.bookings;
            let past: Vec<_> = all.into_iter().filter(took_place).collect();
            number += usize::from(!past.is_empty());
            sessions.extend(past.into_iter().enumerate().map(|(back, booking)| (number, back, booking)));
        }
    }
    sessions.sort_by_key(|(.., booking)| booking.ends_at);
    let (shared_app, now) = (app.clone(), app.clock.now());
    app.db
        .write(move |tx| {
            let (app, catalogue, sessions) = (shared_app.clone(), catalogue.clone(), sessions.clone());
            Box::pin(async move {
                for (number, back, booking) in &sessions {
                    let method = if number % 2 == 0 { PaymentMethod::Transfer } else { PaymentMethod::Cash };
                    let days = if method == PaymentMethod::Cash { 0 } else { 2 };
                    let at = booking.ends_at.plus_minutes(days * 24 * 60).min(now);
                    let is_open = *back == 0 && number % 3 == 1;
                    past::bring(tx, &app, &catalogue, booking, (!is_open).then_some((method, at))).await?;
                }
                Ok(())
            })
        })
        .await
}
