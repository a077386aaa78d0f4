//! The answers that operations have in common, for the OpenAPI document.

use crate::problem::{PROBLEM_JSON, ProblemBody};
use std::collections::BTreeMap;
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder, ResponsesBuilder};
use utoipa::{IntoResponses, ToSchema};

fn problem(description: &str) -> RefOr<Response> {
    let schema = Ref::from_schema_name(ProblemBody::name());
    let content = Content::new(Some(schema));
    ResponseBuilder::new().description(description).content(PROBLEM_JSON, content).build().into()
}

fn responses(list: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    let builder = ResponsesBuilder::new();
    let all = list.iter().fold(builder, |builder, (status, text)| builder.response(*status, problem(text)));
    all.build().responses.into_iter().collect()
}

/// Refusals of every request without sign-in.
pub struct Open;

impl IntoResponses for Open {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(&[
            ("400", "The request cannot be read."),
            ("414", "The address is too long."),
            ("429", "Too many requests; see Retry-After."),
            ("500", "The server failed; the log has the request's id."),
            ("503", "Not available at the moment; see Retry-After."),
        ])
    }
}

/// Refusals of a request that reads.
pub struct Reading;

impl IntoResponses for Reading {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = Open::responses();
        all.extend(responses(&[
            ("401", "Nobody is signed in."),
            ("403", "The posts do not allow it."),
            ("404", "Not there, or not for this reader to know of."),
            ("422", "A parameter is wrong; see `fields`."),
        ]));
        all
    }
}

/// Refusals of a request that writes.
pub struct Writing;

impl IntoResponses for Writing {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = Reading::responses();
        all.extend(responses(&[
            ("408", "The body came too slowly."),
            ("409", "Contradicts what is there, or what changed meanwhile (`params.current`)."),
            ("413", "The body is too large."),
            ("415", "The body is not JSON."),
            ("422", "A field is wrong; see `fields`."),
            ("428", "Say with If-Match or `version` what has been seen."),
        ]));
        all
    }
}
