//! Another system that takes webhooks, and the product's real way there.

use huiyin_app::work::{HookPost, MailOut, SendFailure, WaysOut};
use huiyin_connectors::{Address, AddressFault, Carrier as _, Delivery, Failure, HttpClient, Webhook};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Arrived {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Checks the signature as a receiver would that knows the secret alone.
    pub fn signed_with(&self, secret: &str) -> bool {
        let signed = format!("{}.{}", self.header("huiyin-timestamp"), self.body);
        self.header("huiyin-signature") == format!("v1={}", hex(&hmac(secret.as_bytes(), signed.as_bytes())))
    }
}

/// HMAC-SHA256 after RFC 2104, for this receiver alone.
fn hmac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let mut key = [0_u8; 64];
    if secret.len() > key.len() {
        key[..32].copy_from_slice(&Sha256::digest(secret));
    } else {
        key[..secret.len()].copy_from_slice(secret);
    }
    let pad = |with: u8| key.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A server on a port of its own, which answers as it is told and keeps what came.
#[derive(Clone)]
pub struct Receiver {
    pub address: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    statuses: Arc<Mutex<VecDeque<u16>>>,
}

impl Receiver {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let this = Self { address, arrived: Arc::default(), statuses: Arc::default() };
        let own = this.clone();
        std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| own.take(stream)));
        this
    }

    pub fn url(&self) -> String {
        format!("http://{}/in", self.address)
    }

    /// Answers the next messages with these statuses, later ones with 200.
    pub fn answers(&self, statuses: &[u16]) {
        self.statuses.lock().expect("statuses").extend(statuses);
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().expect("messages").clone()
    }

    fn take(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
        let mut headers = BTreeMap::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).is_err() || line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.trim().split_once(": ") {
                headers.insert(name.to_lowercase(), value.to_owned());
            }
        }
        let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("a whole body");
        let body = String::from_utf8(body).expect("UTF-8");
        self.arrived.lock().expect("messages").push(Arrived { headers, body });
        let status = self.statuses.lock().expect("statuses").pop_front().unwrap_or(200);
        let answer = format!("HTTP/1.1 {status} Said\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        stream.write_all(answer.as_bytes()).expect("an answer");
    }
}

/// Sends over the network, as the server does.
pub struct OnTheWire(HttpClient);

impl OnTheWire {
    pub fn new() -> Self {
        Self(HttpClient::new())
    }
}

impl WaysOut for OnTheWire {
    fn has_mail(&self) -> bool {
        false
    }

    fn mail(&self, _: &MailOut) -> Result<String, SendFailure> {
        Err(SendFailure::Dead { reason: "mail is not set up".into() })
    }

    fn post(&self, post: &HookPost) -> Result<String, SendFailure> {
        let address: Address = post.url.parse().expect("a checked address");
        let delivery = Delivery {
            id: post.id.clone(),
            at: post.at,
            topic: post.topic.clone(),
            to: String::new(),
            subject: String::new(),
            body: post.body.clone(),
        };
        let sent = Webhook::new(self.0.clone(), address, post.secret.clone().into_bytes()).send(&delivery);
        sent.map(|outcome| outcome.answer).map_err(|failure| match failure {
            Failure::Retry { reason, .. } => SendFailure::Retry { after: None, reason },
            Failure::Dead { reason } => SendFailure::Dead { reason },
        })
    }

    fn check_address(&self, url: &str) -> Result<(), &'static str> {
        match url.parse::<Address>() {
            Ok(_) => Ok(()),
            Err(AddressFault::Malformed) => Err("address_malformed"),
            Err(AddressFault::Scheme) => Err("address_scheme"),
        }
    }
}
