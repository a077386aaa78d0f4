//! Skills that agents have and calls ask for; a dialect is one (TEL-32).

/// How able somebody is in a skill: from little to fluent.
pub const LEVELS: std::ops::RangeInclusive<i64> = 1..=9;

/// The longest name of a skill, in characters.
pub const LONGEST: usize = 40;

/// Says whether the text can name a skill.
///
/// # Examples
/// ```
/// use huiyin_domain::call::skill::is_name;
/// assert!(is_name("四川话") && !is_name(""));
/// ```
#[must_use]
pub fn is_name(text: &str) -> bool {
    (1..=LONGEST).contains(&text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// TEL-32: names are counted in characters, so that Chinese ones may be as long as others.
    #[test]
    fn a_name_is_counted_in_characters() {
        for (text, fits) in [("粤", true), (&*"话".repeat(40), true), (&*"话".repeat(41), false), ("", false)]
        {
            assert_eq!(is_name(text), fits, "{text}");
        }
    }
}
