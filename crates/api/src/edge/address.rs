//! Where a request really comes from, proxies considered.

use super::Edge;
use crate::problem::Problem;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

/// The address of the machine that asks, for the throttle of sign-ins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client(pub IpAddr);

impl FromRequestParts<Edge> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip().to_canonical());
        let forwarded = parts.headers.get_all("x-forwarded-for");
        let chain: Vec<_> = forwarded.iter().filter_map(|value| value.to_str().ok()).collect();
        Ok(Self(edge.outside.trusted_proxies.source(peer, &chain.join(","))))
    }
}

/// A set of networks, such as `10.0.0.0/8, ::1`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<(IpAddr, u8)>);

impl Networks {
    /// Says whether an address lies in one of the networks.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|(network, bits)| same_prefix(*network, address, *bits))
    }

    /// Finds who asks: the last in the chain that is not one of our proxies.
    fn source(&self, peer: IpAddr, chain: &str) -> IpAddr {
        let mut source = peer;
        for hop in chain.rsplit(',') {
            if !self.contains(source) {
                break;
            }
            match hop.trim().parse::<IpAddr>() {
                Ok(address) => source = address.to_canonical(),
                Err(_) => break,
            }
        }
        source
    }
}

impl FromStr for Networks {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        words
            .map(|word| network(word).ok_or_else(|| format!("{word} is not an address or network")))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn network(word: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = word.split_once('/').map_or((word, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(most), |bits| bits.parse().ok())?;
    (bits <= most).then_some((address, bits))
}

fn same_prefix(network: IpAddr, address: IpAddr, bits: u8) -> bool {
    let differ = match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            u128::from(Ipv4Addr::to_bits(network) ^ Ipv4Addr::to_bits(address)) << 96
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => Ipv6Addr::to_bits(network) ^ Ipv6Addr::to_bits(address),
        _ => return false,
    };
    differ.leading_zeros() >= u32::from(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// contracts §1: `--trusted-proxy` decides whose forwarding is believed.
    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted: Networks = "10.0.0.0/8, ::1".parse().expect("networks");
        let ip = |text: &str| text.parse::<IpAddr>().expect("address");
        for (peer, chain, source) in [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("10.1.2.3", "198.51.100.1", "198.51.100.1"),
            ("10.1.2.3", "6.6.6.6, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
            ("10.1.2.3", "", "10.1.2.3"),
            ("10.1.2.3", "nonsense", "10.1.2.3"),
            ("::1", "2001:db8::7", "2001:db8::7"),
        ] {
            assert_eq!(trusted.source(ip(peer), chain), ip(source), "{peer} {chain}");
        }
        assert!(Networks::from_str("10.0.0.0/33").is_err());
        assert!(Networks::from_str("localhost").is_err());
        assert!("0.0.0.0/0".parse::<Networks>().expect("all").contains(ip("1.2.3.4")));
    }
}
