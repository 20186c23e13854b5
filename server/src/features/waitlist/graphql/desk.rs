//! Who waits, as their therapist sees them.

use super::WaitlistWish;
use crate::audit;
use crate::features::practice;
use crate::features::waitlist::{self, Offer, WaitingWish, WishState};
use crate::graphql::app;
use async_graphql::{Context, Object, Result};
use shared::ids::ClientId;
use shared::time::Instant;
use shared::waitlist::WaitlistRules;

/// Somebody who waits, as their therapist sees them.
pub struct Waiting {
    wish: WaitingWish,
    offer: Option<Offer>,
}

/// Somebody who waits, as their therapist sees them.
#[Object(name = "WaitingClient")]
impl Waiting {
    /// Who.
    async fn client_id(&self) -> ClientId {
        self.wish.client_id
    }
    /// What to call them.
    async fn name(&self) -> &str {
        &self.wish.name
    }
    /// What they wait for.
    async fn wish(&self) -> WaitlistWish {
        WaitlistWish(self.wish.clone())
    }
    /// Whether you let them go before others.
    async fn goes_first(&self) -> bool {
        self.wish.priority > 0
    }
    /// Whether nothing is offered to them for now.
    async fn is_paused(&self) -> bool {
        self.wish.state == WishState::Paused
    }
    /// Their last session, if they had one.
    async fn last_session(&self) -> Option<Instant> {
        self.wish.last_session
    }
    /// Their next session, if they have one.
    async fn next_session(&self) -> Option<Instant> {
        self.wish.next_session
    }
    /// The time that is kept for them now.
    async fn offer(&self) -> Option<&Offer> {
        self.offer.as_ref()
    }
}

/// A therapist's waitlist.
pub struct WaitlistDesk(pub practice::Therapist);

/// Who waits for your time, and how freed time is offered.
#[Object]
impl WaitlistDesk {
    /// Who waits, those who wait the longest first.
    async fn waiting(&self, ctx: &Context<'_>) -> Result<Vec<Waiting>> {
        let wishes = waitlist::of_therapist(app(ctx), self.0.id).await?;
        audit::note_list(app(ctx), self.0.user_id, "who waits", wishes.len())?;
        let offers = waitlist::offers_of(app(ctx), self.0.id).await?;
        let offer = |wish: &WaitingWish| offers.iter().find(|offer| offer.wish_id == wish.id).cloned();
        Ok(wishes.into_iter().map(|wish| Waiting { offer: offer(&wish), wish }).collect())
    }
    /// How freed time is offered.
    async fn rules(&self, ctx: &Context<'_>) -> Result<Rules> {
        rules(ctx).await
    }
}

/// What the practice decides about its waitlist.
pub struct Rules(WaitlistRules);

/// How freed time is offered at this practice.
#[Object(name = "WaitlistRules")]
impl Rules {
    /// Whether nothing is offered for now.
    async fn is_paused(&self) -> bool {
        self.0.is_paused
    }
    /// For how many waking minutes a time is kept for the person it is offered to.
    async fn offer_minutes(&self) -> i64 {
        self.0.offer_minutes
    }
    /// So many minutes before the start, freed time is still offered.
    async fn notice_minutes(&self) -> i64 {
        self.0.notice_minutes
    }
    /// So many weeks after somebody joined, or said that they still wait, they are asked whether they do.
    async fn ask_weeks(&self) -> i64 {
        self.0.ask_weeks
    }
}

/// The rules of this practice.
pub(super) async fn rules(ctx: &Context<'_>) -> Result<Rules> {
    Ok(Rules(practice::catalogue(app(ctx)).await?.practice.settings.waitlist.clone()))
}
