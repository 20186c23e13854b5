//! The account of whoever is signed in: the same page in both portals.

use crate::api::schema::schema;
use crate::api::zone::{Zone, ZoneVariablesFields, table};
use crate::ui::form::{Problem, TextField, error_summary, text_field};
use crate::ui::pieces::{self, Notice};
use leptos::prelude::*;
use serde::Serialize;
use shared::ids::LoginId;
use shared::time::Instant;
use shared::words;

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
pub struct AccountQuery {
    /// The zone of the practice.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: AccountViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct AccountViewer {
    /// The person.
    pub user: Option<AccountUser>,
}

/// The person who is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "User")]
pub struct AccountUser {
    /// What to call them.
    pub name: String,
    /// Where mail goes.
    pub email: String,
    /// Where to call them.
    pub phone: String,
    /// Their second factor.
    pub second_factor: SecondFactor,
    /// Where they are signed in.
    pub logins: Vec<Login>,
}

/// The second factor of whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct SecondFactor {
    /// Where this login stands with it.
    pub state: SecondFactorState,
    /// Since when the authenticator is in use.
    pub confirmed_at: Option<Instant>,
    /// How many recovery codes are left.
    pub recovery_codes_left: i32,
}

/// Where a login stands with its second factor.
#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactorState {
    /// Clients need none.
    NotNeeded,
    /// There is none yet.
    ToSetUp,
    /// It has not been shown.
    ToShow,
    /// It was shown in this login.
    Shown,
}

/// A signed-in browser.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
pub struct Login {
    /// Which.
    pub id: LoginId,
    /// The browser and system, in words.
    pub device: String,
    /// When it was signed in.
    pub created_at: Instant,
    /// When it was last used.
    pub seen_at: Instant,
    /// Whether it is this one.
    pub is_this: bool,
}

/// What a client changes about themselves.
#[derive(Debug, Clone, Default)]
pub struct Contact {
    /// That it is changed.
    pub notice: Option<Notice>,
    /// The name and number that were typed and refused.
    pub typed: Option<(String, String)>,
    /// What is wrong with them.
    pub problems: Vec<Problem>,
}

/// Draws the page. Staff change nothing about themselves here, and give no `contact`.
pub fn page(answer: AccountQuery, contact: Option<Contact>) -> AnyView {
    let zone = table(answer.time_zone.as_ref());
    let Some(user) = answer.viewer.user else { return view! { <p>"Nobody is signed in."</p> }.into_any() };
    let is_client = contact.is_some();
    let head = match is_client {
        false => view! { <div class="desk-head"><h1>"Your account"</h1></div> }.into_any(),
        true => view! { <div class="opening"><h1>"Your account"</h1></div> }.into_any(),
    };
    let you = match contact {
        Some(contact) => contact_form(&user, contact).into_any(),
        None => view! {
            <dl class="facts">
                <div><dt>"Name"</dt><dd>{user.name.clone()}</dd></div>
                <div><dt>"Email"</dt><dd>{user.email.clone()}</dd></div>
                {factor(&user.second_factor, &zone)}
            </dl>
        }
        .into_any(),
    };
    let others = user.logins.iter().any(|login| !login.is_this).then(|| {
        view! {
            <form method="post" action="/account/logins/end-others">
                <button class="button danger small">"Sign out everywhere else"</button>
            </form>
        }
    });
    let logins = user.logins.iter().map(|login| row(login, &zone)).collect::<Vec<_>>();
    view! {
        {head}
        <section class="stack opening">
            <h2>"You"</h2>
            {you}
        </section>
        {is_client.then(yours)}
        <section class="stack opening">
            <h2>"Where you are signed in"</h2>
            <ul class="rows">{logins}</ul>
            <p class="soft small">{words::city(&zone.name)}" time."</p>
            <div class="cluster">
                {others}
                <form method="post" action="/sign-out">
                    <button class="button quiet small">"Sign out here"</button>
                </form>
            </div>
        </section>
    }
    .into_any()
}

/// How a client is called and reached. The address stays: it is what they sign in with.
fn contact_form(user: &AccountUser, contact: Contact) -> impl IntoView + use<> {
    let Contact { notice, typed, problems } = contact;
    let (name, phone) = typed.unwrap_or_else(|| (user.name.clone(), user.phone.clone()));
    let field = |id, label, hint, kind, autocomplete, value| {
        text_field(TextField { id, label, hint, kind, autocomplete, value }, &problems)
    };
    view! {
        {pieces::notice(notice)}
        <form class="form" method="post" action="/portal/account">
            {error_summary(&problems)} {field("name", "What should we call you?", None, "text", "name", name)}
            {field("phone", "Phone", Some("Sessions that are coming have the new number too."), "tel", "tel", phone)}
            <p>"Mail goes to "<b>{user.email.clone()}</b>"."</p>
            <p><button class="button">"Save"</button></p>
        </form>
    }
}

/// What else is a client's own.
fn yours() -> impl IntoView {
    view! {
        <section class="stack opening">
            <h2>"Yours"</h2>
            <ul class="rows">
                <li><a href="/portal/reminders">"Reminders"</a><p class="soft small">"When you hear of a session, and how."</p></li>
                <li><a href="/portal/waitlist">"Waitlist"</a><p class="soft small">"Times you would rather have, and what is kept for you."</p></li>
                <li><a href="/portal/documents">"Documents"</a><p class="soft small">"What you agreed to, to read again."</p></li>
            </ul>
        </section>
    }
}

fn factor(factor: &SecondFactor, zone: &shared::zone::ZoneTable) -> Option<impl IntoView + use<>> {
    let (class, words) = match factor.state {
        SecondFactorState::NotNeeded => return None,
        _ if factor.confirmed_at.is_some() => ("badge confirmed", "In use"),
        _ => ("badge pending", "Not set up"),
    };
    let left = match factor.recovery_codes_left {
        0 => "No recovery codes are left.".to_owned(),
        1 => "One recovery code is left.".to_owned(),
        left => format!("{left} recovery codes are left."),
    };
    let since = factor.confirmed_at.map(|at| format!("Since {}. {left}", words::full_day(zone.civil(at).date)));
    let change = if since.is_some() { "Use another authenticator" } else { "Set up an authenticator" };
    Some(view! {
        <div>
            <dt>"Second factor"</dt>
            <dd>
                <a class="change" href="/sign-in/set-up">{change}</a> <span class=class>{words}</span>
                {since.map(|since| view! { <br /><span class="soft small">{since}</span> })}
            </dd>
        </div>
    })
}

fn row(login: &Login, zone: &shared::zone::ZoneTable) -> impl IntoView + use<> {
    let end = match login.is_this {
        true => view! { <span class="badge confirmed">"Here now"</span> }.into_any(),
        false => view! {
            <form method="post" action=format!("/account/logins/{}/end", login.id)>
                <button class="link" aria-label=format!("Sign out {}", login.device)>"Sign out"</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <li class="row">
            <div>
                <b>{login.device.clone()}</b>
                <br />
                <span class="soft small">
                    "Since "{words::short_day(zone.civil(login.created_at).date)}", last used "
                    {words::short_moment(login.seen_at, zone)}
                </span>
            </div>
            {end}
        </li>
    }
}
