//! What a client reaches besides their care: the questions of the API, what is theirs beside it, and what is told live;
//! each at every stage.

use super::gate::{Gate, names, open, standings};
use super::kit::{Person, ask, code, put};
use crate::support::{ADA, DISCOVERY, Practice, SESSION};
use anteroom::events::Event;
use anteroom::features::accounts::Viewer;
use anteroom::graphql::{Caller, fit_for_outside};
use async_graphql::Request;
use futures_util::StreamExt;
use serde_json::{Value, json};
use shared::ids::BookingId;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use Gate::{Always, Of, Staff};

/// Questions about times, and when they are answered.
const TIMES: &[(&str, &str, Gate)] = &[
    (
        "availability",
        "availability(input: { sessionTypeId: \"SESSION\", from: \"2030-01-09\", to: \"2030-01-10\" }) {
             days { date } nextAvailable { startsAt } userErrors { code } }",
        Of(|opens| opens.sessions),
    ),
    (
        "availability",
        "availability(input: { sessionTypeId: \"DISCOVERY\", from: \"2030-01-09\", to: \"2030-01-10\" }) {
             days { date } nextAvailable { startsAt } userErrors { code } }",
        Always,
    ),
    (
        "explainStart",
        "explainStart(input: { sessionTypeId: \"SESSION\", therapistId: \"ADA\", startsAt: \"2030-01-09T10:00:00Z\" }) {
             offered reasons { __typename } userErrors { code } }",
        Of(|opens| opens.sessions),
    ),
    (
        "explainStart",
        "explainStart(input: { sessionTypeId: \"DISCOVERY\", therapistId: \"ADA\", startsAt: \"2030-01-09T10:00:00Z\" }) {
             offered reasons { __typename } userErrors { code } }",
        Always,
    ),
];

/// Questions of no stage: what everybody may read, and what a link or a reference is for.
const OF_NO_STAGE: &[&str] = &[
    "askedWish",
    "booking",
    "faq",
    "invitation",
    "makeUp",
    "managedAvailability",
    "managedBooking",
    "practice",
    "sessionType",
    "sessionTypes",
    "therapist",
    "therapists",
    "timeZone",
    "viewer",
];

/// What somebody who is signed in asks for, and whether there is an answer.
const WITHIN: &[(&str, &str, Gate)] = &[
    ("asked", "asked { id }", Always),
    ("client", "client { __typename }", Always),
    ("practice", "practice { __typename }", Staff),
    ("reminderDesk", "reminderDesk { __typename }", Staff),
    ("reminders", "reminders { portalOnly ahead { at } }", Always),
    ("requests", "requests { id }", Staff),
    ("therapist", "therapist { __typename }", Staff),
    ("user", "user { id }", Always),
    ("waiting", "waiting { wishes { id } offers { id } }", Always),
    ("waitlist", "waitlist { __typename }", Staff),
];

/// What is told live, and when somebody may listen.
const LIVE: &[(&str, &str, Gate)] = &[
    (
        "availabilityChanged",
        "availabilityChanged(sessionTypeId: \"SESSION\") { __typename }",
        Of(|opens| opens.sessions),
    ),
    ("availabilityChanged", "availabilityChanged(sessionTypeId: \"DISCOVERY\") { __typename }", Always),
    ("bookingChanged", "bookingChanged { __typename }", Always),
    ("relationshipChanged", "relationshipChanged { __typename }", Always),
];

fn filled(text: &str) -> String {
    let text = text.replace("DISCOVERY", &DISCOVERY.to_string()).replace("SESSION", &SESSION.to_string());
    text.replace("ADA", &ADA.to_string())
}

fn listed(table: &[(&str, &str, Gate)]) -> BTreeSet<String> {
    table.iter().map(|(name, ..)| (*name).to_owned()).collect()
}

#[tokio::test]
async fn every_question_every_door_and_everything_live_has_a_gate() {
    let (practice, ..) = open().await;
    let mut questions = listed(TIMES);
    questions.extend(OF_NO_STAGE.iter().map(|name| (*name).to_owned()));
    assert_eq!(names(&practice, "Query", "fields").await, questions);
    assert_eq!(names(&practice, "Viewer", "fields").await, listed(WITHIN));
    assert_eq!(names(&practice, "Subscription", "fields").await, listed(LIVE));
}

/// Asks about times; nothing, or why they are not shown. What is not shown is not there in part either.
async fn times(practice: &Practice, who: Option<Viewer>, query: &str) -> Option<String> {
    let answer = ask(practice, who, &format!("{{ {} }}", filled(query)), json!({})).await;
    let refusal = code(&answer).map(str::to_owned);
    let nothing = match answer.get("offered") {
        Some(_) => answer["offered"] == json!(false) && answer["reasons"] == json!([]),
        None => answer["days"] == json!([]) && answer["nextAvailable"].is_null(),
    };
    assert_eq!(refusal.is_some(), nothing, "{query}: {answer:#}");
    refusal
}

#[tokio::test]
async fn no_time_of_a_paid_session_is_shown_below_the_stage_that_opens_it() {
    let (practice, ben, _) = open().await;
    for (_, query, gate) in TIMES {
        let to_a_visitor = times(&practice, None, query).await;
        let expected = if matches!(gate, Always) { None } else { Some("STAGE_LOCKED") };
        assert_eq!(to_a_visitor.as_deref(), expected, "{query}");
    }
    for standing in standings() {
        put(&practice, ben.client, standing.stage, standing.since).await;
        for (_, query, gate) in TIMES {
            let is_open = match gate {
                Of(opens) => opens(&standing.opens()),
                Always | Staff => true,
            };
            let refusal = times(&practice, ben.viewer(), query).await;
            let expected = if is_open { None } else { Some("STAGE_LOCKED") };
            assert_eq!(refusal.as_deref(), expected, "{query} at {standing:?}");
        }
    }
}

#[tokio::test]
async fn what_is_beside_their_care_is_theirs_at_every_stage_and_nothing_of_the_desk_ever_is() {
    let (practice, ben, _) = open().await;
    for standing in standings() {
        put(&practice, ben.client, standing.stage, standing.since).await;
        for (name, query, gate) in WITHIN {
            let answer = ask(&practice, ben.viewer(), &format!("{{ viewer {{ {query} }} }}"), json!({})).await;
            assert_eq!(answer[name].is_null(), matches!(gate, Staff), "{name} at {standing:?}: {answer}");
        }
        let wait = "{ viewer { waiting { sessionTypes { id } } } }";
        let wait = ask(&practice, ben.viewer(), wait, json!({})).await["waiting"]["sessionTypes"].to_string();
        let (call, session) = (wait.contains(&DISCOVERY.to_string()), wait.contains(&SESSION.to_string()));
        let expected = (standing.stage.opens_discovery(), standing.stage.opens_paid_sessions());
        assert_eq!((call, session), expected, "what can be waited for at {standing:?}");
    }
}

/// The first thing that is heard while everything there is to tell of Ben is told again and again.
async fn heard(practice: &Practice, ben: Person, who: Option<Viewer>, query: &str) -> Value {
    let caller = Caller { viewer: who, address: IpAddr::V4(Ipv4Addr::LOCALHOST) };
    let request = Request::new(format!("subscription {{ {} }}", filled(query)));
    let mut stream = practice.schema.answering(who).execute_stream(request.data(caller)).map(|mut response| {
        fit_for_outside(&mut response.errors);
        json!(response)
    });
    loop {
        tokio::select! {
            biased;
            answer = stream.next() => return answer.unwrap_or_default(),
            () = tokio::task::yield_now() => {
                let (therapist_id, client_id) = (ADA, ben.client);
                practice.app.bus.publish(Event::TimetableChanged { therapist_id });
                let booking_id = BookingId(ben.booking);
                practice.app.bus.publish(Event::BookingChanged { booking_id, therapist_id, client_id: Some(client_id) });
                practice.app.bus.publish(Event::ClientChanged { client_id, therapist_id });
            }
        }
    }
}

#[tokio::test]
async fn nobody_listens_to_the_times_of_paid_sessions_below_the_stage_that_opens_them() {
    let (practice, ben, _) = open().await;
    for standing in standings() {
        put(&practice, ben.client, standing.stage, standing.since).await;
        for (name, query, gate) in LIVE {
            let is_open = match gate {
                Of(opens) => opens(&standing.opens()),
                Always | Staff => true,
            };
            let answer = heard(&practice, ben, ben.viewer(), query).await;
            let refused = answer["errors"][0]["extensions"]["code"].as_str();
            assert_eq!(answer["data"][name].is_object(), is_open, "{name} at {standing:?}: {answer:#}");
            assert_eq!(refused, if is_open { None } else { Some("REFUSED") }, "{name} at {standing:?}: {answer:#}");
        }
    }
    for (_, query, gate) in LIVE {
        if matches!(gate, Of(_)) {
            let to_a_visitor = heard(&practice, ben, None, query).await;
            assert!(to_a_visitor["errors"][0].is_object(), "{query}: {to_a_visitor:#}");
        }
    }
}
