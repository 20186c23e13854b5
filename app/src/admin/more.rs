//! Everything of the practice that is not needed every day, in one place.

use leptos::prelude::*;

/// A page, what it is called and what it is for.
type Place = (&'static str, &'static str, &'static str);

const TIME: &[Place] = &[
    ("/admin/series", "Standing places", "Who has which hour, every week, every two or monthly."),
    ("/admin/absence", "Time away", "Who is affected, what to offer them, and only then does anybody hear of it."),
    ("/admin/waitlist", "Waitlist", "Who waits for which times, and what is offered to them now."),
    ("/admin/requests", "Requests", "People who asked for a time that is not on offer."),
    ("/admin/limits", "Calendar limits", "How many sessions a day, breaks, and how far ahead."),
    ("/admin/rooms", "Rooms", "Where sessions in person take place."),
];

const WORDS: &[Place] = &[
    ("/admin/profile", "Public pages", "What visitors read about the practice and about you."),
    ("/admin/reminders", "Reminders", "When people are reminded, and the hours in which nobody is."),
    ("/admin/documents", "Documents", "What clients read and accept before their first session."),
    ("/admin/intake", "Intake form", "What you ask before a first session."),
    ("/admin/clients/invite", "Invite somebody", "For people you have spoken with already."),
];

const MONEY: &[Place] = &[
    ("/admin/session-types", "Session types", "What can be booked: its length, its price, who may book it."),
    ("/admin/policy", "Cancelling and moving", "What cancelling costs and until when, with every version."),
    ("/admin/payments", "Payments", "What was paid, what is owed, and what went back."),
];

const YOU: &[Place] = &[("/admin/account", "Account", "Where you are signed in, and your second factor.")];

/// Draws the page.
pub fn page() -> AnyView {
    let group = |name: &'static str, places: &'static [Place]| {
        let row = |(href, title, words): &Place| {
            view! { <li><a href=*href>{*title}</a><p class="soft small">{*words}</p></li> }
        };
        view! {
            <section class="stack">
                <h2>{name}</h2>
                <ul class="rows">{places.iter().map(row).collect::<Vec<_>>()}</ul>
            </section>
        }
    };
    view! {
        <div class="desk-head"><h1>"More"</h1></div>
        <div class="stack">
            {group("Time", TIME)} {group("Money and terms", MONEY)} {group("Words and forms", WORDS)} {group("You", YOU)}
        </div>
    }
    .into_any()
}
