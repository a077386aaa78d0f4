//! What a text complains of or asks for, one point after the other.

use crate::fold::{folded, markup_length};
use crate::incident::matters;
use serde::Serialize;
use std::ops::Range;

/// One point of a text (PROP-76).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    /// The point as written.
    pub text: String,
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
    /// Whether something is asked for, rather than told.
    pub is_request: bool,
}

/// How many points a text has at most; the rest is one for a person to read.
pub const MOST_POINTS: usize = 20;
/// The longest point, in characters; a longer sentence is cut at its commas.
const LONGEST: usize = 80;

/// What asks for something.
const REQUESTS: &[&str] = &[
    "请",
    "要求",
    "希望",
    "建议",
    "何时",
    "什么时候",
    "能否",
    "能不能",
    "是否",
    "应该",
    "赔",
    "退",
    "给个说法",
    "尽快",
];
/// What tells a fault without naming its matter.
const FAULTS: &[&str] = &[
    "不", "没", "坏", "差", "乱", "太", "又", "影响", "拖", "推", "骂", "骗", "拒", "漏", "堵", "丢", "脏",
    "黑", "烂",
];
/// Sentences that say nothing about the matter.
const FRAMES: &[&str] = &[
    "您好",
    "你好",
    "谢谢",
    "感谢",
    "此致",
    "敬礼",
    "尊敬的",
    "我是",
    "我住",
    "辛苦",
    "望领导",
    "盼复",
    "联系电话",
    "联系方式",
];
/// What begins the next point inside a sentence.
const NEXT: &[&str] = &["另外", "此外", "还有", "而且", "其次", "同时", "再有", "第二", "第三", "最后"];

/// Proposes the points of a text, in their order (PROP-76).
///
/// Numbered items, sentences and clauses that begin a new matter are points of
/// their own; greetings and thanks are none. A text in which nothing is found is
/// one point. A person decides what remains.
#[must_use]
pub fn points(text: &str) -> Vec<Point> {
    let mut found: Vec<(Point, u64)> = Vec::new();
    for span in clauses(text) {
        let clause = &text[span.clone()];
        let plain = folded(clause);
        let matter = matters(&plain);
        let has = |words: &[&str]| words.iter().any(|word| plain.contains(word));
        let is_request = has(REQUESTS);
        let says = matter != 0 || is_request || has(FAULTS);
        if !says || (has(FRAMES) && matter == 0 && plain.chars().count() < 16) {
            continue;
        }
        // a sentence about the matter just told goes on with it
        let goes_on = found.last().is_some_and(|(last, known)| {
            let is_near = text[last.span.end..span.start].chars().count() <= 1;
            let same = *known != 0 && (matter & known != 0 || (matter == 0 && !is_request));
            is_near
                && same
                && !begins_next(&plain)
                && text[last.span.start..span.end].chars().count() <= LONGEST
        });
        if goes_on && let Some((last, known)) = found.last_mut() {
            last.span.end = span.end;
            last.is_request |= is_request;
            *known |= matter;
        } else {
            found.push((Point { text: String::new(), span, is_request }, matter));
        }
    }
    found.truncate(MOST_POINTS);
    let mut points: Vec<Point> = found.into_iter().map(|(point, _)| point).collect();
    let whole = text.trim();
    if points.is_empty() && !whole.is_empty() {
        let start = text.len() - text.trim_start().len();
        points.push(Point { text: String::new(), span: start..start + whole.len(), is_request: false });
    }
    for point in &mut points {
        text[point.span.clone()].clone_into(&mut point.text);
    }
    points
}

fn begins_next(clause: &str) -> bool {
    NEXT.iter().any(|word| clause.starts_with(word)) || clause.starts_with(|c: char| c.is_ascii_digit())
}

/// Cuts a text into clauses without the punctuation around them.
fn clauses(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut length = 0;
    let end = text.char_indices().nth(crate::fold::MAX_CHARS).map_or(text.len(), |(at, _)| at);
    for (at, c) in text[..end].char_indices() {
        length += 1;
        let ends = matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';' | '\n' | '\r');
        let is_comma = matches!(c, '，' | ',');
        let rest = &text[at + c.len_utf8()..end];
        let parts = is_comma && (length > LONGEST || NEXT.iter().any(|word| rest.starts_with(word)));
        if ends || parts || starts_item(rest) {
            found.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
            length = 0;
        }
    }
    found.push(start..end);
    found.into_iter().map(|span| trimmed(text, span)).filter(|span| span.len() > 3).collect()
}

/// Whether a numbered item begins: 1、 2. 三、 ④ （二）.
fn starts_item(rest: &str) -> bool {
    let mut chars = rest.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some('①'..='⑳'), _, _) => true,
        (Some('（' | '('), Some(c), Some('）' | ')')) => is_count(c),
        (Some(c), Some('、'), _) => is_count(c),
        (Some(c), Some('.' | '．'), Some(next)) => c.is_ascii_digit() && !next.is_ascii_digit(),
        _ => false,
    }
}

fn is_count(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十".contains(c)
}

/// Takes the punctuation and the markup off both ends.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let says =
        |c: char| c.is_alphanumeric() || matches!(c, '“' | '”' | '（' | '）' | '(' | ')' | '%' | '①'..='⑳');
    let inside = &text[span.clone()];
    let (mut start, mut end, mut after) = (None, 0, 0);
    for (at, c) in inside.char_indices() {
        if at < after {
            continue;
        }
        let next = at + c.len_utf8();
        if let Some(length) = markup_length(c, &inside[next..]) {
            after = next + length;
        } else if says(c) {
            start = start.or(Some(at));
            end = next;
        }
    }
    span.start + start.unwrap_or(end)..span.start + end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<&str> {
        points(text).into_iter().map(|point| &text[point.span]).collect()
    }

    /// PROP-76: the points of a complaint are proposed as a list.
    #[test]
    fn sentences_about_different_matters_are_points_of_their_own() {
        let text = "您好，我住3期5栋。电梯停运三天没人修，老人上不了楼。另外停车费突然涨到五百，没有公示！请尽快答复。谢谢";
        let told = told(text);
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(
            told[0].starts_with("电梯停运") && told[1].contains("停车费") && told[2].contains("尽快答复")
        );
        assert!(points(text)[2].is_request);
    }

    #[test]
    fn numbered_items_are_points_even_in_one_line() {
        let told = told("问题如下：1、门禁坏了半个月2、垃圾没人清运 3、保安态度差");
        assert_eq!(told, ["1、门禁坏了半个月", "2、垃圾没人清运", "3、保安态度差"]);
    }

    #[test]
    fn markup_is_taken_off_whole() {
        assert_eq!(told("<p>电梯坏了三天</p>&nbsp;"), ["电梯坏了三天"]);
        assert_eq!(told("<b>电梯</b>坏了；温度<5度，没人管"), ["电梯</b>坏了", "温度<5度，没人管"]);
    }

    #[test]
    fn what_tells_nothing_is_one_point_and_nothing_none() {
        assert_eq!(told("一个人来访"), ["一个人来访"]);
        assert_eq!(told("  。！ "), Vec::<&str>::from(["。！"]));
        assert!(told("").is_empty());
        let endless = "电梯坏了。".repeat(200_000);
        assert!(points(&endless).len() <= MOST_POINTS);
    }
}
