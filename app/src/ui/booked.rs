//! Words for what was booked.

use shared::practice::Modality;

/// `By video`.
pub fn how(modality: Modality) -> &'static str {
    match modality {
        Modality::Online => "By video",
        Modality::Phone => "By phone",
        Modality::InPerson => "In the room",
    }
}

/// A reference as people read it out: `K7MP-4QXR`.
pub fn reference_words(reference: &str) -> String {
    match reference.split_at_checked(4) {
        Some((first, last)) if !last.is_empty() => format!("{first}-{last}"),
        _ => reference.to_owned(),
    }
}
