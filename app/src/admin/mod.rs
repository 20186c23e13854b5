//! The practice's portal.

pub mod booking;
pub mod bookings;
pub mod absence;
pub mod client;
pub mod clients;
pub mod decision;
pub mod desk;
pub mod documents;
pub mod editor;
pub mod hours;
pub mod intake_form;
pub mod invitations;
pub mod preview;
pub mod record;
pub mod stage;
pub mod payment;
pub mod payments;
pub mod record_payment;
pub mod place;
pub mod series;
pub mod time_off;
pub mod timeline;
pub mod today;
pub mod week;
pub mod week_grid;
