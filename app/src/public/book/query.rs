//! What the booking pages ask.

use super::booked::ByManageTokenFields;
use crate::api::bookable::BookSessionType;
use crate::api::schema::schema;
use shared::ids::{BookingId, SessionTypeId, TherapistId};
use shared::time::{Date, Instant};
use shared::zone::ZoneTable;

cynic::impl_scalar!(ZoneTable, schema::JSON);

/// Names a session type by its name in addresses.
#[derive(cynic::QueryVariables)]
pub struct BySlug {
    /// The name.
    pub slug: String,
}

/// What is booked, by whom, in which practice.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "BySlug")]
pub struct OfferQuery {
    /// The practice.
    pub practice: BookPractice,
    /// What is booked.
    #[arguments(slug: $slug)]
    pub session_type: Option<BookSessionType>,
    /// Who could take it.
    pub therapists: Vec<BookTherapist>,
}

/// The same of the session of a manage link: what it is may not be offered any more.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ByManageToken")]
pub struct MovingOfferQuery {
    /// The practice.
    pub practice: BookPractice,
    /// What is moved.
    #[arguments(manageToken: $token)]
    pub managed_booking: Option<MovingBooking>,
    /// Who it could be with.
    pub therapists: Vec<BookTherapist>,
}

/// A session that is moved.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Booking")]
pub struct MovingBooking {
    /// What it is.
    pub session_type: Option<BookSessionType>,
}

impl From<MovingOfferQuery> for OfferQuery {
    fn from(asked: MovingOfferQuery) -> Self {
        let MovingOfferQuery { practice, managed_booking, therapists } = asked;
        OfferQuery { practice, session_type: managed_booking.and_then(|booking| booking.session_type), therapists }
    }
}

/// The practice, as the booking pages need it.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Practice")]
pub struct BookPractice {
    /// Its clock.
    pub now: Instant,
    /// Its zone.
    pub time_zone: String,
    /// The address for questions.
    pub contact_email: String,
    /// The number for questions.
    pub contact_phone: String,
}

/// A therapist, as the booking pages need her.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Therapist")]
pub struct BookTherapist {
    /// Which.
    pub id: TherapistId,
    /// Her name.
    pub name: String,
    /// Whether a discovery call with her can be booked.
    pub takes_new_clients: bool,
}

/// What can be booked.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
pub struct ListQuery {
    /// All of it.
    pub session_types: Vec<BookSessionType>,
}

/// Asks what is free.
#[derive(cynic::InputObject, Clone)]
pub struct AvailabilityInput {
    /// What would be booked.
    pub session_type_id: SessionTypeId,
    /// With whom, if it is to be somebody.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub therapist_id: Option<TherapistId>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The zone days are counted in.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// Asks what is free, and for the zone it is shown in.
#[derive(cynic::QueryVariables)]
pub struct TimesVariables {
    /// The days.
    pub input: AvailabilityInput,
    /// The zone.
    pub zone: String,
}

/// What is free on some days.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TimesVariables")]
pub struct TimesQuery {
    /// The practice.
    pub practice: Clock,
    /// What is free.
    #[arguments(input: $input)]
    pub availability: AvailabilityAnswer,
    /// The zone it is shown in.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
}

/// Asks what is free for moving a session.
#[derive(cynic::InputObject, Clone)]
pub struct ManagedAvailabilityInput {
    /// The secret of the link.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub manage_token: Option<String>,
    /// Which, for whoever is signed in.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub booking_id: Option<BookingId>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The zone days are counted in.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// Asks what is free for moving, and for the zone it is shown in.
#[derive(cynic::QueryVariables)]
pub struct MovingTimesVariables {
    /// The days.
    pub input: ManagedAvailabilityInput,
    /// The zone.
    pub zone: String,
}

/// What is free on some days for moving a session.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "MovingTimesVariables")]
pub struct MovingTimesQuery {
    /// The practice.
    pub practice: Clock,
    /// What is free.
    #[arguments(input: $input)]
    pub managed_availability: AvailabilityAnswer,
    /// The zone it is shown in.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
}

impl From<MovingTimesQuery> for TimesQuery {
    fn from(times: MovingTimesQuery) -> Self {
        let MovingTimesQuery { practice, managed_availability: availability, time_zone } = times;
        TimesQuery { practice, availability, time_zone }
    }
}

/// The clock of the practice.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Practice")]
pub struct Clock {
    /// What it shows.
    pub now: Instant,
}

/// What is free.
#[derive(cynic::QueryFragment)]
pub struct AvailabilityAnswer {
    /// Days with something free.
    pub days: Vec<FreeDayRow>,
    /// The first free start from now on.
    pub next_available: Option<Start>,
}

/// One day with something free.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "FreeDay")]
pub struct FreeDayRow {
    /// Which.
    pub date: Date,
    /// What is free.
    pub slots: Vec<Start>,
}

/// A start that can be booked.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Slot")]
pub struct Start {
    /// When the session begins.
    pub starts_at: Instant,
}

/// A time zone as data.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "TimeZoneTable")]
pub struct Zone {
    /// When its clocks change.
    pub table: ZoneTable,
}

/// Names a zone.
#[derive(cynic::QueryVariables)]
pub struct ByZone {
    /// Its IANA name.
    pub zone: String,
}

/// A time zone.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ByZone")]
pub struct ZoneQuery {
    /// The zone, if there is one of that name.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
}

/// Names what to listen for.
#[derive(cynic::QueryVariables)]
pub struct ListenFor {
    /// The session type.
    pub id: SessionTypeId,
}

/// Says when something became free or taken.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Subscription", variables = "ListenFor")]
pub struct AvailabilityChanged {
    /// That it changed; what is free now is asked again.
    #[arguments(sessionTypeId: $id)]
    pub availability_changed: Change,
}

/// A change of what is free.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "AvailabilityChange")]
pub struct Change {
    /// For what.
    pub session_type_id: SessionTypeId,
}

/// [`TimesQuery`] as text: the browser then needs no code that writes queries. A test keeps the two the same.
pub const TIMES: &str = "query TimesQuery($input: AvailabilityInput!, $zone: String!) { practice { now } \
    availability(input: $input) { days { date slots { startsAt } } nextAvailable { startsAt } } \
    timeZone(name: $zone) { table } }";

/// [`MovingTimesQuery`] as text.
pub const MOVING_TIMES: &str = "query MovingTimesQuery($input: ManagedAvailabilityInput!, $zone: String!) { \
    practice { now } managedAvailability(input: $input) { days { date slots { startsAt } } \
    nextAvailable { startsAt } } timeZone(name: $zone) { table } }";

/// [`AvailabilityChanged`] as text.
pub const CHANGES: &str = "subscription AvailabilityChanged($id: SessionTypeId!) { \
    availabilityChanged(sessionTypeId: $id) { sessionTypeId } }";

#[cfg(test)]
mod tests {
    use super::*;
    use cynic::{QueryBuilder, SubscriptionBuilder};

    fn words(query: &str) -> String {
        query.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_written_queries_are_those_of_the_types() {
        let id = "00000000-0000-0000-0000-000000000001".parse().expect("an id");
        let date = Date::new(2026, 12, 3).expect("a date");
        let input =
            AvailabilityInput { session_type_id: id, therapist_id: None, from: date, to: date, time_zone: None };
        let times = TimesQuery::build(TimesVariables { input, zone: "Europe/London".into() });
        assert_eq!(words(TIMES), words(&times.query));
        let input =
            ManagedAvailabilityInput { manage_token: None, booking_id: None, from: date, to: date, time_zone: None };
        let times = MovingTimesQuery::build(MovingTimesVariables { input, zone: "Europe/London".into() });
        assert_eq!(words(MOVING_TIMES), words(&times.query));
        assert_eq!(words(CHANGES), words(AvailabilityChanged::build(ListenFor { id }).query()));
    }
}
