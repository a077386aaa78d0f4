//! The choice of a language from what a browser says it can read.

use huiyin_domain::locale::Locale;

/// Longest `Accept-Language` value that is looked at, in bytes.
const LONGEST: usize = 1024;

/// Chooses the best language for an `Accept-Language` value.
///
/// Takes the header as sent; gives the listed language with the highest
/// weight that we have, the first one among equals, and Chinese otherwise.
#[must_use]
pub fn negotiate(accept_language: Option<&str>) -> Locale {
    let header = accept_language.unwrap_or_default();
    if header.len() > LONGEST {
        return Locale::default();
    }
    let mut best: Option<(Locale, u16)> = None;
    for range in header.split(',') {
        let Some((locale, weight)) = weighted(range) else { continue };
        if weight > 0 && best.is_none_or(|(_, highest)| weight > highest) {
            best = Some((locale, weight));
        }
    }
    best.map_or_else(Locale::default, |(locale, _)| locale)
}

fn weighted(range: &str) -> Option<(Locale, u16)> {
    let (tag, weight) = match range.split_once(';') {
        None => (range, 1000),
        Some((tag, parameter)) => (tag, thousandths(parameter)?),
    };
    Some((Locale::from_tag(tag)?, weight))
}

/// Reads `q=0.8` as 800; `None` when it is not a weight.
fn thousandths(parameter: &str) -> Option<u16> {
    let number = parameter.trim().strip_prefix("q=")?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: u16 = format!("{part:0<3}").parse().ok()?;
    match whole {
        "0" => Some(part),
        "1" if part == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// contracts §2
    #[test]
    fn the_reader_gets_the_language_that_he_prefers() {
        for (header, expected) in [
            (None, Locale::ZhCn),
            (Some(""), Locale::ZhCn),
            (Some("en"), Locale::En),
            (Some("en-GB,zh;q=0.5"), Locale::En),
            (Some("zh-Hant-TW, en;q=0.9"), Locale::ZhCn),
            (Some("fr, en;q=0.3, zh;q=0.2"), Locale::En),
            (Some("fr, en;q=0"), Locale::ZhCn),
            (Some("en;q=2, zh;q=0.1"), Locale::ZhCn),
            (Some("en;q=0.12345"), Locale::ZhCn),
            (Some("*"), Locale::ZhCn),
        ] {
            assert_eq!(negotiate(header), expected, "{header:?}");
        }
        assert_eq!(negotiate(Some(&"en,".repeat(1000))), Locale::ZhCn, "an endless header is not read");
    }
}
