//! What the public pages say, to change.

use super::{PracticeDesk, Therapist};
use crate::features::practice::{catalogue, profile};
use crate::graphql::{answer, app, therapist};
use async_graphql::{Context, Object, Result, SimpleObject};
use shared::problem::UserError;
use shared::profile::{SetPracticeProfileInput, SetTherapistProfileInput};

/// The practice as its pages show it now, or why nothing changed.
#[derive(SimpleObject)]
pub struct SetPracticeProfilePayload {
    /// The practice as those who work in it see it.
    practice: Option<PracticeDesk>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// A therapist as the pages show her now, or why nothing changed.
#[derive(SimpleObject)]
pub struct SetTherapistProfilePayload {
    /// You.
    therapist: Option<Therapist>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// Changes to what the public pages say.
#[derive(Default)]
pub struct ProfileMutation;

#[Object]
impl ProfileMutation {
    /// Changes what the public pages say of the practice, all of it together. Therapists only.
    async fn set_practice_profile(
        &self,
        ctx: &Context<'_>,
        input: SetPracticeProfileInput,
    ) -> Result<SetPracticeProfilePayload> {
        let by = therapist(ctx).await?.user_id;
        let (done, user_errors) = answer(profile::set(app(ctx), by, input).await)?;
        let practice = match done {
            Some(()) => Some(PracticeDesk(catalogue(app(ctx)).await?)),
            None => None,
        };
        Ok(SetPracticeProfilePayload { practice, user_errors })
    }

    /// Changes what the public pages say of you, and whether you take new clients. Therapists only.
    async fn set_therapist_profile(
        &self,
        ctx: &Context<'_>,
        input: SetTherapistProfileInput,
    ) -> Result<SetTherapistProfilePayload> {
        let you = therapist(ctx).await?;
        let (done, user_errors) = answer(profile::set_therapist(app(ctx), &you, input).await)?;
        let therapist = match done {
            Some(()) => Therapist::find(&catalogue(app(ctx)).await?, you.id),
            None => None,
        };
        Ok(SetTherapistProfilePayload { therapist, user_errors })
    }
}
