//! Live updates: one socket for everything a page listens to, which comes back by itself.
//!
//! The news is only that there is news: whoever listens asks again for what is shown.

use crate::api::ApiError;
use crate::ui::dom::on;
use leptos::prelude::set_timeout;
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{CloseEvent, Event, MessageEvent, WebSocket};

/// The longest wait before another try, in milliseconds.
const LONGEST_WAIT: f64 = 60_000.0;
/// So many failures make it that long.
const MANY: u32 = 6;
/// News comes in bursts; this long after the first, everything is asked again once.
const BURST: Duration = Duration::from_millis(150);
/// The server has no place for another line of this person.
const TOO_MANY: u16 = 4429;

type Loading = Pin<Box<dyn Future<Output = Result<(), ApiError>>>>;

struct Line {
    /// What is listened to, as JSON.
    operations: Vec<String>,
    load: Box<dyn Fn() -> Loading>,
    failures: Cell<u32>,
    /// Counts how often it was loaded.
    asked: Cell<u32>,
    is_loading: Cell<bool>,
    must_load_again: Cell<bool>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "type")]
    kind: String,
}

/// A subscription, as [`listen`] takes it.
pub fn operation(operation: impl Serialize) -> Option<String> {
    serde_json::to_string(&operation).ok()
}

/// Calls `load` once everything is listened to, and again whenever something happened or may have been missed: once at a
/// time, and with growing waits for as long as it fails.
pub fn listen<F>(operations: impl IntoIterator<Item = Option<String>>, load: impl Fn() -> F + 'static)
where
    F: Future<Output = Result<(), ApiError>> + 'static,
{
    open(Rc::new(Line {
        operations: operations.into_iter().flatten().collect(),
        load: Box::new(move || Box::pin(load())),
        failures: Cell::new(0),
        asked: Cell::new(0),
        is_loading: Cell::new(false),
        must_load_again: Cell::new(false),
    }));
}

fn open(line: Rc<Line>) {
    let Some(socket) = address().and_then(|url| WebSocket::new_with_str(&url, "graphql-transport-ws").ok()) else {
        return;
    };
    let opened = socket.clone();
    on(&socket, "open", move |_: Event| say(&opened, "{\"type\":\"connection_init\"}"));
    let (heard, on_line) = (socket.clone(), line.clone());
    on(&socket, "message", move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        let Ok(message) = serde_json::from_str::<Message>(&text) else { return };
        match message.kind.as_str() {
            "connection_ack" => {
                for (id, operation) in on_line.operations.iter().enumerate() {
                    let id = id.to_string();
                    let subscribe = ["{\"type\":\"subscribe\",\"id\":\"", &id, "\",\"payload\":", operation, "}"];
                    say(&heard, &subscribe.concat());
                }
                say(&heard, "{\"type\":\"ping\"}");
            }
            // Answered after the subscriptions: what happened before the page listened is asked for now.
            "pong" => {
                on_line.failures.set(0);
                news(&on_line);
            }
            "next" => news(&on_line),
            // Nothing will be heard. Asking tells whoever is no longer signed in.
            "error" => {
                on_line.failures.set(MANY);
                news(&on_line);
                close(&heard);
            }
            // The server has lost track of what we have heard; coming back asks for everything again.
            "complete" => close(&heard),
            "ping" => say(&heard, "{\"type\":\"pong\"}"),
            _ => {}
        }
    });
    on(&socket, "close", move |event: Event| {
        if event.unchecked_ref::<CloseEvent>().code() == TOO_MANY {
            line.failures.set(MANY);
        }
        let failures = line.failures.get();
        // Where no line comes through, asking now and then must do.
        if failures >= MANY {
            news(&line);
        }
        line.failures.set(failures + 1);
        let line = line.clone();
        set_timeout(move || open(line), wait(failures));
    });
}

/// How long to wait after so many failures. Waits differ, so that not everybody comes back at once.
fn wait(failures: u32) -> Duration {
    let longest = (1000.0 * f64::from(1_u32 << failures.min(MANY))).min(LONGEST_WAIT);
    Duration::from_millis((longest * (0.5 + js_sys::Math::random() / 2.0)) as u64)
}

fn news(line: &Rc<Line>) {
    ask(line, 0);
}

fn ask(line: &Rc<Line>, failures: u32) {
    if line.is_loading.replace(true) {
        line.must_load_again.set(true);
        return;
    }
    line.asked.set(line.asked.get() + 1);
    let line = line.clone();
    set_timeout(move || load(line, failures), BURST);
}

fn load(line: Rc<Line>, failures: u32) {
    spawn_local(async move {
        line.must_load_again.set(false);
        let outcome = (line.load)().await;
        line.is_loading.set(false);
        if outcome.is_err() {
            let asked = line.asked.get();
            let again = move || {
                // Unless news was quicker.
                if line.asked.get() == asked {
                    ask(&line, failures + 1);
                }
            };
            set_timeout(again, wait(failures));
        } else if line.must_load_again.get() {
            news(&line);
        }
    });
}

fn say(socket: &WebSocket, text: &str) {
    // A socket that is closing says so by itself.
    let _: Result<(), JsValue> = socket.send_with_str(text);
}

fn close(socket: &WebSocket) {
    // One that is closed already is what we want.
    let _: Result<(), JsValue> = socket.close();
}

fn address() -> Option<String> {
    let location = web_sys::window()?.location();
    let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    let host = location.host().ok()?;
    Some([scheme, "://", &host, "/graphql/ws"].concat())
}
