//! The words and rules of a practice, the same in the server and the browser.
//!
//! Nothing here does IO, reads a clock or draws a random number: what a rule needs to know is an argument.

pub mod actor;
pub mod booking;
pub mod contact;
pub mod holidays;
pub mod ids;
pub mod intake;
pub mod ledger;
pub mod make_up;
pub mod money;
pub mod package;
pub mod payment;
pub mod policy;
pub mod practice;
pub mod price;
pub mod problem;
pub mod profile;
pub mod reminder;
pub mod request;
pub mod rules;
pub mod series;
pub mod session_type;
pub mod slots;
pub mod stage;
pub mod time;
pub mod time_off;
pub mod waitlist;
pub mod words;
pub mod zone;
