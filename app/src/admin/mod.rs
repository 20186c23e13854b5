//! The practice's portal.

pub mod absence;
pub mod booking;
pub mod bookings;
pub mod client;
pub mod clients;
pub mod decision;
pub mod desk;
pub mod documents;
pub mod editor;
pub mod fees;
pub mod hours;
pub mod more;

pub mod intake_form;
pub mod invitations;
pub mod limits;
pub mod offer;
pub mod payment;
pub mod payments;
pub mod place;
pub mod policy;
pub mod preview;
mod proposal;
pub mod record;
pub mod record_payment;
pub mod reminders;
pub mod requests;
pub mod rooms;
pub mod series;
pub mod stage;
pub mod time_off;
pub mod timeline;
pub mod today;
pub mod unpaid;
pub mod waitlist;
pub mod week;
pub mod week_grid;
