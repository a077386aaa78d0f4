//! The ledger of remedies, and what the same people got before.

use huiyin_domain::ids::{CaseId, PartyId, PersonId, UnitId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use crate::people::scope;
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemedyRow {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Number of the remedy in the case.
    pub id: u32,
    /// Name in the pack's list.
    pub kind: String,
    /// What it takes from the house: money, goods, act.
    pub gives: String,
    /// The unit of the case.
    pub unit: UnitId,
    /// Who gets it.
    pub party: Option<PartyId>,
    /// The budget that bears it.
    pub budget: Option<String>,
    /// What the customer demands in the case, in fen.
    pub demand_fen: Option<i64>,
    /// Its value, in fen.
    pub amount_fen: Option<i64>,
    /// What was paid of it, in fen.
    pub paid_fen: i64,
    /// The approval of the case that it rests on.
    pub approval: Option<u32>,
    /// The posts that signed it, with commas.
    pub authority: Option<String>,
    /// The receipt, an attachment of the case.
    pub proof: Option<String>,
    /// Proof of purchase, an attachment of the case.
    pub invoice: Option<String>,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// By whom.
    pub proposed_by: Option<PersonId>,
    /// When something of it was given last.
    pub paid_at: Option<Timestamp>,
    /// When all of it was given.
    pub given_at: Option<Timestamp>,
    /// When it was called off.
    pub dropped_at: Option<Timestamp>,
}

/// How far a remedy has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Still to be given, whole or in part.
    Open,
    /// All of it was given.
    Given,
    /// Called off.
    Dropped,
}

/// Where a line stands in the ledger.
pub type Place = (Timestamp, CaseId, u32);

/// Which lines of the ledger are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemedyFilter {
    /// Of this unit and those below it.
    pub unit: Option<UnitId>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Borne by this budget.
    pub budget: Option<String>,
    /// For this party.
    pub party: Option<PartyId>,
    /// Of this case.
    pub case: Option<CaseId>,
    /// Come so far.
    pub standing: Option<Standing>,
    /// Proposed from.
    pub from: Option<Timestamp>,
    /// Proposed before.
    pub before: Option<Timestamp>,
    /// After this line.
    pub after: Option<Place>,
    /// At most so many.
    pub limit: u32,
}

macro_rules! columns {
    ($more:literal) => {
        concat!(
            "SELECT r.case_id, c.number, r.id, r.kind, r.gives, r.unit, r.party, r.budget, f.demand_fen,
               r.amount_fen, r.paid_fen, r.approval, r.authority, r.proof, r.invoice, r.proposed_at,
               r.proposed_by, r.paid_at, r.given_at, r.dropped_at",
            $more,
            " FROM remedies r JOIN cases c ON c.org = r.org AND c.id = r.case_id
             JOIN case_facts f ON f.org = r.org AND f.case_id = r.case_id"
        )
    };
}

fn read(row: &Row) -> Result<RemedyRow, StoreError> {
    Ok(RemedyRow {
        case: row.get(0)?,
        number: row.get(1)?,
        id: row.get(2)?,
        kind: row.get(3)?,
        gives: row.get(4)?,
        unit: row.get(5)?,
        party: row.get(6)?,
        budget: row.get(7)?,
        demand_fen: row.get(8)?,
        amount_fen: row.get(9)?,
        paid_fen: row.get(10)?,
        approval: row.get(11)?,
        authority: row.get(12)?,
        proof: row.get(13)?,
        invoice: row.get(14)?,
        proposed_at: row.get(15)?,
        proposed_by: row.get(16)?,
        paid_at: row.get(17)?,
        given_at: row.get(18)?,
        dropped_at: row.get(19)?,
    })
}

const PIECES: scope::ScopePieces =
    crate::scope_pieces!(org: "r.org", unit: "r.unit", own: ["c.owner", "c.handler", "r.proposed_by"]);

/// Lists lines of the ledger within a scope, latest proposed first.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    visible: &Scope,
    filter: &RemedyFilter,
    now: Timestamp,
) -> Result<Vec<RemedyRow>, StoreError> {
    let mut query = Query::new(concat!(columns!(""), " WHERE "), []);
    scope::filter(&mut query, &PIECES, visible, now);
    if let Some(unit) = filter.unit {
        query.bind(
            " AND EXISTS (SELECT 1 FROM unit_paths u WHERE u.org = $1 AND u.ancestor = $2
               AND u.descendant = r.unit AND u.valid_from <= $3 AND (u.valid_to IS NULL OR u.valid_to > $3))",
            values![visible.org, unit, now],
        );
    }
    if let Some(kind) = &filter.kind {
        query.bind(" AND r.kind = $1", values![kind]);
    }
    if let Some(budget) = &filter.budget {
        query.bind(" AND r.budget = $1", values![budget]);
    }
    if let Some(party) = filter.party {
        query.bind(" AND r.party = $1", values![party]);
    }
    if let Some(case) = filter.case {
        query.bind(" AND r.case_id = $1", values![case]);
    }
    match filter.standing {
        None => {}
        Some(Standing::Open) => drop(query.push(" AND r.given_at IS NULL AND r.dropped_at IS NULL")),
        Some(Standing::Given) => drop(query.push(" AND r.given_at IS NOT NULL")),
        Some(Standing::Dropped) => drop(query.push(" AND r.dropped_at IS NOT NULL")),
    }
    if let Some(from) = filter.from {
        query.bind(" AND r.proposed_at >= $1", values![from]);
    }
    if let Some(before) = filter.before {
        query.bind(" AND r.proposed_at < $1", values![before]);
    }
    if let Some((at, case, id)) = filter.after {
        query.bind(" AND (r.proposed_at, r.case_id, r.id) < ($1, $2, $3)", values![at, case, id]);
    }
    query.push(" ORDER BY r.proposed_at DESC, r.case_id DESC, r.id DESC");
    query.bind(" LIMIT $1", values![filter.limit]);
    tx.query(&query)?.iter().map(read).collect()
}

/// By what a claim belongs to the same people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// The same party.
    Party,
    /// Somebody of the same household.
    Household,
    /// Somebody with the same telephone number.
    Phone,
}

/// Lists what parties of the case, of their households and with their numbers
/// got or were to get in other cases within a scope, latest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn claims(
    tx: &mut Tx<'_>,
    visible: &Scope,
    case: CaseId,
    (now, most): (Timestamp, u32),
) -> Result<Vec<(RemedyRow, Tie)>, StoreError> {
    let mut query = Query::new(
        concat!(columns!(", k.tie"), " JOIN (SELECT t.party AS party, MIN(t.tie) AS tie FROM ("),
        [],
    );
    query.bind(
        "SELECT p.party AS party, 0 AS tie FROM case_parties p WHERE p.org = $1 AND p.case_id = $2
         UNION ALL SELECT h.party, 1 FROM case_parties p
           JOIN party_households o ON o.org = p.org AND o.party = p.party
           JOIN party_households h ON h.org = o.org AND h.household = o.household
           WHERE p.org = $1 AND p.case_id = $2
         UNION ALL SELECT n.party, 2 FROM case_parties p
           JOIN party_phones o ON o.org = p.org AND o.party = p.party
           JOIN party_phones n ON n.org = o.org AND n.digits = o.digits
           WHERE p.org = $1 AND p.case_id = $2",
        values![visible.org, case],
    );
    query.push(") t GROUP BY t.party) k ON k.party = r.party WHERE ");
    scope::filter(&mut query, &PIECES, visible, now);
    query.bind(" AND r.case_id <> $1", values![case]);
    query.bind(" ORDER BY r.proposed_at DESC, r.case_id DESC, r.id DESC LIMIT $1", values![most]);
    let rows = tx.query(&query)?;
    let tied = |row: &Row| {
        let tie = match row.get::<i64>(20)? {
            0 => Tie::Party,
            1 => Tie::Household,
            _ => Tie::Phone,
        };
        Ok((read(row)?, tie))
    };
    rows.iter().map(tied).collect()
}
