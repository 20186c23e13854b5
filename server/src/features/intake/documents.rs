//! Documents: written, published in versions, and accepted.

use super::{announce, defaults, settle, store};
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::features::clients::Client;
use crate::features::practice::Therapist;
use crate::keys;
use crate::limits::bucket;
use serde::{Deserialize, Serialize};
use shared::ids::{ClientId, DocumentVersionId, UserId};
use shared::intake::{DocumentKind, Occasion, document_problems};
use shared::problem::ErrorCode;
use shared::time::Instant;
use std::net::IpAddr;
use std::sync::Arc;

/// A document as it was published.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Version {
    /// Which.
    pub id: DocumentVersionId,
    /// What it is about.
    pub kind: DocumentKind,
    /// Counts from 1.
    pub version: i64,
    /// What it is called.
    pub title: String,
    /// One paragraph each, with an empty line between; one that begins with `# ` is a heading.
    pub body: String,
    /// SHA-256 of kind, version, title and body.
    pub hash: Vec<u8>,
    /// Whether it changes what people agree to.
    pub is_material: bool,
    /// When it was published.
    pub published_at: Instant,
}

/// What the practice is still writing.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Draft {
    /// What it is about.
    pub kind: DocumentKind,
    /// What it is called.
    pub title: String,
    /// Its text.
    pub body: String,
}

/// A version somebody accepted.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Acceptance {
    /// Which.
    pub version_id: DocumentVersionId,
    /// What it is about.
    pub kind: DocumentKind,
    /// Which version of it.
    pub version: i64,
    /// What it was called.
    pub title: String,
    /// The text it was, by its hash.
    pub hash: Vec<u8>,
    /// The network it came from, as far as that is kept.
    pub network: String,
    /// When.
    pub accepted_at: Instant,
}

/// Saves what is being written, or publishes it.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct PublishDocumentInput {
    /// Which document.
    pub kind: DocumentKind,
    /// What it is called; at most 80 characters.
    pub title: String,
    /// Its text; paragraphs with an empty line between, headings begin with `# `. At most 20000 characters.
    pub body: String,
    /// Whether it changes what people agree to: then everyone is asked to accept it again. The first version always does.
    #[graphql(default)]
    pub is_material: bool,
    /// Only keep it as a draft; nobody sees it yet.
    #[graphql(default)]
    pub is_draft: bool,
}

/// Accepts a document.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct AcceptDocumentInput {
    /// The version that was read.
    pub version_id: DocumentVersionId,
}

/// Every document in force: the newest version of each kind.
pub async fn in_force(app: &App) -> Result<Vec<Version>> {
    newest(&mut app.db.read().await?).await
}

/// The newest version of each kind.
pub async fn newest(conn: &mut Conn) -> Result<Vec<Version>> {
    Ok(store::documents::newest(conn).await?)
}

/// What a client accepted, newest first.
pub async fn accepted(app: &App, client: ClientId) -> Result<Vec<Acceptance>> {
    Ok(store::documents::accepted(&mut app.db.read().await?, client).await?)
}

/// What is being written of a document: the draft, else the version in force, else what a new practice begins with.
pub async fn drafts(app: &App) -> Result<Vec<Draft>> {
    let mut conn = app.db.read().await?;
    let (drafts, newest) = (store::documents::drafts(&mut conn).await?, store::documents::newest(&mut conn).await?);
    Ok(DocumentKind::ALL
        .into_iter()
        .map(|kind| {
            let draft = drafts.iter().find(|draft| draft.kind == kind).cloned();
            let published = newest.iter().find(|version| version.kind == kind);
            let published = published.map(|it| Draft { kind, title: it.title.clone(), body: it.body.clone() });
            draft.or(published).unwrap_or_else(|| defaults::document(kind))
        })
        .collect())
}

/// Saves a draft, or publishes a new version. Text that is the same as what is in force makes no new version.
pub async fn publish(app: &App, therapist: &Therapist, input: PublishDocumentInput) -> Result<DocumentKind> {
    Error::unless_fine(document_problems(&input.title, &input.body))?;
    let (clock, kind, actor) = (app.clock.clone(), input.kind, therapist.user_id);
    let draft = Draft { kind, title: input.title.trim().to_owned(), body: tidy(&input.body) };
    let (is_material, is_draft) = (input.is_material, input.is_draft);
    app.db
        .write(move |tx| {
            let (clock, draft) = (clock.clone(), draft.clone());
            Box::pin(async move {
                let now = clock.now();
                if is_draft {
                    store::documents::save_draft(tx, &draft, actor, now).await?;
                    return Ok(());
                }
                publish_now(tx, DocumentVersionId(clock.new_id()), &draft, is_material, Some(actor), now).await?;
                audit::record(tx, now, Some(actor), "publish document", None).await
            })
        })
        .await?;
    Ok(kind)
}

/// Publishes a text inside a write. Those who had only accepted less are asked again when it is material.
pub async fn publish_now(
    tx: &mut Tx,
    id: DocumentVersionId,
    draft: &Draft,
    is_material: bool,
    by: Option<UserId>,
    now: Instant,
) -> Result<()> {
    store::documents::delete_draft(tx, draft.kind).await?;
    let before = store::documents::newest_of(tx, draft.kind).await?;
    if before.as_ref().is_some_and(|it| it.title == draft.title && it.body == draft.body && !is_material) {
        return Ok(());
    }
    let number = before.as_ref().map_or(1, |before| before.version + 1);
    let version = Version {
        id,
        kind: draft.kind,
        version: number,
        title: draft.title.clone(),
        body: draft.body.clone(),
        hash: hash(draft, number),
        is_material: is_material || before.is_none(),
        published_at: now,
    };
    Ok(store::documents::insert_version(tx, &version, by).await?)
}

/// Accepts a document for the client who is signed in. To accept it twice is to accept it once.
pub async fn accept(
    app: &Arc<App>,
    client: &Client,
    input: AcceptDocumentInput,
    address: IpAddr,
) -> Result<DocumentVersionId> {
    let now = app.clock.now();
    if !client.standing(now).opens().intake {
        return Err(Error::refused("versionId", ErrorCode::StageLocked, client.why_closed(now)));
    }
    let (inner, client, network) = (app.clone(), client.clone(), network(address));
    let id = input.version_id;
    app.db
        .write(move |tx| {
            let (app, client, network) = (inner.clone(), client.clone(), network.clone());
            Box::pin(async move {
                accept_now(tx, &app, &client, id, &network, now).await?;
                settle(tx, &app.clock, client.id, Occasion::Completed).await
            })
        })
        .await?;
    Ok(id)
}

/// Keeps an acceptance inside a write. Only what is in force can be accepted: nobody agrees to what no longer counts.
pub async fn accept_now(
    tx: &mut Tx,
    app: &App,
    client: &Client,
    id: DocumentVersionId,
    network: &str,
    now: Instant,
) -> Result<()> {
    let unknown = || Error::refused("versionId", ErrorCode::NotFound, "There is no such document.");
    let version = store::documents::version(tx, id).await?.ok_or_else(unknown)?;
    let newest = store::documents::newest_of(tx, version.kind).await?.ok_or_else(unknown)?;
    if newest.id != version.id {
        let message = "There is a newer version of this document. Please read that one.";
        return Err(Error::refused("versionId", ErrorCode::AlreadyDone, message));
    }
    let acceptance = app.clock.new_id();
    if store::documents::insert_acceptance(tx, acceptance, client, &version, network, now).await? {
        audit::record(tx, now, Some(client.user_id), "accept document", Some(client.id.0)).await?;
        announce(tx, client);
    }
    Ok(())
}

fn hash(draft: &Draft, version: i64) -> Vec<u8> {
    let Draft { kind, title, body } = draft;
    keys::hash(format!("{}\n{version}\n{title}\n{body}", kind.slug()).as_bytes())
}

/// Line breaks as we keep them, and no empty ends.
fn tidy(body: &str) -> String {
    body.replace("\r\n", "\n").trim().to_owned()
}

/// As much of an address as is kept: `203.0.113.0/24`, or a /64.
fn network(address: IpAddr) -> String {
    match bucket(address) {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => format!("{v6}/64"),
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn no_whole_address_is_kept() {
        let network = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(network("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(network("::ffff:203.0.113.77"), "203.0.113.0/24");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    }
}
