//! The commands of the binary.

mod doctor;
mod jobs;
mod serve;

use crate::app::Mode;
use crate::clock::Clock;
use crate::config::{Config, ConfigProblem, Overrides, SETTINGS};
use crate::db::{self, Db};
use crate::error::{Error, Result};
use crate::events::Bus;
use crate::features::practice::{
    self,
    begin::{self, NewPractice},
};
use crate::schema;
use clap::{Parser, Subcommand};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A therapy practice in one binary.
#[derive(Debug, Parser)]
#[command(name = "anteroom", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    overrides: Overrides,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the practice (what happens when no command is given).
    Serve,
    /// Serve a made-up practice to look around in: no real mail leaves, and the clock can be pushed.
    Demo,
    /// Bring the database's schema up to date.
    Migrate,
    /// Manage who runs the practice.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Check what this practice needs, from its database to its mail, and say what is wrong.
    Doctor,
    /// List the deferred work that waits, runs or was given up, or try again what was given up.
    Jobs(jobs::Jobs),
    /// Print the GraphQL schema.
    Schema,
    /// Look at the settings.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// Make an owner: the first, with whom the practice begins, or a further one.
    ///
    /// A practice that has begun keeps its name, its zone and the owners it has.
    Create {
        /// The owner's e-mail address.
        #[arg(long)]
        email: String,
        /// The owner's name.
        #[arg(long)]
        name: String,
        /// What a new practice is called.
        #[arg(long, default_value = "My practice")]
        practice: String,
        /// The zone a new practice keeps its hours in.
        #[arg(long, default_value = "Europe/London")]
        time_zone: String,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Say everything that is wrong with the settings, or that nothing is.
    Check,
    /// Print every setting with its meaning and default, ready for `.env`.
    Example,
}

/// Room for the calls of one thread: a page is a deep view, and without optimisation each level of it is moved by hand.
const STACK: usize = 8 * 1024 * 1024;

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("cannot start: {error}")),
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => failed(&error.to_string()),
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    let command = cli.command.unwrap_or(Command::Serve);
    match command {
        Command::Schema => {
            println!("{}", schema::sdl().trim_end());
            return Ok(ExitCode::SUCCESS);
        }
        Command::Config(ConfigCommand::Example) => {
            print!("{}", example());
            return Ok(ExitCode::SUCCESS);
        }
        Command::Demo => return serve::demo(&cli.overrides).await.unwrap_or_else(|problems| Ok(explain(&problems))),
        _ => {}
    }
    let config = match Config::load(&cli.overrides, &[]) {
        Ok(config) => config,
        Err(problems) => return Ok(explain(&problems)),
    };
    match command {
        Command::Config(ConfigCommand::Check) => {
            println!("The settings are fine.");
            Ok(ExitCode::SUCCESS)
        }
        Command::Migrate => {
            make_data_folder(&config)?;
            let db = open(&config).await?;
            let state = db.migrate().await?;
            db.close().await;
            println!("The database is at migration {}.", state.applied);
            Ok(ExitCode::SUCCESS)
        }
        Command::Doctor => doctor::run(&config).await,
        Command::Jobs(jobs) => jobs::run(&config, jobs).await,
        Command::Admin(AdminCommand::Create { email, name, practice, time_zone }) => {
            create_owner(config, NewPractice { name, email, practice, time_zone }).await
        }
        Command::Serve => serve::production(config).await,
        Command::Schema | Command::Demo | Command::Config(ConfigCommand::Example) => Ok(ExitCode::SUCCESS),
    }
}

async fn create_owner(config: Config, new: NewPractice) -> Result<ExitCode> {
    let app = serve::open(config, Mode::Production, Clock::system()).await?;
    let has_begun = practice::exists(&mut app.db.read().await?).await?;
    let created = begin::create(&app, new).await;
    app.db.close().await;
    let owner = match created {
        Err(Error::Refused(problems)) => {
            for problem in problems {
                eprintln!("anteroom: {}", problem.message);
            }
            return Ok(ExitCode::from(2));
        }
        outcome => outcome?,
    };
    if has_begun {
        println!("The practice has begun already and stays as it is. {} owns it too now.", owner.name);
    } else {
        println!("{} owns the practice now.", owner.name);
    }
    println!("Sign in with {} at {}.", owner.email, app.config.link("/sign-in"));
    Ok(ExitCode::SUCCESS)
}

/// Makes the folder for the database and the key, if there is none. What is in it is nobody else's on this machine.
fn make_data_folder(config: &Config) -> Result<()> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&config.data);
    made.map_err(|error| Error::internal(format!("the data folder {} cannot be made: {error}", config.data.display())))
}

async fn open(config: &Config) -> Result<Db> {
    let process = Clock::system().new_id();
    Db::open(&config.database_url(), Bus::new(process)).await
}

/// Opens a database that is there and of this release, and changes nothing about it.
async fn open_as_it_is(config: &Config) -> Result<Db> {
    if let Some(file) = missing_file(config)? {
        return Err(Error::internal(format!("there is no database {} yet; the first start makes it", file.display())));
    }
    let db = open(config).await?;
    let state = db.migration_state().await?;
    if !state.is_current() {
        let (applied, newest) = (state.applied, state.newest);
        let message = format!("the database is at migration {applied}, and this release needs {newest}");
        return Err(Error::internal(format!("{message}; run `anteroom migrate` of the newer one")));
    }
    Ok(db)
}

/// The file of the database, if it should be in one that is not there.
fn missing_file(config: &Config) -> Result<Option<PathBuf>> {
    let url = config.database_url();
    Ok(db::file_of(&url)?.filter(|file| !file.exists()).map(Path::to_path_buf))
}

fn explain(problems: &[ConfigProblem]) -> ExitCode {
    eprintln!("These settings need your attention:");
    for problem in problems {
        eprintln!("  {}: {}", problem.setting, problem.message);
    }
    ExitCode::from(2)
}

fn failed(why: &str) -> ExitCode {
    eprintln!("anteroom: {why}");
    ExitCode::FAILURE
}

/// Every setting as `.env.example` shows it.
pub fn example() -> String {
    let mut text = String::from(
        "# Every setting of Anteroom. Copy to .env and change what you need; what is commented out is the default.\n",
    );
    for setting in SETTINGS {
        text.push('\n');
        for line in setting.doc.trim().lines() {
            text.push_str(&format!("# {}\n", line.trim()));
        }
        // A line whose value has a space in it is read only with quotes.
        let quote = if setting.default.contains(' ') { "\"" } else { "" };
        text.push_str(&format!("#ANTEROOM_{}={quote}{}{quote}\n", setting.name.to_uppercase(), setting.default));
    }
    text
}
