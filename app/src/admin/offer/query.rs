//! What the pages of session types ask.

use crate::api::amount::Amount;
use crate::api::schema::{Shared, schema};
use shared::ids::{PackageId, RoomId, SessionTypeId};
use shared::intake::Missing;
use shared::practice::{Gate, Modality, Prepay};
use shared::price::PriceClass;
use shared::time::Instant;

/// What the pages ask.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct OfferQuery {
    /// Whoever is signed in.
    pub viewer: OfferViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct OfferViewer {
    /// The practice she works in.
    pub practice: Option<OfferPractice>,
    /// Her desk.
    pub therapist: Option<OfferDesk>,
}

/// The practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "PracticeDesk")]
pub struct OfferPractice {
    /// What it sells.
    pub offer: Vec<OfferedType>,
    /// Its rooms.
    pub rooms: Vec<OfferRoom>,
}

/// A room.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Room")]
pub struct OfferRoom {
    /// Which.
    pub id: RoomId,
    /// What it is called.
    pub name: String,
    /// Since when it is out of use.
    pub retired_at: Option<Instant>,
}

/// Something the practice sells or once did.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct OfferedType {
    /// What whoever can book it sees of it.
    pub session_type: OfferedRow,
    /// The rooms that suit it; where none is named, any does.
    pub room_ids: Vec<RoomId>,
    /// What its first session waits for.
    pub waits_for: Vec<Shared<Missing>>,
    /// Minutes kept free before it.
    pub buffer_before: i32,
    /// Minutes kept free after it.
    pub buffer_after: i32,
    /// How many a day at most.
    pub per_day: Option<i32>,
    /// What is paid before it is confirmed.
    pub prepay: Shared<Prepay>,
    /// The deposit.
    pub deposit: Amount,
    /// Whether the public pages show it.
    pub visible: bool,
    /// Whether they ever did.
    pub was_public: bool,
    /// Since when it is not offered any more.
    pub retired_at: Option<Instant>,
}

/// What whoever can book it sees of it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct OfferedRow {
    /// Which.
    pub id: SessionTypeId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub summary: String,
    /// Paragraphs about it.
    pub description: Vec<String>,
    /// Who may book it.
    pub gate: Shared<Gate>,
    /// How it takes place.
    pub modality: Shared<Modality>,
    /// How long it is.
    pub minutes: i32,
    /// The list price.
    pub price: Amount,
    /// How far apart starts are.
    pub grid_minutes: i32,
    /// How many minutes before the start it closes.
    pub notice_minutes: i32,
    /// How many days ahead it opens.
    pub horizon_days: i32,
}

/// The therapist's terms.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk")]
pub struct OfferDesk {
    /// Prices that differ from the list.
    pub class_prices: Vec<ClassPrice>,
    /// Packages on sale, and those that were.
    pub packages: Vec<PackageRow>,
}

/// A price that differs from the list.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct ClassPrice {
    /// Of which session type.
    pub session_type_id: SessionTypeId,
    /// For whom.
    pub price_class: Shared<PriceClass>,
    /// How much.
    pub price: Amount,
}

/// A package.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Package")]
pub struct PackageRow {
    /// Which.
    pub id: PackageId,
    /// What its sessions are.
    pub session_type_id: SessionTypeId,
    /// What it is called.
    pub name: String,
    /// How many sessions.
    pub units: i32,
    /// For how many days.
    pub valid_days: i32,
    /// What it costs.
    pub cost: Amount,
    /// Whether it is on sale.
    pub is_on_sale: bool,
}

impl OfferQuery {
    /// Everything the practice sells or once did.
    pub fn offer(&self) -> &[OfferedType] {
        self.viewer.practice.as_ref().map(|practice| practice.offer.as_slice()).unwrap_or_default()
    }

    /// One of them.
    pub fn one(&self, id: SessionTypeId) -> Option<&OfferedType> {
        self.offer().iter().find(|it| it.session_type.id == id)
    }

    /// Whether a session type has no time to be booked, because none of the rooms that suit it is in use.
    pub fn lacks_room(&self, it: &OfferedType) -> bool {
        let mut in_use = self.rooms().iter().filter(|room| room.retired_at.is_none()).peekable();
        let is_told = it.session_type.modality.0 == Modality::InPerson && !it.room_ids.is_empty();
        is_told && in_use.peek().is_some() && !in_use.any(|room| it.room_ids.contains(&room.id))
    }

    /// The rooms of the practice, those that are out of use too.
    pub fn rooms(&self) -> &[OfferRoom] {
        self.viewer.practice.as_ref().map(|practice| practice.rooms.as_slice()).unwrap_or_default()
    }
}
