use crate::delivery;
use huiyin_connectors::{Carrier, Delivery, Failure, MailConfig, MailSecurity, Mailer};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

/// Takes one mail and answers its receiver line as told; the thread ends with
/// everything that the client said.
fn smtp_server(receiver: &'static str) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("port");
    let port = listener.local_addr().expect("address").port();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("connection");
        let mut reader = BufReader::new(stream.try_clone().expect("stream"));
        let (mut said, mut in_data) = (String::new(), false);
        stream.write_all(b"220 here\r\n").expect("greeting");
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|read| read > 0) {
            said.push_str(&line);
            let answer = match line.split_whitespace().next().unwrap_or_default() {
                "." if in_data => "250 kept",
                _ if in_data => "",
                "RCPT" => receiver,
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => "250 fine",
            };
            in_data = answer.starts_with("354") || (in_data && answer.is_empty());
            if !answer.is_empty() && stream.write_all(format!("{answer}\r\n").as_bytes()).is_err() {
                break;
            }
            line.clear();
        }
        said
    });
    (port, thread)
}

fn mailer(port: u16) -> Mailer {
    let config = MailConfig {
        host: "127.0.0.1".into(),
        port,
        security: MailSecurity::None,
        login: None,
        password: None,
        from: "回音 <desk@example.cn>".into(),
    };
    Mailer::new(&config).expect("mailer")
}

/// Issue 3 §3: notifications leave by SMTP.
#[test]
fn a_mail_arrives_with_a_stable_id() {
    let (port, server) = smtp_server("250 fine");
    let outcome = mailer(port).send(&delivery());
    assert_eq!(outcome.map(|outcome| outcome.answer), Ok("250".into()));
    let said = server.join().expect("mail");
    assert!(said.contains("RCPT TO:<li@example.cn>"), "{said}");
    assert!(said.contains("Message-ID: <d-1@example.cn>"), "{said}");
    assert!(said.contains(r#"{"a":1}"#), "{said}");
}

/// Issue 3 §3: mail is tried again where that can help, and only there.
#[test]
fn the_server_decides_whether_to_try_again() {
    for (answer, again) in [("450 later", true), ("550 unknown", false)] {
        let (port, _server) = smtp_server(answer);
        let failure = mailer(port).send(&delivery()).expect_err("refused");
        assert_eq!(matches!(failure, Failure::Retry { .. }), again, "{failure}");
    }
}

/// Bad input (issue 3): no header can be smuggled into a mail.
#[test]
fn no_header_can_be_smuggled_in() {
    let two = Delivery { subject: "a\r\nBcc: x@example.cn".into(), ..delivery() };
    let mail = mailer(1).compose(&two).expect("composed").formatted();
    assert!(!String::from_utf8_lossy(&mail).contains("\nBcc:"));
    let wrong = Delivery { to: "li@example.cn\r\nRCPT TO:<x@example.cn>".into(), ..delivery() };
    assert!(matches!(mailer(1).send(&wrong), Err(Failure::Dead { .. })));
}
