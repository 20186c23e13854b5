//! Standing places in the API.

mod absence;
mod change;
mod make_up;
mod place;

pub use absence::AbsenceMutation;
pub use change::SeriesMutation;
pub use make_up::{MakeUpMutation, MakeUpQuery};
pub use place::{SeriesOfCare, SeriesOfDesk};
