//! Use cases: what people and machines may ask of the house.
//!
//! *Invariants*: no HTTP types, no SQL text; every write passes [`policy`] and
//! leaves an audit line in the same transaction; time and chance come through
//! [`ports`]; nothing slow (hashes, files, network) inside a transaction.
//!
//! *Where to start*: [`Ctx`] says who asks, [`Error`] how a refusal looks.

pub mod codes;
pub mod ctx;
pub mod error;
pub mod hints;
pub mod idempotency;
pub mod policy;
pub mod ports;

use std::sync::Arc;

use huiyin_domain::locale::Locale;

pub use ctx::{Actor, Ctx, PostHeld, Via};
pub use error::{Class, Error, FieldError, Params};
pub use hints::{Audience, Hint, Hints};
pub use idempotency::IdempotencyKey;
pub use ports::{Clock, Ids, SystemClock, SystemIds};

/// The application: everything that a use case needs beside its request.
#[derive(Clone)]
pub struct App {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes identities and secrets.
    pub ids: Arc<dyn Ids>,
    /// Tells listeners of changes, after their commit.
    pub hints: Hints,
}

impl App {
    /// Makes the context of a request that begins now.
    #[must_use]
    pub fn ctx(&self, actor: Actor, request_id: impl Into<String>, locale: Locale) -> Ctx {
        Ctx {
            actor,
            now: self.clock.now(),
            request_id: request_id.into(),
            locale,
            ids: self.ids.clone(),
            idempotency: None,
        }
    }
}
