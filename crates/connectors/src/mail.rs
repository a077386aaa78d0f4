//! Mail out by SMTP.

use crate::{Carrier, Delivery, Failure, Outcome};
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{SmtpTransport, Transport};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// Longest time of each step of the conversation.
const LIMIT: Duration = Duration::from_secs(20);

/// How the conversation with the mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// TLS from the first byte (port 465).
    #[default]
    Tls,
    /// Plain at first, TLS before anything else is said (port 587).
    StartTls,
    /// None at all, for a server on the same machine.
    None,
}

/// Which server carries our mail, and in whose name.
#[derive(Clone, Serialize, Deserialize)]
pub struct MailConfig {
    /// Name of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the conversation is protected.
    #[serde(default)]
    pub security: MailSecurity,
    /// Account at the server, where it wants one.
    pub login: Option<String>,
    /// Password of the account.
    pub password: Option<String>,
    /// Sender, such as `回音 <desk@example.cn>`.
    pub from: String,
}

/// Shows everything but the password.
impl fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("login", &self.login)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

/// A composed mail.
pub type Mail = Message;

/// Sends mail through one server, over connections that are kept.
#[derive(Debug)]
pub struct Mailer {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Mailer {
    /// Makes the way to one server; connects at the first mail.
    ///
    /// # Errors
    /// [`Failure::Dead`] when the sender or the server's name is not usable.
    pub fn new(config: &MailConfig) -> Result<Self, Failure> {
        let from = config.from.parse().map_err(|error| Failure::dead(format!("sender: {error}")))?;
        let tls = || TlsParameters::new(config.host.clone()).map_err(Failure::dead);
        let tls = match config.security {
            MailSecurity::Tls => Tls::Wrapper(tls()?),
            MailSecurity::StartTls => Tls::Required(tls()?),
            MailSecurity::None => Tls::None,
        };
        let mut builder = SmtpTransport::builder_dangerous(config.host.as_str())
            .port(config.port)
            .tls(tls)
            .timeout(Some(LIMIT));
        if let (Some(login), Some(password)) = (&config.login, &config.password) {
            builder = builder.credentials(Credentials::new(login.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build(), from })
    }

    /// Composes the mail of a delivery.
    ///
    /// Its Message-ID is made of the delivery's id, so that a mail sent twice
    /// is recognised as one.
    ///
    /// # Errors
    /// [`Failure::Dead`] when the receiver is not an address.
    pub fn compose(&self, delivery: &Delivery) -> Result<Mail, Failure> {
        let to: Mailbox = delivery.to.parse().map_err(|error| Failure::dead(format!("receiver: {error}")))?;
        let at = u64::try_from(delivery.at.micros()).unwrap_or_default();
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .date(std::time::UNIX_EPOCH + Duration::from_micros(at))
            .message_id(Some(format!("<{}@{}>", delivery.id, self.from.email.domain())))
            .subject(delivery.subject.replace(['\r', '\n'], " "))
            .header(ContentType::TEXT_PLAIN)
            .body(delivery.body.clone())
            .map_err(Failure::dead)
    }
}

impl Carrier for Mailer {
    fn send(&self, delivery: &Delivery) -> Result<Outcome, Failure> {
        let mail = self.compose(delivery)?;
        match self.transport.send(&mail) {
            Ok(response) => Ok(Outcome { answer: response.code().to_string() }),
            Err(error) if error.is_permanent() => Err(Failure::dead(reason(&error))),
            Err(error) => Err(Failure::retry(reason(&error))),
        }
    }
}

fn reason(error: &lettre::transport::smtp::Error) -> String {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
