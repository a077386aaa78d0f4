//! The ways out of the house as this crate asks for them.
//!
//! The server puts mail, webhooks and robots behind [`WaysOut`]; texts in the
//! reader's language are made there, this crate gives codes and parameters.

use huiyin_domain::time::Timestamp;

use crate::error::Params;

/// A notice on its way to a mailbox; never with personal text of a customer.
#[derive(Clone, Debug, PartialEq)]
pub struct MailOut {
    /// Names the mail; the same in every try.
    pub id: String,
    /// The instant of this try.
    pub at: Timestamp,
    /// The mailbox.
    pub to: String,
    /// BCP 47 tag of the reader's language.
    pub locale: String,
    /// Why, as a stable code.
    pub why: String,
    /// Number, kind, stage and the like.
    pub params: Params,
    /// Whether it must be read at once.
    pub urgent: bool,
    /// Where it leads inside the product, such as `/cases/…`.
    pub path: String,
}

/// A message on its way to a webhook; never with personal text.
#[derive(Clone, PartialEq)]
pub struct Post {
    /// Names the message; the same in every try.
    pub id: String,
    /// The instant of this try; signatures hold it.
    pub at: Timestamp,
    /// What it is about, such as `case.accepted`.
    pub topic: String,
    /// Where it goes.
    pub url: String,
    /// Signs it.
    pub secret: String,
    /// `plain`, `wecom` or `dingtalk`.
    pub format: String,
    /// JSON; robots get a text made from it.
    pub body: String,
}

/// Why something did not go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendFailure {
    /// A later try may succeed; not before so many microseconds, where given.
    Retry {
        /// How long the other side asked us to wait, in microseconds.
        after: Option<i64>,
        /// What happened.
        reason: String,
    },
    /// No later try can succeed.
    Dead {
        /// What happened.
        reason: String,
    },
}

impl From<SendFailure> for super::Failure {
    fn from(failure: SendFailure) -> Self {
        match failure {
            SendFailure::Retry { after, reason } => Self::Retry { after, reason },
            SendFailure::Dead { reason } => Self::Dead { reason },
        }
    }
}

/// Mail, webhooks and robots; each call blocks until the other side answered.
pub trait WaysOut: Send + Sync {
    /// Says whether mail can be sent at all.
    fn has_mail(&self) -> bool;

    /// Sends a notice by mail; gives the answer in short.
    ///
    /// # Errors
    /// [`SendFailure`].
    fn mail(&self, mail: &MailOut) -> Result<String, SendFailure>;

    /// Sends a message to a webhook or robot; gives the answer in short.
    ///
    /// # Errors
    /// [`SendFailure`].
    fn post(&self, post: &Post) -> Result<String, SendFailure>;

    /// Says whether an address may be called, with the code of the fault.
    ///
    /// # Errors
    /// A stable code such as `address_scheme`.
    fn check_address(&self, url: &str) -> Result<(), &'static str>;
}

/// No way out at all: for commands that serve nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoWaysOut;

impl WaysOut for NoWaysOut {
    fn has_mail(&self) -> bool {
        false
    }

    fn mail(&self, _: &MailOut) -> Result<String, SendFailure> {
        Err(SendFailure::Retry { after: None, reason: "mail is not set up".into() })
    }

    fn post(&self, _: &Post) -> Result<String, SendFailure> {
        Err(SendFailure::Retry { after: None, reason: "there is no way out".into() })
    }

    fn check_address(&self, _: &str) -> Result<(), &'static str> {
        Ok(())
    }
}
