//! A use case on its way to the data and its answer on the way back.

use super::{StoreError, Tx};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::oneshot;

/// How a use case ended, before any commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// To be committed.
    Done,
    /// Ended in an error: to be rolled back.
    Refused,
    /// Panicked: to be rolled back.
    Panicked,
}

/// A use case whose types are hidden, so that one queue carries all.
pub(crate) trait Job: Send {
    /// Runs the use case once.
    fn run(&mut self, tx: &mut Tx<'_>) -> Outcome;

    /// Answers the caller; `committed` is the fate of the transaction.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

/// What a use case may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Change rows.
    Write,
    /// Look at one moment.
    Read,
}

/// What travels through a queue.
pub(crate) enum Message {
    /// Run this.
    Run(Access, Box<dyn Job>),
    /// One thread ends after what is queued.
    Stop,
}

/// Where the answer goes.
enum Reply<T> {
    Task(oneshot::Sender<T>),
    Thread(crossbeam_channel::Sender<T>),
}

/// A use case with its types.
struct Call<F, T, E> {
    use_case: Option<F>,
    result: Option<Result<T, E>>,
    reply: Reply<Result<T, E>>,
}

/// Boxes a use case for a caller that awaits the answer.
pub(crate) fn for_task<F, T, E>(use_case: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, E>>)
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    (Box::new(Call { use_case: Some(use_case), result: None, reply: Reply::Task(sender) }), receiver)
}

/// Boxes a use case for a thread that waits for the answer.
pub(crate) fn for_thread<F, T, E>(use_case: F) -> (Box<dyn Job>, crossbeam_channel::Receiver<Result<T, E>>)
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (sender, receiver) = crossbeam_channel::bounded(1);
    (Box::new(Call { use_case: Some(use_case), result: None, reply: Reply::Thread(sender) }), receiver)
}

impl<F, T, E> Job for Call<F, T, E>
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Outcome {
        let Some(use_case) = self.use_case.take() else { return Outcome::Refused };
        let (result, outcome) = match catch_unwind(AssertUnwindSafe(|| use_case(tx))) {
            Err(_) => (Err(E::from(StoreError::Panicked)), Outcome::Panicked),
            Ok(Err(refusal)) => (Err(refusal), Outcome::Refused),
            Ok(Ok(_)) if tx.failure().is_some() => (Err(E::from(StoreError::Aborted)), Outcome::Refused),
            Ok(Ok(value)) => (Ok(value), Outcome::Done),
        };
        self.result = Some(result);
        outcome
    }

    fn answer(mut self: Box<Self>, committed: Result<(), StoreError>) {
        let result = match (self.result.take(), committed) {
            (Some(Ok(value)), Ok(())) => Ok(value),
            (Some(Err(refusal)), _) => Err(refusal),
            (_, Err(error)) => Err(E::from(error)),
            (None, Ok(())) => Err(E::from(StoreError::closed())),
        };
        // a caller that went away does not undo what is committed
        match self.reply {
            Reply::Task(sender) => drop(sender.send(result)),
            Reply::Thread(sender) => drop(sender.send(result)),
        }
    }
}
