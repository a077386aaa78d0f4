use crate::{delivery, http_server};
use huiyin_connectors::{Carrier, Failure, HttpClient, Robot, RobotKind, Webhook, signature};
use std::net::TcpListener;
use std::time::Duration;

fn answered(answer: &'static str) -> (Result<String, Failure>, String) {
    let (server, request) = http_server(answer);
    let address = format!("http://{server}/hook").parse().expect("address");
    let webhook = Webhook::new(HttpClient::new(), address, b"secret".to_vec());
    let outcome = webhook.send(&delivery()).map(|outcome| outcome.answer);
    (outcome, request.join().expect("request"))
}

/// Issue 3 §6: webhooks carry id, topic, time and signature.
#[test]
fn a_webhook_arrives_signed() {
    let (outcome, request) = answered("HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(outcome, Ok("status 204".into()));
    let signature = signature(b"secret", "1790000000", r#"{"a":1}"#);
    for part in [
        "POST /hook HTTP/1.1",
        "huiyin-delivery: d-1",
        "huiyin-topic: case.accepted",
        "huiyin-timestamp: 1790000000",
        &format!("huiyin-signature: {signature}"),
        "content-type: application/json",
    ] {
        assert!(request.contains(part), "{part} is not in\n{request}");
    }
    assert!(request.ends_with(r#"{"a":1}"#));
}

/// Issue 3 §6: webhooks are tried again where that can help, and only there.
#[test]
fn the_status_decides_whether_to_try_again() {
    let retry = |after| Err(Failure::Retry { after, reason: "status 503".into() });
    assert_eq!(answered("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n").0, retry(None));
    let waiting = "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(answered(waiting).0, retry(Some(Duration::from_secs(7))));
    let gone = Err(Failure::Dead { reason: "status 410".into() });
    assert_eq!(answered("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n").0, gone);
}

/// Issue 3 §6: a redirect is not followed, wherever it points.
#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = "HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(answered(elsewhere).0, Err(Failure::Dead { reason: "status 307".into() }));
}

/// Issue 3 §6: nobody there is a reason to try again.
#[test]
fn nobody_there_is_tried_again() {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("port");
    let address = format!("http://{free}/").parse().expect("address");
    let outcome = Webhook::new(HttpClient::new(), address, Vec::new()).send(&delivery());
    assert!(matches!(outcome, Err(Failure::Retry { .. })), "{outcome:?}");
}

/// Issue 3 §3: the robot formats of WeCom and DingTalk.
#[test]
fn robots_get_their_own_format() {
    let fine = "HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{\"errcode\":0,\"errmsg\":\"ok\"}";
    for (kind, secret, path) in [
        (RobotKind::WeCom, None, "POST /send?key=k HTTP/1.1"),
        (RobotKind::DingTalk, Some("s".to_owned()), "POST /send?key=k&timestamp=1790000000000&sign="),
    ] {
        let (server, request) = http_server(fine);
        let address = format!("http://{server}/send?key=k").parse().expect("address");
        let robot = Robot::new(HttpClient::new(), kind, address, secret);
        assert_eq!(robot.send(&delivery()).map(|outcome| outcome.answer), Ok("errcode 0".into()));
        let request = request.join().expect("request");
        assert!(request.contains(path), "{request}");
        assert!(request.contains(r#""msgtype":"text""#) && request.contains("新投诉"), "{request}");
    }
}
