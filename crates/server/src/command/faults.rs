//! Faults of a file that somebody wrote, said in words.

use huiyin_domain::locale::Locale;
use huiyin_domain::pack::PackFault;
use serde_json::{Map, Value, json};

/// Writes faults one a line, each with its place, text and advice.
pub fn told(faults: &[PackFault], locale: Locale) -> String {
    let line = |fault: &PackFault| {
        let place = &fault.place;
        let text = say(locale, fault.code, &json!(fault.params));
        let near = if fault.near.is_empty() {
            String::new()
        } else {
            let near = json!({ "near": fault.near.join(" / ") });
            say(locale, "pack_near", &near)
        };
        format!("{}:{}:{}: {text}{near}", place.file, place.line, place.column)
    };
    faults.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Says a code in a language.
pub fn say(locale: Locale, code: &str, params: &Value) -> String {
    let none = Map::new();
    huiyin_i18n::text(locale, code, params.as_object().unwrap_or(&none))
}
