//! From a JSON value to a type, with faults that programs can read.

use super::fault;
use crate::problem::Field;
use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{self, Deserializer, Expected, IntoDeserializer, Unexpected, Visitor};
use serde_json::Value;
use std::fmt;

/// Whole numbers up to here are exact as floating point.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Why a value does not have the shape that was asked for.
#[derive(Debug)]
pub enum Misfit {
    Unknown(String),
    Missing(&'static str),
    Duplicate(&'static str),
    WrongType(String),
    UnknownValue(&'static [&'static str]),
    OutOfRange(String),
    Invalid(String),
}

impl Misfit {
    /// Turns the fault into a field of a problem.
    pub fn into_field(self, path: String) -> Field {
        match self {
            Self::Unknown(name) => fault(below(path, &name), "unknown_field", &[]),
            Self::Missing(name) => fault(below(path, name), "missing_field", &[]),
            Self::Duplicate(name) => fault(below(path, name), "duplicate_key", &[]),
            Self::WrongType(expected) => fault(path, "wrong_type", &[("expected", kind(&expected).into())]),
            Self::UnknownValue(known) => fault(path, "unknown_value", &[("expected", known.into())]),
            Self::OutOfRange(expected) => {
                fault(path, "out_of_range", &[("expected", range(&expected).into())])
            }
            Self::Invalid(text) => told(path, text),
        }
    }
}

/// Names the kind of JSON value that is wanted, as the texts know it; what the
/// reader of a type calls it is nobody's word outside.
fn kind(expected: &str) -> &'static str {
    let has = |part: &str| expected.contains(part);
    match expected {
        "bool" => "boolean",
        "f32" | "f64" => "number",
        _ if is_integer(expected) || has("integer") => "integer",
        _ if has("string") || has("char") || has("text") => "string",
        _ if has("boolean") => "boolean",
        _ if has("float") || has("number") => "number",
        _ if has("sequence") || has("tuple") || has("array") || has("list") => "array",
        _ if has("unit") || has("null") => "null",
        _ => "object",
    }
}

fn is_integer(name: &str) -> bool {
    name.strip_prefix(['i', 'u']).is_some_and(|bits| matches!(bits, "8" | "16" | "32" | "64" | "128"))
}

/// Says which numbers a type holds.
fn range(expected: &str) -> String {
    match expected {
        "u8" => format!("0–{}", u8::MAX),
        "u16" => format!("0–{}", u16::MAX),
        "u32" => format!("0–{}", u32::MAX),
        "u64" => format!("0–{}", u64::MAX),
        "i32" => format!("{}–{}", i32::MIN, i32::MAX),
        "i64" => format!("{}–{}", i64::MIN, i64::MAX),
        other => other.to_owned(),
    }
}

/// Takes the code out of `code: explanation`, as domain types write it.
fn told(path: String, text: String) -> Field {
    let code = text.split_once(':').map_or(text.as_str(), |(code, _)| code);
    let is_code = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_code {
        return Field { path, code: code.to_owned().into(), params: serde_json::Map::new() };
    }
    fault(path, "invalid_value", &[("reason", text.into())])
}

fn below(path: String, name: &str) -> String {
    let there = path == name || path.strip_suffix(name).is_some_and(|head| head.ends_with('.'));
    match path.as_str() {
        _ if name.is_empty() => path,
        "" => name.to_owned(),
        _ if there => path,
        _ => format!("{path}.{name}"),
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self::Invalid(text.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::WrongType(expected.to_string())
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match found {
            Unexpected::Signed(_) | Unexpected::Unsigned(_) | Unexpected::Float(_) => {
                Self::OutOfRange(expected.to_string())
            }
            _ => Self::Invalid(expected.to_string()),
        }
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::WrongType(expected.to_string())
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self::UnknownValue(known)
    }

    fn unknown_field(name: &str, _: &'static [&'static str]) -> Self {
        Self::Unknown(name.to_owned())
    }

    fn missing_field(name: &'static str) -> Self {
        Self::Missing(name)
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::Duplicate(name)
    }
}

/// A JSON value as a source for serde, with our kind of fault.
pub struct Node(pub Value);

impl IntoDeserializer<'_, Misfit> for Node {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

fn entries(map: serde_json::Map<String, Value>) -> impl Iterator<Item = (String, Node)> {
    map.into_iter().map(|(name, value)| (name, Node(value)))
}

impl<'de> Deserializer<'de> for Node {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => visit_number(&number, visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => {
                let mut items = SeqDeserializer::new(items.into_iter().map(Node));
                let value = visitor.visit_seq(&mut items)?;
                items.end()?;
                Ok(value)
            }
            Value::Object(map) => visitor.visit_map(MapDeserializer::new(entries(map))),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::String(text) => visitor.visit_enum(text.into_deserializer()),
            Value::Object(map) => MapAccessDeserializer::new(MapDeserializer::new(entries(map)))
                .deserialize_enum(name, variants, visitor),
            _ => Err(Misfit::WrongType("a string".to_owned())),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        // serde would take a list of values in the order of the fields too
        if !self.0.is_object() {
            return Err(Misfit::WrongType("object".to_owned()));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Misfit> {
        // only a field that the type does not have is ever to be ignored
        Err(Misfit::Unknown(String::new()))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map identifier
    }
}

fn visit_number<'de, V: Visitor<'de>>(number: &serde_json::Number, visitor: V) -> Result<V::Value, Misfit> {
    if let Some(value) = number.as_i64() {
        return visitor.visit_i64(value);
    }
    if let Some(value) = number.as_u64() {
        return visitor.visit_u64(value);
    }
    let value = number.as_f64().ok_or_else(|| Misfit::OutOfRange("number".to_owned()))?;
    if value.fract() == 0.0 && value.abs() < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "checked: whole and exact")]
        return visitor.visit_i64(value as i64);
    }
    visitor.visit_f64(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use huiyin_i18n::{Locale, text};

    /// Contracts §2: what was wanted has a stable word, and a text in each language.
    #[test]
    fn every_kind_of_value_is_named_in_both_languages() {
        let wanted = [
            ("a string", "string", "文本", "text"),
            ("a character", "string", "文本", "text"),
            ("u32", "integer", "整数", "a whole number"),
            ("an integer between 1 and 5", "integer", "整数", "a whole number"),
            ("f64", "number", "数值", "a number"),
            ("a boolean", "boolean", "true 或 false", "true or false"),
            ("a sequence", "array", "列表", "a list"),
            ("null", "null", "null", "null"),
            ("struct Money", "object", "对象", "an object"),
        ];
        for (expected, word, zh, en) in wanted {
            let field = Misfit::WrongType(expected.to_owned()).into_field("a".to_owned());
            assert_eq!(field.params["expected"], word, "{expected}");
            let told = [Locale::ZhCn, Locale::En].map(|locale| text(locale, &field.code, &field.params));
            assert!(told[0].contains(zh) && told[1].contains(en), "{told:?}");
        }
    }

    /// Bad input (issue 3): a number beyond its range says the range.
    #[test]
    fn a_range_is_told_in_numbers() {
        let field = Misfit::OutOfRange("u8".to_owned()).into_field("count".to_owned());
        assert_eq!(field.params["expected"], "0–255");
    }
}
