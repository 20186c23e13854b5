//! What the practice sells and under which rules, as its therapist changes it.

#[path = "../support/clients.rs"]
mod people;
#[path = "../support/mod.rs"]
mod support;

mod house;
mod kit;
mod offer;
mod pages;
mod profile;
