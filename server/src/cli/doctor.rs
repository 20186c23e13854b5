//! What this practice needs, checked one by one.

use super::missing_file;
use crate::audit;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::error::Result;
use crate::features::practice::{self, zones};
use crate::integrations::smtp::Mailer;
use crate::integrations::stripe::Stripe;
use crate::jobs::queue;
use crate::keys::Keys;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::ExitCode;

/// How far the machine's clock may be from the database's, in seconds.
const CLOCK_SECONDS: i64 = 5;

enum Finding {
    Fine(String),
    Careful(String),
    Wrong(String),
}
use Finding::{Careful, Fine, Wrong};

/// Checks everything, says what it found, and fails if something is wrong.
pub(super) async fn run(config: &Config) -> Result<ExitCode> {
    let mut findings = vec![address(config), assets(&config.assets)];
    findings.extend(database_and_key(config).await);
    findings.push(time_zones());
    findings.push(mail(config).await);
    findings.push(cards(config).await);
    let mut wrong = false;
    for finding in findings {
        let (mark, text) = match finding {
            Fine(text) => ("ok     ", text),
            Careful(text) => ("careful", text),
            Wrong(text) => {
                wrong = true;
                ("WRONG  ", text)
            }
        };
        println!("{mark}  {text}");
    }
    Ok(if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn address(config: &Config) -> Finding {
    let origin = config.origin();
    if config.is_local() {
        return Careful(format!("address: {origin} leads nobody else here; set ANTEROOM_BASE_URL to what people type"));
    }
    Fine(format!("address: {origin}"))
}

fn assets(folder: &Path) -> Finding {
    if folder.join("style.css").exists() {
        Fine(format!("assets: {}", folder.display()))
    } else if cfg!(feature = "embed") && !folder.exists() {
        Fine("assets: inside the binary".into())
    } else {
        Careful(format!("assets: {} holds none, so pages have no style; script/client builds them", folder.display()))
    }
}

/// What depends on the database, as far as there is one.
async fn database_and_key(config: &Config) -> Vec<Finding> {
    let refused = |error| vec![Wrong(format!("database: cannot be opened: {error}")), key_file(config)];
    match missing_file(config) {
        Err(error) => return refused(error),
        Ok(Some(file)) => {
            let text = format!("database: {} does not exist yet; the first start makes it", file.display());
            return vec![Careful(text), key_file(config)];
        }
        Ok(None) => {}
    }
    let db = match super::open(config).await {
        Ok(db) => db,
        Err(error) => return refused(error),
    };
    let mut findings = vec![version(&db).await];
    findings.extend(readable_by_others(config));
    let (is_current, schema) = schema(&db).await;
    findings.push(schema);
    findings.push(clock(&db).await);
    if is_current {
        let wrong = |what: &str, error| Wrong(format!("{what}: {error}"));
        findings.push(key(config, &db).await.unwrap_or_else(|error| wrong("master key", error)));
        findings.push(trail(&db).await.unwrap_or_else(|error| wrong("trail", error)));
        findings.push(jobs(&db).await.unwrap_or_else(|error| wrong("jobs", error)));
    } else {
        findings.push(key_file(config));
    }
    db.close().await;
    findings
}

async fn version(db: &Db) -> Finding {
    match db.version().await {
        Ok(version) if version.supported => Fine(format!("database: {} {}", version.name, version.version)),
        Ok(version) => {
            let least = if version.name == "SQLite" { "3.51.3" } else { "14" };
            Wrong(format!("database: {} {} is too old; {least} is the least", version.name, version.version))
        }
        Err(error) => Wrong(format!("database: does not answer: {error}")),
    }
}

/// Whether the file of the database is open to others who use this machine.
fn readable_by_others(config: &Config) -> Option<Finding> {
    let url = config.database_url();
    let file = crate::db::file_of(&url).ok().flatten()?;
    let is_open = |path: &Path| std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0);
    let is_reached = file.parent().is_none_or(|folder| folder.as_os_str().is_empty() || is_open(folder));
    (is_reached && is_open(file))
        .then(|| Careful(format!("database: others may read {}; run `chmod 600 {0}*`", file.display())))
}

/// Whether the schema is the one of this release, and what there is to say about it.
async fn schema(db: &Db) -> (bool, Finding) {
    match db.migration_state().await {
        Ok(state) if state.is_current() => (true, Fine(format!("schema: migration {}", state.applied))),
        Ok(state) if state.applied > state.newest => {
            (false, Wrong(format!("schema: migration {} is newer than this release knows", state.applied)))
        }
        Ok(state) => {
            let text = format!("schema: at {} of {}; run `anteroom migrate`", state.applied, state.newest);
            (false, Careful(text))
        }
        Err(error) => (false, Wrong(format!("schema: {error}"))),
    }
}

/// The master key beside the practice it must fit.
async fn key(config: &Config, db: &Db) -> Result<Finding> {
    let mut conn = db.read().await?;
    let has_begun = practice::exists(&mut conn).await?;
    let file = config.master_key_file();
    if !file.exists() && has_begun {
        let text = "is gone, and the practice does not start without it; put back the copy that was kept";
        return Ok(Wrong(format!("master key: {} {text}", file.display())));
    }
    if !file.exists() {
        return Ok(key_file(config));
    }
    let keys = Keys::open(&file, false)?;
    Ok(match keys.is_known_to(&mut conn).await? {
        Some(false) if has_begun => Wrong(format!(
            "master key: {} is not the one this practice was made with; put back the copy that was kept",
            file.display()
        )),
        _ => key_file(config),
    })
}

/// The file of the master key by itself.
fn key_file(config: &Config) -> Finding {
    let file = config.master_key_file();
    match std::fs::metadata(&file) {
        Err(_) => Careful(format!("master key: {} does not exist yet; the first start makes it", file.display())),
        Ok(meta) if meta.permissions().mode() & 0o077 != 0 => {
            Wrong(format!("master key: others may read {}; run `chmod 600 {0}`", file.display()))
        }
        Ok(_) => Fine(format!("master key: {}", file.display())),
    }
}

async fn trail(db: &Db) -> Result<Finding> {
    Ok(match audit::first_broken(&mut db.read().await?).await? {
        None => Fine("trail: every row follows from the one before".into()),
        Some(row) => Wrong(format!(
            "trail: row {row} does not follow from the one before; it was changed, or one before it is gone"
        )),
    })
}

async fn jobs(db: &Db) -> Result<Finding> {
    let backlog = queue::backlog(&mut db.read().await?, Clock::system().now()).await?;
    if backlog.dead == 0 && backlog.late == 0 {
        return Ok(Fine(format!("jobs: {} wait for their time", backlog.queued)));
    }
    let (dead, late) = (backlog.dead, backlog.late);
    Ok(Careful(format!("jobs: {dead} dead, {late} late by more than an hour; `anteroom jobs` says which and why")))
}

async fn clock(db: &Db) -> Finding {
    let now = Clock::system().now();
    // A worker that runs writes its time every few seconds: a beat from the future means that two clocks differ.
    let beat =
        async { Ok::<_, crate::error::Error>(queue::last_beat(&mut db.read().await?, crate::pulse::HEARTBEAT).await?) };
    match beat.await {
        Ok(Some(beat)) if beat.seconds() > now.seconds() + CLOCK_SECONDS => Wrong(format!(
            "clock: the worker's last sign of life is from the future ({beat}); set this machine's clock"
        )),
        _ if now.seconds() < 1_760_000_000 => Wrong(format!("clock: {now} cannot be right; set this machine's clock")),
        _ => Fine(format!("clock: {now}")),
    }
}

fn time_zones() -> Finding {
    Fine(format!("time zones: database {}, {} zones", zones::database_version(), zones::names().len()))
}

async fn cards(config: &Config) -> Finding {
    let Some(key) = &config.stripe_key else {
        return Fine("cards: not taken; clients pay by bank transfer or in cash".into());
    };
    let stripe = match Stripe::connect(&config.stripe_api, key) {
        Ok(stripe) => stripe,
        Err(error) => return Wrong(format!("cards: {error}")),
    };
    let mode = if stripe.is_live() { "real money moves" } else { "test mode, no money moves" };
    match stripe.check().await {
        Ok(()) if config.stripe_webhook_secret_before.is_some() => {
            Careful(format!("cards: {mode}; take ANTEROOM_STRIPE_WEBHOOK_SECRET_BEFORE out once it is a day old"))
        }
        Ok(()) => Fine(format!("cards: Stripe takes our key; {mode}")),
        Err(error) => Wrong(format!("cards: {error}")),
    }
}

async fn mail(config: &Config) -> Finding {
    let Some(url) = &config.mail_url else {
        return Careful(
            "mail: no server is set (ANTEROOM_MAIL_URL); nobody can sign in, and mail waits in the queue".into(),
        );
    };
    match Mailer::connect(url.expose()) {
        Err(why) => Wrong(format!("mail: ANTEROOM_MAIL_URL: {why}")),
        Ok(mailer) => match mailer.check().await {
            Ok(()) => Fine("mail: the server answers".into()),
            Err(error) => Wrong(format!("mail: {error}")),
        },
    }
}
