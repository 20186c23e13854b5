//! The client's portal.

pub mod account;
pub mod bill;
pub mod bills;
pub mod booking;
pub mod cancel;
pub mod home;
pub mod paid;
pub mod stages;
