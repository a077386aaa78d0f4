//! Values on the wire, by the type the server asks for or gives.

use super::super::Value;
use bytes::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use std::error::Error;

/// A value and a type that do not go together.
#[derive(Debug, thiserror::Error)]
#[error("{kind} does not go with {wire}")]
pub(crate) struct WrongType {
    kind: &'static str,
    wire: String,
}

type Boxed = Box<dyn Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, wire: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        match (self, wire) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(number), &Type::INT8) => number.to_sql(wire, out),
            (Self::Int(number), &Type::INT4) => narrow::<i32>(*number, wire)?.to_sql(wire, out),
            (Self::Int(number), &Type::INT2) => narrow::<i16>(*number, wire)?.to_sql(wire, out),
            (Self::Int(number @ 0..=1), &Type::BOOL) => (*number == 1).to_sql(wire, out),
            (Self::Real(number), &Type::FLOAT8) => number.to_sql(wire, out),
            (Self::Text(text), wire) if <&str as ToSql>::accepts(wire) => text.to_sql(wire, out),
            (Self::Blob(bytes), &Type::BYTEA) => bytes.to_sql(wire, out),
            _ => Err(wrong(self.kind(), wire)),
        }
    }

    // every type gets here, so that the error above can say what is wrong
    fn accepts(_wire: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(wire: &Type, raw: &'a [u8]) -> Result<Self, Boxed> {
        Ok(match *wire {
            Type::INT8 => Self::Int(i64::from_sql(wire, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(wire, raw)?.into()),
            Type::INT2 => Self::Int(i16::from_sql(wire, raw)?.into()),
            Type::BOOL => Self::Int(bool::from_sql(wire, raw)?.into()),
            Type::FLOAT8 => Self::Real(f64::from_sql(wire, raw)?),
            Type::FLOAT4 => Self::Real(f32::from_sql(wire, raw)?.into()),
            Type::BYTEA => Self::Blob(Vec::from_sql(wire, raw)?),
            _ if <&str as FromSql>::accepts(wire) => Self::Text(String::from_sql(wire, raw)?),
            _ => return Err(wrong("no portable value", wire)),
        })
    }

    fn from_sql_null(_wire: &Type) -> Result<Self, Boxed> {
        Ok(Self::Null)
    }

    fn accepts(_wire: &Type) -> bool {
        true
    }
}

fn narrow<T: TryFrom<i64>>(number: i64, wire: &Type) -> Result<T, Boxed> {
    T::try_from(number).map_err(|_| wrong("an integer this large", wire))
}

fn wrong(kind: &'static str, wire: &Type) -> Boxed {
    Box::new(WrongType { kind, wire: format!("{wire} (cast to bigint, double precision, text or bytea)") })
}
