//! Standing places in the API.

mod absence;
mod change;
mod place;

pub use absence::AbsenceMutation;
pub use change::SeriesMutation;
pub use place::{SeriesOfCare, SeriesOfDesk};
