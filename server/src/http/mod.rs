//! The router, and serving until told to stop.

#[cfg(feature = "pages")]
mod absence_forms;
#[cfg(feature = "pages")]
mod admin_bookings_forms;
#[cfg(feature = "pages")]
mod admin_forms;
#[cfg(feature = "pages")]
mod admin_intake_forms;
pub mod admit;
pub mod answers;
pub mod assets;
#[cfg(feature = "pages")]
mod booking_cookies;
#[cfg(feature = "pages")]
pub mod booking_forms;
#[cfg(feature = "pages")]
mod client_forms;
#[cfg(feature = "pages")]
pub mod contact_form;
pub mod explorer;
pub mod fault;
#[cfg(feature = "pages")]
mod form;
pub mod graphql;
pub mod headers;
pub mod health;
mod held;
#[cfg(feature = "pages")]
mod house_pages;
#[cfg(feature = "pages")]
mod intake_forms;
pub mod login;
#[cfg(feature = "pages")]
mod make_up_pages;
#[cfg(feature = "pages")]
mod money_forms;
pub mod observe;
#[cfg(feature = "pages")]
mod occurrence_forms;
#[cfg(feature = "pages")]
mod offer_forms;
#[cfg(feature = "pages")]
mod offer_pages;
pub mod origin;
#[cfg(feature = "pages")]
pub mod pages;
#[cfg(feature = "pages")]
mod paid_forms;
mod passage;
#[cfg(feature = "pages")]
mod policy_pages;
#[cfg(feature = "pages")]
mod portal_forms;
#[cfg(feature = "pages")]
mod profile_pages;
#[cfg_attr(not(feature = "pages"), allow(dead_code, reason = "pages use the rest of it"))]
pub mod remembered;
#[cfg(feature = "pages")]
mod reminder_pages;
#[cfg(feature = "pages")]
mod request_pages;
#[cfg(feature = "pages")]
mod series_forms;
pub mod serve;
#[cfg(feature = "pages")]
pub mod sign_in;
#[cfg(feature = "pages")]
mod terms_forms;
pub mod visit;
#[cfg(feature = "pages")]
mod waitlist_pages;
#[cfg(feature = "pages")]
mod wanted;
mod webhooks;
pub mod ws;

use crate::app::App;
use crate::graphql::guard::Documents;
use crate::schema::{self, Schemas};
use assets::Assets;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use remembered::Remembered;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use ws::Sockets;

/// The most bytes of a GraphQL request or a form.
pub const MOST_BODY: usize = 64 * 1024;

/// What every handler may use. Every layer of a request has one: it is one pointer.
#[derive(Clone)]
pub struct Http(Arc<Parts>);

impl std::ops::Deref for Http {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What [`Http`] points to.
pub struct Parts {
    /// The practice.
    pub app: Arc<App>,
    /// Its API.
    pub schema: Schemas,
    /// Its built files.
    pub assets: Assets,
    /// GraphQL documents that were accepted.
    pub documents: Arc<Documents>,
    /// The open WebSockets, counted.
    pub sockets: Arc<Sockets>,
    /// The page for whoever asks too often.
    #[cfg(feature = "pages")]
    pub too_often: Arc<pages::TooOften>,
    /// Answers that are alike for everyone who is not signed in.
    pub remembered: Arc<Remembered>,
    /// What `/ready` last found out.
    pub last_look: Arc<health::LastLook>,
    /// Work that must end before the database is closed: changes under way and open WebSockets.
    pub tasks: TaskTracker,
    /// Says when to stop.
    pub stop: CancellationToken,
}

impl Http {
    /// What handlers need, around `app`, until `stop`.
    pub fn new(app: Arc<App>, stop: CancellationToken) -> Self {
        Http(Arc::new(Parts {
            schema: schema::build(app.clone()),
            assets: Assets::read(&app.config.assets),
            documents: Arc::default(),
            sockets: Arc::default(),
            #[cfg(feature = "pages")]
            too_often: Arc::default(),
            remembered: Arc::new(Remembered::new(&app.bus)),
            last_look: Arc::default(),
            tasks: TaskTracker::new(),
            stop,
            app,
        }))
    }
}

/// Every route, with what the demo shows `beside` the practice.
pub fn router(http: Http, beside: Router) -> Router {
    let routes = Router::new()
        .merge(graphql::routes())
        .merge(ws::routes())
        .merge(explorer::routes())
        .merge(health::routes())
        .merge(webhooks::routes())
        .merge(assets::routes())
        .fallback(answers::plain_file_or_nothing);
    #[cfg(feature = "pages")]
    let routes = routes.merge(sign_in::routes()).merge(pages::routes(&http));
    routes
        .with_state(http.clone())
        .merge(beside)
        .layer(DefaultBodyLimit::max(MOST_BODY))
        .layer(from_fn_with_state(http, passage::pass))
        .layer(admit::compression())
}
