//! The forms of the practice's portal about stages, invitations, documents and the intake form.

use super::fault::Fault;
use super::form::{one_of, problems};
use super::pages::admin::{Refused, client_page};
use super::pages::admin_intake::{document_page, form_page, invite_page};
use super::pages::gate::{StaffVisit, see_other};
use crate::error::Error;
use crate::features::clients::{
    self,
    change_stage::{self, MoveClientInput},
};
use crate::features::intake::documents::{self, PublishDocumentInput};
use crate::features::intake::form::{self, SaveIntakeFormInput};
use crate::features::intake::invitations::{self, InviteClientInput};
use app::admin::documents::Typed as TypedDocument;
use app::admin::intake_form::Draft;
use app::admin::invitations::Typed as TypedInvitation;
use app::admin::stage;
use app::ui::form::{Problem, read};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use shared::ids::{ClientId, InvitationId};
use shared::intake::{DocumentKind, Field, FieldKind};
use shared::price::PriceClass;
use shared::problem::UserError;
use shared::stage::Move;

const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// A move as it comes from the form.
#[derive(Deserialize)]
pub(super) struct StageForm {
    #[serde(default, rename = "move")]
    step: String,
    #[serde(default, rename = "end-letter")]
    letter: String,
}

/// Moves a relationship on.
pub(super) async fn change_stage(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<StageForm>,
) -> Result<Response, Fault> {
    let client_id: ClientId = id.parse().map_err(|_| Error::NotFound)?;
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let step = stage::read(&form.step).ok_or(Error::NotFound)?;
    let letter = form.letter.replace("\r\n", "\n");
    let sent = (step == Move::End).then(|| letter.clone());
    let input = MoveClientInput { client_id, step, letter: sent };
    let app = &visit.http.app;
    let before = clients::of_therapist(app, client_id, therapist.id).await?.standing(app.clock.now());
    let is_known = step == Move::TakeBack && before.decision_waits().is_none();
    let done = if is_known { stage::THOUGHT_OVER } else { stage::code(step) };
    match change_stage::move_client(app, &therapist, input).await {
        Ok(_) => Ok(see_other(&format!("/admin/clients/{client_id}?done={done}"))),
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, |field| (field == "letter").then_some("end-letter"));
            let typed = stage::Typed { letter, problems, ..stage::Typed::default() };
            client_page(visit, client_id, Refused { stage: Some(typed), ..Refused::default() }, None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// An invitation as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct InviteForm {
    name: String,
    email: String,
    class: String,
}

/// Invites somebody.
pub(super) async fn invite(staff: StaffVisit, Form(form): Form<InviteForm>) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let is_from_abroad = form.class == "international";
    let class = if is_from_abroad { PriceClass::International } else { PriceClass::Domestic };
    let input = InviteClientInput {
        name: form.name.clone(),
        email: form.email.clone(),
        price_class: Some(class),
        therapist_id: None,
    };
    match invitations::invite(&visit.http.app, &therapist, staff.viewer.role, input).await {
        Ok(_) => Ok(see_other("/admin/clients?done=invited#invitations")),
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, one_of(&["name", "email"]));
            let typed = TypedInvitation { name: form.name, email: form.email, is_from_abroad, problems };
            invite_page(visit, REFUSED, typed).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Mails an invitation again. One that was accepted meanwhile is none.
pub(super) async fn resend(staff: StaffVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let id: InvitationId = id.parse().map_err(|_| Error::NotFound)?;
    let therapist = staff.therapist().await?;
    match invitations::resend(&staff.visit.http.app, &therapist, id).await {
        Ok(_) => Ok(see_other("/admin/clients?done=resent#invitations")),
        Err(Error::Refused(_)) => Ok(see_other("/admin/clients#invitations")),
        Err(error) => Err(error.into()),
    }
}

/// Takes an invitation back. What is gone already is gone.
pub(super) async fn revoke(staff: StaffVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let id: InvitationId = id.parse().map_err(|_| Error::NotFound)?;
    let therapist = staff.therapist().await?;
    match invitations::revoke(&staff.visit.http.app, &therapist, id).await {
        Ok(_) => Ok(see_other("/admin/clients?done=revoked#invitations")),
        Err(Error::Refused(_)) => Ok(see_other("/admin/clients#invitations")),
        Err(error) => Err(error.into()),
    }
}

/// A document as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct DocumentForm {
    title: String,
    body: String,
    material: String,
    #[serde(rename = "do")]
    wish: String,
}

/// Publishes a document, or keeps it as a draft.
pub(super) async fn document(
    staff: StaffVisit,
    Path(slug): Path<String>,
    Form(form): Form<DocumentForm>,
) -> Result<Response, Fault> {
    let kind = DocumentKind::by_slug(&slug).ok_or(Error::NotFound)?;
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let body = form.body.replace("\r\n", "\n");
    let (is_draft, is_material) = (form.wish == "draft", form.material == "yes");
    let input = PublishDocumentInput { kind, title: form.title.clone(), body: body.clone(), is_material, is_draft };
    match documents::publish(&visit.http.app, &therapist, input).await {
        Ok(_) if is_draft => Ok(see_other(&format!("/admin/documents/{slug}?done=draft"))),
        Ok(_) => Ok(see_other("/admin/documents?done=published")),
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, one_of(&["title", "body"]));
            let typed = TypedDocument { title: form.title, body, is_material, problems };
            document_page(visit, REFUSED, kind, Some(typed), None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the button of the form's editor asks for.
enum Wish {
    Save,
    Add(FieldKind),
    Remove(usize),
    Up(usize),
    Down(usize),
    Nothing,
}

/// The questions of the editor in their order, and which button was pressed.
fn read_form(body: &str) -> (Vec<Field>, Wish) {
    let (mut fields, mut wish): (Vec<Field>, Wish) = (Vec::new(), Wish::Nothing);
    let place = |value: &str| value.parse::<usize>().ok();
    for (name, value) in url::form_urlencoded::parse(body.as_bytes()) {
        match (name.as_ref(), fields.last_mut()) {
            ("id", _) => fields.push(empty(value.into_owned(), FieldKind::ShortText)),
            ("kind", Some(field)) => field.kind = read(&value).unwrap_or(field.kind),
            ("label", Some(field)) => field.label = value.into_owned(),
            ("hint", Some(field)) => field.hint = value.into_owned(),
            ("required", Some(field)) => field.is_required = value == "yes",
            ("options", Some(field)) => {
                field.options = value.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
            }
            ("do", _) => wish = Wish::Save,
            ("add", _) => {
                wish = Wish::Add(if value == "part" { FieldKind::Part } else { FieldKind::ShortText });
            }
            ("remove", _) => wish = place(&value).map_or(Wish::Nothing, Wish::Remove),
            ("up", _) => wish = place(&value).map_or(Wish::Nothing, Wish::Up),
            ("down", _) => wish = place(&value).map_or(Wish::Nothing, Wish::Down),
            _ => {}
        }
    }
    (fields, wish)
}

fn empty(id: String, kind: FieldKind) -> Field {
    Field { id, kind, label: String::new(), hint: String::new(), is_required: false, options: Vec::new() }
}

/// Saves the intake form, or shows it again with a question more, less or elsewhere.
pub(super) async fn intake_form(staff: StaffVisit, body: String) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let (mut fields, wish) = read_form(&body);
    let last = fields.len().saturating_sub(1);
    match wish {
        Wish::Save => {
            // Answers to choose from that were written for another kind of question wait in the editor only.
            let tidy = |field: Field| match field.kind.has_options() {
                true => field,
                false => Field { options: Vec::new(), ..field },
            };
            let tidied: Vec<Field> = fields.into_iter().map(tidy).collect();
            let input = SaveIntakeFormInput { fields: tidied.clone() };
            return match form::save(&visit.http.app, &therapist, input).await {
                Ok(()) => Ok(see_other("/admin/intake?done=saved")),
                Err(Error::Refused(refused)) => {
                    let problems = refused.iter().map(named).collect();
                    form_page(visit, REFUSED, Some(Draft { fields: tidied, is_unsaved: true, problems }), None).await
                }
                Err(error) => Err(error.into()),
            };
        }
        Wish::Add(kind) => {
            // The name must be new for ever: earlier answers belong to the questions they were given to.
            let id = visit.http.app.clock.new_id().simple().to_string();
            fields.push(empty(format!("q-{}", &id[12..]), kind));
        }
        Wish::Remove(index) if index <= last => drop(fields.remove(index)),
        Wish::Up(index) if (1..=last).contains(&index) => fields.swap(index - 1, index),
        Wish::Down(index) if index < last => fields.swap(index, index + 1),
        Wish::Remove(_) | Wish::Up(_) | Wish::Down(_) | Wish::Nothing => {}
    }
    let draft = Draft { fields, is_unsaved: true, problems: Vec::new() };
    form_page(visit, StatusCode::OK, Some(draft), None).await
}

/// A problem with `fields.<index>.<what>`, at the field with the id `<what>-<index>`.
fn named(problem: &UserError) -> Problem {
    let path = problem.field.clone().unwrap_or_default();
    match path.as_slice() {
        [fields, index, what] if fields == "fields" => {
            let number = index.parse::<usize>().unwrap_or(0) + 1;
            Problem { field: Some(format!("{what}-{index}")), message: format!("{number}: {}", problem.message) }
        }
        _ => Problem { field: None, message: problem.message.clone() },
    }
}
