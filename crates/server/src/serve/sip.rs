//! The way of browsers to the telephone: SIP over a WebSocket (RFC 7118).

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use huiyin_telephony::Embedded;
use std::net::SocketAddr;
use tokio::sync::mpsc;

/// The largest message, in bytes.
const LARGEST: usize = 64 * 1024;

/// Messages that may wait in each direction.
const WAITING: usize = 64;

/// Upgrades a browser of this house; digests are asked for by the telephone itself.
pub async fn browser(
    State(line): State<Embedded>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !of_this_house(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let upgrade = upgrade.protocols(["sip"]).max_message_size(LARGEST);
    upgrade.on_upgrade(move |socket| serve(line, peer, socket))
}

/// A page of another site must not speak to our telephone.
fn of_this_house(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, of)| of == host),
        // programs say no origin, and have no page that could be misled
        (None, _) => true,
        (Some(_), None) => false,
    }
}

async fn serve(line: Embedded, peer: SocketAddr, mut socket: WebSocket) {
    let (in_tx, in_rx) = mpsc::channel(WAITING);
    let (out_tx, mut out_rx) = mpsc::channel::<String>(WAITING);
    let speaking = line.websocket(peer, in_rx, out_tx);
    tokio::pin!(speaking);
    loop {
        tokio::select! {
            () = &mut speaking => return,
            text = out_rx.recv() => {
                let Some(text) = text else { return };
                if socket.send(Message::Text(text.into())).await.is_err() {
                    return;
                }
            }
            message = socket.recv() => {
                let text = match message {
                    Some(Ok(Message::Text(text))) => text.to_string(),
                    Some(Ok(Message::Binary(bytes))) => String::from_utf8_lossy(&bytes).into_owned(),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                };
                if in_tx.send(text).await.is_err() {
                    return;
                }
            }
        }
    }
}
