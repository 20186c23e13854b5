//! What the public pages say, as a therapist changes it.

use super::kit::{done, refused};
use crate::support::browser::Browser;
use crate::support::{ADA_USER, Practice, on_both_engines};
use axum::http::StatusCode;
use serde_json::{Value, json};

fn profile(change: Value) -> Value {
    let mut input = json!({
        "name": "The Quiet Hour", "tagline": "Psychotherapy in Leeds.", "headline": "Come in", "welcome": ["Hello."],
        "steps": [{ "title": "A call", "text": "We talk." }], "voice": [], "feesNote": "", "openingHours": ["Mondays"],
        "address": [], "contactEmail": "hello@quiet.example", "contactPhone": "", "answersWithin": "a day",
        "crisis": [{ "label": "Samaritans", "phone": "116 123" }],
        "questions": [{ "question": "Does it help?", "answer": "Often." }, { "question": "Who knows?", "answer": "Nobody." }],
        "privacy": ["# What we keep", "Little."], "terms": ["Be kind."], "referralLetter": ["Dear you,", "Try Samir."],
    });
    for (key, value) in change.as_object().expect("changes") {
        input[key] = value.clone();
    }
    input
}

#[tokio::test]
async fn what_a_therapist_says_of_the_practice_stands_on_its_pages_at_once() {
    on_both_engines(|practice: Practice| async move {
        let mut visitor = Browser::new(&practice);
        for path in ["/", "/faq", "/privacy", "/terms"] {
            visitor.get(path).await;
        }
        let fields = "practice { profile { name headline crisis { label phone } } }";
        let now = done(&practice, "setPracticeProfile", profile(json!({})), fields).await;
        let crisis = json!([{ "label": "Samaritans", "phone": "116 123" }]);
        let expected = json!({ "name": "The Quiet Hour", "headline": "Come in", "crisis": crisis });
        assert_eq!(now["practice"]["profile"], expected);
        for (path, words) in [
            ("/", "Come in"),
            ("/", "Hello."),
            ("/faq", "Does it help?"),
            ("/faq", "Nobody."),
            ("/privacy", "What we keep"),
            ("/terms", "Be kind."),
            ("/contact", "hello@quiet.example"),
        ] {
            let page = visitor.get(path).await;
            assert!(page.has(words), "{path} does not say {words}: {}", page.text());
        }
        assert!(visitor.get("/").await.html.contains("116 123"), "help in a crisis stands on every page");
        let letter = "{ viewer { therapist { referralLetter } } }";
        let ada = practice.ask_as(Some(crate::support::staff(ADA_USER)), letter, json!({})).await;
        assert_eq!(ada["data"]["viewer"]["therapist"]["referralLetter"], "Dear you,\n\nTry Samir.");

        done(&practice, "setPracticeProfile", profile(json!({ "questions": [] })), "").await;
        assert!(!visitor.get("/faq").await.has("Does it help?"), "what is left out is gone");
        let wrong =
            json!({ "headline": "", "contactEmail": "nobody", "crisis": [], "steps": [{ "title": "x", "text": "" }] });
        let named = ["headline", "contactEmail", "crisis", "steps"];
        assert_eq!(refused(&practice, "setPracticeProfile", profile(wrong)).await, named);
        assert!(visitor.get("/").await.has("Come in"), "nothing is half done");
        let noted = "select count(*) from audit_trail where deed = 'set practice profile'";
        assert_eq!(practice.count(noted).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_therapist_says_who_she_is_and_whether_she_takes_new_clients() {
    on_both_engines(|practice: Practice| async move {
        let you = |open: bool| {
            json!({ "name": "Ada Byron", "title": "Therapist, MA", "summary": "Swedish too.", "about": ["One.", "Two."],
                "takesNewClients": open })
        };
        let fields = "therapist { name slug takesNewClients }";
        let now = done(&practice, "setTherapistProfile", you(false), fields).await["therapist"].clone();
        assert_eq!((&now["name"], &now["takesNewClients"]), (&json!("Ada Byron"), &json!(false)));
        let mut visitor = Browser::new(&practice);
        let about = visitor.get("/about").await;
        assert!(about.has("Ada Byron") && about.has("Therapist, MA") && about.has("Two."), "{}", about.text());
        let booked = practice.try_book("Ben", "2030-01-08T10:00:00Z").await;
        assert_eq!(booked["userErrors"][0]["code"], "NOT_OFFERED", "{booked:#}");
        done(&practice, "setTherapistProfile", you(true), "").await;
        practice.book("Ben", "2030-01-08T10:00:00Z").await;
        let wrong = json!({ "name": "", "title": "", "summary": "", "about": [], "takesNewClients": true });
        assert_eq!(refused(&practice, "setTherapistProfile", wrong).await, ["name", "title"]);
    })
    .await;
}

#[tokio::test]
async fn the_pages_are_changed_with_plain_forms_too() {
    on_both_engines(|practice: Practice| async move {
        let mut ada = Browser::signed_in(&practice, ADA_USER).await;
        let page = ada.get("/admin/profile").await;
        let ids = ["name", "headline", "fees-note", "contact-email", "contact-phone", "answers-within"];
        let mut form: Vec<(&str, String)> = ids.iter().map(|id| (*id, page.value(id))).collect();
        form.extend([
            ("crisis", "Samaritans: 116 123\r\nAnybody".to_owned()),
            ("questions", "Before.\r\n# Is it <b>bold</b>?\r\nYes.".to_owned()),
            ("steps", "# A call\r\nWe talk.\r\n\r\n# A session\r\nWe talk\r\nmore.".to_owned()),
            ("tagline", "In Leeds,\r\nby the river.".to_owned()),
            ("privacy", "# What we keep\r\n\r\nLittle.".to_owned()),
        ]);
        form.retain(|(id, _)| *id != "headline" && *id != "contact-email" && *id != "answers-within");
        form.extend([
            ("headline", "A door".to_owned()),
            ("contact-email", "hello@quiet.example".to_owned()),
            ("answers-within", "a day".to_owned()),
        ]);
        let sent = |form: &[(&'static str, String)]| form.iter().map(|(id, it)| (*id, it.clone())).collect::<Vec<_>>();
        let post = async |ada: &mut Browser, form: &[(&'static str, String)]| {
            let form = sent(form);
            let pairs: Vec<(&str, &str)> = form.iter().map(|(id, value)| (*id, value.as_str())).collect();
            ada.post("/admin/profile", &pairs).await
        };
        let odd = post(&mut ada, &form).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(odd.has("Two things need a look") && odd.has("Each line says who answers"), "{}", odd.text());
        assert!(odd.has("Each needs a question and its answer.") && odd.html.contains("&lt;b&gt;bold"), "{}", odd.html);
        assert_eq!(odd.value("headline"), "A door", "what was typed stays");

        for (id, value) in &mut form {
            match *id {
                "crisis" => *value = "Samaritans: 116 123".to_owned(),
                "questions" => *value = "# Is it <b>bold</b>?\r\nYes.".to_owned(),
                _ => {}
            }
        }
        let saved = post(&mut ada, &form).await;
        let page = ada.follow(&saved).await;
        assert!(page.has("The public pages say so from now on."), "{}", page.text());
        assert!(page.html.contains("# A session\nWe talk more."), "{}", page.html);
        let home = Browser::new(&practice).get("/").await;
        assert!(home.html.contains("content=\"In Leeds, by the river.\""), "one line: {}", home.html);
        assert!(home.has("A door") && home.has("We talk more."), "{}", home.text());
        let faq = Browser::new(&practice).get("/faq").await;
        assert!(faq.has("<b>bold</b>") || faq.html.contains("&lt;b&gt;bold"), "{}", faq.html);
        assert!(!faq.html.contains("<b>bold"), "what is typed is text");

        let you = [("you-name", "Ada Byron"), ("you-title", ""), ("you-open", "yes")];
        let odd = ada.post("/admin/profile/you", &you).await;
        assert!(odd.status == StatusCode::UNPROCESSABLE_ENTITY && odd.has("Please say what you are"), "{}", odd.text());
        let you = [("you-name", "Ada Byron"), ("you-title", "Therapist"), ("you-about", "One.\r\n\r\nTwo.")];
        let saved = ada.post("/admin/profile/you", &you).await;
        assert!(ada.follow(&saved).await.has("The public pages say so"));
        assert!(Browser::new(&practice).get("/about").await.has("Ada Byron"));
    })
    .await;
}

#[tokio::test]
async fn the_practice_has_the_colour_it_chooses() {
    on_both_engines(|practice: Practice| async move {
        let mut visitor = Browser::new(&practice);
        assert!(!visitor.get("/").await.html.contains("accent.css"), "the usual one is in the style sheet");
        assert_eq!(visitor.get("/accent.css").await.status, StatusCode::NOT_FOUND);
        assert_eq!(refused(&practice, "setPracticeProfile", profile(json!({ "accentHue": 360 }))).await, ["accentHue"]);
        let fields = "practice { profile { accentHue } }";
        let now = done(&practice, "setPracticeProfile", profile(json!({ "accentHue": 12 })), fields).await;
        assert_eq!(now["practice"]["profile"]["accentHue"], 12);
        assert!(visitor.get("/").await.html.contains("/accent.css?12\""));
        assert_eq!(visitor.get("/accent.css?12").await.html, ":root{--accent:oklch(0.5 0.06 12)}\n");

        let mut ada = Browser::signed_in(&practice, ADA_USER).await;
        let page = ada.get("/admin/profile").await;
        assert!(
            page.has("As it is") && page.html.contains("value=\"12\" checked"),
            "a hue of its own stays: {}",
            page.html
        );
        let typed = ["name", "headline", "contact-email", "answers-within"].map(|id| (id, page.value(id)));
        let mut form: Vec<(&str, &str)> = typed.iter().map(|(id, value)| (*id, value.as_str())).collect();
        form.extend([("crisis", "Samaritans: 116 123"), ("accent", "215")]);
        let saved = ada.post("/admin/profile", &form).await;
        let page = ada.follow(&saved).await;
        assert!(page.html.contains("value=\"215\" checked") && !page.has("As it is"), "{}", page.html);
        assert!(visitor.get("/").await.html.contains("/accent.css?215\""));
    })
    .await;
}
