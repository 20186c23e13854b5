//! What a page or form handler knows of its request.

use super::Http;
use super::fault::Fault;
use super::held;
use super::login::{self, Identified};
use crate::error::Error;
use crate::features::bookings::Seeker;
use crate::graphql::Caller;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use shared::ids::TherapistId;
use std::net::{IpAddr, Ipv4Addr};

/// What scripts of this answer carry; made anew for every answer.
#[derive(Debug, Clone, Default)]
pub struct Nonce(pub String);

/// Where a request comes from, proxies looked through.
#[derive(Debug, Clone, Copy)]
pub struct Address(pub IpAddr);

/// One request for a page.
#[derive(Clone)]
pub struct Visit {
    /// The practice and its API.
    pub http: Http,
    /// Who asks.
    pub caller: Caller,
    /// Who sent it, and what the answer must set.
    pub identified: Identified,
    /// What scripts of the answer carry.
    pub nonce: String,
    /// The secret of the time that is kept for whoever sent it.
    pub kept: Option<String>,
    /// Whether it sends something, rather than asks for a page.
    pub sends: bool,
}

impl FromRequestParts<Http> for Visit {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Self::Rejection> {
        if let Some(known) = parts.extensions.get::<Visit>() {
            return Ok(known.clone());
        }
        let identified = login::identify(&http.app, &parts.headers).await?;
        identified.spend(&http.app)?;
        Ok(Visit::of(http, parts, identified))
    }
}

impl Visit {
    /// A visit of whoever it may be, where that cannot be found out.
    pub fn of_nobody(http: &Http, parts: &Parts) -> Self {
        Visit::of(http, parts, Identified::default())
    }

    fn of(http: &Http, parts: &Parts, identified: Identified) -> Self {
        let address = parts.extensions.get::<Address>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.0);
        let nonce = parts.extensions.get::<Nonce>().cloned().unwrap_or_default().0;
        let caller = Caller { viewer: identified.viewer, address };
        let kept = held::secret(&parts.headers).map(str::to_owned);
        let sends = !parts.method.is_safe();
        Visit { http: http.clone(), caller, identified, nonce, kept, sends }
    }

    /// Who looks for a time.
    pub async fn seeker(&self) -> Result<Seeker, Error> {
        Seeker::of(&self.http.app, crate::graphql::signed_in(self.caller.viewer)).await
    }

    /// The therapist of the client who visits, if it is one.
    pub async fn own_therapist(&self) -> Result<Option<TherapistId>, Error> {
        Ok(match self.seeker().await? {
            Seeker::Client(client) => Some(client.therapist_id),
            Seeker::Anyone | Seeker::Staff => None,
        })
    }

    /// Whoever is signed in and may act; otherwise what sends them to the sign-in page.
    pub fn viewer(&self) -> Result<crate::features::accounts::Viewer, Error> {
        crate::graphql::signed_in(self.caller.viewer).ok_or(Error::SignInRequired)
    }
}
