//! How names sound: whole syllables from any character on, first letters from the
//! first one on.

use crate::fold::folded;
use huiyin_text::{is_han, readings, syllable};
use std::collections::BTreeSet;

/// The longest name of which the sound is known, in characters.
const LONGEST: usize = 16;

/// Gives how a name may be typed by its sound.
pub(crate) fn sounds(name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let folded = folded(name);
    for run in folded.split(|c| !is_han(c)).filter(|run| !run.is_empty()) {
        let chars: Vec<char> = run.chars().take(LONGEST).collect();
        let first = chars.first().map(|c| readings(*c)).unwrap_or_default();
        let usual: Vec<String> = chars.iter().map(|c| syllable(*c).unwrap_or_default()).collect();
        for start in 0..chars.len() {
            let heads = if start == 0 { &first[..] } else { &usual[start..=start] };
            for head in heads {
                add(&mut found, head, &usual[start + 1..], start == 0);
            }
        }
    }
    found
}

/// Adds the sounds that begin with one syllable.
fn add(found: &mut BTreeSet<String>, head: &str, rest: &[String], letters_too: bool) {
    let mut whole = head.to_owned();
    let mut letters: String = head.chars().take(1).collect();
    if whole.is_empty() {
        return;
    }
    found.insert(whole.clone());
    for syllable in rest {
        if syllable.is_empty() {
            return;
        }
        whole.push_str(syllable);
        letters.extend(syllable.chars().next());
        found.insert(whole.clone());
        if letters_too {
            found.insert(letters.clone());
        }
    }
}

/// Says whether something is typed by its sound: letters, at least two.
pub(crate) fn is_sound(part: &str) -> bool {
    part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 6 §1: pinyin and initials for names and places.
    #[test]
    fn names_are_typed_by_syllables_and_first_letters() {
        let found = sounds("曾小雨");
        for typed in ["zeng", "ceng", "zengxiaoyu", "zxy", "zx", "xiaoyu", "yu"] {
            assert!(found.contains(typed), "{typed}: {found:?}");
        }
        assert!(!found.contains("xy"), "first letters begin with the first character");
        assert!(sounds("晴园3期").contains("qingyuan"));
        assert!(sounds("绿园").contains("lvyuan") && sounds("吕女士").contains("lv"), "ü is typed as v");
        assert!(sounds("ABC").is_empty());
        assert!(is_sound("zs") && !is_sound("z") && !is_sound("z3"));
    }
}
