//! Signing in, and everything people try in order to sign in as somebody else.

#[path = "support/clients.rs"]
mod clients;
mod support;

#[path = "accounts/addresses.rs"]
mod addresses;
#[path = "accounts/forgeries.rs"]
mod forgeries;
#[path = "accounts/forms.rs"]
mod forms;
#[path = "accounts/kit.rs"]
mod kit;
#[path = "accounts/known.rs"]
mod known;
#[path = "accounts/links.rs"]
mod links;
#[path = "accounts/second_factor.rs"]
mod second_factor;
#[path = "accounts/setup.rs"]
mod setup;
#[path = "accounts/tokens.rs"]
mod tokens;
