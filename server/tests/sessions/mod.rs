//! The life of a paid session: booked, moved, called off, done or missed, and what each costs.

mod chance;
mod contact;
mod kit;
mod life;
mod link;
mod listed;
mod own;
mod races;
mod rooms;
mod shown;
mod undo;
mod zone_rules;
