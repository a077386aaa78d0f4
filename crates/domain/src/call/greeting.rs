//! The sentences that begin and end a call, made of who speaks (TEL-17, TEL-27).

use crate::locale::Locale;
use serde::Serialize;
use utoipa::ToSchema;

/// Who speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Speaker<'a> {
    /// What the company is called.
    pub company: &'a str,
    /// The department or desk, where it has a name of its own.
    pub department: Option<&'a str>,
    /// The agent's name.
    pub agent: Option<&'a str>,
}

/// What is said, sentence by sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CallGreeting)]
pub struct Greeting {
    /// The first sentence of an answer: greeting, company, department, name.
    pub first: String,
    /// Said before it when the telephone rang too long (TEL-16).
    pub late: String,
    /// Asks who calls.
    pub who: String,
    /// Offers help.
    pub offer: String,
    /// The last sentence.
    pub last: String,
    /// The first sentence of a call that we make (TEL-9, TEL-34).
    pub outgoing: String,
}

/// Composes the sentences; empty parts are left out.
#[must_use]
pub fn greeting(speaker: &Speaker<'_>, locale: Locale) -> Greeting {
    let full = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let company = full(Some(speaker.company));
    let department = full(speaker.department).filter(|name| company.as_ref() != Some(name));
    let agent = full(speaker.agent);
    let text = |text: &str| text.to_owned();
    match locale {
        Locale::ZhCn => {
            let house: Vec<String> = company.into_iter().chain(department).collect();
            // TEL-17: in one breath
            let parts = std::iter::once(text("您好")).chain(house.clone()).chain(agent.clone());
            let me = agent.map(|name| format!("，我是{name}")).unwrap_or_default();
            Greeting {
                first: format!("{}。", parts.collect::<Vec<_>>().join("，")),
                late: text("对不起，让您久等了。"),
                who: text("请问怎么称呼您？"),
                offer: text("我能帮您做点什么？"),
                last: text("谢谢您的来电。"),
                outgoing: format!("您好！这里是{}{me}。请问您现在方便吗？", house.concat()),
            }
        }
        Locale::En => {
            let house: Vec<String> = company.into_iter().chain(department).collect();
            let me = agent.map(|name| format!(" My name is {name}.")).unwrap_or_default();
            Greeting {
                first: format!("Hello, {}.{me}", house.join(", ")),
                late: text("I am sorry to have kept you waiting."),
                who: text("May I ask your name?"),
                offer: text("What can I do for you?"),
                last: text("Thank you for calling."),
                outgoing: format!("Hello, this is {}.{me} Is it a good moment?", house.join(", ")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LI: Speaker<'_> =
        Speaker { company: "康桥物业", department: Some("服务中心"), agent: Some("李明") };

    /// TEL-17, TEL-27, TEL-36: 您好, then company, department, name; thanks at the end.
    #[test]
    fn the_greeting_is_made_of_who_speaks() {
        let said = greeting(&LI, Locale::ZhCn);
        assert_eq!(said.first, "您好，康桥物业，服务中心，李明。");
        assert_eq!((&*said.offer, &*said.last), ("我能帮您做点什么？", "谢谢您的来电。"));
        let bare = Speaker { department: Some("康桥物业"), agent: Some(" "), ..LI };
        assert_eq!(greeting(&bare, Locale::ZhCn).first, "您好，康桥物业。", "nothing twice, nothing empty");
        assert_eq!(greeting(&LI, Locale::En).first, "Hello, 康桥物业, 服务中心. My name is 李明.");
    }

    /// TEL-9, TEL-11, TEL-34: who calls says first who it is, and asks whether it suits.
    #[test]
    fn who_calls_says_who_it_is() {
        let said = greeting(&LI, Locale::ZhCn).outgoing;
        assert_eq!(said, "您好！这里是康桥物业服务中心，我是李明。请问您现在方便吗？");
        assert!(greeting(&LI, Locale::En).outgoing.starts_with("Hello, this is "));
    }
}
