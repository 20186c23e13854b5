//! The client's portal.

pub mod account;
pub mod booking;
pub mod cancel;
pub mod home;
pub mod series;
pub mod stages;
