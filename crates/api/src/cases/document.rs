//! The actions in the OpenAPI document: one operation each, from the catalogue.

use super::act::ActedOut;
use crate::responses::Writing;
use crate::{idempotency, version};
use huiyin_domain::case::{ClosureKind, CommandKind, Stage, Target, body_schemas};
use huiyin_domain::ids::CaseId;
use std::collections::BTreeMap;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, PathsBuilder,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{
    ComponentsBuilder, Content, OpenApi, OpenApiBuilder, Ref, RefOr, Required, ResponseBuilder,
    ResponsesBuilder,
};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

/// Names the schema of an action's body: `offer_option` is `OfferOptionBody`.
pub(super) fn schema_name(action: &str) -> String {
    let moves = CommandKind::parse(action).is_some_and(|kind| matches!(kind, CommandKind::Move(_)));
    let words = if moves { "move" } else { action };
    let mut name: String = words
        .split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        })
        .collect();
    name.push_str("Body");
    name
}

/// Describes every action that some pack may have.
pub(super) fn actions() -> OpenApi {
    let mut schemas: Vec<(String, RefOr<Schema>)> = Vec::new();
    body_schemas(|action, schema_of| {
        let name = if action == "move" { "MoveBody".to_owned() } else { schema_name(action) };
        let schema = schema_of(&mut schemas);
        schemas.push((name, with_version(schema)));
    });
    ActedOut::schemas(&mut schemas);
    schemas.push((ActedOut::name().into_owned(), ActedOut::schema()));
    let moves = Stage::ALL
        .iter()
        .filter(|stage| !matches!(stage, Stage::Received | Stage::Closed))
        .map(|stage| Target::Stage(*stage))
        .chain(ClosureKind::ALL.iter().map(|kind| Target::Closed(*kind)));
    let kinds = CommandKind::FACTS.iter().copied().chain(moves.map(CommandKind::Move));
    let paths = kinds.filter(|kind| !kind.is_apart()).fold(PathsBuilder::new(), |paths, kind| {
        paths.path(format!("/cases/{{id}}/actions/{}", kind.as_str()), operation(kind))
    });
    let components = ComponentsBuilder::new().schemas_from_iter(schemas).build();
    OpenApiBuilder::new().paths(paths.build()).components(Some(components)).build()
}

/// A body may carry the version instead of the header.
fn with_version(schema: RefOr<Schema>) -> RefOr<Schema> {
    let RefOr::T(Schema::Object(mut object)) = schema else { return schema };
    let version = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(crate::version::LARGEST))
        .description(Some("The version that was seen, where no `If-Match` says it."))
        .build();
    object.properties.insert("version".to_owned(), RefOr::T(Schema::Object(version)));
    RefOr::T(Schema::Object(object))
}

/// A text of the shape that a pattern gives.
fn shaped(pattern: &str) -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build();
    RefOr::T(Schema::Object(text))
}

fn operation(kind: CommandKind) -> PathItem {
    let action = kind.as_str();
    let text = |name: &str| ParameterBuilder::new().name(name.to_owned());
    let id = text("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(CaseId::schema()))
        .build();
    let if_match = text("If-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The version that was seen, in quotes; needed where the action overwrites"))
        .schema(Some(shaped(version::PATTERN)))
        .build();
    let key = text("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .schema(Some(shaped(idempotency::PATTERN)))
        .build();
    let json = |name: &str| Content::new(Some(Ref::from_schema_name(name)));
    let body = RequestBodyBuilder::new()
        .content("application/json", json(&schema_name(action)))
        .required(Some(Required::True))
        .build();
    let acted = ResponseBuilder::new()
        .description("Done")
        .content("application/json", json(&ActedOut::name()))
        .build();
    let refusals: BTreeMap<String, RefOr<utoipa::openapi::Response>> = Writing::responses();
    let responses = refusals
        .into_iter()
        .fold(ResponsesBuilder::new(), |all, (status, response)| all.response(status, response));
    let operation = OperationBuilder::new()
        .operation_id(Some(format!("act_{action}")))
        .tag("actions")
        .summary(Some(format!("Take the action {action}")))
        .parameter(id)
        .parameter(if_match)
        .parameter(key)
        .request_body(Some(body))
        .responses(responses.response("200", acted).build())
        .build();
    PathItem::new(HttpMethod::Post, operation)
}
