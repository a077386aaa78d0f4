//! Closed vocabularies in an author's words, with advice for misspelt ones.

use super::source::CaseValue;
use crate::case::{
    ApprovalOf, Channel, ClosureKind, CommandKind, Duty, ExemptionReason, Flag, Gives, Kind, Liability,
    PromiseKind, Relation, ReplyKind, Stage, TaskKind, Validity, VisitResult, WordMeaning,
};
use crate::clock::ClockKind;
use crate::incident::HotWindow;
use crate::people::Post;

/// A closed set of values that a pack names by words.
pub(crate) trait Vocabulary: Copy + 'static {
    /// What the words name, as messages say it.
    const WHAT: &'static str;
    /// Lists every word with its value.
    fn words() -> Vec<(&'static str, Self)>;

    /// Finds a value; `_` and space are the same in every word.
    fn find(word: &str) -> Option<Self> {
        Self::words().into_iter().find(|(known, _)| same(known, word)).map(|(_, value)| value)
    }
}

macro_rules! vocabularies {
    ($($name:ident $what:literal $word:ident),+ $(,)?) => {$(
        impl Vocabulary for $name {
            const WHAT: &'static str = $what;
            fn words() -> Vec<(&'static str, Self)> {
                Self::ALL.iter().map(|value| (value.$word(), *value)).collect()
            }
        }
    )+};
}

pub(crate) use vocabularies;

/// The words of one closed set, as authors write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordList {
    /// What the words name, as messages say it.
    pub what: &'static str,
    /// The words, in their order.
    pub words: Vec<String>,
}

impl WordList {
    fn of<T: Vocabulary>() -> Self {
        Self { what: T::WHAT, words: T::words().into_iter().map(|(word, _)| spoken(word)).collect() }
    }
}

macro_rules! listed {
    ($($name:ident $what:literal $word:ident),+ $(,)?) => {
        vocabularies! { $($name $what $word),+ }

        /// Lists every closed set from which packs choose their words.
        #[must_use]
        pub fn word_lists() -> Vec<WordList> {
            vec![$(WordList::of::<$name>(),)+ WordList::of::<CommandKind>()]
        }
    };
}

listed! {
    ApprovalOf "approval" as_str,
    Channel "channel" as_str,
    ClockKind "clock" word,
    ClosureKind "closure" as_str,
    Duty "duty" as_str,
    ExemptionReason "exemption" as_str,
    Flag "flag" as_str,
    Gives "gives" as_str,
    HotWindow "window" as_str,
    Kind "kind" as_str,
    Liability "liability" as_str,
    Post "post" name,
    PromiseKind "promise" as_str,
    Relation "relation" as_str,
    ReplyKind "reply" as_str,
    Stage "stage" as_str,
    TaskKind "task" as_str,
    Validity "validity" as_str,
    CaseValue "case_value" as_str,
    VisitResult "visit" as_str,
    WordMeaning "meaning" as_str,
}

impl Vocabulary for CommandKind {
    const WHAT: &'static str = "action";
    fn words() -> Vec<(&'static str, Self)> {
        Self::FACTS.iter().map(|kind| (kind.as_str(), *kind)).collect()
    }
}

/// Tells whether two words are the same, `_` taken as a space.
pub(super) fn same(one: &str, other: &str) -> bool {
    let plain = |c: char| if c == '_' { ' ' } else { c };
    one.chars().map(plain).eq(other.trim().chars().map(plain))
}

/// Writes a word of the wire as authors write it.
pub(super) fn spoken(word: &str) -> String {
    word.replace('_', " ")
}

/// Names what was probably meant, best first; everything where all are few.
pub(crate) fn near<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let written: String = word.chars().take(60).collect::<String>().replace('_', " ").to_lowercase();
    let mut scored: Vec<(f64, String)> = known
        .into_iter()
        .map(|known| {
            let known = spoken(known);
            (strsim::normalized_damerau_levenshtein(&written, &known), known)
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    let close: Vec<String> =
        scored.iter().filter(|(score, _)| *score >= 0.45).take(3).map(|(_, known)| known.clone()).collect();
    if close.is_empty() && scored.len() <= 20 {
        return scored.into_iter().map(|(_, known)| known).collect();
    }
    close
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_with_space_or_underscore() {
        assert_eq!(Flag::find("settled at once"), Some(Flag::SettledAtOnce));
        assert_eq!(Flag::find("settled_at_once"), Some(Flag::SettledAtOnce));
        assert_eq!(Flag::find("settled"), None);
    }

    #[test]
    fn a_misspelt_word_gets_advice() {
        let known = Stage::ALL.iter().map(|stage| stage.as_str());
        assert_eq!(near("investigatng", known)[0], "investigating");
        assert!(near("qqqq", ["alpha", "beta"]).contains(&"alpha".to_owned()), "few are all named");
    }
}
