//! The ledger as a table.

use super::LedgerQuery;
use crate::authed::Authed;
use crate::edge::Edge;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::Reading;
use crate::table::{self, TableFormat};
use axum::extract::State;
use axum::response::Response;
use huiyin_app::remedy;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(export_remedies))
}

/// Which lines, and in which format; headings are in the reader's language.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// Format of the table.
    #[param(inline)]
    format: Option<TableFormat>,
    /// Of this unit and those below it.
    unit: Option<huiyin_domain::ids::UnitId>,
    /// Code of the budget that bears it.
    #[param(max_length = 40)]
    budget: Option<String>,
    /// Proposed from this moment on.
    from: Option<huiyin_domain::time::Timestamp>,
    /// Proposed before this moment.
    before: Option<huiyin_domain::time::Timestamp>,
}

/// Take the ledger of remedies out as a table
///
/// Needs a post that may take case lists out of the house; leaves a line in the
/// audit trail.
#[utoipa::path(get, path = "/remedies/export", operation_id = "export_remedies", tag = "remedies",
    params(ExportQuery),
    responses((status = 200, description = "The table", content(
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "text/csv"),
        (String = "application/x-ndjson")
    )), Reading))]
async fn export_remedies(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let asked = LedgerQuery {
        unit: query.unit,
        budget: query.budget.clone(),
        from: query.from,
        before: query.before,
        ..LedgerQuery::default()
    };
    let filter = asked.filter()?;
    let format = query.format.unwrap_or_default();
    let bytes =
        edge.app.write(&authed.ctx, move |tx, ctx| remedy::export(tx, ctx, &filter, format.into())).await?;
    table::answer(format, "remedies", bytes)
}
