//! Inviting somebody, and the invitations that wait.

use crate::api::schema::{Shared, schema};
use crate::ui::art;
use crate::ui::form::{Problem, TextField, error_summary, text_field};
use crate::ui::pieces;
use leptos::prelude::*;
use shared::ids::InvitationId;
use shared::price::PriceClass;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// An invitation that waits.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Invitation {
    /// Which.
    pub id: InvitationId,
    /// Whom it is for.
    pub name: String,
    /// Where it was mailed.
    pub email: String,
    /// Which price list they will pay by.
    pub price_class: Shared<PriceClass>,
    /// When it was made.
    pub created_at: Instant,
    /// Until when its link works.
    pub expires_at: Instant,
}

/// What was typed into the form, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// What to call them.
    pub name: String,
    /// Where to mail the invitation.
    pub email: String,
    /// Whether they pay by the list for abroad.
    pub is_from_abroad: bool,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Draws the form.
pub fn invite(typed: Typed) -> AnyView {
    let problems = &typed.problems;
    let text = |id, label, hint, kind, value: String| {
        text_field(TextField { id, label, hint, kind, autocomplete: "off", value }, problems)
    };
    let abroad = typed.is_from_abroad;
    view! {
        <div class="desk-head">
            <div><p class="soft"><a href="/admin/clients">"Clients"</a></p><h1>"Invite somebody"</h1></div>
        </div>
        <div class="stack">
            <p>
                "For somebody you have spoken with and want to work with, without a call booked here. They get a neutral
                email with a link that works for seven days. Once they have confirmed how to reach them, paid sessions are
                open to them."
            </p>
            <form class="form" method="post" action="/admin/clients/invite">
                {error_summary(problems)}
                {text("name", "Name", None, "text", typed.name.clone())}
                {text("email", "Email", Some("The invitation goes there at once."), "email", typed.email.clone())}
                <fieldset class="field">
                    <legend>"Which prices"</legend>
                    <label class="tick">
                        <input type="radio" name="class" value="domestic" checked=!abroad /> <span>"At home"</span>
                    </label>
                    <label class="tick">
                        <input type="radio" name="class" value="international" checked=abroad />
                        <span>"From abroad"</span>
                    </label>
                </fieldset>
                <p class="cluster">
                    <button class="button">"Send the invitation"</button> <a href="/admin/clients">"Not now"</a>
                </p>
            </form>
        </div>
    }
    .into_any()
}

/// Draws the invitations that wait, under the list of clients. `search` is what they were searched for.
pub fn waiting(invitations: &[Invitation], search: &str, zone: &ZoneTable) -> impl IntoView + use<> {
    let rows: Vec<_> = invitations.iter().map(|invitation| row(invitation, zone)).collect();
    let list = match (rows.is_empty(), search.is_empty()) {
        (false, _) => view! { <ul class="rows">{rows}</ul> }.into_any(),
        (true, false) => {
            view! { <p class="soft">"No invitation that waits is like “"{search.to_owned()}"”."</p> }.into_any()
        }
        (true, true) => view! {
            <div class="empty">
                {art::small_door()}
                <div class="stack">
                    <h3>"No invitation waits"</h3>
                    <p>"Whom you invite stands here until they accept, or for seven days."</p>
                </div>
            </div>
        }
        .into_any(),
    };
    let filter = (!invitations.is_empty() || !search.is_empty()).then(|| {
        view! {
            <form class="filter" method="get" action="/admin/clients#invitations">
                <div class="field">
                    <label for="invited">"Name or email"</label>
                    <input id="invited" name="invited" type="search" autocomplete="off" value=search.to_owned() />
                </div>
                <button class="button quiet small">"Find"</button>
            </form>
        }
    });
    view! { <section class="stack" id="invitations"><h2>"Invitations"</h2>{filter}{list}</section> }
}

fn row(invitation: &Invitation, zone: &ZoneTable) -> impl IntoView + use<> {
    let Invitation { id, name, email, .. } = invitation;
    let abroad = (invitation.price_class.0 == PriceClass::International).then_some(", prices for abroad");
    let button = |what: &str, class: &'static str, words: &'static str| {
        let label = format!("{words}: {name}");
        view! {
            <form method="post" action=format!("/admin/invitations/{id}/{what}")>
                <button class=class aria-label=label>{words}</button>
            </form>
        }
    };
    view! {
        <li class="row">
            <div>
                <b>{name.clone()}</b>" "<a href=format!("mailto:{email}")>{email.clone()}</a>
                <br />
                <span class="soft small">
                    "Invited on "{words::short_day(zone.civil(invitation.created_at).date)}", works until "
                    {pieces::moment(invitation.expires_at, zone)}{abroad}
                </span>
            </div>
            <div class="cluster">
                {button("resend", "link", "Send again")} {button("revoke", "link", "Take back")}
            </div>
        </li>
    }
}
