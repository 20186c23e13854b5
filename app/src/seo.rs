//! What pages say to programs: JSON-LD in the words of schema.org.

mod page;

pub use page::faq;

use crate::api::amount::Amount;
use crate::shell::{Frame, Head};
use page::breadcrumbs;
use serde::Serialize;
use serde_json::Value;
use shared::money::Money;
use shared::time::Weekday;

/// The head of a public page, with the trail that leads to it from the home page.
pub fn head(frame: &Frame, title: &str, description: &str, trail: &[(&str, &str)]) -> Head {
    let path = trail.last().map_or("/", |(_, path)| path);
    let json_ld = if trail.is_empty() { Vec::new() } else { vec![breadcrumbs(frame, trail)] };
    Head { title: title.into(), description: description.into(), path: path.into(), json_ld, ..Head::default() }
}

#[derive(Serialize)]
struct Thing<T> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(flatten)]
    thing: T,
}

fn thing(thing: impl Serialize) -> Value {
    serde_json::to_value(Thing { context: "https://schema.org", thing }).unwrap_or_default()
}

fn practice_id(frame: &Frame) -> String {
    format!("{}/#practice", frame.origin)
}

fn url(frame: &Frame, path: &str) -> String {
    format!("{}{path}", frame.origin)
}

#[derive(Serialize)]
struct Reference {
    #[serde(rename = "@id")]
    id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Business<'f> {
    #[serde(rename = "@type")]
    kind: [&'static str; 2],
    #[serde(rename = "@id")]
    id: String,
    name: &'f str,
    description: &'f str,
    url: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'f str,
    #[serde(skip_serializing_if = "str::is_empty")]
    telephone: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<PostalAddress<'f>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    opening_hours: Vec<String>,
    potential_action: ReserveAction,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PostalAddress<'f> {
    #[serde(rename = "@type")]
    kind: &'static str,
    street_address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_locality: Option<&'f str>,
}

#[derive(Serialize)]
struct ReserveAction {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'static str,
    target: EntryPoint,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EntryPoint {
    #[serde(rename = "@type")]
    kind: &'static str,
    url_template: String,
}

/// The practice itself.
pub fn business(frame: &Frame) -> Value {
    let practice = &frame.practice;
    let address = practice.address.split_last().map(|(last, before)| PostalAddress {
        kind: "PostalAddress",
        street_address: if before.is_empty() { last.clone() } else { before.join(", ") },
        address_locality: (!before.is_empty()).then_some(last.as_str()),
    });
    thing(Business {
        kind: ["MedicalBusiness", "ProfessionalService"],
        id: practice_id(frame),
        name: &practice.name,
        description: &practice.tagline,
        url: url(frame, "/"),
        email: &practice.contact_email,
        telephone: &practice.contact_phone,
        address,
        opening_hours: practice.opening_hours.iter().filter_map(|line| opening_hours(line)).collect(),
        potential_action: ReserveAction {
            kind: "ReserveAction",
            name: "Book a free call",
            target: EntryPoint { kind: "EntryPoint", url_template: url(frame, "/book") },
        },
    })
}

/// `Mo-Th 09:00-19:00` for “Monday to Thursday, 9:00 to 19:00”; nothing for a line that says something else.
fn opening_hours(line: &str) -> Option<String> {
    let (days, times) = line.split_once(", ")?;
    let day = |name: &str| Weekday::ALL.iter().any(|weekday| weekday.words() == name).then(|| name[..2].to_owned());
    let time = |text: &str| {
        let (hours, minutes) = text.split_once(':')?;
        Some(format!("{:02}:{:02}", hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok()?))
    };
    let days = match days.split_once(" to ") {
        Some((first, last)) => format!("{}-{}", day(first)?, day(last)?),
        None => days.split(" and ").map(day).collect::<Option<Vec<_>>>()?.join(","),
    };
    let (from, until) = times.split_once(" to ")?;
    Some(format!("{days} {}-{}", time(from)?, time(until)?))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Person<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    job_title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    url: String,
    works_for: Reference,
}

/// Somebody who works in the practice; `path` is where the pages tell about her.
pub fn person(frame: &Frame, name: &str, job_title: &str, description: &str, path: &str) -> Value {
    let works_for = Reference { id: practice_id(frame) };
    thing(Person { kind: "Person", name, job_title, description, url: url(frame, path), works_for })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Service<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    service_type: &'static str,
    url: String,
    provider: Reference,
    offers: Offer,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Offer {
    #[serde(rename = "@type")]
    kind: &'static str,
    price: String,
    price_currency: shared::money::Currency,
    url: String,
}

/// What can be booked, and what it costs.
pub fn service(frame: &Frame, name: &str, description: &str, price: Amount, path: &str) -> Value {
    let Money { amount, currency } = price.money();
    let offers = Offer {
        kind: "Offer",
        price: format!("{}.{:02}", amount / 100, amount % 100),
        price_currency: currency,
        url: url(frame, path),
    };
    let provider = Reference { id: practice_id(frame) };
    thing(Service {
        kind: "Service",
        name,
        description,
        service_type: "Psychotherapy",
        url: url(frame, path),
        provider,
        offers,
    })
}

#[cfg(test)]
mod tests {
    use super::opening_hours;

    #[test]
    fn hours_in_words_become_hours_for_programs() {
        let check = |line: &str, expected: Option<&str>| assert_eq!(opening_hours(line).as_deref(), expected, "{line}");
        check("Monday to Thursday, 9:00 to 19:00", Some("Mo-Th 09:00-19:00"));
        check("Friday, 9:00 to 13:00", Some("Fr 09:00-13:00"));
        check("Saturday and Sunday, 10:00 to 12:30", Some("Sa,Su 10:00-12:30"));
        check("In the room and by video", None);
        check("Whenever we can, and gladly", None);
    }
}
