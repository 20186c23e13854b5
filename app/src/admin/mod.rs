//! The practice's portal.

pub mod client;
pub mod clients;
pub mod decision;
pub mod desk;
pub mod editor;
pub mod hours;
pub mod payment;
pub mod payments;
pub mod preview;
pub mod record_payment;
pub mod time_off;
pub mod timeline;
pub mod today;
pub mod week;
pub mod week_grid;
