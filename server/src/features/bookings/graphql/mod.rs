//! What is free, sessions, and the therapist's calendar, in the API.

mod ask;
mod booking;
mod change;
mod desk;
mod free;
mod live;
mod own;

pub use ask::BookingQuery;
pub use change::BookingMutation;
pub use desk::{PracticeBooking, TherapistDesk, WeeklyHours};
pub use live::BookingSubscription;
pub use own::OwnCare;
