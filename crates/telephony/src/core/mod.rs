//! The endpoint at work: what its parts share.

pub(crate) mod dispatch;
pub(crate) mod headers;
pub(crate) mod incoming;
pub(crate) mod inspect;
pub(crate) mod keeper;
pub(crate) mod legs;
pub(crate) mod orders;
pub(crate) mod registrar;
pub(crate) mod sockets;
pub(crate) mod trunks;
pub(crate) mod web;

use crate::guard::digest::Challenger;
use crate::guard::gate::Gate;
use crate::{Directory, Settings, Signal};
use inspect::Withdrawn;
use legs::Legs;
use registrar::Registrar;
use rsipstack::dialog::dialog_layer::DialogLayer;
use rsipstack::platform::CancellationToken;
use rsipstack::transaction::endpoint::EndpointInnerRef;
use rsipstack::transport::SipAddr;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use trunks::Trunks;

/// What every task of the endpoint needs.
pub(crate) struct Core {
    pub(crate) settings: Settings,
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) signals: mpsc::Sender<Signal>,
    pub(crate) endpoint: EndpointInnerRef,
    pub(crate) dialogs: Arc<DialogLayer>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) challenger: Challenger,
    pub(crate) registrar: Arc<Registrar>,
    pub(crate) trunks: Trunks,
    pub(crate) legs: Legs,
    pub(crate) withdrawn: Withdrawn,
    pub(crate) runtime: Handle,
    pub(crate) listen: SocketAddr,
    pub(crate) tls: Option<SocketAddr>,
    pub(crate) stop: CancellationToken,
}

impl Core {
    /// Runs a task; a panic in it ends that task alone.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        drop(self.runtime.spawn(task));
    }

    /// Tells the call centre; waits while it is behind.
    pub(crate) async fn tell(&self, signal: Signal) {
        if self.signals.send(signal).await.is_err() {
            tracing::debug!("nobody listens to the telephone any more");
        }
    }

    /// Our address as `peer` sees it.
    pub(crate) fn seen_by(&self, peer: Option<IpAddr>) -> IpAddr {
        let near = peer.is_none_or(is_near);
        if let (Some(external), false) = (self.settings.external_ip, near) {
            return external;
        }
        let bound = self.listen.ip();
        if !bound.is_unspecified() {
            return bound;
        }
        peer.and_then(route_to).or(self.settings.external_ip).unwrap_or(bound)
    }

    /// Our Contact as `peer` can reach it.
    pub(crate) fn contact(&self, peer: Option<&SipAddr>) -> rsipstack::sip::Uri {
        use rsipstack::sip::{Auth, Param, Scheme, Transport, Uri};
        let wire = peer.and_then(|peer| peer.r#type).unwrap_or(Transport::Udp);
        let ip = self.seen_by(peer.and_then(|peer| peer.get_socketaddr().ok()).map(|peer| peer.ip()));
        let port = match (wire, self.tls) {
            (Transport::Tls, Some(tls)) => tls.port(),
            _ => self.listen.port(),
        };
        Uri {
            scheme: Some(Scheme::Sip),
            auth: Some(Auth { user: "huiyin".to_owned(), password: None }),
            host_with_port: SocketAddr::new(ip, port).into(),
            params: if wire == Transport::Udp { Vec::new() } else { vec![Param::Transport(wire)] },
            headers: Vec::new(),
        }
    }
}

/// Whether an address is on our side of the router.
pub(crate) fn is_near(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            let shared = first == 100 && (64..128).contains(&second);
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || shared
        }
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// The address of ours from which packets to `peer` leave.
fn route_to(peer: IpAddr) -> Option<IpAddr> {
    let any: IpAddr =
        if peer.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect((peer, 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}
