//! One cell into one typed value.

use super::moment::{self, TimeFormat};
use super::target::{MappedValue, Shape, is_name};
use crate::failure::{CellCode, Params};
use crate::source::SourceCell;
use huiyin_domain::money::Money;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Separators of a list where the mapping names none.
const SEPARATORS: &[char] = &[',', ';', '，', '；', '、', '|', '\n'];

/// Most values of one list.
const MAX_LIST: usize = 100;

/// Most entries of a value table that an error names.
const MAX_NAMED: usize = 12;

/// How the cells of one column are read.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) shape: Shape,
    pub(super) formats: Vec<TimeFormat>,
    pub(super) values: Option<BTreeMap<String, String>>,
    pub(super) separator: Option<String>,
    pub(super) max_bytes: usize,
}

/// Why a cell is not taken, with the values for the message.
pub(super) struct Refusal {
    pub(super) code: CellCode,
    pub(super) params: Params,
}

impl From<CellCode> for Refusal {
    fn from(code: CellCode) -> Self {
        Self { code, params: Params::new() }
    }
}

impl Reading {
    /// Reads a cell; `None` when it is empty.
    pub(super) fn read(&self, cell: &SourceCell, zone: &TimeZone) -> Result<Option<MappedValue>, Refusal> {
        match cell {
            SourceCell::Empty => return Ok(None),
            SourceCell::Bad(code) => return Err((*code).into()),
            _ => {}
        }
        let value = match self.shape {
            Shape::Time => MappedValue::Time(moment::time(cell, &self.formats, zone)?),
            Shape::Date => MappedValue::Date(moment::date(cell, &self.formats)?),
            Shape::List | Shape::Choices | Shape::Phones => return self.list(cell),
            _ => return self.plain(&flat(cell)).map(Some),
        };
        Ok(Some(value))
    }

    /// Reads a cell of a single value that is not a time.
    fn plain(&self, text: &str) -> Result<MappedValue, Refusal> {
        Ok(match self.shape {
            Shape::Phone | Shape::Phones => MappedValue::Phone(phone(text)?),
            Shape::Email => MappedValue::Text(email(self.bounded(text)?)?),
            Shape::Money => MappedValue::Money(money(text)?),
            Shape::Choice | Shape::Choices => MappedValue::Choice(self.choice(text)?),
            Shape::Integer => MappedValue::Integer(integer(text)?),
            Shape::Decimal => MappedValue::Hundredths(hundredths(text)?),
            Shape::Boolean => MappedValue::Boolean(self.boolean(text)?),
            Shape::Text | Shape::List | Shape::Time | Shape::Date => {
                MappedValue::Text(self.bounded(&self.tabled(text)?)?.to_owned())
            }
        })
    }

    /// Reads several values out of a JSON list or a text with separators.
    fn list(&self, cell: &SourceCell) -> Result<Option<MappedValue>, Refusal> {
        let parts: Vec<String> = match (cell, &self.separator) {
            (SourceCell::List(items), _) => items.clone(),
            (cell, Some(separator)) => flat(cell).split(separator.as_str()).map(str::to_owned).collect(),
            (cell, None) => flat(cell).split(SEPARATORS).map(str::to_owned).collect(),
        };
        let mut values = Vec::new();
        for part in parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
            if values.len() == MAX_LIST {
                return Err(too_long(MAX_LIST));
            }
            match self.plain(part)? {
                MappedValue::Text(text) | MappedValue::Choice(text) | MappedValue::Phone(text) => {
                    values.push(text)
                }
                _ => return Err(CellCode::NestedValue.into()),
            }
        }
        Ok((!values.is_empty()).then_some(MappedValue::List(values)))
    }

    /// Looks a text up in the value table, where there is one.
    fn tabled(&self, text: &str) -> Result<String, Refusal> {
        let Some(values) = &self.values else { return Ok(text.to_owned()) };
        if let Some(value) = values.get(text) {
            return Ok(value.clone());
        }
        let near = nearest(text, values.keys().map(String::as_str)).unwrap_or_default();
        let expected: Vec<&str> = values.keys().take(MAX_NAMED).map(String::as_str).collect();
        let params = [("near", near.to_owned()), ("expected", expected.join(", "))];
        Err(Refusal { code: CellCode::UnknownValue, params: params.into() })
    }

    /// Reads a name of the product.
    fn choice(&self, text: &str) -> Result<String, Refusal> {
        let name = self.tabled(text)?;
        if is_name(&name) { Ok(name) } else { Err(CellCode::BadName.into()) }
    }

    /// Reads yes or no, by the value table where there is one.
    fn boolean(&self, text: &str) -> Result<bool, Refusal> {
        match self.tabled(text)?.to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" | "1" | "是" | "有" | "√" => Ok(true),
            "false" | "no" | "n" | "0" | "否" | "无" | "×" => Ok(false),
            _ => Err(CellCode::NotABoolean.into()),
        }
    }

    /// Holds a text to its longest length.
    fn bounded<'a>(&self, text: &'a str) -> Result<&'a str, Refusal> {
        if text.len() > self.max_bytes { Err(too_long(self.max_bytes)) } else { Ok(text) }
    }
}

fn too_long(limit: usize) -> Refusal {
    Refusal { code: CellCode::TooLong, params: [("limit", limit.to_string())].into() }
}

/// Gives a cell as text.
pub(super) fn flat(cell: &SourceCell) -> String {
    match cell {
        SourceCell::Text(text) | SourceCell::Number(text) => text.clone(),
        SourceCell::Boolean(value) => value.to_string(),
        SourceCell::Moment(moment) => moment.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        SourceCell::List(items) => items.join("、"),
        SourceCell::Empty | SourceCell::Bad(_) => String::new(),
    }
}

/// Turns full-width digits and marks into their usual form.
fn half_width(text: &str) -> String {
    let narrow = |char: char| match char {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(char as u32 - 0xfee0).unwrap_or(char),
        '—' | '–' | '−' => '-',
        other => other,
    };
    text.chars().map(narrow).collect()
}

/// Reads a telephone number: 3 to 20 digits, an extension after 转 or `x`.
fn phone(text: &str) -> Result<String, CellCode> {
    let text = half_width(text).trim().to_owned();
    let (number, extension) = text.split_once(['转', 'x', '#']).unwrap_or((&text, ""));
    let digits = |part: &str| part.bytes().filter(u8::is_ascii_digit).count();
    let is_number = number.bytes().enumerate().all(|(at, byte)| match byte {
        b'0'..=b'9' | b'-' | b' ' | b'(' | b')' => true,
        b'+' => at == 0,
        _ => false,
    });
    let is_extension = extension.trim().bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || !is_extension || !(3..=20).contains(&digits(number)) || extension.len() > 10 {
        return Err(CellCode::BadPhone);
    }
    Ok(text)
}

/// Reads an e-mail address: one `@`, a dot in the domain, no white space.
fn email(text: &str) -> Result<String, CellCode> {
    let (local, domain) = text.split_once('@').ok_or(CellCode::BadEmail)?;
    let is_plain =
        |part: &str| !part.is_empty() && !part.contains(|char: char| char.is_whitespace() || char == '@');
    let has_dot = domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.');
    if is_plain(local) && is_plain(domain) && has_dot { Ok(text.to_owned()) } else { Err(CellCode::BadEmail) }
}

/// Reads an amount in yuan; `¥`, `元` and thousands separators may stand in it.
fn money(text: &str) -> Result<Money, CellCode> {
    let text = half_width(text);
    let bare = text.trim().trim_start_matches(['¥', '￥', '\u{ffe5}']).trim_end_matches('元').trim();
    Money::parse(&without_thousands(bare)).map_err(|_| CellCode::NotMoney)
}

/// Reads a whole number.
fn integer(text: &str) -> Result<i64, CellCode> {
    without_thousands(&half_width(text)).parse().map_err(|_| CellCode::NotAnInteger)
}

/// Reads a number with at most two decimals as hundredths.
fn hundredths(text: &str) -> Result<i64, CellCode> {
    let text = without_thousands(&half_width(text));
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 15 || !is_digits(whole) || !is_digits(part) {
        return Err(CellCode::NotADecimal);
    }
    let part = part.trim_end_matches('0');
    if part.len() > 2 {
        return Err(CellCode::NotADecimal);
    }
    format!("{whole}{part:0<2}").parse().map_err(|_| CellCode::NotADecimal)
}

/// Removes commas that stand before groups of three digits, and only those.
fn without_thousands(text: &str) -> String {
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let has_head = groups.next().is_some_and(|head| (1..=3).contains(&head.len()));
    if has_head && groups.all(|group| group.len() == 3) { text.replace(',', "") } else { text.to_owned() }
}

/// Finds the nearest of several names, when one is near.
pub(super) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.chars().count() > 64 {
        return None;
    }
    let short = names.filter(|candidate| candidate.len() <= 256);
    let scored = short.map(|candidate| (strsim::jaro_winkler(name, candidate), candidate));
    let best = scored.max_by(|left, right| left.0.total_cmp(&right.0))?;
    (best.0 > 0.66).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 3, §7
    #[test]
    fn telephone_numbers_are_read_as_people_write_them() {
        assert_eq!(phone("１３９００００１２３４").as_deref(), Ok("13900001234"));
        assert_eq!(phone("(010) 6000-1234转801").as_deref(), Ok("(010) 6000-1234转801"));
        for wrong in ["", "12", "139****1234", "none", "1+3900001234", "139000012341390000123"] {
            assert_eq!(phone(wrong), Err(CellCode::BadPhone), "{wrong}");
        }
    }

    /// Issue 3, §7
    #[test]
    fn amounts_and_numbers_keep_every_digit_or_are_refused() {
        assert_eq!(money("￥12,000.50元").map(Money::fen), Ok(1_200_050));
        assert_eq!(money("12,00"), Err(CellCode::NotMoney));
        assert_eq!(money("-5"), Err(CellCode::NotMoney));
        assert_eq!(hundredths("89.5"), Ok(8950));
        assert_eq!(hundredths("89.505"), Err(CellCode::NotADecimal));
        assert_eq!(integer("1,234,567"), Ok(1_234_567));
        assert_eq!(integer("1.5"), Err(CellCode::NotAnInteger));
    }
}
