//! Money and package units as entries in two accounts at least, so that every movement sums to zero.

use crate::money::{Currency, Money};
use serde::{Deserialize, Serialize};

/// Where money or units are. What comes in is positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Account {
    /// What a client owes; below zero it is their credit.
    Client,
    /// What the practice has earned, as a negative amount.
    Income,
    /// Given up: fees that were waived, prices that were let go.
    Waived,
    /// Received by card.
    Card,
    /// Received by bank transfer.
    Bank,
    /// Received in cash.
    Cash,
    /// Units of a package a client has left.
    Units,
    /// Units sold and used up, as the other side of `Units`.
    UnitsGiven,
}

/// What a movement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum EntryKind {
    /// A session that took place.
    Charge,
    /// A fee for calling off late or not coming.
    Fee,
    /// A charge or fee that was let go.
    Waiver,
    /// Money that came in.
    Payment,
    /// Money that went back.
    Refund,
    /// A package that was sold.
    PackageSale,
    /// A unit of a package that was used.
    PackageUse,
    /// A unit that was given back.
    PackageReturn,
    /// What is left of a package was taken off the account again.
    PackageEnd,
}

impl EntryKind {
    /// How it is called on a statement.
    pub fn words(self) -> &'static str {
        match self {
            EntryKind::Charge => "Appointment",
            EntryKind::Fee => "Late cancellation or missed appointment",
            EntryKind::Waiver => "Let go",
            EntryKind::Payment => "Payment",
            EntryKind::Refund => "Refund",
            EntryKind::PackageSale => "Package",
            EntryKind::PackageUse => "One of your package",
            EntryKind::PackageReturn => "Back to your package",
            EntryKind::PackageEnd => "Package taken back",
        }
    }

    /// How it is called below an invoice, where a charge is one that was taken back.
    pub fn words_on_invoice(self) -> &'static str {
        match self {
            EntryKind::Charge | EntryKind::Fee => "Taken back",
            kind => kind.words(),
        }
    }
}

/// What an entry is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Minor units of a currency.
    Of(Currency),
    /// Sessions of a package.
    Sessions,
}

impl Unit {
    /// How it is stored: the ISO code, or `UNITS`.
    pub fn code(self) -> &'static str {
        match self {
            Unit::Of(Currency::Gbp) => "GBP",
            Unit::Of(Currency::Eur) => "EUR",
            Unit::Of(Currency::Usd) => "USD",
            Unit::Of(Currency::Pkr) => "PKR",
            Unit::Sessions => "UNITS",
        }
    }
}

/// One side of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Where.
    pub account: Account,
    /// How much; what comes in is positive.
    pub amount: i64,
    /// What it is counted in.
    pub unit: Unit,
}

/// The two sides of moving an amount from one account to another. Nothing for nothing.
fn moved(from: Account, to: Account, amount: i64, unit: Unit) -> Vec<Entry> {
    if amount == 0 {
        return Vec::new();
    }
    vec![Entry { account: to, amount, unit }, Entry { account: from, amount: -amount, unit }]
}

/// A session or fee the client owes.
pub fn charge(price: Money) -> Vec<Entry> {
    moved(Account::Income, Account::Client, price.amount, Unit::Of(price.currency))
}

/// Takes back what was charged by mistake.
pub fn uncharge(price: Money) -> Vec<Entry> {
    moved(Account::Client, Account::Income, price.amount, Unit::Of(price.currency))
}

/// Lets go of something the client owes.
pub fn waive(amount: Money) -> Vec<Entry> {
    moved(Account::Client, Account::Waived, amount.amount, Unit::Of(amount.currency))
}

/// Takes back that something was let go: it is owed again.
pub fn unwaive(amount: Money) -> Vec<Entry> {
    moved(Account::Waived, Account::Client, amount.amount, Unit::Of(amount.currency))
}

/// Money that came in.
pub fn receive(into: Account, amount: Money) -> Vec<Entry> {
    moved(Account::Client, into, amount.amount, Unit::Of(amount.currency))
}

/// Money that goes back.
pub fn give_back(from: Account, amount: Money) -> Vec<Entry> {
    moved(from, Account::Client, amount.amount, Unit::Of(amount.currency))
}

/// Units of a package that was sold.
pub fn add_units(count: i64) -> Vec<Entry> {
    moved(Account::UnitsGiven, Account::Units, count, Unit::Sessions)
}

/// A unit of a package that is used.
pub fn use_unit() -> Vec<Entry> {
    remove_units(1)
}

/// Units of a package that are there no more.
pub fn remove_units(count: i64) -> Vec<Entry> {
    moved(Account::Units, Account::UnitsGiven, count, Unit::Sessions)
}

/// A unit of a package that is given back.
pub fn return_unit() -> Vec<Entry> {
    moved(Account::UnitsGiven, Account::Units, 1, Unit::Sessions)
}

/// Whether every unit of these entries sums to zero.
pub fn is_balanced(entries: &[Entry]) -> bool {
    entries.iter().all(|entry| {
        let same = entries.iter().filter(|other| other.unit == entry.unit);
        same.map(|other| i128::from(other.amount)).sum::<i128>() == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_movement_sums_to_zero() {
        let price = Money { amount: 7500, currency: Currency::Gbp };
        for entries in [
            charge(price),
            uncharge(price),
            waive(price),
            unwaive(price),
            receive(Account::Card, price),
            give_back(Account::Bank, price),
            add_units(10),
            use_unit(),
            remove_units(3),
            return_unit(),
        ] {
            assert_eq!(entries.len(), 2);
            assert!(is_balanced(&entries));
        }
        assert!(!is_balanced(&charge(price)[..1]));
        assert!(charge(Money { amount: 0, ..price }).is_empty());
    }
}
