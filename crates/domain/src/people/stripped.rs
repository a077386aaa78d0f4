//! Texts from which whoever is meant can no longer be told (PROP-77, X-37).
//!
//! *Invariants*: what is known of the people of a case (names, numbers,
//! addresses) does not stand in the result in any place, and neither does what
//! looks like a telephone, identity or plate number, an account, a room or a
//! family name with a title. The rule errs on the side of taking out too much: people put words back, not names.

/// What stands in place of what was taken out.
pub const GAP: &str = "〔略〕";

/// The fewest digits in a row that may be somebody's number.
const LEAST_DIGITS: usize = 7;
/// Words after a number that make it a home.
const ROOMS: [char; 7] = ['室', '房', '号', '栋', '幢', '座', '单'];
/// Signs of the provinces that a plate begins with.
const PLATES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// How people are addressed behind their family name.
const TITLES: [&str; 10] = ["先生", "女士", "小姐", "太太", "阿姨", "大爷", "大妈", "爷爷", "奶奶", "老师"];
/// Frequent family names of one sign; those that are also common words (向, 和) are
/// taken out only when the case knows them.
const FAMILIES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁余叶蒋杜苏魏程吕丁沈姚卢姜崔钟谭陆汪范金石廖贾夏韦傅白邹孟熊秦邱江尹薛阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔汤喻褚卫柏窦葛奚鲁苗俞任柳鲍施戚方";
/// Family names of two signs.
const DOUBLE_FAMILIES: [&str; 10] =
    ["欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "慕容", "司徒", "夏侯"];

/// Takes out what is known of the people, and what looks like it.
#[must_use]
pub fn stripped(text: &str, known: &[String]) -> String {
    let mut text = text.to_owned();
    let mut known: Vec<&str> = known.iter().map(|word| word.trim()).filter(|word| is_telling(word)).collect();
    // the longest first, so that nothing of it is left
    known.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    for word in &known {
        text = text.replace(word, GAP);
    }
    let families: Vec<char> = known.iter().filter_map(|word| word.chars().next()).collect();
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < chars.len() {
        match telling(&chars, at, &families) {
            Some(end) => {
                if !out.ends_with(GAP) {
                    out.push_str(GAP);
                }
                at = end;
            }
            None => {
                out.push(chars[at]);
                at += 1;
            }
        }
    }
    out
}

/// A single sign or digit tells nobody, and would take half a text away.
fn is_telling(word: &str) -> bool {
    word.chars().count() >= 2 && word.chars().any(char::is_alphanumeric)
}

/// Gives where something that tells who it is ends, when it begins here.
fn telling(chars: &[char], at: usize, families: &[char]) -> Option<usize> {
    account(chars, at)
        .or_else(|| plate(chars, at))
        .or_else(|| number(chars, at))
        .or_else(|| addressed(chars, at, families))
}

/// A family name with a title: 王女士, 欧阳先生.
fn addressed(chars: &[char], at: usize, families: &[char]) -> Option<usize> {
    let begins = |from: usize, word: &str| {
        word.chars().eq(chars.iter().copied().skip(from).take(word.chars().count()))
    };
    let name = if DOUBLE_FAMILIES.iter().any(|family| begins(at, family)) {
        2
    } else if FAMILIES.contains(chars[at]) || families.contains(&chars[at]) {
        1
    } else {
        return None;
    };
    let title = TITLES.iter().find(|title| begins(at + name, title))?;
    Some(at + name + title.chars().count())
}

/// Digits with what people write between them: a telephone or identity number,
/// or the number of a home.
fn number(chars: &[char], at: usize) -> Option<usize> {
    if !chars[at].is_ascii_digit() || (at > 0 && chars[at - 1].is_ascii_digit()) {
        return None;
    }
    let (mut end, mut digits, mut parts) = (at, 0, 1);
    let mut next = at;
    while next < chars.len() {
        match chars[next] {
            c if c.is_ascii_digit() => {
                digits += 1;
                end = next + 1;
            }
            ' ' | '-' | '－' | '—' | '#' if chars.get(next + 1).is_some_and(char::is_ascii_digit) => {
                parts += 1
            }
            'x' | 'X' if digits == 17 => {
                end = next + 1;
                break;
            }
            _ => break,
        }
        next += 1;
    }
    let after = chars.get(end).copied();
    let room = after.is_some_and(|c| ROOMS.contains(&c)) && digits <= 6;
    let date = digits == 8 && parts == 3 && chars.get(at + 4).is_some_and(|c| !c.is_ascii_digit());
    let home = parts >= 3 && digits <= 8 && !date;
    if room {
        return Some(end + 1);
    }
    (home || (digits >= LEAST_DIGITS && !date)).then_some(end)
}

/// A plate: the sign of a province, a letter, five or six letters and digits.
fn plate(chars: &[char], at: usize) -> Option<usize> {
    let letter = chars.get(at + 1).filter(|c| c.is_ascii_alphabetic());
    if !PLATES.contains(chars[at]) || letter.is_none() {
        return None;
    }
    let mut end = at + 2;
    if chars.get(end).is_some_and(|c| matches!(c, '·' | '.' | ' ' | '-')) {
        end += 1;
    }
    let body = chars[end..].iter().take_while(|c| c.is_ascii_alphanumeric()).count();
    (5..=6).contains(&body).then_some(end + body)
}

/// A mail address: what stands around `@` without a blank.
fn account(chars: &[char], at: usize) -> Option<usize> {
    let part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    if !part(&chars[at]) || (at > 0 && part(&chars[at - 1])) {
        return None;
    }
    let name = chars[at..].iter().take_while(|c| part(c)).count();
    if chars.get(at + name) != Some(&'@') {
        return None;
    }
    let host = chars[at + name + 1..].iter().take_while(|c| part(c)).count();
    (host > 0).then_some(at + name + 1 + host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn strip(text: &str) -> String {
        stripped(text, &["王小明".to_owned(), "幸福里5栋".to_owned(), "向前".to_owned()])
    }

    /// PROP-77, X-37: names, numbers, homes, plates and accounts are taken out,
    /// what happened stays.
    #[test]
    fn nobody_can_be_told_from_what_is_left() {
        for (text, left) in [
            ("王小明反映电梯异响", "〔略〕反映电梯异响"),
            ("电话138 0000-0001，请回", "电话〔略〕，请回"),
            ("住5栋2单元301室，漏水", "住〔略〕元〔略〕，漏水"),
            ("5-2-301漏水", "〔略〕漏水"),
            ("粤B·12345停在门口", "〔略〕停在门口"),
            ("写信到 wang.x@example.cn 即可", "写信到 〔略〕 即可"),
            ("证件44030019900101123X", "证件〔略〕"),
            ("2026-03-02起每天8点停水，共3次", "2026-03-02起每天8点停水，共3次"),
            ("幸福里5栋门口积水", "〔略〕门口积水"),
            ("已向王女士、欧阳先生说明", "已向〔略〕、〔略〕说明"),
            ("已回复喻女士，向先生也在场", "已回复〔略〕，〔略〕也在场"),
            ("各位先生、女士：老师傅已到场", "各位先生、女士：老师傅已到场"),
        ] {
            assert_eq!(strip(text), left, "{text}");
        }
    }

    proptest! {
        /// whatever stands around it, what is known is gone; doing it twice
        /// changes nothing more.
        #[test]
        fn what_is_known_is_gone(before in "[a-z一-龥0-9 ]{0,12}", after in "[一-龥]{0,12}", phone in "1[3-9][0-9]{9}") {
            let known = vec!["王小明".to_owned(), phone.clone()];
            let text = format!("{before}王小明 {phone}{after}");
            let once = stripped(&text, &known);
            prop_assert!(!once.contains("王小明") && !once.contains(&phone), "{once}");
            prop_assert_eq!(stripped(&once, &known), once);
        }
    }
}
