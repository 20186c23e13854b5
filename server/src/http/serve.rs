//! Accepts connections until told to stop, and starts and ends everything else in order.

use super::{Http, router};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::{telemetry, worker};
use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// The other end of a connection: a person, or the proxy in front of us.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// How long the head of a request may take, and how long a connection may idle.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// The most bytes of the head of a request.
const MOST_HEAD: usize = 16 * 1024;
/// The most header lines of a request.
const MOST_HEADERS: usize = 64;
/// The most connections at a time; more wait to be accepted.
const MOST_CONNECTIONS: usize = 4096;
/// How long requests under way may take once we are told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(10);
/// How long to wait when the system has no file descriptors left.
const BREATHER: Duration = Duration::from_millis(100);

/// Serves `router` on `listener` until `stop`; then requests under way end, and nothing new is accepted.
pub async fn serve(router: Router, listener: TcpListener, stop: CancellationToken) {
    let connections = TaskTracker::new();
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = stop.cancelled() => break,
            next = next => next,
        };
        match (place, accepted) {
            (Ok(place), Ok((stream, peer))) => {
                connections.spawn(connection(router.clone(), stream, Peer(peer), stop.clone(), place));
            }
            (_, Err(error)) if is_of_one_connection(&error) => {}
            (_, Err(error)) => {
                tracing::error!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATHER).await;
            }
            (Err(_), _) => break,
        }
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// What only means that the other end went away before it was served.
fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn connection(
    router: Router,
    stream: TcpStream,
    peer: Peer,
    stop: CancellationToken,
    _place: OwnedSemaphorePermit,
) {
    // Without it small answers wait for the other end's acknowledgement; a socket that refuses works all the same.
    let _ = stream.set_nodelay(true);
    let service = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer);
        request.map(axum::body::Body::new)
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_header_size(MOST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .with_upgrades();
    tokio::pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            tokio::time::timeout(LAST_REQUESTS, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Runs the practice on the configured addresses until the system asks it to end, with what the demo shows `beside` it.
pub async fn run(app: Arc<App>, beside: impl FnOnce(&Http) -> Router) -> Result<()> {
    let stop = CancellationToken::new();
    let mut term = signal(SignalKind::terminate()).map_err(|error| Error::Internal(Box::new(error)))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| Error::Internal(Box::new(error)))?;
    let asked = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("asked to end; finishing what is under way");
        asked.cancel();
    });
    let listener = bind(app.config.listen).await?;
    run_on(app, beside, listener, stop).await
}

/// Runs the practice on `listener` until `stop`, then ends in order: requests, live updates, jobs, the database.
pub async fn run_on(
    app: Arc<App>,
    beside: impl FnOnce(&Http) -> Router,
    listener: TcpListener,
    stop: CancellationToken,
) -> Result<()> {
    if let Some(address) = app.config.metrics_listen {
        if !address.ip().is_loopback() {
            tracing::warn!(%address, "metrics are served beyond this machine; nobody is asked who they are there");
        }
        tokio::spawn(serve(telemetry::routes(), bind(address).await?, stop.clone()));
    }
    let http = Http::new(app.clone(), stop.clone());
    let work_stop = CancellationToken::new();
    let working = tokio::spawn(worker::run(app.clone(), work_stop.clone()));
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, base_url = %app.config.base_url, "serving");
    }
    let tasks = http.tasks.clone();
    let beside = beside(&http);
    serve(router(http, beside), listener, stop).await;
    tasks.close();
    if tokio::time::timeout(LAST_REQUESTS, tasks.wait()).await.is_err() {
        tracing::warn!(left = tasks.len(), "not everything under way came to its end");
    }
    work_stop.cancel();
    if let Err(error) = working.await {
        tracing::error!(%error, "the worker did not end well");
    }
    if let Err(error) = audit::write_notes(&app).await {
        tracing::error!(%error, "lists that were read could not be noted in the audit trail");
    }
    app.db.close().await;
    tracing::info!("ended");
    Ok(())
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| Error::internal(format!("cannot listen on {address}: {error}")))
}
