//! What a client does with what is theirs already, at every stage: they call off, move, pay, answer and leave whenever they
//! like, and none of it is a way to a paid session that the stage does not open.

use super::gate::{CHANGES, Gate, standings};
use super::kit::{Person, ada, ask, ben, code, put};
use crate::support::clients::{self, active};
use crate::support::{Engine, NOW, Practice, SESSION, at};
use anteroom::app::Mode;
use anteroom::clock::Clock;
use anteroom::events::Event;
use anteroom::features::accounts::Viewer;
use anteroom::features::practice;
use anteroom::sandbox::Sandbox;
use anteroom::sandbox::stripe::{KEY, WEBHOOK_SECRET};
use serde_json::{Value, json};
use shared::practice::Prepay;
use shared::stage::{Stage, Standing};
use std::collections::{BTreeMap, BTreeSet};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Whether something is open to whoever stands there.
type Opens = fn(&Standing) -> bool;

const ALWAYS: Opens = |_| true;
/// Waiting is narrower than booking: a break closes it.
const WAITING: Opens = |standing| standing.stage.opens_paid_sessions();
/// What takes the place of a session that was theirs.
const INSTEAD: Opens = |standing| standing.stage.is_together();

/// Changes with what is Ben's, in the order they are tried. Words in capitals stand for it.
const THEIRS: &[(&str, &str, Opens)] = &[
    ("acceptOffer", "{ offerId: \"OFFER1\" }", WAITING),
    ("declineOffer", "{ offerId: \"OFFER2\" }", ALWAYS),
    ("joinWaitlist", "{ sessionTypeId: \"SESSION\", weekdays: [MONDAY] }", WAITING),
    ("joinWaitlist", "{ insteadOf: \"TO_KEEP\" }", ALWAYS),
    ("answerStillWaiting", "{ wishId: \"WISH\", stillWaiting: true }", ALWAYS),
    ("leaveWaitlist", "{ wishId: \"WISH\" }", ALWAYS),
    ("takeMakeUp", "{ makeUpId: \"MAKE_UP1\", startsAt: \"INSTEAD1\" }", INSTEAD),
    ("declineMakeUp", "{ makeUpId: \"MAKE_UP2\" }", ALWAYS),
    ("startCheckout", "{ bookingId: \"TO_PAY1\" }", ALWAYS),
    ("announceTransfer", "{ bookingId: \"TO_PAY2\" }", ALWAYS),
    ("confirmBooking", "{ bookingId: \"TO_KEEP\" }", ALWAYS),
    ("rescheduleBooking", "{ bookingId: \"TO_MOVE\", startsAt: \"2030-01-23T15:00:00Z\" }", ALWAYS),
    ("cancelBooking", "{ bookingId: \"TO_CANCEL\" }", ALWAYS),
    ("takeChangeBack", "{ bookingId: \"TO_CANCEL\" }", ALWAYS),
    ("skipOccurrence", "{ seriesId: \"PLACE\", date: \"2030-01-24\" }", ALWAYS),
    ("withdrawRequest", "{ requestId: \"REQUEST\" }", ALWAYS),
    ("releaseHold", "{ token: \"TOKEN\" }", ALWAYS),
    ("setReminderPreferences", "{ channels: [EMAIL], leadMinutes: [120], portalOnly: false, followUp: false }", ALWAYS),
];

/// Changes of the account and the way in, which are of no relationship.
const OF_THE_ACCOUNT: &[&str] = &[
    "acceptInvitation",
    "changeContact",
    "completeSecondFactor",
    "completeSignIn",
    "confirmSecondFactor",
    "endLogin",
    "endOtherLogins",
    "refreshLogin",
    "requestSignIn",
    "sendContactMessage",
    "signOut",
    "startSecondFactor",
];

/// Ben's things, by the word that stands for them.
struct Theirs {
    practice: Practice,
    ben: Person,
    things: BTreeMap<&'static str, Value>,
    _running: DropGuard,
}

/// Makes a change as somebody, which must work; the answer is the payload.
async fn done(practice: &Practice, who: Option<Viewer>, change: &str, fields: &str, input: Value) -> Value {
    let kind = if change.ends_with("Request") {
        "NamedRequest".into()
    } else {
        format!("{}{}", change[..1].to_uppercase(), &change[1..])
    };
    let query = format!(
        "mutation($input: {kind}Input!) {{ {change}(input: $input) {{ {fields} userErrors {{ code field message }} }} }}"
    );
    let payload = ask(practice, who, &query, json!({ "input": input })).await;
    assert_eq!(payload["userErrors"], json!([]), "{change}: {payload:#}");
    payload
}

/// What a session asks for before it is confirmed, from now on.
async fn prepay(practice: &Practice, prepay: Prepay) {
    let catalogue = practice::catalogue(&practice.app).await.expect("a catalogue");
    let mut session = catalogue.session_type(SESSION).expect("a session").clone();
    session.prepay = prepay;
    let mut row = catalogue.practice.clone();
    row.settings.0.bookings_ahead = None;
    row.settings.0.bank_details = vec!["Bank 12-34-56, account 12345678".into()];
    let saved = practice.app.db.write(move |tx| {
        let (session, row) = (session.clone(), row.clone());
        Box::pin(async move {
            practice::save_session_type(tx, &session).await?;
            practice::save(tx, &row).await?;
            tx.announce(Event::PracticeChanged);
            Ok(())
        })
    });
    saved.await.expect("saved");
}

/// Ada is away for some days and offers other times for the session of Ben's place; the offer and its first time.
async fn made_up(practice: &Practice, from: &str, to: &str, number: usize) -> (Value, Value) {
    let days = json!({ "from": from, "to": to });
    let fields = "plan { affected { session { booking { id } } proposals { startsAt } } }";
    let planned = done(practice, ada(), "planAbsence", fields, days.clone()).await;
    let affected = planned["plan"]["affected"].as_array().expect("sessions").clone();
    let mut input = days;
    input["bookingIds"] = affected.iter().map(|it| it["session"]["booking"]["id"].clone()).collect();
    input["makeUps"] = json!([]);
    let start = |it: &Value| json!([it["proposals"][0]["startsAt"]]);
    let offers =
        affected.iter().map(|it| json!({ "bookingId": it["session"]["booking"]["id"], "startsAt": start(it) }));
    input["offers"] = offers.collect();
    done(practice, ada(), "confirmAbsence", "absence { offered }", input).await;
    let seen = "{ viewer { therapist { makeUps { makeUp { id times { startsAt } } } } } }";
    let seen = ask(practice, ada(), seen, json!({})).await["therapist"]["makeUps"].clone();
    let rows = seen.as_array().expect("rows");
    assert_eq!(rows.len(), number, "{seen:#}");
    let starts_at = &affected[0]["proposals"][0]["startsAt"];
    let made = rows.iter().map(|row| &row["makeUp"]).find(|it| it["times"][0]["startsAt"] == *starts_at);
    (made.expect("it is there")["id"].clone(), starts_at.clone())
}

async fn open() -> Theirs {
    let stop = CancellationToken::new();
    let sandbox = Sandbox::start(Mode::Demo, Clock::standing_at(at(NOW)), stop.clone()).await.expect("a sandbox");
    let settings = [
        ("mail_url", sandbox.smtp_url.as_str()),
        ("stripe_api", sandbox.stripe.url.as_str()),
        ("stripe_key", KEY),
        ("stripe_webhook_secret", WEBHOOK_SECRET),
    ];
    let practice = Practice::open_with(Engine::Sqlite, &settings).await;
    let ben = ben(&practice).await;
    put(&practice, ben.client, Stage::Active, at(NOW)).await;
    prepay(&practice, Prepay::Nothing).await;
    let mut things = BTreeMap::from([("SESSION", json!(SESSION))]);

    for (word, starts_at) in [
        ("TO_KEEP", "2030-01-21T09:00:00Z"),
        ("TO_MOVE", "2030-01-22T09:00:00Z"),
        ("TO_CANCEL", "2030-01-23T09:00:00Z"),
    ] {
        let input = json!({ "clientId": ben.client, "sessionTypeId": SESSION, "startsAt": starts_at });
        let made = done(&practice, ada(), "createBooking", "booking { booking { id } }", input).await;
        things.insert(word, made["booking"]["booking"]["id"].clone());
    }
    let input = json!({ "clientId": ben.client, "sessionTypeId": SESSION, "cadence": "WEEKLY", "startsOn": "2030-01-10", "time": "11:00" });
    let made = done(&practice, ada(), "createSeries", "series { id }", input).await;
    things.insert("PLACE", made["series"]["id"].clone());
    let (first, starts_at) = made_up(&practice, "2030-02-04", "2030-02-08", 1).await;
    let (second, _) = made_up(&practice, "2030-02-18", "2030-02-22", 2).await;
    things.extend([("MAKE_UP1", first), ("INSTEAD1", starts_at), ("MAKE_UP2", second)]);

    let cleo = active(&practice, "Cleo").await;
    let him = clients::Person { viewer: ben.viewer().expect("Ben"), client: ben.client };
    let mut freed = Vec::new();
    for starts_at in ["2030-01-09T10:00:00Z", "2030-01-11T10:00:00Z"] {
        freed.push(cleo.book(&practice, starts_at).await);
    }
    for (word, weekday) in [("", "WEDNESDAY"), ("", "FRIDAY"), ("WISH", "TUESDAY")] {
        let wish = him.wish(&practice, json!({ "sessionTypeId": SESSION, "weekdays": [weekday] })).await;
        assert_eq!(wish["userErrors"], json!([]), "{wish:#}");
        things.insert(word, wish["wishId"].clone());
    }
    for booking in freed {
        cleo.cancel(&practice, &booking).await;
    }
    practice.pass_minutes(3).await;
    let offers = him.offers(&practice).await;
    let [(first, ..), (second, ..)] = offers.as_slice() else { panic!("{offers:?}") };
    things.extend([("OFFER1", json!(first)), ("OFFER2", json!(second))]);
    things.remove("");

    prepay(&practice, Prepay::All).await;
    for (word, starts_at) in [("TO_PAY1", "2030-01-15T09:00:00Z"), ("TO_PAY2", "2030-01-15T14:00:00Z")] {
        things.insert(word, json!(him.book(&practice, starts_at).await));
    }
    let asked = "mutation { requestBooking(input: { sessionTypeId: \"SESSION\" }) { requestId userErrors { code } } }";
    let asked = ask(&practice, ben.viewer(), &asked.replace("SESSION", &SESSION.to_string()), json!({})).await;
    things.insert("REQUEST", asked["requestId"].clone());
    let input = json!({ "sessionTypeId": SESSION, "startsAt": "2030-01-16T14:00:00Z" });
    let held = done(&practice, ben.viewer(), "holdSlot", "hold { token }", input).await;
    things.insert("TOKEN", held["hold"]["token"].clone());
    for (word, thing) in &things {
        assert!(thing.is_string(), "{word}: {thing}");
    }
    Theirs { practice, ben, things, _running: stop.drop_guard() }
}

#[test]
fn every_change_of_no_stage_is_tried_or_is_of_the_account() {
    let empty = CHANGES.iter().filter(|(_, change, gate)| matches!(gate, Gate::Always) && change.is_empty());
    let empty: BTreeSet<&str> = empty.map(|(name, ..)| *name).collect();
    let tried: BTreeSet<&str> = THEIRS.iter().map(|(name, ..)| *name).chain(OF_THE_ACCOUNT.iter().copied()).collect();
    assert_eq!(empty, tried);
}

#[tokio::test]
async fn what_is_theirs_stays_theirs_at_every_stage_and_is_no_way_round_it() {
    let mut broken = Vec::new();
    for standing in standings() {
        let theirs = open().await;
        let practice = &theirs.practice;
        put(practice, theirs.ben.client, standing.stage, standing.since).await;
        for (name, input, opens) in THEIRS {
            let mut input = (*input).to_owned();
            for (word, thing) in theirs.things.iter().rev() {
                input = input.replace(&format!("\"{word}\""), &thing.to_string());
            }
            let before = practice.count("select count(*) from bookings").await;
            let query = format!("mutation {{ {name}(input: {input}) {{ userErrors {{ code field message }} }} }}");
            let answer = practice.ask_as(theirs.ben.viewer(), &query, json!({})).await;
            let refusal = code(&answer["data"][name]);
            let expected = if opens(&standing) { None } else { Some("STAGE_LOCKED") };
            if answer.get("errors").is_some() || refusal != expected {
                broken.push(format!("{name} {input} at {:?}: {answer}", standing.stage));
            }
            let more = practice.count("select count(*) from bookings").await - before;
            if refusal.is_some() && more > 0 {
                broken.push(format!("{name} at {:?} was refused and booked", standing.stage));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}
