//! Packages of sessions: what may stand in one that is put on sale.

use crate::booking::key_problem;
use crate::ids::SessionTypeId;
use crate::money::Currency;
use crate::problem::UserError;
use crate::session_type::{LONGEST_NAME, line_problem, outside, price_problem};
use serde::{Deserialize, Serialize};

/// Puts a package on sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct OfferPackageInput {
    /// What its sessions are.
    pub session_type_id: SessionTypeId,
    /// What it is called; at most 80 characters.
    pub name: String,
    /// How many sessions, 1 to 100.
    pub units: i64,
    /// For how many days after it was bought they can be used, 1 to 1500.
    pub valid_days: i64,
    /// What it costs, in minor units.
    pub price_amount: i64,
    /// What that is counted in.
    pub price_currency: Currency,
    /// Chosen by the caller; the same key with the same input offers one package, however often it is sent.
    pub idempotency_key: Option<String>,
}

impl OfferPackageInput {
    /// Everything wrong with it at once.
    pub fn problems(&self) -> Vec<UserError> {
        let key = self.idempotency_key.as_deref().and_then(|key| key_problem("idempotencyKey", key));
        let problems = [
            line_problem("name", &self.name, LONGEST_NAME, "Give the package a name."),
            outside("units", self.units, 1..=100, "A package has between 1 and 100 sessions."),
            outside("validDays", self.valid_days, 1..=1500, "A package can be used for 1 to 1500 days."),
            price_problem("priceAmount", self.price_amount),
            key,
        ];
        problems.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_with_a_package_is_said_at_once() {
        let fine = OfferPackageInput {
            session_type_id: SessionTypeId(uuid::Uuid::from_u128(1)),
            name: "Six sessions".into(),
            units: 6,
            valid_days: 180,
            price_amount: 42_000,
            price_currency: Currency::Gbp,
            idempotency_key: None,
        };
        assert_eq!(fine.problems(), []);
        let wrong =
            OfferPackageInput { name: String::new(), units: 0, valid_days: 1501, price_amount: -1, ..fine.clone() };
        let named: Vec<String> =
            wrong.problems().into_iter().map(|it| it.field.unwrap_or_default().join(".")).collect();
        assert_eq!(named, ["name", "units", "validDays", "priceAmount"]);
    }
}
