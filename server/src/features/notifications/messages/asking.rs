//! The words of reminders, offers and answers to requests.

use crate::app::App;
use crate::features::notifications::outward::{Link, Outward, Page, Subject, When};
use shared::reminder::SUBJECT;

/// What stands on the buttons of a reminder, one for each session of the day.
const CONFIRM: [&str; 4] =
    ["I will be there", "And at the second time", "And at the third time", "And at the fourth time"];

/// A reminder of the sessions of one day. `confirm` leads to the page of each, where a button confirms it; following a
/// link changes nothing.
pub fn reminder(app: &App, when: When, confirm: Vec<Link>, manage: Vec<Link>, free_until: Option<When>) -> Outward {
    let is_one = confirm.len() == 1;
    let mut outward = Outward::new(
        Subject::At(SUBJECT, when.clone()),
        if is_one { "Your appointment is coming up" } else { "Your appointments are coming up" },
    )
    .at(when);
    if let Some(free_until) = free_until {
        outward = outward.by("If it no longer suits you, calling off costs nothing until", free_until);
    }
    for (index, link) in confirm.into_iter().enumerate() {
        outward = match index {
            0 => outward.action(CONFIRM[0], link),
            _ => outward.link(CONFIRM[index.min(CONFIRM.len() - 1)], link),
        };
    }
    for link in manage {
        outward = outward.link(if is_one { "See or change it" } else { "See or change one of them" }, link);
    }
    outward
        .small("Whoever has this mail can answer it, so please keep it to yourself.")
        .link("Choose when you are reminded", Link::to(app, Page::Reminders))
}

/// Asks once, after a while, whether somebody would like to come again.
pub fn follow_up(app: &App) -> Outward {
    Outward::new(Subject::Words("Would you like another appointment?"), "It has been a while")
        .says("If you would like to come again, your portal shows which times are free.")
        .says("If not, there is nothing you need to do. You will not be asked again.")
        .action("See free times", Link::to(app, Page::Portal))
        .small("You agreed to be asked once. You can change that in your portal.")
        .link("Choose what you are asked", Link::to(app, Page::Reminders))
}

/// A time that is kept for somebody who waits.
pub fn offer(app: &App, when: When, until: When, is_move: bool) -> Outward {
    let words = match is_move {
        true => "It is earlier than the time you have. If you take it, your other time is given back.",
        false => "It is yours if you would like it.",
    };
    Outward::new(Subject::At("A time has become free:", when.clone()), "A time is kept for you")
        .at(when)
        .says(words)
        .by("It is kept for you until", until)
        .action("Take it or leave it", Link::to(app, Page::Waitlist))
        .small("If you would rather not, you need not answer. You stay on the list.")
}

/// Asks somebody who has waited for long whether they still do.
pub fn still_waiting(answer: Link, until: When) -> Outward {
    Outward::new(Subject::Words("Are you still waiting for a time?"), "Are you still waiting?")
        .says("You asked to hear of times that become free. One press says whether you still would like to.")
        .action("Yes, or not any more", answer)
        .by("If we do not hear from you, we take you off the list on", until)
        .small("You can come back with the same link afterwards.")
}

/// Times that are kept for somebody in place of one that was called off.
pub fn make_up(was: When, times: Vec<When>, answer: Link, until: When) -> Outward {
    Outward::new(Subject::Words("Choose another time"), "Another time is kept for you")
        .says("An appointment had to be called off. If you would like another one, these times are kept for you.")
        .list("Called off, at no cost", vec![was])
        .list("Kept for you", times)
        .action("Choose one, or none", answer)
        .by("They are kept until", until)
        .small("If none of them suits, say so with the same link, or let them pass.")
}

/// Somebody asks for an appointment: for the practice.
pub fn request_waits(app: &App) -> Outward {
    Outward::new(Subject::Words("Somebody asks for an appointment"), "Somebody asks for an appointment")
        .says("What they would like is in your requests.")
        .action("See the requests", Link::to(app, Page::Requests))
}

/// A request with a time for the therapist to say yes to.
pub fn request_matched(app: &App, when: When) -> Outward {
    Outward::new(Subject::At("A request for", when.clone()), "Would this time suit you?")
        .at(when)
        .says("The practice has found this time for somebody who asks. It is kept for nobody until you say yes.")
        .action("Answer it", Link::to(app, Page::Requests))
}

/// A request has arrived: for whoever asked.
pub fn request_received() -> Outward {
    Outward::new(Subject::Words("Your request has arrived"), "Your request has arrived")
        .says("We look for a time that suits you, and write as soon as there is one.")
        .small("You will have an answer as soon as we can give one.")
        .small("If it was not you who asked, you can leave this mail unread.")
}

/// A request came to nothing: for whoever asked.
pub fn request_closed(app: &App) -> Outward {
    Outward::new(Subject::Words("About your request"), "We could not find a time this time")
        .says("We are sorry: none of the times we have would suit what you asked for.")
        .says("You can ask again whenever you like, or look at what is free now.")
        .action("See free times", Link::to(app, Page::Book))
}
