//! Names that people give to files: kept as text, never used as a path.

use crate::error::Error;

/// Longest name, in characters.
const LONGEST: usize = 200;

/// Checks a file's name and gives it without blanks around it.
///
/// # Errors
/// `file_name_invalid` for one that is empty, too long, a path or part of one,
/// or holds characters that hide what it is.
pub fn file_name(name: &str) -> Result<String, Error> {
    let name = name.trim();
    let hides = |c: char| {
        c.is_control()
            || matches!(c, '/' | '\\' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let wrong = name.is_empty()
        || name.chars().count() > LONGEST
        || name.chars().any(hides)
        || name.chars().all(|c| c == '.');
    if wrong { Err(Error::field("name", "file_name_invalid")) } else { Ok(name.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bad input (issue 3): path tricks in attachment names.
    #[test]
    fn a_name_is_never_a_path() {
        for right in ["现场照片 1.jpg", "a..b.txt", "录音 10:30.wav", ".profile"] {
            assert_eq!(file_name(right).unwrap(), right);
        }
        let long = "长".repeat(LONGEST + 1);
        for wrong in [
            "",
            "  ",
            ".",
            "..",
            "../etc/passwd",
            "a/b",
            "..\\x",
            "C:\\x",
            "a\0b",
            "a\nb",
            "\u{202e}gpj.exe",
            &long,
        ] {
            assert_eq!(file_name(wrong).unwrap_err().fields()[0].code, "file_name_invalid", "{wrong:?}");
        }
    }
}
