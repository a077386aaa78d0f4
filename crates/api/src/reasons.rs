//! Reasons of closed actions, said in the reader's language.

use huiyin_i18n::{Locale, text, word};
use serde_json::{Map, Value};

/// Renders one reason: its parameters are names on the wire, said as words.
#[must_use]
pub fn detail<'a>(
    locale: Locale,
    code: &str,
    params: impl IntoIterator<Item = (&'a String, &'a str)>,
) -> String {
    let between = match locale {
        Locale::ZhCn => "、",
        Locale::En => ", ",
    };
    // several names in one value, such as the posts that are missing
    let words =
        |value: &str| value.split(", ").map(|name| word(locale, name)).collect::<Vec<_>>().join(between);
    let said: Map<String, Value> =
        params.into_iter().map(|(name, value)| (name.clone(), Value::from(words(value)))).collect();
    text(locale, code, &said)
}

/// Adds its text to each reason of a problem, and gives them all as one line.
///
/// What each of several cases refused gets its text as well.
pub fn tell(locale: Locale, params: &mut Map<String, Value>) -> Option<String> {
    told(locale, params, "refused");
    told(locale, params, "reasons")
}

fn told(locale: Locale, params: &mut Map<String, Value>, list: &str) -> Option<String> {
    let Some(Value::Array(reasons)) = params.get_mut(list) else { return None };
    let mut lines = Vec::with_capacity(reasons.len());
    for reason in reasons.iter_mut().filter_map(Value::as_object_mut) {
        let code = reason.get("code").and_then(Value::as_str).unwrap_or_default().to_owned();
        let given = reason.get("params").and_then(Value::as_object).cloned().unwrap_or_default();
        let given = given.iter().filter_map(|(name, value)| value.as_str().map(|value| (name, value)));
        let line = detail(locale, &code, given);
        reason.insert("detail".to_owned(), Value::from(line.clone()));
        lines.push(line);
    }
    let between = match locale {
        Locale::ZhCn => "；",
        Locale::En => "; ",
    };
    (!lines.is_empty()).then(|| lines.join(between))
}
