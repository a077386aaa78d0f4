//! What a notice says, from its code.

use huiyin_domain::locale::Locale;
use serde_json::{Map, Value};

use crate::{has, text, word};

/// Says in a few words why somebody is told of something.
///
/// Takes the notice's code; of one that was passed up because nobody read it,
/// `params` hold the first reason under `why`.
#[must_use]
pub fn notice(locale: Locale, code: &str, params: &Map<String, Value>) -> String {
    let said = |code: &str| {
        let key = format!("why_{code}");
        if has(locale, &key) { text(locale, &key, params) } else { word(locale, code) }
    };
    match params.get("why").and_then(Value::as_str).filter(|first| *first != code) {
        Some(first) => {
            let both = [("what".to_owned(), said(code).into()), ("first".to_owned(), said(first).into())];
            text(locale, "notice_passed_up", &both.into_iter().collect())
        }
        None => said(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 5: a notice is read in words, one that was passed up with its first reason.
    #[test]
    fn a_notice_is_told_in_words() {
        let none = Map::new();
        assert_eq!(notice(Locale::En, "mentioned", &none), "you were mentioned in a note");
        let first = [("why".to_owned(), Value::from("urged"))].into_iter().collect();
        let told = notice(Locale::En, "unread_escalated", &first);
        assert_eq!(told, "an urgent notice was not read in time: the case was urged");
        assert_eq!(notice(Locale::ZhCn, "replied", &none), word(Locale::ZhCn, "replied"));
    }
}
