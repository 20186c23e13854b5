//! Refuses documents that cost more to look at than to answer, before anything looks at them.
//!
//! Every walk here is bounded by the length of the text: nesting is counted before parsing, and what fragments unfold to
//! is added up fragment by fragment, each once.

mod scan;
mod weigh;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{Name, Request, ServerError, Value, Variables};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The longest document, in bytes.
pub const MOST_BYTES: usize = 16 * 1024;
/// The deepest nesting of brackets in the text.
pub const MOST_NESTING: usize = 24;
/// The most fragments of one document.
pub const MOST_FRAGMENTS: usize = 64;
/// The most operations of one document.
pub const MOST_OPERATIONS: usize = 8;
/// The most variables of one operation.
pub const MOST_VARIABLES: usize = 64;
/// The most fields, spreads and inline fragments one document may unfold to.
pub const MOST_SELECTIONS: usize = 2000;
/// The deepest path of fields.
pub const MOST_DEPTH: usize = 12;
/// The deepest path of fields below `__schema` and `__type`: what tools ask for by default is deeper than data ever is.
pub const MOST_SCHEMA_DEPTH: usize = 20;
/// How many lists below `__schema` may lie within each other; each multiplies the answer.
pub const MOST_SCHEMA_LISTS: usize = 2;
/// The most names one field may be given in a document.
pub const MOST_ALIASES: usize = 15;
/// The most directives in one place.
pub const MOST_DIRECTIVES: usize = 4;
/// Fields of which a document may ask for one, once: each is a try at somebody's account.
pub const SIGN_IN_FIELDS: [&str; 4] = ["requestSignIn", "completeSignIn", "completeSecondFactor", "refreshLogin"];

/// Why a document is not looked at any further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not GraphQL.
    #[error("{0}")]
    Syntax(String),
    /// It is more than anyone needs.
    #[error("The document is not accepted: {0}.")]
    TooMuch(&'static str),
    /// What was sent with it does not go with it: the name of an operation, or a variable.
    #[error("{0}")]
    NotAsDeclared(String),
}

impl Refusal {
    /// The code a program sees in `extensions.code`.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Syntax(_) => "SYNTAX",
            Refusal::TooMuch(_) => "DOCUMENT_REFUSED",
            Refusal::NotAsDeclared(_) => "BAD_REQUEST",
        }
    }
}

impl From<Refusal> for ServerError {
    fn from(refusal: Refusal) -> Self {
        let mut error = ServerError::new(refusal.to_string(), None);
        let mut extensions = async_graphql::ErrorExtensionValues::default();
        extensions.set("code", Value::Enum(Name::new(refusal.code())));
        error.extensions = Some(extensions);
        error
    }
}

/// Parses a document that is worth it.
pub fn check(text: &str) -> Result<ExecutableDocument, Refusal> {
    if text.len() > MOST_BYTES {
        return Err(Refusal::TooMuch("it is longer than 16 KiB"));
    }
    scan::nesting(text)?;
    let document = parse_query(text).map_err(|error| Refusal::Syntax(error.to_string()))?;
    weigh::weigh(&document)?;
    Ok(document)
}

/// What would run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// What kind of operation.
    pub kind: OperationType,
    /// The fields it asks for at its root: of a mutation, the changes it makes.
    pub roots: Vec<Name>,
}

/// The operation that would run.
fn operation<'d>(document: &'d ExecutableDocument, name: Option<&str>) -> Result<&'d OperationDefinition, Refusal> {
    let unknown = Refusal::NotAsDeclared("There is no operation of this name in the document.".into());
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(&operation.node),
        (DocumentOperations::Single(_), Some(_)) => Err(unknown),
        (DocumentOperations::Multiple(operations), Some(name)) => {
            operations.get(name).map(|operation| &operation.node).ok_or(unknown)
        }
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.values();
            let several = "There are several operations; operationName must say which is meant.";
            all.next()
                .filter(|_| all.next().is_none())
                .map(|operation| &operation.node)
                .ok_or_else(|| Refusal::NotAsDeclared(several.into()))
        }
    }
}

/// Every variable that must have a value has one. Left to the resolvers, only some fields would fail.
fn has_its_variables(operation: &OperationDefinition, variables: &Variables) -> Result<(), Refusal> {
    for variable in operation.variable_definitions.iter().map(|variable| &variable.node) {
        let is_needed = !variable.var_type.node.nullable && variable.default_value.is_none();
        let value = variables.get(&variable.name.node);
        if is_needed && value.is_none_or(|value| *value == Value::Null) {
            return Err(Refusal::NotAsDeclared(format!("The variable ${} needs a value.", variable.name.node)));
        }
    }
    Ok(())
}

/// Documents that were accepted, so that hot ones are parsed once.
#[derive(Default)]
pub struct Documents {
    kept: Mutex<Generations>,
}

/// What is asked for again moves to the young generation; when that is full, the old one is dropped.
#[derive(Default)]
struct Generations {
    young: HashMap<String, Arc<ExecutableDocument>>,
    old: HashMap<String, Arc<ExecutableDocument>>,
    /// Bytes of text in the young generation.
    bytes: usize,
}

/// How many bytes of text one generation holds; parsed, they take about twenty times as much.
const GENERATION_BYTES: usize = 256 * 1024;

impl Documents {
    /// Hands the checked document on with the request, and says what would run.
    pub fn admit(&self, request: &mut Request) -> Result<Admitted, Refusal> {
        let document = match self.known(&request.query) {
            Some(document) => document,
            None => {
                let document = Arc::new(check(&request.query)?);
                self.lock().keep(&request.query, document.clone());
                document
            }
        };
        let operation = operation(&document, request.operation_name.as_deref())?;
        has_its_variables(operation, &request.variables)?;
        let admitted = Admitted { kind: operation.ty, roots: weigh::roots(&operation.selection_set.node, &document) };
        request.set_parsed_query(ExecutableDocument::clone(&document));
        Ok(admitted)
    }

    fn known(&self, text: &str) -> Option<Arc<ExecutableDocument>> {
        let mut kept = self.lock();
        if let Some(document) = kept.young.get(text) {
            return Some(document.clone());
        }
        let document = kept.old.remove(text)?;
        kept.keep(text, document.clone());
        Some(document)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Generations> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn keep(&mut self, text: &str, document: Arc<ExecutableDocument>) {
        if self.bytes + text.len() > GENERATION_BYTES {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        if self.young.insert(text.to_owned(), document).is_none() {
            self.bytes += text.len();
        }
    }
}
