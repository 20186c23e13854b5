//! The practice's portal.

pub mod client;
pub mod clients;
pub mod decision;
pub mod desk;
pub mod editor;
pub mod hours;
pub mod preview;
mod proposal;
pub mod reminders;
pub mod requests;
pub mod time_off;
pub mod timeline;
pub mod today;
pub mod waitlist;
pub mod week;
pub mod week_grid;
