//! The shape of the mapping file on the disk.

use super::target::{Import, Shape};
use crate::source::{Encoding, Format};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

/// A mapping file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingFile {
    pub(super) import: Import,
    pub(super) source: Spanned<String>,
    #[serde(default)]
    pub(super) zone: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) ignore: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) required: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) file: FileSection,
    #[serde(default)]
    pub(super) columns: BTreeMap<String, Spanned<ColumnSpec>>,
    #[serde(default)]
    pub(super) defaults: BTreeMap<String, Spanned<Scalar>>,
    #[serde(default)]
    pub(super) values: BTreeMap<String, Spanned<BTreeMap<String, Scalar>>>,
}

/// How to read the file, where detection is not wanted.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileSection {
    pub(super) format: Option<Format>,
    pub(super) encoding: Option<Encoding>,
    pub(super) delimiter: Option<Delimiter>,
    pub(super) sheet: Option<String>,
    pub(super) header_line: Option<std::num::NonZeroU32>,
}

/// A delimiter by its name.
#[derive(Clone, Copy, Deserialize)]
pub(super) enum Delimiter {
    #[serde(rename = ",", alias = "comma")]
    Comma,
    #[serde(rename = ";", alias = "semicolon")]
    Semicolon,
    #[serde(rename = "\t", alias = "tab")]
    Tab,
}

impl Delimiter {
    /// Gives the byte.
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// What one column becomes; a bare name stands for `{ to = name }`.
pub(super) struct ColumnSpec(pub(super) ColumnTable);

/// What one column becomes, in full.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnTable {
    #[serde(deserialize_with = "one_or_many")]
    pub(super) to: Vec<String>,
    #[serde(default, rename = "type")]
    pub(super) shape: Option<Shape>,
    #[serde(default, deserialize_with = "one_or_many")]
    pub(super) formats: Vec<String>,
    pub(super) values: Option<String>,
    pub(super) separator: Option<String>,
    pub(super) default: Option<Scalar>,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) may_be_absent: bool,
}

/// A text, number or truth value, kept as text.
pub(super) struct Scalar(pub(super) String);

impl<'de> Deserialize<'de> for ColumnSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = ColumnSpec;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a target, or a table with `to`")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<ColumnSpec, E> {
                Ok(ColumnSpec(ColumnTable { to: vec![name.to_owned()], ..ColumnTable::default() }))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ColumnSpec, A::Error> {
                ColumnTable::deserialize(MapAccessDeserializer::new(map)).map(ColumnSpec)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Plain;
        impl Visitor<'_> for Plain {
            type Value = Scalar;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a whole number, true or false")
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<Scalar, E> {
                Ok(Scalar(value.to_owned()))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }
            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }
        }
        deserializer.deserialize_any(Plain)
    }
}

/// Reads one text or a list of texts.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Either;
    impl<'de> Visitor<'de> for Either {
        type Value = Vec<String>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text or a list of texts")
        }
        fn visit_str<E: de::Error>(self, value: &str) -> Result<Vec<String>, E> {
            Ok(vec![value.to_owned()])
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<String>, A::Error> {
            let mut texts = Vec::new();
            while let Some(text) = seq.next_element()? {
                texts.push(text);
            }
            Ok(texts)
        }
    }
    deserializer.deserialize_any(Either)
}
