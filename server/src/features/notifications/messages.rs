//! The words of every mail.

mod asking;

pub use asking::{
    follow_up, make_up, offer, reminder, request_closed, request_matched, request_received, request_waits,
    still_waiting,
};

use super::outward::{Code, Link, Outward, Page, Relayed, Subject, When};
use super::series::Changes;
use crate::app::App;
use shared::practice::Modality;

/// A link and a code to sign in with.
pub fn sign_in(link: Link, code: Code, minutes: i64) -> Outward {
    Outward::new(Subject::Words("Your sign-in link"), "Here is your way in")
        .says("Follow the link, or type the code where you asked for it. Either works once.")
        .action("Sign in", link)
        .code(code)
        .lasts("They work for", minutes)
        .small("If you did not ask for this, you can leave this mail unread. Nobody gets in without it.")
}

/// A new appointment, for the client.
pub fn confirmed(app: &App, when: When, how: Modality, reference: &str, manage: Link) -> Outward {
    Outward::new(Subject::At("Your appointment on", when.clone()), "You have a time")
        .at(when)
        .says(at_the_time(how))
        .says("There is nothing to prepare. The file that comes with this mail puts it into your calendar.")
        .action("See or change it", manage)
        .link("Sign in", Link::to(app, Page::SignIn))
        .reference(reference)
        .small("If something comes up, the link above lets you call it off. Whoever has this mail can do that, so please keep it to yourself.")
}

/// What to do at the time, for whoever reads nothing but the mail.
fn at_the_time(how: Modality) -> &'static str {
    match how {
        Modality::Phone => "At the time we call the number you gave. It may show as withheld.",
        Modality::Online => "You are sent the way in before it begins.",
        Modality::InPerson => "It is at our address, which our website shows.",
    }
}

/// An appointment at another time, for the client.
pub fn moved(app: &App, when: When, reference: &str, manage: Link) -> Outward {
    Outward::new(Subject::AtAnd("Your appointment is now on", when.clone(), "(moved)"), "You have a new time")
        .at(when)
        .says("Your appointment has moved. The time above is the one that counts.")
        .action("See or change it", manage)
        .link("Sign in", Link::to(app, Page::SignIn))
        .reference(reference)
}

/// An appointment that was called off, for the client.
pub fn called_off(app: &App, when: When, reference: &str) -> Outward {
    Outward::new(Subject::AtAnd("Your appointment on", when.clone(), "is cancelled"), "Your appointment is cancelled")
        .at(when)
        .says("It is out of the calendar, and there is nothing more you need to do.")
        .link("Find another time", Link::to(app, Page::Book))
        .reference(reference)
}

/// A time that was kept until it was paid for, and is not any more, for the client.
pub fn not_confirmed(app: &App, when: When, reference: &str) -> Outward {
    Outward::new(
        Subject::AtAnd("Your appointment on", when.clone(), "was not confirmed"),
        "This time was not confirmed",
    )
    .at(when)
    .says("It was kept for you until it had to be paid, and no payment had arrived by then. The time is free again, and you owe nothing for it.")
    .says("If your payment is still on its way, it is not lost: the time is yours if nobody else has taken it, and otherwise the money goes back to you.")
    .action("Find another time", Link::to(app, Page::Portal))
    .reference(reference)
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
pub fn news(app: &App) -> Outward {
    Outward::new(Subject::Words("There is news for you"), "There is news for you in your portal")
        .says("Sign in to read it, whenever it suits you.")
        .action("Open your portal", Link::to(app, Page::Portal))
}

/// An invitation. Whoever reads over a shoulder learns nothing from it.
pub fn invitation(link: Link) -> Outward {
    Outward::new(Subject::Words("Your invitation"), "You are invited")
        .says("Somebody you have spoken with has opened a place for you. Follow the link to confirm how to reach you.")
        .action("Open the invitation", link)
        .small("The link works once, for seven days. If it has run out, ask for a new one.")
        .small("If you did not expect this, you can leave this mail unread.")
}

/// Something waits for the therapist.
pub fn something_waits(app: &App) -> Outward {
    Outward::new(Subject::Words("Something waits for you"), "Something waits for your answer")
        .says("You will find it in your day, under “Decisions awaited”. It takes a minute.")
        .action("See your day", Link::to(app, Page::Day))
}

/// A payment that arrived, for the client.
pub fn receipt(app: &App) -> Outward {
    Outward::new(Subject::Words("Your receipt"), "Thank you. Your payment has arrived.")
        .says("The receipt is in your portal, to read or to print.")
        .action("See the receipt", Link::to(app, Page::Bills))
}

/// Something to pay that the client does not know of, for the client. Neither how much nor what for leaves the system.
pub fn new_bill(app: &App) -> Outward {
    Outward::new(Subject::Words("There is something new in your bills"), "There is something new in your bills")
        .says("Sign in to read it, whenever it suits you.")
        .action("See your bills", Link::to(app, Page::Bills))
}

/// Money that goes back, for the client.
pub fn refunded(app: &App) -> Outward {
    Outward::new(Subject::Words("Your money is on its way back"), "Your money is on its way back to you")
        .says("How much it is, and what for, is in your portal. Banks take up to ten days to show it.")
        .action("See it", Link::to(app, Page::Bills))
}

/// Money that goes back because it came when the time had been given to somebody else.
pub fn came_too_late(app: &App) -> Outward {
    Outward::new(Subject::Words("Your payment came too late, and goes back"), "Your payment came too late")
        .says("When it arrived, the time had just been given to somebody else. We are sorry: we know that finding a time is not easy.")
        .says("All of it is on its way back to you. Banks take up to ten days to show it.")
        .action("Find another time", Link::to(app, Page::Portal))
        .link("See it", Link::to(app, Page::Bills))
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
pub fn contact_thanks() -> Outward {
    Outward::new(Subject::Words("Your message has arrived"), "Thank you. Your message has arrived.")
        .small("You will have an answer as soon as we can give one.")
        .small("If it was not you who wrote to us, you can leave this mail unread.")
}

/// New, moved and cancelled appointments in one mail, for the client.
pub(super) fn sessions_changed(app: &App, changes: Changes) -> Outward {
    let (subject, heading) = match (changes.regular.is_empty(), changes.has_ended) {
        (false, _) => ("Your regular appointment", "Your regular appointment"),
        (true, true) => ("Your regular appointment has ended", "Your regular appointment has ended"),
        (true, false) => ("Your appointments have changed", "Your appointments have changed"),
    };
    listed(Outward::new(Subject::Words(subject), heading), changes)
        .action("Open your portal", Link::to(app, Page::Portal))
        .small("If a time does not suit you, your portal lets you call it off. For another regular time, please write to us.")
}

/// New, moved and cancelled appointments in one mail, for the therapist.
pub(super) fn sessions_changed_in_calendar(app: &App, changes: Changes) -> Outward {
    let heading = match changes.regular.is_empty() && !changes.has_ended {
        true => "Appointments have changed",
        false => "A regular appointment",
    };
    listed(Outward::new(Subject::Words(heading), heading), changes).action("See your day", Link::to(app, Page::Day))
}

fn listed(mut outward: Outward, changes: Changes) -> Outward {
    if let Some(first) = changes.regular.first() {
        outward = outward.at(first.clone());
    }
    if changes.regular.len() > 1 {
        outward = outward.list("Regular times", changes.regular);
    }
    if changes.has_ended {
        outward = outward.says("A regular time has come to its end. What is still to come is listed in your portal.");
    }
    outward = outward.list("In the calendar", changes.made);
    outward = outward.list("At another time now", changes.moved);
    outward = outward.list("Cancelled, at no cost", changes.called_off);
    if changes.is_cut { outward.small("There are more; your portal lists them all.") } else { outward }
}

/// The clocks put a regular appointment at another hour, for the client.
pub fn clocks_change(app: &App, when: When) -> Outward {
    Outward::new(Subject::Words("The clocks change: your regular appointment"), "The clocks change")
        .at(when)
        .says("Where one of us is, the clocks change. From the day above your regular appointment is at the time shown there.")
        .says("Nothing else changes, and there is nothing you need to do.")
        .action("Open your portal", Link::to(app, Page::Portal))
}

/// The clocks put a regular appointment at another hour, for the therapist.
pub fn clocks_change_for_practice(app: &App, when: When) -> Outward {
    Outward::new(Subject::Words("The clocks change: a regular appointment"), "The clocks change")
        .at(when)
        .says("From that day a regular appointment is at another hour for one of the two of you. Both have been told.")
        .action("See your day", Link::to(app, Page::Day))
}

/// Regular appointments that found no room, for the therapist.
pub fn no_room(app: &App) -> Outward {
    Outward::new(Subject::Words("A regular appointment found no room"), "A regular appointment found no room")
        .says("Something else is in the calendar at that time. Nothing was left out: it waits for you, with the nearest free times beside it.")
        .action("Find it another time", Link::to(app, Page::Places))
}
