//! Checks of what people type about people and units.

use crate::codes;
use crate::error::Error;

/// Checks a text that people see: not blank, at most `most` characters, no
/// control characters; gives it without blanks around it.
///
/// # Errors
/// `text_length` or `control_character` at `path`.
pub fn text(path: &str, value: &str, most: usize) -> Result<String, Error> {
    let value = value.trim();
    if value.is_empty() || value.chars().count() > most {
        return Err(Error::field(path, codes::TEXT_LENGTH));
    }
    if value.chars().any(char::is_control) {
        return Err(Error::field(path, codes::CONTROL_CHARACTER));
    }
    Ok(value.to_owned())
}

/// Checks an optional text as [`text`] does; a blank one is none.
///
/// # Errors
/// As [`text`].
pub fn optional(path: &str, value: Option<&str>, most: usize) -> Result<Option<String>, Error> {
    match value.map(str::trim) {
        None | Some("") => Ok(None),
        Some(value) => text(path, value, most).map(Some),
    }
}

fn is_word(value: &str, least: usize) -> bool {
    let length = value.chars().count();
    let fits = |c: char| c.is_alphanumeric() || "._-".contains(c);
    (least..=64).contains(&length) && value.chars().all(fits)
}

/// Checks a login name and gives it in lower case.
///
/// # Errors
/// `login_shape` at `path`.
pub fn login(path: &str, value: &str) -> Result<String, Error> {
    let value = value.trim().to_lowercase();
    if is_word(&value, 2) { Ok(value) } else { Err(Error::field(path, codes::LOGIN_SHAPE)) }
}

/// Checks a code of an organisation or unit.
///
/// # Errors
/// `code_shape` at `path`.
pub fn code(path: &str, value: &str) -> Result<String, Error> {
    let value = value.trim();
    if is_word(value, 1) { Ok(value.to_owned()) } else { Err(Error::field(path, codes::CODE_SHAPE)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(result: Result<String, Error>) -> String {
        result.unwrap_err().fields()[0].code.clone()
    }

    /// contracts §3
    #[test]
    fn logins_are_lower_case_words() {
        assert_eq!(login("login", " Lin.Yi-2 ").unwrap(), "lin.yi-2");
        assert_eq!(login("login", "林一").unwrap(), "林一");
        for wrong in ["a", "a b", "x@y", &"a".repeat(65)] {
            assert_eq!(refusal(login("login", wrong)), codes::LOGIN_SHAPE, "{wrong}");
        }
    }

    /// contracts §2
    #[test]
    fn texts_are_bounded_and_plain() {
        assert_eq!(text("name", " 林一 ", 10).unwrap(), "林一");
        assert_eq!(refusal(text("name", "  ", 10)), codes::TEXT_LENGTH);
        assert_eq!(refusal(text("name", "12345678901", 10)), codes::TEXT_LENGTH);
        assert_eq!(refusal(text("name", "a\u{0}b", 10)), codes::CONTROL_CHARACTER);
        assert_eq!(optional("phone", Some(" "), 10).unwrap(), None);
    }
}
