//! Amounts in minor units, with their currency.

use serde::{Deserialize, Serialize};

/// A currency by its ISO 4217 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Currency {
    /// Pound sterling.
    Gbp,
    /// Euro.
    Eur,
    /// United States dollar.
    Usd,
    /// Pakistani rupee.
    Pkr,
}

impl Currency {
    /// Every currency.
    pub const ALL: [Currency; 4] = [Currency::Gbp, Currency::Eur, Currency::Usd, Currency::Pkr];

    /// The sign people write before an amount.
    pub fn sign(self) -> &'static str {
        match self {
            Currency::Gbp => "£",
            Currency::Eur => "€",
            Currency::Usd => "$",
            Currency::Pkr => "Rs ",
        }
    }
}

/// An amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::SimpleObject, async_graphql::InputObject))]
#[cfg_attr(feature = "server", graphql(input_name = "MoneyInput"))]
pub struct Money {
    /// In minor units: 7500 is £75.00.
    pub amount: i64,
    /// What it is counted in.
    pub currency: Currency,
}

impl Money {
    /// Whether there is nothing to pay.
    pub fn is_free(self) -> bool {
        self.amount == 0
    }
}

impl std::fmt::Display for Money {
    /// `£75`, `£75.50`, `Free`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_free() {
            return f.write_str("Free");
        }
        let (whole, rest) = (self.amount / 100, (self.amount % 100).abs());
        match rest {
            0 => write!(f, "{}{whole}", self.currency.sign()),
            _ => write!(f, "{}{whole}.{rest:02}", self.currency.sign()),
        }
    }
}
