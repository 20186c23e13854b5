//! The therapist's clients.

use super::invitations::{self, Invitation};
use crate::api::page_info::PageInfo;
use crate::api::schema::{Shared, schema};
use crate::api::zone::{Zone, table};
use crate::ui::art;
use crate::ui::form::{code, encoded};
use crate::ui::pieces::{self, Notice};
use leptos::prelude::*;
use shared::ids::ClientId;
use shared::stage::Stage;
use shared::time::Instant;
use shared::words;

/// Which clients are asked for.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct ClientsVariables {
    /// The zone of the practice.
    pub zone: String,
    /// Only those of this stage.
    pub stage: Option<Shared<Stage>>,
    /// Only those with this in their name or address.
    pub search: Option<String>,
    /// Only those after this cursor.
    pub after: Option<String>,
    /// What invitations are searched for.
    pub invited: Option<String>,
}

/// What the list of clients asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ClientsVariables")]
pub struct ClientsQuery {
    /// The zone of the practice.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: ClientsViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "ClientsVariables")]
pub struct ClientsViewer {
    /// Her desk.
    pub therapist: Option<ClientsDesk>,
}

/// The therapist's desk.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk", variables = "ClientsVariables")]
pub struct ClientsDesk {
    /// Her clients.
    #[arguments(stage: $stage, search: $search, after: $after, first: 50)]
    pub clients: Clients,
    /// The invitations that wait.
    #[arguments(search: $invited)]
    pub invitations: Vec<Invitation>,
}

/// A page of clients.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "ClientConnection")]
pub struct Clients {
    /// The clients.
    pub nodes: Vec<ClientLine>,
    /// Where the page ends.
    pub page_info: PageInfo,
}

/// A client as the list shows them.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "ClientRow")]
pub struct ClientLine {
    /// Which.
    pub id: ClientId,
    /// What to call them.
    pub name: String,
    /// Where the relationship is.
    pub stage: Shared<Stage>,
    /// Since when.
    pub stage_since: Instant,
    /// Where things stand.
    pub now: String,
}

/// The stages a list can be narrowed to, those with something to do first.
pub const STAGES: [Stage; 10] = [
    Stage::DiscoveryDone,
    Stage::DiscoveryBooked,
    Stage::Invited,
    Stage::IntakePending,
    Stage::Active,
    Stage::Paused,
    Stage::NotNow,
    Stage::Inquiry,
    Stage::ReferredOut,
    Stage::Ended,
];

/// A stage as a badge.
pub fn stage_badge(stage: Stage, words: String) -> impl IntoView + use<> {
    let class = match stage {
        Stage::DiscoveryDone => "badge new",
        Stage::Active | Stage::Invited => "badge confirmed",
        Stage::Inquiry | Stage::DiscoveryBooked | Stage::IntakePending => "badge pending",
        Stage::Paused | Stage::NotNow | Stage::Ended | Stage::ReferredOut => "badge done",
    };
    view! { <span class=class>{words}</span> }
}

/// What the list is narrowed to, as it stands in the address.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Where things stand.
    pub stage: Option<Stage>,
    /// What is looked for.
    pub search: String,
}

impl Choice {
    /// The address of the list with this choice.
    fn href(&self, after: Option<&str>) -> String {
        let pairs = [
            self.stage.map(|stage| format!("stage={}", code(stage))),
            (!self.search.is_empty()).then(|| format!("search={}", encoded(&self.search))),
            after.map(|after| format!("after={after}")),
        ];
        let pairs: Vec<String> = pairs.into_iter().flatten().collect();
        format!("/admin/clients?{}", pairs.join("&"))
    }
}

/// Draws the list. `invited` is what invitations were searched for.
pub fn page(answer: ClientsQuery, choice: &Choice, is_first: bool, invited: &str, notice: Option<Notice>) -> AnyView {
    let zone = table(answer.time_zone.as_ref());
    let (clients, invitations) = answer.viewer.therapist.map(|desk| (desk.clients, desk.invitations)).unzip();
    let waiting = invitations.map(|invitations| invitations::waiting(&invitations, invited, &zone));
    let (nodes, info) = clients.map(|clients| (clients.nodes, Some(clients.page_info))).unwrap_or_default();
    let more = info.and_then(PageInfo::next).map(|after| choice.href(Some(&after)));
    let pager = pieces::pager((!is_first).then(|| choice.href(None)), more);
    let list = match nodes.is_empty() {
        true => nobody(choice).into_any(),
        false => {
            let rows: Vec<_> = nodes.into_iter().map(|client| row(client, &zone)).collect();
            view! {
                <div class="scroll">
                    <table class="table stacks">
                        <caption>"By name. "{words::city(&zone.name)}" time."</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Name"</th>
                                <th scope="col">"Where things stand"</th>
                                <th scope="col">"Since"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <div class="desk-head">
            <h1>"Clients"</h1>
            <p class="cluster">
                <a href="/admin/documents">"Documents and intake form"</a>
                <a class="button" href="/admin/clients/invite">"Invite somebody"</a>
            </p>
        </div>
        <div class="stack">{filter(choice)} {list} {pager} {waiting}</div>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn filter(choice: &Choice) -> impl IntoView + use<> {
    let options = STAGES.map(|stage| {
        let words = stage.for_therapist().now;
        let selected = choice.stage == Some(stage);
        view! { <option value=code(stage) selected=selected>{words}</option> }
    });
    view! {
        <form class="filter" method="get" action="/admin/clients">
            <div class="field">
                <label for="stage">"Where things stand"</label>
                <select id="stage" name="stage"><option value="">"Everyone"</option>{options.into_iter().collect::<Vec<_>>()}</select>
            </div>
            <div class="field">
                <label for="search">"Name or email"</label>
                <input id="search" name="search" type="search" value=choice.search.clone() autocomplete="off" />
            </div>
            <button class="button quiet small">"Show"</button>
        </form>
    }
}

fn nobody(choice: &Choice) -> impl IntoView + use<> {
    let words = match choice.stage {
        _ if !choice.search.is_empty() => {
            "Nobody’s name or email has this in it. Look for less of it, or at “Everyone”."
        }
        Some(_) => "Nobody is at this stage. Choose “Everyone” to see all of your clients.",
        None => "Whoever books a call and confirms their address appears here.",
    };
    view! {
        <div class="empty">{art::small_door()} <div class="stack"><h3>"Nobody here"</h3><p>{words}</p></div></div>
    }
}

fn row(client: ClientLine, zone: &shared::zone::ZoneTable) -> impl IntoView + use<> {
    let since = words::full_day(zone.civil(client.stage_since).date);
    view! {
        <tr>
            <th scope="row"><a href=format!("/admin/clients/{}", client.id)>{client.name}</a></th>
            <td>{stage_badge(client.stage.0, client.now)}</td>
            <td><time datetime=client.stage_since.to_string()>{since}</time></td>
        </tr>
    }
}
