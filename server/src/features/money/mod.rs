//! What sessions cost, the rules for calling off, and the ledger that holds every movement.

pub mod agreements;
pub mod fees;
pub mod graphql;
pub mod ledger;
pub mod packages;
pub mod policy;
pub mod prices;
pub mod purchases;
mod store;
