//! A time that is kept for somebody, and one that was lost to somebody else.

use crate::ui::markup::el;
use crate::ui::zones::Zones;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::time::Instant;

/// The id of the part that comes to life.
pub const ALIVE: &str = "hold";

/// A time that is kept for whoever looks at the page.
#[derive(Clone, Serialize, Deserialize)]
pub struct Hold {
    /// The practice's clock when the page was drawn.
    pub now: Instant,
    /// Until when.
    pub until: Instant,
    /// Until when, as the visitor's clock shows it.
    pub clock: String,
}

impl Hold {
    /// The minutes that are left, so many seconds after the page was drawn.
    pub fn minutes_left(&self, seconds: i64) -> i64 {
        (self.until.seconds() - self.now.seconds() - seconds + 59).div_euclid(60)
    }
}

/// Draws the line. `left` is how many minutes there are.
pub fn line(hold: &Hold, left: RwSignal<i64>) -> impl IntoView + use<> {
    let hold = hold.clone();
    move || {
        let first = match left.get() {
            ..=0 => el("span").text("We could not keep this time any longer. It may still be free."),
            _ => {
                let until = el("time").attr("datetime", hold.until.to_string()).text(hold.clock.clone());
                el("span").text("We keep this time for you until ").child(el("b").child(until)).text(".")
            }
        };
        let second = match left.get() {
            ..=0 => String::new(),
            1 => "One minute left.".to_owned(),
            minutes => minutes.to_string() + " minutes left.",
        };
        el("p").class("hold").attr("role", "timer").child(first).child(el("span").text(second))
    }
}

/// A time that cannot be had.
#[derive(Debug, Clone, Copy)]
pub struct Lost {
    /// When it begins.
    pub at: Instant,
    /// Whether somebody else has it. Otherwise it is not offered: too soon, too far ahead, or outside the hours.
    pub taken: bool,
}

impl Lost {
    /// What is said of it.
    pub fn words(self, zones: &Zones) -> String {
        match self.taken {
            true => format!("Someone took {} a moment ago", zones.clock(self.at)),
            false => format!("{} cannot be booked", zones.moment(self.at)),
        }
    }
}

/// A time that cannot be had, and what can be instead.
#[derive(Clone)]
pub struct Conflict {
    /// The time.
    pub lost: Lost,
    /// The nearest free times.
    pub nearest: Vec<Instant>,
    /// A link to all of them.
    pub all: String,
    /// Whether anything was typed that is kept.
    pub keeps_typed: bool,
}
