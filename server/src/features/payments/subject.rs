//! What money is for: a session or a package, found and looked at the same way.

use super::{Payment, owed, store};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::features::bookings::{self, Booking};
use crate::features::clients::{self, Client};
use crate::features::money::purchases::{self, Purchase};
use shared::ids::{BookingId, ClientId, PurchaseId, TherapistId};
use shared::money::Money;
use shared::payment::PaidFor;
use shared::problem::ErrorCode;

/// A session or a package that somebody pays for.
#[derive(Debug, Clone)]
pub(super) enum Subject {
    /// A session.
    Session(Box<Booking>),
    /// A package.
    Package(Box<Purchase>),
}

/// Who may ask for it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asker {
    /// The client who pays.
    Client(ClientId),
    /// The therapist whose client pays.
    Therapist(TherapistId),
}

impl Subject {
    /// What an input names, if whoever asks may see it.
    pub(super) async fn find(conn: &mut Conn, asker: Asker, what: PaidFor) -> Result<Subject> {
        match what {
            PaidFor::Session(id) => {
                let is_theirs = |booking: &Booking| match asker {
                    Asker::Client(client) => booking.client_id == Some(client),
                    Asker::Therapist(therapist) => booking.therapist_id == therapist && booking.client_id.is_some(),
                };
                let booking = bookings::get(conn, id).await?.filter(is_theirs);
                Ok(Subject::Session(Box::new(booking.ok_or_else(|| no_such(what))?)))
            }
            PaidFor::Package(id) => {
                let purchase = purchases::bought(conn, id).await?.ok_or_else(|| no_such(what))?;
                let is_theirs = match asker {
                    Asker::Client(client) => purchase.client_id == client,
                    Asker::Therapist(therapist) => {
                        let client = clients::get(conn, purchase.client_id).await?;
                        client.is_some_and(|client| client.therapist_id == therapist)
                    }
                };
                if is_theirs { Ok(Subject::Package(Box::new(purchase))) } else { Err(no_such(what)) }
            }
        }
    }

    /// What a payment is for; nothing for credit.
    pub(super) async fn of_payment(conn: &mut Conn, payment: &Payment) -> Result<Option<Subject>> {
        Ok(match payment.paid_for() {
            Some(PaidFor::Session(id)) => bookings::get(conn, id).await?.map(|it| Subject::Session(Box::new(it))),
            Some(PaidFor::Package(id)) => purchases::bought(conn, id).await?.map(|it| Subject::Package(Box::new(it))),
            None => None,
        })
    }

    /// The session, if it is one.
    pub(super) fn booking_id(&self) -> Option<BookingId> {
        match self {
            Subject::Session(booking) => Some(booking.id),
            Subject::Package(_) => None,
        }
    }

    /// The package, if it is one.
    pub(super) fn purchase_id(&self) -> Option<PurchaseId> {
        match self {
            Subject::Session(_) => None,
            Subject::Package(purchase) => Some(purchase.id),
        }
    }

    /// Who pays; nobody for a time that is kept for no one.
    pub(super) fn client_id(&self) -> Option<ClientId> {
        match self {
            Subject::Session(booking) => booking.client_id,
            Subject::Package(purchase) => Some(purchase.client_id),
        }
    }

    /// Whose therapist gets the money.
    pub(super) fn therapist_id(&self, client: &Client) -> TherapistId {
        match self {
            Subject::Session(booking) => booking.therapist_id,
            Subject::Package(_) => client.therapist_id,
        }
    }

    /// What there is to pay for it now.
    pub(super) async fn to_pay(&self, conn: &mut Conn) -> Result<Money> {
        match self {
            Subject::Session(booking) => owed::for_booking(conn, booking).await,
            Subject::Package(purchase) => owed::for_purchase(conn, purchase).await,
        }
    }

    /// Every payment for it, oldest first.
    pub(super) async fn payments(&self, tx: &mut Tx) -> Result<Vec<Payment>> {
        Ok(match self {
            Subject::Session(booking) => store::of_booking(tx, booking.id).await?,
            Subject::Package(purchase) => store::of_purchase(tx, purchase.id).await?,
        })
    }

    /// That nothing is open for it, as a refusal.
    pub(super) fn nothing_to_pay(&self) -> Error {
        match self {
            Subject::Session(_) => {
                let message = "There is nothing to pay for this session.";
                Error::refused("bookingId", ErrorCode::AlreadyDone, message)
            }
            Subject::Package(_) => {
                let message = "There is nothing to pay for this package.";
                Error::refused("purchaseId", ErrorCode::AlreadyDone, message)
            }
        }
    }
}

/// That there is nothing of that kind for whoever asks, as a refusal.
pub(super) fn no_such(what: PaidFor) -> Error {
    match what {
        PaidFor::Session(_) => Error::refused("bookingId", ErrorCode::NotFound, "There is no such session."),
        PaidFor::Package(_) => Error::refused("purchaseId", ErrorCode::NotFound, "There is no such package."),
    }
}
