//! The page in place of something that is not offered any more.

use super::{answer, api, frame};
use crate::features::practice;
use crate::http::fault::Fault;
use crate::http::visit::Visit;
use app::public::book::list;
use app::public::book::query::ListQuery;
use app::shell::{Head, Surface};
use axum::http::StatusCode;
use axum::response::Response;
use cynic::QueryBuilder;

/// What whoever comes with the link of a session type that was retired sees: what is offered instead. Nothing where there
/// is none of that name, or it is offered.
pub(in crate::http) async fn retired(visit: &Visit, slug: &str) -> Result<Option<Response>, Fault> {
    let catalogue = practice::catalogue(&visit.http.app).await?;
    let gone = catalogue.session_types.iter().find(|it| it.slug == slug && !it.is_offered());
    let Some(gate) = gone.map(|it| it.gate) else { return Ok(None) };
    let (frame, rows) = (frame(visit).await?, api(visit).ask(ListQuery::build(())).await?.session_types);
    let head = Head { title: "Not offered any more".into(), private: true, ..Head::default() };
    Ok(Some(answer(visit, StatusCode::GONE, &frame, &head, Surface::Focus, None, || list::gone(gate, rows))))
}
