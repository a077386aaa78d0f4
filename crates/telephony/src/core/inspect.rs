//! Looks at every message and connection that the stack handles.

use super::is_near;
use super::registrar::Registrar;
use crate::guard::gate::Gate;
use crate::{Cause, Signal};
use async_trait::async_trait;
use rsipstack::sip::{Header, HeadersExt, Host, Method, Request, SipMessage, ToTypedHeader};
use rsipstack::transaction::endpoint::{MessageInspector, TransportEventInspector};
use rsipstack::transport::{SipAddr, TransportEvent};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// Our INVITEs that are taken back, with the cause, by Call-ID until they are over.
#[derive(Clone, Default)]
pub(crate) struct Withdrawn(Arc<Mutex<HashMap<String, Cause>>>);

impl Withdrawn {
    /// Keeps the cause for the CANCEL, which may wait for the first answer.
    pub(crate) fn note(&self, call: &str, cause: Cause) {
        self.causes().insert(call.to_owned(), cause);
    }

    /// Forgets a call that is over.
    pub(crate) fn forget(&self, call: &str) {
        self.causes().remove(call);
    }

    fn causes(&self) -> MutexGuard<'_, HashMap<String, Cause>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says in a CANCEL why, so that the phone of whoever was called and not
    /// needed shows no missed call (RFC 3326).
    fn explain(&self, cancel: &mut Request) {
        let call = cancel.call_id_header().map(|id| id.value().to_owned()).unwrap_or_default();
        if let Some(cause) = self.causes().get(&call) {
            cancel.headers.push(Header::Other("Reason".to_owned(), cause.reason()));
        }
    }
}

/// Looks at each message: says in a CANCEL why, and puts the address that a
/// message came from into a Contact that cannot be reached, as phones behind a
/// router write their inner address there.
pub(crate) struct Messages(pub(crate) Withdrawn);

impl MessageInspector for Messages {
    fn before_send(&self, mut message: SipMessage, _to: Option<&SipAddr>) -> SipMessage {
        if let SipMessage::Request(request) = &mut message
            && request.method == Method::Cancel
        {
            self.0.explain(request);
        }
        message
    }

    fn after_received(&self, mut message: SipMessage, from: Option<&SipAddr>) -> SipMessage {
        let Some(from) = from.and_then(|from| from.get_socketaddr().ok()) else {
            return message;
        };
        match &mut message {
            SipMessage::Request(request) if request.method != Method::Register => correct(request, from),
            SipMessage::Request(_) => {}
            SipMessage::Response(response) => correct(response, from),
        }
        message
    }
}

fn correct(message: &mut impl HeadersExt, from: std::net::SocketAddr) {
    if message.record_route_header().is_some() {
        return;
    }
    let Some(mut contact) = message.contact_header().ok().and_then(|contact| contact.typed().ok()) else {
        return;
    };
    let Host::IpAddr(host) = contact.uri.host_with_port.host else {
        return;
    };
    let same = host == from.ip();
    if same || !is_near(host) || is_near(from.ip()) && !host.is_loopback() && !host.is_unspecified() {
        return;
    }
    contact.uri.host_with_port = from.into();
    if let Ok(header) = message.contact_header_mut() {
        *header = contact.into();
    }
}

/// Counts connections per address, closes those beyond the limit, and forgets the
/// phones of closed ones.
///
/// The stack's own whitelist would not do: it is asked for each UDP packet too, so that
/// an address with too many connections would be deaf altogether.
pub(crate) struct Connections {
    pub(crate) gate: Arc<Gate>,
    pub(crate) registrar: Arc<Registrar>,
    pub(crate) signals: mpsc::Sender<Signal>,
}

#[async_trait]
impl TransportEventInspector for Connections {
    async fn handle(&self, event: TransportEvent) -> Option<TransportEvent> {
        let (connection, came) = match &event {
            TransportEvent::New(connection) => (connection, true),
            TransportEvent::Closed(connection) => (connection, false),
            TransportEvent::Incoming(..) => return Some(event),
        };
        if let Some(peer) = connection.get_remote_addr() {
            let fits = peer.get_socketaddr().map_or(true, |at| self.gate.connection(at.ip(), came));
            if came && !fits {
                let _ = connection.close().await;
            }
            if !came {
                for extension in self.registrar.forget_source(peer) {
                    let _ = self.signals.send(Signal::Unregistered { extension }).await;
                }
            }
        }
        Some(event)
    }
}
