//! `GET /graphql/ws`: subscriptions over graphql-transport-ws, for our own pages and for API clients.

mod line;
mod post;
mod words;

use super::login::identify;
use super::visit::Address;
use super::{Http, answers, origin};
use crate::config::Config;
use crate::error::Error;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{Router, get};
use line::Line;
use shared::ids::UserId;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use words::End;

/// The one protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";
/// The longest message, in bytes.
const MOST_MESSAGE: usize = 16 * 1024;
/// Above this a message is not even read to its end.
const MOST_READ: usize = 4 * MOST_MESSAGE;

/// The live side of the API.
pub fn routes() -> Router<Http> {
    Router::new().route("/graphql/ws", get(upgrade))
}

async fn upgrade(
    State(http): State<Http>,
    Extension(Address(address)): Extension<Address>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if !comes_from_us(&http.app.config, &headers) {
        return origin::refused().into_response();
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade.protocols([PROTOCOL]).max_message_size(MOST_READ).max_frame_size(MOST_READ),
        Err(rejection) => return rejection.into_response(),
    };
    let whose = Whose::Address(crate::limits::bucket(address));
    let Some(place) = Sockets::enter(&http.sockets, whose, http.app.config.sockets_per_address) else {
        return answers::failed(Error::RateLimited { retry_after_seconds: 60 });
    };
    if upgrade.selected_protocol().is_none() {
        return turn_away(&http, &headers, upgrade, place);
    }
    let identified = match identify(&http.app, &headers).await {
        Ok(identified) => identified,
        Err(error) => return answers::failed(error),
    };
    let ending = http.tasks.token();
    let line = Line::new(http, address, identified.viewer, place);
    let mut response = upgrade.on_upgrade(async move |socket| {
        line.hold(socket).await;
        drop(ending);
    });
    for cookie in identified.set_cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Says on the socket itself that another protocol is spoken here: a browser shows its page no other answer. The
/// protocol that was asked for is confirmed first, because a client that waits for one would hang up unheard.
fn turn_away(http: &Http, headers: &HeaderMap, upgrade: WebSocketUpgrade, place: Place) -> Response {
    let asked = headers.get(header::SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
    let first = asked.and_then(|names| names.split(',').map(str::trim).find(|name| !name.is_empty()));
    let ending = http.tasks.token();
    upgrade.protocols(first.map(str::to_owned)).on_upgrade(async move |mut socket| {
        line::close(&mut socket, End::OtherProtocol).await;
        drop((place, ending));
    })
}

/// A browser says where a page comes from, always; without that its cookies are not believed.
fn comes_from_us(config: &Config, headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (None, _) => !headers.contains_key(header::COOKIE),
        (Some(origin), None) => origin.to_str().is_ok_and(|origin| origin::is_own(config, headers, origin)),
        (Some(_), Some(_)) => false,
    }
}

/// The open sockets, counted by whose they are.
#[derive(Default)]
pub struct Sockets {
    open: Mutex<HashMap<Whose, u32>>,
}

/// Whose a socket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Whose {
    Address(IpAddr),
    User(UserId),
}

/// A counted socket; gives its place back when dropped.
struct Place {
    sockets: Arc<Sockets>,
    whose: Whose,
}

impl Sockets {
    fn enter(sockets: &Arc<Self>, whose: Whose, most: u32) -> Option<Place> {
        let mut open = sockets.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(whose).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { sockets: sockets.clone(), whose })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.sockets.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.whose) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.whose);
            }
        }
    }
}
