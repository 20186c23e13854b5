//! Who may ask for what: every root field of the API and everything below `viewer`, against everyone who could ask.

mod support;

use anteroom::events::Event;
use anteroom::features::accounts::Viewer;
use anteroom::graphql::Caller;
use async_graphql::Request;
use futures_util::StreamExt;
use serde_json::{Value, json};
use shared::actor::Role;
use shared::ids::{BookingId, ClientId, LoginId, TherapistId, UserId};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use support::{ADA, ADA_USER, DISCOVERY, Engine, Practice, SAMIR, SAMIR_USER};
use uuid::Uuid;

/// Somebody who asks. Ben is Ada's client, and everything that is asked about is his or Ada's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Actor {
    /// Nobody is signed in.
    Visitor,
    /// Ben himself.
    Client,
    /// Cleo, another client.
    OtherClient,
    /// Ada, who has not shown her second factor yet.
    HalfTherapist,
    /// Ada.
    Therapist,
    /// Samir, whose client Ben is not.
    OtherTherapist,
    /// An assistant of the practice.
    Assistant,
}

use Actor::{Assistant, Client, HalfTherapist, OtherClient, OtherTherapist, Therapist, Visitor};

const EVERYONE: &[Actor] = &[Visitor, Client, OtherClient, HalfTherapist, Therapist, OtherTherapist, Assistant];
const SIGNED_IN: &[Actor] = &[Client, OtherClient, HalfTherapist, Therapist, OtherTherapist, Assistant];
const THROUGH: &[Actor] = &[Client, OtherClient, Therapist, OtherTherapist, Assistant];
const CLIENTS: &[Actor] = &[Client, OtherClient];
const THERAPISTS: &[Actor] = &[Therapist, OtherTherapist];
/// Her own therapist only.
const OWN_THERAPIST: &[Actor] = &[Therapist];
const STAFF: &[Actor] = &[HalfTherapist, Therapist, OtherTherapist, Assistant];
/// Those of the practice who have shown their second factor.
const THROUGH_STAFF: &[Actor] = &[Therapist, OtherTherapist, Assistant];
const NOBODY: &[Actor] = &[];
/// Ben, his therapist, and those who look after every calendar.
const OF_BOOKING: &[Actor] = &[Client, Therapist, Assistant];

/// Changes that anyone may make. Every other change is closed to visitors.
const OPEN_CHANGES: &[&str] = &[
    "bookDiscovery",
    "completeSignIn",
    "holdSlot",
    "refreshLogin",
    "releaseHold",
    "requestBooking",
    "requestSignIn",
    "sendContactMessage",
];

/// The types whose fields are listed below, and how one gets to them.
const TYPES: &[(&str, &str)] = &[
    ("Query", "query {}"),
    ("Mutation", "mutation {}"),
    ("Viewer", "query { viewer {} }"),
    ("User", "query { viewer { user {} } }"),
    ("OwnCare", "query { viewer { client {} } }"),
    ("TherapistDesk", "query { viewer { therapist {} } }"),
];

/// A field, how it is asked for, and who gets an answer. `BEN`, `BOOKING` and so on stand for Ben's ids and secrets,
/// and `LOGIN` for a login of somebody else.
const POLICY: &[(&str, &str, &[Actor])] = &[
    (
        "Query.availability",
        "availability(input: { sessionTypeId: \"DISCOVERY\", from: \"2030-01-07\", to: \"2030-01-08\" }) { days { date } }",
        EVERYONE,
    ),
    ("Query.booking", "booking(reference: \"REFERENCE\") { status }", EVERYONE),
    (
        "Query.explainStart",
        "explainStart(input: { sessionTypeId: \"DISCOVERY\", therapistId: \"ADA\", startsAt: \"2030-01-08T10:00:00Z\" }) { offered }",
        EVERYONE,
    ),
    ("Query.faq", "faq { __typename }", EVERYONE),
    ("Query.managedBooking", "managedBooking(manageToken: \"MANAGE\") { status }", EVERYONE),
    ("Query.practice", "practice { name }", EVERYONE),
    ("Query.sessionType", "sessionType(slug: \"discovery-call\") { id }", EVERYONE),
    ("Query.sessionTypes", "sessionTypes { id }", EVERYONE),
    ("Query.therapist", "therapist(slug: \"ada\") { id }", EVERYONE),
    ("Query.therapists", "therapists { id }", EVERYONE),
    ("Query.timeZone", "timeZone(name: \"Europe/London\") { name }", EVERYONE),
    ("Query.viewer", "viewer { __typename }", EVERYONE),
    ("Viewer.user", "user { id }", SIGNED_IN),
    ("Viewer.client", "client { __typename }", CLIENTS),
    ("Viewer.therapist", "therapist { __typename }", THERAPISTS),
    ("Viewer.asked", "asked { id }", CLIENTS),
    ("Viewer.reminderDesk", "reminderDesk { __typename }", THERAPISTS),
    ("Viewer.reminders", "reminders { portalOnly }", CLIENTS),
    ("Viewer.requests", "requests { id }", THROUGH_STAFF),
    ("Viewer.waiting", "waiting { __typename }", CLIENTS),
    ("Viewer.waitlist", "waitlist { __typename }", THERAPISTS),
    ("User.awaitsSecondFactor", "awaitsSecondFactor", SIGNED_IN),
    ("User.email", "email", SIGNED_IN),
    ("User.id", "id", SIGNED_IN),
    ("User.logins", "logins { id }", THROUGH),
    ("User.name", "name", SIGNED_IN),
    ("User.role", "role", SIGNED_IN),
    ("User.secondFactor", "secondFactor { __typename }", SIGNED_IN),
    ("OwnCare.bookable", "bookable { dueNow { amount } }", CLIENTS),
    ("OwnCare.booking", "booking(id: \"BOOKING\") { id }", &[Client]),
    ("OwnCare.bookings", "bookings { id }", CLIENTS),
    ("OwnCare.relationship", "relationship { __typename }", CLIENTS),
    ("OwnCare.therapist", "therapist { id }", CLIENTS),
    ("TherapistDesk.booking", "booking(id: \"BOOKING\") { guestName }", OWN_THERAPIST),
    ("TherapistDesk.bookingList", "bookingList { nodes { guestName } }", THERAPISTS),
    ("TherapistDesk.bookings", "bookings(from: \"2030-01-07\", to: \"2030-01-09\") { __typename }", THERAPISTS),
    ("TherapistDesk.bookingsOfClient", "bookingsOfClient(id: \"BEN\") { __typename }", OWN_THERAPIST),
    ("TherapistDesk.client", "client(id: \"BEN\") { id }", OWN_THERAPIST),
    ("TherapistDesk.clients", "clients { nodes { id } }", THERAPISTS),
    ("TherapistDesk.feesWaiting", "feesWaiting { fee { id } }", THERAPISTS),
    ("TherapistDesk.profile", "profile { id }", THERAPISTS),
    ("TherapistDesk.referralLetter", "referralLetter", THERAPISTS),
    ("TherapistDesk.sessionRules", "sessionRules", THERAPISTS),
    ("TherapistDesk.timeOff", "timeOff { id }", THERAPISTS),
    ("TherapistDesk.timetable", "timetable", THERAPISTS),
    ("TherapistDesk.weeklyHours", "weeklyHours { __typename }", THERAPISTS),
    (
        "Mutation.agreePrice",
        "agreePrice(input: { clientId: \"BEN\", amount: 4000, currency: GBP }) { ERRORS }",
        OWN_THERAPIST,
    ),
    (
        "Mutation.bookSession",
        "bookSession(input: { sessionTypeId: \"DISCOVERY\", startsAt: \"2030-01-09T10:00:00Z\" }) { ERRORS }",
        THROUGH,
    ),
    ("Mutation.chargeFee", "chargeFee(input: { feeId: \"BEN\" }) { ERRORS }", NOBODY),
    ("Mutation.completeBooking", "completeBooking(input: { bookingId: \"BOOKING\" }) { ERRORS }", OWN_THERAPIST),
    (
        "Mutation.createBooking",
        "createBooking(input: { clientId: \"BEN\", sessionTypeId: \"DISCOVERY\", startsAt: \"2030-01-09T12:00:00Z\" }) { ERRORS }",
        OWN_THERAPIST,
    ),
    ("Mutation.endAgreement", "endAgreement(input: { clientId: \"BEN\", agreementId: \"BEN\" }) { ERRORS }", NOBODY),
    ("Mutation.markNoShow", "markNoShow(input: { bookingId: \"BOOKING\" }) { ERRORS }", OWN_THERAPIST),
    (
        "Mutation.publishPolicy",
        "publishPolicy(input: { rules: { windows: [], noShowPercent: 100, freeLateCancelsPerYear: 1, rescheduleLimit: 2, rescheduleHours: 48 } }) { ERRORS }",
        THERAPISTS,
    ),
    ("Mutation.recognizeBooking", "recognizeBooking(input: { bookingId: \"BOOKING\" }) { ERRORS }", OWN_THERAPIST),
    (
        "Mutation.rescheduleBooking",
        "rescheduleBooking(input: { bookingId: \"BOOKING\", startsAt: \"2030-01-09T13:00:00Z\" }) { ERRORS }",
        OF_BOOKING,
    ),
    ("Mutation.sellPackage", "sellPackage(input: { clientId: \"BEN\", packageId: \"BEN\" }) { ERRORS }", NOBODY),
    (
        "Mutation.setClassPrice",
        "setClassPrice(input: { sessionTypeId: \"DISCOVERY\", priceClass: INTERNATIONAL, amount: 100 }) { ERRORS }",
        THERAPISTS,
    ),
    ("Mutation.waiveFee", "waiveFee(input: { feeId: \"BEN\", reason: \"Ill\" }) { ERRORS }", NOBODY),
    ("Mutation.addTimeOff", "addTimeOff(input: { from: \"2030-02-01\", to: \"2030-02-01\" }) { ERRORS }", THERAPISTS),
    (
        "Mutation.bookDiscovery",
        "bookDiscovery(input: { sessionTypeId: \"DISCOVERY\", startsAt: \"2030-01-09T10:00:00Z\", name: \"Dee\", email: \"dee@example.org\", phone: \"+44 20 7946 0018\" }) { ERRORS }",
        EVERYONE,
    ),
    ("Mutation.cancelBooking", "cancelBooking(input: { bookingId: \"BOOKING\" }) { ERRORS }", OF_BOOKING),
    ("Mutation.completeSecondFactor", "completeSecondFactor(input: { code: \"000000\" }) { ERRORS }", SIGNED_IN),
    (
        "Mutation.completeSignIn",
        "completeSignIn(input: { code: \"000000\", browserToken: \"x\" }) { ERRORS }",
        EVERYONE,
    ),
    ("Mutation.confirmSecondFactor", "confirmSecondFactor(input: { code: \"000000\" }) { ERRORS }", STAFF),
    (
        "Mutation.decideDiscovery",
        "decideDiscovery(input: { clientId: \"BEN\", decision: LATER }) { ERRORS }",
        OWN_THERAPIST,
    ),
    ("Mutation.endLogin", "endLogin(input: { loginId: \"LOGIN\" }) { ERRORS }", NOBODY),
    ("Mutation.endOtherLogins", "endOtherLogins { ERRORS }", THROUGH),
    (
        "Mutation.holdSlot",
        "holdSlot(input: { sessionTypeId: \"DISCOVERY\", startsAt: \"2030-01-09T11:00:00Z\" }) { ERRORS }",
        EVERYONE,
    ),
    ("Mutation.refreshLogin", "refreshLogin(input: { refreshToken: \"x\" }) { ERRORS }", EVERYONE),
    ("Mutation.releaseHold", "releaseHold(input: { token: \"x\" }) { ERRORS }", EVERYONE),
    ("Mutation.removeTimeOff", "removeTimeOff(input: { timeOffId: \"TIMEOFF\" }) { ERRORS }", OWN_THERAPIST),
    (
        "Mutation.requestBooking",
        "requestBooking(input: { sessionTypeId: \"DISCOVERY\", name: \"Dee\", email: \"dee@example.org\", phone: \"+44 20 7946 0018\" }) { ERRORS }",
        EVERYONE,
    ),
    ("Mutation.requestSignIn", "requestSignIn(input: { email: \"ben@example.org\" }) { ERRORS }", EVERYONE),
    (
        "Mutation.sendContactMessage",
        "sendContactMessage(input: { name: \"Dee\", email: \"dee@example.org\", message: \"Hello\" }) { ERRORS }",
        EVERYONE,
    ),
    ("Mutation.setWeeklyHours", "setWeeklyHours(input: { hours: [] }) { ERRORS }", THERAPISTS),
    ("Mutation.acceptOffer", "acceptOffer(input: { offerId: \"LOGIN\" }) { ERRORS }", NOBODY),
    ("Mutation.acceptRequest", "acceptRequest(input: { requestId: \"REQUEST\" }) { ERRORS }", NOBODY),
    (
        "Mutation.assignBooking",
        "assignBooking(input: { requestId: \"REQUEST\", therapistId: \"ADA\", startsAt: \"2030-01-09T12:00:00Z\" }) { ERRORS }",
        THROUGH_STAFF,
    ),
    (
        "Mutation.changeWish",
        "changeWish(input: { wishId: \"LOGIN\", goesFirst: true, isPaused: false }) { ERRORS }",
        NOBODY,
    ),
    ("Mutation.closeRequest", "closeRequest(input: { requestId: \"REQUEST\" }) { ERRORS }", THROUGH_STAFF),
    ("Mutation.confirmBooking", "confirmBooking(input: { bookingId: \"BOOKING\" }) { ERRORS }", &[Client]),
    ("Mutation.confirmRequest", "confirmRequest(input: { requestId: \"REQUEST\" }) { ERRORS }", THROUGH_STAFF),
    ("Mutation.declineOffer", "declineOffer(input: { offerId: \"LOGIN\" }) { ERRORS }", NOBODY),
    ("Mutation.declineRequest", "declineRequest(input: { requestId: \"REQUEST\" }) { ERRORS }", NOBODY),
    ("Mutation.joinWaitlist", "joinWaitlist(input: { sessionTypeId: \"DISCOVERY\" }) { ERRORS }", CLIENTS),
    ("Mutation.leaveWaitlist", "leaveWaitlist(input: { wishId: \"LOGIN\" }) { ERRORS }", NOBODY),
    (
        "Mutation.setReminderPreferences",
        "setReminderPreferences(input: { channels: [EMAIL], portalOnly: false, followUp: false }) { ERRORS }",
        CLIENTS,
    ),
    (
        "Mutation.setReminderRules",
        "setReminderRules(input: { leadMinutes: [120], bySessionType: [] }) { ERRORS }",
        THERAPISTS,
    ),
    (
        "Mutation.setWaitlistRules",
        "setWaitlistRules(input: { isPaused: false, offerMinutes: 60, noticeMinutes: 180 }) { ERRORS }",
        THERAPISTS,
    ),
    ("Mutation.withdrawRequest", "withdrawRequest(input: { requestId: \"REQUEST\" }) { ERRORS }", NOBODY),
    ("Mutation.signOut", "signOut { ERRORS }", SIGNED_IN),
    ("Mutation.startSecondFactor", "startSecondFactor { ERRORS }", STAFF),
];

/// What can be listened to, and who hears something.
const LISTENING: &[(&str, &str, &[Actor])] = &[
    ("availabilityChanged", "availabilityChanged(sessionTypeId: \"DISCOVERY\") { sessionTypeId }", EVERYONE),
    ("bookingChanged", "bookingChanged { bookingId }", &[Client, Therapist]),
    ("relationshipChanged", "relationshipChanged { clientId }", &[Client, Therapist]),
];

/// A practice with something of everyone's in it.
struct Cast {
    practice: Practice,
    booking: Value,
    manage: String,
    ben: ClientId,
    cleo: ClientId,
    ben_user: UserId,
    cleo_user: UserId,
    time_off: String,
    request: String,
}

impl Cast {
    async fn new() -> Self {
        let practice = Practice::open_with(Engine::Sqlite, &[("introspection", "true")]).await;
        let booked = practice.book("Ben", "2030-01-08T10:00:00Z").await;
        practice.book("Cleo", "2030-01-08T11:00:00Z").await;
        let mut conn = practice.app.db.read().await.expect("a connection");
        let mut user = async |email: &str| {
            let found = conn.query("select id from users where email_canonical = $1").bind(email.to_owned());
            UserId(found.value::<Uuid>().await.expect("a user"))
        };
        let (ben_user, cleo_user) = (user("ben@example.org").await, user("cleo@example.org").await);
        let mut client = async |user: UserId| {
            let found = conn.query("select id from clients where user_id = $1").bind(user);
            ClientId(found.value::<Uuid>().await.expect("a client"))
        };
        let (ben, cleo) = (client(ben_user).await, client(cleo_user).await);
        drop(conn);
        let mut cast = Cast {
            booking: booked["booking"].clone(),
            manage: booked["manageToken"].as_str().expect("a token").to_owned(),
            ben,
            cleo,
            ben_user,
            cleo_user,
            time_off: String::new(),
            request: String::new(),
            practice,
        };
        let ask = "mutation { requestBooking(input: { sessionTypeId: \"DISCOVERY\", name: \"Dora\", email: \"dora@example.org\", phone: \"+44 20 7946 0018\" }) { requestId } }";
        let asked = cast.practice.ask(&cast.filled(ask), json!({})).await;
        cast.request = asked["requestBooking"]["requestId"].as_str().expect("a request").to_owned();
        let add = "mutation { addTimeOff(input: { from: \"2030-03-01\", to: \"2030-03-01\" }) { timeOff { id } } }";
        let added = cast.practice.ask_as(cast.viewer(Therapist), add, json!({})).await;
        cast.time_off = added["data"]["addTimeOff"]["timeOff"]["id"].as_str().expect("time off").to_owned();
        cast
    }

    /// Says that everything of a therapist's with a client changed.
    fn tell(&self, number: u128, therapist_id: TherapistId, client_id: ClientId) {
        let booking_id = BookingId(Uuid::from_u128(number));
        let bus = &self.practice.app.bus;
        bus.publish(Event::TimetableChanged { therapist_id });
        bus.publish(Event::BookingChanged { booking_id, therapist_id, client_id: Some(client_id) });
        bus.publish(Event::ClientChanged { client_id, therapist_id });
    }

    fn viewer(&self, actor: Actor) -> Option<Viewer> {
        let (user_id, role, second_factor) = match actor {
            Visitor => return None,
            Client => (self.ben_user, Role::Client, false),
            OtherClient => (self.cleo_user, Role::Client, false),
            HalfTherapist => (ADA_USER, Role::Owner, false),
            Therapist => (ADA_USER, Role::Owner, true),
            OtherTherapist => (SAMIR_USER, Role::Therapist, true),
            Assistant => (SAMIR_USER, Role::Assistant, true),
        };
        Some(Viewer { user_id, login_id: LoginId(Uuid::from_u128(77)), role, second_factor })
    }

    fn filled(&self, text: &str) -> String {
        let id = |value: Value| value.as_str().unwrap_or_default().to_owned();
        text.replace("DISCOVERY", &id(json!(DISCOVERY)))
            .replace("ADA", &id(json!(ADA)))
            .replace("BEN", &id(json!(self.ben)))
            .replace("BOOKING", &id(self.booking["id"].clone()))
            .replace("REFERENCE", &id(self.booking["reference"].clone()))
            .replace("MANAGE", &self.manage)
            .replace("TIMEOFF", &self.time_off)
            .replace("REQUEST", &self.request)
            .replace("LOGIN", &id(json!(LoginId(Uuid::from_u128(78)))))
            .replace("ERRORS", "userErrors { code }")
    }

    /// Whether somebody gets an answer; being told what is wrong with an input is one.
    async fn is_open(&self, actor: Actor, field: &str, ask: &str) -> bool {
        let (of, name) = field.split_once('.').expect("a type and a field");
        let (_, way) = TYPES.iter().find(|(known, _)| *known == of).expect("a type that is listed");
        let query = way.replacen("{}", &format!("{{ {} }}", self.filled(ask)), 1);
        let answer = self.practice.ask_as(self.viewer(actor), &query, json!({})).await;
        if let Some(error) = answer["errors"].as_array().and_then(|errors| errors.first()) {
            let code = error["extensions"]["code"].as_str().unwrap_or_default();
            let is_refusal = matches!(code, "SIGN_IN_REQUIRED" | "FORBIDDEN" | "NOT_FOUND");
            assert!(is_refusal, "{field} asked by {actor:?} fails: {answer:#}");
            return false;
        }
        let mut found = &answer["data"];
        for step in way.split(['{', '}', ' ']).filter(|step| !matches!(*step, "" | "query" | "mutation")).chain([name])
        {
            found = &found[step];
        }
        let is_hidden = found["userErrors"][0]["code"] == "NOT_FOUND";
        !found.is_null() && !is_hidden
    }
}

async fn fields_of(practice: &Practice, name: &str) -> BTreeSet<String> {
    let asked = "query($name: String!) { __type(name: $name) { fields { name } } }";
    let answer = practice.ask(asked, json!({ "name": name })).await;
    let fields = answer["__type"]["fields"].as_array().expect("a type with fields");
    fields.iter().map(|field| field["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn every_field_has_a_policy() {
    let practice = Practice::open_with(Engine::Sqlite, &[("introspection", "true")]).await;
    for (name, _) in TYPES {
        let listed: BTreeSet<String> = POLICY
            .iter()
            .filter_map(|(field, ..)| field.strip_prefix(name)?.strip_prefix('.'))
            .map(str::to_owned)
            .collect();
        assert_eq!(fields_of(&practice, name).await, listed, "the fields of {name}, and those with a policy");
    }
    let listed = LISTENING.iter().map(|(field, ..)| (*field).to_owned()).collect();
    assert_eq!(fields_of(&practice, "Subscription").await, listed);
}

#[test]
fn changes_are_closed_unless_they_are_on_the_list() {
    let open: Vec<&str> = POLICY
        .iter()
        .filter(|(_, _, allowed)| allowed.contains(&Visitor))
        .filter_map(|(field, ..)| field.strip_prefix("Mutation."))
        .collect();
    assert_eq!(open, OPEN_CHANGES);
}

#[tokio::test]
async fn everyone_gets_what_is_theirs_and_nothing_else() {
    let shared = Cast::new().await;
    let mut broken = Vec::new();
    for (field, ask, allowed) in POLICY {
        let fresh = match field.starts_with("Mutation.") {
            true => Some(Cast::new().await),
            false => None,
        };
        let cast = fresh.as_ref().unwrap_or(&shared);
        // Those who may not try first: what they break would be missing for those who may.
        let (may, may_not): (Vec<Actor>, Vec<Actor>) = EVERYONE.iter().partition(|actor| allowed.contains(actor));
        for actor in may_not.into_iter().chain(may) {
            let is_open = cast.is_open(actor, field, ask).await;
            if is_open != allowed.contains(&actor) {
                broken.push(format!("{field} is {} to {actor:?}", if is_open { "open" } else { "closed" }));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[tokio::test]
async fn everyone_hears_of_what_is_theirs_and_nothing_else() {
    let cast = Cast::new().await;
    for (field, ask, allowed) in LISTENING {
        for &actor in EVERYONE {
            let caller = Caller { viewer: cast.viewer(actor), address: IpAddr::V4(Ipv4Addr::LOCALHOST) };
            let request = Request::new(format!("subscription {{ {} }}", cast.filled(ask))).data(caller);
            let mut answers = cast.practice.schema.execute_stream(request);
            // Ben and Ada first, then what is this actor's in any case: whoever hears only the second must not hear the
            // first. Again and again, because nobody says when they begin to listen.
            let heard = loop {
                tokio::select! {
                    biased;
                    answer = answers.next() => break answer,
                    () = tokio::task::yield_now() => {
                        cast.tell(1, ADA, cast.ben);
                        cast.tell(2, SAMIR, cast.cleo);
                    }
                }
            };
            let response = json!(heard.expect("an answer"));
            let is_second = response["data"][field]["bookingId"] == json!(BookingId(Uuid::from_u128(2)))
                || response["data"][field]["clientId"] == json!(cast.cleo);
            let is_heard = !response["data"].is_null() && !is_second;
            assert_eq!(is_heard, allowed.contains(&actor), "{field} by {actor:?}: {response}");
        }
    }
}
