//! One request to Asterisk.

use serde_json::Value;
use std::io::Read;
use std::time::Duration;

/// Longest time of one request, and longest answer.
const LIMIT: Duration = Duration::from_secs(5);
const LONGEST: u64 = 256 * 1024 * 1024;

/// The REST interface of one Asterisk.
pub(crate) struct Wire {
    agent: ureq::Agent,
    base: String,
    authorization: String,
}

/// Why a request came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// Asterisk says no.
    #[error("status {0}")]
    Status(u16),
    /// Nobody answers, or what comes is no answer.
    #[error("{0}")]
    Lost(String),
}

/// How a request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
    Delete,
}

impl Wire {
    pub(crate) fn new(base: &str, authorization: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(LIMIT))
            .http_status_as_error(false)
            .max_redirects(0)
            .build();
        let base = format!("{base}/ari/");
        Self { agent: config.into(), base, authorization: authorization.to_owned() }
    }

    /// Asks; the parts of `path` are encoded here, and so are the values.
    pub(crate) fn ask(
        &self,
        verb: Verb,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Vec<u8>, Fault> {
        let parts: Vec<String> = path.iter().map(|part| encoded(part)).collect();
        let mut address = format!("{}{}", self.base, parts.join("/"));
        for (at, (name, value)) in query.iter().enumerate() {
            address += &format!("{}{name}={}", if at == 0 { '?' } else { '&' }, encoded(value));
        }
        let auth = ("authorization", self.authorization.as_str());
        let answer = match (verb, body) {
            (Verb::Get, _) => self.agent.get(&address).header(auth.0, auth.1).call(),
            (Verb::Delete, _) => self.agent.delete(&address).header(auth.0, auth.1).call(),
            (Verb::Post, Some(body)) => self.agent.post(&address).header(auth.0, auth.1).send_json(body),
            (Verb::Post, None) => self.agent.post(&address).header(auth.0, auth.1).send_empty(),
        };
        let mut answer = answer.map_err(|error| Fault::Lost(error.to_string()))?;
        let status = answer.status().as_u16();
        let mut bytes = Vec::new();
        let reader = answer.body_mut().as_reader().take(LONGEST);
        let read = { reader }.read_to_end(&mut bytes);
        read.map_err(|error| Fault::Lost(error.to_string()))?;
        if (200..300).contains(&status) { Ok(bytes) } else { Err(Fault::Status(status)) }
    }

    /// Asks for JSON.
    pub(crate) fn list(&self, path: &[&str]) -> Result<Value, Fault> {
        let bytes = self.ask(Verb::Get, path, &[], None)?;
        serde_json::from_slice(&bytes).map_err(|error| Fault::Lost(error.to_string()))
    }
}

fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
    }
    out
}
