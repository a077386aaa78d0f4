//! The OpenAPI 3.1 document, made from the code.

use crate::edge::Edge;
use crate::idempotency::{self, KeyHeader};
use crate::problem::{FieldBody, Problem, ProblemBody};
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::{MethodRouter, get};
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Schema};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, Ref, RefOr, Response};
use utoipa::{IntoParams as _, Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

/// Where the versioned API begins.
pub const BASE: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Huiyin 回音",
        description = "Complaints from first contact to verified closure. Every error is \
            `application/problem+json` with a stable `code`. Writes by cookie need a matching \
            `Origin`; tokens need none.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT")
    ),
    components(schemas(ProblemBody, FieldBody)),
    modifiers(&Security),
    security(("token" = []), ("session" = [])),
    servers((url = "/", description = "This installation"))
)]
struct Base;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let token =
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API token")).build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let cookie = ApiKeyValue::with_description("huiyin", "`__Host-huiyin` over TLS");
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// Gives all operations with their description.
pub(crate) fn api() -> OpenApiRouter<Edge> {
    let mut routes = OpenApiRouter::with_openapi(Base::openapi()).nest(BASE, crate::operations());
    let document = routes.get_openapi_mut();
    name_key(document);
    name_problems(document);
    close_variants(document);
    let components = document.components.get_or_insert_default();
    components.schemas.values_mut().for_each(say_null_once);
    routes
}

/// Operations that take no key: what they change is the session itself or a
/// secret, or nothing; their answer is never kept, and a repeat does no harm.
const WITHOUT_KEY: [&str; 6] =
    ["change_password", "check_phrases", "set_pin", "suggest_text", "switch_organisation", "switch_person"];

/// Says at every POST of somebody signed in that it takes a key.
fn name_key(document: &mut Document) {
    for item in document.paths.paths.values_mut() {
        let takes_key = |operation: &&mut Operation| {
            let id = operation.operation_id.as_deref().unwrap_or_default();
            operation.security.is_none() && !WITHOUT_KEY.contains(&id)
        };
        let Some(operation) = item.post.as_mut().filter(takes_key) else { continue };
        let listed = operation.parameters.get_or_insert_default();
        if !listed.iter().any(|known| matches!(known, RefOr::T(known) if known.name == idempotency::HEADER)) {
            listed.extend(KeyHeader::into_params(|| Some(ParameterIn::Header)).into_iter().map(RefOr::T));
        }
    }
}

/// Writes each kind of refusal down once and lets operations name it; written
/// out at every operation they would be nine tenths of the document.
fn name_problems(document: &mut Document) {
    let mut known: Vec<(String, Response)> = Vec::new();
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        for (status, answer) in &mut operation.responses.responses {
            let RefOr::T(response) = answer else { continue };
            if !status.starts_with(['4', '5']) {
                continue;
            }
            let name = match known.iter().find(|(_, same)| same == response) {
                Some((name, _)) => name.clone(),
                None => {
                    let base = format!("Problem{status}");
                    let others = known.iter().filter(|(name, _)| name.starts_with(&base)).count();
                    let name = if others == 0 { base } else { format!("{base}_{}", others + 1) };
                    known.push((name.clone(), response.clone()));
                    name
                }
            };
            *answer = RefOr::Ref(Ref::from_response_name(name));
        }
    }
    let components = document.components.get_or_insert_default();
    components.responses.extend(known.into_iter().map(|(name, response)| (name, RefOr::T(response))));
}

/// Says once that a personal text may be null: its schema has it already, and
/// a null that fits two of `oneOf` fits none.
fn say_null_once(schema: &mut RefOr<Schema>) {
    let RefOr::T(inner) = schema else { return };
    match inner {
        Schema::OneOf(one) => {
            if let Some(text) = one.items.iter().find_map(personal_text) {
                *schema = RefOr::Ref(text);
                return;
            }
            one.items.iter_mut().for_each(say_null_once);
        }
        Schema::AllOf(all) => all.items.iter_mut().for_each(say_null_once),
        Schema::AnyOf(any) => any.items.iter_mut().for_each(say_null_once),
        Schema::Object(object) => {
            object.properties.values_mut().for_each(say_null_once);
            if let Some(AdditionalProperties::RefOr(values)) = object.additional_properties.as_deref_mut() {
                say_null_once(values);
            }
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                say_null_once(items);
            }
        }
        _ => {}
    }
}

/// Says of bodies of several shapes that nothing else may stand in them.
///
/// So the strict reader sees it; the derive says it of bodies with one shape only.
fn close_variants(document: &mut Document) {
    let named = |operation: &mut Operation| {
        let Some(RefOr::T(body)) = &operation.request_body else { return Vec::new() };
        let refs = body.content.values().filter_map(|content| match content {
            RefOr::T(content) => match &content.schema {
                Some(RefOr::Ref(named)) => named.ref_location.rsplit('/').next().map(str::to_owned),
                _ => None,
            },
            RefOr::Ref(_) => None,
        });
        refs.collect()
    };
    let bodies: Vec<String> =
        document.paths.paths.values_mut().flat_map(operations).flat_map(named).collect();
    let components = document.components.get_or_insert_default();
    for name in bodies {
        let Some(RefOr::T(Schema::OneOf(one))) = components.schemas.get_mut(&name) else { continue };
        for item in &mut one.items {
            if let RefOr::T(Schema::Object(object)) = item {
                object.additional_properties.get_or_insert(Box::new(AdditionalProperties::FreeForm(false)));
            }
        }
    }
}

fn personal_text(schema: &RefOr<Schema>) -> Option<Ref> {
    match schema {
        RefOr::Ref(named) if named.ref_location.ends_with("/Sealed") => Some(named.clone()),
        _ => None,
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().filter_map(Option::as_mut)
}

/// Makes the document of this build.
#[must_use]
pub fn document() -> Document {
    api().into_openapi()
}

/// Makes the route that answers with the document.
///
/// It is kept as text: the tree that it is made of takes many times the memory.
pub(crate) fn route(document: &Document) -> MethodRouter<Edge> {
    let text = serde_json::to_vec(document).map(Bytes::from).ok();
    get(async move || {
        let text = text.clone().ok_or_else(Problem::internal)?;
        Ok::<_, Problem>(([(CONTENT_TYPE, "application/json")], text))
    })
}
