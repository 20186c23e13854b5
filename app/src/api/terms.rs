//! What calling a session off costs, as pages ask for it.

use super::amount::Amount;
use super::schema::schema;
use shared::policy::PolicyStep;
use shared::time::Instant;

/// One stretch of the timeline.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "PolicyStep")]
pub struct Step {
    /// When it ends.
    pub until: Instant,
    /// What calling off costs until then, in percent.
    pub fee_percent: i32,
    /// The deposit, where it is kept and is more.
    pub deposit: Option<Amount>,
}

impl From<&Step> for PolicyStep {
    fn from(step: &Step) -> Self {
        let deposit = step.deposit.map(|it| it.money());
        PolicyStep { until: step.until, fee_percent: u32::try_from(step.fee_percent).unwrap_or(0), deposit }
    }
}

/// What calling off means.
#[derive(cynic::QueryFragment, Debug, Clone, Copy)]
#[cynic(graphql_type = "CancelOutcome")]
pub struct Outcome {
    /// The fee the rules name.
    pub fee: Amount,
    /// Whether it is too late for free.
    pub is_late: bool,
    /// Whether it is on the house.
    pub is_waived: bool,
}
