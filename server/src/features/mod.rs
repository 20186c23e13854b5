//! What the practice can do, in order: a feature calls only those before it, and reaches later ones by enqueuing a job.

pub mod accounts;
pub mod bookings;
pub mod clients;
pub mod inquiries;
pub mod intake;
pub mod money;
pub mod notifications;
pub mod payments;
pub mod practice;
pub mod reminders;
pub mod requests;
pub mod series;
pub mod waitlist;
