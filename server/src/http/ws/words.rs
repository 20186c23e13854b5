//! The messages of graphql-transport-ws and the codes a socket is closed with.

use async_graphql::{Request, Response, ServerError, Variables};
use axum::extract::ws::{CloseFrame, Utf8Bytes};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Said {
    ConnectionInit {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    Ping {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    Pong {},
    Subscribe {
        id: String,
        payload: Wish,
    },
    Complete {
        id: String,
    },
}

/// What a client wants to hear of.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wish {
    query: String,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
}

impl Said {
    /// Reads a message; a list is none, though serde would read it as one.
    pub(super) fn read(text: &str) -> Option<Self> {
        if !text.trim_start().starts_with('{') {
            return None;
        }
        serde_json::from_str(text).ok()
    }
}

impl Wish {
    /// The request in it.
    pub(super) fn request(self) -> Request {
        let mut request = Request::new(self.query).variables(self.variables);
        request.operation_name = self.operation_name;
        request
    }
}

/// What we say.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Reply<'r> {
    ConnectionAck,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Map<String, Value>>,
    },
    Next {
        id: &'r str,
        payload: &'r Response,
    },
    Error {
        id: &'r str,
        payload: &'r [ServerError],
    },
    Complete {
        id: &'r str,
    },
}

/// Why we close a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Stopping,
    TooLong,
    NotUnderstood,
    OnlySubscriptions,
    GreetFirst,
    NotAllowed,
    OtherProtocol,
    NoGreeting,
    SameId,
    GreetedTwice,
    TooMany,
}

impl End {
    /// The code of the protocol.
    pub(super) fn code(self) -> u16 {
        match self {
            End::Stopping => 1001,
            End::TooLong => 1009,
            End::NotUnderstood | End::OnlySubscriptions => 4400,
            End::GreetFirst => 4401,
            End::NotAllowed => 4403,
            End::OtherProtocol => 4406,
            End::NoGreeting => 4408,
            End::SameId => 4409,
            End::GreetedTwice | End::TooMany => 4429,
        }
    }

    /// The close frame.
    pub(super) fn frame(self) -> CloseFrame {
        let reason = match self {
            End::Stopping => "The server is restarting",
            End::TooLong => "A message is at most 16 KiB",
            End::NotUnderstood => "Not a message of graphql-transport-ws",
            End::OnlySubscriptions => "Only subscriptions are served here",
            End::GreetFirst => "Unauthorized",
            End::NotAllowed => "Forbidden",
            End::OtherProtocol => "Subprotocol not acceptable",
            End::NoGreeting => "Connection initialisation timeout",
            End::SameId => "Subscriber already exists",
            End::GreetedTwice => "Too many initialisation requests",
            End::TooMany => "Too many requests",
        };
        CloseFrame { code: self.code(), reason: Utf8Bytes::from_static(reason) }
    }
}
