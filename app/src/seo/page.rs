//! What a page is made of, for programs: its questions, and the way that leads to it.

use super::{thing, url};
use crate::public::home::Question;
use crate::shell::Frame;
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FaqPage<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    main_entity: Vec<FaqQuestion<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FaqQuestion<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    accepted_answer: FaqAnswer<'a>,
}

#[derive(Serialize)]
struct FaqAnswer<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    text: &'a str,
}

/// Questions with their answers.
pub fn faq(questions: &[Question]) -> Value {
    let main_entity = questions.iter().map(|row| FaqQuestion {
        kind: "Question",
        name: &row.question,
        accepted_answer: FaqAnswer { kind: "Answer", text: &row.answer },
    });
    thing(FaqPage { kind: "FAQPage", main_entity: main_entity.collect() })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BreadcrumbList<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    item_list_element: Vec<ListItem<'a>>,
}

#[derive(Serialize)]
struct ListItem<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    position: usize,
    name: &'a str,
    item: String,
}

/// The way from the home page to this one.
pub(super) fn breadcrumbs(frame: &Frame, trail: &[(&str, &str)]) -> Value {
    let steps = std::iter::once(&("Home", "/")).chain(trail).enumerate();
    let items = steps.map(|(index, (name, path))| ListItem {
        kind: "ListItem",
        position: index + 1,
        name,
        item: url(frame, path),
    });
    thing(BreadcrumbList { kind: "BreadcrumbList", item_list_element: items.collect() })
}
