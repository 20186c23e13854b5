//! One id type per entity, so that a booking's id can never be passed for a client's.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids { ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
    $(#[$doc])*
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    #[cfg_attr(feature = "server", derive(sqlx::Type), sqlx(transparent))]
    pub struct $name(pub Uuid);

    impl std::fmt::Display for $name {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }

    impl std::str::FromStr for $name {
        type Err = uuid::Error;
        fn from_str(text: &str) -> Result<Self, Self::Err> {
            text.parse().map($name)
        }
    }

    #[cfg(feature = "server")]
    $(#[$doc])*
    #[async_graphql::Scalar]
    impl async_graphql::ScalarType for $name {
        fn parse(value: async_graphql::Value) -> async_graphql::InputValueResult<Self> {
            match &value {
                async_graphql::Value::String(text) => text.parse().map_err(|_| {
                    let words = format!("“{text}” is not an id, which is 32 digits from 0 to f with hyphens");
                    async_graphql::InputValueError::custom(words)
                }),
                _ => Err(async_graphql::InputValueError::expected_type(value)),
            }
        }
        fn to_value(&self) -> async_graphql::Value {
            async_graphql::Value::String(self.to_string())
        }
    }
)* } }

ids! {
    /// A person who can sign in.
    UserId,
    /// The care relationship with one person.
    ClientId,
    /// A person who sees clients.
    TherapistId,
    /// Something that can be booked.
    SessionTypeId,
    /// One session in the calendar.
    BookingId,
    /// A blocked stretch of somebody's time.
    OccupancyId,
    /// A signed-in browser.
    LoginId,
    /// A message left on the contact form.
    ContactMessageId,
    /// A row of a therapist's weekly hours.
    WeeklyHoursId,
    /// A stretch of time off.
    TimeOffId,
    /// An invitation to become a client.
    InvitationId,
    /// One version of a document.
    DocumentVersionId,
    /// One version of the intake form.
    IntakeFormId,
    /// One version of the rules for calling off.
    PolicyId,
    /// A price agreed with one client.
    AgreementId,
    /// A package of sessions that can be bought.
    PackageId,
    /// A package somebody has bought.
    PurchaseId,
    /// A fee the rules name, for the therapist to charge or waive.
    FeeId,
    /// A movement in the ledger.
    MovementId,
    /// A payment.
    PaymentId,
    /// Money that goes back.
    RefundId,
    /// A bill.
    InvoiceId,
    /// A room of the practice.
    RoomId,
    /// A client's standing place.
    SeriesId,
    /// Times that are offered in place of a session.
    MakeUpId,
    /// A reminder that is planned or was sent.
    ReminderId,
    /// A wish on the waitlist.
    WishId,
    /// A time that is kept for somebody on the waitlist.
    OfferId,
    /// Somebody's request for a session.
    RequestId,
}
