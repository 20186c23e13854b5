//! Answers that are alike for everyone who is not signed in, kept as bytes until an event makes them untrue.

use super::answers;
use crate::error::Error;
use crate::events::{Bus, Event};
use async_graphql::Name;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use moka::future::Cache;
use shared::time::Instant;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A page that may be remembered.
struct Page {
    /// The pattern of its address.
    at: &'static str,
    /// For how long at most, in seconds.
    seconds: i64,
    /// What it is made from, and so what drops it.
    made_from: MadeFrom,
}

/// What an answer is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum MadeFrom {
    /// What the practice offers and says: dropped by `PracticeChanged`.
    Practice,
    /// That and what is free: dropped by `TimetableChanged` and `RoomsChanged` too.
    Times,
}

/// A start is offered until its notice begins, which is at a full minute.
const MINUTE: i64 = 60;

/// Fields that answer everyone who is not signed in alike. A document is remembered if it asks for nothing else, until
/// anything changes (which of them it asks for is only known once it has been read), and for so many seconds at most.
const FIELDS: &[(&str, i64)] = &[
    ("availability", MINUTE),
    ("faq", MINUTE),
    // It has the practice's clock.
    ("practice", 1),
    ("sessionType", MINUTE),
    ("sessionTypes", MINUTE),
    ("therapist", MINUTE),
    ("therapists", MINUTE),
    ("timeZone", MINUTE),
    ("__typename", MINUTE),
];

/// Pages; each is kept once for every address, zone and way of counting hours.
const PAGES: &[Page] = &[
    Page { at: "/", seconds: MINUTE, made_from: MadeFrom::Times },
    Page { at: "/about", seconds: MINUTE, made_from: MadeFrom::Practice },
    Page { at: "/book/{slug}", seconds: MINUTE, made_from: MadeFrom::Times },
    Page { at: "/faq", seconds: MINUTE, made_from: MadeFrom::Practice },
    Page { at: "/privacy", seconds: MINUTE, made_from: MadeFrom::Practice },
    Page { at: "/session-types", seconds: MINUTE, made_from: MadeFrom::Practice },
    Page { at: "/session-types/{slug}", seconds: MINUTE, made_from: MadeFrom::Practice },
    Page { at: "/terms", seconds: MINUTE, made_from: MadeFrom::Practice },
];

/// The most bytes of all that is kept.
const MOST_KEPT: u64 = 16 * 1024 * 1024;
/// Longer answers are not kept.
const MOST_ANSWER: u64 = 512 * 1024;
/// Longer questions are not looked up.
pub(super) const MOST_QUESTION: usize = 4 * 1024;
/// After this long nothing can be found any more.
const LONGEST: Duration = Duration::from_secs(120);

/// Says of a response that it is alike for everyone who is not signed in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Alike;

/// Which answer, and from when: an answer of before a change is never found after it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// How often what it is made from had changed.
    changes: u64,
    /// For how long it may be kept.
    seconds: i64,
    /// Which stretch of that many seconds it is of.
    stretch: i64,
    /// What was asked.
    question: Bytes,
}

/// An answer that is kept.
struct Kept {
    /// What it says about its body.
    headers: HeaderMap,
    /// The body; between its parts stands what scripts carry, which is new for every answer.
    parts: Vec<Bytes>,
}

impl Kept {
    /// The answer to one request.
    fn answer(&self, nonce: &str) -> Response {
        let body = match self.parts.as_slice() {
            [whole] => Body::from(whole.clone()),
            parts => Body::from(parts.join(nonce.as_bytes())),
        };
        let mut response = Response::new(body);
        response.headers_mut().clone_from(&self.headers);
        response
    }
}

/// Why an answer was not kept: it is not [`Alike`] for everyone.
#[derive(Debug, Clone, Copy)]
struct NotKept;

/// Answers that are alike for everyone who is not signed in.
pub struct Remembered {
    kept: Cache<Key, Arc<Kept>>,
    changes: Arc<Changes>,
}

/// How often something changed.
#[derive(Default)]
struct Changes {
    /// What the practice offers and says.
    practice: AtomicU64,
    /// That, or what is free.
    times: AtomicU64,
}

impl Changes {
    fn count(&self, event: &Event) {
        match event {
            Event::PracticeChanged | Event::Missed => {
                self.practice.fetch_add(1, Ordering::SeqCst);
                self.times.fetch_add(1, Ordering::SeqCst);
            }
            Event::TimetableChanged { .. } | Event::RoomsChanged => {
                self.times.fetch_add(1, Ordering::SeqCst);
            }
            _ => {}
        }
    }
}

impl Remembered {
    /// Remembers nothing yet, and forgets by what `bus` tells.
    pub fn new(bus: &Bus) -> Self {
        let changes = Arc::new(Changes::default());
        let count = changes.clone();
        bus.before_anyone(move |event| count.count(event));
        let weight = |key: &Key, kept: &Arc<Kept>| {
            let bytes = key.question.len() + kept.parts.iter().map(Bytes::len).sum::<usize>();
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let kept = Cache::builder().max_capacity(MOST_KEPT).weigher(weight).time_to_live(LONGEST).build();
        Remembered { kept, changes }
    }

    fn key(&self, now: Instant, seconds: i64, made_from: MadeFrom, question: Bytes) -> Key {
        let changes = match made_from {
            MadeFrom::Practice => &self.changes.practice,
            MadeFrom::Times => &self.changes.times,
        };
        let changes = changes.load(Ordering::SeqCst);
        Key { changes, seconds, stretch: now.seconds().div_euclid(seconds), question }
    }

    /// Under which key a page is kept; nothing if pages at this address are not.
    pub(super) fn key_of_page(&self, now: Instant, pattern: &str, question: Bytes) -> Option<Key> {
        let page = PAGES.iter().find(|page| page.at == pattern)?;
        Some(self.key(now, page.seconds, page.made_from, question))
    }

    /// What is kept for a question of somebody who is not signed in, whatever it asks for.
    pub(super) async fn of_question(&self, now: Instant, question: &Bytes) -> Option<Response> {
        for seconds in [MINUTE, 1] {
            if let Some(kept) = self.kept.get(&self.key(now, seconds, MadeFrom::Times, question.clone())).await {
                return Some(kept.answer(""));
            }
        }
        None
    }

    /// Under which key the answer to a document is kept that asks for these fields; nothing if it may not be.
    pub(super) fn key_of_fields(&self, now: Instant, fields: &[Name], question: &Bytes) -> Option<Key> {
        let seconds = fields
            .iter()
            .map(|name| FIELDS.iter().find(|(field, _)| *field == name.as_str()))
            .try_fold(MINUTE, |least, row| Some(least.min(row?.1)))?;
        Some(self.key(now, seconds, MadeFrom::Times, question.clone()))
    }

    /// The answer that is kept, or the one `make` gives, which is kept if it is [`Alike`] for everyone. Whoever asks
    /// for the same at the same time waits for one answer.
    pub(super) async fn get(&self, key: Key, nonce: &str, make: impl Future<Output = Response>) -> Response {
        // The cache has what makes an answer inside several times over: it is kept aside.
        let (mut make, mut own) = (Some(Box::pin(make)), None);
        let made = self.kept.try_get_with(key, async {
            let response = match make.take() {
                Some(make) => make.await,
                None => return Err(NotKept),
            };
            let kept = keep(response, nonce).await;
            kept.map(Arc::new).map_err(|response| {
                own = Some(response);
                NotKept
            })
        });
        let made = made.await;
        match (made, own, make) {
            (Ok(kept), ..) => kept.answer(nonce),
            (Err(_), Some(response), _) => response,
            // Somebody else asked for the same, and got an answer that is theirs alone.
            (Err(_), None, Some(make)) => make.await,
            (Err(_), None, None) => answers::failed(Error::internal("an answer was made and lost")),
        }
    }
}

/// What is kept of an answer; the answer itself if nothing may be.
async fn keep(response: Response, nonce: &str) -> Result<Kept, Response> {
    let is_short = response.body().size_hint().exact().is_some_and(|bytes| bytes <= MOST_ANSWER);
    let is_alike = response.extensions().get::<Alike>().is_some()
        && response.status() == StatusCode::OK
        && !response.headers().contains_key(header::SET_COOKIE);
    if !(is_short && is_alike) {
        return Err(response);
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Err(answers::failed(Error::internal("a body could not be read")));
    };
    let parts_of_body = match std::str::from_utf8(&body) {
        Ok(text) if !nonce.is_empty() => text.split(nonce).map(|part| body.slice_ref(part.as_bytes())).collect(),
        _ => vec![body],
    };
    Ok(Kept { headers: parts.headers, parts: parts_of_body })
}
