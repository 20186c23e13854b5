//! The last look before a session is moved.

use crate::ui::form::{Problem, error_summary};
use crate::ui::zones::Zones;
use leptos::prelude::*;
use shared::time::Instant;
use shared::words;

/// Everything the last look before moving is drawn from.
pub struct Moving {
    /// Where the pages of this move are.
    pub base: String,
    /// What it is called.
    pub name: String,
    /// When it is now.
    pub from: Instant,
    /// When it would be.
    pub to: Instant,
    /// How long it is.
    pub minutes: i64,
    /// The zones it is read in.
    pub zones: Zones,
    /// The key that makes one move of two presses.
    pub key: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// The nearest free times, when this one cannot be had.
    pub nearest: Vec<Instant>,
}

/// Draws the last look before a session is moved.
pub fn moving(moving: Moving) -> AnyView {
    let zones = &moving.zones;
    let stretch = |at: Instant| zones.stretch(at, at.plus_minutes(moving.minutes));
    let pill = |start: &Instant| {
        let civil = zones.zone.civil(*start);
        view! {
            <button class="slot" name="slot" value=start.to_string()>
                <span>{zones.clock(*start)}</span><small>{words::short_day(civil.date)}</small>
            </button>
        }
    };
    let pills: Vec<_> = moving.nearest.iter().map(pill).collect();
    let nearest = (!pills.is_empty()).then(|| {
        view! {
            <form method="post" action=moving.base.clone()>
                <p>"These are the nearest free times:"</p>
                <div class="pills">{pills}</div>
            </form>
        }
    });
    let form = moving.problems.is_empty().then(|| {
        view! {
            <form method="post" action=format!("{}/confirm", moving.base) class="cluster">
                <input type="hidden" name="slot" value=moving.to.to_string() />
                <input type="hidden" name="key" value=moving.key.clone() />
                <button class="button">"Move it"</button>
                <a class="button quiet" href=moving.base.clone()>"Another time"</a>
            </form>
        }
    });
    view! {
        <div class="wrap">
            <div class="opening"><h1>"Move this appointment?"</h1></div>
            <div class="stack">
                {error_summary(&moving.problems)}
                {nearest}
                <dl class="facts">
                    <div><dt>"What"</dt><dd>{moving.name.clone()}</dd></div>
                    <div><dt>"It was"</dt><dd><s>{stretch(moving.from)}</s></dd></div>
                    <div>
                        <dt>"It will be"</dt>
                        <dd><b>{stretch(moving.to)}</b><br />{zones.beneath(moving.to)}</dd>
                    </div>
                </dl>
                {form}
                <p class="soft">"Everything else about it stays as it is. Both of you are told once."</p>
            </div>
        </div>
    }
    .into_any()
}
