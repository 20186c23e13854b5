//! Payments, refunds and bills in the API.

mod account;
mod change;
mod desk;
mod objects;
mod own;

pub use account::ClientAccount;
pub use change::PaymentMutation;
pub use desk::DeskMoney;
pub use objects::{Bill, BillLine, OwedSession, OwnPayment, PracticePayment, RefundRecord};
pub use own::OwnMoney;
