//! What does the work of one kind.

use huiyin_domain::ids::{JobId, OrgId};
use huiyin_store::jobs::Claimed;
use huiyin_store::sql::{StoreError, Tx};
use serde::de::DeserializeOwned;
use std::sync::Arc;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::hints::Hint;

/// A job as its handler sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The organisation.
    pub org: OrgId,
    /// Identity; the same in every try.
    pub id: JobId,
    /// Which handler does it.
    pub kind: String,
    /// What it needs, JSON.
    pub payload: String,
    /// How often it was tried, this time included.
    pub attempts: u32,
}

impl From<Claimed> for Job {
    fn from(claimed: Claimed) -> Self {
        let Claimed { org, id, kind, payload, attempts, .. } = claimed;
        Self { org, id, kind, payload, attempts }
    }
}

impl Job {
    /// Reads what the job needs.
    ///
    /// # Errors
    /// [`Failure::Dead`]: what cannot be read today cannot be read tomorrow.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_str(&self.payload)
            .map_err(|error| Failure::Dead { reason: format!("payload: {error}") })
    }
}

/// Why work was not done.
#[derive(Debug)]
pub enum Failure {
    /// A later try may succeed; not before so many microseconds, where given.
    Retry {
        /// How long to wait at least, in microseconds.
        after: Option<i64>,
        /// What happened, for the list and the log.
        reason: String,
    },
    /// No later try can succeed; a person has to look at it.
    Dead {
        /// What happened, for the list and the log.
        reason: String,
    },
}

impl Failure {
    /// Gives what happened.
    #[must_use]
    pub fn reason(&self) -> &str {
        match self {
            Self::Retry { reason, .. } | Self::Dead { reason } => reason,
        }
    }
}

/// Everything is tried again: whoever knows better says [`Failure::Dead`].
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let cause = std::error::Error::source(&error).map(|source| format!(": {source}"));
        Self::Retry { after: None, reason: format!("{error}{}", cause.unwrap_or_default()) }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Retry { after: None, reason: error.to_string() }
    }
}

/// What is to be done after the commit of a job.
#[derive(Debug, Default)]
pub struct Effects {
    /// Whom to tell that something changed.
    pub hints: Vec<Hint>,
}

/// Work on rows alone: its effects and its end are one transaction.
pub trait Inside: Send + Sync {
    /// Names the kind of job.
    fn kind(&self) -> &'static str;

    /// Does the work.
    ///
    /// # Errors
    /// [`Failure`]; then nothing that it wrote stays.
    fn run(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Effects, Failure>;

    /// Says whether the work would leave nothing behind; only looks.
    ///
    /// Such work is dropped many at a time, without being taken one by one.
    ///
    /// # Errors
    /// [`Failure`]; then it is taken like any other, and fails in its turn.
    fn is_idle(&self, _tx: &mut Tx<'_>, _ctx: &Ctx, _job: &Job) -> Result<bool, Failure> {
        Ok(false)
    }
}

/// What leaves the house, or touches files: blocks, and may take seconds.
pub type Call = Box<dyn FnOnce() -> Result<String, Failure> + Send>;

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It is done.
    Done,
    /// It will be tried again.
    Again,
    /// It was given up.
    Dead,
}

/// Work beyond the rows: prepared in one transaction, done outside any,
/// settled in a second one. A crash in between repeats it, so that the other
/// side must recognise the job's identity.
pub trait Outside: Send + Sync {
    /// Names the kind of job.
    fn kind(&self) -> &'static str;

    /// Collects what the call needs; nothing when there is nothing to do.
    ///
    /// # Errors
    /// [`Failure`] as the call itself.
    fn prepare(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Option<Call>, Failure>;

    /// Notes how the try ended, with the answer or the reason.
    ///
    /// # Errors
    /// What the store gives; then the job stays leased and is taken again.
    fn settle(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job, end: (End, &str)) -> Result<(), Error>;
}

/// Either kind of handler.
#[derive(Clone)]
pub enum Handler {
    /// Rows alone.
    Inside(Arc<dyn Inside>),
    /// Beyond the rows.
    Outside(Arc<dyn Outside>),
}

impl Handler {
    /// Names the kind of job.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Inside(handler) => handler.kind(),
            Self::Outside(handler) => handler.kind(),
        }
    }
}
