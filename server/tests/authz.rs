//! Who may ask for what: every field of every type of the API, against everyone who could ask.

use crate::support::{ADA, ADA_USER, DISCOVERY, Engine, Practice, SAMIR, SAMIR_USER, engines, staff};
use anteroom::events::Event;
use anteroom::features::accounts::{self, Viewer, logins};
use anteroom::features::intake::invitations;
use anteroom::graphql::Caller;
use async_graphql::Request;
use futures_util::StreamExt;
use serde_json::{Value, json};
use shared::actor::Role;
use shared::ids::{BookingId, ClientId, InvitationId, LoginId, TherapistId, UserId};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use uuid::Uuid;

/// Somebody who asks. Ben is Ada's client, and everything that is asked about is his or Ada's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Actor {
    /// Nobody is signed in.
    Visitor,
    /// Whoever has the manage link of Ben's booking.
    Holder,
    /// Dora, a client, in a login that has ended.
    EndedLogin,
    /// Finn, a client who may not sign in any more.
    Disabled,
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
    /// Olive, who owns the practice and sees no clients.
    Owner,
}

use Actor::{
    Assistant, Client, Disabled, EndedLogin, HalfTherapist, Holder, OtherClient, OtherTherapist, Owner, Therapist,
    Visitor,
};

const EVERYONE: &[Actor] = &[
    Visitor,
    Holder,
    EndedLogin,
    Disabled,
    Client,
    OtherClient,
    HalfTherapist,
    Therapist,
    OtherTherapist,
    Assistant,
    Owner,
];
const SIGNED_IN: &[Actor] = &[Client, OtherClient, HalfTherapist, Therapist, OtherTherapist, Assistant, Owner];
const THROUGH: &[Actor] = &[Client, OtherClient, Therapist, OtherTherapist, Assistant, Owner];
/// Those who work in the practice and have shown their second factor.
const AT_WORK: &[Actor] = &[Therapist, OtherTherapist, Assistant, Owner];
const CLIENTS: &[Actor] = &[Client, OtherClient];
const THERAPISTS: &[Actor] = &[Therapist, OtherTherapist];
/// Her own therapist only.
const OWN_THERAPIST: &[Actor] = &[Therapist];
const STAFF: &[Actor] = &[HalfTherapist, Therapist, OtherTherapist, Assistant, Owner];
/// For what does not exist, or not yet.
const NOBODY: &[Actor] = &[];
/// Only Ben himself.
const BEN: &[Actor] = &[Client];
const HOLDER: &[Actor] = &[Holder];
/// Ben, his therapist, and those who look after every calendar.
const OF_BOOKING: &[Actor] = &[Client, Therapist, Assistant, Owner];
/// Those who may see that there is a Ben.
const KNOW_BEN: &[Actor] = &[Client, Therapist];

/// Changes that anyone may make. Every other change is closed to visitors.
const OPEN_CHANGES: &[&str] = &[
    "acceptInvitation",
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
    ("PracticeDesk", "query { viewer { practice {} } }"),
];

/// A field, how it is asked for, and who gets an answer. `BEN`, `BOOKING` and so on stand for Ben's ids, `MANAGE` for a secret that only its holder knows,
/// and `LOGIN` for a login of his.
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
    (
        "Query.managedAvailability",
        "managedAvailability(input: { manageToken: \"MANAGE\", from: \"2030-01-07\", to: \"2030-01-08\" }) { ERRORS }",
        HOLDER,
    ),
    ("Query.managedBooking", "managedBooking(manageToken: \"MANAGE\") { status }", HOLDER),
    ("Query.makeUp", "makeUp(token: \"INVITED\") { id }", NOBODY),
    ("Query.askedWish", "askedWish(token: \"INVITED\") { id }", NOBODY),
    ("Query.invitation", "invitation(token: \"INVITED\") { email }", EVERYONE),
    ("Query.practice", "practice { name }", EVERYONE),
    ("Query.sessionType", "sessionType(slug: \"discovery-call\") { id }", EVERYONE),
    ("Query.sessionTypes", "sessionTypes { id }", EVERYONE),
    ("Query.therapist", "therapist(slug: \"ada\") { id }", EVERYONE),
    ("Query.therapists", "therapists { id }", EVERYONE),
    ("Query.timeZone", "timeZone(name: \"Europe/London\") { name }", EVERYONE),
    ("Query.viewer", "viewer { __typename }", EVERYONE),
    ("Viewer.user", "user { id }", SIGNED_IN),
    ("Viewer.client", "client { __typename }", CLIENTS),
    ("Viewer.practice", "practice { __typename }", AT_WORK),
    ("Viewer.therapist", "therapist { __typename }", THERAPISTS),
    ("PracticeDesk.bankDetails", "bankDetails", AT_WORK),
    ("PracticeDesk.bookingsAhead", "bookingsAhead", AT_WORK),
    ("PracticeDesk.noShowMinutes", "noShowMinutes", AT_WORK),
    ("PracticeDesk.promptMinutes", "promptMinutes", AT_WORK),
    ("PracticeDesk.returnMonths", "returnMonths", AT_WORK),
    ("PracticeDesk.breakMinutes", "breakMinutes", AT_WORK),
    ("PracticeDesk.offer", "offer { visible }", AT_WORK),
    ("PracticeDesk.paymentMinutes", "paymentMinutes", AT_WORK),
    ("PracticeDesk.rooms", "rooms { id }", AT_WORK),
    ("PracticeDesk.seriesWeeksAhead", "seriesWeeksAhead", AT_WORK),
    ("PracticeDesk.profile", "profile { name }", AT_WORK),
    ("PracticeDesk.rooms", "rooms { id }", AT_WORK),
    ("PracticeDesk.sessionTypes", "sessionTypes { id }", AT_WORK),
    ("Viewer.asked", "asked { id }", CLIENTS),
    ("Viewer.reminderDesk", "reminderDesk { __typename }", THERAPISTS),
    ("Viewer.reminders", "reminders { portalOnly }", CLIENTS),
    ("Viewer.requests", "requests { id }", AT_WORK),
    ("Viewer.waiting", "waiting { __typename }", CLIENTS),
    ("Viewer.waitlist", "waitlist { __typename }", THERAPISTS),
    ("User.awaitsSecondFactor", "awaitsSecondFactor", SIGNED_IN),
    ("User.email", "email", SIGNED_IN),
    ("User.id", "id", SIGNED_IN),
    ("User.logins", "logins { id }", THROUGH),
    ("User.name", "name", SIGNED_IN),
    ("User.phone", "phone", SIGNED_IN),
    ("User.role", "role", SIGNED_IN),
    ("User.secondFactor", "secondFactor { __typename }", SIGNED_IN),
    ("OwnCare.balance", "balance { amount }", CLIENTS),
    ("OwnCare.bankDetails", "bankDetails", CLIENTS),
    ("OwnCare.invoice", "invoice(number: \"R-00001\") { number }", NOBODY),
    ("OwnCare.invoices", "invoices { number }", CLIENTS),
    ("OwnCare.paidFor", "paidFor(bookingId: \"BOOKING\") { amount }", CLIENTS),
    ("OwnCare.owedPackages", "owedPackages { purchaseId }", CLIENTS),
    ("OwnCare.owed", "owed { bookingId }", CLIENTS),
    ("OwnCare.packages", "packages { id }", CLIENTS),
    ("OwnCare.payments", "payments { id }", CLIENTS),
    ("OwnCare.takesCards", "takesCards", CLIENTS),
    ("OwnCare.bookable", "bookable { dueNow { amount } }", CLIENTS),
    ("OwnCare.booking", "booking(id: \"BOOKING\") { id }", &[Client]),
    ("OwnCare.bookings", "bookings { __typename }", CLIENTS),
    ("OwnCare.policyAhead", "policyAhead(startsAt: \"2030-01-08T10:00:00Z\") { version }", CLIENTS),
    ("OwnCare.documents", "documents { title }", CLIENTS),
    // Neither has come as far yet; which stage opens it is a story of its own.
    ("OwnCare.intake", "intake { missing }", NOBODY),
    ("OwnCare.relationship", "relationship { __typename }", CLIENTS),
    ("OwnCare.makeUps", "makeUps { id }", CLIENTS),
    ("OwnCare.series", "series { id }", CLIENTS),
    ("OwnCare.therapist", "therapist { id }", CLIENTS),
    (
        "TherapistDesk.absencePlan",
        "absencePlan(input: { from: \"2030-02-01\", to: \"2030-02-02\" }) { plan { startsAt } }",
        THERAPISTS,
    ),
    ("TherapistDesk.accountOfClient", "accountOfClient(id: \"BEN\") { priceClass }", OWN_THERAPIST),
    ("TherapistDesk.packages", "packages { id }", THERAPISTS),
    ("TherapistDesk.booking", "booking(id: \"BOOKING\") { guestName }", OWN_THERAPIST),
    ("TherapistDesk.bookingList", "bookingList { nodes { guestName } }", THERAPISTS),
    ("TherapistDesk.bookings", "bookings(from: \"2030-01-07\", to: \"2030-01-09\") { __typename }", THERAPISTS),
    ("TherapistDesk.bookingsOfClient", "bookingsOfClient(id: \"BEN\") { __typename }", OWN_THERAPIST),
    ("TherapistDesk.classPrices", "classPrices { priceClass }", THERAPISTS),
    ("TherapistDesk.client", "client(id: \"BEN\") { id }", OWN_THERAPIST),
    ("TherapistDesk.clients", "clients { nodes { id } }", THERAPISTS),
    ("TherapistDesk.days", "days(from: \"2030-01-07\") { __typename }", THERAPISTS),
    ("TherapistDesk.documents", "documents { title }", THERAPISTS),
    ("TherapistDesk.intakeForm", "intakeForm { fields { id } }", THERAPISTS),
    ("TherapistDesk.intakeOfClient", "intakeOfClient(id: \"BEN\") { missing }", OWN_THERAPIST),
    ("TherapistDesk.invitations", "invitations { id }", THERAPISTS),
    ("TherapistDesk.feesWaiting", "feesWaiting { fee { id } }", THERAPISTS),
    ("TherapistDesk.invoice", "invoice(number: \"R-00001\") { number }", NOBODY),
    ("TherapistDesk.invoicesOfBooking", "invoicesOfBooking(id: \"BOOKING\") { number }", THERAPISTS),
    ("TherapistDesk.owedPackages", "owedPackages { purchaseId }", THERAPISTS),
    ("TherapistDesk.overdue", "overdue { bookingId }", THERAPISTS),
    ("TherapistDesk.packages", "packages { id }", THERAPISTS),
    ("TherapistDesk.payment", "payment(id: \"BEN\") { clientName }", NOBODY),
    ("TherapistDesk.payments", "payments { nodes { clientName } }", THERAPISTS),
    ("TherapistDesk.policies", "policies { version }", THERAPISTS),
    ("TherapistDesk.policyInForce", "policyInForce { noShowPercent }", THERAPISTS),
    ("TherapistDesk.pricesToReview", "pricesToReview { clientId }", THERAPISTS),
    ("TherapistDesk.refunds", "refunds { id }", THERAPISTS),
    ("TherapistDesk.holidaySets", "holidaySets", THERAPISTS),
    ("TherapistDesk.holidaysAhead", "holidaysAhead { date }", THERAPISTS),
    ("TherapistDesk.profile", "profile { id }", THERAPISTS),
    ("TherapistDesk.referralLetter", "referralLetter", THERAPISTS),
    ("TherapistDesk.makeUps", "makeUps { takenId }", THERAPISTS),
    ("TherapistDesk.series", "series { id }", THERAPISTS),
    ("TherapistDesk.seriesConflicts", "seriesConflicts { date }", THERAPISTS),
    ("TherapistDesk.sessionRules", "sessionRules", THERAPISTS),
    ("TherapistDesk.timeOff", "timeOff { id }", THERAPISTS),
    ("TherapistDesk.timetable", "timetable", THERAPISTS),
    ("TherapistDesk.weeklyHours", "weeklyHours { __typename }", THERAPISTS),
    ("Mutation.acceptDocument", "acceptDocument(input: { versionId: \"BEN\" }) { ERRORS }", CLIENTS),
    (
        "Mutation.acceptInvitation",
        "acceptInvitation(input: { token: \"INVITED\", name: \"Dee\", phone: \"020 7946 0018\", timeZone: \"UTC\" }) { ERRORS }",
        EVERYONE,
    ),
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
    ("Mutation.arrangeRooms", "arrangeRooms(input: { roomIds: [] }) { ERRORS }", THERAPISTS),
    ("Mutation.arrangeSessionTypes", "arrangeSessionTypes(input: { sessionTypeIds: [] }) { ERRORS }", THERAPISTS),
    (
        "Mutation.offerPackage",
        "offerPackage(input: { sessionTypeId: \"DISCOVERY\", name: \"Six\", units: 6, validDays: 180, priceAmount: 100, priceCurrency: GBP }) { ERRORS }",
        THERAPISTS,
    ),
    ("Mutation.restorePackage", "restorePackage(input: { packageId: \"BEN\" }) { ERRORS }", NOBODY),
    ("Mutation.restoreRoom", "restoreRoom(input: { roomId: \"BEN\" }) { ERRORS }", NOBODY),
    (
        "Mutation.restoreSessionType",
        "restoreSessionType(input: { sessionTypeId: \"DISCOVERY\" }) { ERRORS }",
        THERAPISTS,
    ),
    ("Mutation.retirePackage", "retirePackage(input: { packageId: \"BEN\" }) { ERRORS }", NOBODY),
    ("Mutation.retireRoom", "retireRoom(input: { roomId: \"BEN\" }) { ERRORS }", NOBODY),
    ("Mutation.retireSessionType", "retireSessionType(input: { sessionTypeId: \"BEN\" }) { ERRORS }", NOBODY),
    ("Mutation.saveRoom", "saveRoom(input: { name: \"\" }) { ERRORS }", THERAPISTS),
    (
        "Mutation.saveSessionType",
        "saveSessionType(input: { name: \"\", summary: \"\", description: [], gate: CLIENTS, modality: ONLINE, minutes: 50, bufferBefore: 0, bufferAfter: 10, gridMinutes: 30, noticeMinutes: 60, horizonDays: 60, priceAmount: 0, priceCurrency: GBP, prepay: NOTHING, depositAmount: 0, visible: false }) { ERRORS }",
        THERAPISTS,
    ),
    (
        "Mutation.setCalendarRules",
        "setCalendarRules(input: { breakMinutes: 30, seriesWeeksAhead: 10, paymentMinutes: 40, bankDetails: [] }) { ERRORS }",
        THERAPISTS,
    ),
    (
        "Mutation.setPracticeProfile",
        "setPracticeProfile(input: { name: \"\", tagline: \"\", headline: \"\", welcome: [], steps: [], voice: [], feesNote: \"\", openingHours: [], address: [], contactEmail: \"\", contactPhone: \"\", answersWithin: \"\", crisis: [], questions: [], privacy: [], terms: [], referralLetter: [] }) { ERRORS }",
        THERAPISTS,
    ),
    (
        "Mutation.setTherapistProfile",
        "setTherapistProfile(input: { name: \"\", title: \"\", summary: \"\", about: [], takesNewClients: true }) { ERRORS }",
        THERAPISTS,
    ),
    (
        "Mutation.setPriceClass",
        "setPriceClass(input: { clientId: \"BEN\", priceClass: INTERNATIONAL }) { ERRORS }",
        OWN_THERAPIST,
    ),
    ("Mutation.takePackageBack", "takePackageBack(input: { purchaseId: \"BEN\", reason: \"So\" }) { ERRORS }", NOBODY),
    ("Mutation.waiveOwed", "waiveOwed(input: { purchaseId: \"BEN\", reason: \"So\" }) { ERRORS }", NOBODY),
    ("Mutation.announceTransfer", "announceTransfer(input: { bookingId: \"BOOKING\" }) { ERRORS }", &[Client]),
    (
        "Mutation.recordPayment",
        "recordPayment(input: { clientId: \"BEN\", method: CASH, amount: 100, currency: GBP }) { ERRORS }",
        OWN_THERAPIST,
    ),
    ("Mutation.refundPayment", "refundPayment(input: { paymentId: \"BEN\", reason: \"So\" }) { ERRORS }", NOBODY),
    ("Mutation.startCheckout", "startCheckout(input: { bookingId: \"BOOKING\" }) { ERRORS }", CLIENTS),
    ("Mutation.waiveFee", "waiveFee(input: { feeId: \"BEN\", reason: \"Ill\" }) { ERRORS }", NOBODY),
    (
        "Mutation.changeSeries",
        "changeSeries(input: { seriesId: \"BEN\", scope: ALL, time: \"12:00\" }) { ERRORS }",
        NOBODY,
    ),
    ("Mutation.chooseHolidays", "chooseHolidays(input: { sets: [] }) { ERRORS }", THERAPISTS),
    (
        "Mutation.confirmAbsence",
        "confirmAbsence(input: { from: \"2030-02-03\", to: \"2030-02-03\", bookingIds: [], makeUps: [] }) { ERRORS }",
        THERAPISTS,
    ),
    (
        "Mutation.createSeries",
        "createSeries(input: { clientId: \"BEN\", sessionTypeId: \"DISCOVERY\", cadence: WEEKLY, startsOn: \"2030-01-10\", time: \"11:00\" }) { ERRORS }",
        THERAPISTS,
    ),
    ("Mutation.endSeries", "endSeries(input: { seriesId: \"BEN\" }) { ERRORS }", NOBODY),
    ("Mutation.keepHolidayOpen", "keepHolidayOpen(input: { date: \"2030-01-10\" }) { ERRORS }", THERAPISTS),
    (
        "Mutation.moveOccurrence",
        "moveOccurrence(input: { seriesId: \"BEN\", date: \"2030-01-10\", toDate: \"2030-01-11\", toTime: \"11:00\" }) { ERRORS }",
        NOBODY,
    ),
    ("Mutation.planAbsence", "planAbsence(input: { from: \"2030-02-01\", to: \"2030-02-02\" }) { ERRORS }", THERAPISTS),
    (
        "Mutation.skipOccurrence",
        "skipOccurrence(input: { seriesId: \"BEN\", date: \"2030-01-10\" }) { ERRORS }",
        NOBODY,
    ),
    ("Mutation.addTimeOff", "addTimeOff(input: { from: \"2030-02-01\", to: \"2030-02-01\" }) { ERRORS }", THERAPISTS),
    (
        "Mutation.bookDiscovery",
        "bookDiscovery(input: { sessionTypeId: \"DISCOVERY\", startsAt: \"2030-01-09T10:00:00Z\", name: \"Dee\", email: \"dee@example.org\", phone: \"+44 20 7946 0018\" }) { ERRORS }",
        EVERYONE,
    ),
    ("Mutation.cancelBooking", "cancelBooking(input: { bookingId: \"BOOKING\" }) { ERRORS }", OF_BOOKING),
    ("Mutation.cancelBooking", "cancelBooking(input: { manageToken: \"MANAGE\" }) { ERRORS }", HOLDER),
    ("Mutation.takeChangeBack", "takeChangeBack(input: { bookingId: \"BOOKING\" }) { ERRORS }", OF_BOOKING),
    ("Mutation.takeChangeBack", "takeChangeBack(input: { manageToken: \"MANAGE\" }) { ERRORS }", HOLDER),
    ("Mutation.clearDate", "clearDate(input: { date: \"2030-01-07\" }) { ERRORS }", THERAPISTS),
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
    ("Mutation.endLogin", "endLogin(input: { loginId: \"LOGIN\" }) { ERRORS }", BEN),
    ("Mutation.endOtherLogins", "endOtherLogins { ERRORS }", THROUGH),
    (
        "Mutation.holdSlot",
        "holdSlot(input: { sessionTypeId: \"DISCOVERY\", startsAt: \"2030-01-09T11:00:00Z\" }) { ERRORS }",
        EVERYONE,
    ),
    (
        "Mutation.inviteClient",
        "inviteClient(input: { name: \"Eve\", email: \"eve@example.org\" }) { ERRORS }",
        THERAPISTS,
    ),
    ("Mutation.moveClient", "moveClient(input: { clientId: \"BEN\", move: PAUSE }) { ERRORS }", OWN_THERAPIST),
    (
        "Mutation.publishDocument",
        "publishDocument(input: { kind: FEES, title: \"Fees\", body: \"It costs.\" }) { ERRORS }",
        THERAPISTS,
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
        "Mutation.resendInvitation",
        "resendInvitation(input: { invitationId: \"INVITATION\" }) { ERRORS }",
        OWN_THERAPIST,
    ),
    (
        "Mutation.revokeInvitation",
        "revokeInvitation(input: { invitationId: \"INVITATION\" }) { ERRORS }",
        OWN_THERAPIST,
    ),
    ("Mutation.saveIntakeAnswers", "saveIntakeAnswers(input: { answers: [] }) { ERRORS }", CLIENTS),
    ("Mutation.saveIntakeForm", "saveIntakeForm(input: { fields: [] }) { ERRORS }", THERAPISTS),
    (
        "Mutation.sendContactMessage",
        "sendContactMessage(input: { name: \"Dee\", email: \"dee@example.org\", message: \"Hello\" }) { ERRORS }",
        EVERYONE,
    ),
    ("Mutation.setDate", "setDate(input: { date: \"2030-01-07\", hours: [] }) { ERRORS }", THERAPISTS),
    ("Mutation.setWeeklyHours", "setWeeklyHours(input: { hours: [] }) { ERRORS }", THERAPISTS),
    ("Mutation.acceptOffer", "acceptOffer(input: { offerId: \"LOGIN\" }) { ERRORS }", NOBODY),
    ("Mutation.acceptRequest", "acceptRequest(input: { requestId: \"REQUEST\" }) { ERRORS }", NOBODY),
    (
        "Mutation.assignBooking",
        "assignBooking(input: { requestId: \"REQUEST\", therapistId: \"ADA\", startsAt: \"2030-01-09T12:00:00Z\" }) { ERRORS }",
        AT_WORK,
    ),
    (
        "Mutation.changeWish",
        "changeWish(input: { wishId: \"LOGIN\", goesFirst: true, isPaused: false }) { ERRORS }",
        NOBODY,
    ),
    ("Mutation.closeRequest", "closeRequest(input: { requestId: \"REQUEST\" }) { ERRORS }", AT_WORK),
    ("Mutation.confirmBooking", "confirmBooking(input: { bookingId: \"BOOKING\" }) { ERRORS }", &[Client]),
    ("Mutation.confirmRequest", "confirmRequest(input: { requestId: \"REQUEST\" }) { ERRORS }", AT_WORK),
    ("Mutation.declineOffer", "declineOffer(input: { offerId: \"LOGIN\" }) { ERRORS }", NOBODY),
    ("Mutation.declineRequest", "declineRequest(input: { requestId: \"REQUEST\" }) { ERRORS }", NOBODY),
    (
        "Mutation.takeMakeUp",
        "takeMakeUp(input: { makeUpId: \"LOGIN\", startsAt: \"2030-01-09T10:00:00Z\" }) { ERRORS }",
        NOBODY,
    ),
    ("Mutation.declineMakeUp", "declineMakeUp(input: { makeUpId: \"LOGIN\" }) { ERRORS }", NOBODY),
    (
        "Mutation.answerStillWaiting",
        "answerStillWaiting(input: { wishId: \"LOGIN\", stillWaiting: true }) { ERRORS }",
        NOBODY,
    ),
    ("Mutation.joinWaitlist", "joinWaitlist(input: { sessionTypeId: \"DISCOVERY\" }) { ERRORS }", CLIENTS),
    ("Mutation.leaveWaitlist", "leaveWaitlist(input: { wishId: \"LOGIN\" }) { ERRORS }", NOBODY),
    ("Mutation.changeContact", "changeContact(input: { name: \"Ben\", phone: \"020 7946 0018\" }) { ERRORS }", CLIENTS),
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
    ("Mutation.submitIntake", "submitIntake(input: {}) { ERRORS }", CLIENTS),
];

/// A type that is asked for on the way, one way to it, its fields, and who gets there. Where everyone does, there may be
/// none of it yet.
const INNER: &[(&str, &str, &str, &[Actor])] = &[
    ("AvailabilityAnswer", AVAILABLE, "days nextAvailable timeZone userErrors", EVERYONE),
    ("FreeDay", "availability(FREE) { days {} }", "date slots", EVERYONE),
    ("Slot", "availability(FREE) { days { slots {} } }", "endsAt startsAt therapist", EVERYONE),
    ("UserError", "availability(FREE) { userErrors {} }", "code field message", EVERYONE),
    ("StartExplanation", "explainStart(START) {}", "offered reasons userErrors", EVERYONE),
    ("StartReason", "explainStart(START) { reasons {} }", "code message", EVERYONE),
    ("Booking", "booking(reference: \"REFERENCE\") {}", BOOKING, EVERYONE),
    ("Booking", "managedBooking(manageToken: \"MANAGE\") {}", BOOKING, HOLDER),
    ("Booking", "viewer { client { bookings { nodes {} } } }", BOOKING, CLIENTS),
    ("Booking", "viewer { therapist { bookings(DAYS) { booking {} } } }", BOOKING, OWN_THERAPIST),
    ("PracticeBooking", "viewer { therapist { bookings(DAYS) {} } }", PRACTICE_BOOKING, OWN_THERAPIST),
    (
        "PracticeBooking",
        "viewer { therapist { bookingsOfClient(id: \"BEN\") { nodes {} } } }",
        PRACTICE_BOOKING,
        OWN_THERAPIST,
    ),
    ("BookingStep", "viewer { therapist { bookings(DAYS) { steps {} } } }", "at byWhom note step wasAt", OWN_THERAPIST),
    ("BookingConnection", "viewer { therapist { bookingList {} } }", "heldUp nodes pageInfo", THERAPISTS),
    ("OwnBookingConnection", "viewer { client { bookings {} } }", "nodes pageInfo", CLIENTS),
    ("PracticeBooking", "viewer { therapist { bookingList { nodes {} } } }", PRACTICE_BOOKING, OWN_THERAPIST),
    (
        "CancelOutcome",
        "booking(reference: \"REFERENCE\") { ifCancelledNow {} }",
        "fee isLate isWaived returned",
        EVERYONE,
    ),
    ("PolicyStep", "booking(reference: \"REFERENCE\") { policySteps {} }", "deposit feePercent until", EVERYONE),
    ("UndoableChange", "booking(reference: \"REFERENCE\") { undoable {} }", "byWhom startsAt step until", EVERYONE),
    (
        "PolicyAhead",
        "viewer { client { policyAhead(startsAt: \"2030-01-08T10:00:00Z\") {} } }",
        "steps version",
        CLIENTS,
    ),
    ("Bookable", "viewer { client { bookable {} } }", "dueNow price priceSource sessionType", NOBODY),
    ("FeeWaiting", "viewer { therapist { feesWaiting {} } }", "booking fee", NOBODY),
    (
        "Fee",
        "viewer { therapist { feesWaiting { fee {} } } }",
        "amount bookingId createdAt id kind reason state",
        NOBODY,
    ),
    (
        "Client",
        "viewer { therapist { client(id: \"BEN\") {} } }",
        "canDecide contact decidesFrom decisionWaitsUntil discoveryCompletedAt history id letter moves next now priceClass returnsUntil stage stageSince",
        OWN_THERAPIST,
    ),
    (
        "Contact",
        "viewer { therapist { client(id: \"BEN\") { contact {} } } }",
        "email name phone timeZone",
        OWN_THERAPIST,
    ),
    (
        "StageMove",
        "viewer { therapist { client(id: \"BEN\") { history {} } } }",
        "actor at by from to words",
        OWN_THERAPIST,
    ),
    ("ClientConnection", "viewer { therapist { clients {} } }", "nodes pageInfo", THERAPISTS),
    ("ClientRow", "viewer { therapist { clients { nodes {} } } }", "id name now stage stageSince", OWN_THERAPIST),
    ("PageInfo", "viewer { therapist { clients { pageInfo {} } } }", "endCursor hasNextPage", THERAPISTS),
    (
        "OwnRelationship",
        "viewer { client { relationship {} } }",
        "canBookDiscovery canBookSessions history letter next now stage",
        CLIENTS,
    ),
    ("OwnStageMove", "viewer { client { relationship { history {} } } }", "at words", CLIENTS),
    ("Login", "viewer { user { logins {} } }", "createdAt device expiresAt id isThis seenAt", BEN),
    ("SecondFactor", "viewer { user { secondFactor {} } }", "confirmedAt recoveryCodesLeft state", SIGNED_IN),
    ("PracticeDesk", "viewer { practice {} }", "consecutiveSessions sessionsPerDay", AT_WORK),
    (
        "OfferedType",
        "viewer { practice { offer {} } }",
        "bufferAfter bufferBefore deposit perDay prepay retiredAt roomIds sessionType visible waitsFor wasPublic",
        AT_WORK,
    ),
    ("SessionType", "viewer { practice { offer { sessionType {} } } }", SESSION_TYPE, AT_WORK),
    ("Room", "viewer { practice { rooms {} } }", "id name retiredAt", NOBODY),
    ("ClassPrice", "viewer { therapist { classPrices {} } }", "price priceClass sessionTypeId", NOBODY),
    ("Package", "viewer { therapist { packages {} } }", "cost id isOnSale name sessionTypeId units validDays", NOBODY),
    ("Policy", "viewer { therapist { policies {} } }", "createdAt id rules version", NOBODY),
    (
        "CancellationPolicy",
        "viewer { therapist { policyInForce {} } }",
        "depositHours freeLateCancelsPerYear noShowPercent rescheduleHours rescheduleLimit windows",
        THERAPISTS,
    ),
    ("FeeWindow", "viewer { therapist { policyInForce { windows {} } } }", "feePercent hoursBefore", THERAPISTS),
    ("Practice", "practice {}", PRACTICE, EVERYONE),
    ("Practice", "viewer { practice { profile {} } }", PRACTICE, AT_WORK),
    ("Room", "viewer { practice { rooms {} } }", "id name", NOBODY),
    ("CrisisLine", "practice { crisis {} }", "label phone", EVERYONE),
    ("Step", "practice { steps {} }", "text title", EVERYONE),
    ("Question", "faq {}", "answer question", EVERYONE),
    ("TimeZoneTable", "timeZone(name: \"Europe/London\") {}", "name table", EVERYONE),
    ("Therapist", "therapists {}", "about id name slug summary takesNewClients title", EVERYONE),
    ("SessionType", "sessionTypes {}", SESSION_TYPE, EVERYONE),
    ("SessionType", "viewer { practice { sessionTypes {} } }", SESSION_TYPE, AT_WORK),
    ("Money", "sessionTypes { price {} }", "amount currency", EVERYONE),
    ("TimeOff", "viewer { therapist { timeOff {} } }", "endsAt id note startsAt", OWN_THERAPIST),
    ("OpenDay", "viewer { therapist { days(from: \"2030-01-07\") {} } }", "date hours", OWN_THERAPIST),
    ("OpenStretch", "viewer { therapist { days(from: \"2030-01-07\") { hours {} } } }", "from until", OWN_THERAPIST),
    (
        "WeeklyHours",
        "viewer { therapist { weeklyHours {} } }",
        "from id modality sessionTypeId until weekday",
        THERAPISTS,
    ),
    (
        "AbsencePlan",
        "viewer { therapist { absencePlan(AWAY) { plan {} } } }",
        "affected endsAt places startsAt",
        THERAPISTS,
    ),
    ("AbsencePlanAnswer", "viewer { therapist { absencePlan(AWAY) {} } }", "plan userErrors", THERAPISTS),
    (
        "AcceptedDocument",
        "viewer { client { documents { accepted {} } } }",
        "acceptedAt hash kind network title version versionId",
        NOBODY,
    ),
    (
        "AffectedDay",
        "viewer { therapist { absencePlan(AWAY) { plan { places {} } } } }",
        "date series startsAt",
        NOBODY,
    ),
    (
        "AffectedSession",
        "viewer { therapist { absencePlan(AWAY) { plan { affected {} } } } }",
        "canOffer proposals session",
        OWN_THERAPIST,
    ),
    ("PriceToReview", "viewer { therapist { pricesToReview {} } }", "agreement clientId clientName", NOBODY),
    (
        "Agreement",
        "viewer { therapist { pricesToReview { agreement {} } } }",
        "agreed endsOn id note reviewOn sessionType sessionTypeId startsOn",
        NOBODY,
    ),
    (
        "Agreement",
        "viewer { therapist { accountOfClient(id: \"BEN\") { agreements {} } } }",
        "agreed endsOn id note reviewOn sessionType sessionTypeId startsOn",
        NOBODY,
    ),
    (
        "Agreement",
        "viewer { therapist { accountOfClient(id: \"BEN\") { pastAgreements {} } } }",
        "agreed endsOn id note reviewOn sessionType sessionTypeId startsOn",
        NOBODY,
    ),
    (
        "ClientAccount",
        "viewer { therapist { accountOfClient(id: \"BEN\") {} } }",
        "agreements balance invoices packages pastAgreements priceClass statement tally",
        OWN_THERAPIST,
    ),
    ("Package", "viewer { therapist { packages {} } }", "cost id name sessionTypeId units validDays", NOBODY),
    (
        "Purchase",
        "viewer { client { packages {} } }",
        "boughtAt cost expiresAt id isUsable name open packageId reference sessionType units unitsLeft unitsTakenBack",
        NOBODY,
    ),
    (
        "SessionTally",
        "viewer { therapist { accountOfClient(id: \"BEN\") { tally {} } } }",
        "completed lateCancels noShows",
        OWN_THERAPIST,
    ),
    (
        "StatementLine",
        "viewer { therapist { accountOfClient(id: \"BEN\") { statement {} } } }",
        "amount at bookingId kind sessionAt",
        NOBODY,
    ),
    (
        "ClientIntake",
        "viewer { therapist { intakeOfClient(id: \"BEN\") {} } }",
        "accepted answers hasBegun holdsSession missing parts sentAt",
        OWN_THERAPIST,
    ),
    (
        "ClockChange",
        "viewer { client { series { clockChange {} } } }",
        "changesAt from insteadOf startsAt time",
        NOBODY,
    ),
    (
        "DeskReminder",
        "viewer { reminderDesk { reminders {} } }",
        "at bookingId confirmedAt guestName lead startsAt state",
        OWN_THERAPIST,
    ),
    ("FormPart", "viewer { client { intake { parts {} } } }", "fields hint title", NOBODY),
    ("HolidayAhead", "viewer { therapist { holidaysAhead {} } }", "date name", NOBODY),
    ("HourBand", "viewer { requests { bands {} } }", "from until", NOBODY),
    ("HoursOfDay", "viewer { reminders { quietHours {} } }", "from until", CLIENTS),
    ("IntakeAnswer", "viewer { client { intake { answers {} } } }", "field values", NOBODY),
    (
        "IntakeField",
        "viewer { therapist { intakeForm { fields {} } } }",
        "hint id isRequired kind label options",
        THERAPISTS,
    ),
    ("IntakeForm", "viewer { therapist { intakeForm {} } }", "fields savedAt version", THERAPISTS),
    (
        "Invitation",
        "viewer { therapist { invitations {} } }",
        "createdAt email expiresAt id mailed name priceClass",
        OWN_THERAPIST,
    ),
    (
        "Invoice",
        "viewer { client { invoices {} } }",
        "clientId from issuedAt kind lines number open reference settled settlements to total",
        NOBODY,
    ),
    ("InvoiceLine", "viewer { client { invoices { lines {} } } }", "amount words", NOBODY),
    ("LockScreen", "viewer { reminders { preview {} } }", "line sender", CLIENTS),
    ("OpenInvitation", "invitation(token: \"INVITED\") {}", "email expiresAt name therapist", EVERYONE),
    (
        "OwedSession",
        "viewer { client { owed {} } }",
        "amount bookingId clientId clientName isAnnounced payUntil reference startsAt status",
        NOBODY,
    ),
    (
        "OwedPackage",
        "viewer { client { owedPackages {} } }",
        "amount boughtAt clientId clientName isAnnounced name purchaseId reference",
        NOBODY,
    ),
    (
        "OwnDocument",
        "viewer { client { documents {} } }",
        "accepted body isWaiting kind publishedAt title version versionId",
        NOBODY,
    ),
    ("OwnIntake", "viewer { client { intake {} } }", "answers holdsSession missing parts savedAt sentAt", NOBODY),
    (
        "OwnReminders",
        "viewer { reminders {} }",
        "ahead channels followUp followUpWeeks leadMinutes portalOnly preview quietHours safeHours usualLeadMinutes",
        CLIENTS,
    ),
    ("OwnRequest", "viewer { asked {} }", "createdAt id now sessionType status", NOBODY),
    ("OwnWaitlist", "viewer { waiting {} }", "lapsed offerMinutes offers outlooks sessionTypes wishes", CLIENTS),
    ("WaitOutlook", "viewer { waiting { outlooks {} } }", "halfWithinDays others wishId", NOBODY),
    (
        "Payment",
        "viewer { client { payments {} } }",
        "amount bookingId createdAt id method packageName payUntil purchaseId receipt receivedAt reference refunded sessionAt status",
        NOBODY,
    ),
    ("PaymentConnection", "viewer { therapist { payments {} } }", "nodes pageInfo", THERAPISTS),
    (
        "PracticeDocument",
        "viewer { therapist { documents {} } }",
        "body hasChanges kind publishedAt title version",
        THERAPISTS,
    ),
    (
        "PracticePayment",
        "viewer { therapist { payments { nodes {} } } }",
        "clientId clientName invoices note payment problem refundable refunds",
        NOBODY,
    ),
    (
        "PracticeRequest",
        "viewer { requests {} }",
        "bands bookingId clientId createdAt email id isYours name note phone sessionType startsAt status suggestions therapist timeZone wantedTherapist weekdays",
        AT_WORK,
    ),
    (
        "Refund",
        "viewer { therapist { refunds {} } }",
        "amount askedBy cause clientName createdAt doneAt id paymentId problem reason status",
        NOBODY,
    ),
    ("Reminder", "viewer { reminders { ahead {} } }", "at bookingId channel lead startsAt state", CLIENTS),
    ("ReminderDesk", "viewer { reminderDesk {} }", "reminders rules", THERAPISTS),
    (
        "ReminderRules",
        "viewer { reminderDesk { rules {} } }",
        "bySessionType followUpWeeks leadMinutes quiet",
        THERAPISTS,
    ),
    (
        "Series",
        "viewer { client { series {} } }",
        "cadence clientId clientName clientTimeZone clockChange endsOn id leftOut minutes modality price sessionType startsOn state therapist time upcoming weekday words",
        NOBODY,
    ),
    (
        "SeriesConflict",
        "viewer { therapist { seriesConflicts {} } }",
        "alternatives date series startsAt takenBy",
        NOBODY,
    ),
    (
        "SeriesDate",
        "viewer { client { series { upcoming {} } } }",
        "bookingId date endsAt isMoved isRepeatedByClocks isShiftedByClocks startsAt",
        NOBODY,
    ),
    ("TypeLeads", "viewer { reminderDesk { rules { bySessionType {} } } }", "leadMinutes sessionTypeId", NOBODY),
    (
        "WaitingClient",
        "viewer { waitlist { waiting {} } }",
        "clientId goesFirst isPaused lastSession name nextSession offer wish",
        NOBODY,
    ),
    ("MakeUp", "viewer { client { makeUps {} } }", "booking id isOpen state times until", NOBODY),
    ("MakeUpTime", "viewer { client { makeUps { times {} } } }", "endsAt startsAt", NOBODY),
    ("OfferedMakeUp", "viewer { therapist { makeUps {} } }", "makeUp session takenId", NOBODY),
    ("WaitlistDesk", "viewer { waitlist {} }", "rules waiting", THERAPISTS),
    (
        "WaitlistOffer",
        "viewer { waiting { offers {} } }",
        "dueNow endsAt id price startsAt therapist until wishId",
        NOBODY,
    ),
    ("WaitlistRules", "viewer { waitlist { rules {} } }", "askWeeks isPaused noticeMinutes offerMinutes", THERAPISTS),
    (
        "WaitlistWish",
        "viewer { waiting { wishes {} } }",
        "askedUntil bands canComeBack earlierThan earliest id insteadOf latest modality sessionType since state weekdays",
        NOBODY,
    ),
];

const AVAILABLE: &str = "availability(FREE) {}";
const BOOKING: &str = "canCancel canMove cancelledAt clientConfirmedAt dueNow endsAt guestTimeZone id ifCancelledNow isLate isWaived \
                       modality moveRefusal payUntil policySteps price reference roomName sessionType startsAt status \
                       therapist timeZone undoable";
const PRACTICE: &str = "accentHue address answersWithin contactEmail contactPhone crisis feesNote headline name now \
                        openingHours privacy steps tagline terms timeZone voice welcome";
const PRACTICE_BOOKING: &str = "booking canBeMissed canComplete cancelReason cancelledBy clientConfirmedAt clientId \
                                createdAt fee guestEmail guestName guestPhone open priceSource reminders reschedules room source steps \
                                waitsFor";
const SESSION_TYPE: &str = "description gate gridMinutes horizonDays id minutes modality name noticeMinutes price slug \
                            summary";

/// Types that no query answers with: they come with a change or as news, and are as open as that.
const ANSWERS: &[(&str, &str)] = &[
    ("Absence", "calledOff endsAt leftOut moved offered startsAt timeOffId"),
    ("AcceptDocumentPayload", "document userErrors"),
    ("AcceptOfferPayload", "bookingId userErrors"),
    ("AddTimeOffPayload", "timeOff userErrors"),
    ("AgreePricePayload", "agreement userErrors"),
    ("DeclineMakeUpPayload", "declined userErrors"),
    ("TakeMakeUpPayload", "bookingId userErrors"),
    ("TakeChangeBackPayload", "booking userErrors"),
    ("AnswerStillWaitingPayload", "answered userErrors"),
    ("AnnounceTransferPayload", "payment userErrors"),
    ("ArrangeSessionTypesPayload", "offer userErrors"),
    ("AvailabilityChange", "sessionTypeId"),
    ("BookDiscoveryPayload", "alternatives booking manageToken userErrors"),
    ("BookSessionPayload", "alternatives booking userErrors"),
    ("BookingChange", "bookingId"),
    ("BookingOutcomePayload", "booking userErrors"),
    ("CancelBookingPayload", "booking userErrors"),
    ("ChangeSeriesPayload", "alternatives calledOff conflicts series userErrors"),
    ("ChangeWishPayload", "changed userErrors"),
    ("ChooseHolidaysPayload", "holidaySets userErrors"),
    ("ClearDatePayload", "date userErrors"),
    ("ConfirmAbsencePayload", "absence userErrors"),
    ("ConfirmBookingPayload", "booking userErrors"),
    ("ConfirmRequestPayload", "booking userErrors"),
    ("ConfirmSecondFactorPayload", "recoveryCodes tokens userErrors"),
    ("CreateBookingPayload", "alternatives booking userErrors"),
    ("CreateSeriesPayload", "alternatives conflicts series userErrors"),
    ("DecideDiscoveryPayload", "client userErrors"),
    ("DeclineOfferPayload", "declined userErrors"),
    ("EndAgreementPayload", "userErrors"),
    ("EndLoginPayload", "logins userErrors"),
    ("EndSeriesPayload", "series userErrors"),
    ("Enrolment", "qrSvg secret url"),
    ("FeePayload", "fee userErrors"),
    ("Hold", "expiresAt slot token"),
    ("HoldSlotPayload", "alternatives hold userErrors"),
    ("InviteClientPayload", "invitation userErrors"),
    ("JoinWaitlistPayload", "userErrors wishId"),
    ("KeepHolidayOpenPayload", "holidaysAhead userErrors"),
    ("LeaveWaitlistPayload", "left userErrors"),
    ("MoveClientPayload", "client userErrors"),
    ("MoveOccurrencePayload", "alternatives series userErrors"),
    ("PackagesPayload", "packages userErrors"),
    ("PublishDocumentPayload", "document userErrors"),
    ("PublishPolicyPayload", "policy userErrors"),
    ("RecordPaymentPayload", "payment userErrors"),
    ("RefreshLoginPayload", "tokens userErrors"),
    ("RefundPaymentPayload", "refund userErrors"),
    ("RelationshipChange", "clientId"),
    ("ReleaseHoldPayload", "userErrors"),
    ("RemoveTimeOffPayload", "userErrors"),
    ("RequestBookingPayload", "requestId userErrors"),
    ("RequestPayload", "request userErrors"),
    ("RequestSignInPayload", "browserToken expiresAt userErrors"),
    ("RescheduleBookingPayload", "alternatives booking userErrors"),
    ("ResendInvitationPayload", "invitation userErrors"),
    ("RevokeInvitationPayload", "invitation userErrors"),
    ("RoomsPayload", "rooms userErrors"),
    ("SaveIntakeAnswersPayload", "intake userErrors"),
    ("SaveIntakeFormPayload", "intakeForm userErrors"),
    ("SellPackagePayload", "purchase userErrors"),
    ("TakePackageBackPayload", "purchase userErrors"),
    ("WaiveOwedPayload", "userErrors waived"),
    ("SendContactMessagePayload", "sent userErrors"),
    ("SessionTypePayload", "offeredType userErrors"),
    ("SetCalendarRulesPayload", "practice userErrors"),
    ("SetPracticeProfilePayload", "practice userErrors"),
    ("SetTherapistProfilePayload", "therapist userErrors"),
    ("SetClassPricePayload", "classPrices userErrors"),
    ("SetPriceClassPayload", "client userErrors"),
    ("SetDatePayload", "day userErrors"),
    ("ChangeContactPayload", "contact userErrors"),
    ("SetReminderPreferencesPayload", "reminders userErrors"),
    ("SetReminderRulesPayload", "rules userErrors"),
    ("SetWaitlistRulesPayload", "rules userErrors"),
    ("SetWeeklyHoursPayload", "userErrors weeklyHours"),
    ("SignInPayload", "secondFactor tokens user userErrors"),
    ("SignOutPayload", "signedOut userErrors"),
    ("SkipOccurrencePayload", "series userErrors"),
    ("StartCheckoutPayload", "payment url userErrors"),
    ("StartSecondFactorPayload", "enrolment userErrors"),
    ("SubmitIntakePayload", "intake userErrors"),
    ("Tokens", "accessExpiresAt accessToken refreshExpiresAt refreshToken"),
    ("WithdrawRequestPayload", "userErrors withdrawn"),
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
    ben_login: LoginId,
    /// Whom the practice takes Dora and Finn for.
    dora: Option<Viewer>,
    finn: Option<Viewer>,
    time_off: String,
    invitation: InvitationId,
    invited: String,
    request: String,
}

impl Cast {
    async fn new(engine: Engine) -> Self {
        let practice = Practice::open_with(engine, &[("introspection", "true")]).await;
        let booked = practice.book("Ben", "2030-01-08T10:00:00Z").await;
        for (name, hour) in [("Cleo", 11), ("Dora", 12), ("Finn", 13)] {
            practice.book(name, &format!("2030-01-08T{hour}:00:00Z")).await;
        }
        let login = async |name: &str| practice.sign_in(&format!("{name}@example.org")).await.login;
        let (ben_login, dora_login, finn_login) = (login("ben").await, login("dora").await, login("finn").await);
        logins::sign_out(&practice.app, dora_login).await.expect("Dora signs out");
        logins::disable(&practice.app, user(&practice, "finn").await).await.expect("Finn is shut out");
        add_owner(&practice).await;
        let mut cast = Cast {
            booking: booked["booking"].clone(),
            manage: booked["manageToken"].as_str().expect("a token").to_owned(),
            ben: client(&practice, "ben").await,
            cleo: client(&practice, "cleo").await,
            ben_user: user(&practice, "ben").await,
            cleo_user: user(&practice, "cleo").await,
            ben_login,
            dora: accounts::viewer_of_login(&practice.app, dora_login).await.expect("the database answers"),
            finn: accounts::viewer_of_login(&practice.app, finn_login).await.expect("the database answers"),
            time_off: String::new(),
            invitation: InvitationId(Uuid::nil()),
            invited: String::new(),
            request: String::new(),
            practice,
        };
        let ask = "mutation { requestBooking(input: { sessionTypeId: \"DISCOVERY\", name: \"Dora\", email: \"dora@example.org\", phone: \"+44 20 7946 0018\" }) { requestId } }";
        let asked = cast.practice.ask(&cast.filled(Visitor, ask), json!({})).await;
        cast.request = asked["requestBooking"]["requestId"].as_str().expect("a request").to_owned();
        let add = "mutation {
            addTimeOff(input: { from: \"2030-03-01\", to: \"2030-03-01\" }) { timeOff { id } }
            setDate(input: { date: \"2030-03-04\", hours: [{ from: \"10:00\", until: \"12:00\" }] }) { userErrors { code } }
        }";
        let added = cast.practice.ask_as(cast.viewer(Therapist), add, json!({})).await;
        cast.time_off = added["data"]["addTimeOff"]["timeOff"]["id"].as_str().expect("time off").to_owned();
        let invite =
            "mutation { inviteClient(input: { name: \"Dee\", email: \"dee.i@example.org\" }) { invitation { id } } }";
        let invited = cast.practice.ask_as(cast.viewer(Therapist), invite, json!({})).await;
        let id = invited["data"]["inviteClient"]["invitation"]["id"].as_str().expect("an invitation");
        cast.invitation = id.parse().expect("an id");
        let mail = invitations::mail(&cast.practice.app, cast.invitation).await.expect("an answer").expect("a mail");
        cast.invited = mail.link.split_once('#').expect("a secret").1.to_owned();
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
            Visitor | Holder => return None,
            EndedLogin => return self.dora,
            Disabled => return self.finn,
            Client => (self.ben_user, Role::Client, false),
            OtherClient => (self.cleo_user, Role::Client, false),
            HalfTherapist => (ADA_USER, Role::Owner, false),
            Therapist => (ADA_USER, Role::Owner, true),
            OtherTherapist => (SAMIR_USER, Role::Therapist, true),
            Assistant => (SAMIR_USER, Role::Assistant, true),
            Owner => (OLIVE_USER, Role::Owner, true),
        };
        Some(Viewer { user_id, login_id: LoginId(Uuid::from_u128(77)), role, second_factor })
    }

    fn filled(&self, actor: Actor, text: &str) -> String {
        let id = |value: Value| value.as_str().unwrap_or_default().to_owned();
        text.replace("FREE", "input: { sessionTypeId: \"DISCOVERY\", from: \"2030-01-07\", to: \"2030-01-08\" }")
            .replace(
                "START",
                "input: { sessionTypeId: \"DISCOVERY\", therapistId: \"ADA\", startsAt: \"2030-01-08T10:00:00Z\" }",
            )
            .replace("AWAY", "input: { from: \"2030-01-08\", to: \"2030-01-08\" }")
            .replace("DAYS", "from: \"2030-01-07\", to: \"2030-01-09\"")
            .replace("DISCOVERY", &id(json!(DISCOVERY)))
            .replace("ADA", &id(json!(ADA)))
            .replace("BEN", &id(json!(self.ben)))
            .replace("BOOKING", &id(self.booking["id"].clone()))
            .replace("REFERENCE", &id(self.booking["reference"].clone()))
            .replace("MANAGE", if actor == Holder { &self.manage } else { "bm90IGl0" })
            .replace("INVITATION", &self.invitation.to_string())
            .replace("INVITED", &self.invited)
            .replace("TIMEOFF", &self.time_off)
            .replace("LOGIN", &id(json!(self.ben_login)))
            .replace("REQUEST", &self.request)
            .replace("ERRORS", "userErrors { code }")
    }

    /// Whether somebody gets an answer; being told what is wrong with an input is one.
    async fn is_open(&self, actor: Actor, field: &str, ask: &str) -> bool {
        let (of, name) = field.split_once('.').expect("a type and a field");
        let (_, way) = TYPES.iter().find(|(known, _)| *known == of).expect("a type that is listed");
        let Some(data) = self.answer(actor, field, way, ask).await else { return false };
        let found = at_end_of(way, &data).map(|parent| &parent[name]);
        found.is_some_and(|found| !found.is_null() && found["userErrors"][0]["code"] != "NOT_FOUND")
    }

    /// Whether somebody gets as far as a type, and then gets all of it.
    async fn is_within_reach(&self, actor: Actor, name: &str, way: &str, selection: &str) -> bool {
        let way = format!("query {{ {way} }}");
        let Some(data) = self.answer(actor, name, &way, selection).await else { return false };
        at_end_of(&way, &data).is_some()
    }

    /// What is answered, if it is not refused. Nobody reads of Ben who should not know him.
    async fn answer(&self, actor: Actor, what: &str, way: &str, ask: &str) -> Option<Value> {
        let query = self.filled(actor, &way.replacen("{}", &format!("{{ {ask} }}"), 1));
        let answer = self.practice.ask_as(self.viewer(actor), &query, json!({})).await;
        if query.contains("viewer {") && !KNOW_BEN.contains(&actor) {
            let text = answer.to_string();
            for word in ["Ben", "ben@example.org", self.booking["id"].as_str().expect("an id"), &self.ben.0.to_string()]
            {
                assert!(!text.contains(word), "{what} tells {actor:?} of {word}: {answer:#}");
            }
        }
        if let Some(error) = answer["errors"].as_array().and_then(|errors| errors.first()) {
            let code = error["extensions"]["code"].as_str().unwrap_or_default();
            let is_refusal = matches!(code, "SIGN_IN_REQUIRED" | "FORBIDDEN" | "NOT_FOUND");
            assert!(is_refusal, "{what} asked by {actor:?} fails: {answer:#}");
            return None;
        }
        Some(answer["data"].clone())
    }
}

/// What is at the end of a way, the first of it where there are many.
fn at_end_of<'a>(way: &str, data: &'a Value) -> Option<&'a Value> {
    let mut outside = String::new();
    let mut depth = 0;
    for c in way.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 && c != ')' {
            outside.push(c);
        }
    }
    let steps = outside.split(['{', '}', ' ']).filter(|step| !matches!(*step, "" | "query" | "mutation"));
    let mut found = data;
    for step in steps {
        found = &found[step];
        if let Some(many) = found.as_array() {
            found = many.first()?;
        }
    }
    (!found.is_null()).then_some(found)
}

const OLIVE_USER: UserId = UserId(Uuid::from_u128(23));

async fn add_owner(practice: &Practice) {
    let olive = accounts::User {
        id: OLIVE_USER,
        email: "olive@practice.example".into(),
        name: "Olive".into(),
        phone: String::new(),
        time_zone: "Europe/London".into(),
        role: Role::Owner,
        email_proven_at: None,
        disabled_at: None,
    };
    let now = practice.app.clock.now();
    let added = practice.app.db.write(move |tx| {
        let olive = olive.clone();
        Box::pin(async move { accounts::add_user(tx, &olive, now).await })
    });
    added.await.expect("Olive owns the practice");
}

async fn user(practice: &Practice, name: &str) -> UserId {
    let mut conn = practice.app.db.read().await.expect("a connection");
    let found = conn.query("select id from users where email_canonical = $1").bind(format!("{name}@example.org"));
    UserId(found.value::<Uuid>().await.expect("a user"))
}

async fn client(practice: &Practice, name: &str) -> ClientId {
    let user = user(practice, name).await;
    let mut conn = practice.app.db.read().await.expect("a connection");
    let found = conn.query("select id from clients where user_id = $1").bind(user);
    ClientId(found.value::<Uuid>().await.expect("a client"))
}

/// The fields of every object type, each with the object type it answers with, if it does.
type Types = BTreeMap<String, BTreeMap<String, Option<String>>>;

async fn types_of(practice: &Practice) -> Types {
    let asked = "{ __schema { types { kind name fields { name type {
        kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";
    let answer = practice.ask_as(Some(staff(ADA_USER)), asked, json!({})).await["data"].clone();
    let text = |value: &Value| value.as_str().expect("a name").to_owned();
    let object_of = |mut of: &Value| {
        while !of["ofType"].is_null() {
            of = &of["ofType"];
        }
        (of["kind"] == "OBJECT").then(|| text(&of["name"]))
    };
    let all = answer["__schema"]["types"].as_array().expect("types");
    let objects = all.iter().filter(|of| of["kind"] == "OBJECT" && !text(&of["name"]).starts_with("__"));
    objects
        .map(|of| {
            let fields = of["fields"].as_array().expect("fields");
            (text(&of["name"]), fields.iter().map(|field| (text(&field["name"]), object_of(&field["type"]))).collect())
        })
        .collect()
}

/// The types a query can lead to.
fn answered_by_queries(types: &Types) -> BTreeSet<String> {
    let (mut found, mut ahead) = (BTreeSet::new(), vec!["Query".to_owned()]);
    while let Some(name) = ahead.pop() {
        if found.insert(name.clone()) {
            ahead.extend(types[&name].values().flatten().cloned());
        }
    }
    found
}

#[tokio::test]
async fn every_field_of_every_type_has_a_policy() {
    let practice = Practice::open_with(Engine::Sqlite, &[("introspection", "true")]).await;
    let types = types_of(&practice).await;
    let present: BTreeSet<String> =
        types.iter().flat_map(|(name, fields)| fields.keys().map(move |field| format!("{name}.{field}"))).collect();
    let mut listed: BTreeSet<String> = POLICY.iter().map(|(field, ..)| (*field).to_owned()).collect();
    listed.extend(LISTENING.iter().map(|(field, ..)| format!("Subscription.{field}")));
    let inner = INNER
        .iter()
        .map(|(name, _, fields, _)| (name, fields))
        .chain(ANSWERS.iter().map(|(name, fields)| (name, fields)));
    for (name, fields) in inner {
        listed.extend(fields.split_whitespace().map(|field| format!("{name}.{field}")));
    }
    let missing: Vec<&String> = present.difference(&listed).collect();
    let gone: Vec<&String> = listed.difference(&present).collect();
    assert_eq!((missing, gone), (Vec::new(), Vec::new()), "fields without a policy, and policies without a field");

    let answered = answered_by_queries(&types);
    let wrong: Vec<&str> = ANSWERS.iter().map(|(name, _)| *name).filter(|name| answered.contains(*name)).collect();
    assert_eq!(wrong, Vec::<&str>::new(), "a query leads there: say in INNER who gets there");
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
    for engine in engines() {
        let shared = Cast::new(engine).await;
        assert_eq!((shared.dora, shared.finn), (None, None), "who has signed out or is shut out is nobody");
        let mut broken = Vec::new();
        for (field, ask, allowed) in POLICY {
            let fresh = match field.starts_with("Mutation.") {
                true => Some(Cast::new(engine).await),
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
            if let Some(cast) = fresh {
                cast.practice.app.db.close().await;
            }
        }
        assert_eq!(broken, Vec::<String>::new(), "on {engine:?}");
    }
}

#[tokio::test]
async fn everyone_gets_as_far_as_what_is_theirs_and_no_further() {
    for engine in engines() {
        let cast = Cast::new(engine).await;
        let types = types_of(&cast.practice).await;
        let mut broken = Vec::new();
        for (name, way, fields, allowed) in INNER {
            let mut selection = String::new();
            for field in fields.split_whitespace() {
                let is_object = types[*name][field].is_some();
                selection.push_str(&format!("{field} {} ", if is_object { "{ __typename }" } else { "" }));
            }
            for &actor in EVERYONE {
                let is_public = allowed.len() == EVERYONE.len();
                let is_open = match is_public {
                    true => cast.answer(actor, name, &format!("query {{ {way} }}"), &selection).await.is_some(),
                    false => cast.is_within_reach(actor, name, way, &selection).await,
                };
                if is_open != allowed.contains(&actor) {
                    broken.push(format!("{way} is {} to {actor:?}", if is_open { "open" } else { "closed" }));
                }
            }
        }
        assert_eq!(broken, Vec::<String>::new(), "on {engine:?}");
    }
}

#[tokio::test]
async fn everyone_hears_of_what_is_theirs_and_nothing_else() {
    for engine in engines() {
        hears(&Cast::new(engine).await).await;
    }
}

async fn hears(cast: &Cast) {
    for (field, ask, allowed) in LISTENING {
        for &actor in EVERYONE {
            let caller = Caller { viewer: cast.viewer(actor), address: IpAddr::V4(Ipv4Addr::LOCALHOST) };
            let request = Request::new(format!("subscription {{ {} }}", cast.filled(actor, ask))).data(caller);
            let mut answers = cast.practice.schema.answering(caller.viewer).execute_stream(request);
            // Ben and Ada first, then what is this actor's in any case: whoever hears only the second must not hear the
            // first. The end comes last, for those of whom there is nothing to hear. Again and again, because nobody
            // says when they begin to listen.
            let heard = loop {
                tokio::select! {
                    biased;
                    answer = answers.next() => break answer,
                    () = tokio::task::yield_now() => {
                        cast.tell(1, ADA, cast.ben);
                        cast.tell(2, SAMIR, cast.cleo);
                        cast.practice.app.bus.publish(Event::Missed);
                    }
                }
            };
            let response = json!(heard);
            let is_second = response["data"][field]["bookingId"] == json!(BookingId(Uuid::from_u128(2)))
                || response["data"][field]["clientId"] == json!(cast.cleo);
            let is_heard = !response["data"].is_null() && !is_second;
            assert_eq!(is_heard, allowed.contains(&actor), "{field} by {actor:?}: {response}");
        }
    }
}
