//! Packages that are paid like sessions, and what is let go: of a package, of a session, of a fee.

use super::account::{FOUR, on_sale};
use super::kit::{CANCEL, GOOD_CARD, RECORD, Story, TUESDAY, on_both_engines, text};
use axum::http::StatusCode;
use serde_json::{Value, json};
use shared::practice::Prepay;

const SELL: &str = "mutation($input: SellPackageInput!) { sellPackage(input: $input) {
    purchase { id reference cost { amount } open { amount } } userErrors { code } } }";
const START: &str = "mutation($input: StartCheckoutInput!) { startCheckout(input: $input) {
    payment { id purchaseId amount { amount } } url userErrors { code field message } } }";
const ANNOUNCE: &str = "mutation($input: AnnounceTransferInput!) { announceTransfer(input: $input) {
    payment { id purchaseId } userErrors { code field } } }";
const WAIVE: &str = "mutation($input: WaiveOwedInput!) { waiveOwed(input: $input) {
    waived { amount currency } userErrors { code field } } }";
const TAKE_BACK: &str = "mutation($input: TakePackageBackInput!) { takePackageBack(input: $input) {
    purchase { unitsLeft unitsTakenBack isUsable } userErrors { code field } } }";
const REFUND: &str = "mutation($input: RefundPaymentInput!) { refundPayment(input: $input) {
    refund { id } userErrors { code } } }";
const OWN: &str = "{ viewer { client { balance { amount } owed { bookingId amount { amount } }
    owedPackages { purchaseId name reference amount { amount } isAnnounced }
    packages { id unitsLeft open { amount } } payments { purchaseId packageName status }
    invoices { number kind reference lines { words } open { amount } settlements { kind amount { amount } } } } } }";
const DESK: &str = "{ viewer { therapist { overdue { bookingId }
    owedPackages { purchaseId clientName amount { amount } isAnnounced } } } }";

async fn own(story: &Story) -> Value {
    story.ask(story.ben, OWN, json!({})).await["viewer"]["client"].clone()
}

async fn desk(story: &Story) -> Value {
    story.ask_ada(DESK, json!({})).await["viewer"]["therapist"].clone()
}

/// Ada sells Ben four sessions for 260; the answer is the purchase.
async fn sold(story: &Story) -> Value {
    story.prepay(Prepay::Nothing, 0).await;
    on_sale(story).await;
    let input = json!({ "clientId": story.ben_id, "packageId": FOUR });
    let sold = story.ask_ada(SELL, json!({ "input": input })).await["sellPackage"].clone();
    assert_eq!(sold["userErrors"], json!([]), "{sold:#}");
    sold["purchase"].clone()
}

/// Ben pays a package by card; the answer is the payment.
async fn pay(story: &Story, purchase: &str) -> String {
    let started = story.ask(story.ben, START, json!({ "input": { "purchaseId": purchase } })).await;
    let started = started["startCheckout"].clone();
    assert_eq!(started["userErrors"], json!([]), "{started:#}");
    let url = text(&started["url"]);
    story.sandbox.stripe.pay(url.rsplit('/').next().expect("an id"), GOOD_CARD).expect("the page is there");
    story.deliver().await;
    text(&started["payment"]["id"])
}

#[tokio::test]
async fn a_package_is_paid_by_card_and_then_nothing_is_open() {
    on_both_engines(|story| async move {
        let purchase = sold(&story).await;
        let id = text(&purchase["id"]);
        let waits = own(&story).await["owedPackages"][0].clone();
        assert_eq!((&waits["purchaseId"], &waits["amount"]["amount"]), (&purchase["id"], &json!(26_000)));
        assert_eq!(waits["reference"], purchase["reference"]);
        assert_eq!(desk(&story).await["owedPackages"][0]["clientName"], "Ben");

        let page = json!({ "input": { "purchaseId": id } });
        let first = story.ask(story.ben, START, page.clone()).await["startCheckout"].clone();
        let again = story.ask(story.ben, START, page.clone()).await["startCheckout"].clone();
        assert_eq!(first, again, "asked twice, it is the same page");
        let payment = pay(&story, &id).await;
        assert_eq!(json!(payment), first["payment"]["id"]);
        let paid = own(&story).await;
        assert_eq!((&paid["balance"], &paid["owedPackages"]), (&json!([]), &json!([])), "{paid:#}");
        assert_eq!(paid["payments"][0], json!({ "purchaseId": id, "packageName": "Four sessions", "status": "PAID" }));
        assert_eq!(desk(&story).await["owedPackages"], json!([]));
        let over = story.ask(story.ben, START, page).await["startCheckout"].clone();
        assert_eq!(over["userErrors"][0]["code"], "ALREADY_DONE", "{over:#}");

        story.pass(11).await;
        let bills = own(&story).await["invoices"].clone();
        let of = |kind: &str| bills.as_array().expect("bills").iter().find(|bill| bill["kind"] == kind).cloned();
        let (invoice, receipt) = (of("INVOICE").expect("an invoice"), of("RECEIPT").expect("a receipt"));
        for bill in [&invoice, &receipt] {
            assert_eq!(bill["lines"][0]["words"], "Package of 4 appointments");
            assert_eq!(bill["reference"], purchase["reference"]);
        }
        assert_eq!(invoice["open"], json!([]));
        assert_eq!(invoice["settlements"][0], json!({ "kind": "PAYMENT", "amount": { "amount": -26_000 } }));
        story.expect_even().await;
    })
    .await;
}

#[tokio::test]
async fn a_page_for_a_package_that_was_not_used_is_over_and_another_can_be_opened() {
    on_both_engines(|story| async move {
        let id = text(&sold(&story).await["id"]);
        let page = json!({ "input": { "purchaseId": id } });
        let first = story.ask(story.ben, START, page.clone()).await["startCheckout"].clone();
        story.pass(40).await;
        assert_eq!(story.payment_status(&text(&first["payment"]["id"])).await, "EXPIRED");
        assert_eq!(own(&story).await["owedPackages"][0]["amount"]["amount"], 26_000, "it is still to be paid");
        let next = pay(&story, &id).await;
        assert_ne!(json!(next), first["payment"]["id"]);
        assert_eq!(own(&story).await["balance"], json!([]));
        story.expect_even().await;
    })
    .await;
}

#[tokio::test]
async fn a_transfer_for_a_package_is_announced_and_noted() {
    on_both_engines(|story| async move {
        let id = text(&sold(&story).await["id"]);
        let input = json!({ "input": { "purchaseId": id, "proof": "T-4711" } });
        let said = story.ask(story.ben, ANNOUNCE, input.clone()).await["announceTransfer"].clone();
        let again = story.ask(story.ben, ANNOUNCE, input).await["announceTransfer"].clone();
        assert_eq!(said, again, "said twice, it is one");
        assert_eq!(desk(&story).await["owedPackages"][0]["isAnnounced"], true);
        let input = json!({ "clientId": story.ben_id, "paymentId": said["payment"]["id"], "method": "TRANSFER",
            "amount": 26_000, "currency": "GBP" });
        let noted = story.ask_ada(RECORD, json!({ "input": input })).await["recordPayment"].clone();
        assert_eq!(noted["userErrors"], json!([]), "{noted:#}");
        assert_eq!(own(&story).await["balance"], json!([]));
        assert_eq!(own(&story).await["packages"][0]["open"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn cash_for_a_package_is_noted_part_by_part() {
    on_both_engines(|story| async move {
        let id = text(&sold(&story).await["id"]);
        let part = |amount: i64| {
            json!({ "input": { "clientId": story.ben_id, "purchaseId": id, "method": "CASH", "amount": amount,
                "currency": "GBP" } })
        };
        story.ask_ada(RECORD, part(10_000)).await;
        assert_eq!(own(&story).await["owedPackages"][0]["amount"]["amount"], 16_000);
        story.ask_ada(RECORD, part(16_000)).await;
        assert_eq!(own(&story).await["owedPackages"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn an_input_names_a_session_or_a_package() {
    on_both_engines(|story| async move {
        let id = text(&sold(&story).await["id"]);
        let booking = story.book(TUESDAY).await;
        for (input, code, field) in [
            (json!({}), "REQUIRED", "bookingId"),
            (json!({ "bookingId": booking, "purchaseId": id }), "INVALID", "purchaseId"),
            (json!({ "purchaseId": booking }), "NOT_FOUND", "purchaseId"),
        ] {
            for (query, name) in [(START, "startCheckout"), (ANNOUNCE, "announceTransfer")] {
                let answer = story.ask(story.ben, query, json!({ "input": input })).await[name].clone();
                let said = &answer["userErrors"][0];
                assert_eq!((&said["code"], &said["field"]), (&json!(code), &json!([field])), "{answer:#}");
            }
        }
        // Nobody pays, or looks at, what is somebody else's.
        let (other, cleo) = story.client("Cleo", 32).await;
        for (field, theirs) in [("purchaseId", &id), ("bookingId", &booking)] {
            let input = json!({ "clientId": cleo, field: theirs, "method": "CASH", "amount": 100, "currency": "GBP" });
            let noted = story.ask_ada(RECORD, json!({ "input": input })).await["recordPayment"].clone();
            let said = &noted["userErrors"][0];
            assert_eq!((&said["code"], &said["field"]), (&json!("NOT_FOUND"), &json!([field])), "{noted:#}");
        }
        let answer = story.ask(other, START, json!({ "input": { "purchaseId": id } })).await;
        assert_eq!(answer["startCheckout"]["userErrors"][0]["code"], "NOT_FOUND");
        assert_eq!(story.sandbox.stripe.balance(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_package_taken_back_leaves_what_was_used_and_credit_for_the_rest() {
    on_both_engines(|story| async move {
        let id = text(&sold(&story).await["id"]);
        let payment = pay(&story, &id).await;
        story.book(TUESDAY).await;
        let back = json!({ "input": { "purchaseId": id, "reason": "They move away" } });
        let taken = story.ask_ada(TAKE_BACK, back.clone()).await["takePackageBack"].clone();
        let left = json!({ "unitsLeft": 0, "unitsTakenBack": 3, "isUsable": false });
        assert_eq!((&taken["purchase"], &taken["userErrors"]), (&left, &json!([])), "{taken:#}");
        assert_eq!(own(&story).await["balance"], json!([{ "amount": -19_500 }]), "three quarters of the price");
        let twice = story.ask_ada(TAKE_BACK, back).await["takePackageBack"].clone();
        assert_eq!(twice["userErrors"][0]["code"], "ALREADY_DONE");

        let given = json!({ "input": { "paymentId": payment, "amount": 19_500, "reason": "They move away" } });
        story.ask_ada(REFUND, given).await;
        story.work().await;
        assert_eq!(own(&story).await["balance"], json!([]), "what goes back is what was paid ahead");
        assert_eq!(story.sandbox.stripe.balance(), 6500);
        story.expect_even().await;
    })
    .await;
}

#[tokio::test]
async fn what_goes_back_is_not_owed_again_unless_it_is_meant_to_be() {
    on_both_engines(|story| async move {
        for (stays_owed, open) in [(false, json!([])), (true, json!([{ "amount": 7500 }]))] {
            story.prepay(Prepay::Nothing, 0).await;
            let (cleo, id) = story.client(if stays_owed { "Dora" } else { "Cleo" }, 40 + u128::from(stays_owed)).await;
            let starts_at = if stays_owed { "2030-02-05T10:00:00Z" } else { TUESDAY };
            let booking = story.book_as(cleo, starts_at).await;
            story.pass(15 * 24 * 60).await;
            let input =
                json!({ "clientId": id, "bookingId": booking, "method": "CASH", "amount": 7500, "currency": "GBP" });
            let noted = story.ask_ada(RECORD, json!({ "input": input })).await["recordPayment"]["payment"].clone();
            let input = json!({ "paymentId": noted["id"], "reason": "A word between us", "staysOwed": stays_owed });
            story.ask_ada(REFUND, json!({ "input": input })).await;
            let seen = story.ask(cleo, OWN, json!({})).await["viewer"]["client"].clone();
            assert_eq!(seen["balance"], open, "{seen:#}");
            assert_eq!(seen["owed"].as_array().map(Vec::len), Some(usize::from(stays_owed)));
        }
        story.expect_even().await;
    })
    .await;
}

#[tokio::test]
async fn a_refund_the_bank_sends_back_brings_back_what_was_let_go_with_it() {
    on_both_engines(|story| async move {
        let page = story.paid(TUESDAY).await;
        story.pass(9 * 24 * 60).await;
        assert_eq!(story.status(&page.booking).await, "COMPLETED");
        story.refund(&page.payment, None).await;
        story.work().await;
        assert_eq!(own(&story).await["balance"], json!([]), "it was let go");
        let intent = story.sandbox.stripe.session(&page.checkout).and_then(|it| it.intent).expect("a payment");
        story.sandbox.stripe.fail_refund(&intent);
        story.deliver().await;
        assert_eq!(own(&story).await["balance"], json!([]), "it is paid again, and nothing is let go");
        let waived = "select cast(coalesce(sum(amount), 0) as bigint) from ledger_entries where account = 'WAIVED'";
        assert_eq!(story.count(waived).await, 0);
        story.expect_even().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_open_is_let_go_once_with_a_reason() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        let booking = story.book(TUESDAY).await;
        story.pass(9 * 24 * 60).await;
        let page = story.page_of(booking.clone()).await;
        let input = |reason: &str| json!({ "input": { "bookingId": booking, "reason": reason, "idempotencyKey": "let-go-0001" } });
        let refused = story.ask_ada(WAIVE, input(" ")).await["waiveOwed"].clone();
        assert_eq!(refused["userErrors"][0], json!({ "code": "REQUIRED", "field": ["reason"] }));
        let done = story.ask_ada(WAIVE, input("A hard month")).await["waiveOwed"].clone();
        assert_eq!(done["waived"], json!([{ "amount": 7500, "currency": "GBP" }]), "{done:#}");
        assert_eq!(done, story.ask_ada(WAIVE, input("A hard month")).await["waiveOwed"], "sent twice, let go once");
        let seen = own(&story).await;
        assert_eq!((&seen["balance"], &seen["owed"]), (&json!([]), &json!([])));
        story.work().await;
        assert_eq!(story.payment_status(&page.payment).await, "EXPIRED", "nobody pays there any more");
        let mut again = input("A hard month");
        again["input"]["idempotencyKey"] = json!(null);
        let twice = story.ask_ada(WAIVE, again).await["waiveOwed"].clone();
        assert_eq!(twice["userErrors"][0]["code"], "ALREADY_DONE");
        story.expect_even().await;
    })
    .await;
}

#[tokio::test]
async fn a_fee_that_was_charged_can_still_be_let_go() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        // The first late one of a year is on the house; this is the second.
        for starts_at in ["2030-01-08T10:00:00Z", "2030-01-08T14:00:00Z"] {
            let booking = story.book(starts_at).await;
            story.ask(story.ben, CANCEL, json!({ "input": { "bookingId": booking } })).await;
        }
        let fee = "{ viewer { therapist { feesWaiting { fee { id } } } } }";
        let fee = story.ask_ada(fee, json!({})).await["viewer"]["therapist"]["feesWaiting"][0]["fee"]["id"].clone();
        let charge =
            "mutation($input: ChargeFeeInput!) { chargeFee(input: $input) { fee { state } userErrors { code } } }";
        story.ask_ada(charge, json!({ "input": { "feeId": fee } })).await;
        assert!(own(&story).await["balance"][0]["amount"].as_i64().is_some_and(|open| open > 0));
        let waive =
            "mutation($input: WaiveFeeInput!) { waiveFee(input: $input) { fee { state } userErrors { code } } }";
        let input = json!({ "input": { "feeId": fee, "reason": "They were ill" } });
        let done = story.ask_ada(waive, input).await["waiveFee"].clone();
        assert_eq!((&done["fee"]["state"], &done["userErrors"]), (&json!("WAIVED"), &json!([])), "{done:#}");
        assert_eq!(own(&story).await["balance"], json!([]));
        let again = story.ask_ada(charge, json!({ "input": { "feeId": fee } })).await["chargeFee"].clone();
        assert_eq!(again["userErrors"][0]["code"], "ALREADY_DONE", "what was let go stays so");
        story.expect_even().await;
    })
    .await;
}

#[tokio::test]
async fn only_the_therapist_of_the_client_lets_go_or_takes_back() {
    on_both_engines(|story| async move {
        let id = text(&sold(&story).await["id"]);
        let samir = crate::support::staff(crate::support::SAMIR_USER);
        let waive = json!({ "input": { "purchaseId": id, "reason": "Not mine" } });
        for (query, name) in [(WAIVE, "waiveOwed"), (TAKE_BACK, "takePackageBack")] {
            let refused = story.ask(samir, query, waive.clone()).await[name].clone();
            assert_eq!(refused["userErrors"][0]["code"], "NOT_FOUND", "{refused:#}");
            let ben = story.practice.ask_as(Some(story.ben), query, waive.clone()).await;
            assert_eq!(ben["errors"][0]["extensions"]["code"], "FORBIDDEN", "{ben:#}");
        }
        assert_eq!(own(&story).await["owedPackages"][0]["amount"]["amount"], 26_000);
    })
    .await;
}

#[tokio::test]
async fn a_webhook_told_out_of_turn_pays_a_package_once() {
    on_both_engines(|story| async move {
        let id = text(&sold(&story).await["id"]);
        let started =
            story.ask(story.ben, START, json!({ "input": { "purchaseId": id } })).await["startCheckout"].clone();
        let url = text(&started["url"]);
        story.sandbox.stripe.pay(url.rsplit('/').next().expect("an id"), GOOD_CARD).expect("the page is there");
        let mut told = story.sandbox.stripe.take_webhooks();
        told.reverse();
        for webhook in told.iter().chain(&told) {
            assert_eq!(story.tell(webhook).await, StatusCode::OK);
        }
        story.work().await;
        assert_eq!(own(&story).await["balance"], json!([]));
        assert_eq!(story.count("select count(*) from invoices where kind = 'RECEIPT'").await, 1);
        story.expect_even().await;
    })
    .await;
}
