//! Ids in addresses: one that cannot be is one that is not there.

use crate::problem::Problem;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use std::str::FromStr;

/// The first parameter of the address.
///
/// A malformed one answers 404 like an unknown one, so that an address tells
/// nothing about how ids are made.
#[derive(Clone, Copy, Debug)]
pub struct Id<A>(pub A);

/// The first two parameters of the address.
#[derive(Clone, Debug)]
pub struct Id2<A, B>(pub A, pub B);

impl<A: FromStr, S: Send + Sync> FromRequestParts<S> for Id<A> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let words = words(parts, state).await?;
        Ok(Self(nth(&words, 0)?))
    }
}

impl<A: FromStr, B: FromStr, S: Send + Sync> FromRequestParts<S> for Id2<A, B> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let words = words(parts, state).await?;
        Ok(Self(nth(&words, 0)?, nth(&words, 1)?))
    }
}

async fn words<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Vec<String>, Problem> {
    let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())?;
    Ok(params.iter().map(|(_, value)| value.to_owned()).collect())
}

fn nth<T: FromStr>(words: &[String], index: usize) -> Result<T, Problem> {
    words.get(index).and_then(|word| word.parse().ok()).ok_or_else(Problem::not_found)
}
