//! A bill, as the pages of both sides ask for it.

use super::amount::Amount;
use super::schema::{Shared, schema};
use crate::ui::bill::{Sheet, Since};
use shared::ids::ClientId;
use shared::ledger::EntryKind;
use shared::payment::InvoiceKind;
use shared::time::Instant;

/// Which bill is asked for.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct BillVariables {
    /// The zone of the practice.
    pub zone: String,
    /// Its number.
    pub number: String,
}

/// A bill.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Invoice")]
pub struct Bill {
    /// Its number.
    pub number: String,
    /// What it is.
    pub kind: Shared<InvoiceKind>,
    /// Whose.
    pub client_id: ClientId,
    /// When it was written.
    pub issued_at: Instant,
    /// What it comes to.
    pub total: Amount,
    /// Who wrote it.
    pub from: Vec<String>,
    /// Whom it is made out to.
    pub to: String,
    /// What it is for.
    pub lines: Vec<BillLine>,
    /// How it was settled, or what it takes back.
    pub settled: Option<String>,
    /// The number of the booking.
    pub reference: Option<String>,
    /// What came for it since.
    pub settlements: Vec<Settlement>,
    /// What is still open of it.
    pub open: Vec<Amount>,
}

/// Something that came, went back, was let go or taken back.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "StatementLine")]
pub struct Settlement {
    /// What it was.
    pub kind: Shared<EntryKind>,
    /// What it did to what is owed.
    pub amount: Option<Amount>,
    /// When.
    pub at: Instant,
}

/// One line of a bill.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "InvoiceLine")]
pub struct BillLine {
    /// What it is for.
    pub words: String,
    /// How much.
    pub amount: Amount,
}

/// A bill, as lists show it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Invoice")]
pub struct BillRow {
    /// Its number.
    pub number: String,
    /// What it is.
    pub kind: Shared<InvoiceKind>,
    /// When it was written.
    pub issued_at: Instant,
    /// What it comes to.
    pub total: Amount,
}

impl From<Bill> for Sheet {
    fn from(bill: Bill) -> Self {
        let since = (bill.kind.0 == InvoiceKind::Invoice).then(|| since(&bill));
        Sheet {
            title: format!("{} {}", bill.kind.0.words(), bill.number),
            from: bill.from,
            to: bill.to,
            issued_at: bill.issued_at,
            reference: bill.reference,
            lines: bill.lines.into_iter().map(|line| (line.words, line.amount.words())).collect(),
            total: bill.total.words(),
            settled: bill.settled,
            since,
        }
    }
}

fn since(bill: &Bill) -> Since {
    let row = |it: &Settlement| {
        (it.kind.0.words_on_invoice().to_owned(), it.at, it.amount.map(Amount::words).unwrap_or_default())
    };
    let open: Vec<String> = bill.open.iter().filter(|it| it.amount > 0).map(|it| it.words()).collect();
    let open = if open.is_empty() { "Nothing".to_owned() } else { open.join(", ") };
    Since { rows: bill.settlements.iter().map(row).collect(), open }
}
