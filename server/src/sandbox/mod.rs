//! The other side of every integration, for the demo and for tests: real protocols over loopback, nobody real behind.

#[cfg(feature = "pages")]
pub mod front;
pub mod mailbox;
pub mod pages;
pub mod persona;

pub mod smtp;
pub mod stripe;

use crate::app::Mode;
use crate::clock::Clock;
use crate::error::{Error, Result};
use mailbox::Mailbox;
use smtp::Faults;
use std::net::Ipv4Addr;
use stripe::Stripe;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// A running sandbox.
#[derive(Debug, Clone)]
pub struct Sandbox {
    /// What `mail_url` must be for mail to come here.
    pub smtp_url: String,
    /// The mail that came.
    pub mailbox: Mailbox,
    /// What the mail server does wrong on request.
    pub faults: Faults,
    /// The other side of a payment by card.
    pub stripe: Stripe,
}

impl Sandbox {
    /// Starts the sandbox, which runs until told to stop. `clock` is the practice's. Never beside a real practice.
    pub async fn start(mode: Mode, clock: Clock, stop: CancellationToken) -> Result<Self> {
        if mode == Mode::Production {
            return Err(Error::internal("the sandbox does not run beside a real practice; use `anteroom demo`"));
        }
        let broken = |error: std::io::Error| Error::internal(format!("the sandbox cannot listen: {error}"));
        let port = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listener = port().await.map_err(broken)?;
        let address = listener.local_addr().map_err(broken)?;
        let (mailbox, faults) = (Mailbox::default(), Faults::default());
        tokio::spawn(smtp::serve(listener, mailbox.clone(), faults.clone(), clock.clone(), stop.clone()));
        let stripe = Stripe::start(port().await.map_err(broken)?, clock, stop).await.map_err(broken)?;
        Ok(Sandbox { smtp_url: format!("smtp://anteroom:sandbox@{address}"), mailbox, faults, stripe })
    }
}
