//! From an invitation or a decision to the first session: who may do what, what is kept, and what nobody can get round.

#[path = "../support/clients.rs"]
mod clients;
#[path = "../support/post.rs"]
mod post;
#[path = "../support/mod.rs"]
mod support;

mod documents;
mod doors;
mod form;
mod gate;
mod invitations;
mod kit;
mod pages;
mod stages;
mod theirs;
mod waiting;
