//! The embedded catalogues and the look-up of one text.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use huiyin_domain::locale::Locale;
use serde_json::{Map, Value};
use std::sync::LazyLock;
use unic_langid::langid;

/// One catalogue file: its language, its topic and its Fluent source.
pub type Messages = (Locale, &'static str, &'static str);

macro_rules! embed {
    ($($topic:literal),+ $(,)?) => {
        /// Every embedded catalogue file, for checks and for look-up.
        #[must_use]
        pub fn catalogues() -> Vec<Messages> {
            vec![$(
                (Locale::ZhCn, $topic, include_str!(concat!("../locales/zh-CN/", $topic, ".ftl"))),
                (Locale::En, $topic, include_str!(concat!("../locales/en/", $topic, ".ftl"))),
            )+]
        }
    };
}
embed!(
    "case",
    "error",
    "import",
    "knowledge",
    "menu",
    "pack",
    "paper",
    "people",
    "public",
    "setup",
    "words",
    "work"
);

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 2]> = LazyLock::new(|| Locale::ALL.map(bundle));

fn bundle(locale: Locale) -> Bundle {
    let language = match locale {
        Locale::ZhCn => langid!("zh-CN"),
        Locale::En => langid!("en"),
    };
    let mut bundle = Bundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    for (of, _, source) in catalogues() {
        if of == locale {
            // a faulty entry is left out, and its code is shown instead
            let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(rest, _)| rest);
            bundle.add_resource_overriding(resource);
        }
    }
    bundle
}

fn bundle_of(locale: Locale) -> &'static Bundle {
    match locale {
        Locale::ZhCn => &BUNDLES[0],
        Locale::En => &BUNDLES[1],
    }
}

/// Says whether a language has a text for a code.
#[must_use]
pub fn has(locale: Locale, code: &str) -> bool {
    bundle_of(locale).get_message(&code.replace('_', "-")).is_some_and(|message| message.value().is_some())
}

/// Renders the text of a code in a language, with its parameters filled in.
///
/// Takes a code as on the wire (`approval_stale`; the catalogue's key has `-`
/// for `_`). Gives the code itself where the catalogue has no text.
#[must_use]
pub fn text(locale: Locale, code: &str, params: &Map<String, Value>) -> String {
    let bundle = bundle_of(locale);
    let key = code.replace('_', "-");
    let Some(pattern) = bundle.get_message(&key).and_then(|message| message.value()) else {
        return code.to_owned();
    };
    let args = arguments(params);
    let mut faults = Vec::new();
    bundle.format_pattern(pattern, Some(&args), &mut faults).into_owned()
}

/// Says what a name on the wire is called in a language.
///
/// Gives the name itself where the catalogue has no word for it.
#[must_use]
pub fn word(locale: Locale, name: &str) -> String {
    let key = format!("word-{}", name.replace('_', "-"));
    let found = bundle_of(locale).get_message(&key).and_then(|message| message.value());
    found.map_or_else(
        || name.to_owned(),
        |pattern| bundle_of(locale).format_pattern(pattern, None, &mut Vec::new()).into_owned(),
    )
}

fn arguments(params: &Map<String, Value>) -> FluentArgs<'_> {
    params.iter().map(|(name, value)| (name.as_str(), argument(value))).collect()
}

/// Turns a JSON value into what a catalogue can print or choose by.
fn argument(value: &Value) -> FluentValue<'_> {
    match value {
        Value::String(text) => FluentValue::from(text.as_str()),
        Value::Number(number) => {
            number.as_f64().map_or(FluentValue::None, |value| FluentNumber::from(value).into())
        }
        Value::Array(items) => {
            let words =
                items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned));
            FluentValue::from(words.collect::<Vec<_>>().join("、"))
        }
        Value::Null => FluentValue::from(""),
        Value::Bool(_) | Value::Object(_) => FluentValue::from(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluent_syntax_keys::keys;
    use serde_json::json;
    use std::collections::BTreeSet;

    /// The keys of one Fluent source, by its own layout rule: a message
    /// begins at the start of a line.
    mod fluent_syntax_keys {
        pub fn keys(source: &str) -> impl Iterator<Item = &str> {
            source
                .lines()
                .filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic()))
                .filter_map(|line| line.split_once(" =").map(|(key, _)| key))
        }
    }

    fn params(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    /// contracts §2
    #[test]
    fn both_languages_have_the_same_keys_and_no_broken_entry() {
        let mut sets = Locale::ALL.map(|_| BTreeSet::new());
        for (locale, topic, source) in catalogues() {
            assert!(
                FluentResource::try_new(source.to_owned()).is_ok(),
                "{topic} of {} is broken",
                locale.tag()
            );
            let index = usize::from(locale == Locale::En);
            for key in keys(source) {
                assert!(sets[index].insert(key), "{key} stands twice in {}", locale.tag());
            }
        }
        assert!(!sets[0].is_empty());
        assert_eq!(sets[0], sets[1]);
    }

    /// contracts §2
    #[test]
    fn parameters_are_filled_in_without_invisible_marks() {
        let given = params(json!({"limit": 65536}));
        assert_eq!(text(Locale::En, "too_long", &given), "The text is longer than 65536 bytes.");
        assert!(text(Locale::ZhCn, "too_long", &given).contains("65536"));
    }

    /// contracts §2
    #[test]
    fn an_unknown_code_is_shown_as_it_is() {
        assert_eq!(text(Locale::En, "never_heard_of", &Map::new()), "never_heard_of");
        assert!(!has(Locale::En, "never_heard_of"));
    }

    /// contracts §2
    #[test]
    fn a_text_without_its_parameter_is_still_a_text() {
        assert!(!text(Locale::En, "too_long", &Map::new()).is_empty());
    }
}
