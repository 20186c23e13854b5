//! What the practice sells and under which rules, as its therapist changes it.

mod house;
mod kit;
mod offer;
mod pages;
mod profile;
