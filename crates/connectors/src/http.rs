//! Requests to addresses that an administrator entered.

use crate::Failure;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Longest time of one request, connection included.
const LIMIT: Duration = Duration::from_secs(15);

/// Longest answer that is looked at, in bytes.
const ANSWER: u64 = 64 * 1024;

/// Longest wait that another side may ask of us.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// An address that may be called: http or https, with a host.
///
/// Addresses inside one's own network are allowed, since that is where the
/// other systems of most houses stand.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

/// Why a text is not an address that may be called; begins with its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    /// Not an address at all, or without a host.
    #[error("address_malformed: must be an absolute address with a host")]
    Malformed,
    /// A scheme other than http and https.
    #[error("address_scheme: must begin with http:// or https://")]
    Scheme,
}

impl FromStr for Address {
    type Err = AddressFault;

    fn from_str(text: &str) -> Result<Self, AddressFault> {
        let uri: ureq::http::Uri = text.parse().map_err(|_| AddressFault::Malformed)?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err(AddressFault::Scheme);
        }
        if uri.host().is_none_or(str::is_empty) {
            return Err(AddressFault::Malformed);
        }
        Ok(Self(text.to_owned()))
    }
}

impl Address {
    /// Adds parameters to the query; the values are encoded here.
    #[must_use]
    pub fn with_query(&self, params: &[(&str, &str)]) -> Self {
        let mut text = self.0.split('#').next().unwrap_or_default().to_owned();
        for (name, value) in params {
            text.push(if text.contains('?') { '&' } else { '?' });
            text.push_str(name);
            text.push('=');
            for byte in value.bytes() {
                match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                        text.push(char::from(byte));
                    }
                    other => text.push_str(&format!("%{other:02X}")),
                }
            }
        }
        Self(text)
    }
}

/// Shows scheme and host alone: robots carry their secret in the rest.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.0.find("://").map_or(0, |at| at + 3);
        let host = self.0[end..].split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default();
        write!(f, "{}{host}/…", &self.0[..end])
    }
}

/// What came back from a request that was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub retry_after: Option<Duration>,
    pub body: String,
}

/// Calls addresses with time limits and without following redirects.
#[derive(Clone, Debug)]
pub struct HttpClient(ureq::Agent);

impl HttpClient {
    /// Makes a client that trusts the certificates of this machine.
    #[must_use]
    pub fn new() -> Self {
        // a certificate that cannot be read is one less to trust, no more
        let native = rustls_native_certs::load_native_certs().certs;
        let roots: Vec<_> = native.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::Specific(std::sync::Arc::new(roots)))
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let config = ureq::Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(LIMIT))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .user_agent(concat!("huiyin/", env!("CARGO_PKG_VERSION")))
            .build();
        Self(config.into())
    }

    /// Posts JSON; whatever status comes back is an answer.
    pub(crate) fn post(
        &self,
        address: &Address,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, Failure> {
        let mut request = self.0.post(&address.0).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.send(body).map_err(|error| failure(&error))?;
        let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let retry_after = retry_after.and_then(|text| text.parse().ok()).map(Duration::from_secs);
        let text = response.body_mut().with_config().limit(ANSWER).lossy_utf8(true).read_to_string();
        Ok(Answer {
            status: response.status().as_u16(),
            retry_after: retry_after.map(|wait| wait.min(LONGEST_WAIT)),
            // the status counts; an answer cut off or endless is left out
            body: text.unwrap_or_default(),
        })
    }
}

impl Default for HttpClient {
    fn default() -> Self {
        Self::new()
    }
}

fn failure(error: &ureq::Error) -> Failure {
    match error {
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => Failure::dead(error),
        other => Failure::retry(other),
    }
}

impl Answer {
    /// Tells success from failure by the HTTP status.
    pub fn accepted(self) -> Result<Self, Failure> {
        let reason = format!("status {}", self.status);
        match self.status {
            200..=299 => Ok(self),
            408 | 425 | 429 | 500..=599 => Err(Failure::Retry { after: self.retry_after, reason }),
            _ => Err(Failure::Dead { reason }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 3 §3: webhooks go to http and https alone.
    #[test]
    fn only_web_addresses_with_a_host_are_called() {
        assert!("http://127.0.0.1:8080/hook?x=1".parse::<Address>().is_ok());
        assert!("https://hooks.example.cn".parse::<Address>().is_ok());
        for (text, fault) in [
            ("", AddressFault::Malformed),
            ("/hook", AddressFault::Scheme),
            ("file:///etc/passwd", AddressFault::Malformed),
            ("ftp://host/x", AddressFault::Scheme),
            ("gopher://host", AddressFault::Scheme),
            ("http://", AddressFault::Malformed),
            ("http://a b/", AddressFault::Malformed),
        ] {
            assert_eq!(text.parse::<Address>(), Err(fault), "{text}");
        }
    }

    /// secrets in an address never reach the log.
    #[test]
    fn an_address_is_shown_without_its_secret() {
        let address: Address = "https://user:pass@robot.example.cn/send?key=secret".parse().expect("right");
        assert_eq!(format!("{address:?}"), "https://robot.example.cn/…");
    }

    /// Issue 3 §3: values in an address are encoded.
    #[test]
    fn parameters_are_encoded() {
        let address: Address = "https://h/send?a=1#x".parse().expect("right");
        assert_eq!(
            address.with_query(&[("sign", "a+/=回")]).0,
            "https://h/send?a=1&sign=a%2B%2F%3D%E5%9B%9E"
        );
    }
}
