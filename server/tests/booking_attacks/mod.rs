//! What somebody might try who books: to keep everything, to have what is not offered, to name a price, to guess a link.

mod keeping;
mod kit;
mod links;
mod offered;
mod prices;
