//! Reasons carry what their texts name.

use super::super::*;
use std::collections::BTreeSet;

const TEXTS: [&str; 2] = [
    include_str!("../../../../i18n/locales/en/case.ftl"),
    include_str!("../../../../i18n/locales/zh-CN/case.ftl"),
];

/// Insists that the texts of a reason, in both languages, name nothing that the
/// reason does not pass; every refusal of the desk goes through here.
#[track_caller]
pub(super) fn complete(reason: &Reason) {
    for source in TEXTS {
        let Some(text) = text_of(source, reason) else { continue };
        let missing: Vec<_> =
            names(&text).into_iter().filter(|name| !reason.params.contains_key(name)).collect();
        assert!(missing.is_empty(), "{} passes no {missing:?} for: {text}", reason.code);
    }
}

/// Finds the text of a reason in a catalogue; of several, the one it chooses.
fn text_of(source: &str, reason: &Reason) -> Option<String> {
    let key = format!("{} = ", reason.code.replace('_', "-"));
    let mut lines = source.lines().skip_while(|line| !line.starts_with(&key));
    let first = lines.next()?.strip_prefix(&key)?;
    let Some(choice) = first.strip_suffix(" ->") else { return Some(first.to_owned()) };
    let by = choice.rsplit('$').next().unwrap_or_default().trim();
    let chosen = reason.params.get(by).map(|value| format!("[{value}]"));
    let variants: Vec<&str> = lines.take_while(|line| line.starts_with(' ')).map(str::trim).collect();
    let found = chosen.and_then(|chosen| variants.iter().find(|line| line.starts_with(&chosen)).copied());
    found.or_else(|| variants.into_iter().find(|line| line.starts_with('*'))).map(str::to_owned)
}

fn names(text: &str) -> BTreeSet<String> {
    let parts = text.split('$').skip(1);
    parts.map(|part| part.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()).collect()
}

/// Contracts §2: a text that names more than its reason passes is found.
#[test]
fn a_text_that_names_what_is_not_passed_is_found() {
    let bare = std::panic::catch_unwind(|| complete(&Reason::new("approval_missing")));
    assert!(bare.is_err());
    complete(&Reason::new("approval_missing").params(&[("of", "plan"), ("missing", "head")]));
    complete(&Reason::new("approval_stale"));
    let half = std::panic::catch_unwind(|| {
        complete(&Reason::new("approval_stale").params(&[("changed", "sum_grown")]))
    });
    assert!(half.is_err(), "the text chosen counts");
}
