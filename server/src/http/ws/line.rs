//! One open socket, from the greeting to the close.

use super::post::{outside, over_of, refuse, relay, say, send};
use super::words::{End, Reply, Said, Wish};
use super::{MOST_MESSAGE, Place, Sockets, Whose};
use crate::events::Event;
use crate::features::accounts::{self, Viewer};
use crate::graphql::Caller;
use crate::http::Http;
use crate::http::login::identify;
use crate::limits::RouteClass;
use async_graphql::parser::types::OperationType;
use async_graphql::{Response, ServerError};
use axum::extract::ws::{Message, WebSocket};
use axum::http::{HeaderMap, HeaderValue, header};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

/// How long somebody may take to say who they are.
const GREETING_TIME: Duration = Duration::from_secs(3);
/// How long the other end may take to answer a close.
const CLOSING_TIME: Duration = Duration::from_secs(1);
/// How often we look whether the other end and its login still live.
const LOOK: Duration = Duration::from_secs(15);
/// So many looks without a word, and the other end is taken for gone.
const MOST_SILENT_LOOKS: u32 = 3;
/// The most subscriptions of one socket.
const MOST_SUBSCRIPTIONS: usize = 8;
/// The most answers that wait to leave.
const QUEUE: usize = 64;
/// The longest name of a subscription.
const LONGEST_ID: usize = 128;

/// Everything one socket needs.
pub(super) struct Line {
    http: Http,
    address: IpAddr,
    viewer: Option<Viewer>,
    _places: Vec<Place>,
    greeted: bool,
    subscriptions: HashMap<String, Subscription>,
    /// Counts subscriptions, so that what an ended one left in the queue is not taken for its successor's.
    serial: u64,
    sender: mpsc::Sender<Answer>,
    messages: u32,
    silent_looks: u32,
}

struct Subscription {
    serial: u64,
    _task: AbortOnDropHandle<()>,
}

/// Something a subscription has to say; `None` when it has ended.
pub(super) struct Answer {
    pub(super) id: String,
    pub(super) serial: u64,
    pub(super) response: Option<Response>,
    pub(super) is_refusal: bool,
}

/// Why a conversation is over: we end it, or the other end is gone.
pub(super) enum Over {
    Close(End),
    Gone,
}

pub(super) type Step = Result<(), Over>;

/// Says why a socket is closed, and closes it.
pub(super) async fn close(socket: &mut WebSocket, end: End) {
    metrics::counter!("anteroom_sockets_closed_total", "code" => end.code().to_string()).increment(1);
    let sent = tokio::time::timeout(CLOSING_TIME, socket.send(Message::Close(Some(end.frame())))).await;
    if matches!(sent, Ok(Ok(()))) {
        see_off(socket).await;
    }
}

/// Waits until the other end is gone. Whether it hears us or not, the socket is done then.
async fn see_off(socket: &mut WebSocket) {
    let _ = tokio::time::timeout(CLOSING_TIME, async { while let Some(Ok(_)) = socket.recv().await {} }).await;
}

impl Line {
    pub(super) fn new(http: Http, address: IpAddr, viewer: Option<Viewer>, place: Place) -> Self {
        // Replaced by `hold`, which owns the other end.
        let sender = mpsc::channel(1).0;
        Line {
            http,
            address,
            viewer,
            _places: vec![place],
            greeted: false,
            subscriptions: HashMap::new(),
            serial: 0,
            sender,
            messages: 0,
            silent_looks: 0,
        }
    }

    /// Talks until either end is done.
    pub(super) async fn hold(mut self, mut socket: WebSocket) {
        metrics::gauge!("anteroom_sockets_open").increment(1);
        let over = self.talk(&mut socket).await;
        self.subscriptions.clear();
        match over {
            Err(Over::Close(end)) => close(&mut socket, end).await,
            // Whoever hangs up is owed an answer to that, which goes out with the next look at the socket.
            _ => see_off(&mut socket).await,
        }
        metrics::gauge!("anteroom_sockets_open").decrement(1);
    }

    async fn talk(&mut self, socket: &mut WebSocket) -> Step {
        let (sender, mut answers) = mpsc::channel(QUEUE);
        self.sender = sender;
        let stop = self.http.stop.clone();
        let mut events = self.http.app.bus.listen();
        let greeting = tokio::time::sleep(GREETING_TIME);
        tokio::pin!(greeting);
        let mut look = tokio::time::interval_at(Instant::now() + LOOK, LOOK);
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Err(Over::Close(End::Stopping)),
                event = events.next() => match event {
                    Some(event) => self.heed(&event).await?,
                    None => return Err(Over::Close(End::Stopping)),
                },
                () = &mut greeting, if !self.greeted => return Err(Over::Close(End::NoGreeting)),
                _ = look.tick() => self.look(socket).await?,
                Some(answer) = answers.recv() => self.pass_on(socket, answer).await?,
                message = socket.recv() => self.hear(socket, message).await?,
            }
        }
    }

    async fn heed(&mut self, event: &Event) -> Step {
        match (event, self.viewer) {
            (Event::LoginChanged { login_id }, Some(viewer)) if login_id.is_none_or(|id| id == viewer.login_id) => {
                self.still_allowed().await
            }
            (Event::Missed, Some(_)) => self.still_allowed().await,
            _ => Ok(()),
        }
    }

    async fn look(&mut self, socket: &mut WebSocket) -> Step {
        self.messages = 0;
        self.silent_looks += 1;
        if self.silent_looks > MOST_SILENT_LOOKS {
            return Err(Over::Gone);
        }
        self.still_allowed().await?;
        send(socket, Message::Ping(Default::default())).await
    }

    /// Whoever this line belongs to must still be signed in, with the same rights.
    async fn still_allowed(&self) -> Step {
        let Some(viewer) = self.viewer else { return Ok(()) };
        match accounts::viewer_of_login(&self.http.app, viewer.login_id).await {
            Ok(Some(now)) if now == viewer => Ok(()),
            Ok(_) => Err(Over::Close(End::NotAllowed)),
            Err(error) => {
                tracing::warn!(%error, "a login could not be looked up; its live updates end");
                Err(Over::Close(End::NotAllowed))
            }
        }
    }

    async fn hear(&mut self, socket: &mut WebSocket, message: Option<Result<Message, axum::Error>>) -> Step {
        self.silent_looks = 0;
        self.messages += 1;
        if self.messages > self.http.app.config.rate_socket {
            return Err(Over::Close(End::TooMany));
        }
        let text = match message {
            None | Some(Ok(Message::Close(_))) => return Err(Over::Gone),
            Some(Err(error)) => return Err(over_of(&error)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(()),
            Some(Ok(Message::Binary(_))) => return Err(Over::Close(End::NotUnderstood)),
            Some(Ok(Message::Text(text))) => text,
        };
        if text.len() > MOST_MESSAGE {
            return Err(Over::Close(End::TooLong));
        }
        match Said::read(&text).ok_or(Over::Close(End::NotUnderstood))? {
            Said::ConnectionInit { payload } => self.greet(socket, payload).await,
            Said::Ping { payload } => say(socket, &Reply::Pong { payload }).await,
            Said::Pong {} => Ok(()),
            Said::Complete { id } => {
                self.subscriptions.remove(&id);
                Ok(())
            }
            Said::Subscribe { id, payload } => self.subscribe(socket, id, payload).await,
        }
    }

    async fn greet(&mut self, socket: &mut WebSocket, payload: Option<Map<String, Value>>) -> Step {
        if self.greeted {
            return Err(Over::Close(End::GreetedTwice));
        }
        if let Some(token) = payload.as_ref().and_then(|payload| payload.get("authorization")) {
            let value = token.as_str().and_then(|token| HeaderValue::from_str(token).ok());
            let value = value.ok_or(Over::Close(End::NotUnderstood))?;
            let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value)]);
            let identified = identify(&self.http.app, &headers).await.ok();
            let viewer = identified.and_then(|identified| identified.viewer);
            self.viewer = Some(viewer.ok_or(Over::Close(End::NotAllowed))?);
        }
        if let Some(viewer) = self.viewer {
            let most = self.http.app.config.sockets_per_user;
            let place = Sockets::enter(&self.http.sockets, Whose::User(viewer.user_id), most);
            self._places.push(place.ok_or(Over::Close(End::TooMany))?);
        }
        self.greeted = true;
        say(socket, &Reply::ConnectionAck).await
    }

    async fn subscribe(&mut self, socket: &mut WebSocket, id: String, wish: Wish) -> Step {
        if !self.greeted {
            return Err(Over::Close(End::GreetFirst));
        }
        if id.is_empty() || id.len() > LONGEST_ID {
            return Err(Over::Close(End::NotUnderstood));
        }
        if self.subscriptions.contains_key(&id) {
            return Err(Over::Close(End::SameId));
        }
        if self.subscriptions.len() >= MOST_SUBSCRIPTIONS {
            return Err(Over::Close(End::TooMany));
        }
        let limits = &self.http.app.limits;
        let spent = limits.spend(RouteClass::Read, self.address).and_then(|()| match self.viewer {
            Some(viewer) => limits.spend_account(viewer.user_id),
            None => Ok(()),
        });
        if let Err(error) = spent {
            return refuse(socket, &id, outside(error)).await;
        }
        let mut request = wish.request();
        match self.http.documents.admit(&mut request).map(|admitted| admitted.kind) {
            Ok(OperationType::Subscription) => {}
            Ok(OperationType::Query | OperationType::Mutation) => {
                let words = "Queries and mutations are sent to POST /graphql.";
                refuse(socket, &id, ServerError::new(words, None)).await?;
                return Err(Over::Close(End::OnlySubscriptions));
            }
            Err(refusal) => return refuse(socket, &id, refusal.into()).await,
        }
        self.serial += 1;
        let caller = Caller { viewer: self.viewer, address: self.address };
        let answers = self.http.schema.answering(self.viewer).execute_stream(request.data(caller));
        let task = tokio::spawn(relay(answers, id.clone(), self.serial, self.sender.clone()));
        self.subscriptions.insert(id, Subscription { serial: self.serial, _task: AbortOnDropHandle::new(task) });
        Ok(())
    }

    async fn pass_on(&mut self, socket: &mut WebSocket, answer: Answer) -> Step {
        let Answer { id, serial, response, is_refusal } = answer;
        if self.subscriptions.get(&id).is_none_or(|subscription| subscription.serial != serial) {
            return Ok(());
        }
        self.still_allowed().await?;
        match response {
            Some(response) if is_refusal => {
                self.subscriptions.remove(&id);
                say(socket, &Reply::Error { id: &id, payload: &response.errors }).await
            }
            Some(response) => say(socket, &Reply::Next { id: &id, payload: &response }).await,
            None => {
                self.subscriptions.remove(&id);
                say(socket, &Reply::Complete { id: &id }).await
            }
        }
    }
}
