//! Search over everything that was written, within what the reader may see.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use huiyin_app::search::{self, Answer, Group, Hit, Piece, Wanted};
use huiyin_domain::case::{Channel, Kind, Stage};
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::search::{Order, Place, Subject};
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::answer::{PageQuery, invalid_cursor, seal_cursor};
use crate::authed::Authed;
use crate::cases::{CaseCount, CasesQuery};
use crate::edge::Edge;
use crate::problem::Problem;
use crate::query::{Both, no_longer};
use crate::responses::Reading;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(search_everything))
}

/// Longest search, in letters, as the document says.
const LONGEST: usize = 200;

/// What is looked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// The words; `"as they stand"` in quotes. A name or a place, by its sound too, a
    /// number, a phone: whole or its last four digits.
    #[param(required = true, max_length = 200, example = "电梯")]
    q: String,
    /// What is wanted, with commas between; everything when not said.
    #[param(value_type = Option<String>, example = "case,customer",
        pattern = "^((case|customer|article|fact)(,|$))*$")]
    subjects: Option<Vec<SearchSubject>>,
    /// Stage or phase names of cases, with commas between them.
    #[param(value_type = Option<String>, example = "closed",
        pattern = "^((received|accepted|assessing|investigating|negotiating|deciding|executing|verifying|visiting|settling|closed|open|waits_for_customer|waits_for_third_party|done)(,|$))*$")]
    status: Option<Vec<String>>,
    /// Kind of case.
    kind: Option<Kind>,
    /// Channel of cases.
    channel: Option<Channel>,
    /// Final category, or intake category while there is none.
    category: Option<String>,
    /// Owned by.
    owner: Option<PersonId>,
    /// Of this unit and those below it.
    unit: Option<UnitId>,
    /// Received from.
    received_from: Option<Timestamp>,
    /// Received before.
    received_before: Option<Timestamp>,
    /// In which order.
    #[param(inline)]
    sort: SearchOrder,
}

/// In which order what is found comes.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SearchOrder {
    /// What holds the words as they were typed first, then by how well it fits; at
    /// most 10,000.
    #[default]
    Relevance,
    /// Newest first.
    Time,
}

/// What can be found.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SearchSubject {
    /// A case.
    Case,
    /// A customer.
    Customer,
    /// An article of the knowledge base.
    Article,
    /// The fact sheet of an estate.
    Fact,
}

impl From<SearchSubject> for Subject {
    fn from(subject: SearchSubject) -> Self {
        match subject {
            SearchSubject::Case => Self::Case,
            SearchSubject::Customer => Self::Customer,
            SearchSubject::Article => Self::Article,
            SearchSubject::Fact => Self::Fact,
        }
    }
}

impl From<Subject> for SearchSubject {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Case => Self::Case,
            Subject::Customer => Self::Customer,
            Subject::Article => Self::Article,
            Subject::Fact => Self::Fact,
        }
    }
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
struct SearchAnswer {
    /// One group for each kind of thing that you may look for.
    groups: Vec<SearchGroup>,
    /// False while the index is being made, so that something may be missing.
    complete: bool,
}

/// What was found of one kind.
#[derive(Debug, Serialize, ToSchema)]
struct SearchGroup {
    /// Of which kind.
    subject: SearchSubject,
    /// How many there are.
    count: CaseCount,
    /// The page, in the order asked for.
    items: Vec<SearchHit>,
    /// Where it goes on, asked with this kind alone; null at its end.
    next_cursor: Option<String>,
}

/// A thing that was found.
#[derive(Debug, Serialize, ToSchema)]
struct SearchHit {
    /// Its id; of a fact sheet, that of its estate.
    #[schema(value_type = String, format = Uuid)]
    id: Uuid,
    /// Its number.
    number: Option<String>,
    /// Title or name; covered where your posts demand, null once erased.
    title: Option<String>,
    /// Where the words stand in the title.
    title_marks: Vec<SearchMark>,
    /// What else tells it apart, such as a covered telephone number.
    detail: Option<String>,
    /// The moment by which it is ordered: of a case, its receipt.
    at: Timestamp,
    /// Where it lies.
    unit: Option<UnitId>,
    /// Kind of a case.
    kind: Option<Kind>,
    /// Where a case stands.
    stage: Option<Stage>,
    /// Pieces of what was written, with the words marked.
    fragments: Vec<SearchFragment>,
    /// Facts of a sheet that the words ask for, the best first.
    facts: Vec<SearchFact>,
}

/// A fact that answers.
#[derive(Debug, Serialize, ToSchema)]
struct SearchFact {
    /// The field of the sheet.
    field: String,
    /// What people call it.
    label: String,
    /// The value as it is kept.
    value: String,
    /// The value as it is said.
    said: String,
}

impl From<Answer> for SearchFact {
    fn from(answer: Answer) -> Self {
        let Answer { field, label, value, said, asked: _ } = answer;
        Self { field, label, value, said }
    }
}

/// Where a word stands, in characters (code points).
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
struct SearchMark {
    /// The first character.
    #[schema(minimum = 0)]
    from: usize,
    /// The first one after it.
    #[schema(minimum = 1)]
    to: usize,
}

/// A piece of what was written.
#[derive(Debug, Serialize, ToSchema)]
struct SearchFragment {
    /// `text`, or `name` and `address` of a customer.
    field: &'static str,
    /// The piece, as it was written.
    text: String,
    /// Where the words stand in it.
    marks: Vec<SearchMark>,
    /// Whether the text goes on before.
    before: bool,
    /// Whether the text goes on after.
    after: bool,
}

impl From<Group> for SearchGroup {
    fn from(group: Group) -> Self {
        let beyond = u64::from(!group.count.exact);
        Self {
            subject: group.subject.into(),
            count: CaseCount::of(group.count.count as u64 + beyond),
            items: group.hits.into_iter().map(SearchHit::from).collect(),
            next_cursor: group.next.map(|place| seal_cursor(&said(place))),
        }
    }
}

fn marks(marks: &[(usize, usize)]) -> Vec<SearchMark> {
    marks.iter().map(|(from, to)| SearchMark { from: *from, to: *to }).collect()
}

impl From<Hit> for SearchHit {
    fn from(hit: Hit) -> Self {
        let fragment = |piece: Piece| SearchFragment {
            field: piece.field,
            marks: marks(&piece.fragment.marks),
            text: piece.fragment.text,
            before: piece.fragment.cut.0,
            after: piece.fragment.cut.1,
        };
        Self {
            id: hit.id,
            number: hit.number,
            title: hit.title,
            title_marks: marks(&hit.title_marks),
            detail: hit.detail,
            at: hit.at,
            unit: hit.unit,
            kind: hit.kind,
            stage: hit.stage,
            fragments: hit.pieces.into_iter().map(fragment).collect(),
            facts: hit.answers.into_iter().map(SearchFact::from).collect(),
        }
    }
}

fn said(place: Place) -> String {
    match place {
        Place::Count(count) => format!("n{count}"),
        Place::Moment(at, id) => format!("t{at}:{id}"),
    }
}

fn place(text: &str, order: Order) -> Result<Place, Problem> {
    let read = || match order {
        Order::Relevance => Some(Place::Count(text.strip_prefix('n')?.parse().ok()?)),
        _ => {
            let (at, id) = text.strip_prefix('t')?.split_once(':')?;
            Some(Place::Moment(at.parse().ok()?, id.parse().ok()?))
        }
    };
    read().ok_or_else(invalid_cursor)
}

/// Search cases, customers and knowledge
///
/// Only what you may see is found and counted. A search by telephone number, and
/// whatever shows uncovered who a customer is, is kept in the access log. What was
/// written is found within a second.
#[utoipa::path(get, path = "/search", operation_id = "search_everything", tag = "search",
    params(SearchQuery, PageQuery),
    responses((status = 200, description = "What was found", body = SearchAnswer), Reading))]
async fn search_everything(
    State(edge): State<Edge>,
    authed: Authed,
    Both(query, page): Both<SearchQuery, PageQuery>,
) -> Result<Json<SearchAnswer>, Problem> {
    let limit = page.limit()?;
    no_longer("q", Some(&query.q), LONGEST)?;
    let order = match query.sort {
        SearchOrder::Relevance => Order::Relevance,
        SearchOrder::Time => Order::Newest,
    };
    let subjects: BTreeSet<Subject> = match query.subjects {
        Some(some) if !some.is_empty() => some.into_iter().map(Subject::from).collect(),
        _ => Subject::ALL.iter().copied().collect(),
    };
    let after = page.cursor()?.map(|text| place(&text, order)).transpose()?;
    if after.is_some() && subjects.len() != 1 {
        return Err(invalid_cursor());
    }
    let filter = CasesQuery::narrowed(query.status, |filter| {
        filter.kind = query.kind;
        filter.channel = query.channel;
        filter.category = query.category;
        filter.owner = query.owner;
        filter.unit = query.unit;
        filter.received_from = query.received_from;
        filter.received_before = query.received_before;
    })?;
    let wanted = Wanted { q: query.q, subjects, filter, order, after, limit: limit as usize };
    let groups = search::search(&edge.app, &authed.ctx, wanted).await?;
    let complete = groups.iter().all(|group| group.complete);
    Ok(Json(SearchAnswer { groups: groups.into_iter().map(SearchGroup::from).collect(), complete }))
}
