//! Browsers over a WebSocket, and phones over TLS.

use super::kit::{Kit, PASSWORD};
use super::raw::{Raw, digest};
use huiyin_telephony::{LegKind, Signal, Target, TlsIdentity};
use std::time::Duration;
use tokio::sync::mpsc;

/// Issue 7 item 1: a browser registers over the WebSocket, rings like a desk
/// phone with a browser's voice, and is forgotten with its socket.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_registers_and_rings() {
    let kit = Kit::start().await;
    let (to_us, incoming) = mpsc::channel(16);
    let (outgoing, mut from_us) = mpsc::channel::<String>(16);
    let phone = kit.phone.clone();
    let peer = "127.0.0.1:4711".parse().unwrap();
    let socket = tokio::runtime::Handle::current()
        .spawn(async move { phone.websocket(peer, incoming, outgoing).await });
    let mut raw = Raw::new(kit.phone.listen()).await;
    let contact = "<sip:8003@abc.invalid;transport=ws>;expires=600";
    let over_web = |text: String| text.replace("SIP/2.0/UDP 127.0.0.1", "SIP/2.0/WSS abc.invalid");
    to_us.send(over_web(raw.register("8003", contact, ""))).await.unwrap();
    let challenge = from_us.recv().await.unwrap();
    assert!(challenge.starts_with("SIP/2.0 401"), "{challenge}");
    let nonce = challenge.split_once("nonce=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let credentials = digest("8003", PASSWORD, &nonce, 1);
    to_us.send(over_web(raw.register("8003", contact, &credentials))).await.unwrap();
    let answer = from_us.recv().await.unwrap();
    assert!(answer.starts_with("SIP/2.0 200") && answer.contains("abc.invalid;transport=ws"), "{answer}");
    kit.wait("the browser", |signal| matches!(signal, Signal::Registered(phone) if phone.browser)).await;
    to_us.send("garbage".to_owned()).await.unwrap();
    to_us.send("\r\n\r\n".to_owned()).await.unwrap();
    assert_eq!(from_us.recv().await.unwrap(), "\r\n");
    kit.dial(Target::Extension("8003".to_owned()), Duration::from_millis(500));
    let invite = from_us.recv().await.unwrap();
    let first = invite.lines().next().unwrap().to_ascii_lowercase();
    assert_eq!(first, "invite sip:8003@abc.invalid;transport=ws sip/2.0");
    assert!(invite.contains("SIP/2.0/WS "), "{invite}");
    assert!(kit.voice.open.lock().unwrap().values().any(|kind| *kind == LegKind::Browser));
    drop(to_us);
    socket.await.unwrap();
    kit.wait("its end", |signal| matches!(signal, Signal::Unregistered { extension } if extension == "8003"))
        .await;
}

/// Issue 7 item 1: TLS with our own certificate; a bad one is said at once.
#[tokio::test(flavor = "multi_thread")]
async fn tls_answers() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let identity = TlsIdentity {
        chain: made.cert.pem().into_bytes(),
        key: made.signing_key.serialize_pem().into_bytes(),
    };
    let kit = Kit::with(|settings| settings.tls = Some(("127.0.0.1:0".parse().unwrap(), identity))).await;
    let at = kit.phone.tls_listen().unwrap();
    let mut trusted = rustls::RootCertStore::empty();
    trusted.add(made.cert.der().clone()).unwrap();
    let config = rustls::ClientConfig::builder().with_root_certificates(trusted).with_no_client_auth();
    let text = Raw::new(kit.phone.listen()).await.register("x", "<sip:x@127.0.0.1>", "");
    let text = text.replace("REGISTER", "OPTIONS").replace("SIP/2.0/UDP", "SIP/2.0/TLS");
    let answer = tokio::task::spawn_blocking(move || {
        use std::io::{Read, Write};
        let name = "localhost".try_into().unwrap();
        let mut tls = rustls::ClientConnection::new(std::sync::Arc::new(config), name).unwrap();
        let mut socket = std::net::TcpStream::connect(at).unwrap();
        let mut stream = rustls::Stream::new(&mut tls, &mut socket);
        stream.write_all(text.as_bytes()).unwrap();
        let mut buffer = vec![0; 4_096];
        let length = stream.read(&mut buffer).unwrap();
        String::from_utf8_lossy(&buffer[..length]).into_owned()
    });
    assert!(answer.await.unwrap().starts_with("SIP/2.0 200"));
}
