//! Telephone numbers as they are kept and found: by their digits.

/// The fewest digits that somebody can be reached by, such as an extension.
pub const LEAST_DIGITS: usize = 3;

/// The most digits that a number has.
pub const MOST_DIGITS: usize = 20;

/// Gives the digits of a number without the country's prefix.
///
/// None when it has other characters than digits, blanks, dashes and brackets,
/// or too few or too many digits. Numbers of one customer written in two ways
/// are one number (PROP-46).
#[must_use]
pub fn digits(text: &str) -> Option<String> {
    let text = text.trim();
    let bare = text.strip_prefix("+86").or_else(|| text.strip_prefix("0086")).unwrap_or(text);
    let bare = bare.strip_prefix('+').unwrap_or(bare);
    if bare.chars().any(|c| !(c.is_ascii_digit() || " -()（）".contains(c))) {
        return None;
    }
    let digits: String = bare.chars().filter(char::is_ascii_digit).collect();
    (LEAST_DIGITS..=MOST_DIGITS).contains(&digits.len()).then_some(digits)
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

    proptest! {
        /// PROP-46: what is kept is found by what it was typed as.
        #[test]
        fn digits_of_digits_stay(text in "\\PC{0,30}") {
            if let Some(once) = digits(&text) {
                prop_assert!(once.bytes().all(|byte| byte.is_ascii_digit()));
                prop_assert!(last_four(&once).len() <= 4);
            }
        }
    }
}
