//! Finds the commitments that an event carries, by their type and not by how
//! they look: a digest of something else is as long and no personal text.

use std::collections::BTreeSet;
use std::fmt::{self, Display};

use serde::ser::{self, Serialize, Serializer};

/// Name of the type of a commitment, as it is written out.
const SEALED: &str = "Sealed";

/// Adds every commitment in a value.
pub(super) fn gather(value: &impl Serialize, found: &mut BTreeSet<String>) {
    // what has no words holds no commitment either, so nothing can go wrong
    let _ = value.serialize(&mut Finder { found, sealed: false });
}

/// Walks through a value and keeps only words that are commitments.
struct Finder<'a> {
    found: &'a mut BTreeSet<String>,
    sealed: bool,
}

/// Never made; a walk cannot fail.
#[derive(Debug)]
struct Never;

impl Display for Never {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a value cannot be walked through")
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

macro_rules! nothing {
    ($($name:ident($ty:ty)),+ $(,)?) => {
        $(fn $name(self, _: $ty) -> Result<(), Never> {
            Ok(())
        })+
    };
}

impl Serializer for &mut Finder<'_> {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    nothing!(
        serialize_bool(bool),
        serialize_i8(i8),
        serialize_i16(i16),
        serialize_i32(i32),
        serialize_i64(i64),
        serialize_u8(u8),
        serialize_u16(u16),
        serialize_u32(u32),
        serialize_u64(u64),
        serialize_f32(f32),
        serialize_f64(f64),
        serialize_char(char),
        serialize_bytes(&[u8]),
        serialize_unit_struct(&'static str),
    );

    fn serialize_str(self, word: &str) -> Result<(), Never> {
        if self.sealed {
            self.found.insert(word.to_owned());
        }
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Never> {
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), Never> {
        Ok(())
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), Never> {
        Ok(())
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(&mut Finder { found: self.found, sealed: name == SEALED })
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Never> {
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Never> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Never> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Never> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Never> {
        Ok(self)
    }
}

macro_rules! parts {
    ($($kind:ident :: $part:ident),+ $(,)?) => {
        $(impl ser::$kind for &mut Finder<'_> {
            type Ok = ();
            type Error = Never;

            fn $part<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Never> {
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), Never> {
                Ok(())
            }
        })+
    };
}

parts!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field,
);

impl ser::SerializeMap for &mut Finder<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, _: &T) -> Result<(), Never> {
        Ok(())
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}

macro_rules! fields {
    ($($kind:ident),+) => {
        $(impl ser::$kind for &mut Finder<'_> {
            type Ok = ();
            type Error = Never;

            fn serialize_field<T: ?Sized + Serialize>(
                &mut self,
                _: &'static str,
                value: &T,
            ) -> Result<(), Never> {
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), Never> {
                Ok(())
            }
        })+
    };
}

fields!(SerializeStruct, SerializeStructVariant);

#[cfg(test)]
mod tests {
    use super::*;
    use huiyin_domain::text::Sealed;
    use serde::Serialize;
    use std::collections::BTreeMap;

    #[derive(Serialize)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    enum Event {
        Signed { digest: String, name: Option<Sealed>, fields: BTreeMap<String, Sealed> },
        Linked(Linked),
    }

    #[derive(Serialize)]
    struct Linked {
        #[serde(flatten)]
        about: About,
        words: Vec<(u8, Sealed)>,
    }

    #[derive(Serialize)]
    struct About {
        why: Sealed,
    }

    /// X-42, D4: a digest in an event is no personal text, whatever its length; a
    /// commitment is one, wherever it stands.
    #[test]
    fn commitments_are_found_by_their_type() {
        let sealed = |letter: &str| Sealed(letter.repeat(43));
        let fields = BTreeMap::from([("batch".to_owned(), sealed("b"))]);
        let signed = Event::Signed { digest: "d".repeat(43), name: Some(sealed("a")), fields };
        let about = About { why: sealed("w") };
        let linked = Event::Linked(Linked { about, words: vec![(1, sealed("x"))] });
        let mut found = BTreeSet::new();
        gather(&signed, &mut found);
        gather(&linked, &mut found);
        let wanted = ["a", "b", "w", "x"].map(|letter| letter.repeat(43));
        assert_eq!(found, BTreeSet::from(wanted));
    }
}
