//! The ways out, against small servers on this machine.

mod http;
mod mail;

use huiyin_connectors::Delivery;
use huiyin_domain::time::Timestamp;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;

fn delivery() -> Delivery {
    Delivery {
        id: "d-1".into(),
        at: Timestamp::from_micros(1_790_000_000_000_000),
        topic: "case.accepted".into(),
        to: "li@example.cn".into(),
        subject: "新投诉".into(),
        body: r#"{"a":1}"#.into(),
    }
}

/// Answers one HTTP request with the text given; the thread ends with the
/// request as it came.
fn http_server(answer: &'static str) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("port");
    let address = listener.local_addr().expect("address");
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("connection");
        let mut reader = BufReader::new(stream.try_clone().expect("stream"));
        let (mut request, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("line");
            if let Some(digits) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = digits.trim().parse().expect("length");
            }
            request.push_str(&line);
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("body");
        stream.write_all(answer.as_bytes()).expect("answer");
        request + &String::from_utf8(body).expect("text")
    });
    (address, thread)
}
