//! A time that is kept for the client while they decide.

use crate::api::amount::Amount;
use crate::api::schema::schema;
use crate::ui::form::code;
use leptos::prelude::*;
use serde::Serialize;
use shared::ids::{OfferId, WishId};
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// What is kept for a client, and for what.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "OwnWaitlist")]
pub struct Offers {
    /// What is kept for them.
    pub offers: Vec<Offer>,
    /// What they wait for.
    pub wishes: Vec<OfferedWish>,
}

/// A time that is kept.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "WaitlistOffer")]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// Which.
    pub id: OfferId,
    /// For which wish.
    pub wish_id: WishId,
    /// When the session would begin.
    pub starts_at: Instant,
    /// When it would end.
    pub ends_at: Instant,
    /// Until when it is kept.
    pub until: Instant,
    /// What it costs; absent where a session moves there.
    pub price: Option<Amount>,
    /// What of it is paid first.
    pub due_now: Option<Amount>,
}

/// What is waited for, as far as an offer says it.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "WaitlistWish")]
#[serde(rename_all = "camelCase")]
pub struct OfferedWish {
    /// Which.
    pub id: WishId,
    /// What they would like.
    pub session_type: Option<OfferedSession>,
    /// When the session begins that they would like earlier.
    pub earlier_than: Option<Instant>,
}

/// What is offered.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct OfferedSession {
    /// Its name.
    pub name: String,
}

/// Draws every offer of a client, the one that ends first before the others.
pub fn offered(offers: &Offers, zone: &ZoneTable) -> impl IntoView + use<> {
    let one = |offer: &Offer| {
        let wish = offers.wishes.iter().find(|wish| wish.id == offer.wish_id);
        let name = wish.and_then(|wish| wish.session_type.as_ref()).map(|it| it.name.clone()).unwrap_or_default();
        card(offer, name, wish.and_then(|wish| wish.earlier_than), zone)
    };
    offers.offers.iter().map(one).collect::<Vec<_>>()
}

/// Draws an offer; `theirs` is when the session begins that would move.
pub fn card(offer: &Offer, name: String, theirs: Option<Instant>, zone: &ZoneTable) -> impl IntoView + use<> {
    let until = words::moment(offer.until, zone);
    let when = format!("{} to {}", words::moment(offer.starts_at, zone), words::time(offer.ends_at, zone));
    let id = format!("offer-{}", offer.id);
    let heading = id.clone();
    let swap = theirs.map(|theirs| {
        let theirs = words::moment(theirs, zone);
        view! { <p>"Your session on "{theirs}" moves here, with its price and its payment. The other time is given back."</p> }
    });
    let cost = offer.price.map(|price| {
        let first = offer.due_now.filter(|due| due.amount > 0).map(|due| match due == price {
            true => ", paid before it is confirmed".to_owned(),
            false => format!(", {} of it before it is confirmed", due.words()),
        });
        view! { <p>"It costs "<b>{price.words()}</b>{first}"."</p> }
    });
    let shown = offer.price.map(|price| {
        view! {
            <input type="hidden" name="price" value=price.amount.to_string() />
            <input type="hidden" name="currency" value=code(price.currency.0) />
        }
    });
    view! {
        <section class="notice offer" aria-labelledby=id.clone()>
            <h2 id=heading>"A time is kept for you"</h2>
            <p class="when-big"><time datetime=offer.starts_at.to_string()>{when}</time></p>
            <p>{name}", "{words::city(&zone.name)}" time."</p>
            {swap}
            {cost}
            <p>"It is yours until "<b>{until}</b>". After that the next person is asked; you stay on the list."</p>
            <div class="cluster">
                <form method="post" action=format!("/portal/waitlist/offers/{}/accept", offer.id)>
                    {shown}
                    <button class="button">"Take this time"</button>
                </form>
                <form method="post" action=format!("/portal/waitlist/offers/{}/decline", offer.id)>
                    <button class="button quiet">"Leave it to somebody else"</button>
                </form>
            </div>
        </section>
    }
}
