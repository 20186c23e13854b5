//! Pieces pages are drawn with; they know no page and no API.

pub mod art;
pub mod bill;
pub mod booked;
#[cfg(feature = "hydrate")]
pub mod dom;
pub mod fields;
pub mod form;
pub mod hold;
pub mod markup;
pub mod moving;
pub mod pieces;
pub mod question;
pub mod terms;
pub mod times;
pub mod undo;
pub mod wish;
pub mod zones;
