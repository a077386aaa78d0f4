//! One way of writing for text and query, character by character, so that a place
//! in the folded text is the same place in what was written.

use huiyin_text::{one, simplified};

/// Folds width, case, traditional forms and white space of one character.
#[must_use]
pub fn fold(c: char) -> char {
    let c = simplified(one(c));
    if c.is_whitespace() || c.is_control() {
        return ' ';
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(small), None) => small,
        _ => c,
    }
}

/// Folds a text; it keeps its number of characters.
#[must_use]
pub fn folded(text: &str) -> String {
    text.chars().map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Issue 6 §1: traditional forms, width and case are folded.
    #[test]
    fn what_is_written_differently_is_the_same() {
        assert_eq!(folded("電梯Ａ３　ＡＢc\t壞了"), "电梯a3 abc 坏了");
        assert_eq!(folded("Ünï"), "ünï");
    }

    proptest! {
        /// Issue 6 §1: highlights point into what was written.
        #[test]
        fn folding_keeps_places_and_is_stable(text in "\\PC{0,60}") {
            let once = folded(&text);
            prop_assert_eq!(once.chars().count(), text.chars().count());
            prop_assert_eq!(folded(&once), once);
        }
    }
}
