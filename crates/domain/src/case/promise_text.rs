//! Words in a promise that guarantee an outcome.

/// Words by which somebody promises a result instead of time and process.
const GUARANTEES: &[&str] = &[
    "包您满意",
    "包你满意",
    "保证满意",
    "一定让您满意",
    "一定会满意",
    "保证解决",
    "一定解决",
    "肯定解决",
    "一定能解决",
    "肯定能解决",
    "保证赔",
    "一定赔",
    "肯定赔",
    "绝对没问题",
    "保证没问题",
    "保证修好",
    "一定修好",
    "肯定修好",
    "guarantee",
    "certainly be satisfied",
    "definitely be satisfied",
    "definitely be solved",
    "will surely be solved",
    "certainly compensate",
    "definitely compensate",
];

/// Finds the words of a promise that guarantee an outcome, if any.
///
/// Promise time and process, not the outcome: a finding warns and never blocks.
#[must_use]
pub fn promise_warning(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    GUARANTEES.iter().copied().find(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::promise_warning;

    /// X-17, PROP-37
    #[test]
    fn an_outcome_is_warned_of_and_a_time_is_not() {
        assert_eq!(promise_warning("您放心，我们保证解决"), Some("保证解决"));
        assert_eq!(promise_warning("We Guarantee that it will not leak again"), Some("guarantee"));
        assert_eq!(promise_warning("今天下午四点前告诉您调查进展"), None);
        assert_eq!(promise_warning("We call you back by Friday noon"), None);
    }
}
