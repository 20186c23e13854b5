//! What a use case may use.

use crate::audit::ListNotes;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::error::{Error, Result};

use crate::events::Bus;
use crate::features::{accounts, bookings, practice};
use crate::integrations::smtp::Mailer;
use crate::integrations::stripe::Stripe;
use crate::integrations::stripe::signature::Secrets;
use crate::keys::Keys;
use crate::limits::Limits;
use crate::pulse::Pulse;
use shared::time::Instant;
use std::sync::Arc;

/// Whether this is somebody's practice or a place to look around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Real people, real mail.
    Production,
    /// A made-up practice, the sandbox on the other side, a clock that can be pushed.
    Demo,
}

/// The Stripe account of a practice that takes cards.
pub struct Cards {
    /// Its API.
    pub stripe: Stripe,
    /// What proves that a webhook is Stripe's.
    pub webhook: Secrets,
}

/// Everything long-lived, made once at the start.
pub struct App {
    /// What the operator decided.
    pub config: Config,
    /// Production or demo.
    pub mode: Mode,
    /// The database.
    pub db: Db,
    /// The time and new ids.
    pub clock: Clock,
    /// Secrets and encryption.
    pub keys: Arc<Keys>,
    /// What happened, to whoever listens.
    pub bus: Bus,
    /// How often somebody may ask.
    pub limits: Limits,
    /// The mail server, if there is one.
    pub mailer: Option<Mailer>,
    /// Cards, if the practice takes them.
    pub cards: Option<Cards>,
    /// The lists staff have read that are not in the audit trail yet.
    pub list_notes: ListNotes,
    /// Who is signed in, remembered for as long as nothing changes.
    pub logins: accounts::LoginCache,
    /// What the practice offers, remembered for as long as nothing changes.
    pub catalogue: practice::CatalogueCache,
    /// When therapists can be booked, remembered for as long as nothing changes.
    pub timetables: bookings::TimetableCache,
    /// Whether the worker of this process lives.
    pub pulse: Pulse,
}

impl Cards {
    fn of(config: &Config, clock: &Clock) -> Result<Option<Self>> {
        let (Some(key), Some(secret)) = (&config.stripe_key, &config.stripe_webhook_secret) else { return Ok(None) };
        let stripe = Stripe::connect(&config.stripe_api, key);
        let stripe = stripe.map_err(|why| Error::internal(format!("stripe_key: {why}")))?;
        let before = config.stripe_webhook_secret_before.clone();
        Ok(Some(Cards { stripe, webhook: Secrets::new(secret.clone(), before, clock.now()) }))
    }
}

impl App {
    /// Puts the parts together. The database must be migrated.
    pub fn new(config: Config, mode: Mode, db: Db, clock: Clock, keys: Keys, bus: Bus) -> Result<Arc<Self>> {
        let mailer = match &config.mail_url {
            Some(url) => {
                let mailer = Mailer::connect(url.expose());
                Some(mailer.map_err(|why| Error::internal(format!("mail_url: {why}")))?)
            }
            None => None,
        };
        let cards = Cards::of(&config, &clock)?;
        let app = Arc::new(App {
            limits: Limits::new(&config),
            config,
            mode,
            db,
            clock,
            keys: Arc::new(keys),
            bus,
            mailer,
            cards,
            list_notes: Default::default(),
            logins: Default::default(),
            catalogue: Default::default(),
            timetables: Default::default(),
            pulse: Default::default(),
        });
        let weak = Arc::downgrade(&app);
        app.bus.before_anyone(move |event| {
            if let Some(app) = weak.upgrade() {
                app.logins.forget(event);
                app.catalogue.forget(event);
                app.timetables.forget(event);
            }
        });
        Ok(app)
    }

    /// When news of what is done now leaves: until then it can be taken back.
    pub fn outward_at(&self) -> Instant {
        self.clock.now().plus_minutes(i64::from(self.config.outward_delay_minutes))
    }

    /// Whether cards can be paid with, so that something can be asked for before a session is confirmed.
    pub fn takes_cards(&self) -> bool {
        self.cards.is_some()
    }
}
