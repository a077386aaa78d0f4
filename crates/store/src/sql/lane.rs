//! A bounded queue with the threads that empty it.

use super::job::{Access, Job, Message};
use super::{Counters, StoreError};
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, ThreadId};

/// A bounded queue with the threads that empty it.
pub(crate) struct Lane {
    sender: Sender<Message>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    counters: Arc<Counters>,
}

impl Lane {
    /// Makes a queue of `capacity` and starts one thread per body.
    pub(crate) fn start<B>(
        name: &str,
        capacity: usize,
        counters: &Arc<Counters>,
        bodies: Vec<B>,
    ) -> Result<Self, StoreError>
    where
        B: FnOnce(Receiver<Message>) + Send + 'static,
    {
        let (sender, receiver) = bounded(capacity.max(1));
        let mut threads = Vec::with_capacity(bodies.len());
        for (number, body) in bodies.into_iter().enumerate() {
            let receiver = receiver.clone();
            let thread = std::thread::Builder::new()
                .name(format!("{name}-{number}"))
                .spawn(move || body(receiver))
                .map_err(|error| StoreError::other(format!("cannot start thread {name}: {error}")))?;
            threads.push(thread);
        }
        Ok(Self { sender, threads: Mutex::new(threads), counters: Arc::clone(counters) })
    }

    /// Queues a job, or says at once that the queue is full.
    pub(crate) fn offer(&self, access: Access, job: Box<dyn Job>) -> Result<(), StoreError> {
        self.sender.try_send(Message::Run(access, job)).map_err(|error| match error {
            TrySendError::Full(_) => {
                self.counters.busy(1);
                StoreError::Busy
            }
            TrySendError::Disconnected(_) => StoreError::closed(),
        })
    }

    /// Queues a job, waiting for room.
    pub(crate) fn wait(&self, access: Access, job: Box<dyn Job>) -> Result<(), StoreError> {
        self.sender.send(Message::Run(access, job)).map_err(|_| StoreError::closed())
    }

    /// Counts the jobs not yet taken.
    pub(crate) fn depth(&self) -> usize {
        self.sender.len()
    }

    /// Ends the threads after what is queued; safe to call twice and from within.
    pub(crate) fn stop(&self) {
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let own: ThreadId = std::thread::current().id();
        for _ in &threads {
            // fails only when the thread has ended already
            drop(self.sender.send(Message::Stop));
        }
        for thread in threads {
            if thread.thread().id() != own && thread.join().is_err() {
                tracing::error!("a store thread ended by a panic");
            }
        }
    }
}
