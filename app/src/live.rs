//! Live updates: a subscription over graphql-transport-ws that comes back by itself.
//!
//! The news is only that there is news: whoever listens asks again for what is shown.

use crate::ui::dom::on;
use leptos::prelude::set_timeout;
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsValue;
use web_sys::{Event, MessageEvent, WebSocket};

/// The longest wait before another try, in milliseconds.
const LONGEST_WAIT: f64 = 60_000.0;

struct Line {
    subscribe: String,
    on_news: Box<dyn Fn()>,
    failures: Cell<u32>,
}

#[derive(Serialize)]
struct Subscribe<O> {
    id: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    payload: O,
}

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "type")]
    kind: String,
}

/// Calls `on_news` for every event of a subscription, and after every time the line was down.
pub fn listen(operation: impl Serialize, on_news: impl Fn() + 'static) {
    let subscribe = Subscribe { id: "1", kind: "subscribe", payload: operation };
    if let Ok(subscribe) = serde_json::to_string(&subscribe) {
        open(Rc::new(Line { subscribe, on_news: Box::new(on_news), failures: Cell::new(0) }));
    }
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
                say(&heard, &on_line.subscribe);
                if on_line.failures.replace(0) > 0 {
                    (on_line.on_news)();
                }
            }
            "next" => (on_line.on_news)(),
            // The server has lost track of what we have heard; coming back asks for everything again.
            "complete" => {
                let _: Result<(), JsValue> = heard.close();
            }
            "ping" => say(&heard, "{\"type\":\"pong\"}"),
            _ => {}
        }
    });
    on(&socket, "close", move |_: Event| {
        let failures = line.failures.get();
        line.failures.set(failures + 1);
        // Waits differ, so that not everybody comes back at once.
        let longest = (1000.0 * f64::from(1_u32 << failures.min(6))).min(LONGEST_WAIT);
        let wait = longest * (0.5 + js_sys::Math::random() / 2.0);
        let line = line.clone();
        set_timeout(move || open(line), Duration::from_millis(wait as u64));
    });
}

fn say(socket: &WebSocket, text: &str) {
    // A socket that is closing says so by itself.
    let _: Result<(), JsValue> = socket.send_with_str(text);
}

fn address() -> Option<String> {
    let location = web_sys::window()?.location();
    let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    let host = location.host().ok()?;
    Some([scheme, "://", &host, "/graphql/ws"].concat())
}
