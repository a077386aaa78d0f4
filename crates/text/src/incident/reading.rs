//! Reading a title: which part names a place or party, and which the matter.

use super::lexicon::{ENDS, FRAME, MATTERS, UNITS};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::OnceLock;

/// The longest name, in characters.
const LONGEST_NAME: usize = 16;
/// A stretch behind a district that is no longer is a name as it stands.
const SHORT_NAME: usize = 8;

/// What one matched word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// A sign of a matter; whether it ends a name.
    Matter { matter: u8, ends: bool },
    /// A word of the frame; it ends a name.
    Frame,
}

struct Signs {
    finder: Option<AhoCorasick>,
    signs: Vec<Sign>,
}

fn signs() -> &'static Signs {
    static SIGNS: OnceLock<Signs> = OnceLock::new();
    SIGNS.get_or_init(|| {
        let mut words: Vec<String> = Vec::new();
        let mut signs = Vec::new();
        for (matter, line) in (0..).zip(MATTERS) {
            for word in line.split_whitespace() {
                let bare = word.trim_matches(['(', ')']);
                words.push(bare.to_lowercase());
                signs.push(Sign::Matter { matter, ends: bare == word });
            }
        }
        for word in FRAME.split_whitespace() {
            words.push(word.to_owned());
            signs.push(Sign::Frame);
        }
        Signs { finder: finder(words), signs }
    })
}

/// Finds the endings of names in a stretch.
fn ends(stretch: &str) -> impl Iterator<Item = Range<usize>> {
    static ENDINGS: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let endings = ENDINGS.get_or_init(|| finder(ENDS.split_whitespace()));
    endings.iter().flat_map(move |finder| finder.find_iter(stretch)).map(|found| found.range())
}

/// A finder of the longest of fixed short words; such a list always compiles.
fn finder<W: AsRef<[u8]>>(words: impl IntoIterator<Item = W>) -> Option<AhoCorasick> {
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok()
}

/// What was read in a folded title.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// Where names stand, in bytes.
    pub(super) names: Vec<Range<usize>>,
    /// Where districts stand that say little, such as `a3区`.
    pub(super) districts: Vec<Range<usize>>,
    /// Bits of the matters, names left out.
    pub(super) matters: u64,
    /// Numbers with what they count, such as 5 and 栋.
    pub(super) marks: Vec<(u8, u32)>,
}

impl Reading {
    /// Whether it says nothing of where it was or whom it concerns.
    pub(super) fn tells_no_place(&self) -> bool {
        self.names.is_empty() && self.districts.is_empty() && self.marks.is_empty()
    }
}

/// Gives the matters that a folded text shows, as bits.
pub(crate) fn matters(text: &str) -> u64 {
    let signs = signs();
    let Some(finder) = &signs.finder else { return 0 };
    finder.find_iter(text).fold(0, |bits, found| match signs.signs[found.pattern().as_usize()] {
        Sign::Matter { matter, .. } => bits | 1 << matter,
        Sign::Frame => bits,
    })
}

/// Reads a folded title.
pub(super) fn read(title: &str) -> Reading {
    let districts = districts(title);
    let mut closed: Vec<Range<usize>> = districts.clone();
    let signs = signs();
    let mut shown = Vec::new();
    for found in signs.finder.iter().flat_map(|finder| finder.find_iter(title)) {
        match signs.signs[found.pattern().as_usize()] {
            Sign::Matter { matter, ends } => {
                shown.push((matter, found.range()));
                if ends {
                    closed.push(found.range());
                }
            }
            Sign::Frame => closed.push(found.range()),
        }
    }
    let quoted = quoted(title);
    closed.retain(|span| !quoted.iter().any(|quote| quote.start <= span.start && span.end <= quote.end));
    let names = names(title, &mut closed, &districts, &quoted);
    // 校区 in the name of a school says nothing of what happened there
    shown.retain(|(_, span)| !names.iter().any(|name| name.start <= span.start && span.end <= name.end));
    let matters = shown.iter().fold(0, |bits, (matter, _)| bits | 1 << matter);
    Reading { names, districts, matters, marks: marks(title) }
}

/// Finds districts: a letter, perhaps a number, and a level.
fn districts(title: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut begun: Option<usize> = None;
    for (at, c) in title.char_indices() {
        match (begun, c) {
            (Some(start), '省' | '市' | '区' | '县' | '州') => {
                // B区 of a car park is no district, b3区 is one
                if matches!(c, '省' | '市') || at > start + 1 {
                    found.push(start..at + c.len_utf8());
                }
                begun = None;
            }
            (Some(_), '0'..='9') => {}
            (_, 'a'..='z') => begun = Some(at),
            _ => begun = None,
        }
    }
    found.extend(title.match_indices("西地省").map(|(at, word)| at..at + word.len()));
    found.sort_by_key(|span| span.start);
    found
}

fn quoted(title: &str) -> Vec<Range<usize>> {
    let (mut found, mut begun) = (Vec::new(), None);
    for (at, c) in title.char_indices() {
        match c {
            '“' | '「' | '《' | '【' => begun = Some(at + c.len_utf8()),
            '”' | '」' | '》' | '】' => {
                if let Some(start) = begun.take()
                    && at > start
                    && at - start <= 3 * LONGEST_NAME
                {
                    found.push(start..at);
                }
            }
            _ => {}
        }
    }
    found
}

/// Gives the stretches between what is closed that name something.
fn names(
    title: &str,
    closed: &mut Vec<Range<usize>>,
    districts: &[Range<usize>],
    quoted: &[Range<usize>],
) -> Vec<Range<usize>> {
    let breaks = title.char_indices().filter(|(_, c)| !c.is_alphanumeric());
    closed.extend(breaks.map(|(at, c)| at..at + c.len_utf8()));
    closed.sort_by_key(|span| span.start);
    closed.push(title.len()..title.len());
    let mut found = Vec::new();
    let mut start = 0;
    for span in closed.iter() {
        if span.start > start {
            let follows = districts.iter().any(|district| district.end == start);
            let is_quoted = quoted.iter().any(|quote| quote.start == start && quote.end == span.start);
            found.extend(name_in(title, start..span.start, follows, is_quoted));
        }
        start = start.max(span.end);
    }
    found
}

/// Cuts a stretch behind its last ending; without one it must follow a district.
fn name_in(title: &str, stretch: Range<usize>, follows: bool, is_quoted: bool) -> Option<Range<usize>> {
    let text = &title[stretch.clone()];
    let last = ends(text).last().map(|found| found.end);
    let is_short = text.chars().count() <= SHORT_NAME;
    let end = match last {
        _ if is_quoted || (follows && is_short) => text.len(),
        Some(end) => end,
        None if follows => text.len(),
        None => return None,
    };
    let text = &text[..end];
    let length = text.chars().count();
    let is_date = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '年' | '月' | '日'));
    let skipped: usize = text.chars().take(length.saturating_sub(LONGEST_NAME)).map(char::len_utf8).sum();
    let is_end = !is_quoted && ends(text).next() == Some(0..text.len());
    (length > 1 && !is_date && !is_end).then_some(stretch.start + skipped..stretch.start + end)
}

/// Finds numbers with what they count, letters of buildings and sides of gates.
pub(super) fn marks(text: &str) -> Vec<(u8, u32)> {
    numbered(text).into_iter().map(|(mark, _)| mark).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A number with what it counts, and where it stands.
type Numbered = ((u8, u32), Range<usize>);

/// Finds numbers with what they count and where they stand, in bytes.
pub(super) fn numbered(text: &str) -> Vec<Numbered> {
    let mut found: Vec<Numbered> = Vec::new();
    let mut number: Option<Number> = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let read = number.and_then(|number| number.with(c));
        if let (Some(number), None) = (number, read) {
            let rest = &text[at..];
            let unit = UNITS
                .iter()
                .position(|unit| rest.starts_with(unit))
                .filter(|unit| number.counts(UNITS[*unit]));
            found.extend(
                unit.map(|unit| ((same_unit(unit), number.value), number.start..at + UNITS[unit].len())),
            );
        }
        // a13区 is a district, not the thirteenth
        number = read.or_else(|| Number::begin(at, c).filter(|_| !before.is_ascii_alphanumeric()));
        before = c;
    }
    found
}

/// A number, letter or side that is being read.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Number {
    value: u32,
    kind: Kind,
    start: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Digits,
    Words,
    Letter,
    Side,
}

impl Number {
    fn begin(start: usize, c: char) -> Option<Self> {
        let (value, kind) = match (digit(c), "东南西北中后".chars().position(|side| side == c)) {
            (Some((value, true)), _) => (value, Kind::Digits),
            (Some((value, false)), _) => (value, Kind::Words),
            (None, Some(side)) => (2_000_000 + side as u32, Kind::Side),
            (None, None) if c.is_ascii_lowercase() => (1_000_000 + u32::from(c), Kind::Letter),
            (None, None) => return None,
        };
        Some(Self { value, kind, start })
    }

    fn with(self, c: char) -> Option<Self> {
        let value = match (self.kind, digit(c)?) {
            (Kind::Digits, (digit, true)) if self.value < 100_000 => self.value * 10 + digit,
            (Kind::Words, (10, false)) => self.value * 10,
            (Kind::Words, (digit, false)) => self.value + digit,
            _ => return None,
        };
        Some(Self { value, ..self })
    }

    /// Whether it counts such a thing: 芙蓉一路 is a name, 805路 a line.
    fn counts(self, unit: &str) -> bool {
        match self.kind {
            Kind::Digits => unit != "门",
            Kind::Words => !matches!(unit, "路" | "区" | "门" | "楼"),
            Kind::Letter => matches!(unit, "栋" | "幢" | "座" | "区" | "号楼"),
            Kind::Side => unit == "门",
        }
    }
}

/// Units that mean the same are one.
fn same_unit(unit: usize) -> u8 {
    let name = match UNITS[unit] {
        "号楼" | "幢" | "座" => "栋",
        "号线" => "线",
        "房" => "室",
        other => other,
    };
    UNITS.iter().position(|unit| *unit == name).map_or(0, |at| at as u8)
}

/// Gives the value of a digit and whether it is an Arabic one.
fn digit(c: char) -> Option<(u32, bool)> {
    if let Some(value) = c.to_digit(10) {
        return Some((value, true));
    }
    let value = "〇一二三四五六七八九十".chars().position(|digit| digit == c)?;
    Some((value as u32, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(title: &str) -> Vec<&str> {
        read(title).names.into_iter().map(|span| &title[span]).collect()
    }

    #[test]
    fn a_name_is_parted_from_what_happened_there() {
        assert_eq!(names("a9区云杉里小区三期后面要建垃圾站"), ["云杉里小区三期"]);
        assert_eq!(names("天鹅苑地下车库停车费涨价"), ["天鹅苑"]);
        assert_eq!(names("b市鹿鸣天著忽悠业主延迟网签"), ["鹿鸣天著"]);
        assert_eq!(names("举报“食在巷口”饭店油烟扰民"), ["食在巷口"]);
        assert_eq!(names("南区会所装修噪音太大"), ["南区会所"]);
        assert_eq!(names("什么时候能落实政策"), Vec::<&str>::new());
    }

    #[test]
    fn numbers_are_read_with_what_they_count() {
        let of = |text: &str| marks(text);
        assert_eq!(of("3期5栋2单元电梯"), of("三期五栋二单元漏水"));
        assert_ne!(of("3期5栋"), of("3期6栋"));
        assert_eq!(of("十二栋"), of("12号楼"));
        assert_eq!(of("芙蓉一路"), []);
        assert_eq!(of("a13区5栋"), of("5栋"));
        assert_ne!(of("东门道闸"), of("西门道闸"));
        assert_ne!(of("b座门禁"), of("c座门禁"));
    }

    #[test]
    fn the_matter_is_seen_whatever_the_name() {
        let noise = read("云杉里小区半夜施工扰民").matters;
        assert_eq!(noise, read("天鹅苑夜间施工，噪音扰民").matters);
        assert_eq!(noise & read("天鹅苑停车费涨价").matters, 0);
        let (dogs, rooms) =
            (read("云杉大学天鹅校区野狗乱跑").matters, read("云杉大学天鹅校区学生换寝室").matters);
        assert_eq!(dogs & rooms, 0, "校区 is part of the name");
    }
}
