//! Who did what, who looked at what, and who may do what.

use crate::answer::{self, Page, PageQuery, dated, dated_place, open_cursor};
use crate::authed::Authed;
use crate::edge::Edge;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use huiyin_app::audit::{self, AccessLine, AuditFilter, AuditLine};
use huiyin_app::policy;
use huiyin_domain::ids::PersonId;
use huiyin_domain::paper::PaperKind;
use huiyin_domain::people::{Post, Reach};
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_audit)).routes(routes!(list_access)).routes(routes!(get_matrix))
}

/// One line of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditLine)]
struct AuditOut {
    id: Uuid,
    at: Timestamp,
    /// Null when the product itself acted.
    person: Option<PersonId>,
    /// `session`, `token`, `command_line` or `system`.
    via: String,
    /// Which session or token.
    via_id: Option<String>,
    /// What was done, such as `person_created`.
    action: String,
    object_kind: String,
    object_id: String,
    request_id: String,
    /// More, without personal text.
    #[schema(value_type = Object)]
    details: Value,
}

impl From<AuditLine> for AuditOut {
    fn from(line: AuditLine) -> Self {
        Self {
            id: line.id,
            at: line.at,
            person: line.person,
            via: line.via,
            via_id: line.via_id,
            action: line.action,
            object_kind: line.object_kind,
            object_id: line.object_id,
            request_id: line.request_id,
            details: serde_json::from_str(&line.details).unwrap_or_default(),
        }
    }
}

/// One look at a sensitive field, or one search by it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccessLine)]
struct AccessOut {
    id: Uuid,
    at: Timestamp,
    person: Option<PersonId>,
    via: String,
    /// `view`, `search` or `export`.
    what: String,
    /// Such as `phone`.
    field: String,
    object_kind: String,
    /// Of a search: a keyed digest of what was searched for.
    object_id: String,
    request_id: String,
}

impl From<AccessLine> for AccessOut {
    fn from(line: AccessLine) -> Self {
        Self {
            id: line.id,
            at: line.at,
            person: line.person,
            via: line.via,
            what: line.what,
            field: line.field,
            object_kind: line.object_kind,
            object_id: line.object_id,
            request_id: line.request_id,
        }
    }
}

/// Which lines are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// Of this person.
    person: Option<PersonId>,
    /// On this kind of thing, such as `case`.
    object_kind: Option<String>,
    /// On this thing.
    object_id: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// List who did what
///
/// Newest first.
#[utoipa::path(get, path = "/audit", operation_id = "list_audit", tag = "audit", params(AuditQuery),
    responses((status = 200, description = "A page of the audit trail", body = Page<AuditOut>), Reading))]
async fn list_audit(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Page<AuditOut>>, Problem> {
    let limit = answer::limit(query.limit)?;
    let cursor = query.cursor.as_deref().map(open_cursor).transpose()?;
    let filter = AuditFilter {
        person: query.person,
        object_kind: query.object_kind,
        object_id: query.object_id,
        before: cursor.as_deref().map(dated_place).transpose()?,
        limit: limit + 1,
    };
    let lines = edge.app.read(&authed.ctx, move |tx, ctx| audit::list(tx, ctx, &filter)).await?;
    let lines = lines.into_iter().map(AuditOut::from).collect();
    Ok(Json(Page::of(lines, limit, |line: &AuditOut| dated(line.at, line.id))))
}

/// List who looked at sensitive fields
///
/// Newest first.
#[utoipa::path(get, path = "/access_log", operation_id = "list_access", tag = "audit", params(PageQuery),
    responses((status = 200, description = "A page of the access log", body = Page<AccessOut>), Reading))]
async fn list_access(
    State(edge): State<Edge>,
    authed: Authed,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<AccessOut>>, Problem> {
    let limit = page.limit()?;
    let before = page.cursor()?.as_deref().map(dated_place).transpose()?;
    let lines =
        edge.app.read(&authed.ctx, move |tx, ctx| audit::list_access(tx, ctx, before, limit + 1)).await?;
    let lines = lines.into_iter().map(AccessOut::from).collect();
    Ok(Json(Page::of(lines, limit, |line: &AccessOut| dated(line.at, line.id))))
}

/// What one post may do.
#[derive(Debug, Serialize, ToSchema)]
struct MatrixLine {
    post: Post,
    /// Whose cases its holder sees.
    reach: Reach,
    /// What it may do.
    actions: Vec<&'static str>,
    /// What it sees uncovered of a customer's identity.
    clear: Vec<&'static str>,
    /// The papers of the house that it may open.
    opens: Vec<PaperKind>,
}

/// Posts and actions.
#[derive(Debug, Serialize, ToSchema)]
struct Matrix {
    items: Vec<MatrixLine>,
}

/// Show which post may do what
///
/// Computed from the rules themselves.
#[utoipa::path(get, path = "/matrix", operation_id = "get_matrix", tag = "audit",
    responses((status = 200, description = "Every post", body = Matrix), Reading))]
async fn get_matrix(State(edge): State<Edge>, authed: Authed) -> Result<Json<Matrix>, Problem> {
    edge.app.confirm(authed.ctx).await?;
    let line = |row: policy::MatrixRow| MatrixLine {
        post: row.post,
        reach: row.reach,
        actions: row.actions.iter().map(|action| action.name()).collect(),
        clear: row.clear.iter().map(|field| field.name()).collect(),
        opens: row.opens,
    };
    Ok(Json(Matrix { items: policy::matrix().into_iter().map(line).collect() }))
}
