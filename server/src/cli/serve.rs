//! Serving a practice, and serving the demo.

use super::make_data_folder;
use crate::app::{App, Mode};
use crate::clock::Clock;
use crate::config::{Config, Overrides, Secret};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::events::Bus;
use crate::features::accounts::setup;
use crate::features::practice;
use crate::http::{Http, serve};
use crate::keys::Keys;
use crate::sandbox::mailbox::Mailbox;
use crate::sandbox::stripe::Stripe;
use crate::sandbox::{self, Sandbox};
use crate::{logging, seed};
use axum::Router;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Where the demo keeps its data unless told otherwise. It is emptied at every start.
const DEMO_DATA: &str = "data/demo";

/// What the demo needs, just above the defaults: everything open, and limits no load test from one address meets.
const DEMO: &[(&str, &str)] = &[
    ("data", DEMO_DATA),
    ("rate_read", "1000000"),
    ("rate_write", "1000000"),
    ("rate_sign_in", "1000000"),
    ("rate_mailbox", "1000"),
    ("rate_account", "1000000"),
    ("rate_socket", "1000000"),
    ("sockets_per_address", "10000"),
    ("sockets_per_user", "10000"),
    ("holds_per_visitor", "1000"),
    ("bookings_per_visitor", "0"),
    ("introspection", "true"),
    ("explorer", "true"),
    ("log", "warn,anteroom=info"),
];

/// The parts of a practice from its settings: folder, key, database, schema.
pub(super) async fn open(config: Config, mode: Mode, clock: Clock) -> Result<Arc<App>> {
    make_data_folder(&config)?;
    let bus = Bus::new(clock.new_id());
    let db = Db::open(&config.database_url(), bus.clone()).await?;
    let version = db.version().await?;
    if !version.supported {
        return Err(Error::internal(format!("{} {} is too old to be safe", version.name, version.version)));
    }
    db.migrate().await?;
    let is_new = !practice::exists(&mut db.read().await?).await?;
    let keys = keys(&config, &db, is_new, mode).await?;
    db.listen_to_other_processes();
    App::new(config, mode, db, clock, keys, bus)
}

/// The keys of a practice. One that has begun has met its key: any other would seal what that one cannot open.
async fn keys(config: &Config, db: &Db, is_new: bool, mode: Mode) -> Result<Keys> {
    let file = config.master_key_file();
    let is_made = !file.exists();
    let keys = Keys::open(&file, is_new)?;
    let known = keys.is_known_to(&mut db.read().await?).await?;
    if known == Some(false) && !is_new {
        return Err(Error::internal(format!(
            "the master key {} is not the one this practice was made with; put back the file it was made with",
            file.display()
        )));
    }
    if known != Some(true) {
        keys.introduce(db).await?;
    }
    if is_made && mode == Mode::Production {
        println!("Made a new master key: {}", file.display());
        println!("Keep a copy of it apart from the backups. Without it nothing that is encrypted can be read.");
    }
    Ok(keys)
}

/// Serves the practice until asked to end.
pub(super) async fn production(config: Config) -> Result<ExitCode> {
    let _logging = logging::start(&config).map_err(Error::internal)?;
    let app = open(config, Mode::Production, Clock::system()).await?;
    if app.mailer.is_none() {
        tracing::warn!(
            "no mail server is set (ANTEROOM_MAIL_URL): nobody can sign in, and mail waits in the queue until there is one"
        );
    }
    if let Some(link) = setup::issue_link(&app).await? {
        println!("\nThis practice has no owner yet. Open this link once, within a day, to make one:\n\n  {link}\n");
    }
    serve::run(app, |_| Router::new()).await?;
    Ok(ExitCode::SUCCESS)
}

/// Serves a made-up practice until asked to end.
pub(super) async fn demo(
    overrides: &Overrides,
) -> std::result::Result<Result<ExitCode>, Vec<crate::config::ConfigProblem>> {
    let config = Config::load(overrides, DEMO)?;
    Ok(demo_with(config).await)
}

async fn demo_with(mut config: Config) -> Result<ExitCode> {
    let _logging = logging::start(&config).map_err(Error::internal)?;
    if config.data == Path::new(DEMO_DATA) && config.data.exists() {
        std::fs::remove_dir_all(&config.data)
            .map_err(|error| Error::internal(format!("the last demo's data cannot be removed: {error}")))?;
    }
    let (clock, stop) = (Clock::system(), CancellationToken::new());
    let sandbox = Sandbox::start(Mode::Demo, clock.clone(), stop.clone()).await?;
    config.mail_url = Some(Secret::from(sandbox.smtp_url.clone()));
    config.stripe_api = sandbox.stripe.url.parse().map_err(|_| Error::internal("the sandbox has no address"))?;
    config.stripe_key = Some(Secret::from(sandbox::stripe::KEY.to_owned()));
    config.stripe_webhook_secret = Some(Secret::from(sandbox::stripe::WEBHOOK_SECRET.to_owned()));
    config.stripe_webhook_secret_before = None;
    config.master_key_file = None;
    let app = open(config, Mode::Demo, clock).await?;
    seed::demo(&app).await?;
    let beside = sandbox::pages::routes(app.clone(), sandbox.mailbox.clone())?;
    let beside = beside.merge(sandbox::persona::routes(app.clone()));
    sandbox.stripe.tell_to(&format!("http://{}/webhooks/stripe", on_this_machine(app.config.listen)));
    let (mailbox, stripe) = (sandbox.mailbox.clone(), sandbox.stripe.clone());
    let origin = app.config.origin();
    println!("\nThe demo practice is open.\n");
    println!("  {origin}                    what visitors see");
    println!("  {origin}/sandbox            be somebody, read the mail, push the clock");
    println!("  {origin}/graphql/explorer   the API\n");
    serve::run(app, |http| beside.merge(front(http, mailbox, stripe))).await?;
    stop.cancel();
    Ok(ExitCode::SUCCESS)
}

/// The address at which this machine reaches itself.
fn on_this_machine(listen: SocketAddr) -> SocketAddr {
    match listen.ip() {
        ip if !ip.is_unspecified() => listen,
        IpAddr::V4(_) => (Ipv4Addr::LOCALHOST, listen.port()).into(),
        IpAddr::V6(_) => (Ipv6Addr::LOCALHOST, listen.port()).into(),
    }
}

#[cfg(feature = "pages")]
fn front(http: &Http, mailbox: Mailbox, stripe: Stripe) -> Router {
    sandbox::front::routes(http.clone(), mailbox).merge(sandbox::stripe::checkout::routes(http.clone(), stripe))
}

/// Without pages there is only the rest of the sandbox.
#[cfg(not(feature = "pages"))]
fn front(_http: &Http, _mailbox: Mailbox, _stripe: Stripe) -> Router {
    Router::new()
}
