//! The client's portal.

pub mod account;
pub mod book;
pub mod bill;
pub mod bills;
pub mod asked;
pub mod booking;
pub mod cancel;
pub mod documents;
pub mod home;
pub mod session;
pub mod intake;
pub mod paid;
pub mod series;
pub mod reminders;
pub mod stages;
pub mod waitlist;
