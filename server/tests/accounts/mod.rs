//! Signing in, and everything people try in order to sign in as somebody else.

mod addresses;
mod forgeries;
mod forms;
mod kit;
mod known;
mod links;
mod second_factor;
mod setup;
mod tokens;
