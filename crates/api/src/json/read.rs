//! From bytes to a JSON value: encoding, depth, doubled keys, text.

use super::{MAX_TEXT, fault};
use crate::problem::{Field, Problem};
use axum::http::StatusCode;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Deepest nesting of arrays and objects in a body.
pub const MAX_DEPTH: usize = 32;

/// Reads one JSON value and nothing after it.
///
/// # Errors
/// 400 when it is not JSON in UTF-8, 422 for what the house refuses in JSON.
pub fn read(bytes: &[u8]) -> Result<Value, Problem> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "empty_body"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST, "invalid_utf8").with("position", error.valid_up_to())
    })?;
    let mut walk = Walk::default();
    let mut source = serde_json::Deserializer::from_str(text);
    let value = Checked { walk: &mut walk, depth: 0 }.deserialize(&mut source);
    match value.and_then(|value| source.end().map(|()| value)) {
        Ok(value) => Ok(value),
        Err(error) => Err(walk.fault.map_or_else(|| syntax(&error), Problem::invalid_body)),
    }
}

fn syntax(error: &serde_json::Error) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid_json")
        .with("line", error.line())
        .with("column", error.column())
}

/// Where the reader is, and the first thing that it refused.
#[derive(Default)]
struct Walk {
    path: String,
    fault: Option<Field>,
}

impl Walk {
    fn refuse<E: serde::de::Error>(&mut self, code: &'static str, params: &[(&str, Value)]) -> E {
        self.fault = Some(fault(self.path.clone(), code, params));
        E::custom(code)
    }

    fn check_text<E: serde::de::Error>(&mut self, text: &str) -> Result<(), E> {
        if text.len() > MAX_TEXT {
            return Err(self.refuse("too_long", &[("limit", MAX_TEXT.into())]));
        }
        if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
            return Err(self.refuse("control_character", &[]));
        }
        Ok(())
    }
}

struct Checked<'w> {
    walk: &'w mut Walk,
    depth: usize,
}

impl Checked<'_> {
    fn descend<E: serde::de::Error>(&mut self) -> Result<usize, E> {
        if self.depth >= MAX_DEPTH {
            return Err(self.walk.refuse("too_deep", &[("limit", MAX_DEPTH.into())]));
        }
        Ok(self.depth + 1)
    }
}

impl<'de> DeserializeSeed<'de> for Checked<'_> {
    type Value = Value;
    fn deserialize<D: serde::Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Checked<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        self.walk.check_text(text)?;
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let depth = self.descend()?;
        let mut array = Vec::new();
        let length = self.walk.path.len();
        loop {
            self.walk.path.push_str(&format!("[{}]", array.len()));
            let item = items.next_element_seed(Checked { walk: &mut *self.walk, depth })?;
            self.walk.path.truncate(length);
            match item {
                Some(item) => array.push(item),
                None => return Ok(Value::Array(array)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Value, A::Error> {
        let depth = self.descend()?;
        let mut object = Map::new();
        let length = self.walk.path.len();
        while let Some(key) = entries.next_key::<String>()? {
            self.walk.check_text::<A::Error>(&key)?;
            if length > 0 {
                self.walk.path.push('.');
            }
            self.walk.path.push_str(&key);
            if object.contains_key(&key) {
                return Err(self.walk.refuse("duplicate_key", &[]));
            }
            let value = entries.next_value_seed(Checked { walk: &mut *self.walk, depth })?;
            self.walk.path.truncate(length);
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}
