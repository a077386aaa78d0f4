//! The ways out of the house: mail, signed webhooks, robots of chat groups.
//!
//! *Invariants*: outbound only; nothing here decides what is sent, to whom or
//! how often; each call ends within its time limit and says whether a later
//! try can help; redirects are never followed and only http(s) is spoken.
//!
//! *Where to start*: [`Carrier`], the one trait that everything implements.

mod fake;
mod http;
mod mail;
mod robot;
mod webhook;

pub use fake::FakeCarrier;
pub use http::{Address, AddressFault, HttpClient};
pub use mail::{Mail, MailConfig, MailSecurity, Mailer};
pub use robot::{Robot, RobotKind};
pub use webhook::{Webhook, signature};

use huiyin_domain::time::Timestamp;
use std::time::Duration;

/// One message on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Names the message; the same in every try, so that receivers can tell.
    pub id: String,
    /// The instant of this try; signatures hold it.
    pub at: Timestamp,
    /// What it is about, such as `case.accepted`.
    pub topic: String,
    /// Where it goes, where the carrier needs that: a mail address.
    pub to: String,
    /// One line for people.
    pub subject: String,
    /// The text for people, or the JSON for programs.
    pub body: String,
}

/// What the other side said when it took the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its answer in short, for the log and the list of deliveries.
    pub answer: String,
}

/// Why a message did not go out, and whether to try again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A later try may succeed; not before the time given, where given.
    #[error("not delivered for now: {reason}")]
    Retry {
        /// How long the other side asked us to wait.
        after: Option<Duration>,
        /// What happened.
        reason: String,
    },
    /// No later try can succeed; a person has to look at it.
    #[error("cannot be delivered: {reason}")]
    Dead {
        /// What happened.
        reason: String,
    },
}

impl Failure {
    pub(crate) fn retry(reason: impl ToString) -> Self {
        Self::Retry { after: None, reason: reason.to_string() }
    }

    pub(crate) fn dead(reason: impl ToString) -> Self {
        Self::Dead { reason: reason.to_string() }
    }
}

/// A way out of the house.
pub trait Carrier: Send + Sync {
    /// Sends one message; blocks until the other side has answered.
    ///
    /// # Errors
    /// [`Failure`], which says whether to try again.
    fn send(&self, delivery: &Delivery) -> Result<Outcome, Failure>;
}
