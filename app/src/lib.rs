//! The pages of Anteroom.
//!
//! Each page is a module with the query it asks and the view that draws the answer. The server renders every page; the
//! pages that come to life in the browser are drawn there again by the same component from the same data.

// Each crate of views nests types as deep as its markup.
#![recursion_limit = "512"]

pub mod admin;
#[cfg(feature = "hydrate")]
pub mod alive;
pub mod api;
#[cfg(feature = "hydrate")]
pub mod live;
pub mod portal;
pub mod public;
pub mod sandbox;
pub mod seo;
pub mod shell;
pub mod sign_in;
pub mod ui;
