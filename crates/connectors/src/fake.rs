//! A way out that goes nowhere, for tests of whatever sends.

use crate::{Carrier, Delivery, Failure, Outcome};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Keeps what it is given, and fails as often as it is told to.
#[derive(Debug, Default)]
pub struct FakeCarrier {
    sent: Mutex<Vec<Delivery>>,
    failures: Mutex<VecDeque<Failure>>,
}

impl FakeCarrier {
    /// Makes the next message fail; may be called several times.
    pub fn fail_next(&self, failure: Failure) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).push_back(failure);
    }

    /// Gives what was sent so far.
    #[must_use]
    pub fn sent(&self) -> Vec<Delivery> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Carrier for FakeCarrier {
    fn send(&self, delivery: &Delivery) -> Result<Outcome, Failure> {
        if let Some(failure) = self.failures.lock().unwrap_or_else(PoisonError::into_inner).pop_front() {
            return Err(failure);
        }
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(delivery.clone());
        Ok(Outcome { answer: "kept".to_owned() })
    }
}
