//! One UDP socket that speaks SIP with the server.

use super::message::Message;
use sha2::{Digest as _, Sha256};
use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

/// How long a read waits, so that whoever reads can end.
const WAIT: Duration = Duration::from_millis(2);

/// The socket.
pub struct Wire {
    socket: UdpSocket,
    server: SocketAddr,
    /// Our address.
    pub ours: SocketAddr,
}

impl Wire {
    /// Opens a socket on loopback.
    ///
    /// # Errors
    /// When the machine gives none.
    pub fn to(server: SocketAddr) -> std::io::Result<Self> {
        let socket = UdpSocket::bind((server.ip(), 0))?;
        socket.set_read_timeout(Some(WAIT))?;
        Ok(Self { ours: socket.local_addr()?, socket, server })
    }

    /// Sends to the server.
    ///
    /// # Errors
    /// When the machine refuses.
    pub fn send(&self, text: &str) -> std::io::Result<()> {
        self.send_to(text, self.server)
    }

    /// Sends to whoever asked.
    ///
    /// # Errors
    /// When the machine refuses.
    pub fn send_to(&self, text: &str, to: SocketAddr) -> std::io::Result<()> {
        self.socket.send_to(text.as_bytes(), to).map(|_| ())
    }

    /// Gives the next message, or nothing after a short while.
    ///
    /// # Errors
    /// When the machine refuses; what is no message is passed over.
    pub fn next(&self) -> std::io::Result<Option<(Message, SocketAddr)>> {
        let mut bytes = [0; 8192];
        match self.socket.recv_from(&mut bytes) {
            Ok((length, from)) => {
                let read = Message::read(bytes.get(..length).unwrap_or_default());
                Ok(read.ok().map(|message| (message, from)))
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Makes a short word out of a text, the same each time.
pub fn branch(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
