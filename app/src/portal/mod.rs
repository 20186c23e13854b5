//! The client's portal.

pub mod account;
pub mod asked;
pub mod booking;
pub mod cancel;
pub mod home;
pub mod reminders;
pub mod stages;
pub mod waitlist;
