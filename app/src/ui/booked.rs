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
