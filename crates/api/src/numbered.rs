//! Making what has a human number, such as a case or an incident.

use crate::answer::done;
use crate::edge::Edge;
use crate::problem::Problem;
use axum::http::header;
use axum::response::Response;
use huiyin_app::{Ctx, Error, Hint, Told, Tx};
use serde::{Deserialize, Serialize};

/// Makes something once for the request's key, keeps its block of numbers, tells
/// of it and names its address below `place`.
///
/// # Errors
/// What the use case gives, as a problem.
pub async fn made<T: Serialize>(
    edge: &Edge,
    ctx: Ctx,
    place: &str,
    make: impl FnOnce(&mut Tx<'_>, &Ctx) -> Result<(T, Hint), Error> + Send + 'static,
) -> Result<Response, Problem> {
    let org = ctx.org();
    let told = Told::default();
    let telling = told.clone();
    let answer = edge
        .app
        .once(ctx, 201, move |tx, ctx| {
            let (made, hint) = make(tx, ctx)?;
            telling.keep(tx, ctx, hint)?;
            Ok(made)
        })
        .await?;
    if !answer.repeated
        && let Ok(Numbered { number }) = serde_json::from_str(&answer.body)
    {
        edge.app.numbers.keep(org, number);
    }
    let id = told.publish(&edge.app.hints);
    let mut response = done(answer);
    if let Some(address) = id.and_then(|id| format!("{place}/{id}").parse().ok()) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    Ok(response)
}

/// The number in the answer, whose block is committed with it.
#[derive(Deserialize)]
struct Numbered<'a> {
    number: &'a str,
}
