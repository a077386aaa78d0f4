//! The OpenAPI 3.1 document, made from the code.

use crate::edge::Edge;
use crate::problem::{FieldBody, ProblemBody};
use axum::Json;
use axum::extract::Extension;
use std::sync::Arc;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
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
    OpenApiRouter::with_openapi(Base::openapi()).nest(BASE, crate::operations())
}

/// Makes the document of this build.
#[must_use]
pub fn document() -> Document {
    api().into_openapi()
}

/// Answers with the document.
pub(crate) async fn serve(Extension(document): Extension<Arc<Document>>) -> Json<Arc<Document>> {
    Json(document)
}
