//! The ledger of remedies: lines, repeat claims, the whole as a table.

mod file;

use crate::answer::{Page, PageQuery, invalid_cursor};
use crate::authed::Authed;
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::{Query, no_longer};
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use huiyin_app::remedy::{self, Place, RemedyFilter, RemedyRow, Standing, Tie};
use huiyin_domain::ids::{CaseId, PartyId, PersonId, UnitId};
use huiyin_domain::money::Money;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(list_remedies)).routes(routes!(list_claims)).merge(file::routes())
}

/// How far a remedy has come.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RemedyStanding {
    /// Still to be given, whole or in part.
    Open,
    /// All of it was given.
    Given,
    /// Called off.
    Dropped,
}

/// Which lines of the ledger.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LedgerQuery {
    /// Of this unit and those below it.
    unit: Option<UnitId>,
    /// Name of the remedy in the pack's list.
    #[param(max_length = 64, example = "compensation")]
    kind: Option<String>,
    /// Code of the budget that bears it.
    #[param(max_length = 40)]
    budget: Option<String>,
    /// Who gets it.
    party: Option<PartyId>,
    /// Of this case.
    case: Option<CaseId>,
    /// How far it has come.
    #[param(inline)]
    standing: Option<RemedyStanding>,
    /// Proposed from this moment on.
    from: Option<Timestamp>,
    /// Proposed before this moment.
    before: Option<Timestamp>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

impl LedgerQuery {
    fn filter(&self) -> Result<RemedyFilter, Problem> {
        no_longer("kind", self.kind.as_deref(), 64)?;
        no_longer("budget", self.budget.as_deref(), 40)?;
        Ok(RemedyFilter {
            unit: self.unit,
            kind: self.kind.clone(),
            budget: self.budget.clone(),
            party: self.party,
            case: self.case,
            standing: self.standing.map(|standing| match standing {
                RemedyStanding::Open => Standing::Open,
                RemedyStanding::Given => Standing::Given,
                RemedyStanding::Dropped => Standing::Dropped,
            }),
            from: self.from,
            before: self.before,
            after: None,
            limit: 0,
        })
    }
}

/// One line of the ledger (补偿台账).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RemedyLine)]
struct LineOut {
    /// The case.
    case: CaseId,
    /// Its number.
    number: String,
    /// Number of the remedy in the case.
    remedy: u32,
    /// Name in the pack's list.
    kind: String,
    /// What it takes from the house.
    #[schema(value_type = huiyin_domain::case::Gives)]
    gives: String,
    /// The unit of the case.
    unit: UnitId,
    /// Who gets it.
    party: Option<PartyId>,
    /// The budget that bears it.
    budget: Option<String>,
    /// What the customer demands in the case.
    demanded: Option<Money>,
    /// Its value.
    amount: Option<Money>,
    /// What was paid of it.
    paid: Option<Money>,
    /// Number of the approval in the case that it rests on; none where none is needed.
    approval: Option<u32>,
    /// The posts that signed that approval.
    authority: Vec<String>,
    /// The receipt, an attachment of the case.
    proof: Option<String>,
    /// Proof of purchase, an attachment of the case.
    invoice: Option<String>,
    /// When it was proposed.
    proposed_at: Timestamp,
    /// By whom.
    proposed_by: Option<PersonId>,
    /// When something of it was given last.
    paid_at: Option<Timestamp>,
    /// When all of it was given.
    given_at: Option<Timestamp>,
    /// When it was called off.
    dropped_at: Option<Timestamp>,
}

impl From<RemedyRow> for LineOut {
    fn from(row: RemedyRow) -> Self {
        let money = |fen: Option<i64>| fen.and_then(|fen| Money::from_fen(fen).ok());
        let authority = row.authority.as_deref().unwrap_or_default().split(',');
        Self {
            case: row.case,
            number: row.number,
            remedy: row.id,
            kind: row.kind,
            gives: row.gives,
            unit: row.unit,
            party: row.party,
            budget: row.budget,
            demanded: money(row.demand_fen),
            amount: money(row.amount_fen),
            paid: money(Some(row.paid_fen).filter(|fen| *fen > 0)),
            approval: row.approval,
            authority: authority.filter(|post| !post.is_empty()).map(str::to_owned).collect(),
            proof: row.proof,
            invoice: row.invoice,
            proposed_at: row.proposed_at,
            proposed_by: row.proposed_by,
            paid_at: row.paid_at,
            given_at: row.given_at,
            dropped_at: row.dropped_at,
        }
    }
}

/// A page of the ledger.
#[derive(Debug, Serialize, ToSchema)]
struct RemedyPage {
    /// Latest proposed first.
    items: Vec<LineOut>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// By what a claim belongs to the same people.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ClaimTie {
    /// The same party.
    Party,
    /// Somebody of the same household.
    Household,
    /// Somebody with the same telephone number.
    Phone,
}

/// What the same people got, or were to get, in another case.
#[derive(Debug, Serialize, ToSchema)]
struct Claim {
    /// The line of the ledger.
    line: LineOut,
    /// By what it belongs to the same people; the nearest tie.
    tie: ClaimTie,
}

/// Claims of the same people in other cases.
#[derive(Debug, Serialize, ToSchema)]
struct Claims {
    /// Latest first, at most 200.
    items: Vec<Claim>,
}

fn place_of(cursor: &str) -> Result<Place, Problem> {
    let mut parts = cursor.split(' ');
    let mut next = || parts.next().ok_or_else(invalid_cursor);
    let at: i64 = next()?.parse().map_err(|_| invalid_cursor())?;
    let case = next()?.parse().map_err(|_| invalid_cursor())?;
    let id = next()?.parse().map_err(|_| invalid_cursor())?;
    Ok((Timestamp::from_micros(at), case, id))
}

/// See the ledger of remedies
///
/// Every remedy that was proposed, with what was demanded, granted and paid, by
/// whose word, from which budget and with which proof; lines are seen as their
/// cases are.
#[utoipa::path(get, path = "/remedies", operation_id = "list_remedies", tag = "remedies", params(LedgerQuery),
    responses((status = 200, description = "A page, latest proposed first", body = RemedyPage), Reading))]
async fn list_remedies(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<LedgerQuery>,
) -> Result<Json<RemedyPage>, Problem> {
    let page = PageQuery { cursor: query.cursor.clone(), limit: query.limit };
    let limit = page.limit()?;
    let after = page.cursor()?.map(|place| place_of(&place)).transpose()?;
    let filter = RemedyFilter { after, limit: limit + 1, ..query.filter()? };
    let rows = edge.app.read(&authed.ctx, move |tx, ctx| remedy::list(tx, ctx, &filter)).await?;
    let page = Page::of(rows, limit, |row| format!("{} {} {}", row.proposed_at.micros(), row.case, row.id));
    let items = page.items.into_iter().map(LineOut::from).collect();
    Ok(Json(RemedyPage { items, next_cursor: page.next_cursor }))
}

/// See what the same people claimed before
///
/// Lines of other cases whose party is a party of this case, lives in the same
/// household or has the same telephone number; what a decision about money
/// should know (ASC-23).
#[utoipa::path(get, path = "/cases/{id}/claims", operation_id = "list_claims", tag = "remedies",
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "Claims of the same people", body = Claims), Reading))]
async fn list_claims(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CaseId>,
) -> Result<Json<Claims>, Problem> {
    let found = edge.app.read(&authed.ctx, move |tx, ctx| remedy::claims(tx, ctx, id)).await?;
    let claim = |(row, tie): (RemedyRow, Tie)| Claim {
        line: LineOut::from(row),
        tie: match tie {
            Tie::Party => ClaimTie::Party,
            Tie::Household => ClaimTie::Household,
            Tie::Phone => ClaimTie::Phone,
        },
    };
    Ok(Json(Claims { items: found.into_iter().map(claim).collect() }))
}
