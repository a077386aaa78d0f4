//! Robots of chat groups: WeCom (企业微信) and DingTalk (钉钉).

use crate::http::{Address, HttpClient};
use crate::webhook::hmac_sha256;
use crate::{Carrier, Delivery, Failure, Outcome};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt;
use std::time::Duration;

/// Longest text of a robot's message, in bytes (the smaller of both limits).
const LONGEST: usize = 2048;

/// How long to wait after too many messages; both count by the minute.
const MINUTE: Duration = Duration::from_secs(60);

/// Which chat product the group lives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RobotKind {
    /// 企业微信; its address holds the key.
    #[serde(rename = "wecom")]
    WeCom,
    /// 钉钉; its address holds the token, its secret signs each message.
    #[serde(rename = "dingtalk")]
    DingTalk,
}

/// A robot that writes into one chat group.
pub struct Robot {
    client: HttpClient,
    kind: RobotKind,
    address: Address,
    secret: Option<String>,
}

impl fmt::Debug for Robot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Robot")
            .field("kind", &self.kind)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Both products answer 200 and say in the body what they think.
#[derive(Deserialize)]
struct Said {
    errcode: i64,
    #[serde(default)]
    errmsg: String,
}

impl Robot {
    /// Makes the way to one group; `secret` is DingTalk's signing secret.
    #[must_use]
    pub fn new(client: HttpClient, kind: RobotKind, address: Address, secret: Option<String>) -> Self {
        Self { client, kind, address, secret }
    }

    fn address_at(&self, delivery: &Delivery) -> Address {
        let (RobotKind::DingTalk, Some(secret)) = (self.kind, &self.secret) else {
            return self.address.clone();
        };
        let timestamp = (delivery.at.micros() / 1000).to_string();
        let sign = ding_sign(secret, &timestamp);
        self.address.with_query(&[("timestamp", &timestamp), ("sign", &sign)])
    }
}

/// Signs as DingTalk asks: over `timestamp\nsecret`, with the secret as key.
fn ding_sign(secret: &str, timestamp: &str) -> String {
    STANDARD.encode(hmac_sha256(secret.as_bytes(), &[timestamp.as_bytes(), b"\n", secret.as_bytes()]))
}

impl Carrier for Robot {
    fn send(&self, delivery: &Delivery) -> Result<Outcome, Failure> {
        let text = format!("{}\n{}", delivery.subject, delivery.body);
        let message = json!({"msgtype": "text", "text": {"content": shortened(text.trim())}});
        let answer = self.client.post(&self.address_at(delivery), &[], &message.to_string())?.accepted()?;
        let said: Said = serde_json::from_str(&answer.body)
            .map_err(|_| Failure::dead("the answer is not that of a chat robot"))?;
        judge(self.kind, &said)
    }
}

fn judge(kind: RobotKind, said: &Said) -> Result<Outcome, Failure> {
    let reason = format!("{} {}", said.errcode, said.errmsg);
    match (kind, said.errcode) {
        (_, 0) => Ok(Outcome { answer: "errcode 0".to_owned() }),
        (_, -1) => Err(Failure::retry(reason)),
        (RobotKind::WeCom, 45009) | (RobotKind::DingTalk, 130_101 | 410_100) => {
            Err(Failure::Retry { after: Some(MINUTE), reason })
        }
        _ => Err(Failure::Dead { reason }),
    }
}

/// Cuts a text at a letter's end and says so by an ellipsis.
fn shortened(text: &str) -> String {
    const MARK: &str = "…";
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(LONGEST - MARK.len());
    format!("{}{MARK}", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 3 §3: the robot formats of WeCom and DingTalk.
    #[test]
    fn ding_talk_is_signed_over_time_and_secret() {
        // computed with: printf '1790000000000\nSECtest' | openssl dgst -sha256 -hmac SECtest -binary | base64
        assert_eq!(ding_sign("SECtest", "1790000000000"), "hqTkBBMf94pnVwc0bmNGz+mbdATQEY0TAQpdswC1zMI=");
    }

    /// Issue 3 §3: too many messages are tried again, a wrong key is not.
    #[test]
    fn answers_decide_whether_to_try_again() {
        let judged = |kind, errcode| judge(kind, &Said { errcode, errmsg: "x".into() });
        assert!(judged(RobotKind::WeCom, 0).is_ok());
        let wait = Some(MINUTE);
        assert_eq!(
            judged(RobotKind::WeCom, 45009),
            Err(Failure::Retry { after: wait, reason: "45009 x".into() })
        );
        assert_eq!(
            judged(RobotKind::DingTalk, 130_101),
            Err(Failure::Retry { after: wait, reason: "130101 x".into() })
        );
        assert_eq!(judged(RobotKind::DingTalk, 45009), Err(Failure::dead("45009 x")));
        assert_eq!(judged(RobotKind::WeCom, 93000), Err(Failure::dead("93000 x")));
        assert_eq!(judged(RobotKind::DingTalk, -1), Err(Failure::retry("-1 x")));
    }

    /// Issue 3 §3: a long text is cut between letters.
    #[test]
    fn a_long_text_is_cut_between_letters() {
        let cut = shortened(&"投诉".repeat(1000));
        assert!(cut.len() <= LONGEST && cut.ends_with('…'));
        assert_eq!(shortened("短"), "短");
    }
}
