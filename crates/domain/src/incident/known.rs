//! Which incident a new message may be about: a hint at intake, never more.
//!
//! The same building and the same service are told by name; words are compared
//! by pairs of neighbouring characters, which serves Chinese and Latin alike.

use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

crate::wire::wire_enum! {
    /// Why an incident may be the one.
    KnownBy {
        /// 同一楼栋.
        Building = "building",
        /// 同一类服务.
        Service = "service",
        /// 内容相近.
        Text = "text",
    }
}

/// What is known of a message while it is written down.
#[derive(Clone, Copy, Debug, Default)]
pub struct Message<'a> {
    /// The building, as told.
    pub building: Option<&'a str>,
    /// The category of the service.
    pub service: Option<&'a str>,
    /// The words.
    pub text: Option<&'a str>,
}

/// An incident that may be the one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Likeness {
    /// By what it is alike.
    pub by: Vec<KnownBy>,
    /// How alike the words are, 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    pub text: u32,
}

impl Likeness {
    /// Orders by how much speaks for it: more grounds, then more words.
    #[must_use]
    pub fn rank(&self) -> (usize, u32) {
        (self.by.len(), self.text)
    }
}

/// From this share of words on, in percent, a message is told to be alike.
const ALIKE: u32 = 25;

/// Compares a message with an incident; nothing when nothing speaks for it.
///
/// A building or service that differs speaks against it: the text alone does
/// not bring another building's incident in.
#[must_use]
pub fn likeness(message: &Message<'_>, incident: &Message<'_>) -> Option<Likeness> {
    let same = |one: Option<&str>, other: Option<&str>| match (one.map(plain), other.map(plain)) {
        (Some(one), Some(other)) if !one.is_empty() && !other.is_empty() => Some(one == other),
        _ => None,
    };
    let building = same(message.building, incident.building);
    let service = same(message.service, incident.service);
    if building == Some(false) {
        return None;
    }
    let text = match (message.text, incident.text) {
        (Some(one), Some(other)) => overlap(one, other),
        _ => 0,
    };
    let mut by = Vec::new();
    by.extend((building == Some(true)).then_some(KnownBy::Building));
    by.extend((service == Some(true)).then_some(KnownBy::Service));
    by.extend((text >= ALIKE).then_some(KnownBy::Text));
    (!by.is_empty()).then_some(Likeness { by, text })
}

/// Buildings are written in many ways: `5`, `5栋`, `5号楼`, `五号楼`.
fn plain(text: &str) -> String {
    let digit = |c: char| match "零一二三四五六七八九".chars().position(|known| known == c) {
        Some(place) => u32::try_from(place).ok().and_then(|place| char::from_digit(place, 10)).unwrap_or(c),
        None => c,
    };
    let dropped = |c: &char| !c.is_whitespace() && !"号楼栋幢座".contains(*c);
    text.chars().filter(dropped).flat_map(char::to_lowercase).map(digit).collect()
}

/// How many of the pairs of the shorter text the other one has, in percent.
fn overlap(one: &str, other: &str) -> u32 {
    let (one, other) = (pairs(one), pairs(other));
    let least = one.len().min(other.len());
    let common = one.intersection(&other).count();
    let percent = (common * 100).checked_div(least).unwrap_or(0);
    u32::try_from(percent).unwrap_or(100)
}

/// The most characters of a text that are compared.
const MOST: usize = 2_000;

fn pairs(text: &str) -> BTreeSet<(char, char)> {
    let letters: Vec<char> =
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(MOST).collect();
    letters.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(message: Message<'_>, incident: Message<'_>) -> Vec<&'static str> {
        let alike = likeness(&message, &incident);
        alike.into_iter().flat_map(|alike| alike.by).map(KnownBy::as_str).collect()
    }

    /// PROP-34, 90: building, service and words each bring it up; another
    /// building never does.
    #[test]
    fn a_message_finds_the_incident_it_may_be_about() {
        let leak = Message { building: Some("5"), service: Some("equipment"), text: Some("五号楼漏水") };
        let told = |building, service, text| found(Message { building, service, text }, leak);
        assert_eq!(told(Some("五号楼"), None, None), ["building"], "however it is written");
        assert_eq!(
            told(Some(" 5 栋"), Some("equipment"), Some("天花板漏水")),
            ["building", "service", "text"]
        );
        assert_eq!(told(None, Some("equipment"), None), ["service"]);
        assert_eq!(told(None, None, Some("我家五号楼一直漏水")), ["text"]);
        assert!(told(Some("6"), Some("equipment"), Some("五号楼漏水")).is_empty(), "another building");
        assert!(told(None, Some("safety"), Some("门禁坏了")).is_empty());
        assert!(told(None, None, None).is_empty());
        assert!(told(Some(""), None, Some("")).is_empty());
    }
}
