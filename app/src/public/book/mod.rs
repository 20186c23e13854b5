//! Booking: choosing a time, saying who comes, the confirmation, and changing one's mind.

#[cfg(feature = "hydrate")]
pub mod alive;
pub mod booked;
pub mod confirm;
pub mod confirmation;
pub mod details;
pub mod list;
pub mod manage;
pub mod page;
pub mod picker;
pub mod place;
pub mod query;
pub mod top;
pub mod whom;

mod drawings;
mod month;
mod times;
mod zone;
