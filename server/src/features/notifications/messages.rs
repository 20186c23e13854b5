//! The words of every mail.

mod asking;

pub use asking::{follow_up, offer, reminder, request_closed, request_matched, request_received, request_waits};

use super::outward::{Code, Link, Outward, Page, Relayed, Subject, When};
use crate::app::App;
use crate::features::practice::PracticeSettings;

/// A link and a code to sign in with.
pub fn sign_in(settings: &PracticeSettings, link: Link, code: Code, minutes: i64) -> Outward {
    Outward::new(Subject::Words("Your sign-in link"), "Here is your way in")
        .says("Follow the link, or type the code where you asked for it. Either works once.")
        .action("Sign in", link)
        .code(code)
        .lasts("They work for", minutes)
        .small("If you did not ask for this, you can leave this mail unread. Nobody gets in without it.")
        .crisis(settings)
}

/// A new appointment, for the client.
pub fn confirmed(app: &App, settings: &PracticeSettings, when: When, reference: &str, manage: Link) -> Outward {
    Outward::new(Subject::At("Your appointment on", when.clone()), "You have a time")
        .at(when)
        .says("It is in the calendar. There is nothing to prepare.")
        .action("See or change it", manage)
        .link("Sign in", Link::to(app, Page::SignIn))
        .reference(reference)
        .small("If something comes up, the link above lets you call it off. Whoever has this mail can do that, so please keep it to yourself.")
        .crisis(settings)
}

/// An appointment at another time, for the client.
pub fn moved(app: &App, settings: &PracticeSettings, when: When, reference: &str, manage: Link) -> Outward {
    Outward::new(Subject::AtAnd("Your appointment is now on", when.clone(), "(moved)"), "You have a new time")
        .at(when)
        .says("Your appointment has moved. The time above is the one that counts.")
        .action("See or change it", manage)
        .link("Sign in", Link::to(app, Page::SignIn))
        .reference(reference)
        .crisis(settings)
}

/// An appointment that was called off, for the client.
pub fn called_off(app: &App, settings: &PracticeSettings, when: When, reference: &str) -> Outward {
    Outward::new(Subject::AtAnd("Your appointment on", when.clone(), "is cancelled"), "Your appointment is cancelled")
        .at(when)
        .says("It is out of the calendar, and there is nothing more you need to do.")
        .link("Find another time", Link::to(app, Page::Book))
        .reference(reference)
        .crisis(settings)
}

/// A new appointment, for the therapist.
pub fn new_in_calendar(app: &App, when: When, reference: &str) -> Outward {
    Outward::new(Subject::At("A new appointment on", when.clone()), "A new appointment")
        .at(when)
        .says("Who it is and what they wrote is in your day.")
        .action("See your day", Link::to(app, Page::Day))
        .reference(reference)
}

/// An appointment at another time, for the therapist.
pub fn moved_in_calendar(app: &App, when: When, reference: &str) -> Outward {
    Outward::new(Subject::At("An appointment is now on", when.clone()), "An appointment has moved")
        .at(when)
        .says("The time above is the one that counts.")
        .action("See your day", Link::to(app, Page::Day))
        .reference(reference)
}

/// An appointment that was called off, for the therapist.
pub fn gone_from_calendar(app: &App, when: When, reference: &str) -> Outward {
    Outward::new(Subject::AtAnd("The appointment on", when.clone(), "is cancelled"), "An appointment is cancelled")
        .at(when)
        .says("The time is free again.")
        .action("See your day", Link::to(app, Page::Day))
        .reference(reference)
}

/// Something waits in the portal.
pub fn news(app: &App, settings: &PracticeSettings) -> Outward {
    Outward::new(Subject::Words("There is news for you"), "There is news for you in your portal")
        .says("Sign in to read it, whenever it suits you.")
        .action("Open your portal", Link::to(app, Page::Portal))
        .crisis(settings)
}

/// A login was ended because its token was used twice.
pub fn token_reused(app: &App) -> Outward {
    Outward::new(Subject::Words("You were signed out to be safe"), "You were signed out to be safe")
        .says("Somebody used an old key of one of your browsers. It may have been a copy, so that browser was signed out.")
        .says("If you had just restored a backup or cleared your browser, all is well. If not, sign in and look through the list of your browsers.")
        .action("Sign in", Link::to(app, Page::SignIn))
}

/// A message from the contact form, for the practice.
pub(super) fn contact_message(relayed: Relayed) -> Outward {
    Outward::new(Subject::Words("A message from your contact form"), "A message from your contact form")
        .small("Answering this mail answers the person who wrote.")
        .relays(relayed)
}

/// Thanks somebody for writing.
pub fn contact_thanks(settings: &PracticeSettings) -> Outward {
    Outward::new(Subject::Words("Your message has arrived"), "Thank you. Your message has arrived.")
        .answers_within(settings)
        .small("If it was not you who wrote to us, you can leave this mail unread.")
        .crisis(settings)
}
