//! Strict query parameters: known names, once each, well encoded.

use crate::problem::{Field, Problem, limited};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, Deserializer, Error as _, IntoDeserializer, Visitor};
use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::json::Misfit;

/// Longest query string, in bytes.
pub const MAX_QUERY: usize = 8 * 1024;

/// Query parameters of a known shape; unknown names are refused.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: de::DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parse(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Parameters of two shapes in one query, such as a filter and a page of it.
#[derive(Debug)]
pub struct Both<A, B>(pub A, pub B);

/// Parameters that may stand beside others.
pub trait Beside {
    /// Their names.
    const NAMES: &'static [&'static str];
}

impl<A, B, S> FromRequestParts<S> for Both<A, B>
where
    A: de::DeserializeOwned,
    B: de::DeserializeOwned + Beside,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let all = words(parts.uri.query().unwrap_or_default())?;
        let (own, rest) = all.into_iter().partition(|(name, _)| B::NAMES.contains(&name.as_str()));
        Ok(Self(read(rest)?, read(own)?))
    }
}

/// Reads a query string; a list is one parameter with commas.
///
/// # Errors
/// 400 for broken encoding, 422 with the parameter's name for the rest.
pub fn parse<T: de::DeserializeOwned>(query: &str) -> Result<T, Problem> {
    read(words(query)?)
}

/// The parameter that holds words to look for, in every list that has one.
const WORDS: &str = "q";

/// Makes one line of words that were pasted: white space and control characters
/// become one space each run, and none is left at the ends.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Takes a query string apart; each name once.
fn words(query: &str) -> Result<BTreeMap<String, Word>, Problem> {
    if query.len() > MAX_QUERY {
        return Err(Problem::new(StatusCode::URI_TOO_LONG, "too_long").with("limit", MAX_QUERY));
    }
    let mut words = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, mut value) = (decode(name)?, decode(value)?);
        if name == WORDS {
            value = one_line(&value);
        }
        if value.chars().any(char::is_control) {
            return Err(invalid(name.clone(), "control_character"));
        }
        if words.insert(name.clone(), Word(value)).is_some() {
            return Err(invalid(name, "duplicate_key"));
        }
    }
    Ok(words)
}

fn read<T: de::DeserializeOwned>(words: BTreeMap<String, Word>) -> Result<T, Problem> {
    let source = MapDeserializer::<_, Misfit>::new(words.into_iter());
    serde_path_to_error::deserialize(source).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        refusal(error.into_inner().into_field(path))
    })
}

/// Insists that a text of the query is no longer than the document says.
///
/// # Errors
/// 422 with the parameter's name.
pub fn no_longer(name: &str, value: Option<&str>, limit: usize) -> Result<(), Problem> {
    limited("invalid_query", (name, value), limit)
}

fn invalid(path: String, code: &'static str) -> Problem {
    refusal(Field { path, code: code.into(), params: serde_json::Map::new() })
}

fn refusal(field: Field) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_query").field(field)
}

/// Undoes percent encoding; what is broken is refused, never guessed.
pub(crate) fn decode(text: &str) -> Result<String, Problem> {
    let broken = || Problem::new(StatusCode::BAD_REQUEST, "invalid_encoding");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let plain = match byte {
            b'+' => b' ',
            b'%' => {
                let high = rest.next().and_then(|digit| char::from(digit).to_digit(16)).ok_or_else(broken)?;
                let low = rest.next().and_then(|digit| char::from(digit).to_digit(16)).ok_or_else(broken)?;
                u8::try_from(high * 16 + low).map_err(|_| broken())?
            }
            other => other,
        };
        bytes.push(plain);
    }
    String::from_utf8(bytes).map_err(|_| broken())
}

/// One parameter's text, read as whatever its field needs.
struct Word(String);

impl IntoDeserializer<'_, Misfit> for Word {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty),+ $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            let number: $type = self.0.parse().map_err(|_| Misfit::WrongType(stringify!($type).to_owned()))?;
            visitor.$visit(number)
        }
    )+};
}

impl<'de> Deserializer<'de> for Word {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_string(self.0)
    }

    numbers! {
        deserialize_bool visit_bool bool,
        deserialize_i32 visit_i32 i32, deserialize_i64 visit_i64 i64,
        deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64,
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_some(self)
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
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_enum(Cow::<str>::Owned(self.0).into_deserializer())
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let words: Vec<_> = self.0.split(',').map(|word| Word(word.to_owned())).collect();
        visitor.visit_seq(SeqDeserializer::new(words.into_iter()))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Misfit> {
        Err(Misfit::unknown_field("", &[]))
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i128 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct tuple tuple_struct map struct identifier
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Stage {
        Received,
        Closed,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Filter {
        q: Option<String>,
        limit: Option<u32>,
        status: Vec<Stage>,
    }

    /// contracts §2: lists take filters, a limit and a cursor.
    #[test]
    fn filters_are_read_with_their_types() {
        let filter: Filter = parse("q=%E5%BC%A0+13&limit=20&status=received,closed").expect("right");
        let status = vec![Stage::Received, Stage::Closed];
        assert_eq!(filter, Filter { q: Some("张 13".into()), limit: Some(20), status });
        assert_eq!(parse::<Filter>("").expect("empty"), Filter::default());
    }

    /// Issue 6 §1: words that were pasted from a chat are one line; nothing of them is lost.
    #[test]
    fn pasted_words_become_one_line() {
        for (query, q) in [
            ("q=%E7%94%B5%E6%A2%AF%0A%E5%9D%8F%E4%BA%86", "电梯 坏了"),
            ("q=%0D%0Aa%09%E3%80%80b%0A%0A", "a b"),
            ("q=a%00%7Fb%C2%85c", "a b c"),
            ("q=%0A", ""),
        ] {
            assert_eq!(parse::<Filter>(query).expect(query).q.as_deref(), Some(q), "{query}");
        }
    }

    /// Bad input (issue 3): a text is as long as the document says, in characters.
    #[test]
    fn a_text_beyond_its_length_is_named() {
        assert!(no_longer("kind", None, 2).is_ok() && no_longer("kind", Some("补偿"), 2).is_ok());
        let refused = no_longer("kind", Some("补偿款"), 2).expect_err("too long");
        assert_eq!(
            (refused.status, refused.fields[0].path.as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "kind")
        );
        assert_eq!(refused.fields[0].code, "too_long");
    }

    /// Bad input (issue 3): query parameters are as strict as bodies.
    #[test]
    fn wrong_parameters_are_named() {
        for (query, status, path, code) in [
            ("x=1", 422, "x", "unknown_field"),
            ("limit=many", 422, "limit", "wrong_type"),
            ("limit=-1", 422, "limit", "wrong_type"),
            ("limit=99999999999", 422, "limit", "wrong_type"),
            ("q=a&q=b", 422, "q", "duplicate_key"),
            ("limit=2%00", 422, "limit", "control_character"),
            ("status=received%0A", 422, "status", "control_character"),
            ("status=open", 422, "status[0]", "unknown_value"),
            ("q=%ZZ", 400, "", ""),
            ("q=%FF", 400, "", ""),
            ("q=%", 400, "", ""),
        ] {
            let problem = parse::<Filter>(query).expect_err(query);
            let field = problem.fields.first();
            assert_eq!(problem.status.as_u16(), status, "{query}");
            assert_eq!(field.map_or("", |field| field.path.as_str()), path, "{query}");
            assert_eq!(field.map_or("", |field| field.code.as_ref()), code, "{query}");
        }
        let long = format!("q={}", "a".repeat(MAX_QUERY));
        assert_eq!(parse::<Filter>(&long).expect_err("long").status, StatusCode::URI_TOO_LONG);
    }
}
