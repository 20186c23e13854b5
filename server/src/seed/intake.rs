//! What the house asks of new clients, who has done it, and who is invited.

use super::practice::House;
use crate::app::App;
use crate::clock::Clock;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::clients::Client;
use crate::features::intake::invitations::{self, Guest};
use crate::features::intake::{answers, defaults, documents, form};
use shared::contact::EmailAddress;
use shared::ids::{DocumentVersionId, IntakeFormId};
use shared::intake::{Answer, Completeness, DocumentKind};
use shared::price::PriceClass;
use shared::stage::Stage;
use shared::time::Instant;

const DAY: i64 = 24 * 60;

/// Where everyone of the demo is.
const NETWORK: &str = "203.0.113.0/24";

/// Who is invited, and how many days ago.
const GUESTS: &[(&str, &str, PriceClass, i64)] = &[
    ("Nadia Petrova", "nadia.petrova@example.org", PriceClass::Domestic, 2),
    ("Tom Ellery", "tom.ellery@example.org", PriceClass::International, 0),
];

/// What somebody of the demo answers who has answered everything.
const WHOLE: &[(&str, &str)] = &[
    ("born", "1988-04-12"),
    ("reach", "Email"),
    ("discreet", "no"),
    ("contact-name", "Kim Lind"),
    ("contact-who", "My sister"),
    ("contact-phone", "07700 900201"),
    ("reason", "I am tired all the time, and I do not know how to stop."),
    ("since", "Since last winter"),
    ("before", "no"),
    ("wishes", "To understand myself better"),
];

/// What Callum has answered so far.
const HALF: &[(&str, &str)] = &[
    ("called", "Cal"),
    ("born", "1994-09-03"),
    ("home", "My partner Jo, and a very old cat."),
    ("reach", "A text message"),
];

/// Publishes the documents and the form, and invites two people.
pub(super) async fn open(tx: &mut Tx, app: &App, house: &House) -> Result<()> {
    let (now, by) = (app.clock.now(), Some(house.ada.user_id));
    let then = now.plus_minutes(-120 * DAY);
    for kind in DocumentKind::ALL {
        let id = DocumentVersionId(app.clock.new_id());
        documents::publish_now(tx, id, &defaults::document(kind), true, by, then).await?;
    }
    form::save_now(tx, IntakeFormId(app.clock.new_id()), defaults::form(), by, then).await?;
    for &(name, email, price_class, days) in GUESTS {
        let address = EmailAddress::parse(email).ok_or_else(|| Error::internal("a guest without an address"))?;
        let guest = Guest { name: name.to_owned(), address, price_class };
        let clock = Clock::standing_at(now.plus_minutes(-days * DAY));
        invitations::invite_now(tx, &clock, &app.keys, house.ada.id, guest, house.ada.user_id).await?;
    }
    Ok(())
}

/// What somebody had done of it at a moment.
pub(super) async fn fill(tx: &mut Tx, app: &App, client: &Client, name: &str, now: Instant) -> Result<()> {
    let answer = |&(field, value): &(&str, &str)| Answer { field: field.to_owned(), values: vec![value.to_owned()] };
    let (kinds, given, completeness) = match client.stage {
        Stage::Active | Stage::Paused | Stage::Ended => (&DocumentKind::ALL[..], WHOLE, Completeness::Whole),
        Stage::IntakePending if name == "Callum Reid" => (&DocumentKind::ALL[1..2], HALF, Completeness::SoFar),
        _ => return Ok(()),
    };
    for version in documents::newest(tx).await? {
        if kinds.contains(&version.kind) {
            documents::accept_now(tx, app, client, version.id, NETWORK, now).await?;
        }
    }
    answers::write_now(tx, &app.keys, client, given.iter().map(answer).collect(), completeness, now).await
}
