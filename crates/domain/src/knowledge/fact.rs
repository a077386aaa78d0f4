//! The fact sheet of an estate (应知应会): typed fields, what is missing, what changed.
//!
//! PROP-1: each estate has its own sheet; PROP-2…5 say what stands on it. Which
//! fields there are is data, `packs/knowledge/facts.toml`.

use crate::money::Money;
use crate::pack::Names;
use crate::phone;
use crate::time::{Date, Period};
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use utoipa::ToSchema;

/// The longest value, in characters.
pub const LONGEST: usize = 2_000;
/// Digits of a number before and after its point.
const DIGITS: (usize, usize) = (12, 4);
/// The most periods of one field of hours.
const MOST_PERIODS: usize = 6;

wire_enum! {
    /// What sort of value a field takes.
    FactType {
        /// Words.
        Text = "text",
        /// A number, with the measure that its field says.
        Number = "number",
        /// An amount, for the time or measure that its field says.
        Money = "money",
        /// A telephone number.
        Phone = "phone",
        /// Hours of a day, `08:00-12:00 14:00-18:00`.
        Hours = "hours",
        /// A day.
        Date = "date",
    }
}

/// One field of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name on the wire.
    pub name: String,
    /// What people call it.
    pub label: Names,
    /// What sort of value it takes.
    #[serde(rename = "type")]
    pub of: FactType,
    /// Measure of a number, or for what an amount is paid.
    #[serde(default)]
    pub per: Option<Names>,
    /// Whether a sheet without it is incomplete (PROP-6).
    #[serde(default)]
    pub required: bool,
    /// Other words under which people ask for it.
    #[serde(default)]
    pub words: Vec<String>,
}

/// A section of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its name on the wire.
    pub name: String,
    /// What people call it.
    pub label: Names,
    /// Where it comes from.
    pub source: Vec<String>,
    /// Its fields.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
}

/// Which fields a sheet has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Its sections, in the order of the sheet.
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
}

/// Values of a sheet, by field; each in the one way its type is written.
pub type Values = BTreeMap<String, String>;

/// Why a text is no schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// The file cannot be read as one.
    #[error("{0}")]
    Unreadable(String),
    /// Two fields or sections have one name.
    #[error("the name {0} is given twice")]
    Twice(String),
    /// A name is no plain word.
    #[error("the name {0:?} is no word of small letters, digits and _")]
    Name(String),
}

impl Schema {
    /// Reads a schema from TOML.
    ///
    /// # Errors
    /// [`SchemaError`] with what is wrong.
    pub fn read(text: &str) -> Result<Self, SchemaError> {
        let schema: Self =
            toml::from_str(text).map_err(|error| SchemaError::Unreadable(error.to_string()))?;
        let mut seen = std::collections::BTreeSet::new();
        let sections = schema.sections.iter().map(|section| &section.name);
        for name in sections.chain(schema.fields().map(|field| &field.name)) {
            let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
            if name.is_empty() || name.len() > 40 || !name.bytes().all(plain) {
                return Err(SchemaError::Name(name.clone()));
            }
            if !seen.insert(name) {
                return Err(SchemaError::Twice(name.clone()));
            }
        }
        Ok(schema)
    }

    /// Gives the schema that the binary carries.
    ///
    /// # Panics
    /// When the file of this release is faulty; a test holds that it is not.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Schema> = LazyLock::new(|| {
            let read = Schema::read(include_str!("../../../../packs/knowledge/facts.toml"));
            read.unwrap_or_else(|error| panic!("packs/knowledge/facts.toml: {error}"))
        });
        &SHIPPED
    }

    /// Gives every field in the order of the sheet.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.sections.iter().flat_map(|section| &section.fields)
    }

    /// Finds a field by its name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().find(|field| field.name == name)
    }

    /// Lists what a sheet lacks, section and field, in the order of the sheet (PROP-6).
    #[must_use]
    pub fn missing(&self, values: &Values) -> Vec<(&Section, &Field)> {
        let lacks = |field: &&Field| field.required && !values.contains_key(&field.name);
        let of = |section| -> Vec<(&Section, &Field)> {
            let section: &Section = section;
            section.fields.iter().filter(lacks).map(|field| (section, field)).collect()
        };
        self.sections.iter().flat_map(of).collect()
    }
}

/// One value that is not the same any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FactChange)]
pub struct Change {
    /// The field.
    pub field: String,
    /// What stood there.
    pub before: Option<String>,
    /// What stands there now.
    pub after: Option<String>,
}

/// Lists what is different, by field.
#[must_use]
pub fn changes(before: &Values, after: &Values) -> Vec<Change> {
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |name: &String| Change {
        field: name.clone(),
        before: before.get(name).cloned(),
        after: after.get(name).cloned(),
    };
    names.into_iter().map(change).filter(|change| change.before != change.after).collect()
}

impl Field {
    /// Gives a value in the one way its type is written.
    ///
    /// # Errors
    /// The code of what is wrong with it.
    pub fn written(&self, text: &str) -> Result<String, &'static str> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LONGEST {
            return Err("text_length");
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err("control_character");
        }
        match self.of {
            FactType::Text => Ok(text.to_owned()),
            FactType::Number => number(text).ok_or("invalid_number"),
            FactType::Money => {
                let bare = text.trim_start_matches(['¥', '￥']).trim_end_matches('元').trim();
                Money::parse(bare).map(|money| money.to_string()).map_err(|_| "invalid_amount")
            }
            FactType::Phone => phone::digits(text).map(|_| text.to_owned()).ok_or("invalid_phone"),
            FactType::Hours => hours(text).ok_or("invalid_hours"),
            FactType::Date => Date::parse(text).map(|date| date.to_string()).map_err(|_| "invalid_date"),
        }
    }

    /// Tells whether an answer names a value, however it is written (PROP-8).
    #[must_use]
    pub fn same(&self, value: &str, answer: &str) -> bool {
        match self.of {
            FactType::Phone => phone::digits(value).is_some_and(|one| phone::digits(answer) == Some(one)),
            FactType::Text => bare(value) == bare(answer),
            FactType::Number | FactType::Money | FactType::Hours | FactType::Date => {
                self.written(answer).is_ok_and(|answer| answer == value)
            }
        }
    }

    /// Shows a value as it is said, in Chinese or in English.
    #[must_use]
    pub fn said(&self, value: &str, english: bool) -> String {
        let per = self.per.as_ref().map(|names| if english { &names.en } else { &names.zh });
        match (self.of, per) {
            (FactType::Money, Some(per)) if english => format!("CNY {value} {per}"),
            (FactType::Money, Some(per)) => format!("{value}元{per}"),
            (FactType::Money, None) if english => format!("CNY {value}"),
            (FactType::Money, None) => format!("{value}元"),
            (FactType::Number, Some(per)) if english => format!("{value} {per}"),
            (FactType::Number, Some(per)) => format!("{value}{per}"),
            _ => value.to_owned(),
        }
    }
}

fn number(text: &str) -> Option<String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !(digits(whole, DIGITS.0) && digits(part, DIGITS.1)) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let part = part.trim_end_matches('0');
    Some(if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") })
}

fn hours(text: &str) -> Option<String> {
    let periods: Option<Vec<String>> = text
        .split([' ', ',', '，', '、', ';', '；'])
        .filter(|part| !part.is_empty())
        .map(|part| part.replace(['—', '–', '~', '～', '至'], "-").replace('：', ":"))
        .map(|part| part.parse::<Period>().ok().map(|period| period.to_string()))
        .collect();
    let periods = periods.filter(|periods| (1..=MOST_PERIODS).contains(&periods.len()))?;
    Some(periods.join(" "))
}

/// What stays of words when blanks, signs and capitals do not count.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
