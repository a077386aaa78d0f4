//! Words of a pack with places to fill: `{number}`, `{field.product}`.

use super::source::CaseValue;

/// Names that a template may have beside the values and fields of a case.
pub const OWN_NAMES: [&str; 6] = ["organisation", "unit", "option", "amount", "terms", "drawn_up_on"];

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder<'t> {
    /// Words as they stand.
    Text(&'t str),
    /// The name of what is filled in.
    Name(&'t str),
}

/// Takes a line apart; a brace without its partner is a word like any other.
#[must_use]
pub fn placeholders(line: &str) -> Vec<Placeholder<'_>> {
    let mut parts = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else { break };
        parts.extend((!before.is_empty()).then_some(Placeholder::Text(before)));
        parts.push(Placeholder::Name(name.trim()));
        rest = tail;
    }
    parts.extend((!rest.is_empty()).then_some(Placeholder::Text(rest)));
    parts
}

/// Tells whether a template may name this.
pub(super) fn is_known(name: &str, has_field: impl Fn(&str) -> bool) -> bool {
    let value = || CaseValue::ALL.iter().any(|value| value.as_str() == name);
    let field = || name.strip_prefix("field.").is_some_and(&has_field);
    OWN_NAMES.contains(&name) || value() || field()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ASC-9: places are found, whatever stands around them.
    #[test]
    fn places_are_found_between_words() {
        use Placeholder::{Name, Text};
        assert_eq!(
            placeholders("甲方：{ complainant }，{number}"),
            [Text("甲方："), Name("complainant"), Text("，"), Name("number")]
        );
        assert_eq!(placeholders("a { b"), [Text("a { b")]);
        assert!(placeholders("").is_empty());
        assert!(is_known("field.batch", |name| name == "batch") && !is_known("field.batch", |_| false));
        assert!(is_known("complainant", |_| false) && !is_known("password", |_| true));
    }
}
