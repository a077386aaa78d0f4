//! The operations of papers in the OpenAPI document, made from their rules.

use super::serve::PapersQuery;
use crate::answer::PageQuery;
use crate::responses::{Reading, Writing};
use crate::{idempotency, version};
use huiyin_domain::ids::CaseId;
use huiyin_domain::paper::{Paper, Step};
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem, PathsBuilder,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{
    ComponentsBuilder, Content, OpenApi, OpenApiBuilder, Ref, RefOr, Required, ResponseBuilder,
    ResponsesBuilder,
};
use utoipa::{IntoParams, IntoResponses, PartialSchema, ToSchema};

type Schemas = Vec<(String, RefOr<Schema>)>;

/// Describes the operations of one kind of paper at its address.
pub(super) fn of<P: Paper>(base: &'static str) -> OpenApi {
    let words = Words::of::<P>();
    let mut schemas: Schemas = Vec::new();
    P::schemas(&mut schemas);
    schemas.push((P::name().into_owned(), P::schema()));
    P::New::schemas(&mut schemas);
    schemas.push((P::New::name().into_owned(), P::New::schema()));
    schemas.push((words.line.clone(), line(&words.paper)));
    schemas.push((words.page.clone(), page(&words.line)));
    schemas.push((words.view.clone(), view(&words.paper)));
    schemas.push(("PaperActed".to_owned(), acted()));
    let open = base.trim_start_matches('/').replace('-', "_");
    let mut collection = PathItem::new(HttpMethod::Get, listing(&open, &words));
    collection.post = Some(opening(&P::New::name(), &words));
    let mut paths = PathsBuilder::new()
        .path(base, collection)
        .path(format!("{base}/{{id}}"), PathItem::new(HttpMethod::Get, reading(&words)));
    P::Step::schemas(&mut |step, schema_of| {
        let name = format!("{}{}Body", words.paper, camel(step));
        let schema = with_version(schema_of(&mut schemas));
        schemas.push((name.clone(), schema));
        paths = std::mem::take(&mut paths).path(
            format!("{base}/{{id}}/actions/{step}"),
            PathItem::new(HttpMethod::Post, acting(step, &name, &words)),
        );
    });
    let components = ComponentsBuilder::new().schemas_from_iter(schemas).build();
    OpenApiBuilder::new().paths(paths.build()).components(Some(components)).build()
}

/// How the kind is called in the document.
struct Words {
    kind: &'static str,
    paper: String,
    line: String,
    page: String,
    view: String,
}

impl Words {
    fn of<P: Paper>() -> Self {
        let paper = P::name().into_owned();
        Self {
            kind: P::KIND.as_str(),
            line: format!("{paper}Line"),
            page: format!("{paper}Page"),
            view: format!("{paper}View"),
            paper,
        }
    }
}

fn camel(words: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    words.split('_').map(capital).collect()
}

fn json(name: &str) -> Content {
    Content::new(Some(Ref::from_schema_name(name)))
}

fn listing(collection: &str, words: &Words) -> Operation {
    let found = ResponseBuilder::new()
        .description("A page, newest first")
        .content("application/json", json(&words.page));
    let page = PageQuery::into_params(|| Some(ParameterIn::Query));
    PapersQuery::into_params(|| Some(ParameterIn::Query))
        .into_iter()
        .chain(page)
        .fold(operation(format!("list_{collection}"), words), OperationBuilder::parameter)
        .summary(Some(format!("List what there is of {}", words.kind)))
        .responses(refusals::<Reading>().response("200", found).build())
        .build()
}

fn opening(new: &str, words: &Words) -> Operation {
    let done = ResponseBuilder::new().description("Opened").content("application/json", json("PaperActed"));
    operation(format!("open_{}", words.kind), words)
        .summary(Some(format!("Open a {}", words.kind)))
        .parameter(key())
        .request_body(Some(body(new)))
        .responses(refusals::<Writing>().response("201", done).build())
        .build()
}

fn reading(words: &Words) -> Operation {
    let found = ResponseBuilder::new()
        .description("The paper, its history, and what may be done with it")
        .content("application/json", json(&words.view));
    operation(format!("get_{}", words.kind), words)
        .summary(Some(format!("See a {}", words.kind)))
        .parameter(id())
        .responses(refusals::<Reading>().response("200", found).build())
        .build()
}

fn acting(step: &str, schema: &str, words: &Words) -> Operation {
    let done = ResponseBuilder::new().description("Done").content("application/json", json("PaperActed"));
    let if_match = ParameterBuilder::new()
        .name("If-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The version that was seen, in quotes"))
        .schema(Some(shaped(version::PATTERN)))
        .build();
    operation(format!("act_{}_{step}", words.kind), words)
        .summary(Some(format!("Take the step {step} of a {}", words.kind)))
        .parameter(id())
        .parameter(if_match)
        .parameter(key())
        .request_body(Some(body(schema)))
        .responses(refusals::<Writing>().response("200", done).build())
        .build()
}

fn operation(name: String, words: &Words) -> OperationBuilder {
    OperationBuilder::new().operation_id(Some(name)).tag(words.kind)
}

fn refusals<R: IntoResponses>() -> ResponsesBuilder {
    R::responses().into_iter().fold(ResponsesBuilder::new(), |all, (status, one)| all.response(status, one))
}

fn body(schema: &str) -> utoipa::openapi::request_body::RequestBody {
    RequestBodyBuilder::new().content("application/json", json(schema)).required(Some(Required::True)).build()
}

fn id() -> Parameter {
    ParameterBuilder::new()
        .name("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(CaseId::schema()))
        .build()
}

fn key() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .schema(Some(shaped(idempotency::PATTERN)))
        .build()
}

fn shaped(pattern: &str) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build().into()
}

fn text() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).build().into()
}

fn maybe_text() -> RefOr<Schema> {
    use utoipa::openapi::schema::SchemaType;
    ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null])).build().into()
}

fn number() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(version::LARGEST))
        .build()
        .into()
}

/// A body may carry the version instead of the header.
fn with_version(schema: RefOr<Schema>) -> RefOr<Schema> {
    let RefOr::T(Schema::Object(mut object)) = schema else { return schema };
    object.properties.insert("version".to_owned(), number());
    RefOr::T(Schema::Object(object))
}

fn shared(paper: &str) -> ObjectBuilder {
    let mut object = ObjectBuilder::new();
    for (name, schema) in [
        ("id", text()),
        ("version", number()),
        ("unit", text()),
        ("case", maybe_text()),
        ("period", maybe_text()),
        ("state", text()),
        ("opened_at", text()),
        ("opened_by", maybe_text()),
        ("changed_at", text()),
        ("due_at", maybe_text()),
    ] {
        object = object.property(name, schema).required(name);
    }
    object.property("paper", Ref::from_schema_name(paper)).required("paper")
}

fn line(paper: &str) -> RefOr<Schema> {
    shared(paper).build().into()
}

fn page(line: &str) -> RefOr<Schema> {
    let items = ArrayBuilder::new().items(Ref::from_schema_name(line)).build();
    let page = ObjectBuilder::new().property("items", items).required("items");
    page.property("next_cursor", maybe_text()).required("next_cursor").build().into()
}

fn view(paper: &str) -> RefOr<Schema> {
    let anything = || ObjectBuilder::new().schema_type(Type::Object).build();
    let reasons = ArrayBuilder::new().items(anything()).build();
    let action = ObjectBuilder::new()
        .property("action", text())
        .required("action")
        .property("open", ObjectBuilder::new().schema_type(Type::Boolean))
        .required("open")
        .property("reasons", reasons)
        .required("reasons");
    let entry = ObjectBuilder::new()
        .property("seq", number())
        .required("seq")
        .property("at", text())
        .required("at")
        .property("by", maybe_text())
        .required("by")
        .property("action", text())
        .required("action")
        .property("body", anything())
        .required("body");
    shared(paper)
        .property("actions", ArrayBuilder::new().items(action).build())
        .required("actions")
        .property("entries", ArrayBuilder::new().items(entry).build())
        .required("entries")
        .build()
        .into()
}

fn acted() -> RefOr<Schema> {
    ObjectBuilder::new()
        .property("id", text())
        .required("id")
        .property("version", number())
        .required("version")
        .property("state", text())
        .required("state")
        .property("due_at", maybe_text())
        .required("due_at")
        .build()
        .into()
}
