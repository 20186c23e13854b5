//! The one door to the API: over HTTP in the browser, in process while rendering on the server.

pub mod amount;
pub mod bill;
pub mod bookable;
pub mod make_up;
pub mod page_info;
pub mod schema;
pub mod terms;
pub mod undo;
pub mod waiting;
pub mod zone;

#[cfg(feature = "hydrate")]
mod browser;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Why the API did not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiError {
    /// The network or the server is away; what is on the page may be old.
    Offline,
    /// Nobody is signed in, or not any more.
    SignInRequired,
    /// Too many requests; wait a little.
    Busy,
    /// It answered with a fault.
    Fault(String),
}

/// What is read of an answer first: beside errors, parts of the data may be missing.
#[derive(Deserialize)]
struct Errors {
    #[serde(default)]
    errors: Vec<Fault>,
}

/// What is read of an answer without errors.
#[derive(Deserialize)]
struct Data<T> {
    data: T,
}

#[derive(Deserialize)]
struct Fault {
    message: String,
    #[serde(default)]
    extensions: FaultCode,
}

#[derive(Default, Deserialize)]
struct FaultCode {
    #[serde(default)]
    code: Option<String>,
}

impl Errors {
    fn check(self) -> Result<(), ApiError> {
        let Some(fault) = self.errors.into_iter().next() else { return Ok(()) };
        Err(match fault.extensions.code.as_deref() {
            Some("SIGN_IN_REQUIRED" | "FORBIDDEN") => ApiError::SignInRequired,
            Some("RATE_LIMITED") => ApiError::Busy,
            Some("UNAVAILABLE") => ApiError::Offline,
            _ => ApiError::Fault(fault.message),
        })
    }
}

fn unreadable(error: serde_json::Error) -> ApiError {
    ApiError::Fault(error.to_string())
}

/// The door while rendering on the server: executes a request in process, as whoever asked for the page.
#[cfg(feature = "ssr")]
pub struct InProcess(
    #[expect(clippy::type_complexity, reason = "a function that answers JSON with JSON, later")]
    pub  Box<
        dyn Fn(serde_json::Value) -> std::pin::Pin<Box<dyn Future<Output = serde_json::Value> + Send>> + Send + Sync,
    >,
);

#[cfg(feature = "ssr")]
impl InProcess {
    /// Asks the API.
    pub async fn ask<Q, V>(&self, operation: cynic::Operation<Q, V>) -> Result<Q, ApiError>
    where
        Q: DeserializeOwned + 'static,
        V: Serialize,
    {
        let answer = (self.0)(serde_json::to_value(&operation).map_err(unreadable)?).await;
        Errors::deserialize(&answer).map_err(unreadable)?.check()?;
        Ok(Data::deserialize(answer).map_err(unreadable)?.data)
    }
}

/// A query as text, with its variables.
#[derive(Serialize)]
pub struct Written<V> {
    /// The query.
    pub query: &'static str,
    /// Its variables.
    pub variables: V,
}

/// Asks the API over HTTP.
#[cfg(feature = "hydrate")]
pub async fn ask<Q, V>(operation: cynic::Operation<Q, V>) -> Result<Q, ApiError>
where
    Q: DeserializeOwned + 'static,
    V: Serialize,
{
    send(serde_json::to_string(&operation)).await
}

/// Asks the API over HTTP with a query written beforehand. A test must keep it the query of `Q`.
#[cfg(feature = "hydrate")]
pub async fn ask_written<Q: DeserializeOwned>(request: Written<impl Serialize>) -> Result<Q, ApiError> {
    send(serde_json::to_string(&request)).await
}

#[cfg(feature = "hydrate")]
async fn send<Q: DeserializeOwned>(request: serde_json::Result<String>) -> Result<Q, ApiError> {
    // Whatever its status: faults are told inside.
    let request = request.map_err(unreadable)?;
    let (_, text) =
        browser::post("/graphql", "application/json", "application/graphql-response+json", &request).await?;
    serde_json::from_str::<Errors>(&text).map_err(|_| ApiError::Offline)?.check()?;
    Ok(serde_json::from_str::<Data<Q>>(&text).map_err(unreadable)?.data)
}

/// Posts a form of ours as a button would, and answers with the status and the one sentence that came back.
#[cfg(feature = "hydrate")]
pub async fn post_form(path: &str, form: &str) -> Result<(u16, String), ApiError> {
    browser::post(path, "application/x-www-form-urlencoded", "text/plain", form).await
}
