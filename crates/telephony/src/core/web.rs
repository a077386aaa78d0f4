//! Browsers: SIP in the text frames of a WebSocket (RFC 7118).

use super::Core;
use crate::Signal;
use crate::guard::rough::{Judged, judge};
use rsipstack::platform::mpsc::{UnboundedSender, unbounded_channel};
use rsipstack::sip::{SipMessage, Transport};
use rsipstack::transport::channel::ChannelConnection;
use rsipstack::transport::{SipAddr, SipConnection, TransportEvent};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;
use tokio::sync::mpsc;

/// Answers to one browser that may wait.
const ANSWERS: usize = 256;

/// Forgets the browser however its socket ends.
struct Line {
    core: Arc<Core>,
    connection: SipConnection,
    at: SipAddr,
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(token) = self.connection.cancel_token() {
            token.cancel();
        }
        self.core.endpoint.transport_layer.remove_connection(&self.connection);
        let gone = self.core.registrar.forget_source(&self.at);
        let core = self.core.clone();
        self.core.spawn(async move {
            for extension in gone {
                core.tell(Signal::Unregistered { extension }).await;
            }
        });
    }
}

/// Serves one browser until its socket ends.
pub(crate) async fn serve(
    core: Arc<Core>,
    peer: SocketAddr,
    mut incoming: mpsc::Receiver<String>,
    outgoing: mpsc::Sender<String>,
) {
    if !core.gate.may_connect(peer.ip()) {
        return;
    }
    #[expect(clippy::disallowed_methods, reason = "the stack takes no other; the gate limits what goes in")]
    let (inward, from_browser) = unbounded_channel();
    let (to_browser, mut outward) = mpsc::channel(ANSWERS);
    let at = SipAddr { r#type: Some(Transport::Ws), addr: peer.into() };
    let token = core.stop.child_token();
    let made = ChannelConnection::create_connection_bounded(
        from_browser,
        to_browser,
        at.clone(),
        Some(token.clone()),
    );
    let Ok(channel) = made.await else {
        return;
    };
    let connection = SipConnection::Channel(channel);
    let line = Line { core: core.clone(), connection: connection.clone(), at: at.clone() };
    core.endpoint.transport_layer.add_connection(connection);
    loop {
        tokio::select! {
            () = token.cancelled() => return,
            text = incoming.recv() => {
                let Some(text) = text else { return };
                if let Some(answer) = line.take(&text, peer, &inward)
                    && outgoing.send(answer).await.is_err()
                {
                    return;
                }
            }
            event = outward.recv() => {
                let Some(TransportEvent::Incoming(message, ..)) = event else { return };
                let text = String::from_utf8_lossy(&message.to_bytes()).into_owned();
                if outgoing.send(text).await.is_err() {
                    return;
                }
            }
        }
    }
}

impl Line {
    /// Hands a frame to the stack, or says what is wrong with it.
    fn take(&self, text: &str, peer: SocketAddr, inward: &UnboundedSender<TransportEvent>) -> Option<String> {
        let keep_alive = text.trim().is_empty();
        if keep_alive {
            return Some("\r\n".to_owned());
        }
        if !self.core.gate.message(peer.ip(), Instant::now()) {
            return None;
        }
        match judge(text.as_bytes(), peer) {
            Judged::Pass => {}
            Judged::Answer(answer) => {
                self.core.gate.malformed.fetch_add(1, Ordering::Relaxed);
                return Some(answer);
            }
            Judged::Drop => {
                self.core.gate.malformed.fetch_add(1, Ordering::Relaxed);
                return None;
            }
        }
        let message = SipMessage::try_from(text.as_bytes()).ok()?;
        let message = SipConnection::update_msg_received(message, peer, Transport::Ws).ok()?;
        let event = TransportEvent::Incoming(message, self.connection.clone(), self.at.clone());
        // closed only while the endpoint stops
        let _ = inward.send(event);
        None
    }
}
