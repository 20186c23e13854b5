//! The queue of deferred work, as an operator looks at it. Nothing in it names a person.

use super::open_as_it_is;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::error::Result;
use crate::events::Event;
use crate::jobs::queue::{self, Listed};
use clap::{Args, Subcommand};
use std::process::ExitCode;
use uuid::Uuid;

/// What of the queue to look at, or what to do about it.
#[derive(Debug, Args)]
pub(super) struct Jobs {
    #[command(subcommand)]
    command: Option<JobsCommand>,
    /// List only the dead: jobs that were given up, and wait for somebody to look at them.
    #[arg(long)]
    dead: bool,
    /// List at most so many.
    #[arg(long, default_value_t = 100)]
    limit: u32,
}

#[derive(Debug, Subcommand)]
enum JobsCommand {
    /// Try dead jobs again, from the start.
    Retry {
        /// Which one, by its id in the list.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<Uuid>,
        /// Every one of them.
        #[arg(long)]
        all: bool,
    },
}

pub(super) async fn run(config: &Config, jobs: Jobs) -> Result<ExitCode> {
    let db = open_as_it_is(config).await?;
    let outcome = match jobs.command {
        None => list(&db, jobs.dead, jobs.limit).await,
        Some(JobsCommand::Retry { id, .. }) => retry(&db, id).await,
    };
    db.close().await;
    outcome
}

async fn list(db: &Db, dead: bool, limit: u32) -> Result<ExitCode> {
    let states: &[&str] = if dead { &["DEAD"] } else { &["DEAD", "QUEUED", "RUNNING"] };
    let mut jobs = queue::list(&mut db.read().await?, states, i64::from(limit) + 1).await?;
    if jobs.is_empty() {
        println!("{}", if dead { "No job is dead." } else { "Nothing waits." });
        return Ok(ExitCode::SUCCESS);
    }
    let is_all = jobs.len() <= limit as usize;
    jobs.truncate(limit as usize);
    println!("{:36}  {:20}  {:7}  {:>5}  {:20}  last error", "id", "kind", "state", "tries", "next try");
    for Listed { id, kind, state, attempts, run_at, last_error } in jobs {
        // Of a dead job this is when the last try was to be.
        let next = if state == "QUEUED" { run_at.to_string() } else { String::new() };
        println!("{id:36}  {kind:20}  {state:7}  {attempts:>5}  {next:20}  {}", last_error.unwrap_or_default());
    }
    if !is_all {
        println!("There are more; `--limit` shows them.");
    }
    Ok(ExitCode::SUCCESS)
}

async fn retry(db: &Db, id: Option<Uuid>) -> Result<ExitCode> {
    let now = Clock::system().now();
    let begun = db
        .write(move |tx| {
            Box::pin(async move {
                let ids = match id {
                    Some(id) => vec![id],
                    None => queue::dead(tx).await?,
                };
                let mut begun = 0;
                for id in ids {
                    begun += queue::begin_again(tx, id, now).await?;
                }
                tx.announce(Event::JobsWaiting);
                Ok(begun)
            })
        })
        .await?;
    match (id, begun) {
        (Some(id), 0) => {
            eprintln!("anteroom: no dead job has the id {id}; `anteroom jobs --dead` lists them");
            return Ok(ExitCode::from(2));
        }
        (_, 0) => println!("No job is dead."),
        (_, 1) => println!("One job is tried again."),
        (_, begun) => println!("{begun} jobs are tried again."),
    }
    Ok(ExitCode::SUCCESS)
}
