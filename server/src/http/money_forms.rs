//! The forms of money: paying, announcing a transfer, noting what came, giving it back.

use super::fault::Fault;
use super::form::{one_of, problems};
use super::pages::gate::{ClientVisit, StaffVisit, see_other};
use super::pages::money::{bills_page, let_go_page, payment_page, record_page};
use crate::error::Error;
use crate::features::payments;
use crate::features::payments::{checkout, record, refund, waive};
use crate::http::visit::Visit;
use app::admin::payment::TypedRefund;
use app::admin::record_payment::RecordPayment;
use app::admin::unpaid::LetGo;
use app::ui::form::Problem;
use app::ui::pieces::Notice;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use shared::ids::{BookingId, ClientId, PaymentId, PurchaseId, TherapistId};
use shared::ledger::Unit;
use shared::money::Currency;
use shared::payment::{
    AnnounceTransferInput, PaidFor, PaymentMethod, RecordPaymentInput, RefundPaymentInput, StartCheckoutInput,
    WaiveOwedInput, read_amount,
};
use shared::problem::UserError;
use shared::time::Date;

/// Sends a client to the page on which a session is paid by card.
pub(super) async fn pay(ClientVisit(visit): ClientVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let booking_id: BookingId = id.parse().map_err(|_| Error::NotFound)?;
    to_checkout(&visit, StartCheckoutInput { booking_id: Some(booking_id), purchase_id: None }).await
}

/// Sends a client to the page on which a package is paid by card.
pub(super) async fn pay_package(ClientVisit(visit): ClientVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let purchase_id: PurchaseId = id.parse().map_err(|_| Error::NotFound)?;
    to_checkout(&visit, StartCheckoutInput { booking_id: None, purchase_id: Some(purchase_id) }).await
}

async fn to_checkout(visit: &Visit, input: StartCheckoutInput) -> Result<Response, Fault> {
    match checkout::start(&visit.http.app, visit.viewer()?, input).await {
        Ok(started) => Ok(see_other(&started.url)),
        Err(Error::Refused(refused)) => refused_page(visit, &refused).await,
        Err(Error::Unavailable(why)) => {
            tracing::warn!(why, "a payment page could not be opened");
            Ok(see_other("/portal/bills?done=unreachable"))
        }
        Err(error) => Err(error.into()),
    }
}

async fn refused_page(visit: &Visit, refused: &[UserError]) -> Result<Response, Fault> {
    let words = refused.first().map(|problem| Notice(problem.message.clone()));
    bills_page(visit, StatusCode::UNPROCESSABLE_ENTITY, words).await
}

/// A transfer, as the form announces it.
#[derive(Deserialize)]
pub(super) struct TransferForm {
    #[serde(default)]
    proof: String,
}

/// Notes that a transfer for a session is on its way.
pub(super) async fn transfer(
    ClientVisit(visit): ClientVisit,
    Path(id): Path<String>,
    Form(form): Form<TransferForm>,
) -> Result<Response, Fault> {
    let booking_id: BookingId = id.parse().map_err(|_| Error::NotFound)?;
    let proof = Some(form.proof);
    announce(&visit, AnnounceTransferInput { booking_id: Some(booking_id), purchase_id: None, proof }).await
}

/// Notes that a transfer for a package is on its way.
pub(super) async fn transfer_package(
    ClientVisit(visit): ClientVisit,
    Path(id): Path<String>,
    Form(form): Form<TransferForm>,
) -> Result<Response, Fault> {
    let purchase_id: PurchaseId = id.parse().map_err(|_| Error::NotFound)?;
    let proof = Some(form.proof);
    announce(&visit, AnnounceTransferInput { booking_id: None, purchase_id: Some(purchase_id), proof }).await
}

async fn announce(visit: &Visit, input: AnnounceTransferInput) -> Result<Response, Fault> {
    match record::announce_transfer(&visit.http.app, visit.viewer()?, input).await {
        Ok(_) => Ok(see_other("/portal/bills?done=transfer")),
        Err(Error::Refused(refused)) => refused_page(visit, &refused).await,
        Err(error) => Err(error.into()),
    }
}

/// A refund, as it comes from the form.
#[derive(Deserialize)]
pub(super) struct RefundForm {
    #[serde(default)]
    amount: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    owed: String,
    #[serde(default)]
    key: String,
}

/// Gives money back.
pub(super) async fn refund(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<RefundForm>,
) -> Result<Response, Fault> {
    let payment_id: PaymentId = id.parse().map_err(|_| Error::NotFound)?;
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let wrong = match read_amount(&form.amount) {
        None => vec![Problem { field: Some("amount".into()), message: "Type an amount like 75.00.".into() }],
        Some(amount) => {
            let input = RefundPaymentInput {
                payment_id,
                amount: Some(amount),
                reason: form.reason.clone(),
                stays_owed: Some(!form.owed.is_empty()),
                idempotency_key: Some(form.key.clone()).filter(|key| !key.is_empty()),
            };
            match refund::refund_payment(&visit.http.app, &therapist, input).await {
                Ok(_) => return Ok(see_other(&format!("/admin/payments/{payment_id}?done=refunded"))),
                Err(Error::Refused(refused)) => problems(&refused, one_of(&["amount", "reason"])),
                Err(error) => return Err(error.into()),
            }
        }
    };
    // What was refused is another request when it is sent again.
    let key = visit.http.app.clock.new_id().to_string();
    let stays_owed = !form.owed.is_empty();
    let typed = TypedRefund { amount: form.amount, reason: form.reason, stays_owed, key, problems: wrong };
    payment_page(visit, payment_id, typed, None).await
}

/// Something that is let go, as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct LetGoForm {
    about: String,
    reason: String,
    key: String,
}

/// Lets go of what is open for a session or a package.
pub(super) async fn let_go(staff: StaffVisit, Form(form): Form<LetGoForm>) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let what = About::read(&form.about).and_then(About::paid_for).ok_or(Error::NotFound)?;
    let (booking_id, purchase_id) = match what {
        PaidFor::Session(id) => (Some(id), None),
        PaidFor::Package(id) => (None, Some(id)),
    };
    let idempotency_key = Some(form.key.clone()).filter(|key| !key.is_empty());
    let input = WaiveOwedInput { booking_id, purchase_id, reason: form.reason.clone(), idempotency_key };
    let problems = match waive::waive_owed(&visit.http.app, &therapist, input).await {
        Ok(_) => return Ok(see_other("/admin/payments?done=let-go")),
        Err(Error::Refused(refused)) => problems(&refused, one_of(&["reason"])),
        Err(error) => return Err(error.into()),
    };
    let key = visit.http.app.clock.new_id().to_string();
    let typed = LetGo { about: form.about, reason: form.reason, key, problems, ..LetGo::default() };
    let_go_page(visit, &therapist, typed).await
}

/// What a form of money is about: `booking:…`, `package:…`, `payment:…` or `client:…`.
#[derive(Debug, Clone, Copy)]
pub(super) enum About {
    Booking(BookingId),
    Package(PurchaseId),
    Payment(PaymentId),
    Client(ClientId),
}

impl About {
    pub(super) fn read(text: &str) -> Option<About> {
        let (kind, id) = text.split_once(':')?;
        match kind {
            "booking" => id.parse().ok().map(About::Booking),
            "package" => id.parse().ok().map(About::Package),
            "payment" => id.parse().ok().map(About::Payment),
            "client" => id.parse().ok().map(About::Client),
            _ => None,
        }
    }

    /// What can be open: a session or a package.
    fn paid_for(self) -> Option<PaidFor> {
        match self {
            About::Booking(id) => Some(PaidFor::Session(id)),
            About::Package(id) => Some(PaidFor::Package(id)),
            About::Payment(_) | About::Client(_) => None,
        }
    }
}

/// Money that came, as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RecordForm {
    about: String,
    method: String,
    amount: String,
    currency: String,
    day: String,
    note: String,
    key: String,
}

/// Notes money that came.
pub(super) async fn record(staff: StaffVisit, Form(form): Form<RecordForm>) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let wrong = match read(visit, therapist.id, &form).await? {
        Ok(input) => match record::record(&visit.http.app, &therapist, input).await {
            Ok(_) => return Ok(see_other("/admin/payments?done=noted")),
            Err(Error::Refused(refused)) => problems(&refused, |field| match field {
                "amount" => Some("amount"),
                "currency" => Some("currency"),
                "receivedOn" => Some("day"),
                "note" => Some("note"),
                "clientId" | "bookingId" | "purchaseId" | "paymentId" => Some("about"),
                _ => None,
            }),
            Err(error) => return Err(error.into()),
        },
        Err(wrong) => wrong,
    };
    let typed = RecordPayment {
        cash: form.method == "CASH",
        about: form.about,
        amount: form.amount,
        currency: form.currency,
        day: form.day,
        note: form.note,
        key: visit.http.app.clock.new_id().to_string(),
        problems: wrong,
        ..RecordPayment::default()
    };
    record_page(visit, &therapist, typed).await
}

/// What the form asks for, or everything wrong with it.
async fn read(
    visit: &Visit,
    therapist: TherapistId,
    form: &RecordForm,
) -> Result<Result<RecordPaymentInput, Vec<Problem>>, Error> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, words: &str| {
        wrong.push(Problem { field: Some(field.to_owned()), message: words.to_owned() });
    };
    let about = about(visit, therapist, &form.about).await?;
    if about.is_none() {
        say("about", "Choose what it is for.");
    }
    let amount = read_amount(&form.amount);
    if amount.is_none() {
        say("amount", "Type an amount like 75.00.");
    }
    let day = form.day.parse::<Date>().ok();
    if day.is_none() {
        say("day", "Choose a day.");
    }
    let currency = Currency::ALL.into_iter().find(|currency| Unit::Of(*currency).code() == form.currency);
    let (Some(subject), Some(amount), Some(day)) = (about, amount, day) else {
        return Ok(Err(wrong));
    };
    Ok(Ok(RecordPaymentInput {
        client_id: subject.client_id,
        booking_id: subject.booking_id,
        purchase_id: subject.purchase_id,
        payment_id: subject.payment_id,
        method: if form.method == "CASH" { PaymentMethod::Cash } else { PaymentMethod::Transfer },
        amount,
        currency: currency.unwrap_or(Currency::Gbp),
        received_on: Some(day),
        note: Some(form.note.clone()),
        idempotency_key: Some(form.key.clone()).filter(|key| !key.is_empty()),
    }))
}

/// Whose money it is, and what for.
struct RecordedFor {
    client_id: ClientId,
    booking_id: Option<BookingId>,
    purchase_id: Option<PurchaseId>,
    payment_id: Option<PaymentId>,
}

async fn about(visit: &Visit, therapist: TherapistId, text: &str) -> Result<Option<RecordedFor>, Error> {
    let app = &visit.http.app;
    let Some(about) = About::read(text) else { return Ok(None) };
    let of = |client_id| RecordedFor { client_id, booking_id: None, purchase_id: None, payment_id: None };
    Ok(match about {
        About::Booking(id) => {
            let overdue = payments::owed::overdue(app, therapist).await?;
            let owed = overdue.into_iter().find(|owed| owed.booking_id == id);
            owed.map(|owed| RecordedFor { booking_id: Some(id), ..of(owed.client_id) })
        }
        About::Package(id) => {
            let unpaid = payments::owed::packages_of_therapist(app, therapist).await?;
            let owed = unpaid.into_iter().find(|owed| owed.purchase_id == id);
            owed.map(|owed| RecordedFor { purchase_id: Some(id), ..of(owed.client_id) })
        }
        About::Payment(id) => payments::one_of_therapist(app, therapist, id).await?.map(|(found, _)| RecordedFor {
            booking_id: found.payment.booking_id,
            purchase_id: found.payment.purchase_id,
            payment_id: Some(id),
            ..of(found.payment.client_id)
        }),
        About::Client(id) => Some(of(id)),
    })
}
