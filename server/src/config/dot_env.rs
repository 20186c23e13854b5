//! The file `.env` beside where the server runs.

use super::{ConfigProblem, problem};

/// Takes `.env` into the environment, as far as it can be read. After a line that cannot be, the settings that follow are
/// answered: nothing is served then, but they are checked too.
pub(super) fn read(problems: &mut Vec<ConfigProblem>) -> Vec<(String, String)> {
    let Err(error) = dotenvy::dotenv() else { return Vec::new() };
    // A missing .env is normal; one that cannot be read is not.
    if error.not_found() {
        return Vec::new();
    }
    let lines = match dotenvy::dotenv_iter() {
        Ok(lines) => lines,
        Err(error) => {
            problems.push(problem(".env", error.to_string()));
            return Vec::new();
        }
    };
    let mut settings = Vec::new();
    for line in lines {
        match line {
            Ok((name, value)) => settings.extend(setting_of(&name).map(|name| (name, value))),
            Err(dotenvy::Error::LineParse(rest, _)) => problems.push(unreadable_line(&rest)),
            Err(error) => {
                problems.push(problem(".env", error.to_string()));
                break;
            }
        }
    }
    settings
}

/// What is wrong with a line of `.env`, of which this much could not be read. That may hold a password, and is not said.
fn unreadable_line(rest: &str) -> ConfigProblem {
    let here = std::env::current_dir().unwrap_or_default();
    let text =
        here.ancestors().find_map(|folder| std::fs::read_to_string(folder.join(".env")).ok()).unwrap_or_default();
    let line =
        text.lines().enumerate().find(|(_, line)| !rest.is_empty() && line.trim_end().ends_with(rest.trim_end()));
    let place = line.map_or_else(|| "a line".to_owned(), |(before, _)| format!("line {}", before + 1));
    match line.and_then(|(_, line)| line.split_once('=')).and_then(|(name, _)| setting_of(name.trim())) {
        Some(name) => problem(&name, format!("{place} of .env cannot be read: put double quotes around the value")),
        None => problem(".env", format!("{place} is not like ANTEROOM_NAME=\"value\"")),
    }
}

/// The setting that a variable of the environment stands for.
fn setting_of(variable: &str) -> Option<String> {
    let name = if variable == "DATABASE_URL" { Some(variable) } else { variable.strip_prefix("ANTEROOM_") };
    name.map(str::to_lowercase)
}
