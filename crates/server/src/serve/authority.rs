//! Our own certificate authority, for a network that has none.
//!
//! The authority is made once and kept with its key; people install its
//! certificate (`/ca.pem`). The server's certificate is made at each start, so
//! that it names the addresses of the day and never runs out.

use anyhow::Context as _;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use huiyin_domain::time::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use sha2::{Digest as _, Sha256};
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::path::Path;
use std::time::Duration;

/// How long the server's certificate is good; browsers refuse over 398 days.
const GOOD_FOR: Duration = Duration::from_secs(390 * 24 * 3600);

/// How far clocks in a house may differ.
const CLOCKS_DIFFER: Duration = Duration::from_secs(24 * 3600);

/// Certificates for one start of the server, as PEM.
pub struct Certificates {
    /// What people install.
    pub authority: String,
    /// What the server shows, its authority behind it.
    pub chain: String,
    /// The server's private key.
    pub key: String,
}

/// Makes the server's certificate, and its authority where there is none yet.
///
/// `names` are the hosts and addresses by which people reach the server.
///
/// # Errors
/// When the folder cannot be written or its key cannot be read.
pub fn certificates(folder: &Path, names: Vec<String>, now: Timestamp) -> anyhow::Result<Certificates> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let (key_file, certificate_file) = (folder.join("ca.key"), folder.join("ca.pem"));
    let known = key_file.exists() && certificate_file.exists();
    let (key, authority) = if known {
        let key = std::fs::read_to_string(&key_file).context("cannot read the authority's key")?;
        let certificate = std::fs::read_to_string(&certificate_file).context("cannot read ca.pem")?;
        (KeyPair::from_pem(&key).context("the authority's key is damaged")?, certificate)
    } else {
        let key = KeyPair::generate()?;
        let certificate = authority_params().self_signed(&key)?.pem();
        write_private(&key_file, &key.serialize_pem())?;
        std::fs::write(&certificate_file, &certificate).context("cannot write ca.pem")?;
        (key, certificate)
    };
    let server_key = KeyPair::generate()?;
    let issuer = Issuer::new(authority_params(), &key);
    let own = server_params(names, now)?.signed_by(&server_key, &issuer)?.pem();
    Ok(Certificates { chain: own + &authority, authority, key: server_key.serialize_pem() })
}

/// The authority; always the same, so that it can be made again from its key.
fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Huiyin local authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2046, 1, 1);
    params
}

fn server_params(names: Vec<String>, now: Timestamp) -> anyhow::Result<CertificateParams> {
    let mut params = CertificateParams::new(names).context("a name of the server is not usable")?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Huiyin");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let since_1970 = Duration::from_micros(u64::try_from(now.micros()).unwrap_or_default());
    let now = date_time_ymd(1970, 1, 1) + since_1970;
    params.not_before = now - CLOCKS_DIFFER;
    params.not_after = now + GOOD_FOR;
    Ok(params)
}

fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(text.as_bytes())?;
    Ok(())
}

/// Gives the SHA-256 of a certificate as browsers show it: `AB:CD:…`.
///
/// # Errors
/// When the text is no certificate in PEM.
pub fn fingerprint(pem: &str) -> anyhow::Result<String> {
    let lines = pem.lines().skip_while(|line| !line.starts_with("-----BEGIN")).skip(1);
    let body: String = lines.take_while(|line| !line.starts_with("-----END")).map(str::trim).collect();
    let der = BASE64_STANDARD.decode(body).context("the certificate is damaged")?;
    let digest = Sha256::digest(der);
    Ok(digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":"))
}

/// Gathers the names by which people may reach this machine.
#[must_use]
pub fn names(listen: SocketAddr, public_url: Option<&str>) -> Vec<String> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    let address = if listen.ip().is_unspecified() { own_address() } else { Some(listen.ip()) };
    names.extend(address.map(|address| address.to_string()));
    names.extend(public_url.and_then(host).map(str::to_owned));
    names.sort();
    names.dedup();
    names
}

/// Takes the host out of an address.
fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next(),
        None => authority.split(':').next(),
    }
}

/// Finds this machine's address in its network; nothing is sent for that.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // an address for documentation: asking for the way there sends nothing
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_micros(1_790_000_000_000_000)
    }

    /// contracts §1: `--tls-self-signed` keeps its authority over restarts.
    #[test]
    fn the_authority_stays_and_the_certificate_is_new() {
        let folder = tempfile::tempdir().expect("folder");
        let first = certificates(folder.path(), vec!["localhost".into()], now()).expect("first");
        let second = certificates(folder.path(), vec!["localhost".into()], now()).expect("second");
        assert_eq!(first.authority, second.authority);
        assert_ne!(first.key, second.key);
        assert_eq!(first.chain.matches("BEGIN CERTIFICATE").count(), 2);
        let shown = fingerprint(&first.authority).expect("a certificate");
        assert!(shown.len() == 95 && shown.bytes().all(|c| c == b':' || c.is_ascii_hexdigit()), "{shown}");
        assert_eq!(shown, fingerprint(&second.authority).expect("a certificate"));
        assert!(fingerprint("-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n").is_err());
    }

    /// contracts §1: the certificate names how people reach the server.
    #[test]
    fn names_are_those_of_the_machine() {
        let listen = "192.168.1.5:443".parse().expect("address");
        let names = names(listen, Some("https://desk.example.cn:8443/x"));
        for name in ["192.168.1.5", "desk.example.cn", "localhost"] {
            assert!(names.iter().any(|known| known == name), "{name} is not in {names:?}");
        }
        assert_eq!(host("https://[::1]:8443"), Some("::1"));
    }
}
