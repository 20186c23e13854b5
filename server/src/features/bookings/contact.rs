//! How a client wants to be called and reached, also about what is in the calendar already.

use super::store;
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::accounts::welcome::{self, Contact};
use crate::features::accounts::{self, Viewer};
use crate::features::clients::own_client;
use shared::contact::ChangeContactInput;

/// Changes the name and number of the client who asks. Sessions that are not over carry them from now on, but for those
/// booked under another name or number.
pub async fn change(app: &App, viewer: Viewer, input: ChangeContactInput) -> Result<()> {
    Error::unless_fine(input.problems())?;
    let (client, now) = (own_client(app, viewer).await?, app.clock.now());
    let (name, phone) = (input.name.trim().to_owned(), input.phone.trim().to_owned());
    app.db
        .write(move |tx| {
            let (name, phone) = (name.clone(), phone.clone());
            Box::pin(async move {
                let user = accounts::user_in(tx, viewer.user_id).await?;
                if user.name == name && user.phone == phone {
                    return Ok(());
                }
                let (client_id, therapist_id) = (client.id, client.therapist_id);
                let contact = Contact { name, phone, time_zone: user.time_zone.clone() };
                let changed = welcome::set_contact(tx, &user, &contact).await?;
                for (booking_id, therapist_id) in store::set_guest(tx, client_id, &user, &changed, now).await? {
                    tx.announce(Event::BookingChanged { booking_id, therapist_id, client_id: Some(client_id) });
                }
                audit::record(tx, now, Some(viewer.user_id), "change contact of client", Some(client_id.0)).await?;
                tx.announce(Event::ClientChanged { client_id, therapist_id });
                Ok(())
            })
        })
        .await
}
