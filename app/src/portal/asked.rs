//! What a client has asked the practice for.

use crate::api::schema::{Shared, schema};
use crate::api::waiting::WaitedType;
use leptos::prelude::*;
use shared::ids::RequestId;
use shared::request::RequestStatus;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// Something that was asked for.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnRequest")]
pub struct Asked {
    /// Which.
    pub id: RequestId,
    /// What.
    pub session_type: Option<WaitedType>,
    /// Where it stands.
    pub status: Shared<RequestStatus>,
    /// Where it stands, in a sentence.
    pub now: String,
    /// When.
    pub created_at: Instant,
}

/// What a client has asked for, and where they ask.
pub(super) fn asked(asked: Vec<Asked>, open: &[WaitedType], zone: &ZoneTable) -> impl IntoView + use<> {
    let rows: Vec<_> = asked
        .into_iter()
        .map(|request| {
            let name = request.session_type.map(|it| it.name).unwrap_or_default();
            let is_open =
                matches!(request.status.0, RequestStatus::Pending | RequestStatus::Matched | RequestStatus::Accepted);
            let label = format!("Take the request for {name} back");
            let back = is_open.then(|| {
                view! {
                    <form method="post" action=format!("/portal/requests/{}/withdraw", request.id)>
                        <button class="link" aria-label=label>"Take it back"</button>
                    </form>
                }
            });
            view! {
                <li class="row">
                    <div>
                        <b>{name}</b>
                        <br />
                        {request.now}
                        <br />
                        <span class="soft small">"Asked on "{words::day(zone.civil(request.created_at).date)}</span>
                    </div>
                    {back}
                </li>
            }
        })
        .collect();
    let list = (!rows.is_empty()).then(|| view! { <ul class="rows bare">{rows}</ul> });
    let ask: Vec<_> = open
        .iter()
        .map(|it| {
            let href = format!("/book/{}/ask", it.slug);
            view! { <li><a href=href>"Ask for a time: "{it.name.clone()}</a></li> }
        })
        .collect();
    (list.is_some() || !ask.is_empty()).then(|| {
        view! {
            <section class="stack opening">
                <h2>"Nothing suits?"</h2>
                <p>"Say when you could come, and the practice looks for a time with you."</p>
                {list}
                <ul class="bare">{ask}</ul>
            </section>
        }
    })
}
