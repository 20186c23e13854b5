//! What a therapist does with one client: a session, a price, a package, and what each side sees of it.

use super::kit::{CANCEL, RECORD, Story, TUESDAY, on_both_engines};
use anteroom::audit;
use anteroom::features::money::packages::{self, Package};
use serde_json::{Value, json};
use shared::ids::PackageId;
use shared::money::Currency;
use shared::practice::Prepay;
use uuid::Uuid;

/// Four sessions for the price of three and a half.
pub const FOUR: PackageId = PackageId(Uuid::from_u128(77));

/// Puts a package on sale.
pub async fn on_sale(story: &Story) {
    let package = Package {
        id: FOUR,
        session_type_id: crate::support::SESSION,
        name: "Four sessions".into(),
        units: 4,
        valid_days: 90,
        price_amount: 26_000,
        price_currency: Currency::Gbp,
        visible: true,
    };
    let added = story.practice.app.db.write(move |tx| {
        let package = package.clone();
        Box::pin(async move { packages::add(tx, &package, 0).await })
    });
    added.await.expect("it is on sale");
}

const SELL: &str = "mutation($input: SellPackageInput!) { sellPackage(input: $input) {
    purchase { id name unitsLeft } userErrors { code } } }";

const ACCOUNT: &str = "query($id: ClientId!) { viewer { therapist { accountOfClient(id: $id) {
    priceClass balance { amount currency }
    packages { name units unitsLeft isUsable sessionType { name } }
    agreements { agreed { amount } sessionType { name } startsOn endsOn }
    statement { kind amount { amount } bookingId sessionAt }
    tally { completed lateCancels noShows } } } } }";

async fn account(story: &Story) -> Value {
    let answer = story.ask_ada(ACCOUNT, json!({ "id": story.ben_id })).await;
    answer["viewer"]["therapist"]["accountOfClient"].clone()
}

#[tokio::test]
async fn a_package_is_sold_once_and_both_sides_see_what_is_left() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        on_sale(&story).await;
        let offered = story.ask_ada("{ viewer { therapist { packages { id name units } } } }", json!({})).await;
        assert_eq!(offered["viewer"]["therapist"]["packages"][0]["name"], "Four sessions");
        let input = json!({ "clientId": story.ben_id, "packageId": FOUR, "idempotencyKey": "sold-on-monday-0001" });
        let first = story.ask_ada(SELL, json!({ "input": input })).await["sellPackage"].clone();
        let again = story.ask_ada(SELL, json!({ "input": input })).await["sellPackage"].clone();
        assert_eq!((&first["purchase"], &first["userErrors"]), (&again["purchase"], &json!([])), "sent twice, sold once");
        assert_eq!(account(&story).await["balance"], json!([{ "amount": 26_000, "currency": "GBP" }]));

        let free = story.book(TUESDAY).await;
        let own = "{ viewer { client { packages { name units unitsLeft isUsable } booking(id: \"ID\") { price { amount } } } } }";
        let own = story.ask(story.ben, &own.replace("ID", &free), json!({})).await["viewer"]["client"].clone();
        let left = json!([{ "name": "Four sessions", "units": 4, "unitsLeft": 3, "isUsable": true }]);
        assert_eq!((&own["packages"], &own["booking"]["price"]["amount"]), (&left, &json!(0)));
        assert_eq!(account(&story).await["packages"][0]["unitsLeft"], 3);
        let input = json!({ "input": { "bookingId": free } });
        story.ask(story.ben, CANCEL, input.clone()).await;
        assert_eq!(account(&story).await["packages"][0]["unitsLeft"], 4);
        let back = "mutation($input: TakeChangeBackInput!) { takeChangeBack(input: $input) { userErrors { message } } }";
        story.ask(story.ben, back, input).await;
        assert_eq!(account(&story).await["packages"][0]["unitsLeft"], 3, "brought back, it uses its unit again");
        story.expect_even().await;
        story.pass(91 * 24 * 60).await;
        assert_eq!(account(&story).await["packages"][0]["isUsable"], false, "ninety days are over");
    })
    .await;
}

#[tokio::test]
async fn the_account_tells_what_was_charged_what_came_and_what_became_of_sessions() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        let took_place = story.book("2030-01-08T10:00:00Z").await;
        let missed = story.book("2030-01-09T10:00:00Z").await;
        story.pass(2 * 24 * 60 + 4 * 60).await;
        let no_show = "mutation($id: BookingId!) { markNoShow(input: { bookingId: $id }) { userErrors { code } } }";
        let marked = story.ask_ada(no_show, json!({ "id": missed })).await;
        assert_eq!(marked["markNoShow"]["userErrors"], json!([]), "{marked:#}");
        for at in ["2030-01-10T09:00:00Z", "2030-01-10T13:00:00Z"] {
            let late = story.book(at).await;
            let cancel = "mutation($id: BookingId!) { cancelBooking(input: { bookingId: $id }) { userErrors { code } } }";
            story.ask(story.ben, cancel, json!({ "id": late })).await;
        }
        let class = "mutation($id: ClientId!) { setPriceClass(input: { clientId: $id, priceClass: INTERNATIONAL }) {
            client { priceClass } userErrors { code } } }";
        let set = story.ask_ada(class, json!({ "id": story.ben_id })).await;
        assert_eq!(set["setPriceClass"]["client"]["priceClass"], "INTERNATIONAL");
        story.pass(24 * 60).await;
        story.work().await;

        let seen = account(&story).await;
        assert_eq!(seen["priceClass"], "INTERNATIONAL");
        assert_eq!(seen["tally"], json!({ "completed": 1, "lateCancels": 2, "noShows": 1 }), "{seen:#}");
        assert_eq!(seen["balance"], json!([{ "amount": 7500, "currency": "GBP" }]));
        let lines = seen["statement"].as_array().expect("a statement");
        let charged = lines.iter().find(|line| line["bookingId"] == json!(took_place)).expect("it was charged");
        assert_eq!((&charged["kind"], &charged["amount"]["amount"]), (&json!("CHARGE"), &json!(7500)));
        assert_eq!(charged["sessionAt"], "2030-01-08T10:00:00Z");

        // The invoice says what has come for it since, and what is still open.
        let bill = "{ viewer { client { invoices { number lines { words } total { amount } settlements { kind amount { amount } }
            open { amount } } } } }";
        let input = json!({ "clientId": story.ben_id, "bookingId": took_place, "method": "CASH", "amount": 5000, "currency": "GBP" });
        story.ask_ada(RECORD, json!({ "input": input })).await;
        let bills = story.ask(story.ben, bill, json!({})).await["viewer"]["client"]["invoices"].clone();
        let of = |first: &str| {
            let is_it = |bill: &&Value| {
                let text = bill.to_string();
                text.contains(first) && text.contains("Tuesday 8 January 2030")
            };
            let found = bills.as_array().expect("bills").iter().find(is_it);
            found.unwrap_or_else(|| panic!("{first} in {bills:#}")).clone()
        };
        let invoice = of("I-");
        assert_eq!(invoice["settlements"], json!([{ "kind": "PAYMENT", "amount": { "amount": -5000 } }]));
        assert_eq!((&invoice["total"]["amount"], &invoice["open"]), (&json!(7500), &json!([{ "amount": 2500 }])));
        assert_eq!((&of("R-")["settlements"], &of("R-")["open"]), (&json!([]), &json!([])), "a receipt asks for nothing");
    })
    .await;
}

#[tokio::test]
async fn a_list_that_is_read_is_one_row_of_the_trail() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        story.book(TUESDAY).await;
        story.client("Cleo", 41).await;
        let before = story.count("select count(*) from audit_trail").await;
        let lists = "{ viewer { therapist {
            clients { nodes { name } } bookingList { nodes { guestName } heldUp }
            bookings(from: \"2030-01-15\", to: \"2030-01-15\") { guestName }
            payments { nodes { clientName } } } } }";
        story.ask_ada(lists, json!({})).await;
        audit::write_notes(&story.practice.app).await.expect("what was read is noted");
        let noted = |deed: &'static str| story.practice.count(deed);
        assert_eq!(noted("select count(*) from audit_trail where deed = 'list clients: 2'").await, 1);
        assert_eq!(noted("select count(*) from audit_trail where deed = 'list sessions: 1'").await, 2);
        let after = story.count("select count(*) from audit_trail").await;
        assert_eq!(after - before, 3, "nobody is in an empty list");
        let mut conn = story.practice.app.db.read().await.expect("a connection");
        assert_eq!(audit::first_broken(&mut conn).await.expect("the trail can be read"), None);
        // Of a client's own lists nothing is noted.
        drop(conn);
        story.ask(story.ben, "{ viewer { client { bookings { nodes { id } } } } }", json!({})).await;
        audit::write_notes(&story.practice.app).await.expect("written");
        assert_eq!(story.count("select count(*) from audit_trail").await, after);
    })
    .await;
}
