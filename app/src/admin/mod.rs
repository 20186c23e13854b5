//! The practice's portal.

pub mod absence;
pub mod client;
pub mod clients;
pub mod decision;
pub mod desk;
pub mod editor;
pub mod hours;
pub mod place;
pub mod preview;
pub mod series;
pub mod time_off;
pub mod timeline;
pub mod today;
pub mod week;
pub mod week_grid;
