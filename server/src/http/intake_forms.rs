//! The forms of the client's portal about documents and the intake form.

use super::fault::Fault;
use super::form::problems;
use super::pages::gate::{ClientVisit, see_other};
use super::pages::intake::{document_page, intake_of, intake_page};
use super::visit::Visit;
use crate::error::{Error, Result};
use crate::features::clients::{self, Client};
use crate::features::intake::answers::{self, SaveIntakeAnswersInput, SubmitIntakeInput};
use crate::features::intake::documents::{self, AcceptDocumentInput};
use app::portal::intake::{OwnIntake, Typed};
use app::ui::form::Problem;
use app::ui::question::name_of;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use shared::ids::DocumentVersionId;
use shared::intake::{Answer, DocumentKind, Field};
use shared::problem::UserError;

/// The version somebody has read.
#[derive(Deserialize)]
pub(super) struct AcceptForm {
    #[serde(default)]
    version: String,
}

async fn own(visit: &Visit) -> Result<Client> {
    clients::of_viewer(&visit.http.app, visit.viewer()?.user_id).await?.ok_or(Error::NotFound)
}

/// Accepts a document.
pub(super) async fn accept(
    ClientVisit(visit): ClientVisit,
    Path(slug): Path<String>,
    Form(form): Form<AcceptForm>,
) -> std::result::Result<Response, Fault> {
    let kind = DocumentKind::by_slug(&slug).ok_or(Error::NotFound)?;
    let version_id: DocumentVersionId = form.version.parse().map_err(|_| Error::NotFound)?;
    let (client, input) = (own(&visit).await?, AcceptDocumentInput { version_id });
    match documents::accept(&visit.http.app, &client, input, visit.caller.address).await {
        Ok(_) => Ok(see_other("/portal/documents?done=accepted")),
        Err(Error::Refused(refused)) => document_page(&visit, kind, problems(&refused, |_| None)).await,
        Err(error) => Err(error.into()),
    }
}

/// Saves a page of the form and goes on, stops there, or sends it.
pub(super) async fn intake(ClientVisit(visit): ClientVisit, body: String) -> std::result::Result<Response, Fault> {
    let client = own(&visit).await?;
    let (care, number) = (intake_of(&visit).await?, field_of(&body, "part").parse::<usize>().unwrap_or(1));
    let intake = care.intake.as_ref().ok_or(Error::NotFound)?;
    let (part, wish) = (number.saturating_sub(1), field_of(&body, "do"));
    let typed = read_answers(&body, &intake.fields(part));
    let app = &visit.http.app;
    // Saved first: what is missing elsewhere must not cost what was typed here.
    let mut outcome = answers::save(app, &client, SaveIntakeAnswersInput { answers: typed.clone() }).await;
    if outcome.is_ok() && wish == "send" {
        outcome = answers::submit(app, &client, SubmitIntakeInput { answers: typed.clone() }).await;
    }
    match outcome {
        Ok(()) => Ok(see_other(&match wish.as_str() {
            "send" => "/portal?done=sent".to_owned(),
            "next" => format!("/portal/intake?part={}", number + 1),
            _ => "/portal?done=saved".to_owned(),
        })),
        Err(Error::Refused(refused)) => {
            // What is wrong on another page of the form is shown there.
            let part = first_part(intake, &refused).unwrap_or(part);
            let mut all = intake.answers();
            all.put(typed);
            let problems = refused.iter().filter_map(|problem| on_part(intake, part, problem)).collect();
            intake_page(&visit, part, Typed { answers: Some(all), problems }, None).await
        }
        Err(error) => Err(error.into()),
    }
}

fn field_of(body: &str, name: &str) -> String {
    let mut pairs = url::form_urlencoded::parse(body.as_bytes());
    pairs.find(|(found, _)| found == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The answers on a page. A question that sends nothing has no answer: that is how a browser says that no box is ticked.
fn read_answers(body: &str, fields: &[Field]) -> Vec<Answer> {
    let answer = |field: &Field| {
        let name = name_of(&field.id);
        let values = url::form_urlencoded::parse(body.as_bytes()).filter(|(found, _)| *found == name);
        let values = values.map(|(_, value)| value.replace("\r\n", "\n")).collect();
        Answer { field: field.id.clone(), values }
    };
    fields.iter().map(answer).collect()
}

/// The question a problem is about.
fn question_of(problem: &UserError) -> Option<&str> {
    match problem.field.as_deref() {
        Some([answers, field]) if answers == "answers" => Some(field),
        _ => None,
    }
}

/// The first page with a problem.
fn first_part(intake: &OwnIntake, refused: &[UserError]) -> Option<usize> {
    refused.iter().filter_map(|problem| intake.part_of(question_of(problem)?)).min()
}

/// A problem as a page shows it, unless it belongs to another page.
fn on_part(intake: &OwnIntake, part: usize, problem: &UserError) -> Option<Problem> {
    let Some(question) = question_of(problem) else {
        return Some(Problem { field: None, message: problem.message.clone() });
    };
    let is_here = intake.part_of(question).is_none_or(|found| found == part);
    is_here.then(|| Problem { field: Some(name_of(question)), message: problem.message.clone() })
}
