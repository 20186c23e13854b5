//! A practice served on a real socket, and somebody who talks to it over the wire.

#![allow(unreachable_pub, reason = "a module of test binaries")]

use crate::support::{Engine, Practice, shown_by_authenticator};
use anteroom::http::serve::run_on;
use axum::Router;
use futures_util::{SinkExt, StreamExt};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tokio_util::sync::CancellationToken;

/// A practice and its open door.
pub struct Served {
    pub practice: Practice,
    pub address: SocketAddr,
    pub client: Client,
    pub stop: CancellationToken,
    running: Option<JoinHandle<()>>,
}

impl Served {
    /// Opens the door of a new practice.
    pub async fn open() -> Self {
        Self::open_with(&[]).await
    }

    /// Opens the door of a new practice with some settings of the operator.
    pub async fn open_with(settings: &[(&str, &str)]) -> Self {
        Self::of(Practice::open_with(Engine::here(), settings).await).await
    }

    /// Opens the door of this practice.
    pub async fn of(practice: Practice) -> Self {
        Self::beside(practice, Router::new()).await
    }

    /// Opens the door of this practice, with routes of the test beside its own.
    pub async fn beside(practice: Practice, beside: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let stop = CancellationToken::new();
        let serving = run_on(practice.app.clone(), |_| beside, listener, stop.clone());
        let running = Some(tokio::spawn(async { serving.await.expect("it is served") }));
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
        Served { practice, address, client: client.expect("a client"), stop, running }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The origin of pages that come from here.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A request with these headers.
    pub fn request(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> RequestBuilder {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
            map.append(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header value"));
        }
        self.client.request(method, self.url(path)).headers(map)
    }

    /// What a GET answers.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        self.request(Method::GET, path, headers).send().await.expect("an answer")
    }

    /// What a body posted to the API answers.
    pub async fn post(&self, headers: &[(&str, &str)], body: impl Into<reqwest::Body>) -> Response {
        self.request(Method::POST, "/graphql", headers).body(body).send().await.expect("an answer")
    }

    /// What the API answers to a visitor over the wire: the status and the JSON.
    pub async fn ask(&self, query: &str, variables: Value) -> (u16, Value) {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let answer = self.post(&[("content-type", "application/json")], body).await;
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    /// The access token of somebody of the practice who has just set up a second factor.
    pub async fn token_of_staff(&self, email: &str) -> String {
        let first = self.practice.sign_in(email).await.access;
        let started = self.ask_as(&first, "mutation { startSecondFactor { enrolment { secret } } }", json!({})).await;
        let secret = started["startSecondFactor"]["enrolment"]["secret"].as_str().expect("a secret");
        let code = shown_by_authenticator(secret, self.practice.app.clock.now());
        let confirm =
            "mutation($code: String!) { confirmSecondFactor(input: { code: $code }) { tokens { accessToken } } }";
        let confirmed = self.ask_as(&first, confirm, json!({ "code": code })).await;
        confirmed["confirmSecondFactor"]["tokens"]["accessToken"].as_str().expect("a token").to_owned()
    }

    /// What the API answers over the wire to whoever has this token; there must be no fault.
    pub async fn ask_as(&self, token: &str, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let headers = [("content-type", "application/json"), ("authorization", &format!("Bearer {token}"))];
        let answer: Value = self.post(&headers, body).await.json().await.expect("JSON");
        assert_eq!(answer.get("errors"), None, "{answer:#}");
        answer["data"].clone()
    }

    /// Tells it to stop and waits until it has.
    pub async fn close(&mut self) {
        self.stop.cancel();
        if let Some(running) = self.running.take() {
            running.await.expect("it ends in order");
        }
    }

    /// A new socket with these headers; or the status it was refused with.
    pub async fn socket(&self, headers: &[(&str, &str)]) -> Result<Line, u16> {
        let url = format!("ws://{}/graphql/ws", self.address);
        let mut request = url.into_client_request().expect("a request");
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
            request.headers_mut().append(name, HeaderValue::from_str(value).expect("a header value"));
        }
        let config = WebSocketConfig::default();
        match tokio_tungstenite::connect_async_with_config(request, Some(config), false).await {
            Ok((socket, _)) => Ok(Line { socket }),
            Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("no answer: {error}"),
        }
    }

    /// A new socket that speaks the protocol.
    pub async fn line(&self) -> Line {
        self.socket(&[PROTOCOL]).await.expect("a socket")
    }

    /// A new socket that has been greeted.
    pub async fn greeted(&self) -> Line {
        let mut line = self.line().await;
        line.say(json!({ "type": "connection_init" })).await;
        assert_eq!(line.hear().await, json!({ "type": "connection_ack" }));
        line
    }
}

/// The header that names the protocol.
pub const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

/// One open socket.
pub struct Line {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Line {
    /// Sends a message.
    pub async fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string())).await;
    }

    /// Sends a frame.
    pub async fn send(&mut self, message: Message) {
        self.socket.send(message).await.expect("it is sent");
    }

    /// Subscribes.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// The next message.
    pub async fn hear(&mut self) -> Value {
        loop {
            match self.socket.next().await.expect("the socket is open").expect("a frame") {
                Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("heard {other:?}"),
            }
        }
    }

    /// The code it is closed with, whatever is said before.
    pub async fn closed(mut self) -> u16 {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("it is not closed with a code: {other:?}"),
            }
        }
    }
}
