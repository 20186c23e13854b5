//! What the sandbox shows: the mailbox, the clock, and who can be tried out.

use super::mailbox::{Mail, Mailbox};
use crate::app::{App, Mode};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::{clients, practice};
use crate::http::answers;
use crate::jobs::queue;
use crate::seed::CAST;
use crate::worker;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use shared::ids::UserId;
use shared::time::Instant;
use std::sync::Arc;
use std::time::Duration;

/// The furthest the clock is pushed at once: a year.
const FURTHEST_MINUTES: i64 = 366 * 24 * 60;

/// How many clients of one therapist are looked through for personas.
const CLIENTS: i64 = 100;

#[derive(Clone)]
struct Sides {
    app: Arc<App>,
    mailbox: Mailbox,
}

/// Everything the sandbox's page shows.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SandboxState {
    /// Whom one can be.
    pub personas: Vec<Persona>,
    /// What time it is in the practice.
    pub now: Instant,
    /// The zone of the practice.
    pub time_zone: String,
    /// How far the clock has been pushed.
    pub pushed_minutes: i64,
    /// Every mail, oldest first.
    pub mails: Vec<Arc<Mail>>,
}

/// Somebody one can be in the demo.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Persona {
    /// Whose login it is.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Who they are, in a few words.
    pub says: String,
}

/// The routes of the sandbox beside its page. Only a demo has them.
pub fn routes(app: Arc<App>, mailbox: Mailbox) -> Result<Router> {
    if app.mode == Mode::Production {
        return Err(Error::internal("the sandbox is not shown beside a real practice"));
    }
    Ok(Router::new()
        .route("/sandbox/mail", get(|| async { Redirect::to("/sandbox#mailbox") }))
        .route("/sandbox/mailbox.json", get(mails))
        .route("/sandbox/mail/{id}/{part}", get(part))
        .route("/sandbox/clock", post(push_clock))
        .with_state(Sides { app, mailbox }))
}

/// What the sandbox's page shows.
pub async fn state(app: &App, mailbox: &Mailbox) -> Result<SandboxState> {
    Ok(SandboxState {
        personas: personas(app).await?,
        now: app.clock.now(),
        time_zone: practice::catalogue(app).await?.practice.time_zone.clone(),
        pushed_minutes: app.clock.pushed_minutes(),
        mails: mailbox.all(),
    })
}

/// Every therapist, and the clients of the cast: always the same, wherever they are by now.
async fn personas(app: &App) -> Result<Vec<Persona>> {
    let catalogue = practice::catalogue(app).await?;
    let (mut personas, mut clients_of_cast) = (Vec::new(), Vec::new());
    for therapist in &catalogue.therapists {
        let (user_id, name) = (therapist.user_id, therapist.name.clone());
        personas.push(Persona { user_id, name, says: therapist.title.clone() });
    }
    for therapist in &catalogue.therapists {
        for row in clients::list(app, therapist.id, None, None, None, CLIENTS).await? {
            let Some(place) = CAST.iter().position(|name| *name == row.name) else { continue };
            if let Some(client) = clients::get(&mut app.db.read().await?, row.id).await? {
                let says = format!("Client. {}", row.stage.for_client().now);
                clients_of_cast.push((place, Persona { user_id: client.user_id, name: row.name, says }));
            }
        }
    }
    clients_of_cast.sort_by_key(|(place, _)| *place);
    personas.extend(clients_of_cast.into_iter().map(|(_, persona)| persona));
    Ok(personas)
}

/// Pushes the clock forward and answers once everything that fell due has been done.
pub async fn push(app: &Arc<App>, minutes: i64) -> Result<()> {
    app.clock.push_minutes(minutes.clamp(0, FURTHEST_MINUTES));
    app.timetables.forget_all();
    worker::run_all_due(app).await?;
    while is_busy(app).await? {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    app.bus.publish(Event::Missed);
    app.bus.publish(Event::JobsWaiting);
    Ok(())
}

/// Whether the worker has taken a job that fell due before we could.
async fn is_busy(app: &App) -> Result<bool> {
    let counts = queue::counts(&mut app.db.read().await?).await?;
    Ok(counts.iter().any(|count| count.state == "RUNNING" && count.count > 0))
}

async fn mails(State(sides): State<Sides>) -> Response {
    match serde_json::to_string(&sides.mailbox.all()) {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(error) => answers::failed(error.into()),
    }
}

/// A mail was written by whoever wrote it: its HTML has no scripts, no forms, no network and no origin here.
const CAGE: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                    base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

async fn part(State(sides): State<Sides>, Path((id, part)): Path<(String, String)>) -> Response {
    let Some(mail) = sides.mailbox.get(&id) else { return answers::failed(Error::NotFound) };
    let (kind, body) = match part.as_str() {
        "html" => {
            ("text/html; charset=utf-8", mail.html.replacen("<head>", "<head><base target=\"_blank\">", 1).into_bytes())
        }
        "text" => ("text/plain; charset=utf-8", mail.text.clone().into_bytes()),
        "raw" => ("text/plain; charset=utf-8", mail.raw.clone()),
        "ics" => match mail.ics() {
            Some(ics) => ("text/calendar; charset=utf-8", ics.as_bytes().to_vec()),
            None => return answers::failed(Error::NotFound),
        },
        _ => return answers::failed(Error::NotFound),
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, CAGE),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    ];
    (headers, body).into_response()
}

#[derive(Deserialize)]
struct Push {
    minutes: i64,
}

async fn push_clock(State(sides): State<Sides>, Form(form): Form<Push>) -> Response {
    match push(&sides.app, form.minutes).await {
        Ok(()) => Redirect::to("/sandbox#clock").into_response(),
        Err(error) => answers::failed(error),
    }
}
