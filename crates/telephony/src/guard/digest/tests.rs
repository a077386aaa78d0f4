use super::{Asked, Challenger, Hash, Verdict};
use crate::guard::fields::field;
use crate::{Directory, Extension, Limits, Secrets};
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

const ASKED: Asked<'_> =
    Asked { method: "REGISTER", user: "8001", from: IpAddr::V4(Ipv4Addr::LOCALHOST), exempt: false };

struct One;

impl Directory for One {
    fn extension(&self, name: &str) -> Option<Extension> {
        (name == "8001").then(|| Extension {
            name: name.to_owned(),
            display_name: None,
            secrets: Secrets::of_password(name, "huiyin", "secret"),
            limits: Limits::default(),
        })
    }
}

fn answer(hash: Hash, nonce: &str, count: &str, password: &str) -> String {
    let ha1 = hash.hex(&format!("8001:huiyin:{password}"));
    let ha2 = hash.hex("REGISTER:sip:huiyin");
    let response = hash.hex(&format!("{ha1}:{nonce}:{count}:c:auth:{ha2}"));
    let algorithm = if matches!(hash, Hash::Md5) { "MD5" } else { "SHA-256" };
    format!(
        "Digest username=\"8001\", realm=\"huiyin\", nonce=\"{nonce}\", uri=\"sip:huiyin\", \
         response=\"{response}\", algorithm={algorithm}, cnonce=\"c\", qop=auth, nc={count}"
    )
}

fn challenger(now: Instant) -> (Challenger, String) {
    let challenger = Challenger::new("huiyin", [7; 32], now);
    let nonce = field(&challenger.challenges(true, false, now)[1], "nonce").unwrap();
    (challenger, nonce)
}

/// Issue 7: a phone may use its nonce more often than nine times, for either
/// hash; the same count twice is a replay.
#[test]
fn counts_beyond_nine_in_hexadecimal() {
    let now = Instant::now();
    let (challenger, nonce) = challenger(now);
    for count in 1..=300_u32 {
        let hash = if count % 2 == 0 { Hash::Md5 } else { Hash::Sha256 };
        let header = answer(hash, &nonce, &format!("{count:08x}"), "secret");
        let verdict = challenger.judge(ASKED, Some(&header), &One, now);
        assert!(matches!(verdict, Verdict::Granted(_)), "count {count}: {verdict:?}");
    }
    let replay = answer(Hash::Md5, &nonce, "0000012c", "secret");
    assert!(matches!(challenger.judge(ASKED, Some(&replay), &One, now), Verdict::Challenge { stale: true }));
}

/// Issue 7: an old nonce, or one that we did not make, is stale rather than
/// wrong, so that the phone asks nobody for a password.
#[test]
fn old_and_foreign_nonces_are_stale() {
    let now = Instant::now();
    let (challenger, nonce) = challenger(now);
    let late = now + Duration::from_secs(301);
    let header = answer(Hash::Md5, &nonce, "00000001", "secret");
    assert!(matches!(challenger.judge(ASKED, Some(&header), &One, late), Verdict::Challenge { stale: true }));
    for foreign in ["", "0", "zz", &nonce.replace('0', "1")] {
        let header = answer(Hash::Md5, foreign, "00000001", "secret");
        assert!(matches!(
            challenger.judge(ASKED, Some(&header), &One, now),
            Verdict::Challenge { stale: true }
        ));
    }
}

/// Issue 7: wrong digests are throttled, and then not even the right one is
/// looked at; other addresses are unharmed.
#[test]
fn wrong_digests_are_throttled() {
    let now = Instant::now();
    let (challenger, nonce) = challenger(now);
    let wrong = answer(Hash::Md5, &nonce, "00000001", "guess");
    for _ in 0..6 {
        assert!(matches!(
            challenger.judge(ASKED, Some(&wrong), &One, now),
            Verdict::Challenge { stale: false }
        ));
    }
    let right = answer(Hash::Md5, &nonce, "00000001", "secret");
    assert!(matches!(challenger.judge(ASKED, Some(&right), &One, now), Verdict::Wait(_)));
    let elsewhere = Asked { from: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), ..ASKED };
    assert!(matches!(challenger.judge(elsewhere, Some(&right), &One, now), Verdict::Granted(_)));
    let later = now + Duration::from_secs(2);
    let next = answer(Hash::Md5, &nonce, "00000002", "secret");
    assert!(matches!(challenger.judge(ASKED, Some(&next), &One, later), Verdict::Granted(_)));
}

/// Issue 7: credentials of one extension do not serve for another, and an
/// unknown extension is treated as a wrong password.
#[test]
fn credentials_are_bound_to_their_extension() {
    let now = Instant::now();
    let (challenger, nonce) = challenger(now);
    let header = answer(Hash::Md5, &nonce, "00000001", "secret");
    let other = Asked { user: "8002", ..ASKED };
    assert!(matches!(challenger.judge(other, Some(&header), &One, now), Verdict::Challenge { stale: false }));
}
