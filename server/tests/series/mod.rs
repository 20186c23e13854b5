//! The standing place: kept ahead, changed, skipped, across clock changes, and all of an absence at once.

mod away;
mod clocks;
mod keeping;
mod kit;
mod make_ups;
mod races;
mod scopes;
mod told;
