//! Making a connection: address, encryption, settings.

use super::super::StoreError;
use super::error::map_error;
use super::session::Session;
use postgres::config::SslMode;
use postgres::{Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long one attempt to connect may take.
const CONNECT_WAIT: Duration = Duration::from_secs(5);
/// How long the network may stay silent before a connection counts as lost.
const SILENCE: Duration = Duration::from_secs(30);

/// A waiting lock ends as `Busy` instead of holding a worker for ever; numbers
/// and dates are never sent as text, so nothing else depends on settings.
const SETTINGS: &str = "SET lock_timeout = '10s'";

/// Knows how to make connections to one database.
pub(crate) struct Connector {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    made: AtomicU64,
}

impl Connector {
    /// Reads the address.
    pub(crate) fn new(url: &str) -> Result<Self, StoreError> {
        let (url, roots) = take_parameter(url, "sslrootcert");
        let (url, mode) = take_parameter(&url, "sslmode");
        let mut config: Config = url.parse().map_err(|_| StoreError::Unavailable {
            context: "the database url is not of the form postgres://user:password@host:port/database".into(),
        })?;
        if config.get_application_name().is_none() {
            config.application_name("huiyin");
        }
        config.connect_timeout(CONNECT_WAIT).keepalives_idle(SILENCE).tcp_user_timeout(SILENCE);
        let secure = match mode.as_deref() {
            Some("require" | "verify-ca" | "verify-full") => true,
            None | Some("disable" | "allow" | "prefer") => false,
            Some(_) => return Err(unreachable_because("sslmode is not one of disable, prefer, require")),
        };
        config.ssl_mode(if secure { SslMode::Require } else { SslMode::Disable });
        let tls = if secure { Some(encryption(roots.as_deref())?) } else { None };
        Ok(Self { config, tls, made: AtomicU64::new(0) })
    }

    /// Connects; must run on a plain thread.
    pub(crate) fn connect(&self) -> Result<Session, StoreError> {
        let client = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        let mut client = client.map_err(|error| map_error(&error, "connect"))?;
        client.batch_execute(SETTINGS).map_err(|error| map_error(&error, SETTINGS))?;
        self.made.fetch_add(1, Ordering::Relaxed);
        Ok(Session::new(client))
    }

    /// Counts the connections made: one more says that the server is back.
    pub(crate) fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }
}

/// Builds the encryption: certificates are always verified.
fn encryption(roots: Option<&str>) -> Result<MakeRustlsConnect, StoreError> {
    let mut store = RootCertStore::empty();
    match roots {
        Some(file) => {
            let wrong = |_| unreachable_because("the file of sslrootcert holds no readable certificate");
            for certificate in CertificateDer::pem_file_iter(file).map_err(wrong)? {
                let certificate = certificate.map_err(wrong)?;
                store.add(certificate).map_err(|_| {
                    unreachable_because("the file of sslrootcert holds a certificate that cannot be used")
                })?;
            }
        }
        None => drop(store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
    }
    if store.is_empty() {
        return Err(unreachable_because("no root certificates found, name a file by sslrootcert"));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::other(format!("encryption: {error}")))?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// Takes `name=value` out of the query of an address.
fn take_parameter(url: &str, name: &str) -> (String, Option<String>) {
    let Some((base, query)) = url.split_once('?') else { return (url.to_owned(), None) };
    let (wanted, kept): (Vec<&str>, Vec<&str>) =
        query.split('&').partition(|part| part.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')));
    let value = wanted.last().map(|part| part[name.len() + 1..].replace("%2F", "/").replace("%2f", "/"));
    let rest = if kept.is_empty() { base.to_owned() } else { format!("{base}?{}", kept.join("&")) };
    (rest, value)
}

fn unreachable_because(context: &str) -> StoreError {
    StoreError::Unavailable { context: context.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_the_address_are_taken_out() {
        let (url, mode) = take_parameter("postgres://a@b/c?sslmode=require&options=-c%20x%3Dy", "sslmode");
        assert_eq!(url, "postgres://a@b/c?options=-c%20x%3Dy");
        assert_eq!(mode.as_deref(), Some("require"));
        let (url, roots) = take_parameter("postgres://a@b/c?sslrootcert=%2Fetc%2Fca.pem", "sslrootcert");
        assert_eq!((url.as_str(), roots.as_deref()), ("postgres://a@b/c", Some("/etc/ca.pem")));
    }

    #[test]
    fn a_wrong_address_is_refused_without_repeating_it() {
        for url in ["nonsense", "postgres://u:secret@h/d?sslmode=perhaps", "postgres://u:secret@h:x/d"] {
            let error = Connector::new(url).map(drop).unwrap_err();
            assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
