//! What every kind of paper answers.

use crate::answer::{Page, PageQuery, dated, done, versioned};
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::json::step;
use crate::path::{Id, Id2};
use crate::problem::Problem;
use crate::query::Both;
use crate::reasons::detail;
use crate::version::{etag, seen};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use huiyin_app::paper::{self, Around, Changed, EntryRow, PaperFilter, PaperLine};
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::locale::Locale;
use huiyin_domain::paper::Paper;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::IntoParams;
use uuid::Uuid;

/// Which papers of a kind.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PapersQuery {
    /// In this state.
    state: Option<String>,
    /// Of this unit and those below it.
    unit: Option<UnitId>,
    /// About this case.
    case: Option<CaseId>,
    /// Of this day, week or month.
    period: Option<String>,
    /// True: something is still to be done. False: nothing is.
    open: Option<bool>,
}

/// Lists papers, newest first.
pub(super) async fn list<P: Paper>(
    State(edge): State<Edge>,
    authed: Authed,
    Both(query, page): Both<PapersQuery, PageQuery>,
) -> Result<Json<Page<Value>>, Problem> {
    let (limit, after) = page.dated()?;
    let filter = PaperFilter {
        kind: P::KIND,
        state: query.state,
        unit: query.unit,
        case: query.case,
        period: query.period,
        open: query.open,
        after,
        limit: limit + 1,
    };
    let lines = edge.app.read(&authed.ctx, move |tx, ctx| paper::list::<P>(tx, ctx, &filter)).await?;
    let page = Page::of(lines, limit, |line| dated(line.opened_at, line.id));
    let items = page.items.iter().map(line_out).collect::<Result<_, Problem>>()?;
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

/// Shows a paper with its history and what may be done with it.
pub(super) async fn get<P: Around>(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<Uuid>,
) -> Result<Response, Problem> {
    let (app, locale) = (edge.app.clone(), authed.ctx.locale);
    let view = edge.app.read(&authed.ctx, move |tx, ctx| paper::get::<P>(tx, ctx, &app, id)).await?;
    let row = &view.row;
    let mut out = line_out(&PaperLine {
        id: row.id,
        version: row.version,
        unit: row.unit,
        case: row.case,
        period: row.period.clone(),
        opened_at: row.opened_at,
        opened_by: row.opened_by,
        changed_at: row.changed_at,
        due_at: row.due_at,
        paper: view.paper,
    })?;
    let actions = view.steps.into_iter().map(|step| {
        let reasons: Vec<Value> = step.reasons.into_iter().map(|reason| said(locale, reason)).collect();
        json!({"action": step.step, "open": step.open, "reasons": reasons})
    });
    out["actions"] = actions.collect();
    let entry = |entry: &EntryRow| -> Result<Value, Problem> {
        let body: Value = serde_json::from_str(&entry.body).map_err(|_| Problem::internal())?;
        Ok(json!({"seq": entry.seq, "at": entry.at, "by": entry.person, "action": entry.step, "body": body}))
    };
    out["entries"] = view.entries.iter().map(entry).collect::<Result<Value, Problem>>()?;
    Ok(versioned(view.row.version, out))
}

/// Adds to a reason its text in the reader's language.
fn said(locale: Locale, mut reason: Value) -> Value {
    let code = reason["code"].as_str().unwrap_or_default().to_owned();
    let params = reason["params"].as_object().cloned().unwrap_or_default();
    let params = params.iter().filter_map(|(name, value)| value.as_str().map(|value| (name, value)));
    reason["detail"] = detail(locale, &code, params).into();
    reason
}

/// A line of a list on the wire.
#[derive(Serialize)]
struct LineOut<'a, P> {
    id: Uuid,
    version: i64,
    unit: UnitId,
    case: Option<CaseId>,
    period: &'a Option<String>,
    state: &'static str,
    opened_at: Timestamp,
    opened_by: Option<PersonId>,
    changed_at: Timestamp,
    due_at: Option<Timestamp>,
    paper: &'a P,
}

fn line_out<P: Paper>(line: &PaperLine<P>) -> Result<Value, Problem> {
    let out = LineOut {
        id: line.id,
        version: line.version,
        unit: line.unit,
        case: line.case,
        period: &line.period,
        state: line.paper.state(),
        opened_at: line.opened_at,
        opened_by: line.opened_by,
        changed_at: line.changed_at,
        due_at: line.due_at,
        paper: &line.paper,
    };
    serde_json::to_value(out).map_err(|_| Problem::internal())
}

/// Opens a paper.
pub(super) async fn open<P: Around>(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<P::New>,
) -> Result<Response, Problem> {
    let app = edge.app.clone();
    let answer = edge
        .app
        .once(ctx, 201, move |tx, ctx| paper::open::<P>(tx, ctx, &app, body).map(|changed| acted(&changed)));
    Ok(with_tag(done(answer.await?), 1))
}

/// Takes a step; what it is and what it needs stands in the address.
pub(super) async fn act<P: Around>(
    State(edge): State<Edge>,
    Id2(id, name): Id2<Uuid, String>,
    Change { ctx, body, headers }: Change<Map<String, Value>>,
) -> Result<Response, Problem> {
    let mut body = body;
    let seen = seen(&headers, crate::cases::version_in(&mut body)?)?;
    let step = step::<P::Step>(&name, Value::Object(body))?;
    let app = edge.app.clone();
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| {
            paper::act::<P>(tx, ctx, &app, (id, seen), &step).map(|changed| acted(&changed))
        })
        .await?;
    let version = serde_json::from_str::<Value>(&answer.body).ok().and_then(|body| body["version"].as_i64());
    Ok(with_tag(done(answer), version.unwrap_or(0)))
}

fn acted<P: Paper>(changed: &Changed<P>) -> Value {
    json!({
        "id": changed.id,
        "version": changed.version,
        "state": changed.paper.state(),
        "due_at": changed.paper.card().due_at,
    })
}

fn with_tag(mut response: Response, version: i64) -> Response {
    response.headers_mut().insert(header::ETAG, etag(version));
    response
}
