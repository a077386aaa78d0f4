//! Mail, webhooks and robots, with texts in the reader's language.

use huiyin_app::Params;
use huiyin_app::work::{HookPost, MailOut, SendFailure, WaysOut};
use huiyin_connectors::{
    Address, AddressFault, Carrier, Delivery, Failure, HttpClient, MailConfig, Mailer, Robot, RobotKind,
    Webhook,
};
use huiyin_domain::locale::Locale;
use huiyin_i18n::{notice, text};
use serde_json::Value;

/// The ways out of this installation.
pub struct Ways {
    client: HttpClient,
    mailer: Option<Mailer>,
    address: String,
}

impl Ways {
    /// Makes the ways out; `address` is the one that people type.
    ///
    /// # Errors
    /// When the mail settings are not usable.
    pub fn new(mail: Option<&MailConfig>, address: &str) -> anyhow::Result<Self> {
        let mailer = mail.map(Mailer::new).transpose()?;
        Ok(Self { client: HttpClient::new(), mailer, address: address.to_owned() })
    }

    fn link(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Says in a few words what happened: number, reason, link; nothing else.
    fn words(&self, locale: Locale, code: &str, about: &Params, path: &str) -> (String, String) {
        let mut params = Params::new();
        let mut subject = notice(locale, code, about);
        if let Some(number) = about.get("number").and_then(Value::as_str) {
            params.insert("number".into(), number.into());
            params.insert("what".into(), subject.into());
            subject = text(locale, "notice_case", &params);
        }
        params.insert("link".into(), self.link(path).into());
        (subject, text(locale, "notice_open", &params))
    }

    fn robot_text(&self, body: &str) -> Result<(String, String), SendFailure> {
        let body: Value = serde_json::from_str(body)
            .map_err(|error| SendFailure::Dead { reason: format!("message: {error}") })?;
        let code = body["code"].as_str().unwrap_or_default();
        let path = body["path"].as_str().unwrap_or("/");
        let about = body["case"].as_object().cloned().unwrap_or_default();
        Ok(self.words(Locale::ZhCn, code, &about, path))
    }
}

fn failed(failure: Failure) -> SendFailure {
    match failure {
        Failure::Retry { after, reason } => {
            let after = after.map(|wait| i64::try_from(wait.as_micros()).unwrap_or(i64::MAX));
            SendFailure::Retry { after, reason }
        }
        Failure::Dead { reason } => SendFailure::Dead { reason },
    }
}

impl WaysOut for Ways {
    fn has_mail(&self) -> bool {
        self.mailer.is_some()
    }

    fn mail(&self, mail: &MailOut) -> Result<String, SendFailure> {
        let Some(mailer) = &self.mailer else {
            return Err(SendFailure::Dead { reason: "mail is not set up".into() });
        };
        let locale = Locale::from_tag(&mail.locale).unwrap_or_default();
        let (mut subject, open) = self.words(locale, &mail.why, &mail.params, &mail.path);
        if mail.urgent {
            let params = [("subject".to_owned(), subject.into())].into_iter().collect();
            subject = text(locale, "notice_urgent", &params);
        }
        let foot = text(locale, "notice_no_reply", &Params::new());
        let delivery = Delivery {
            id: mail.id.clone(),
            at: mail.at,
            topic: mail.why.clone(),
            to: mail.to.clone(),
            body: format!("{subject}\n\n{open}\n\n{foot}\n"),
            subject,
        };
        mailer.send(&delivery).map(|outcome| outcome.answer).map_err(failed)
    }

    fn post(&self, post: &HookPost) -> Result<String, SendFailure> {
        let address: Address = post
            .url
            .parse()
            .map_err(|fault: AddressFault| SendFailure::Dead { reason: fault.to_string() })?;
        let robot = match post.format.as_str() {
            "wecom" => Some(RobotKind::WeCom),
            "dingtalk" => Some(RobotKind::DingTalk),
            _ => None,
        };
        let (subject, body) = match robot {
            Some(_) => self.robot_text(&post.body)?,
            None => (String::new(), post.body.clone()),
        };
        let delivery = Delivery {
            id: post.id.clone(),
            at: post.at,
            topic: post.topic.clone(),
            to: String::new(),
            subject,
            body,
        };
        let client = self.client.clone();
        let carrier: Box<dyn Carrier> = match robot {
            Some(kind) => Box::new(Robot::new(client, kind, address, Some(post.secret.clone()))),
            None => Box::new(Webhook::new(client, address, post.secret.clone().into_bytes())),
        };
        carrier.send(&delivery).map(|outcome| outcome.answer).map_err(failed)
    }

    fn check_address(&self, url: &str) -> Result<(), &'static str> {
        match url.parse::<Address>() {
            Ok(_) => Ok(()),
            Err(AddressFault::Malformed) => Err("address_malformed"),
            Err(AddressFault::Scheme) => Err("address_scheme"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways() -> Ways {
        Ways::new(None, "https://desk.example.cn").expect("ways")
    }

    /// X-37: a robot says number, reason and link, nothing of the customer.
    #[test]
    fn a_robot_hears_number_reason_and_link() {
        let body = r#"{"code":"transferred_to_you","case":{"number":"TS-20260101-0001"},"path":"/cases/1"}"#;
        let (subject, open) = ways().robot_text(body).expect("text");
        assert_eq!(subject, "案件 TS-20260101-0001：有案件转给您办理");
        assert_eq!(open, "打开：https://desk.example.cn/cases/1");
    }

    /// Issue 3 §3: an address that cannot be called is refused by its code.
    #[test]
    fn addresses_are_checked() {
        assert_eq!(ways().check_address("https://hooks.example.cn/x"), Ok(()));
        assert_eq!(ways().check_address("ftp://host/x"), Err("address_scheme"));
        assert_eq!(ways().check_address("http://"), Err("address_malformed"));
    }
}
