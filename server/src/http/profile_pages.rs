//! The page where a therapist changes what the public pages say.

use super::Http;
use super::fault::Fault;
use super::form::problems;
use super::pages::gate::{StaffVisit, see_other};
use super::pages::portal::private_head;
use super::pages::{answer, api, frame};
use super::reminder_pages::{Done, pairs, status_of, value};
use super::visit::Visit;
use crate::error::Error;
use crate::features::practice::profile;
use app::admin::profile::{self as drawn, ProfileQuery, TypedPractice, TypedTherapist};
use app::shell::Surface;
use app::ui::pieces::Notice;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Query};
use axum::response::Response;
use axum::routing::{get, post};
use cynic::QueryBuilder;
use serde::Deserialize;
use shared::profile::{
    Question, SetPracticeProfileInput, SetTherapistProfileInput, Step, crisis_lines, lines, paragraphs, sections,
};

/// All the texts of a practice, as a browser sends them.
const MOST_BYTES: usize = 512 * 1024;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/admin/profile", get(look).post(set))
        .route("/admin/profile/you", post(set_you))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}

async fn look(StaffVisit { visit, .. }: StaffVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let words = "Saved. The public pages say so from now on.";
    let notice = (done.done.as_deref() == Some("saved")).then(|| Notice(words.into()));
    page(&visit, None, None, notice).await
}

async fn page(
    visit: &Visit,
    practice: Option<TypedPractice>,
    therapist: Option<TypedTherapist>,
    notice: Option<Notice>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let asked = api(visit).ask(ProfileQuery::build(())).await?;
    let of_practice = practice.as_ref().map(|typed| typed.problems.as_slice()).unwrap_or_default();
    let of_therapist = therapist.as_ref().map(|typed| typed.problems.as_slice()).unwrap_or_default();
    let status = status_of(&[of_practice, of_therapist].concat());
    let head = private_head("Public pages", "/admin/profile");
    let draw = || drawn::page(&asked, practice, therapist, notice);
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/profile"), None, draw))
}

/// The id of the field that something is typed in.
fn field_id(name: &str) -> Option<&'static str> {
    Some(match name {
        "name" => "name",
        "tagline" => "tagline",
        "headline" => "headline",
        "welcome" => "welcome",
        "steps" => "steps",
        "voice" => "voice",
        "feesNote" => "fees-note",
        "openingHours" => "opening-hours",
        "address" => "address",
        "contactEmail" => "contact-email",
        "contactPhone" => "contact-phone",
        "answersWithin" => "answers-within",
        "crisis" => "crisis",
        "questions" => "questions",
        "privacy" => "privacy",
        "terms" => "terms",
        "referralLetter" => "letter",
        "accentHue" => "accent",
        _ => return None,
    })
}

async fn set(staff: StaffVisit, body: String) -> Result<Response, Fault> {
    let (by, visit) = (staff.therapist().await?.user_id, &staff.visit);
    let form = pairs(&body);
    let field = |id: &str| value(&form, id).replace("\r\n", "\n");
    let steps = sections(&field("steps")).into_iter().map(|(title, text)| Step { title, text });
    let questions = sections(&field("questions")).into_iter().map(|(question, answer)| Question { question, answer });
    let input = SetPracticeProfileInput {
        name: field("name"),
        tagline: field("tagline"),
        headline: field("headline"),
        welcome: paragraphs(&field("welcome")),
        steps: steps.collect(),
        voice: paragraphs(&field("voice")),
        fees_note: field("fees-note"),
        opening_hours: lines(&field("opening-hours")),
        address: lines(&field("address")),
        contact_email: field("contact-email"),
        contact_phone: field("contact-phone"),
        answers_within: field("answers-within"),
        crisis: crisis_lines(&field("crisis")),
        questions: questions.collect(),
        privacy: paragraphs(&field("privacy")),
        terms: paragraphs(&field("terms")),
        referral_letter: paragraphs(&field("letter")),
        accent_hue: field("accent").parse().ok(),
    };
    match profile::set(&visit.http.app, by, input).await {
        Ok(()) => Ok(see_other("/admin/profile?done=saved")),
        Err(Error::Refused(refused)) => {
            let values = form.iter().map(|(id, _)| (id.clone(), field(id))).collect();
            let typed = TypedPractice { values, problems: problems(&refused, field_id) };
            page(visit, Some(typed), None, None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What a therapist says about herself, as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct YouForm {
    you_name: String,
    you_title: String,
    you_summary: String,
    you_about: String,
    you_open: Option<String>,
}

async fn set_you(staff: StaffVisit, Form(form): Form<YouForm>) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let takes_new_clients = form.you_open.is_some();
    let input = SetTherapistProfileInput {
        name: form.you_name.clone(),
        title: form.you_title.clone(),
        summary: form.you_summary.clone(),
        about: paragraphs(&form.you_about),
        takes_new_clients,
    };
    match profile::set_therapist(&visit.http.app, &therapist, input).await {
        Ok(()) => Ok(see_other("/admin/profile?done=saved")),
        Err(Error::Refused(refused)) => {
            let typed = TypedTherapist {
                name: form.you_name,
                title: form.you_title,
                summary: form.you_summary,
                about: form.you_about.replace("\r\n", "\n"),
                takes_new_clients,
                problems: problems(&refused, |name| {
                    Some(match name {
                        "name" => "you-name",
                        "title" => "you-title",
                        "summary" => "you-summary",
                        "about" => "you-about",
                        _ => return None,
                    })
                }),
            };
            page(visit, None, Some(typed), None).await
        }
        Err(error) => Err(error.into()),
    }
}
