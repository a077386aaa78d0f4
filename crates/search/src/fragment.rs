//! The piece of a text that shows best what was found, with the words marked.

use crate::ask::{Part, words};
use crate::fold::folded;
use crate::sound::{is_sound, sounds};
use huiyin_domain::search::Fragment;

/// Characters of a piece.
const WIDTH: usize = 80;

/// Characters before the first mark of a piece.
const LEAD: usize = 16;

/// The longest name that is marked by its sound.
const NAME: usize = 40;

/// Finds the piece of a text in which most of a query stands.
pub(crate) fn fragment(parts: &[Part], text: &str) -> Option<Fragment> {
    let chars: Vec<char> = text.chars().collect();
    let plain = folded(text);
    let mut marks = Vec::new();
    for part in parts {
        let before = marks.len();
        find(&plain, &part.text, &mut marks);
        if marks.len() == before && !part.quoted {
            for word in words(&part.text) {
                find(&plain, word, &mut marks);
            }
        }
        let unheard = marks.len() == before && chars.len() <= NAME;
        if unheard && is_sound(&part.text) && sounds(text).contains(&part.text) {
            marks.push((0, chars.len()));
        }
    }
    if marks.is_empty() {
        return None;
    }
    let marks = joined(marks);
    let best = (0..marks.len()).max_by_key(|first| {
        let inside = |mark: &&(usize, usize)| mark.1 <= marks[*first].0 + WIDTH - LEAD;
        // of equals the first one
        (marks[*first..].iter().filter(inside).count(), std::cmp::Reverse(*first))
    })?;
    let from = if chars.len() <= WIDTH { 0 } else { marks[best].0.saturating_sub(LEAD) };
    let to = (from + WIDTH).max(marks[best].1).min(chars.len());
    let shown = marks.iter().filter(|mark| mark.0 >= from && mark.1 <= to);
    Some(Fragment {
        text: chars[from..to].iter().collect(),
        marks: shown.map(|mark| (mark.0 - from, mark.1 - from)).collect(),
        cut: (from > 0, to < chars.len()),
    })
}

/// Adds where a word stands, in characters.
fn find(text: &str, word: &str, marks: &mut Vec<(usize, usize)>) {
    let length = word.chars().count();
    let (mut byte, mut place) = (0, 0);
    for (at, found) in text.match_indices(word) {
        place += text[byte..at].chars().count();
        marks.push((place, place + length));
        place += length;
        byte = at + found.len();
    }
}

/// Puts marks in order and joins those that touch.
fn joined(mut marks: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    marks.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::with_capacity(marks.len());
    for (from, to) in marks {
        match joined.last_mut() {
            Some(last) if last.1 >= from => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::read;
    use proptest::prelude::*;

    fn shown(words: &str, text: &str) -> Option<String> {
        let found = fragment(&read(words), text)?;
        let chars: Vec<char> = found.text.chars().collect();
        let mut out = String::new();
        for (at, c) in chars.iter().enumerate() {
            if found.marks.iter().any(|mark| mark.0 == at) {
                out.push('[');
            }
            out.push(*c);
            if found.marks.iter().any(|mark| mark.1 == at + 1) {
                out.push(']');
            }
        }
        Some(out)
    }

    /// Issue 6 §1: highlight, on the text as it was written.
    #[test]
    fn words_are_marked_where_they_were_written() {
        assert_eq!(shown("电梯", "三号楼電梯壞了，电梯").as_deref(), Some("三号楼[電梯]壞了，[电梯]"));
        assert_eq!(shown("电梯维修", "维修三号电梯").as_deref(), Some("[维修]三号[电梯]"));
        assert_eq!(shown("\"电梯维修\"", "维修三号电梯"), None);
        assert_eq!(shown("zxy", "曾小雨").as_deref(), Some("[曾小雨]"));
        assert_eq!(shown("水管", "电梯"), None);
    }

    /// Issue 6 §1: of a long text the piece with most of the words is shown.
    #[test]
    fn a_long_text_shows_its_best_piece() {
        let text = format!("电梯{}水管和电梯{}", "一".repeat(300), "二".repeat(300));
        let found = fragment(&read("水管 电梯"), &text).expect("found");
        assert_eq!((found.text.chars().count(), found.cut), (WIDTH, (true, true)));
        assert_eq!(found.marks.len(), 2);
    }

    proptest! {
        /// Issue 6: bad input makes no panic, marks stay inside.
        #[test]
        fn marks_stay_inside(words in "\\PC{1,12}", text in "\\PC{0,200}") {
            if let Some(found) = fragment(&read(&words), &text) {
                let length = found.text.chars().count();
                prop_assert!(found.marks.iter().all(|mark| mark.0 < mark.1 && mark.1 <= length));
            }
        }
    }
}
