//! A text without what evasion plays with: spaces, signs, width, forms, repeats.

use crate::fold::{is_han, markup_length, one, simplified};

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

/// Keeps letters, digits and Han characters, each once in a run; markup is none.
///
/// Gives the text and for each of its bytes where that stands in the original;
/// the last place is the end of the last character kept.
pub(super) fn plain(text: &str) -> Bare {
    let mut bare = Bare { text: String::with_capacity(text.len()), places: Vec::with_capacity(text.len()) };
    let mut last = None;
    let mut after = 0;
    for (at, c) in text.char_indices() {
        if at < after {
            continue;
        }
        let mut end = at + c.len_utf8();
        let rest = &text[end..];
        let mut c = c;
        if let Some(length) = markup_length(c, rest) {
            // &#36825; is 这, every other entity and tag is nothing that is read
            c = numbered(&rest[..length]).unwrap_or(' ');
            end += length;
            after = end;
        }
        let folded = usual(simplified(one(c)));
        if !folded.is_alphanumeric() {
            continue;
        }
        if last == Some(folded) {
            // 不不懂 is 不懂: the repeat belongs to the character before it
            let bytes = folded.len_utf8();
            bare.places.iter_mut().rev().take(bytes).for_each(|place| place.end = end);
            continue;
        }
        last = Some(folded);
        bare.push(folded, Place { start: at, end });
    }
    bare
}

/// Gives the character that an entity names by its number.
fn numbered(entity: &str) -> Option<char> {
    let number = entity.strip_prefix('#')?.strip_suffix(';')?;
    let hexadecimal = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16));
    char::from_u32(hexadecimal.unwrap_or_else(|| number.parse()).ok()?)
}

/// A text as it is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bare {
    /// What is read.
    pub(super) text: String,
    /// For each of its bytes, where that stands in the original.
    pub(super) places: Vec<Place>,
}

impl Bare {
    fn push(&mut self, c: char, place: Place) {
        self.text.push(c);
        self.places.extend(std::iter::repeat_n(place, c.len_utf8()));
    }

    /// The same without single letters between Han characters: 公x司 is read 公司.
    ///
    /// Nothing where there are none.
    pub(super) fn without_strays(&self) -> Option<Self> {
        let chars: Vec<(usize, char)> = self.text.char_indices().collect();
        let han = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|(_, c)| is_han(*c));
        let is_stray = |at: usize, c: char| !is_han(c) && han(at.checked_sub(1)) && han(Some(at + 1));
        let mut kept = Self::default();
        for (at, (byte, c)) in chars.iter().enumerate() {
            if !is_stray(at, *c)
                && let Some(place) = self.places.get(*byte)
            {
                kept.push(*c, *place);
            }
        }
        (kept.text.len() < self.text.len()).then_some(kept)
    }
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
        for text in [
            "这是公司的规定",
            "這是公司的規定",
            "这 是-公.司*的\u{200b}规 定",
            "这是公司的的规定",
            "这<b>是</b>公司&nbsp;的规定",
            "&#36825;&#x662f;公司的规定",
        ] {
            assert_eq!(plain(text).text, "这是公司的规定", "{text}");
        }
        let strewn = plain("这是公x司の的1规定").without_strays();
        assert_eq!(strewn.map(|bare| bare.text).as_deref(), Some("这是公司的规定"));
        assert_eq!(plain("3号楼 we are").without_strays(), None);
        assert_eq!(plain("ＡＢc１").text, "abc1");
    }
}
