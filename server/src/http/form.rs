//! What answers to forms have in common.

use crate::error::Result;
use crate::keys;
use app::ui::form::Problem;
use shared::problem::UserError;

/// What was refused, each problem with the id of the field it is about; those of fields the form does not have are
/// about the whole.
pub(super) fn problems(refused: &[UserError], id_of: impl Fn(&str) -> Option<&'static str>) -> Vec<Problem> {
    refused
        .iter()
        .map(|problem| {
            let path = problem.field.as_ref().map(|path| path.join("."));
            let field = path.and_then(|path| id_of(&path)).map(str::to_owned);
            Problem { field, message: problem.message.clone() }
        })
        .collect()
}

/// The field of this name, for forms whose ids are the names of the input's fields.
pub(super) fn one_of(fields: &[&'static str]) -> impl Fn(&str) -> Option<&'static str> {
    move |name| fields.iter().copied().find(|field| *field == name)
}

/// Letters and digits for idempotency keys.
const KEY_ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A key that lets a form count once, however often it is sent.
pub(super) fn once() -> Result<String> {
    keys::random_text(KEY_ALPHABET, 22)
}
