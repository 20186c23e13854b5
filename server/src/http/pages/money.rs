//! The pages of money: a client's bills, and the practice's payments.

use super::gate::{ClientVisit, StaffVisit};
use super::portal::{own_session, private_head};
use super::{Frame, answer, api, frame};
use crate::error::Error;
use crate::events::Event;
use crate::features::clients;
use crate::features::payments;
use crate::features::practice::{Therapist, zones};
use crate::http::fault::Fault;
use crate::http::visit::Visit;
use crate::http::{Http, money_forms};
use app::admin::bill as practice_bill;
use app::admin::payment::{self, PaymentQuery, PaymentVariables, TypedRefund};
use app::admin::payments::{self as list, PaymentsQuery, PaymentsVariables, Shown};
use app::admin::record_payment::{self, Choice, RecordPayment};
use app::admin::unpaid::{self, LetGo};
use app::api::bill::BillVariables;
use app::api::schema::Shared;
use app::api::zone::ZoneVariables;
use app::portal::bill::{self, BillQuery};
use app::portal::bills::{self, BillsQuery};
use app::portal::packages::OwnPackage;
use app::portal::paid;
use app::shell::Surface;
use app::ui::pieces::Notice;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cynic::QueryBuilder;
use serde::Deserialize;
use shared::booking::BookingStatus;
use shared::ids::{BookingId, ClientId, PaymentId, PurchaseId};
use shared::payment::{PaymentMethod, PaymentStatus, typed_amount};
use shared::words;
use std::time::Duration;

/// How long somebody who comes from the payment page waits for its news before they see the page.
const NEWS: Duration = Duration::from_millis(1500);

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/portal/bills", get(own_bills))
        .route("/portal/bills/{number}", get(own_bill))
        .route("/portal/bookings/{id}/pay", post(money_forms::pay))
        .route("/portal/bookings/{id}/transfer", post(money_forms::transfer))
        .route("/portal/bookings/{id}/paid", get(come_back))
        .route("/portal/packages/{id}/pay", post(money_forms::pay_package))
        .route("/portal/packages/{id}/transfer", post(money_forms::transfer_package))
        .route("/portal/packages/{id}/paid", get(come_back_to_package))
        .route("/admin/bills/{number}", get(one_bill))
        .route("/admin/payments", get(all_payments))
        .route("/admin/payments/record", get(record_one).post(money_forms::record))
        .route("/admin/payments/let-go", get(let_one_go).post(money_forms::let_go))
        .route("/admin/payments/{id}", get(one_payment))
        .route("/admin/payments/{id}/refund", post(money_forms::refund))
}

/// What was just done, as the address says.
#[derive(Deserialize)]
struct Done {
    done: Option<String>,
}

async fn own_bills(ClientVisit(visit): ClientVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let words = match done.done.as_deref() {
        Some("not-paid") => Some("Nothing was paid. You can go on whenever you like, as long as the time is kept."),
        Some("transfer") => Some("Thank you. We note it here when it arrives."),
        Some("unreachable") => {
            Some("The payment page cannot be reached at the moment. Please try again in a minute: nothing is lost.")
        }
        _ => None,
    };
    bills_page(&visit, StatusCode::OK, words.map(|words| Notice(words.into()))).await
}

/// The page of a client's bills, with something to say.
pub(crate) async fn bills_page(visit: &Visit, status: StatusCode, notice: Option<Notice>) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let asked = api(visit).ask(BillsQuery::build(zone)).await?;
    let head = private_head("Bills", "/portal/bills");
    let draw = || bills::page(asked, notice);
    Ok(answer(visit, status, &frame, &head, Surface::Portal("/portal/bills"), None, draw))
}

async fn own_bill(ClientVisit(visit): ClientVisit, Path(number): Path<String>) -> Result<Response, Fault> {
    let frame = frame(&visit).await?;
    let variables = BillVariables { zone: frame.practice.time_zone.clone(), number };
    let asked = api(&visit).ask(BillQuery::build(variables)).await?;
    let found = asked.viewer.client.and_then(|care| care.invoice).ok_or(Error::NotFound)?;
    let head = private_head(&format!("{} {}", found.kind.0.words(), found.number), "/portal/bills");
    let draw = || bill::page(found, asked.time_zone.as_ref());
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Portal("/portal/bills"), None, draw))
}

/// Back from the payment page. That somebody comes here proves nothing: the page only shows what is known, and waits a
/// moment for news that is on its way.
async fn come_back(ClientVisit(visit): ClientVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let id: BookingId = id.parse().map_err(|_| Error::NotFound)?;
    let mut events = visit.http.app.bus.listen();
    let frame = frame(&visit).await?;
    let (_, mut session, clocks) = own_session(&visit, &frame, id).await?;
    if session.row.status.0 == BookingStatus::PendingPayment {
        let news = async {
            while let Some(event) = events.next().await {
                if matches!(event, Event::BookingChanged { booking_id, .. } if booking_id == id) {
                    return;
                }
            }
        };
        if tokio::time::timeout(NEWS, news).await.is_ok() {
            (_, session, _) = own_session(&visit, &frame, id).await?;
        }
    }
    let head = private_head("Your payment", "/portal");
    let draw = || paid::page(&session.row, &clocks);
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Portal("/portal/bills"), None, draw))
}

/// Back from the payment page of a package, with the same patience.
async fn come_back_to_package(ClientVisit(visit): ClientVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let id: PurchaseId = id.parse().map_err(|_| Error::NotFound)?;
    let mut events = visit.http.app.bus.listen();
    let frame = frame(&visit).await?;
    let mut package = own_package(&visit, &frame, id).await?;
    if package.open.iter().any(|open| open.amount > 0) {
        let own = clients::of_viewer(&visit.http.app, visit.viewer()?.user_id).await?.map(|client| client.id);
        let news = async {
            while let Some(event) = events.next().await {
                if matches!(event, Event::MoneyChanged { client_id, .. } if Some(client_id) == own) {
                    return;
                }
            }
        };
        if tokio::time::timeout(NEWS, news).await.is_ok() {
            package = own_package(&visit, &frame, id).await?;
        }
    }
    let head = private_head("Your payment", "/portal");
    let draw = || paid::of_package(&package);
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Portal("/portal/bills"), None, draw))
}

async fn own_package(visit: &Visit, frame: &Frame, id: PurchaseId) -> Result<OwnPackage, Fault> {
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let asked = api(visit).ask(BillsQuery::build(zone)).await?;
    let packages = asked.viewer.client.map(|care| care.packages).unwrap_or_default();
    Ok(packages.into_iter().find(|package| package.id == id).ok_or(Error::NotFound)?)
}

#[derive(Deserialize)]
struct PaymentsChoice {
    #[serde(default)]
    show: String,
    after: Option<String>,
    done: Option<String>,
}

async fn all_payments(
    StaffVisit { visit, .. }: StaffVisit,
    Query(choice): Query<PaymentsChoice>,
) -> Result<Response, Fault> {
    let frame = frame(&visit).await?;
    let shown = Shown::read(&choice.show);
    let after = choice.after.filter(|after| after.parse::<PaymentId>().is_ok());
    let is_first = after.is_none();
    let zone = frame.practice.time_zone.clone();
    let variables = PaymentsVariables { zone, filter: shown.filter().map(Shared), after };
    let asked = api(&visit).ask(PaymentsQuery::build(variables)).await?;
    let notice = match choice.done.as_deref() {
        Some("noted") => Some(Notice("The payment is noted, and the client has a receipt.".into())),
        Some("let-go") => Some(Notice("It is let go. They owe nothing for it any more.".into())),
        _ => None,
    };
    let head = private_head("Payments", "/admin/payments");
    let draw = || list::page(asked, shown, is_first, notice);
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Admin("/admin/payments"), None, draw))
}

async fn one_bill(StaffVisit { visit, .. }: StaffVisit, Path(number): Path<String>) -> Result<Response, Fault> {
    let frame = frame(&visit).await?;
    let variables = BillVariables { zone: frame.practice.time_zone.clone(), number };
    let asked = api(&visit).ask(practice_bill::BillQuery::build(variables)).await?;
    let bill = asked.viewer.therapist.and_then(|desk| desk.invoice).ok_or(Error::NotFound)?;
    let head = private_head(&bill.number, "/admin/payments");
    let draw = || practice_bill::page(bill, asked.time_zone.as_ref());
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Admin("/admin/payments"), None, draw))
}

async fn one_payment(
    StaffVisit { visit, .. }: StaffVisit,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let id: PaymentId = id.parse().map_err(|_| Error::NotFound)?;
    let words =
        (done.done.as_deref() == Some("refunded")).then_some("It goes back. The client is told when it is done.");
    let key = visit.http.app.clock.new_id().to_string();
    payment_page(&visit, id, TypedRefund { key, ..TypedRefund::default() }, words).await
}

/// The page of a payment, with what was typed into its form.
pub(crate) async fn payment_page(
    visit: &Visit,
    id: PaymentId,
    typed: TypedRefund,
    notice: Option<&str>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let variables = PaymentVariables { zone: frame.practice.time_zone.clone(), id };
    let asked = api(visit).ask(PaymentQuery::build(variables)).await?;
    let found = asked.viewer.therapist.and_then(|desk| desk.payment).ok_or(Error::NotFound)?;
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let notice = notice.map(|words| Notice(words.into()));
    let head = private_head("A payment", "/admin/payments");
    let draw = || payment::page(found, asked.time_zone.as_ref(), typed, notice);
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/payments"), None, draw))
}

/// What a payment is noted for, from the address.
#[derive(Deserialize)]
struct RecordChoice {
    booking: Option<BookingId>,
    package: Option<PurchaseId>,
    payment: Option<PaymentId>,
    client: Option<ClientId>,
}

async fn let_one_go(staff: StaffVisit, Query(choice): Query<RecordChoice>) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let about = match (choice.booking, choice.package) {
        (Some(id), None) => format!("booking:{id}"),
        (None, Some(id)) => format!("package:{id}"),
        _ => return Err(Error::NotFound.into()),
    };
    let key = visit.http.app.clock.new_id().to_string();
    let_go_page(visit, &therapist, LetGo { about, key, ..LetGo::default() }).await
}

/// The form to let something go, with what was typed into it.
pub(crate) async fn let_go_page(visit: &Visit, therapist: &Therapist, typed: LetGo) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let known = open_choices(visit, therapist).await?.into_iter().find(|choice| choice.value == typed.about);
    let label = known.map(|choice| choice.label);
    let typed = match (label, typed.problems.is_empty()) {
        (Some(label), _) => LetGo { label, ..typed },
        // It was paid, or let go, on another page meanwhile.
        (None, false) => typed,
        (None, true) => return Err(Error::NotFound.into()),
    };
    let head = private_head("Let it go", "/admin/payments");
    let draw = || unpaid::let_go(typed);
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/payments"), None, draw))
}

async fn record_one(staff: StaffVisit, Query(choice): Query<RecordChoice>) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let key = visit.http.app.clock.new_id().to_string();
    let day = today(visit).await?;
    let mut typed = RecordPayment { key, day, currency: "GBP".into(), ..RecordPayment::default() };
    let app = &visit.http.app;
    if let Some(id) = choice.booking {
        let overdue = payments::owed::overdue(app, therapist.id).await?;
        if let Some(owed) = overdue.into_iter().find(|owed| owed.booking_id == id) {
            typed.about = format!("booking:{id}");
            typed.amount = typed_amount(owed.money.amount);
            typed.currency = shared::ledger::Unit::Of(owed.money.currency).code().into();
        }
    }
    if let Some(id) = choice.package {
        let unpaid = payments::owed::packages_of_therapist(app, therapist.id).await?;
        if let Some(owed) = unpaid.into_iter().find(|owed| owed.purchase_id == id) {
            typed.about = format!("package:{id}");
            typed.amount = typed_amount(owed.money.amount);
            typed.currency = shared::ledger::Unit::Of(owed.money.currency).code().into();
        }
    }
    if let Some(id) = choice.payment
        && let Some((found, _)) = payments::one_of_therapist(app, therapist.id, id).await?
    {
        typed.about = format!("payment:{id}");
        typed.amount = typed_amount(found.payment.amount);
        typed.currency = shared::ledger::Unit::Of(found.payment.currency).code().into();
    }
    if let Some(id) = choice.client {
        typed.about = format!("client:{id}");
    }
    record_page(visit, &therapist, typed).await
}

async fn today(visit: &Visit) -> Result<String, Fault> {
    let app = &visit.http.app;
    let catalogue = crate::features::practice::catalogue(app).await?;
    let zone = zones::find("timeZone", &catalogue.practice.time_zone, app.clock.now())?;
    Ok(zone.civil(app.clock.now()).date.to_string())
}

/// The form to note a payment, with what was typed into it.
pub(crate) async fn record_page(visit: &Visit, therapist: &Therapist, typed: RecordPayment) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let typed = RecordPayment { choices: choices(visit, therapist).await?, ..typed };
    let head = private_head("Note a payment", "/admin/payments");
    let draw = || record_payment::page(typed);
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/payments"), None, draw))
}

/// What is open: sessions and packages that were not paid.
async fn open_choices(visit: &Visit, therapist: &Therapist) -> Result<Vec<Choice>, Fault> {
    let app = &visit.http.app;
    let catalogue = crate::features::practice::catalogue(app).await?;
    let zone = zones::find("timeZone", &catalogue.practice.time_zone, app.clock.now())?;
    let mut choices = Vec::new();
    for owed in payments::owed::overdue(app, therapist.id).await? {
        let when = words::short_moment(owed.starts_at, &zone);
        choices.push(Choice {
            value: format!("booking:{}", owed.booking_id),
            label: format!("{}, {when}: {} open", owed.client_name, owed.money),
        });
    }
    for owed in payments::owed::packages_of_therapist(app, therapist.id).await? {
        choices.push(Choice {
            value: format!("package:{}", owed.purchase_id),
            label: format!("{}, {}: {} open", owed.client_name, owed.name, owed.money),
        });
    }
    Ok(choices)
}

/// What money can be for: what is open, a transfer that was announced, or credit of a client.
async fn choices(visit: &Visit, therapist: &Therapist) -> Result<Vec<Choice>, Fault> {
    let app = &visit.http.app;
    let mut choices = open_choices(visit, therapist).await?;
    let waiting = Some(shared::payment::PaymentFilter::Pending);
    for found in payments::of_therapist(app, therapist.id, waiting, None, 100).await? {
        let payment = &found.payment;
        if payment.method == PaymentMethod::Transfer && payment.status == PaymentStatus::Open {
            choices.push(Choice {
                value: format!("payment:{}", payment.id),
                label: format!("{}, announced transfer of {}", found.client_name, payment.money()),
            });
        }
    }
    for client in clients::list(app, therapist.id, None, None, None, 500).await? {
        choices.push(Choice { value: format!("client:{}", client.id), label: format!("{}, as credit", client.name) });
    }
    Ok(choices)
}
