//! What is typed into the forms of a session type.

use super::query::{ClassPrice, OfferedType};
use crate::admin::place::amount_words;
use crate::ui::form::{Problem, code};
use shared::ids::RoomId;
use shared::intake::Missing;
use shared::money::Currency;
use shared::practice::{Gate, Modality, Prepay};
use shared::price::PriceClass;

/// What was typed into the form of a session type, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedType {
    /// Its name.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// One sentence about it.
    pub summary: String,
    /// Its paragraphs, an empty line between them.
    pub description: String,
    /// Who may book it.
    pub gate: String,
    /// How it takes place.
    pub modality: String,
    /// The rooms that suit it.
    pub rooms: Vec<RoomId>,
    /// What its first session waits for.
    pub waits_for: Vec<Missing>,
    /// How long it is.
    pub minutes: String,
    /// Minutes kept free before it.
    pub buffer_before: String,
    /// Minutes kept free after it.
    pub buffer_after: String,
    /// How far apart starts are.
    pub grid: String,
    /// How many hours before the start it closes.
    pub notice: String,
    /// How many days ahead it opens.
    pub horizon: String,
    /// How many a day at most.
    pub per_day: String,
    /// The price, as people write it.
    pub price: String,
    /// What that is counted in.
    pub currency: String,
    /// What is paid first.
    pub prepay: String,
    /// The deposit, as people write it.
    pub deposit: String,
    /// Whether the public pages show it.
    pub visible: bool,
    /// Lets the form count once.
    pub key: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl TypedType {
    /// What a new one begins with; money is counted as in the rest of the list.
    pub fn new(offer: &[OfferedType], key: String) -> Self {
        let currency = offer.last().map_or(Currency::Eur, |it| it.session_type.price.currency.0);
        TypedType {
            gate: code(Gate::Clients),
            modality: code(Modality::Online),
            waits_for: Missing::ALL.to_vec(),
            minutes: "50".into(),
            buffer_before: "0".into(),
            buffer_after: "10".into(),
            grid: "30".into(),
            notice: "24".into(),
            horizon: "60".into(),
            currency: code(currency),
            prepay: code(Prepay::Nothing),
            visible: true,
            key,
            ..TypedType::default()
        }
    }

    /// The session type as it is.
    pub fn of(it: &OfferedType) -> Self {
        let row = &it.session_type;
        let deposit = (it.deposit.amount > 0).then(|| amount_words(it.deposit.amount));
        TypedType {
            name: row.name.clone(),
            slug: row.slug.clone(),
            summary: row.summary.clone(),
            description: row.description.join("\n\n"),
            gate: code(row.gate.0),
            modality: code(row.modality.0),
            rooms: it.room_ids.clone(),
            waits_for: it.waits_for.iter().map(|missing| missing.0).collect(),
            minutes: row.minutes.to_string(),
            buffer_before: it.buffer_before.to_string(),
            buffer_after: it.buffer_after.to_string(),
            grid: row.grid_minutes.to_string(),
            notice: shared::session_type::typed_hours(i64::from(row.notice_minutes)),
            horizon: row.horizon_days.to_string(),
            per_day: it.per_day.map(|most| most.to_string()).unwrap_or_default(),
            price: amount_words(row.price.amount),
            currency: code(row.price.currency.0),
            prepay: code(it.prepay.0),
            deposit: deposit.unwrap_or_default(),
            visible: it.visible,
            key: String::new(),
            problems: Vec::new(),
        }
    }
}

/// What was typed into the form for prices by class, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedPrices {
    /// The amount and currency at home.
    pub domestic: (String, String),
    /// The amount and currency from abroad.
    pub international: (String, String),
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl TypedPrices {
    /// The prices as they are.
    pub fn of(it: &OfferedType, prices: &[ClassPrice]) -> Self {
        let row = &it.session_type;
        let of_class = |class: PriceClass| {
            let found = prices.iter().find(|price| price.session_type_id == row.id && price.price_class.0 == class);
            let currency = found.map_or(row.price.currency.0, |price| price.price.currency.0);
            (found.map(|price| amount_words(price.price.amount)).unwrap_or_default(), code(currency))
        };
        TypedPrices {
            domestic: of_class(PriceClass::Domestic),
            international: of_class(PriceClass::International),
            problems: Vec::new(),
        }
    }
}

/// What was typed into the form for a package, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedPackage {
    /// Its name.
    pub name: String,
    /// How many sessions.
    pub units: String,
    /// For how many days.
    pub days: String,
    /// The price, as people write it.
    pub price: String,
    /// What that is counted in.
    pub currency: String,
    /// Lets the form count once.
    pub key: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl TypedPackage {
    /// What a new one begins with.
    pub fn new(it: &OfferedType, key: String) -> Self {
        TypedPackage {
            days: "180".into(),
            currency: code(it.session_type.price.currency.0),
            key,
            ..TypedPackage::default()
        }
    }
}
