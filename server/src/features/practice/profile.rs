//! What the public pages say, as the practice changes it.

use super::{PracticeSettings, Therapist, in_write, save, store};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::events::Event;
use shared::ids::{TherapistId, UserId};
use shared::profile::{SetPracticeProfileInput, SetTherapistProfileInput};
use sqlx::types::Json;
use std::sync::Arc;

/// Changes what the public pages say of the practice.
pub async fn set(app: &Arc<App>, by: UserId, input: SetPracticeProfileInput) -> Result<()> {
    Error::unless_fine(input.problems())?;
    let (shared_app, input) = (app.clone(), Arc::new(input));
    app.db
        .write(move |tx| {
            let (app, input) = (shared_app.clone(), input.clone());
            Box::pin(async move {
                store::lock_practice(tx).await?;
                let mut practice = in_write(tx).await?;
                practice.name = input.name.trim().to_owned();
                fill(&mut practice.settings, SetPracticeProfileInput::clone(&input));
                save(tx, &practice).await?;
                store::delete_questions(tx).await?;
                for (position, question) in (0..).zip(&input.questions) {
                    store::insert_question(tx, app.clock.new_id(), question, position).await?;
                }
                audit::record(tx, app.clock.now(), Some(by), "set practice profile", None).await
            })
        })
        .await
}

/// Puts what was said in its place.
fn fill(settings: &mut PracticeSettings, input: SetPracticeProfileInput) {
    settings.tagline = one_line(&input.tagline);
    settings.headline = input.headline.trim().to_owned();
    settings.welcome = input.welcome;
    settings.steps = input.steps;
    settings.voice = input.voice;
    settings.fees_note = one_line(&input.fees_note);
    settings.opening_hours = input.opening_hours;
    settings.address = input.address;
    settings.contact_email = input.contact_email.trim().to_owned();
    settings.contact_phone = input.contact_phone.trim().to_owned();
    settings.answers_within = input.answers_within.trim().to_owned();
    settings.crisis = input.crisis;
    settings.privacy = input.privacy;
    settings.terms = input.terms;
    settings.referral_letter = input.referral_letter;
    settings.accent_hue = input.accent_hue;
}

/// A sentence without the line breaks it was typed with.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Changes what the public pages say of a therapist; her address stays.
pub async fn set_therapist(app: &Arc<App>, therapist: &Therapist, input: SetTherapistProfileInput) -> Result<()> {
    Error::unless_fine(input.problems())?;
    let after = Therapist {
        name: input.name.trim().to_owned(),
        title: input.title.trim().to_owned(),
        summary: one_line(&input.summary),
        about: Json(input.about),
        takes_new_clients: input.takes_new_clients,
        ..therapist.clone()
    };
    let (now, by, id): (_, UserId, TherapistId) = (app.clock.now(), therapist.user_id, therapist.id);
    app.db
        .write(move |tx| {
            let after = after.clone();
            Box::pin(async move {
                store::update_therapist(tx, &after).await?;
                tx.announce(Event::PracticeChanged);
                audit::record(tx, now, Some(by), "set therapist profile", Some(id.0)).await
            })
        })
        .await
}
