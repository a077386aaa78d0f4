//! Sockets: bound before the stack starts, so that a taken port is said at
//! once, and guarded before the stack reads.

use crate::StartFault;
use crate::guard::gate::Gate;
use crate::guard::rough::{Judged, judge};
use async_trait::async_trait;
use rsipstack::platform::net::UdpSocket as PlatformUdpSocket;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;
use tokio::net::UdpSocket;

/// A UDP socket that keeps floods and unreadable messages from the stack.
pub(crate) struct Guarded {
    pub(crate) socket: UdpSocket,
    pub(crate) gate: Arc<Gate>,
}

#[async_trait]
impl PlatformUdpSocket for Guarded {
    async fn recv_from(&self, buf: &mut [u8]) -> rsipstack::Result<(usize, SocketAddr)> {
        loop {
            let (length, from) = match self.socket.recv_from(buf).await {
                Ok(received) => received,
                // an earlier packet of ours met a closed port
                Err(fault)
                    if matches!(fault.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset) =>
                {
                    continue;
                }
                Err(fault) => return Err(fault.into()),
            };
            if !self.gate.message(from.ip(), Instant::now()) {
                continue;
            }
            match judge(&buf[..length], from) {
                Judged::Pass => return Ok((length, from)),
                Judged::Answer(text) => {
                    self.gate.malformed.fetch_add(1, Ordering::Relaxed);
                    let _ = self.socket.send_to(text.as_bytes(), from).await;
                }
                Judged::Drop => {
                    self.gate.malformed.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }

    async fn send_to(&self, buf: &[u8], to: SocketAddr) -> rsipstack::Result<usize> {
        Ok(self.socket.send_to(buf, to).await?)
    }

    fn local_addr(&self) -> rsipstack::Result<SocketAddr> {
        Ok(self.socket.local_addr()?)
    }
}

/// Binds UDP at `wanted` and makes sure that TCP is free at the same port;
/// port 0 takes one at which both are.
pub(crate) async fn bind(wanted: SocketAddr) -> Result<(UdpSocket, SocketAddr), StartFault> {
    let mut last = None;
    for _ in 0..50 {
        let socket = UdpSocket::bind(wanted).await.map_err(|fault| said(wanted, fault))?;
        let bound = socket.local_addr().map_err(|fault| said(wanted, fault))?;
        match probe(bound) {
            Ok(_) => return Ok((socket, bound)),
            Err(fault) if wanted.port() == 0 => last = Some(fault),
            Err(fault) => return Err(fault),
        }
    }
    Err(last.unwrap_or(StartFault::PortTaken(wanted)))
}

/// Whether TCP can be bound at `wanted`; returns the address with its port.
pub(crate) fn probe(wanted: SocketAddr) -> Result<SocketAddr, StartFault> {
    let listener = TcpListener::bind(wanted).map_err(|fault| said(wanted, fault))?;
    listener.local_addr().map_err(|fault| said(wanted, fault))
}

fn said(address: SocketAddr, fault: std::io::Error) -> StartFault {
    match fault.kind() {
        ErrorKind::AddrInUse => StartFault::PortTaken(address),
        _ => StartFault::Address(address, fault),
    }
}
