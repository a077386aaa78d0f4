//! One job's turn: run, then finish, put back or bury in the same transaction.

use std::sync::Arc;

use huiyin_domain::locale::Locale;
use huiyin_domain::time::Timestamp;
use huiyin_store::jobs::{self, Claimed};
use huiyin_store::sql::{StoreError, Tx};

use super::backoff::{ATTEMPTS, wait_after};
use super::handler::{Call, End, Failure, Handler, Inside, Job, Outside};
use crate::App;
use crate::ctx::{Actor, Ctx};
use crate::error::Error;
use crate::hints::Hint;

/// Everything that one turn needs.
pub(super) struct Turn {
    /// The application.
    pub app: App,
    /// The runner whose lease it is.
    pub runner: Arc<str>,
    /// The instant of the turn.
    pub now: Timestamp,
}

/// Why a turn's transaction is undone.
enum Undone {
    /// Another runner holds the job by now.
    LeaseLost,
    /// The handler failed.
    Failed(Failure),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl Turn {
    /// Gives a job its turn.
    ///
    /// # Errors
    /// What the store gives when not even the failure could be noted; the
    /// job's lease ends then, and it is taken again.
    pub async fn take(&self, handler: Option<&Handler>, claimed: Claimed) -> Result<(), Error> {
        let job = Job::from(claimed);
        if job.attempts > ATTEMPTS {
            // it was taken again and again and nobody came back to say why
            let reason = "the process ended each time while doing it".to_owned();
            return self.give_up(job, Failure::Dead { reason }).await;
        }
        match handler {
            None => {
                let reason = format!("this version does not know the kind {}", job.kind);
                self.give_up(job, Failure::Retry { after: None, reason }).await
            }
            Some(Handler::Inside(handler)) => self.inside(Arc::clone(handler), job).await,
            Some(Handler::Outside(handler)) => self.outside(Arc::clone(handler), job).await,
        }
    }

    fn ctx(&self, job: &Job) -> Ctx {
        ctx_of(&self.app, job, self.now)
    }

    async fn inside(&self, handler: Arc<dyn Inside>, job: Job) -> Result<(), Error> {
        let (ctx, runner, copy) = (self.ctx(&job), Arc::clone(&self.runner), job.clone());
        let done = self.app.store.write(move |tx| -> Result<Vec<Hint>, Undone> {
            let effects = handler.run(tx, &ctx, &copy).map_err(Undone::Failed)?;
            finish(tx, &copy, &runner)?;
            let told = effects.hints.iter().try_for_each(|hint| hint.tell(tx, &ctx));
            told.map_err(|error| Undone::Failed(error.into()))?;
            Ok(effects.hints)
        });
        match done.await {
            Ok(hints) => {
                hints.into_iter().for_each(|hint| self.app.hints.publish(hint));
                Ok(())
            }
            Err(Undone::LeaseLost) => Ok(()),
            Err(Undone::Failed(failure)) => self.give_up(job, failure).await,
        }
    }

    async fn outside(&self, handler: Arc<dyn Outside>, job: Job) -> Result<(), Error> {
        let (ctx, copy, prepares) = (self.ctx(&job), job.clone(), Arc::clone(&handler));
        let prepared =
            self.app.store.write(move |tx| prepares.prepare(tx, &ctx, &copy).map_err(Undone::Failed)).await;
        let result = match prepared {
            Ok(None) => return self.settle(None, job, Ok("nothing to do".into())).await,
            Ok(Some(call)) => called(call).await,
            Err(Undone::LeaseLost) => return Ok(()),
            Err(Undone::Failed(failure)) => Err(failure),
        };
        self.settle(Some(handler), job, result).await
    }

    async fn give_up(&self, job: Job, failure: Failure) -> Result<(), Error> {
        self.settle(None, job, Err(failure)).await
    }

    /// Notes how a try ended, in the job's row and by its handler.
    async fn settle(
        &self,
        handler: Option<Arc<dyn Outside>>,
        job: Job,
        result: Result<String, Failure>,
    ) -> Result<(), Error> {
        let end = match &result {
            Ok(_) => End::Done,
            Err(Failure::Retry { .. }) if job.attempts < ATTEMPTS => End::Again,
            Err(_) => End::Dead,
        };
        if let Err(failure) = &result {
            let reason = failure.reason();
            tracing::warn!(job = %job.id, kind = %job.kind, attempts = job.attempts, ?end, %reason, "job failed");
        }
        let asked = if let Err(Failure::Retry { after, .. }) = &result { *after } else { None };
        let wait = wait_after(job.attempts, self.app.ids.as_ref()).max(asked.unwrap_or(0));
        let again = Timestamp::from_micros(self.now.micros().saturating_add(wait));
        let text = result.unwrap_or_else(|failure| failure.reason().to_owned());
        let (ctx, runner) = (self.ctx(&job), Arc::clone(&self.runner));
        let noted = self.app.store.write(move |tx| -> Result<(), Error> {
            let held = match end {
                End::Done => jobs::finish(tx, job.org, job.id, &runner)?,
                End::Again => jobs::retry(tx, job.org, job.id, &runner, (again, &text))?,
                End::Dead => jobs::bury(tx, job.org, job.id, &runner, (ctx.now, &text))?,
            };
            match handler {
                Some(handler) if held => handler.settle(tx, &ctx, &job, (end, &text)),
                _ => Ok(()),
            }
        });
        noted.await
    }
}

fn finish(tx: &mut Tx<'_>, job: &Job, runner: &str) -> Result<(), Undone> {
    if jobs::finish(tx, job.org, job.id, runner)? { Ok(()) } else { Err(Undone::LeaseLost) }
}

/// Makes the context of a job: nobody asks for it.
pub(super) fn ctx_of(app: &App, job: &Job, now: Timestamp) -> Ctx {
    let name = format!("job-{}", job.id);
    Ctx { now, ..app.ctx(Actor::system(job.org), name, Locale::default()) }
}

/// Makes a call on a thread that may block.
async fn called(call: Call) -> Result<String, Failure> {
    tokio::task::spawn_blocking(call)
        .await
        .unwrap_or_else(|error| Err(Failure::Retry { after: None, reason: error.to_string() }))
}
