//! What the endpoint is told at its start.

use crate::{Limits, Media};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// Settings of the embedded endpoint.
#[derive(Clone)]
pub struct Settings {
    /// UDP and TCP; port 0 takes a free one.
    pub listen: SocketAddr,
    /// TLS, with its certificate.
    pub tls: Option<(SocketAddr, TlsIdentity)>,
    /// Realm of the digest; `Secrets` are made with it.
    pub realm: String,
    /// Offer SHA-256 beside MD5. Off, because many phones give up at the sight
    /// of it; one that knows it may use it all the same.
    pub offer_sha256: bool,
    /// Key of the nonces; random at each start is right for one process.
    pub nonce_key: [u8; 32],
    /// The address that phones outside see.
    pub external_ip: Option<IpAddr>,
    /// The trunks at the start.
    pub trunks: Vec<Trunk>,
    /// A trunk is asked this often whether it lives; a dead one six times as often.
    pub trunk_watch: Duration,
    /// What one source address may use up; not for trunks, and not for
    /// 127.0.0.0/8 in a demo.
    pub source_limits: Limits,
    /// Legs at once in all.
    pub most_legs: usize,
    /// Longest time of a registration.
    pub longest_registration: Duration,
    /// Session timer (RFC 4028) that we ask for; zero for none.
    pub session_expires: Duration,
    /// In a demo 127.0.0.0/8 is the trunk `demo`.
    pub demo: bool,
    /// The voice.
    pub media: Arc<dyn Media>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("listen", &self.listen)
            .field("realm", &self.realm)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// Settings for `listen` and `realm` with safe limits, no trunks and no
    /// TLS.
    #[must_use]
    pub fn new(listen: SocketAddr, realm: &str, nonce_key: [u8; 32], media: Arc<dyn Media>) -> Self {
        Self {
            listen,
            tls: None,
            realm: realm.to_owned(),
            offer_sha256: false,
            nonce_key,
            external_ip: None,
            trunks: Vec::new(),
            trunk_watch: Duration::from_secs(30),
            source_limits: Limits { calls: 30, calls_per_second: 20 },
            most_legs: 4_000,
            longest_registration: Duration::from_secs(3_600),
            session_expires: Duration::from_secs(1_800),
            demo: false,
            media,
        }
    }
}

/// Certificate chain and key, in PEM.
#[derive(Clone)]
pub struct TlsIdentity {
    /// The chain, ours first.
    pub chain: Vec<u8>,
    /// The private key.
    pub key: Vec<u8>,
}

impl fmt::Debug for TlsIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsIdentity(..)")
    }
}

/// How messages travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wire {
    /// Datagrams.
    Udp,
    /// A stream.
    Tcp,
    /// An encrypted stream.
    Tls,
}

/// A line of a carrier (中继).
#[derive(Clone)]
pub struct Trunk {
    /// Its name, which no other has.
    pub name: String,
    /// Whose it is: only their calls go out over it; everybody's where it is nobody's.
    pub house: Option<String>,
    /// Smaller is tried first for calls out (CALL-5).
    pub order: u32,
    /// Host or address and port of the carrier.
    pub address: String,
    /// How messages travel.
    pub wire: Wire,
    /// With or without an account.
    pub mode: TrunkMode,
    /// Calls from these networks are the carrier's.
    pub networks: Vec<Network>,
    /// What it may use up.
    pub limits: Limits,
    /// Number that is shown to whom we call.
    pub caller_id: Option<String>,
    /// How dialled numbers are written for this carrier.
    pub dialled: NumberRule,
    /// How the carrier's caller numbers are written for us.
    pub callers: NumberRule,
}

impl fmt::Debug for Trunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trunk")
            .field("name", &self.name)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// How we are known to the carrier.
#[derive(Clone, PartialEq, Eq)]
pub enum TrunkMode {
    /// By our address alone.
    Peer,
    /// By an account at which we register.
    Register {
        /// The account.
        user: String,
        /// Its password.
        password: String,
        /// How long a registration shall hold.
        expires: Duration,
    },
}

/// Rewrites a number: the longest prefix that fits is replaced. Signs other
/// than digits, `+`, `*` and `#` are dropped first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberRule {
    /// Prefix and what takes its place.
    pub prefixes: Vec<(String, String)>,
}

impl NumberRule {
    /// The number as this rule writes it.
    #[must_use]
    pub fn apply(&self, number: &str) -> String {
        let plain: String = number.chars().filter(|c| c.is_ascii_digit() || "+*#".contains(*c)).collect();
        let fits = self.prefixes.iter().filter(|(prefix, _)| plain.starts_with(prefix.as_str()));
        match fits.max_by_key(|(prefix, _)| prefix.len()) {
            Some((prefix, instead)) => format!("{instead}{}", &plain[prefix.len()..]),
            None => plain,
        }
    }
}

impl NumberRule {
    /// The number as this rule writes it; what holds no digit stays as it is.
    pub(crate) fn apply_or_keep(&self, number: &str) -> String {
        if number.chars().any(|sign| sign.is_ascii_digit()) { self.apply(number) } else { number.to_owned() }
    }
}

/// A range of addresses, as `192.0.2.0/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// The range of all addresses that begin with the first `bits` of this.
    #[must_use]
    pub fn new(address: IpAddr, bits: u8) -> Self {
        let most = if address.is_ipv4() { 32 } else { 128 };
        Self { address, bits: bits.min(most) }
    }

    /// Reads `address` or `address/bits`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        (bits <= most).then(|| Self::new(address, bits))
    }

    /// Whether an address is in the range.
    #[must_use]
    pub fn contains(&self, other: IpAddr) -> bool {
        let (ours, theirs) = (self.address.to_canonical(), other.to_canonical());
        let (Some(ours), Some(theirs), width) = (match (ours, theirs) {
            (IpAddr::V4(a), IpAddr::V4(b)) => {
                (Some(u128::from(u32::from(a))), Some(u128::from(u32::from(b))), 32)
            }
            (IpAddr::V6(a), IpAddr::V6(b)) => (Some(u128::from(a)), Some(u128::from(b)), 128),
            _ => (None, None, 0),
        }) else {
            return false;
        };
        let shift = width - u32::from(self.bits).min(width);
        shift >= 128 || ours >> shift == theirs >> shift
    }
}
