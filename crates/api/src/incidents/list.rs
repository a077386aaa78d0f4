//! Lists of incidents.

use crate::answer::{Page, PageQuery, invalid_cursor};
use crate::authed::Authed;
use crate::edge::Edge;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use huiyin_app::incident::{self, IncidentFilter, IncidentLine};
use huiyin_domain::ids::{CaseId, IncidentId, PersonId, UnitId};
use huiyin_domain::incident::Stage;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_incidents))
}

/// What is asked of a list of incidents.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct IncidentsQuery {
    /// Stages, with commas between them.
    #[param(value_type = Option<String>, example = "open,measures",
        pattern = "^(open|measures|answered|closed)(,(open|measures|answered|closed))*$")]
    stage: Option<Vec<Stage>>,
    /// Of this unit and those below it.
    unit: Option<UnitId>,
    /// Answered for by.
    owner: Option<PersonId>,
    /// The one to which this case belongs.
    case: Option<CaseId>,
    /// Only hot ones, or only those that are not.
    hot: Option<bool>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// A page of incidents.
#[derive(Debug, Serialize, ToSchema)]
struct IncidentPage {
    /// The incidents, newest first by opening, then id.
    items: Vec<IncidentLine>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List incidents, newest first by opening, then id
#[utoipa::path(get, path = "/incidents", operation_id = "list_incidents", tag = "incidents",
    params(IncidentsQuery),
    responses((status = 200, description = "A page", body = IncidentPage), Reading))]
async fn list_incidents(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<IncidentsQuery>,
) -> Result<Json<IncidentPage>, Problem> {
    let page = PageQuery { cursor: query.cursor, limit: query.limit };
    let limit = page.limit()?;
    let filter = IncidentFilter {
        stages: query.stage.unwrap_or_default(),
        unit: query.unit,
        owner: query.owner,
        case: query.case,
        hot: query.hot,
        among: None,
        closed_from: None,
        after: page.cursor()?.as_deref().map(place).transpose()?,
        limit: limit + 1,
    };
    let rows = edge.app.read(&authed.ctx, move |tx, ctx| incident::list(tx, ctx, &filter)).await?;
    let page = Page::of(rows, limit, |row: &IncidentLine| format!("{}:{}", row.opened_at.micros(), row.id));
    Ok(Json(IncidentPage { items: page.items, next_cursor: page.next_cursor }))
}

/// Reads a place in the list's order.
fn place(text: &str) -> Result<(Timestamp, IncidentId), Problem> {
    let (at, id) = text.split_once(':').ok_or_else(invalid_cursor)?;
    let at: i64 = at.parse().map_err(|_| invalid_cursor())?;
    Ok((Timestamp::from_micros(at), id.parse().map_err(|_| invalid_cursor())?))
}
