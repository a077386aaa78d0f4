//! Requirement ids as people write them: `PROP-10…14`, `SUP-3, 5`, `X-54`.

/// Finds the ids that a text names, ranges and lists written out.
///
/// `areas` are the known prefixes; `UTF-8` and the like are no ids. In a list
/// (`PROP-46, 47`) a number counts only where a mark or the end follows it, so
/// that `PROP-17, 2 days later` names one id.
pub(crate) fn ids_in(text: &str, areas: &[String]) -> Vec<String> {
    let mut ids = Vec::new();
    for area in areas {
        for (at, _) in text.match_indices(&format!("{area}-")) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
                continue;
            }
            let numbers = numbers_of(&text[at + area.len() + 1..]);
            ids.extend(numbers.into_iter().map(|number| format!("{area}-{number}")));
        }
    }
    ids.sort();
    ids.dedup();
    ids
}

/// Reads `46, 47`, `10…14` or `3` from the beginning of a text.
fn numbers_of(text: &str) -> Vec<u32> {
    let Some((first, mut rest)) = number(text) else {
        return Vec::new();
    };
    let mut numbers = vec![first];
    loop {
        if let Some((end, after)) = rest.strip_prefix('…').and_then(number) {
            let start = numbers.last().copied().unwrap_or(first);
            numbers.extend(start + 1..=end.min(start + 200));
            rest = after;
            continue;
        }
        let Some((next, after)) = rest.strip_prefix(", ").and_then(number) else {
            return numbers;
        };
        let ends = after.chars().next().is_none_or(|c| matches!(c, ',' | ';' | ':' | '.' | ')' | '…' | '\n'));
        if !ends {
            return numbers;
        }
        numbers.push(next);
        rest = after;
    }
}

fn number(text: &str) -> Option<(u32, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let value = text[..length].parse().ok()?;
    Some((value, &text[length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_people_write_them() {
        let areas: Vec<String> = ["PROP", "X", "CP8"].map(str::to_owned).to_vec();
        for (text, expected) in [
            ("PROP-64: closed only if satisfied", vec!["PROP-64"]),
            ("PROP-46, 47; X-37", vec!["PROP-46", "PROP-47", "X-37"]),
            ("PROP-10…12", vec!["PROP-10", "PROP-11", "PROP-12"]),
            ("PROP-9, 20…22", vec!["PROP-20", "PROP-21", "PROP-22", "PROP-9"]),
            ("PROP-60 (2)", vec!["PROP-60"]),
            ("PROP-17, 2 days later", vec!["PROP-17"]),
            ("CP8-3 and UTF-8 and SHA-256", vec!["CP8-3"]),
            ("MAX-3", vec![]),
            ("PROP-", vec![]),
        ] {
            assert_eq!(ids_in(text, &areas), expected, "{text}");
        }
    }
}
