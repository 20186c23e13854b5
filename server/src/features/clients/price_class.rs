//! Which of the practice's price lists a client pays by.

use super::{Client, store};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::practice::Therapist;
use serde::{Deserialize, Serialize};
use shared::ids::ClientId;
use shared::price::PriceClass;
use shared::problem::ErrorCode;

/// Says which price list a client pays by.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct SetPriceClassInput {
    /// Whose.
    pub client_id: ClientId,
    /// Which list. Sessions booked before keep their price.
    pub price_class: PriceClass,
}

/// Says which price list a client of this therapist pays by, from the next booking on.
pub async fn set(app: &App, therapist: &Therapist, input: SetPriceClassInput) -> Result<ClientId> {
    let (now, therapist_id, actor) = (app.clock.now(), therapist.id, therapist.user_id);
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let client = store::client(tx, input.client_id).await?;
                let own = |client: &Client| client.therapist_id == therapist_id;
                let Some(client) = client.filter(own) else {
                    let message = "There is no such client of yours.";
                    return Err(Error::refused("clientId", ErrorCode::NotFound, message));
                };
                if client.price_class != input.price_class {
                    super::set_price_class(tx, client.id, input.price_class).await?;
                    audit::record(tx, now, Some(actor), "set price class of client", Some(client.id.0)).await?;
                    tx.announce(Event::ClientChanged { client_id: client.id, therapist_id });
                }
                Ok(client.id)
            })
        })
        .await
}
