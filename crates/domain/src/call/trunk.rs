//! How the lines to carriers stand (CALL-5).

use crate::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

crate::wire::wire_enum! {
    /// Over what SIP goes to a carrier.
    TrunkWire {
        /// UDP, as most carriers do.
        Udp = "udp",
        /// TCP.
        Tcp = "tcp",
        /// TLS.
        Tls = "tls",
    }
}

crate::wire::wire_enum! {
    /// Whether a trunk can be used.
    TrunkState {
        /// 通: the carrier answers, or took the registration.
        Up = "up",
        /// 断.
        Down = "down",
        /// 未知: not tried yet, or no telephony at work here.
        Unknown = "unknown",
    }
}

crate::wire::wire_enum! {
    /// Why a trunk is down.
    TrunkFault {
        /// 地址有误: its address cannot be read, or no such host is known.
        Address = "address",
        /// 无法送达: nothing can be sent there.
        Unreachable = "unreachable",
        /// 无应答: nothing comes back.
        NoAnswer = "no_answer",
        /// 被拒绝: the carrier refuses, with a status of SIP.
        Refused = "refused",
    }
}

/// How a trunk stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrunkNow {
    /// Its name.
    pub name: String,
    /// Whether it can be used.
    pub state: TrunkState,
    /// Since when it is up or down.
    pub since: Option<Timestamp>,
    /// Why it is down, where that is known.
    pub fault: Option<TrunkFault>,
    /// With which status of SIP the carrier refused last.
    pub status: Option<u16>,
    /// Calls on it now.
    pub calls: u32,
}

impl TrunkNow {
    /// A trunk of which nothing is known.
    #[must_use]
    pub const fn unknown(name: String) -> Self {
        Self { name, state: TrunkState::Unknown, since: None, fault: None, status: None, calls: 0 }
    }

    /// Gives how each trunk stands, those that are set in their order.
    ///
    /// Behind them come those that only the telephone knows, such as the lines of a PBX.
    #[must_use]
    pub fn of(set: impl IntoIterator<Item = String>, mut known: Vec<Self>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for name in set {
            let at = known.iter().position(|one| one.name == name);
            all.push(at.map_or_else(|| Self::unknown(name), |at| known.remove(at)));
        }
        all.extend(known);
        all
    }
}

/// Whether this can be a carrier's server: a host or address, perhaps with a port.
///
/// An address of IPv6 stands in brackets. Whether the host is known is seen when calls
/// go there.
///
/// # Examples
/// ```
/// use huiyin_domain::call::trunk::is_server;
/// assert!(is_server("sip.example.cn:5060") && is_server("[2001:db8::1]"));
/// assert!(!is_server("sip:example.cn") && !is_server("example.cn:0"));
/// ```
#[must_use]
pub fn is_server(text: &str) -> bool {
    let (host_holds, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) => (is_numbered(address), port),
        None => {
            let (host, port) = text.split_at(text.find(':').unwrap_or(text.len()));
            (host.split('.').all(is_label), port)
        }
    };
    let port_holds =
        port.strip_prefix(':').map_or(port.is_empty(), |port| port.parse::<u16>().is_ok_and(|port| port > 0));
    host_holds && port_holds
}

/// Whether the text can stand between the dots of a host's name or address.
fn is_label(text: &str) -> bool {
    let holds = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_');
    !text.is_empty() && !text.starts_with('-') && text.chars().all(holds)
}

/// Whether the text has the shape of an address of IPv6.
fn is_numbered(text: &str) -> bool {
    text.contains(':') && text.chars().all(|one| one.is_ascii_hexdigit() || matches!(one, ':' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CALL-5: what can never be a carrier's address is told from what may be one.
    #[test]
    fn an_address_that_is_none_is_seen() {
        for server in ["sip.example.cn", "sip.example.cn:5060", "192.0.2.1:5061", "pbx", "[2001:db8::1]:5060"]
        {
            assert!(is_server(server), "{server}");
        }
        for text in [
            "",
            ":5060",
            "a b",
            "sip:host",
            "host:",
            "host:0",
            "host:70000",
            "[::1",
            "[]",
            "[host]",
            "a..b",
            "主机",
        ] {
            assert!(!is_server(text), "{text}");
        }
    }

    /// CALL-5: a trunk that is set is listed even where nothing is known of it, and says so.
    #[test]
    fn what_is_not_known_is_said_to_be_unknown() {
        let up = |name: &str| TrunkNow { state: TrunkState::Up, ..TrunkNow::unknown(name.to_owned()) };
        let all = TrunkNow::of(["b", "a"].map(str::to_owned), vec![up("pbx"), up("a")]);
        let seen: Vec<_> = all.iter().map(|one| (&*one.name, one.state)).collect();
        assert_eq!(seen, [("b", TrunkState::Unknown), ("a", TrunkState::Up), ("pbx", TrunkState::Up)]);
    }
}
