//! What visitors see.

pub mod about;
pub mod ask;
pub mod book;
pub mod contact;
pub mod faq;
pub mod home;
pub mod make_up;
pub mod problem;
pub mod session_type;
pub mod still_waiting;
pub mod text;
mod unknown_link;
