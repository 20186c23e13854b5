//! Amounts of money, as pages ask for them.

use super::schema::{Shared, schema};
use serde::Serialize;
use shared::money::{Currency, Money};

/// An amount of money.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(graphql_type = "Money")]
pub struct Amount {
    /// In minor units.
    pub amount: i32,
    /// What it is counted in.
    pub currency: Shared<Currency>,
}

impl Amount {
    /// The amount itself.
    pub fn money(self) -> Money {
        Money { amount: i64::from(self.amount), currency: self.currency.0 }
    }

    /// As people write it; nothing is `£0`.
    pub fn words(self) -> String {
        match self.amount {
            0 => format!("{}0", self.currency.0.sign()),
            amount if amount < 0 => format!("−{}", Money { amount: -i64::from(amount), currency: self.currency.0 }),
            _ => self.money().to_string(),
        }
    }
}
