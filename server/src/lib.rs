//! Anteroom: a therapy practice in one binary.
//!
//! Levels, each using only those above it in this list:
//! ground (`clock`, `db`, `error`, `events`, `config`, `keys`, `memory`, `limits`, `integrations`), kit (`app`, `audit`,
//! `idempotency`, `jobs`, `graphql`), `features`, sums (`schema`, `seed`, `worker`), edge (`http`, `logging`,
//! `sandbox`, `telemetry`, `cli`).

pub mod app;
pub mod audit;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod events;
pub mod features;
pub mod graphql;
pub mod http;
pub mod idempotency;
pub mod integrations;
pub mod jobs;
pub mod keys;
pub mod limits;
pub mod logging;
pub mod memory;
pub mod pulse;
pub mod sandbox;
pub mod schema;
pub mod seed;
pub mod telemetry;
pub mod worker;
