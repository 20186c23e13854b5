//! Whoever has waited for long is asked whether they still do, and hears honestly how long it may take.

use crate::support;
use crate::support::clients::{Person, active};
use crate::support::post::{BEN, Story, on_both_engines};
use crate::support::{Practice, SESSION};
use serde_json::{Value, json};

const DAY: i64 = 24 * 60;

const QUESTION: &str = "Are you still waiting for a time?";

const SAID: &str = "mutation($input: AnswerStillWaitingInput!) { answerStillWaiting(input: $input) {
    answered userErrors { code field } } }";

/// Lets days pass, one at a time.
async fn days(practice: &Practice, count: usize) {
    for _ in 0..count {
        practice.pass_minutes(DAY).await;
    }
}

/// What Ben sees of the waitlist.
async fn seen(practice: &Practice, who: Person) -> Value {
    let ask = "{ viewer { waiting { wishes { id state askedUntil } lapsed { id canComeBack }
        outlooks { wishId others halfWithinDays } } } }";
    who.ask(practice, ask, json!({})).await["viewer"]["waiting"].clone()
}

fn questions(story: &Story) -> Vec<String> {
    story.sandbox.mailbox.to(BEN).iter().filter(|mail| mail.subject == QUESTION).map(|mail| mail.text.clone()).collect()
}

/// The secret of the link in a mail.
fn token(text: &str) -> String {
    let (_, rest) = text.split_once("/waiting/").expect("a link");
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}

/// Answers with the link of a mail, signed in as nobody.
async fn answer(practice: &Practice, token: &str, still_waiting: bool) -> Value {
    let input = json!({ "input": { "token": token, "stillWaiting": still_waiting } });
    practice.ask(SAID, input).await["answerStillWaiting"].clone()
}

#[tokio::test]
async fn after_four_weeks_somebody_is_asked_once_and_a_yes_is_good_for_another_four() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ben = active(practice, "Ben").await;
        ben.wish(practice, json!({ "sessionTypeId": SESSION })).await;
        days(practice, 27).await;
        assert!(questions(&story).is_empty());
        days(practice, 3).await;
        let asked = questions(&story);
        assert_eq!(asked.len(), 1, "{:?}", story.complaints().await);
        assert!(seen(practice, ben).await["wishes"][0]["askedUntil"].is_string());
        days(practice, 3).await;
        assert_eq!(questions(&story).len(), 1, "asked once");

        assert_eq!(answer(practice, &token(&asked[0]), true).await, json!({ "answered": true, "userErrors": [] }));
        let after = seen(practice, ben).await;
        assert_eq!(
            (&after["wishes"][0]["state"], &after["wishes"][0]["askedUntil"]),
            (&json!("WAITING"), &Value::Null)
        );
        days(practice, 26).await;
        assert_eq!(questions(&story).len(), 1);
        days(practice, 4).await;
        assert_eq!(questions(&story).len(), 2, "and again a month after the yes");
        // A no takes it off, twice is once, and nothing is left to ask.
        for _ in 0..2 {
            assert_eq!(answer(practice, &token(&asked[0]), false).await["answered"], true);
        }
        assert_eq!(seen(practice, ben).await["wishes"], json!([]));
        assert_eq!(answer(practice, &token(&asked[0]), true).await["userErrors"][0]["code"], "ALREADY_DONE");
    })
    .await;
}

#[tokio::test]
async fn without_an_answer_it_lapses_kindly_and_a_late_yes_takes_it_up_again() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let (ben, cleo) = (active(practice, "Ben").await, active(practice, "Cleo").await);
        ben.wish(practice, json!({ "sessionTypeId": SESSION })).await;
        days(practice, 30).await;
        let link = token(&questions(&story)[0]);
        days(practice, 16).await;
        let lapsed = seen(practice, ben).await;
        assert_eq!(lapsed["wishes"], json!([]), "{lapsed:#}");
        assert_eq!(lapsed["lapsed"][0]["canComeBack"], true);
        assert_eq!(questions(&story).len(), 1, "nothing more is mailed");

        let wish = lapsed["lapsed"][0]["id"].clone();
        let hers = json!({ "input": { "wishId": wish, "stillWaiting": true } });
        let refused = cleo.ask(practice, SAID, hers.clone()).await;
        assert_eq!(refused["answerStillWaiting"]["userErrors"][0]["code"], "NOT_FOUND", "somebody else's");
        assert_eq!(answer(practice, &link, true).await["answered"], true);
        let back = seen(practice, ben).await;
        assert_eq!((&back["wishes"][0]["id"], &back["lapsed"]), (&wish, &json!([])));
        // The portal answers too.
        let his = ben.ask(practice, SAID, hers).await;
        assert_eq!(his["answerStillWaiting"]["answered"], true);
        for wrong in ["", "x", &"A".repeat(43)] {
            let refused = answer(practice, wrong, true).await;
            assert_eq!(refused["userErrors"], json!([{ "code": "NOT_FOUND", "field": ["token"] }]));
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_said_of_the_wait_is_counted_and_nothing_is_said_of_few() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ben = active(practice, "Ben").await;
        ben.wish(practice, json!({ "sessionTypeId": SESSION, "weekdays": ["THURSDAY"] })).await;
        let outlook = async || seen(practice, ben).await["outlooks"][0].clone();
        assert_eq!((&outlook().await["others"], &outlook().await["halfWithinDays"]), (&json!(0), &Value::Null));
        let mut waiting = Vec::new();
        for (name, days) in [("Cleo", "THURSDAY"), ("Dora", "THURSDAY"), ("Finn", "THURSDAY"), ("Gus", "MONDAY")] {
            let person = active(practice, name).await;
            person.wish(practice, json!({ "sessionTypeId": SESSION, "weekdays": [days] })).await;
            waiting.push(person);
        }
        assert_eq!((&outlook().await["others"], &outlook().await["halfWithinDays"]), (&json!(3), &Value::Null));

        // Three Thursdays become free, one after the other; each is offered and left.
        let busy = active(practice, "Hal").await;
        for _ in 0..3 {
            days(practice, 2).await;
            let freed = busy.book(practice, "2030-02-14T10:00:00Z").await;
            busy.cancel(practice, &freed).await;
            practice.pass_minutes(3).await;
            for person in waiting.iter().chain([&ben]) {
                for (offer, ..) in person.offers(practice).await {
                    person.answer(practice, &offer, "declineOffer").await;
                }
            }
        }
        let said = outlook().await;
        assert_eq!(said["others"], 3, "who declined still waits");
        assert!(said["halfWithinDays"].as_i64().is_some_and(|days| (1..=6).contains(&days)), "{said:#}");
    })
    .await;
}

#[cfg(feature = "pages")]
#[tokio::test]
async fn the_mailed_link_answers_with_one_press_and_looking_changes_nothing() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ben = active(practice, "Ben").await;
        ben.wish(practice, json!({ "sessionTypeId": SESSION })).await;
        days(practice, 30).await;
        let link = format!("/waiting/{}", token(&questions(&story)[0]));
        let mut browser = support::browser::Browser::new(practice);
        for _ in 0..2 {
            let page = browser.get(&link).await;
            assert!(page.has("Are you still waiting?") && page.has("Yes, I am still waiting"), "{}", page.text());
            assert_eq!(page.caching, "no-store, private");
        }
        assert!(seen(practice, ben).await["wishes"][0]["askedUntil"].is_string(), "looking is no answer");
        let done = browser.post(&link, &[("answer", "yes")]).await;
        assert!(browser.follow(&done).await.has("Good. You stay on the list."));
        assert_eq!(seen(practice, ben).await["wishes"][0]["askedUntil"], Value::Null);
        let done = browser.post(&link, &[("answer", "no")]).await;
        let page = browser.follow(&done).await;
        assert!(page.has("You are not waiting for this any more") && !page.html.contains("name=\"answer\""));
        let unknown = browser.get(&format!("/waiting/{}", "A".repeat(43))).await;
        assert_eq!(unknown.status, axum::http::StatusCode::NOT_FOUND);
    })
    .await;
}
