//! The API's types, and how those of `shared` appear in queries.

use cynic::coercions::CoercesTo;
use cynic::variables::VariableType;
use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer, Serialize};
use shared::actor::Role;
use shared::booking::{BookDiscoveryInput, BookingSource, BookingStatus, ByWhom, CancelledBy, StepKind};
use shared::holidays::HolidaySet;
use shared::ids::{
    AgreementId, BookingId, ClientId, DocumentVersionId, FeeId, InvitationId, LoginId, MakeUpId, OfferId, PackageId,
    PaymentId, PolicyId, PurchaseId, RefundId, RequestId, RoomId, SeriesId, SessionTypeId, TherapistId, TimeOffId,
    UserId, WeeklyHoursId, WishId,
};
use shared::intake::{DocumentKind, FieldKind, Missing};
use shared::ledger::EntryKind;
use shared::money::Currency;
use shared::payment::{InvoiceKind, PaymentFilter, PaymentMethod, PaymentStatus, RefundCause, RefundStatus};
use shared::policy::{FeeKind, FeeState, RescheduleRefusal};
use shared::practice::{Gate, Modality, Prepay};
use shared::price::{PriceClass, PriceSource};
use shared::problem::ErrorCode;
use shared::reminder::Channel;
use shared::request::RequestStatus;
use shared::series::{Cadence, TakenBy};
use shared::slots::{SessionRules, Timetable};
use shared::stage::{DiscoveryDecision, Move, Mover, Stage};
use shared::time::{Date, Instant, LocalTime, Weekday};

/// The API as `schema.graphql` says it.
#[cynic::schema("practice")]
#[allow(missing_docs, unreachable_pub, reason = "written by cynic")]
pub mod api {}

pub use api as schema;

cynic::impl_scalar!(Instant, schema::DateTime);
cynic::impl_scalar!(Date, schema::Date);
cynic::impl_scalar!(LocalTime, schema::LocalTime);
cynic::impl_scalar!(BookingId, schema::BookingId);
cynic::impl_scalar!(AgreementId, schema::AgreementId);
cynic::impl_scalar!(ClientId, schema::ClientId);
cynic::impl_scalar!(FeeId, schema::FeeId);
cynic::impl_scalar!(PackageId, schema::PackageId);
cynic::impl_scalar!(PolicyId, schema::PolicyId);
cynic::impl_scalar!(PurchaseId, schema::PurchaseId);
cynic::impl_scalar!(DocumentVersionId, schema::DocumentVersionId);
cynic::impl_scalar!(InvitationId, schema::InvitationId);
cynic::impl_scalar!(LoginId, schema::LoginId);
cynic::impl_scalar!(PaymentId, schema::PaymentId);
cynic::impl_scalar!(RefundId, schema::RefundId);
cynic::impl_scalar!(RoomId, schema::RoomId);
cynic::impl_scalar!(SeriesId, schema::SeriesId);
cynic::impl_scalar!(MakeUpId, schema::MakeUpId);
cynic::impl_scalar!(OfferId, schema::OfferId);
cynic::impl_scalar!(RequestId, schema::RequestId);
cynic::impl_scalar!(SessionTypeId, schema::SessionTypeId);
cynic::impl_scalar!(TherapistId, schema::TherapistId);
cynic::impl_scalar!(TimeOffId, schema::TimeOffId);
cynic::impl_scalar!(UserId, schema::UserId);
cynic::impl_scalar!(WeeklyHoursId, schema::WeeklyHoursId);
cynic::impl_scalar!(WishId, schema::WishId);
impl cynic::schema::IsScalar<schema::TimeZone> for String {
    type SchemaType = schema::TimeZone;
}
impl CoercesTo<schema::TimeZone> for String {}
cynic::impl_scalar!(Timetable, schema::JSON);
cynic::impl_scalar!(Rules, schema::JSON);

/// The rules of every session type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rules(pub Vec<SessionRules>);

/// An enum or input of `shared` inside a query: cynic wants a type of this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Shared<T>(pub T);

/// Answers hold enums only, by their names. Where one fragment is spread into another, cynic hands out strings alone.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        T::deserialize(name.into_deserializer()).map(Self)
    }
}

macro_rules! shared { ($kind:ident: $($name:ident),* $(,)?) => { $(
    impl cynic::$kind for Shared<$name> {
        type SchemaType = schema::$name;
        shared!(@name $kind $name);
    }
    impl CoercesTo<schema::$name> for Shared<$name> {}
    impl schema::variable::Variable for Shared<$name> {
        const TYPE: VariableType = VariableType::Named(stringify!($name));
    }
)* };
    (@name $kind:ident $name:ident) => {};
}

shared!(
    Enum: BookingSource, BookingStatus, ByWhom, Cadence, CancelledBy, Channel, Currency, DiscoveryDecision, DocumentKind,
    EntryKind, ErrorCode, FeeKind, FeeState, FieldKind, Gate, HolidaySet, InvoiceKind, Missing, Modality, Move, Mover, PaymentFilter,
    PaymentMethod, PaymentStatus, Prepay, PriceClass, PriceSource, RefundCause, RefundStatus, RequestStatus, RescheduleRefusal, Role,
    Stage, StepKind, TakenBy, Weekday
);
shared!(InputObject: BookDiscoveryInput);
