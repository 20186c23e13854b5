//! From an invitation or a decision to the first session: who may do what, what is kept, and what nobody can get round.

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
