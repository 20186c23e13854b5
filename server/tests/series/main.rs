//! The standing place: kept ahead, changed, skipped, across clock changes, and all of an absence at once.

#[path = "../support/post.rs"]
mod post;
#[path = "../support/mod.rs"]
mod support;

mod away;
mod clocks;
mod keeping;
mod kit;
mod make_ups;
mod races;
mod scopes;
mod told;
