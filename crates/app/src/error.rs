//! The one error of every use case: what the outside may know, and why inside.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::error::Error as StdError;
use std::fmt;

use huiyin_store::StoreError;

/// Parameters of a message, by name.
pub type Params = Map<String, Value>;

/// The kind of a refusal; decides the HTTP status and the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Understood, but not acceptable as it is (422).
    Invalid,
    /// Cannot be read at all (400).
    Malformed,
    /// Not there, or not for this person to know (404).
    NotFound,
    /// Visible, but not allowed (403).
    Denied,
    /// Contradicts what is there (409).
    Conflict,
    /// Somebody changed it meanwhile (409).
    Stale,
    /// The version seen must be named (428).
    Precondition,
    /// Nobody is signed in (401).
    Unauthenticated,
    /// Too often in too short a time (429).
    TooMany,
    /// Not to be had in the form that is asked for (406).
    NoSuchForm,
    /// Larger than accepted (413).
    TooLarge,
    /// Not possible at the moment, try again (503).
    Unavailable,
    /// Our own fault (500).
    Internal,
}

/// One field that is not acceptable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldError {
    /// Where it is, as a JSON path such as `posts[0].unit`.
    pub path: String,
    /// What is wrong, snake case.
    pub code: String,
    /// Parameters of the message.
    pub params: Params,
}

/// Why a use case refused or failed.
///
/// `code`, `params` and `fields` may leave the house; `source` may not, it is
/// for the log.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    class: Class,
    code: &'static str,
    params: Params,
    fields: Vec<FieldError>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Makes an error of a class with a stable code, snake case.
    #[must_use]
    pub fn new(class: Class, code: &'static str) -> Self {
        Self(Box::new(Inner { class, code, params: Params::new(), fields: Vec::new(), source: None }))
    }

    /// Says that something understood is not acceptable.
    #[must_use]
    pub fn invalid(code: &'static str) -> Self {
        Self::new(Class::Invalid, code)
    }

    /// Says that one field is not acceptable.
    #[must_use]
    pub fn field(path: impl Into<String>, code: impl Into<String>) -> Self {
        Self::invalid("invalid_body").with_field(path, code)
    }

    /// Says that it is not there, or not for this person to know.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Class::NotFound, "not_found")
    }

    /// Says that it is visible but not allowed.
    #[must_use]
    pub fn denied() -> Self {
        Self::new(Class::Denied, "forbidden")
    }

    /// Says that it contradicts what is there.
    #[must_use]
    pub fn conflict(code: &'static str) -> Self {
        Self::new(Class::Conflict, code)
    }

    /// Says that somebody changed it meanwhile.
    #[must_use]
    pub fn stale() -> Self {
        Self::new(Class::Stale, "stale")
    }

    /// Says that nobody is signed in.
    #[must_use]
    pub fn unauthenticated(code: &'static str) -> Self {
        Self::new(Class::Unauthenticated, code)
    }

    /// Says that it came too often; `retry_after` in seconds.
    #[must_use]
    pub fn too_many(code: &'static str, retry_after: u64) -> Self {
        Self::new(Class::TooMany, code).with("retry_after", retry_after)
    }

    /// Says whether the store refused a duplicate under this constraint.
    #[must_use]
    pub fn is_unique(&self, constraint: &str) -> bool {
        let source = self.0.source.as_ref().and_then(|source| source.downcast_ref::<StoreError>());
        source.is_some_and(|error| error.is_unique(constraint))
    }

    /// Says that something of ours failed; the cause goes to the log only.
    #[must_use]
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(Class::Internal, "internal").caused_by(source)
    }

    /// Adds a parameter of the message.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.params.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a field that is not acceptable.
    #[must_use]
    pub fn with_field(self, path: impl Into<String>, code: impl Into<String>) -> Self {
        self.with_field_error(FieldError { path: path.into(), code: code.into(), params: Params::new() })
    }

    /// Adds a field that is not acceptable, with parameters.
    #[must_use]
    pub fn with_field_error(mut self, field: FieldError) -> Self {
        self.0.fields.push(field);
        self
    }

    /// Keeps the inner cause for the log.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Gives the class.
    #[must_use]
    pub fn class(&self) -> Class {
        self.0.class
    }

    /// Gives the stable code, snake case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// Gives the parameters of the message.
    #[must_use]
    pub fn params(&self) -> &Params {
        &self.0.params
    }

    /// Gives the fields that are not acceptable.
    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code)?;
        for field in &self.0.fields {
            write!(f, "; {}: {}", field.path, field.code)?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| source.as_ref() as &(dyn StdError + 'static))
    }
}

impl From<StoreError> for Error {
    fn from(cause: StoreError) -> Self {
        let error = match &cause {
            StoreError::Full => Self::new(Class::Unavailable, "disk_full"),
            StoreError::ReadOnly => Self::new(Class::Unavailable, "read_only"),
            StoreError::Corrupt { .. } => Self::new(Class::Unavailable, "database_damaged"),
            other if other.is_transient() => Self::new(Class::Unavailable, "unavailable"),
            _ => Self::new(Class::Internal, "internal"),
        };
        error.caused_by(cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// contracts §2
    #[test]
    fn what_failed_inside_never_shows_outside() {
        let error = Error::from(StoreError::Other { context: "SELECT secret FROM persons".into() });
        assert_eq!((error.class(), error.code()), (Class::Internal, "internal"));
        assert!(error.params().is_empty());
        assert!(!error.to_string().contains("secret"));
        assert!(StdError::source(&error).unwrap().to_string().contains("secret"));
    }

    /// contracts §2
    #[test]
    fn what_passes_may_be_tried_again() {
        for cause in [StoreError::Busy, StoreError::Conflict, StoreError::Full] {
            assert_eq!(Error::from(cause).class(), Class::Unavailable);
        }
    }

    /// contracts §2
    #[test]
    fn fields_say_where_and_what() {
        let error = Error::field("login", "login_shape").with_field("posts[0]", "unknown_value");
        assert_eq!(error.to_string(), "invalid_body; login: login_shape; posts[0]: unknown_value");
        assert_eq!(error.fields()[1].path, "posts[0]");
    }
}
