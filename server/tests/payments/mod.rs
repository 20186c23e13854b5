//! Money by card, by transfer and in cash: Ben pays, Ada gives back, Stripe tells of it in any order, and the ledger is
//! always even.

mod account;
mod always;
mod attacks;
mod bills;
mod chance;
mod checkout;
mod deeds;
#[cfg(feature = "pages")]
mod deposits;
mod desk;
mod flood;
mod kit;
mod late;
mod orders;
mod packages;
#[cfg(feature = "pages")]
mod pages;
mod refunds;
mod transfers;
