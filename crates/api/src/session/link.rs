//! One-time links as an API, for the web client; the pages are in
//! [`crate::setup`].

use crate::edge::{Edge, Tag};
use crate::json::Json as Body;
use crate::problem::Problem;
use crate::responses::Writing;
use axum::extract::State;
use axum::http::StatusCode;
use huiyin_app::session::{self, NewAdministrator};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(redeem_setup_link)).routes(routes!(redeem_reset_link))
}

/// The first administrator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetupBody {
    /// The secret at the end of the link.
    link: String,
    #[schema(min_length = 2, max_length = 64, pattern = r"^[\p{L}\p{N}._-]+$")]
    login: String,
    /// The name that people see; the login when not said.
    name: Option<String>,
    #[schema(format = Password, min_length = 10, max_length = 128)]
    password: String,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResetBody {
    /// The secret at the end of the link.
    link: String,
    #[schema(format = Password, min_length = 10, max_length = 128)]
    password: String,
}

/// Make the first administrator by the link of the first start
#[utoipa::path(post, path = "/setup", operation_id = "redeem_setup_link", tag = "access", security(()),
    request_body = SetupBody,
    responses((status = 204, description = "Made; sign in now"), Writing))]
async fn redeem_setup_link(
    State(edge): State<Edge>,
    tag: Tag,
    Body(body): Body<SetupBody>,
) -> Result<StatusCode, Problem> {
    let SetupBody { link, login, name, password } = body;
    let new = NewAdministrator { organisation: None, login, name, password };
    session::redeem_first_start(&edge.app, &link, new, &tag.request_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Choose a password by a one-time link
#[utoipa::path(post, path = "/reset", operation_id = "redeem_reset_link", tag = "access", security(()),
    request_body = ResetBody,
    responses((status = 204, description = "Chosen; sign in now"), Writing))]
async fn redeem_reset_link(
    State(edge): State<Edge>,
    tag: Tag,
    Body(body): Body<ResetBody>,
) -> Result<StatusCode, Problem> {
    session::redeem_reset(&edge.app, &body.link, &body.password, &tag.request_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
