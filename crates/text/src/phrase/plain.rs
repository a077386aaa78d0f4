//! A text without what evasion plays with: spaces, signs, width, forms, repeats.

use crate::fold::{one, simplified};

/// Forms that stand for each other in everyday writing.
const fn usual(c: char) -> char {
    match c {
        '妳' | '您' | '伱' | '祢' => '你',
        '沒' => '没',
        '甚' => '什',
        '祂' | '牠' | '她' | '它' => '他',
        other => other,
    }
}

/// Keeps letters, digits and Han characters, each once in a run.
///
/// Gives the text and for each of its bytes where that stands in the original;
/// the last place is the end of the last character kept.
pub(super) fn plain(text: &str) -> (String, Vec<Place>) {
    let mut out = String::with_capacity(text.len());
    let mut places: Vec<Place> = Vec::with_capacity(text.len());
    let mut last = None;
    for (at, c) in text.char_indices() {
        let folded = usual(simplified(one(c)));
        let end = at + c.len_utf8();
        if !folded.is_alphanumeric() {
            continue;
        }
        if last == Some(folded) {
            // 不不懂 is 不懂: the repeat belongs to the character before it
            let bytes = folded.len_utf8();
            places.iter_mut().rev().take(bytes).for_each(|place| place.end = end);
            continue;
        }
        last = Some(folded);
        out.push(folded);
        places.extend(std::iter::repeat_n(Place { start: at, end }, folded.len_utf8()));
    }
    (out, places)
}

/// Where one kept character stands, in bytes of the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_signs_width_and_forms_do_not_matter() {
        for text in ["这是公司的规定", "這是公司的規定", "这 是-公.司*的\u{200b}规 定", "这是公司的的规定"]
        {
            assert_eq!(plain(text).0, "这是公司的规定", "{text}");
        }
        assert_eq!(plain("ＡＢc１").0, "abc1");
    }
}
