//! What calling a session off costs, as data the client agreed to.

use crate::money::{Currency, Money};
use crate::problem::{ErrorCode, UserError};
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// From how many hours before the start calling off costs something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::SimpleObject, async_graphql::InputObject))]
#[cfg_attr(feature = "server", graphql(input_name = "FeeWindowInput"))]
pub struct FeeWindow {
    /// It applies from so many hours before the start on.
    pub hours_before: u32,
    /// What it costs then, in percent of the price.
    pub fee_percent: u32,
}

/// The rules for calling off and moving a session. A version that was agreed to is never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "server", derive(async_graphql::SimpleObject, async_graphql::InputObject))]
#[cfg_attr(feature = "server", graphql(input_name = "CancellationPolicyInput"))]
pub struct CancellationPolicy {
    /// When a fee begins and grows, the longest time before the start first. Before the first it is free.
    pub windows: Vec<FeeWindow>,
    /// What not coming costs, in percent of the price.
    pub no_show_percent: u32,
    /// How many late cancellations in twelve months are on the house.
    pub free_late_cancels_per_year: u32,
    /// How often a client may move one session.
    pub reschedule_limit: u32,
    /// Until how many hours before the start a client may move it. After that it can be called off, or talked about.
    pub reschedule_hours: u32,
    /// From how many hours before the start on a deposit is kept, whatever less the windows name, and when the client does
    /// not come. 0: it goes back like every other payment.
    #[cfg_attr(feature = "server", graphql(default))]
    pub deposit_hours: u32,
}

/// What was agreed for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    /// Its price.
    pub price: Money,
    /// The part of it that was paid first as a deposit; nothing where all of it was, or nothing.
    pub deposit: Money,
}

impl Agreed {
    /// Nothing yet: what calling off costs is known in percent only.
    pub const NOTHING: Agreed = {
        let nothing = Money { amount: 0, currency: Currency::Eur };
        Agreed { price: nothing, deposit: nothing }
    };

    /// A session of this price of which so much is paid before it is confirmed.
    pub fn new(price: Money, paid_first: Money) -> Self {
        let is_part = 0 < paid_first.amount && paid_first.amount < price.amount;
        Agreed { price, deposit: Money { amount: if is_part { paid_first.amount } else { 0 }, ..price } }
    }

    /// So many percent of the price.
    fn share(&self, percent: u32) -> Money {
        Money { amount: share(self.price.amount, percent), ..self.price }
    }
}

impl Default for CancellationPolicy {
    fn default() -> Self {
        CancellationPolicy {
            windows: vec![
                FeeWindow { hours_before: 48, fee_percent: 50 },
                FeeWindow { hours_before: 24, fee_percent: 100 },
            ],
            no_show_percent: 100,
            free_late_cancels_per_year: 1,
            reschedule_limit: 2,
            reschedule_hours: 48,
            deposit_hours: 0,
        }
    }
}

/// Why there is a fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum FeeKind {
    /// Called off too late.
    LateCancel,
    /// Did not come.
    NoShow,
}

impl FeeKind {
    /// What it is called on pages and bills: it names no treatment.
    pub fn words(self) -> &'static str {
        match self {
            FeeKind::LateCancel => "Late cancellation",
            FeeKind::NoShow => "Missed appointment",
        }
    }
}

/// What became of a fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum FeeState {
    /// The therapist has not decided.
    Proposed,
    /// It is owed.
    Charged,
    /// It was let go.
    Waived,
}

/// Who calls a session off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canceller {
    /// The client.
    Client,
    /// The practice, which never charges for that.
    Practice,
}

/// One stretch of the timeline: what calling off costs until a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::SimpleObject))]
pub struct PolicyStep {
    /// When it ends.
    pub until: Instant,
    /// What calling off costs until then, in percent of the price.
    pub fee_percent: u32,
    /// The deposit, where it is kept and is more than that.
    pub deposit: Option<Money>,
}

impl PolicyStep {
    fn costs_as_much_as(&self, other: &PolicyStep) -> bool {
        self.deposit == other.deposit && (self.deposit.is_some() || self.fee_percent == other.fee_percent)
    }

    /// What it costs until then, in words.
    pub fn words(&self, price: Money) -> String {
        if let Some(deposit) = self.deposit {
            return format!("{deposit}, the deposit");
        }
        match self.fee_percent {
            0 => "Free".to_owned(),
            100 => format!("{price}, the whole price"),
            percent => format!("{}, {percent} %", Money { amount: share(price.amount, percent), ..price }),
        }
    }
}

/// What calling off now means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::SimpleObject))]
pub struct CancelOutcome {
    /// The fee the rules name. The therapist decides whether it is charged.
    pub fee: Money,
    /// What is left of the price, and goes back if it was paid.
    pub returned: Money,
    /// Whether it is too late for calling off free of charge.
    pub is_late: bool,
    /// Whether it would have cost something, and is on the house.
    pub is_waived: bool,
}

/// More windows than this are a mistake.
const MOST_WINDOWS: usize = 6;

/// The longest time before the start that a fee may begin, in hours: four weeks.
const LONGEST_HOURS: u32 = 28 * 24;

impl CancellationPolicy {
    /// Everything wrong with it at once.
    pub fn problems(&self) -> Vec<UserError> {
        let mut problems = Vec::new();
        let mut wrong = |field: &str, message: &str| problems.push(UserError::on(field, ErrorCode::Invalid, message));
        if self.windows.len() > MOST_WINDOWS {
            wrong("windows", "Six steps are the most.");
        }
        if self.windows.iter().any(|window| window.fee_percent > 100) {
            wrong("windows", "A fee is at most the price: 100 percent.");
        }
        if self.no_show_percent > 100 {
            wrong("noShowPercent", "A fee is at most the price: 100 percent.");
        }
        if self.windows.iter().any(|window| window.hours_before == 0 || window.hours_before > LONGEST_HOURS) {
            wrong("windows", "A fee begins between one hour and four weeks before the start.");
        }
        let in_order = |pair: &[FeeWindow]| {
            pair[0].hours_before > pair[1].hours_before && pair[0].fee_percent <= pair[1].fee_percent
        };
        if !self.windows.windows(2).all(in_order) {
            wrong("windows", "Each step is nearer to the start than the one before, and costs at least as much.");
        }
        if self.reschedule_hours > LONGEST_HOURS {
            wrong("rescheduleHours", "Moving can be closed at most four weeks before the start.");
        }
        if self.deposit_hours > LONGEST_HOURS {
            wrong("depositHours", "A deposit is kept from at most four weeks before the start on.");
        }
        if self.reschedule_limit > 20 {
            wrong("rescheduleLimit", "A session can be moved at most twenty times.");
        }
        if self.free_late_cancels_per_year > 52 {
            wrong("freeLateCancelsPerYear", "At most 52 a year.");
        }
        problems
    }

    /// What calling off costs at `at`, in percent of the price, before anything is waived.
    pub fn fee_percent(&self, starts_at: Instant, at: Instant) -> u32 {
        let reached = |window: &&FeeWindow| at > starts_at.plus_minutes(-60 * i64::from(window.hours_before));
        self.windows.iter().filter(reached).map(|window| window.fee_percent).max().unwrap_or(0)
    }

    /// The deposit that is kept at `at`, if one is.
    fn kept_deposit(&self, agreed: &Agreed, starts_at: Instant, at: Instant) -> Option<Money> {
        let from = starts_at.plus_minutes(-60 * i64::from(self.deposit_hours));
        (self.deposit_hours > 0 && agreed.deposit.amount > 0 && at > from).then_some(agreed.deposit)
    }

    /// The timeline of a session: what calling off costs until when, the last step until the start.
    pub fn steps(&self, agreed: &Agreed, starts_at: Instant) -> Vec<PolicyStep> {
        let hours = self.windows.iter().map(|window| window.hours_before).chain([self.deposit_hours, 0]);
        let mut ends: Vec<Instant> = hours.map(|hours| starts_at.plus_minutes(-60 * i64::from(hours))).collect();
        ends.sort_unstable();
        ends.dedup();
        let mut steps: Vec<PolicyStep> = Vec::new();
        for until in ends {
            let fee_percent = self.fee_percent(starts_at, until);
            let deposit = self.kept_deposit(agreed, starts_at, until);
            let deposit = deposit.filter(|deposit| deposit.amount > agreed.share(fee_percent).amount);
            let step = PolicyStep { until, fee_percent, deposit };
            match steps.last_mut() {
                Some(last) if last.costs_as_much_as(&step) => *last = step,
                _ => steps.push(step),
            }
        }
        steps
    }

    /// Until when calling off is free; nothing when it always is.
    pub fn free_until(&self, agreed: &Agreed, starts_at: Instant) -> Option<Instant> {
        let steps = self.steps(agreed, starts_at);
        let free = steps.iter().take_while(|step| step.fee_percent == 0 && step.deposit.is_none());
        free.last().map(|step| step.until).filter(|until| *until < starts_at)
    }

    /// What calling a session off means. The page that asks and the write that does it both call this.
    ///
    /// `late_before` is how many late cancellations of the last twelve months were on the house. A deposit that is kept is
    /// never on the house: else calling off would cost less the later it is done.
    pub fn outcome(
        &self,
        agreed: &Agreed,
        starts_at: Instant,
        at: Instant,
        who: Canceller,
        late_before: u32,
    ) -> CancelOutcome {
        let (percent, kept) = match who {
            Canceller::Client => (self.fee_percent(starts_at, at), self.kept_deposit(agreed, starts_at, at)),
            Canceller::Practice => (0, None),
        };
        let price = agreed.price;
        let is_waived = percent > 0 && !price.is_free() && late_before < self.free_late_cancels_per_year;
        let share = if is_waived { 0 } else { agreed.share(percent).amount };
        let fee = share.max(kept.map_or(0, |deposit| deposit.amount));
        CancelOutcome {
            fee: Money { amount: fee, ..price },
            returned: Money { amount: price.amount - fee, ..price },
            is_late: percent > 0 || kept.is_some(),
            is_waived,
        }
    }

    /// What not coming costs.
    pub fn no_show_fee(&self, agreed: &Agreed) -> Money {
        let share = agreed.share(self.no_show_percent);
        let kept = if self.deposit_hours > 0 { agreed.deposit.amount } else { 0 };
        Money { amount: share.amount.max(kept), ..share }
    }

    /// Whether a client may still move a session, or why not.
    pub fn can_reschedule(&self, starts_at: Instant, moved_before: u32, at: Instant) -> Result<(), RescheduleRefusal> {
        if moved_before >= self.reschedule_limit {
            return Err(RescheduleRefusal::MovedTooOften);
        }
        if at > starts_at.plus_minutes(-60 * i64::from(self.reschedule_hours)) {
            return Err(RescheduleRefusal::TooLate);
        }
        Ok(())
    }
}

/// Why a client cannot move a session by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
pub enum RescheduleRefusal {
    /// It is too near.
    TooLate,
    /// It has been moved as often as the rules allow.
    MovedTooOften,
}

impl RescheduleRefusal {
    /// What to do about it, in words.
    pub fn words(self) -> &'static str {
        match self {
            RescheduleRefusal::TooLate => {
                "It is too near to move it here. You can call it off, or write to your therapist."
            }
            RescheduleRefusal::MovedTooOften => {
                "This session has been moved as often as can be done here. Please write to your therapist."
            }
        }
    }
}

/// A part of an amount in whole minor units; halves are rounded in the client's favour.
fn share(amount: i64, percent: u32) -> i64 {
    let part = i128::from(amount.max(0)) * i128::from(percent.min(100)) / 100;
    i64::try_from(part).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRICE: Money = Money { amount: 7501, currency: Currency::Gbp };
    const NOTHING: Money = Money { amount: 0, ..PRICE };
    const AGREED: Agreed = Agreed { price: PRICE, deposit: NOTHING };

    fn start() -> Instant {
        "2030-01-10T10:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn calling_off_costs_more_the_nearer_the_session_is() {
        let policy = CancellationPolicy { free_late_cancels_per_year: 0, ..CancellationPolicy::default() };
        for (hours, fee, is_late) in
            [(72, 0, false), (48, 0, false), (47, 3750, true), (24, 3750, true), (23, 7501, true), (1, 7501, true)]
        {
            let at = start().plus_minutes(-60 * hours);
            let outcome = policy.outcome(&AGREED, start(), at, Canceller::Client, 0);
            assert_eq!((outcome.fee.amount, outcome.is_late), (fee, is_late), "{hours} hours before");
            assert_eq!(outcome.fee.amount + outcome.returned.amount, PRICE.amount);
            assert_eq!(policy.outcome(&AGREED, start(), at, Canceller::Practice, 0).fee.amount, 0);
        }
    }

    #[test]
    fn the_first_late_cancellation_of_a_year_is_on_the_house() {
        let policy = CancellationPolicy::default();
        let at = start().plus_minutes(-60);
        let first = policy.outcome(&AGREED, start(), at, Canceller::Client, 0);
        assert!(first.is_late && first.is_waived && first.fee.amount == 0);
        let second = policy.outcome(&AGREED, start(), at, Canceller::Client, 1);
        assert!(second.is_late && !second.is_waived && second.fee == PRICE);
    }

    #[test]
    fn the_timeline_says_what_the_outcome_does() {
        let policy = CancellationPolicy { free_late_cancels_per_year: 0, ..CancellationPolicy::default() };
        let steps = policy.steps(&AGREED, start());
        assert_eq!(steps.iter().map(|step| step.fee_percent).collect::<Vec<_>>(), [0, 50, 100]);
        for minutes in 0..(80 * 60) {
            let at = start().plus_minutes(-minutes);
            let step = steps.iter().find(|step| at <= step.until).expect("a step until the start");
            assert_eq!(step.fee_percent, policy.fee_percent(start(), at), "{minutes} minutes before");
        }
    }

    #[test]
    fn a_deposit_is_kept_from_its_hour_on_and_is_never_on_the_house() {
        let deposit = Money { amount: 3000, ..PRICE };
        let agreed = Agreed::new(PRICE, deposit);
        let policy = CancellationPolicy {
            windows: vec![
                FeeWindow { hours_before: 48, fee_percent: 10 },
                FeeWindow { hours_before: 24, fee_percent: 100 },
            ],
            no_show_percent: 20,
            deposit_hours: 72,
            ..CancellationPolicy::default()
        };
        let cost = |hours: i64, late_before| {
            let at = start().plus_minutes(-60 * hours);
            let outcome = policy.outcome(&agreed, start(), at, Canceller::Client, late_before);
            (outcome.fee.amount, outcome.is_late, outcome.is_waived)
        };
        let used_up = policy.free_late_cancels_per_year;
        assert_eq!(cost(72, used_up), (0, false, false));
        assert_eq!(cost(71, used_up), (3000, true, false));
        // Ten percent would be less than the deposit.
        assert_eq!(cost(30, used_up), (3000, true, false));
        assert_eq!(cost(20, used_up), (7501, true, false));
        assert_eq!(cost(20, 0), (3000, true, true));
        assert_eq!(policy.no_show_fee(&agreed), deposit);
        assert_eq!(policy.no_show_fee(&AGREED).amount, 1500);
        assert_eq!(policy.free_until(&agreed, start()), Some(start().plus_minutes(-60 * 72)));
        assert_eq!(policy.free_until(&AGREED, start()), Some(start().plus_minutes(-60 * 48)));
        let by_practice = policy.outcome(&agreed, start(), start(), Canceller::Practice, 0);
        assert_eq!((by_practice.fee.amount, by_practice.is_late), (0, false));

        let steps = policy.steps(&agreed, start());
        let words: Vec<String> = steps.iter().map(|step| step.words(PRICE)).collect();
        assert_eq!(words, ["Free", "£30, the deposit", "£75.01, the whole price"]);
        for minutes in 0..(80 * 60) {
            let at = start().plus_minutes(-minutes);
            let step = steps.iter().find(|step| at <= step.until).expect("a step until the start");
            let outcome = policy.outcome(&agreed, start(), at, Canceller::Client, used_up);
            let shown = step.deposit.unwrap_or(agreed.share(step.fee_percent));
            assert_eq!(shown, outcome.fee, "{minutes} minutes before");
        }
        // Paid whole, there is no deposit; without the rule it goes back.
        assert_eq!(Agreed::new(PRICE, PRICE).deposit, NOTHING);
        let without = CancellationPolicy { deposit_hours: 0, ..policy };
        assert_eq!(without.steps(&agreed, start()), without.steps(&AGREED, start()));
        assert_eq!(without.no_show_fee(&agreed).amount, 1500);
    }

    #[test]
    fn a_policy_that_jumps_about_is_refused() {
        let window = |hours_before, fee_percent| FeeWindow { hours_before, fee_percent };
        for windows in [
            vec![window(24, 50), window(48, 100)],
            vec![window(48, 100), window(24, 50)],
            vec![window(48, 101)],
            vec![window(0, 50)],
        ] {
            assert!(!CancellationPolicy { windows, ..CancellationPolicy::default() }.problems().is_empty());
        }
        assert!(CancellationPolicy::default().problems().is_empty());
    }
}
