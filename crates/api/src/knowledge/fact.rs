//! The fact sheets of estates.

use crate::answer::{Page, PageQuery, done, invalid_cursor, versioned};
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::idempotency;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use crate::version::{IfMatch, required};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::knowledge::{self, ChangeRow, Sheet, SheetLine};
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::knowledge::fact::{Change as FactChange, FactType, Field, Section};
use huiyin_domain::pack::Names;
use huiyin_domain::time::Timestamp;
use huiyin_i18n::Locale;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_facts))
        .routes(routes!(get_facts, change_facts))
        .routes(routes!(list_fact_changes))
        .routes(routes!(read_facts))
}

/// One line of the list of sheets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FactSheetLine)]
pub(super) struct LineOut {
    /// The estate.
    unit: UnitId,
    /// Its name.
    name: String,
    /// How often it was changed; 0 for never.
    #[schema(minimum = 0)]
    version: i64,
    /// When it was changed last.
    changed_at: Option<Timestamp>,
    /// Whether nothing is missing.
    complete: bool,
    /// Names of the fields that it lacks.
    missing: Vec<String>,
}

impl From<SheetLine> for LineOut {
    fn from(line: SheetLine) -> Self {
        let SheetLine { unit, name, version, changed_at, missing } = line;
        Self { unit, name, version, changed_at, complete: missing.is_empty(), missing }
    }
}

/// The sheets of all estates.
#[derive(Debug, Serialize, ToSchema)]
struct FactSheets {
    /// By name.
    items: Vec<LineOut>,
}

/// List the fact sheets of all estates, with what they lack
#[utoipa::path(get, path = "/facts", operation_id = "list_facts", tag = "knowledge",
    responses((status = 200, description = "By name", body = FactSheets), Reading))]
async fn list_facts(State(edge): State<Edge>, authed: Authed) -> Result<Json<FactSheets>, Problem> {
    let lines = edge.app.read(&authed.ctx, knowledge::sheets).await?;
    Ok(Json(FactSheets { items: lines.into_iter().map(LineOut::from).collect() }))
}

/// A field of a sheet with what stands there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FactField)]
struct FieldOut {
    /// Its name.
    field: String,
    /// What people call it.
    label: String,
    /// What sort of value it takes.
    #[serde(rename = "type")]
    of: FactType,
    /// Measure of a number, or for what an amount is paid.
    per: Option<String>,
    /// Whether a sheet without it is incomplete.
    required: bool,
    /// The value as it is kept.
    value: Option<String>,
    /// The value as it is said.
    said: Option<String>,
    /// When it was put there.
    changed_at: Option<Timestamp>,
}

/// A section of a sheet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FactSection)]
struct SectionOut {
    /// Its name.
    section: String,
    /// What people call it.
    label: String,
    /// Where it comes from.
    sources: Vec<String>,
    /// Its fields.
    fields: Vec<FieldOut>,
}

/// The fact sheet of an estate (应知应会).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FactSheet)]
struct SheetOut {
    /// The estate.
    unit: UnitId,
    /// Its name.
    name: String,
    /// How often it was changed; 0 for never.
    #[schema(minimum = 0)]
    version: i64,
    /// When it was changed last.
    changed_at: Option<Timestamp>,
    /// Whether nothing is missing.
    complete: bool,
    /// Names of the fields that it lacks.
    missing: Vec<String>,
    /// The version that you have read; 0 for none.
    #[schema(minimum = 0)]
    read: i64,
    /// Its sections.
    sections: Vec<SectionOut>,
}

fn of(locale: Locale, names: &Names) -> String {
    match locale {
        Locale::ZhCn => names.zh.clone(),
        Locale::En => names.en.clone(),
    }
}

impl SheetOut {
    fn of(sheet: &Sheet, locale: Locale) -> Self {
        let field = |field: &Field| {
            let value = sheet.values.get(&field.name);
            FieldOut {
                field: field.name.clone(),
                label: of(locale, &field.label),
                of: field.of,
                per: field.per.as_ref().map(|names| of(locale, names)),
                required: field.required,
                value: value.map(|(value, _)| value.clone()),
                said: value.map(|(value, _)| field.said(value, locale == Locale::En)),
                changed_at: value.map(|(_, at)| *at),
            }
        };
        let section = |section: &Section| SectionOut {
            section: section.name.clone(),
            label: of(locale, &section.label),
            sources: section.source.clone(),
            fields: section.fields.iter().map(field).collect(),
        };
        Self {
            unit: sheet.unit,
            name: sheet.name.clone(),
            version: sheet.version,
            changed_at: sheet.changed_at,
            complete: sheet.missing.is_empty(),
            missing: sheet.missing.clone(),
            read: sheet.read,
            sections: sheet.schema.sections.iter().map(section).collect(),
        }
    }
}

/// See the fact sheet of an estate
///
/// Every field with its value, in the order of the sheet, and what is missing.
#[utoipa::path(get, path = "/facts/{unit}", operation_id = "get_facts", tag = "knowledge",
    params(("unit" = UnitId, Path)),
    responses((status = 200, description = "The sheet", body = SheetOut), Reading))]
async fn get_facts(
    State(edge): State<Edge>,
    authed: Authed,
    Id(unit): Id<UnitId>,
) -> Result<Response, Problem> {
    let sheet = edge.app.read(&authed.ctx, move |tx, ctx| knowledge::sheet(tx, ctx, unit)).await?;
    Ok(versioned(sheet.version, SheetOut::of(&sheet, authed.ctx.locale)))
}

/// What to change on a sheet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FactValues {
    /// Values by field, each written as its type says; null takes one away. What is
    /// not named stays.
    values: BTreeMap<String, Option<String>>,
    /// The version seen, unless `If-Match` says it; 0 where nothing was written yet.
    #[schema(minimum = 0)]
    version: Option<i64>,
}

/// Change values of a fact sheet; whoever must know it is told
#[utoipa::path(patch, path = "/facts/{unit}", operation_id = "change_facts", tag = "knowledge",
    params(("unit" = UnitId, Path), IfMatch), request_body = FactValues,
    responses((status = 200, description = "Changed", body = SheetOut), Writing))]
async fn change_facts(
    State(edge): State<Edge>,
    Id(unit): Id<UnitId>,
    Change { ctx, body, headers }: Change<FactValues>,
) -> Result<Response, Problem> {
    let seen = required(&headers, body.version)?;
    let locale = ctx.locale;
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| {
            let sheet = knowledge::change_facts(tx, ctx, unit, (seen, &body.values))?;
            Ok(SheetOut::of(&sheet, locale))
        })
        .await?;
    Ok(done(answer))
}

/// One change of a sheet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FactChangeLine)]
struct ChangeOut {
    /// The version that it made.
    version: i64,
    /// When.
    at: Timestamp,
    /// Who; null is the command line.
    person: Option<PersonId>,
    /// What was changed.
    changes: Vec<FactChange>,
}

impl From<ChangeRow> for ChangeOut {
    fn from(row: ChangeRow) -> Self {
        let changes = serde_json::from_str(&row.changes).unwrap_or_default();
        Self { version: row.version, at: row.at, person: row.person, changes }
    }
}

/// Changes of a sheet.
#[derive(Debug, Serialize, ToSchema)]
struct FactChanges {
    /// The last first.
    items: Vec<ChangeOut>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// List what was changed on a fact sheet, the last first
#[utoipa::path(get, path = "/facts/{unit}/changes", operation_id = "list_fact_changes", tag = "knowledge",
    params(("unit" = UnitId, Path), PageQuery),
    responses((status = 200, description = "The last first", body = FactChanges), Reading))]
async fn list_fact_changes(
    State(edge): State<Edge>,
    authed: Authed,
    Id(unit): Id<UnitId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<FactChanges>, Problem> {
    let limit = page.limit()?;
    let place = |place: String| place.parse::<i64>().map_err(|_| invalid_cursor());
    let before = page.cursor()?.map(place).transpose()?;
    let rows = edge
        .app
        .read(&authed.ctx, move |tx, ctx| knowledge::fact_changes(tx, ctx, unit, (before, limit + 1)))
        .await?;
    let page = Page::of(rows, limit, |row| row.version.to_string());
    let (items, next_cursor) = page.told();
    Ok(Json(FactChanges { items, next_cursor }))
}

/// Note that you have read the fact sheet as it stands
#[utoipa::path(post, path = "/facts/{unit}/read", operation_id = "read_facts", tag = "knowledge",
    params(("unit" = UnitId, Path), idempotency::KeyHeader),
    responses((status = 204, description = "Noted"), Writing))]
async fn read_facts(
    State(edge): State<Edge>,
    Id(unit): Id<UnitId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| knowledge::note_sheet_read(tx, ctx, unit)).await?))
}
