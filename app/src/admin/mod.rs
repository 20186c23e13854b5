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
pub mod more;

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
mod proposal;
pub mod reminders;
pub mod requests;
pub mod time_off;
pub mod timeline;
pub mod today;
pub mod waitlist;
pub mod week;
pub mod week_grid;
