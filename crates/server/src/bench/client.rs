//! A small HTTP/1.1 client: one connection, kept open, one request at a time.
//!
//! It shares the processors with the server under measurement, so it does no
//! more than it must: one write, as few reads as possible, no header kept.

use anyhow::{Context as _, bail};
use std::fmt::Write as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One connection.
pub struct Client {
    stream: TcpStream,
    host: String,
    /// The header that says who asks.
    who: String,
    out: String,
    got: Vec<u8>,
}

/// What is asked.
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path with query.
    pub path: String,
    /// JSON body; empty for none.
    pub body: std::sync::Arc<str>,
    /// Idempotency key; empty for none.
    pub key: String,
}

impl Request {
    /// Makes a request that only reads.
    pub fn get(path: String) -> Self {
        Self { method: "GET", path, body: "".into(), key: String::new() }
    }
}

/// What came back; the body stays with the client until the next request.
pub struct Answer<'a> {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: &'a [u8],
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens there.
    pub async fn connected(host: &str, token: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(host).await.with_context(|| format!("cannot connect to {host}"))?;
        stream.set_nodelay(true)?;
        let who = format!("authorization: Bearer {token}");
        let (host, out, got) = (host.to_owned(), String::new(), Vec::with_capacity(16 * 1024));
        Ok(Self { stream, host, who, out, got })
    }

    /// Connects and signs in as a person, whose session the requests carry.
    ///
    /// # Errors
    /// When nobody listens there, or the person may not sign in.
    pub async fn signed_in(host: &str, login: &str, password: &str) -> anyhow::Result<Self> {
        let mut client = Self::connected(host, "").await?;
        client.who = format!("origin: http://{host}");
        let body = serde_json::json!({"login": login, "password": password}).to_string();
        let path = "/api/v1/session".to_owned();
        let asked = Request { method: "POST", path, body: body.into(), key: String::new() };
        let status = client.ask(&asked).await?.status;
        let head = String::from_utf8_lossy(&client.got);
        let cookie = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("set-cookie")
                .then(|| value.split(';').next().unwrap_or_default().trim())
        });
        let cookie = cookie.with_context(|| format!("{login} cannot sign in: status {status}"))?;
        client.who = format!("origin: http://{host}\r\ncookie: {cookie}");
        Ok(client)
    }

    /// Asks and waits for the whole answer.
    ///
    /// # Errors
    /// When the connection breaks or the answer is no HTTP with a length.
    pub async fn ask(&mut self, request: &Request) -> anyhow::Result<Answer<'_>> {
        let Request { method, path, body, key } = request;
        let (host, who) = (&self.host, &self.who);
        self.out.clear();
        write!(self.out, "{method} {path} HTTP/1.1\r\nhost: {host}\r\n{who}\r\n")?;
        if !key.is_empty() {
            write!(self.out, "idempotency-key: {key}\r\n")?;
        }
        if *method == "POST" {
            write!(self.out, "content-type: application/json\r\ncontent-length: {}\r\n", body.len())?;
        }
        self.out.push_str("\r\n");
        self.out.push_str(body);
        self.stream.write_all(self.out.as_bytes()).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> anyhow::Result<Answer<'_>> {
        self.got.clear();
        let head = loop {
            if self.stream.read_buf(&mut self.got).await? == 0 {
                bail!("the server closed the connection");
            }
            if let Some(end) = self.got.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = std::str::from_utf8(self.got.get(..head).unwrap_or_default())?;
        let status = text.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.with_context(|| format!("the server sent no HTTP: {text:?}"))?;
        let named =
            |line: &&str| line.get(..15).is_some_and(|name| name.eq_ignore_ascii_case("content-length:"));
        let length = text.lines().find(named).and_then(|line| line.get(15..)?.trim().parse::<usize>().ok());
        let end = head + length.context("an answer without a length")?;
        while self.got.len() < end {
            if self.stream.read_buf(&mut self.got).await? == 0 {
                bail!("the server closed the connection within an answer");
            }
        }
        Ok(Answer { status, body: self.got.get(head..end).unwrap_or_default() })
    }
}

/// Runs what the client does on the caller's thread alone.
///
/// # Errors
/// When there is no runtime, and what the work gives.
pub fn alone<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
