//! A client below a stage gets nothing of that stage by any route: every field of a client's own, and every change a
//! client can ask for, against every stage. What is not listed here does not pass.

use super::kit::{Person, ada, ask, ben, code, publish, put, question, save_form};
use crate::support::{ADA_USER, DISCOVERY, Engine, NOW, Practice, SESSION, at, staff};
use serde_json::{Value, json};
use shared::stage::{Opens, Stage, Standing};
use std::collections::BTreeSet;

/// When a field or change is open.
#[derive(Clone, Copy)]
pub enum Gate {
    /// It is the person's own and of no stage.
    Always,
    /// The stage decides.
    Of(fn(&Opens) -> bool),
    /// Never to a client: staff make it.
    Staff,
}

use Gate::{Always, Of, Staff};

/// What a client asks of their own care, and when there is something in the answer.
const FIELDS: &[(&str, &str, Gate)] = &[
    ("relationship", "relationship { stage }", Always),
    ("therapist", "therapist { id }", Always),
    ("bookable", "bookable { price { amount } }", Of(|opens| opens.sessions)),
    ("booking", "booking(id: \"BOOKING\") { id }", Always),
    ("bookings", "bookings { nodes { id } }", Always),
    // Nothing was owed or paid, and no account is set: at no stage is there anything of another's.
    ("balance", "balance { amount }", Staff),
    ("bankDetails", "bankDetails", Staff),
    ("invoice", "invoice(number: \"R-00001\") { number }", Staff),
    ("invoices", "invoices { number }", Staff),
    ("owed", "owed { bookingId }", Staff),
    ("owedPackages", "owedPackages { purchaseId }", Staff),
    ("packages", "packages { id }", Staff),
    ("paidFor", "paidFor(bookingId: \"BOOKING\") { amount }", Staff),
    ("payments", "payments { id }", Staff),
    ("policyAhead", "policyAhead(startsAt: \"2030-01-09T10:00:00Z\") { steps { feePercent } }", Always),
    ("makeUps", "makeUps { id }", Staff),
    ("series", "series { id }", Staff),
    ("takesCards", "takesCards", Always),
    ("intake", "intake { parts { title } }", Of(|opens| opens.intake)),
    ("documents", "documents { title body }", Of(|opens| opens.intake)),
];

/// What a client asks to be changed, and when it is not refused. `VERSION` is a document, `ID` something of Ben's. What is
/// empty is tried with what is Ben's already, in a story of its own.
pub const CHANGES: &[(&str, &str, Gate)] = &[
    ("acceptDocument", "acceptDocument(input: { versionId: \"VERSION\" }) { ERRORS }", Of(|opens| opens.intake)),
    ("acceptInvitation", "", Always),
    ("addTimeOff", "addTimeOff(input: { from: \"2030-02-01\", to: \"2030-02-01\" }) { ERRORS }", Staff),
    ("agreePrice", "agreePrice(input: { clientId: \"BEN\", amount: 0, currency: GBP }) { ERRORS }", Staff),
    (
        "bookDiscovery",
        "bookDiscovery(input: { sessionTypeId: \"DISCOVERY\", startsAt: \"2030-01-09T10:00:00Z\", name: \"Ben\", email: \"ben@example.org\", phone: \"+44 20 7946 0018\" }) { ERRORS }",
        Of(|opens| opens.discovery),
    ),
    (
        "bookSession",
        "bookSession(input: { sessionTypeId: \"SESSION\", startsAt: \"2030-01-09T10:00:00Z\" }) { ERRORS }",
        Of(|opens| opens.sessions),
    ),
    ("cancelBooking", "", Always),
    ("takeChangeBack", "", Always),
    ("chargeFee", "chargeFee(input: { feeId: \"BEN\" }) { ERRORS }", Staff),
    ("completeBooking", "completeBooking(input: { bookingId: \"BOOKING\" }) { ERRORS }", Staff),
    ("completeSecondFactor", "", Always),
    ("completeSignIn", "", Always),
    ("confirmSecondFactor", "", Always),
    (
        "createBooking",
        "createBooking(input: { clientId: \"BEN\", sessionTypeId: \"SESSION\", startsAt: \"2030-01-09T10:00:00Z\" }) { ERRORS }",
        Staff,
    ),
    ("decideDiscovery", "decideDiscovery(input: { clientId: \"BEN\", decision: WORK_TOGETHER }) { ERRORS }", Staff),
    ("endAgreement", "endAgreement(input: { clientId: \"BEN\", agreementId: \"BEN\" }) { ERRORS }", Staff),
    ("endLogin", "", Always),
    ("endOtherLogins", "", Always),
    (
        "holdSlot",
        "holdSlot(input: { sessionTypeId: \"SESSION\", startsAt: \"2030-01-09T12:00:00Z\" }) { ERRORS }",
        Of(|opens| opens.sessions),
    ),
    ("inviteClient", "inviteClient(input: { name: \"Eve\", email: \"eve@example.org\" }) { ERRORS }", Staff),
    ("markNoShow", "markNoShow(input: { bookingId: \"BOOKING\" }) { ERRORS }", Staff),
    ("moveClient", "moveClient(input: { clientId: \"BEN\", move: REOPEN }) { ERRORS }", Staff),
    ("publishDocument", "publishDocument(input: { kind: FEES, title: \"a\", body: \"b\" }) { ERRORS }", Staff),
    (
        "publishPolicy",
        "publishPolicy(input: { rules: { windows: [], noShowPercent: 0, freeLateCancelsPerYear: 1, rescheduleLimit: 2, rescheduleHours: 48 } }) { ERRORS }",
        Staff,
    ),
    ("recognizeBooking", "recognizeBooking(input: { bookingId: \"BOOKING\" }) { ERRORS }", Staff),
    ("refreshLogin", "", Always),
    ("releaseHold", "", Always),
    ("removeTimeOff", "removeTimeOff(input: { timeOffId: \"BEN\" }) { ERRORS }", Staff),
    ("requestSignIn", "", Always),
    // Moving and calling off are about a session that is theirs already.
    ("rescheduleBooking", "", Always),
    ("resendInvitation", "resendInvitation(input: { invitationId: \"BEN\" }) { ERRORS }", Staff),
    ("revokeInvitation", "revokeInvitation(input: { invitationId: \"BEN\" }) { ERRORS }", Staff),
    (
        "saveIntakeAnswers",
        "saveIntakeAnswers(input: { answers: [{ field: \"story\", values: [\"x\"] }] }) { ERRORS }",
        Of(|opens| opens.intake),
    ),
    ("saveIntakeForm", "saveIntakeForm(input: { fields: [] }) { ERRORS }", Staff),
    ("sellPackage", "sellPackage(input: { clientId: \"BEN\", packageId: \"BEN\" }) { ERRORS }", Staff),
    ("sendContactMessage", "", Always),
    (
        "setClassPrice",
        "setClassPrice(input: { sessionTypeId: \"SESSION\", priceClass: INTERNATIONAL, amount: 0 }) { ERRORS }",
        Staff,
    ),
    ("setPriceClass", "setPriceClass(input: { clientId: \"BEN\", priceClass: INTERNATIONAL }) { ERRORS }", Staff),
    ("setWeeklyHours", "setWeeklyHours(input: { hours: [] }) { ERRORS }", Staff),
    ("signOut", "", Always),
    ("startSecondFactor", "", Always),
    (
        "submitIntake",
        "submitIntake(input: { answers: [{ field: \"story\", values: [\"x\"] }] }) { ERRORS }",
        Of(|opens| opens.intake),
    ),
    ("waiveFee", "waiveFee(input: { feeId: \"BEN\", reason: \"x\" }) { ERRORS }", Staff),
    ("acceptOffer", "", Always),
    // Answering is about what was theirs already; taking a time looks at the stage in its own story.
    ("answerStillWaiting", "", Always),
    ("declineMakeUp", "", Always),
    ("takeMakeUp", "", Always),
    ("acceptRequest", "acceptRequest(input: { requestId: \"BEN\" }) { ERRORS }", Staff),
    ("announceTransfer", "", Always),
    (
        "assignBooking",
        "assignBooking(input: { requestId: \"BEN\", therapistId: \"BEN\", startsAt: \"2030-01-09T12:00:00Z\" }) { ERRORS }",
        Staff,
    ),
    ("changeSeries", "changeSeries(input: { seriesId: \"BEN\", scope: ALL, time: \"12:00\" }) { ERRORS }", Staff),
    ("changeContact", "", Always),
    ("changeWish", "changeWish(input: { wishId: \"BEN\", goesFirst: true, isPaused: false }) { ERRORS }", Staff),
    ("chooseHolidays", "chooseHolidays(input: { sets: [] }) { ERRORS }", Staff),
    ("clearDate", "clearDate(input: { date: \"2030-01-07\" }) { ERRORS }", Staff),
    ("closeRequest", "closeRequest(input: { requestId: \"BEN\" }) { ERRORS }", Staff),
    (
        "confirmAbsence",
        "confirmAbsence(input: { from: \"2030-02-03\", to: \"2030-02-03\", bookingIds: [], makeUps: [] }) { ERRORS }",
        Staff,
    ),
    ("confirmBooking", "", Always),
    ("confirmRequest", "confirmRequest(input: { requestId: \"BEN\" }) { ERRORS }", Staff),
    (
        "createSeries",
        "createSeries(input: { clientId: \"BEN\", sessionTypeId: \"SESSION\", cadence: WEEKLY, startsOn: \"2030-01-10\", time: \"11:00\" }) { ERRORS }",
        Staff,
    ),
    ("declineOffer", "", Always),
    ("declineRequest", "declineRequest(input: { requestId: \"BEN\" }) { ERRORS }", Staff),
    ("endSeries", "endSeries(input: { seriesId: \"BEN\" }) { ERRORS }", Staff),
    // Waiting is narrower than booking, a break closes it: a story of its own.
    ("joinWaitlist", "", Always),
    ("keepHolidayOpen", "keepHolidayOpen(input: { date: \"2030-01-10\" }) { ERRORS }", Staff),
    ("leaveWaitlist", "", Always),
    (
        "moveOccurrence",
        "moveOccurrence(input: { seriesId: \"BEN\", date: \"2030-01-10\", toDate: \"2030-01-11\", toTime: \"11:00\" }) { ERRORS }",
        Staff,
    ),
    ("planAbsence", "planAbsence(input: { from: \"2030-02-01\", to: \"2030-02-02\" }) { ERRORS }", Staff),
    (
        "recordPayment",
        "recordPayment(input: { clientId: \"BEN\", method: CASH, amount: 100, currency: GBP }) { ERRORS }",
        Staff,
    ),
    ("takePackageBack", "takePackageBack(input: { purchaseId: \"BEN\", reason: \"So\" }) { ERRORS }", Staff),
    ("waiveOwed", "waiveOwed(input: { purchaseId: \"BEN\", reason: \"So\" }) { ERRORS }", Staff),
    ("refundPayment", "refundPayment(input: { paymentId: \"BEN\", reason: \"So\" }) { ERRORS }", Staff),
    (
        "requestBooking",
        "requestBooking(input: { sessionTypeId: \"SESSION\", name: \"Ben\", email: \"ben@example.org\", phone: \"+44 20 7946 0018\" }) { ERRORS }",
        Of(|opens| opens.sessions),
    ),
    ("setDate", "setDate(input: { date: \"2030-01-07\", hours: [] }) { ERRORS }", Staff),
    ("setReminderPreferences", "", Always),
    ("setReminderRules", "setReminderRules(input: { leadMinutes: [120], bySessionType: [] }) { ERRORS }", Staff),
    (
        "setWaitlistRules",
        "setWaitlistRules(input: { isPaused: false, offerMinutes: 60, noticeMinutes: 180 }) { ERRORS }",
        Staff,
    ),
    ("arrangeRooms", "arrangeRooms(input: { roomIds: [] }) { ERRORS }", Staff),
    ("arrangeSessionTypes", "arrangeSessionTypes(input: { sessionTypeIds: [] }) { ERRORS }", Staff),
    (
        "offerPackage",
        "offerPackage(input: { sessionTypeId: \"SESSION\", name: \"Six\", units: 6, validDays: 180, priceAmount: 0, priceCurrency: GBP }) { ERRORS }",
        Staff,
    ),
    ("restorePackage", "restorePackage(input: { packageId: \"BEN\" }) { ERRORS }", Staff),
    ("restoreRoom", "restoreRoom(input: { roomId: \"BEN\" }) { ERRORS }", Staff),
    ("restoreSessionType", "restoreSessionType(input: { sessionTypeId: \"SESSION\" }) { ERRORS }", Staff),
    ("retirePackage", "retirePackage(input: { packageId: \"BEN\" }) { ERRORS }", Staff),
    ("retireRoom", "retireRoom(input: { roomId: \"BEN\" }) { ERRORS }", Staff),
    ("retireSessionType", "retireSessionType(input: { sessionTypeId: \"SESSION\" }) { ERRORS }", Staff),
    ("saveRoom", "saveRoom(input: { name: \"A room\" }) { ERRORS }", Staff),
    (
        "saveSessionType",
        "saveSessionType(input: { sessionTypeId: \"SESSION\", name: \"Mine\", summary: \"\", description: [], gate: CLIENTS, modality: ONLINE, minutes: 50, bufferBefore: 0, bufferAfter: 10, gridMinutes: 30, noticeMinutes: 60, horizonDays: 60, priceAmount: 0, priceCurrency: GBP, prepay: NOTHING, depositAmount: 0, visible: true }) { ERRORS }",
        Staff,
    ),
    (
        "setCalendarRules",
        "setCalendarRules(input: { breakMinutes: 30, seriesWeeksAhead: 10, paymentMinutes: 40, bankDetails: [] }) { ERRORS }",
        Staff,
    ),
    (
        "setPracticeProfile",
        "setPracticeProfile(input: { name: \"\", tagline: \"\", headline: \"\", welcome: [], steps: [], voice: [], feesNote: \"\", openingHours: [], address: [], contactEmail: \"\", contactPhone: \"\", answersWithin: \"\", crisis: [], questions: [], privacy: [], terms: [], referralLetter: [] }) { ERRORS }",
        Staff,
    ),
    (
        "setTherapistProfile",
        "setTherapistProfile(input: { name: \"\", title: \"\", summary: \"\", about: [], takesNewClients: true }) { ERRORS }",
        Staff,
    ),
    // A date of a place that is theirs already.
    ("skipOccurrence", "", Always),
    ("startCheckout", "", Always),
    ("withdrawRequest", "", Always),
];

/// What nobody may set by sending it along: it follows from rules, or from who is signed in.
const SET_BY_RULES: &[&str] = &[
    "stage",
    "stageSince",
    "status",
    "price",
    "amount",
    "paid",
    "clientId",
    "userId",
    "role",
    "discoveryCompletedAt",
    "createdAt",
    "acceptedAt",
    "sentAt",
    "hash",
    "network",
];

pub async fn open() -> (Practice, Person, Value) {
    let practice = Practice::open_with(Engine::Sqlite, &[("introspection", "true")]).await;
    let ben = ben(&practice).await;
    publish(&practice, "CONSENT", "We meet weekly.", true).await;
    save_form(&practice, &[question("story", "LONG_TEXT", true, &[])]).await;
    put(&practice, ben.client, Stage::Active, at(NOW)).await;
    let found = ask(&practice, ben.viewer(), "{ viewer { client { documents { versionId } } } }", json!({})).await;
    (practice, ben, found["client"]["documents"][0]["versionId"].clone())
}

/// Every stage, and a break that has lasted for more than a year.
pub fn standings() -> Vec<Standing> {
    let (now, long_ago) = (at(NOW), at(NOW).plus_minutes(-400 * 24 * 60));
    let mut all: Vec<Standing> = Stage::ALL
        .into_iter()
        .map(|stage| Standing { stage, since: now, returns_until: None, now, news: None })
        .collect();
    all.push(Standing { stage: Stage::Paused, since: long_ago, returns_until: None, now, news: None });
    all
}

pub async fn names(practice: &Practice, of: &str, what: &str) -> BTreeSet<String> {
    let query = format!("query($name: String!) {{ __type(name: $name) {{ {what} {{ name }} }} }}");
    let found = ask(practice, Some(staff(ADA_USER)), &query, json!({ "name": of })).await;
    let fields = found[what].as_array().expect("fields");
    fields.iter().map(|field| field["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn every_field_and_change_of_a_client_has_a_gate() {
    let (practice, ..) = open().await;
    let listed = |table: &[(&str, &str, Gate)]| -> BTreeSet<String> {
        table.iter().map(|(name, ..)| (*name).to_owned()).collect()
    };
    assert_eq!(names(&practice, "OwnCare", "fields").await, listed(FIELDS));
    assert_eq!(names(&practice, "Mutation", "fields").await, listed(CHANGES));
}

#[tokio::test]
async fn nothing_of_a_stage_is_answered_below_it() {
    let (practice, ben, _) = open().await;
    let mut broken = Vec::new();
    for standing in standings() {
        put(&practice, ben.client, standing.stage, standing.since).await;
        for (name, query, gate) in FIELDS {
            let query = query.replace("BOOKING", &ben.booking.to_string());
            let query = format!("{{ viewer {{ client {{ {query} }} }} }}");
            let answer = ask(&practice, ben.viewer(), &query, json!({})).await["client"][name].clone();
            let is_open = !answer.is_null() && answer != json!([]);
            let should_be = match gate {
                Always => true,
                Of(opens) => opens(&standing.opens()),
                Staff => false,
            };
            if is_open != should_be {
                broken.push(format!("{name} at {:?}: {answer}", standing.stage));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[tokio::test]
async fn nothing_of_a_stage_is_changed_below_it() {
    let mut broken = Vec::new();
    for standing in standings() {
        let (practice, ben, version) = open().await;
        put(&practice, ben.client, standing.stage, standing.since).await;
        for (name, change, gate) in CHANGES {
            let should_be = match gate {
                Always => continue,
                Of(opens) => opens(&standing.opens()),
                Staff => false,
            };
            let change = change
                .replace("VERSION", version.as_str().unwrap_or_default())
                .replace("DISCOVERY", &DISCOVERY.to_string())
                .replace("SESSION", &SESSION.to_string())
                .replace("BOOKING", &ben.booking.to_string())
                .replace("BEN", &ben.client.to_string())
                .replace("ERRORS", "userErrors { code }");
            let answer = practice.ask_as(ben.viewer(), &format!("mutation {{ {change} }}"), json!({})).await;
            let fault = answer["errors"][0]["extensions"]["code"].as_str();
            let refusal = code(&answer["data"][name]);
            let is_open = fault.is_none() && refusal.is_none();
            // To have sent the form already is to have been let in.
            let is_done = *name == "submitIntake" && refusal == Some("ALREADY_DONE");
            let says_why = match gate {
                Staff => fault == Some("FORBIDDEN"),
                _ => is_open || is_done || refusal == Some("STAGE_LOCKED"),
            };
            if (is_open || is_done) != should_be || !says_why {
                broken.push(format!("{name} at {:?}: {answer}", standing.stage));
            }
            put(&practice, ben.client, standing.stage, standing.since).await;
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[tokio::test]
async fn no_change_of_a_client_takes_what_rules_decide() {
    let (practice, ..) = open().await;
    let query =
        "{ __schema { mutationType { fields { name args { type { ofType { name inputFields { name } } } } } } } }";
    let found = ask(&practice, Some(staff(ADA_USER)), query, json!({})).await;
    let fields = found["mutationType"]["fields"].as_array().expect("changes").clone();
    let mut looked_at = 0;
    for field in fields {
        let name = field["name"].as_str().expect("a name");
        let is_staffs = CHANGES.iter().any(|(change, _, gate)| *change == name && matches!(gate, Staff));
        if is_staffs {
            continue;
        }
        for argument in field["args"].as_array().expect("arguments") {
            for input in argument["type"]["ofType"]["inputFields"].as_array().into_iter().flatten() {
                let input = input["name"].as_str().expect("a name");
                assert!(!SET_BY_RULES.contains(&input), "{name} takes {input}");
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 20, "the inputs were looked at: {looked_at}");
}

#[tokio::test]
async fn what_an_input_does_not_have_is_refused_and_not_ignored() {
    let (practice, ben, version) = open().await;
    let smuggled = [
        ("acceptDocument", "AcceptDocumentInput", json!({ "versionId": version, "clientId": ben.client })),
        ("acceptDocument", "AcceptDocumentInput", json!({ "versionId": version, "acceptedAt": NOW })),
        ("saveIntakeAnswers", "SaveIntakeAnswersInput", json!({ "answers": [], "sentAt": NOW })),
        ("submitIntake", "SubmitIntakeInput", json!({ "answers": [], "stage": "ACTIVE" })),
    ];
    for (change, kind, input) in smuggled {
        let query = format!("mutation($input: {kind}!) {{ {change}(input: $input) {{ userErrors {{ code }} }} }}");
        let answer = practice.ask_as(ben.viewer(), &query, json!({ "input": input })).await;
        assert!(answer["errors"][0]["message"].is_string(), "{change} took {input}: {answer:#}");
    }
    let invite = "mutation { inviteClient(input: { name: \"Eve\", email: \"eve@example.org\", stage: ACTIVE }) { userErrors { code } } }";
    let answer = practice.ask_as(ada(), invite, json!({})).await;
    assert!(answer["errors"][0]["message"].is_string(), "{answer:#}");
    assert_eq!(practice.count("select count(*) from acceptances").await, 0);
}

#[tokio::test]
async fn before_a_call_nothing_paid_can_be_had() {
    let (practice, ben, _) = open().await;
    for stage in [Stage::Inquiry, Stage::DiscoveryBooked, Stage::DiscoveryDone, Stage::NotNow, Stage::ReferredOut] {
        put(&practice, ben.client, stage, at(NOW)).await;
        let book = format!(
            "mutation {{ bookDiscovery(input: {{ sessionTypeId: \"{SESSION}\", startsAt: \"2030-01-09T10:00:00Z\", name: \"Ben\", email: \"ben@example.org\", phone: \"+44 20 7946 0018\" }}) {{ userErrors {{ code }} }} }}"
        );
        let payload = ask(&practice, ben.viewer(), &book, json!({})).await;
        assert_eq!(code(&payload), Some("STAGE_LOCKED"), "{stage:?}");
        let care = "{ viewer { client { relationship { canBookSessions } intake { missing } documents { title } } } }";
        let care = ask(&practice, ben.viewer(), care, json!({})).await["client"].clone();
        let nothing = json!({ "relationship": { "canBookSessions": false }, "intake": null, "documents": [] });
        assert_eq!(care, nothing, "{stage:?}");
    }
}
