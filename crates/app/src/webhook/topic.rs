//! Topics of messages, and what a subscription's filter takes.

/// Says whether a text is a filter: `*`, `case.*` or `case.closed`.
#[must_use]
pub fn is_topic(filter: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_lowercase() || c == b'_');
    match filter.split_once('.') {
        None => filter == "*",
        Some((_, rest)) if filter.len() > 80 || rest.contains('.') => false,
        Some((area, rest)) => word(area) && (rest == "*" || word(rest)),
    }
}

/// Says whether any of the filters takes a topic.
#[must_use]
pub fn matches(filters: &[String], topic: &str) -> bool {
    filters.iter().any(|filter| {
        filter == "*"
            || filter == topic
            || filter.strip_suffix('*').is_some_and(|area| area.ends_with('.') && topic.starts_with(area))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 3 §3: webhooks hear what they asked for.
    #[test]
    fn filters_take_one_topic_an_area_or_everything() {
        let of = |filters: &[&str], topic| {
            matches(&filters.iter().map(|filter| (*filter).to_owned()).collect::<Vec<_>>(), topic)
        };
        assert!(of(&["*"], "case.closed"));
        assert!(of(&["case.*"], "case.closed"));
        assert!(of(&["case.received", "case.closed"], "case.closed"));
        assert!(!of(&["case.close"], "case.closed"));
        assert!(!of(&["cas*"], "case.closed"));
        assert!(!of(&[], "case.closed"));
    }

    /// Issue 3 §3: a filter that could never match is refused.
    #[test]
    fn filters_have_a_shape() {
        for right in ["*", "case.*", "case.stage_changed"] {
            assert!(is_topic(right), "{right}");
        }
        for wrong in ["", "case", "case.", ".closed", "Case.closed", "case.a.b", "case.c*", "**"] {
            assert!(!is_topic(wrong), "{wrong}");
        }
    }
}
