//! Telephone numbers as they are kept and found: by their digits.

/// The fewest digits that somebody can be reached by, such as an extension.
pub const LEAST_DIGITS: usize = 3;

/// The most digits that a number has.
pub const MOST_DIGITS: usize = 20;

/// Gives the digits of a number as it is dialled within the country.
///
/// `+86`, `0086`, a bare `86` before a whole number and the trunk prefix `0` before a
/// mobile number fall away; a landline has its `0` (CALL-9). None when it has other
/// characters than digits, blanks, dashes, dots and brackets, or too few or too many
/// digits. Numbers of one customer written in two ways are one number (PROP-46).
#[must_use]
pub fn digits(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.get(..4).filter(|head| head.eq_ignore_ascii_case("tel:")).map_or(text, |_| &text[4..]);
    let (bare, from_abroad) = match text.strip_prefix("+86").or_else(|| text.strip_prefix("0086")) {
        Some(bare) => (bare, true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    };
    let foreign = !from_abroad && text.starts_with('+');
    if bare.chars().any(|c| !(c.is_ascii_digit() || " -.()（）".contains(c))) {
        return None;
    }
    let digits: String = bare.chars().filter(char::is_ascii_digit).collect();
    let digits = if foreign { digits } else { at_home(&digits, from_abroad) };
    (LEAST_DIGITS..=MOST_DIGITS).contains(&digits.len()).then_some(digits)
}

/// Gives digits as they are dialled within the country.
fn at_home(digits: &str, from_abroad: bool) -> String {
    // no number of ours has 12 or 13 digits and begins with 86
    let whole = digits.strip_prefix("86").filter(|rest| matches!(rest.len(), 10 | 11));
    let (digits, from_abroad) = whole.map_or((digits, from_abroad), |rest| (rest, true));
    if let Some(mobile) = digits.strip_prefix('0').filter(|rest| is_mobile(rest)) {
        return mobile.to_owned();
    }
    let free = digits.starts_with("400") || digits.starts_with("800");
    let landline = matches!(digits.len(), 9..=11) && !digits.starts_with('0') && !free && !is_mobile(digits);
    if from_abroad && landline { format!("0{digits}") } else { digits.to_owned() }
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && !matches!(digits.as_bytes().get(1), Some(b'0'..=b'2'))
}

/// Gives the last four digits, or all where there are fewer.
#[must_use]
pub fn last_four(digits: &str) -> &str {
    &digits[digits.floor_char_boundary(digits.len().saturating_sub(4))..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// PROP-46: one number however it is written.
    #[test]
    fn a_number_is_its_digits() {
        for text in ["13800000001", "+86 138-0000-0001", "0086 138 0000 0001", " 138 00000001 "] {
            assert_eq!(digits(text).as_deref(), Some("13800000001"), "{text}");
        }
        assert_eq!(digits("（0755）8888-0001").as_deref(), Some("075588880001"));
        assert_eq!(digits("+852 5555 0001").as_deref(), Some("85255550001"));
        for text in ["", "12", "phone", "138x", "1;2;3", &"1".repeat(21)] {
            assert_eq!(digits(text), None, "{text}");
        }
        assert_eq!((last_four("13800000001"), last_four("110")), ("0001", "110"));
    }

    /// CALL-9: a caller is found however a carrier writes the number.
    #[test]
    fn every_way_to_write_a_number_finds_its_customer() {
        for text in [
            "19900000370",
            "+8619900000370",
            "008619900000370",
            "8619900000370",
            "019900000370",
            "+86-199-0000-0370",
            "tel:+86-199-0000-0370",
            "199.0000.0370",
        ] {
            assert_eq!(digits(text).as_deref(), Some("19900000370"), "{text}");
        }
        for text in
            ["075588880001", "+8675588880001", "+86 755 8888 0001", "8675588880001", "+86 0755 88880001"]
        {
            assert_eq!(digits(text).as_deref(), Some("075588880001"), "{text}");
        }
        for (text, kept) in [
            ("+861088880001", "01088880001"),
            ("01088880001", "01088880001"),
            ("+864000000001", "4000000001"),
            ("+8695100", "95100"),
            ("86000001", "86000001"),
            ("+15550100200", "15550100200"),
        ] {
            assert_eq!(digits(text).as_deref(), Some(kept), "{text}");
        }
    }

    proptest! {
        /// PROP-46: what is kept is found by what it was typed as.
        #[test]
        fn digits_of_digits_stay(text in "\\PC{0,30}") {
            if let Some(once) = digits(&text) {
                prop_assert!(once.bytes().all(|byte| byte.is_ascii_digit()));
                prop_assert!(last_four(&once).len() <= 4);
                let plus = text.contains('+');
                prop_assert!(plus || digits(&once).is_some_and(|twice| digits(&twice) == Some(twice)));
            }
        }
    }
}
