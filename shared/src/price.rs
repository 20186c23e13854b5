//! What a session costs somebody: their agreement, else a unit of their package, else their class, else the list.

use crate::money::Money;
use crate::practice::Prepay;
use crate::problem::{ErrorCode, UserError};
use serde::{Deserialize, Serialize};

/// Which of a practice's two price lists a client pays by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum PriceClass {
    /// At home, in the practice's own currency.
    Domestic,
    /// From abroad.
    International,
}

/// Where a price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum PriceSource {
    /// Agreed with this client.
    Agreement,
    /// A unit of a package they have bought.
    Package,
    /// The list of their class.
    Class,
    /// The list everyone sees.
    List,
}

/// What could decide a price.
#[derive(Debug, Clone, Copy, Default)]
pub struct Offers {
    /// Agreed with this client for this session type.
    pub agreement: Option<Money>,
    /// Whether a package of theirs has a unit left for this session type.
    pub has_package_unit: bool,
    /// The list price of their class, if the practice keeps one.
    pub class: Option<Money>,
}

/// A price, and where it comes from. Frozen on the booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// What is to be paid for it.
    pub money: Money,
    /// Where it comes from.
    pub source: PriceSource,
}

/// What a session costs.
pub fn resolve(list: Money, offers: &Offers) -> Price {
    if let Some(money) = offers.agreement {
        return Price { money, source: PriceSource::Agreement };
    }
    if offers.has_package_unit {
        return Price { money: Money { amount: 0, ..list }, source: PriceSource::Package };
    }
    match offers.class {
        Some(money) => Price { money, source: PriceSource::Class },
        None => Price { money: list, source: PriceSource::List },
    }
}

/// Why something is not booked at a price that is not the one its client was shown; nothing where none was shown.
pub fn changed(shown: Option<Money>, now: Money) -> Option<UserError> {
    let shown = shown.filter(|shown| *shown != now)?;
    let words = |price: Money| if price.is_free() { "nothing".to_owned() } else { price.to_string() };
    let message = format!(
        "This costs {} now, and no longer {}. Nothing is booked yet: book it if it still suits you.",
        words(now),
        words(shown)
    );
    Some(UserError::on("shownPrice", ErrorCode::PriceChanged, message))
}

/// What must be paid before a session is confirmed; never more than the price.
pub fn due_now(price: Money, prepay: Prepay, deposit: i64) -> Money {
    let amount = match prepay {
        Prepay::Nothing => 0,
        Prepay::Deposit => deposit.clamp(0, price.amount.max(0)),
        Prepay::All => price.amount.max(0),
    };
    Money { amount, ..price }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    const fn pounds(amount: i64) -> Money {
        Money { amount: amount * 100, currency: Currency::Gbp }
    }

    #[test]
    fn an_agreement_comes_before_a_package_before_a_class_before_the_list() {
        let all = Offers { agreement: Some(pounds(40)), has_package_unit: true, class: Some(pounds(100)) };
        assert_eq!(resolve(pounds(75), &all), Price { money: pounds(40), source: PriceSource::Agreement });
        let without = Offers { agreement: None, ..all };
        assert_eq!(resolve(pounds(75), &without), Price { money: pounds(0), source: PriceSource::Package });
        let class = Offers { has_package_unit: false, ..without };
        assert_eq!(resolve(pounds(75), &class), Price { money: pounds(100), source: PriceSource::Class });
        assert_eq!(resolve(pounds(75), &Offers::default()), Price { money: pounds(75), source: PriceSource::List });
    }

    #[test]
    fn a_price_that_was_shown_holds_or_is_shown_again() {
        let euros = Money { currency: Currency::Eur, ..pounds(75) };
        for (shown, now, is_changed) in [
            (None, pounds(75), false),
            (Some(pounds(75)), pounds(75), false),
            (Some(pounds(75)), pounds(80), true),
            (Some(pounds(80)), pounds(75), true),
            (Some(pounds(0)), pounds(75), true),
            (Some(euros), pounds(75), true),
        ] {
            assert_eq!(changed(shown, now).is_some(), is_changed, "{shown:?} and {now:?}");
        }
        let said = changed(Some(pounds(0)), pounds(75)).expect("changed").message;
        assert!(said.starts_with("This costs £75 now, and no longer nothing."), "{said}");
    }

    #[test]
    fn a_deposit_is_never_more_than_the_price() {
        assert_eq!(due_now(pounds(75), Prepay::Deposit, 2500), pounds(25));
        assert_eq!(due_now(pounds(10), Prepay::Deposit, 2500), pounds(10));
        assert_eq!(due_now(pounds(0), Prepay::All, 2500), pounds(0));
        assert_eq!(due_now(pounds(75), Prepay::All, 2500), pounds(75));
        assert_eq!(due_now(pounds(75), Prepay::Nothing, 2500), pounds(0));
    }
}
