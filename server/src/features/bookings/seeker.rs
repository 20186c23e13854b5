//! Who looks for a time, and so what is open to them.

use super::{slot, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use crate::features::clients::{self, Client};
use crate::features::practice::{Catalogue, SessionType};
use shared::actor::Role;
use shared::ids::{SessionTypeId, TherapistId};
use shared::practice::Gate;
use shared::problem::ErrorCode;
use shared::stage::Stage;
use shared::time::Instant;

/// Who looks for a time.
#[derive(Debug, Clone)]
pub enum Seeker {
    /// A visitor, or somebody who is no client yet.
    Anyone,
    /// A client.
    Client(Box<Client>),
    /// Somebody of the practice.
    Staff,
}

impl Seeker {
    /// Whoever is signed in, or anyone.
    pub async fn of(app: &App, viewer: Option<Viewer>) -> Result<Self> {
        match viewer {
            Some(viewer) if viewer.role.is_staff() => Ok(Seeker::Staff),
            Some(Viewer { role: Role::Client, user_id, .. }) => {
                let client = clients::of_viewer(app, user_id).await?;
                // After a long break a first call comes first, as for anyone.
                let now = app.clock.now();
                let client =
                    client.filter(|client| client.stage != Stage::Paused || client.standing(now).opens().sessions);
                Ok(client.map_or(Seeker::Anyone, |client| Seeker::Client(Box::new(client))))
            }
            _ => Ok(Seeker::Anyone),
        }
    }

    /// A session type they can book. Paid sessions open when the therapist has decided to work together.
    pub fn opened(&self, catalogue: &Catalogue, id: SessionTypeId, now: Instant) -> Result<SessionType> {
        let session_type = catalogue.session_type(id).ok_or_else(no_such)?;
        if !session_type.is_offered() {
            return Err(retired());
        }
        self.admitted(session_type, now)
    }

    /// A session type whose times they can look at: what they can book, and what they have booked and may want to move
    /// although it is not offered any more.
    pub async fn looking_at(&self, app: &App, catalogue: &Catalogue, id: SessionTypeId) -> Result<SessionType> {
        let session_type = catalogue.session_type(id).ok_or_else(no_such)?;
        let is_theirs = match self {
            _ if session_type.is_offered() => true,
            Seeker::Staff => true,
            Seeker::Client(client) => {
                store::has_ahead(&mut app.db.read().await?, client.id, id, app.clock.now()).await?
            }
            Seeker::Anyone => false,
        };
        if is_theirs { self.admitted(session_type, app.clock.now()) } else { Err(retired()) }
    }

    fn admitted(&self, session_type: &SessionType, now: Instant) -> Result<SessionType> {
        match (session_type.gate, self) {
            (Gate::Discovery, _) | (Gate::Clients, Seeker::Staff) => Ok(session_type.clone()),
            (Gate::Clients, Seeker::Client(client)) if client.stage.is_together() => Ok(session_type.clone()),
            (Gate::Clients, Seeker::Client(client)) => {
                Err(Error::refused("sessionTypeId", ErrorCode::StageLocked, client.why_closed(now)))
            }
            (Gate::Clients, Seeker::Anyone) => Err(stage_locked()),
        }
    }

    /// Whose times are looked at: a client's own therapist for paid sessions, everyone who takes new clients for a first
    /// call, whom they name otherwise.
    pub fn therapists(
        &self,
        catalogue: &Catalogue,
        session_type: &SessionType,
        wanted: Option<TherapistId>,
    ) -> Result<Vec<TherapistId>> {
        match (self, session_type.gate) {
            (Seeker::Client(client), Gate::Clients) => {
                let own = client.therapist_id;
                if wanted.is_some_and(|wanted| wanted != own) {
                    let message =
                        "Sessions are with your own therapist. Please write to her if you would like to change.";
                    return Err(Error::refused("therapistId", ErrorCode::NotOffered, message));
                }
                slot::known(catalogue, own)?;
                Ok(vec![own])
            }
            (Seeker::Staff, Gate::Clients) => match wanted {
                Some(id) => slot::known(catalogue, id).map(|therapist| vec![therapist.id]),
                None => Ok(catalogue.therapists.iter().map(|therapist| therapist.id).collect()),
            },
            _ => slot::therapists(catalogue, wanted),
        }
    }
}

fn no_such() -> Error {
    Error::refused("sessionTypeId", ErrorCode::NotFound, "There is no such session type.")
}

fn retired() -> Error {
    let message = "This session is not offered any more. Please choose another one.";
    Error::refused("sessionTypeId", ErrorCode::NotOffered, message)
}

/// Why a paid session is not open to somebody who is no client.
pub(super) fn stage_locked() -> Error {
    let message = "These sessions open once you and your therapist have decided to work together. Please begin with a free discovery call.";
    Error::refused("sessionTypeId", ErrorCode::StageLocked, message)
}
