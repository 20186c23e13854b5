//! The client's portal.

pub mod account;
pub mod asked;
pub mod bill;
pub mod bills;
pub mod book;
pub mod booking;
pub mod cancel;
pub mod documents;
pub mod earlier;
pub mod home;
pub mod intake;
pub mod offer;
pub mod packages;
pub mod paid;
pub mod reminders;
pub mod series;
pub mod session;
pub mod stages;
pub mod waitlist;
