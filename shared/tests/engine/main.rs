//! The slot engine and its zones: rules in tables, days around clock changes, and two independent second opinions.

#[path = "../support/mod.rs"]
mod support;

#[path = "../support/second_zones.rs"]
mod second_zones;

mod answers;
mod cases;
mod golden;
mod oracle;
mod practice;
mod rules;
mod zones;
