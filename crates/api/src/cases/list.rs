//! Lists of cases and how many there are.

use crate::answer::{Page, PageQuery, dated, dated_place, invalid_cursor, seal_cursor};
use crate::authed::Authed;
use crate::edge::Edge;
use crate::problem::{Field, Problem};
use crate::query::{Both, no_longer};
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use huiyin_app::case::{self, CaseFilter, CaseLine, CaseOrder, ListQuery};
use huiyin_app::search::{self, Narrowed};
use huiyin_domain::case::{Kind, Phase, Stage};
use huiyin_domain::ids::{PartyId, PersonId, UnitId};
use huiyin_domain::search::Place;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_cases)).routes(routes!(count_cases))
}

/// Longest search, in letters, as the document says.
const LONGEST_SEARCH: usize = 200;

/// What is asked of a list of cases.
#[derive(Debug, Default, Deserialize, IntoParams, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
#[schema(as = CaseQuestion)]
pub(crate) struct CasesQuery {
    /// Stage or phase names, with commas between them.
    #[param(value_type = Option<String>, example = "investigating,negotiating",
        pattern = "^((received|accepted|assessing|investigating|negotiating|deciding|executing|verifying|visiting|settling|closed|open|waits_for_customer|waits_for_third_party|done)(,|$))*$")]
    status: Option<Vec<String>>,
    /// Kind of case.
    kind: Option<Kind>,
    /// Final category, or intake category while there is none.
    category: Option<String>,
    /// Category as the customer put it.
    intake_category: Option<String>,
    /// Cause leaf.
    cause: Option<String>,
    /// Owned by.
    owner: Option<PersonId>,
    /// Handled by.
    handler: Option<PersonId>,
    /// Of this unit and those below it.
    unit: Option<UnitId>,
    /// With this customer.
    party: Option<PartyId>,
    /// Only of the units where you hold a post, and those below them.
    team: bool,
    /// Only with nobody who handles it.
    unassigned: bool,
    /// With an open limit before.
    due_before: Option<Timestamp>,
    /// With an open limit, and none before.
    due_from: Option<Timestamp>,
    /// Received from.
    received_from: Option<Timestamp>,
    /// Received before.
    received_before: Option<Timestamp>,
    /// Words of the case or of its history, `"as they stand"` in quotes; a name or a
    /// place, by its sound too; a number or external id; a phone: whole or its last
    /// four digits. At most a second old.
    #[param(max_length = 200)]
    q: Option<String>,
    /// In which order; a run over all that is found takes them newest first.
    /// `relevance` goes with `q` alone.
    sort: Sort,
}

/// In which order cases are listed; ties go by id.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CaseOrder)]
pub(crate) enum Sort {
    /// Newest receipt first.
    #[default]
    Received,
    /// What is due first comes first, what is not due at all last.
    Due,
    /// Newest change first.
    Changed,
    /// What holds the words of `q` as they were typed first, then by how well it fits;
    /// at most 10,000.
    Relevance,
}

impl From<Sort> for CaseOrder {
    fn from(sort: Sort) -> Self {
        match sort {
            // what the index does not know best first comes newest first
            Sort::Received | Sort::Relevance => Self::Received,
            Sort::Due => Self::Due,
            Sort::Changed => Self::Changed,
        }
    }
}

impl CasesQuery {
    /// Makes a filter of where cases stand and whatever else `set` says.
    ///
    /// # Errors
    /// 422 for a status that is none.
    pub(crate) fn narrowed(
        status: Option<Vec<String>>,
        set: impl FnOnce(&mut CaseFilter),
    ) -> Result<CaseFilter, Problem> {
        let mut filter = CaseFilter::default();
        stands(&mut filter, status.as_deref())?;
        set(&mut filter);
        Ok(filter)
    }

    /// Makes the question of a list, without its pages.
    ///
    /// # Errors
    /// 422 for a status that is none, a search too long, or relevance to no words.
    pub(crate) fn asked(&self) -> Result<ListQuery, Problem> {
        let mut filter = CaseFilter {
            kind: self.kind,
            category: self.category.clone(),
            intake_category: self.intake_category.clone(),
            cause: self.cause.clone(),
            owner: self.owner,
            handler: self.handler,
            unit: self.unit,
            party: self.party,
            unassigned: self.unassigned,
            order: self.sort.into(),
            due_before: self.due_before,
            due_from: self.due_from,
            received_from: self.received_from,
            received_before: self.received_before,
            ..CaseFilter::default()
        };
        stands(&mut filter, self.status.as_deref())?;
        no_longer("q", self.q.as_deref(), LONGEST_SEARCH)?;
        let by_relevance = matches!(self.sort, Sort::Relevance);
        if by_relevance && self.q.as_deref().is_none_or(|q| q.trim().is_empty()) {
            return Err(wrong("sort", "relevance_without_words", Map::new()));
        }
        let best = by_relevance.then_some(0);
        Ok(ListQuery { filter, q: self.q.clone(), my_team: self.team, found: None, best })
    }
}

/// Reads where a case has to stand.
fn stands(filter: &mut CaseFilter, status: Option<&[String]>) -> Result<(), Problem> {
    for word in status.iter().copied().flatten().filter(|word| !word.is_empty()) {
        match (word.parse::<Stage>(), word.parse::<Phase>()) {
            (Ok(stage), _) => filter.stages.push(stage),
            (_, Ok(phase)) => filter.phases.push(phase),
            _ => return Err(unknown_status()),
        }
    }
    if !filter.stages.is_empty() {
        // A phase beside stages means the stages that have it.
        let wanted = std::mem::take(&mut filter.phases);
        filter.stages.extend(Stage::ALL.iter().filter(|stage| wanted.contains(&stage.phase())));
    }
    Ok(())
}

fn unknown_status() -> Problem {
    let known: Vec<&str> =
        Stage::ALL.iter().map(|stage| stage.as_str()).chain(Phase::ALL.iter().map(|p| p.as_str())).collect();
    wrong("status", "unknown_value", [("expected".to_owned(), known.into())].into_iter().collect())
}

fn wrong(path: &str, code: &'static str, params: Map<String, Value>) -> Problem {
    let field = Field { path: path.into(), code: code.into(), params };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_query").field(field)
}

/// Says a place as cursors hold it: a moment with an id, or how many came before.
fn said(place: Place) -> String {
    match place {
        Place::Count(count) => format!("n{count}"),
        Place::Moment(at, id) => dated(Timestamp::from_micros(at), id),
    }
}

/// Lets a list go on at a place of its order.
///
/// # Errors
/// 422 `invalid_cursor`.
fn go_on(asked: &mut ListQuery, place: &str) -> Result<(), Problem> {
    match (&mut asked.best, place.strip_prefix('n')) {
        (Some(skip), Some(count)) => *skip = count.parse().map_err(|_| invalid_cursor())?,
        _ => asked.filter.after = Some(dated_place(place)?),
    }
    Ok(())
}

/// A page of cases.
#[derive(Debug, Serialize, ToSchema)]
struct CasePage {
    /// The cases, in the order asked for.
    items: Vec<CaseLine>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// How many cases there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseCount {
    /// The number, exact up to 10,000.
    #[schema(minimum = 0)]
    count: u64,
    /// False when there are more than 10,000: then `count` is 10,000.
    exact: bool,
    /// The number as people read it: `37`, or `10,000+`.
    shown: String,
}

/// Exact up to here (contracts §2).
const BOUND: u32 = 10_000;

impl CaseCount {
    /// Says a number that was counted up to the bound and one more.
    pub(crate) fn of(found: u64) -> Self {
        let exact = found <= u64::from(BOUND);
        let count = found.min(u64::from(BOUND));
        let shown = if exact { count.to_string() } else { "10,000+".to_owned() };
        Self { count, exact, shown }
    }
}

/// List cases, newest first by receipt unless asked otherwise, then by id
///
/// By relevance, a number or id that is written out finds just its own cases.
#[utoipa::path(get, path = "/cases", operation_id = "list_cases", tag = "cases",
    params(CasesQuery, PageQuery),
    responses((status = 200, description = "A page", body = CasePage), Reading))]
async fn list_cases(
    State(edge): State<Edge>,
    authed: Authed,
    Both(query, page): Both<CasesQuery, PageQuery>,
) -> Result<Json<CasePage>, Problem> {
    let limit = page.limit()?;
    let mut asked = query.asked()?;
    let order = asked.filter.order;
    asked.filter.limit = limit + 1;
    page.cursor()?.map(|place| go_on(&mut asked, &place)).transpose()?;
    let Narrowed { query: asked, next, indexed } = search::page(&edge.app, &authed.ctx, asked).await?;
    let rows = edge
        .app
        .read_or_log(&authed.ctx, asked.is_logged(), move |tx, ctx| case::list(tx, ctx, &asked))
        .await?;
    if indexed {
        let next_cursor = next.map(|place| seal_cursor(&said(place)));
        return Ok(Json(CasePage { items: rows, next_cursor }));
    }
    let page = Page::of(rows, limit, |row: &CaseLine| {
        let (at, id) = row.place(order);
        dated(at, id)
    });
    Ok(Json(CasePage { items: page.items, next_cursor: page.next_cursor }))
}

/// Count cases, exact up to 10,000
#[utoipa::path(get, path = "/cases/count", operation_id = "count_cases", tag = "cases",
    params(CasesQuery, PageQuery),
    responses((status = 200, description = "The number", body = CaseCount), Reading))]
async fn count_cases(
    State(edge): State<Edge>,
    authed: Authed,
    Both(query, page): Both<CasesQuery, PageQuery>,
) -> Result<Json<CaseCount>, Problem> {
    // A count has no pages, but a wrong parameter is wrong all the same.
    page.limit()?;
    let asked = query.asked()?;
    let indexed = search::count(&edge.app, &authed.ctx, &asked, BOUND as usize + 1).await?;
    let found = match indexed {
        Some(found) => found,
        None => {
            edge.app
                .read_or_log(&authed.ctx, asked.is_logged(), move |tx, ctx| {
                    case::count(tx, ctx, &asked, BOUND + 1)
                })
                .await?
        }
    };
    Ok(Json(CaseCount::of(found)))
}
