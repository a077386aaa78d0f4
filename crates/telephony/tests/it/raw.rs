//! A phone of our own over UDP, for what no program would send.

use huiyin_telephony::Secrets;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::UdpSocket;

pub(crate) struct Raw {
    socket: UdpSocket,
    server: SocketAddr,
    seq: u32,
    id: String,
}

impl Raw {
    pub(crate) async fn new(server: SocketAddr) -> Self {
        Self::at(server, 0).await
    }

    pub(crate) async fn at(server: SocketAddr, port: u16) -> Self {
        let socket = UdpSocket::bind(("127.0.0.1", port)).await.unwrap();
        let id = format!("raw{}", socket.local_addr().unwrap().port());
        Self { socket, server, seq: 0, id }
    }

    pub(crate) async fn send(&self, bytes: &[u8]) {
        self.socket.send_to(bytes, self.server).await.unwrap();
    }

    /// The next message, if one comes within a moment.
    pub(crate) async fn receive(&self, patience: Duration) -> Option<String> {
        let mut buffer = vec![0; 65_536];
        let received = tokio::time::timeout(patience, self.socket.recv_from(&mut buffer)).await;
        let (length, _) = received.ok()?.unwrap();
        Some(String::from_utf8_lossy(&buffer[..length]).into_owned())
    }

    /// The next final answer.
    pub(crate) async fn answer(&self) -> String {
        loop {
            let text = self.receive(Duration::from_secs(5)).await.expect("an answer");
            if !text.starts_with("SIP/2.0 1") {
                return text;
            }
        }
    }

    /// The next request of this method; whatever else comes is passed over.
    pub(crate) async fn asked(&self, method: &str) -> String {
        loop {
            let text = self.receive(Duration::from_secs(5)).await.expect(method);
            if text.starts_with(method) {
                return text;
            }
        }
    }

    /// Answers a request with this status line and no body.
    pub(crate) async fn reply(&self, request: &str, status: &str) {
        let named = |line: &&str| {
            let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
            ["via", "from", "to", "call-id", "cseq"].contains(&name.as_str())
        };
        let mut answer = format!("SIP/2.0 {status}\r\n");
        for line in request.lines().filter(named) {
            let tag = if line.to_ascii_lowercase().starts_with("to:") { ";tag=raw" } else { "" };
            answer.push_str(&format!("{line}{tag}\r\n"));
        }
        let at = self.socket.local_addr().unwrap();
        answer.push_str(&format!("Contact: <sip:raw@{at}>\r\nContent-Length: 0\r\n\r\n"));
        self.send(answer.as_bytes()).await;
    }

    pub(crate) fn register(&mut self, extension: &str, contact: &str, credentials: &str) -> String {
        self.seq += 1;
        let (at, id, seq) = (self.socket.local_addr().unwrap(), &self.id, self.seq);
        format!(
            "REGISTER sip:{realm} SIP/2.0\r\nVia: SIP/2.0/UDP {at};branch=z9hG4bK{id}{seq};rport\r\n\
             From: <sip:{extension}@{realm}>;tag={id}\r\nTo: <sip:{extension}@{realm}>\r\nCall-ID: {id}\r\n\
             CSeq: {seq} REGISTER\r\nContact: {contact}\r\nMax-Forwards: 70\r\n{credentials}Content-Length: 0\r\n\r\n",
            realm = super::kit::REALM
        )
    }

    /// Asks for a challenge and returns its nonce.
    pub(crate) async fn nonce(&mut self, extension: &str) -> String {
        let text = self.register(extension, "<sip:x@127.0.0.1>", "");
        self.send(text.as_bytes()).await;
        let answer = self.answer().await;
        assert!(answer.starts_with("SIP/2.0 401"), "{answer}");
        let (_, rest) = answer.split_once("nonce=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// Registers `contact` and returns the answer.
    pub(crate) async fn enter(&mut self, extension: &str, contact: &str, password: &str) -> String {
        let nonce = self.nonce(extension).await;
        let credentials = digest(extension, password, &nonce, 1);
        let text = self.register(extension, contact, &credentials);
        self.send(text.as_bytes()).await;
        self.answer().await
    }
}

/// `Authorization` for a REGISTER.
pub(crate) fn digest(extension: &str, password: &str, nonce: &str, count: u32) -> String {
    let realm = super::kit::REALM;
    let ha1 = Secrets::of_password(extension, realm, password).md5;
    let ha2 = md5(&format!("REGISTER:sip:{realm}"));
    let response = md5(&format!("{ha1}:{nonce}:{count:08x}:c:auth:{ha2}"));
    format!(
        "Authorization: Digest username=\"{extension}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"sip:{realm}\", \
         response=\"{response}\", algorithm=MD5, cnonce=\"c\", qop=auth, nc={count:08x}\r\n"
    )
}

fn md5(text: &str) -> String {
    use md5::{Digest, Md5};
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
