//! What a resolver may ask of its context, and how a result becomes an answer.

pub mod guard;
pub mod in_order;

use crate::app::App;
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use crate::features::practice::{self, Therapist};
use async_graphql::{Context, Name, ServerError, SimpleObject, Value};
use shared::actor::Role;
use shared::problem::UserError;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

/// Who sent a request, and from where.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    /// Who is signed in, if anyone is.
    pub viewer: Option<Viewer>,
    /// Where the request comes from.
    pub address: IpAddr,
}

/// The secret of the time that is kept for the browser a request comes from, if one is.
#[derive(Debug, Clone, Default)]
pub struct KeptHere(pub Option<String>);

/// The secret of the time that is kept for whoever asks, if their browser brought it.
pub fn kept_here(ctx: &Context<'_>) -> Option<String> {
    ctx.data_opt::<KeptHere>().and_then(|kept| kept.0.clone())
}

/// Where a page of a list ends.
#[derive(Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether there is another page.
    pub has_next_page: bool,
    /// Ask for what comes after this.
    pub end_cursor: Option<String>,
}

/// After which row a page begins; what is no id of one is not found.
pub fn read_cursor<Id: FromStr>(after: Option<String>) -> Result<Option<Id>> {
    after.map(|cursor| cursor.parse().map_err(|_| Error::NotFound)).transpose()
}

/// The parts a use case needs.
pub fn app<'c>(ctx: &'c Context<'_>) -> &'c Arc<App> {
    ctx.data_unchecked::<Arc<App>>()
}

/// Who asks.
pub fn caller(ctx: &Context<'_>) -> Caller {
    *ctx.data_unchecked::<Caller>()
}

/// Whoever is signed in; staff count only once they have shown their second factor.
pub fn viewer(ctx: &Context<'_>) -> Result<Viewer> {
    signed_in(caller(ctx).viewer).ok_or(Error::SignInRequired)
}

/// Whoever may act, of those who are signed in.
pub fn signed_in(viewer: Option<Viewer>) -> Option<Viewer> {
    viewer.filter(|viewer| !viewer.role.is_staff() || viewer.second_factor)
}

/// Whoever works at the practice and may act.
pub fn at_work(viewer: Option<Viewer>) -> Option<Viewer> {
    signed_in(viewer).filter(|viewer| viewer.role.is_staff())
}

/// The therapist who asks.
pub async fn therapist(ctx: &Context<'_>) -> Result<Therapist> {
    let viewer = viewer(ctx)?;
    match viewer.role {
        Role::Therapist | Role::Owner => {
            practice::therapist_of_user(app(ctx), viewer.user_id).await?.ok_or(Error::Forbidden)
        }
        Role::Client | Role::Assistant => Err(Error::Forbidden),
    }
}

/// What was made, or why nothing was: refusals are data, faults are not.
pub fn answer<T>(outcome: Result<T>) -> async_graphql::Result<(Option<T>, Vec<UserError>)> {
    match outcome {
        Ok(value) => Ok((Some(value), Vec::new())),
        Err(Error::Refused(problems)) => Ok((None, problems)),
        Err(error) => Err(error.into()),
    }
}

/// The most errors one answer carries.
const MOST_ERRORS: usize = 10;

/// Makes an answer fit for the outside: faults get their code and lose their insides, and there are never many.
pub fn fit_for_outside(errors: &mut Vec<ServerError>) {
    errors.truncate(MOST_ERRORS);
    for error in errors {
        let is_wording =
            error.source.is_none() || error.source::<&str>().is_some() || error.source::<String>().is_some();
        let (code, message) = match error.source::<Error>() {
            Some(fault) => {
                if let Error::Internal(inside) = fault {
                    tracing::error!(error = %inside, path = ?error.path, "a resolver failed");
                }
                (fault.code(), fault.outside_words())
            }
            // A value of the question that cannot be read.
            None if is_wording => {
                name(error);
                continue;
            }
            // An error of somebody else's that nobody made one of ours says more than the outside should know.
            None => {
                tracing::error!(error = error.message, path = ?error.path, "a resolver failed");
                let fault = Error::internal("");
                (fault.code(), fault.outside_words())
            }
        };
        error.message = message;
        error.source = None;
        error.extensions.get_or_insert_default().set("code", Value::Enum(Name::new(code)));
    }
}

/// What an error is called that the question is to blame for.
const MISREAD: &str = "BAD_REQUEST";

/// Gives an error a code that has none: nobody here made it, so the question is to blame.
pub fn name(error: &mut ServerError) {
    let extensions = error.extensions.get_or_insert_default();
    if extensions.get("code").is_none() {
        extensions.set("code", Value::Enum(Name::new(MISREAD)));
    }
}

/// Whether the question is at fault, rather than the answer.
pub fn is_misread(error: &ServerError) -> bool {
    let code = error.extensions.as_ref().and_then(|it| it.get("code"));
    error.path.is_empty() || code == Some(&Value::Enum(Name::new(MISREAD)))
}
