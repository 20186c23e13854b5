//! How answers get from a subscription into the queue of its line, and from there onto the wire.

use super::line::{Answer, Over, Step};
use super::words::{End, Reply};
use crate::error::Error;
use crate::graphql::{fit_for_outside, name};
use async_graphql::{Response, ServerError};
use axum::extract::ws::{Message, WebSocket};
use futures_util::{Stream, StreamExt};
use std::time::Duration;
use tokio::sync::mpsc;

/// How long one message may take to leave; who reads slower is not waited for.
const SENDING_TIME: Duration = Duration::from_secs(5);

/// Carries the answers of one subscription into the queue of its line.
pub(super) async fn relay(
    mut answers: impl Stream<Item = Response> + Unpin,
    id: String,
    serial: u64,
    line: mpsc::Sender<Answer>,
) {
    let mut first = true;
    while let Some(mut response) = answers.next().await {
        fit_for_outside(&mut response.errors);
        let is_refusal = first && !response.errors.is_empty() && response.data == async_graphql::Value::Null;
        if is_refusal {
            response.errors.iter_mut().for_each(name);
        }
        first = false;
        let answer = Answer { id: id.clone(), serial, response: Some(response), is_refusal };
        if line.send(answer).await.is_err() || is_refusal {
            return;
        }
    }
    // An error means that the line is gone, and with it everyone who would want to know.
    let _ = line.send(Answer { id, serial, response: None, is_refusal: false }).await;
}

pub(super) fn outside(error: Error) -> ServerError {
    let mut errors = vec![async_graphql::Error::from(error).into_server_error(Default::default())];
    fit_for_outside(&mut errors);
    errors.remove(0)
}

pub(super) async fn refuse(socket: &mut WebSocket, id: &str, mut error: ServerError) -> Step {
    name(&mut error);
    say(socket, &Reply::Error { id, payload: &[error] }).await
}

pub(super) async fn say(socket: &mut WebSocket, reply: &Reply<'_>) -> Step {
    let text = serde_json::to_string(reply).map_err(|error| {
        tracing::error!(%error, "an answer could not be written");
        Over::Gone
    })?;
    send(socket, Message::text(text)).await
}

pub(super) async fn send(socket: &mut WebSocket, message: Message) -> Step {
    match tokio::time::timeout(SENDING_TIME, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Over::Gone),
    }
}

/// A message that is too long is answered with its code; after any other fault the socket cannot be used.
pub(super) fn over_of(error: &axum::Error) -> Over {
    let words = error.to_string();
    if words.contains("too long") || words.contains("too big") { Over::Close(End::TooLong) } else { Over::Gone }
}
