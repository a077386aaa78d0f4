//! Turns what a person may see into SQL.

use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use crate::sql::{Query, Value};
use crate::values;

/// Pieces that name the columns of one listed table; made by
/// [`scope_pieces!`](crate::scope_pieces).
#[derive(Clone, Copy, Debug)]
pub struct ScopePieces {
    /// `org = $1`.
    pub org: &'static str,
    /// `person column = $1 OR …`.
    pub own: &'static str,
    /// `OR unit IN `.
    pub units: &'static str,
    /// `OR unit IN (units below … `, up to the list of the upper units.
    pub below: &'static str,
}

/// Makes the [`ScopePieces`] of a table.
///
/// Takes its organisation column, its unit column and the columns that name a
/// person whose own the row is.
///
/// ```
/// use huiyin_store::scope_pieces;
/// let pieces = scope_pieces!(org: "c.org", unit: "c.unit", own: ["c.owner", "c.handler"]);
/// assert_eq!(pieces.own, "(1 = 0 OR c.owner = $1 OR c.handler = $1");
/// ```
#[macro_export]
macro_rules! scope_pieces {
    (org: $org:literal, unit: $unit:literal, own: [$($own:literal),+ $(,)?]) => {
        $crate::people::scope::ScopePieces {
            org: concat!($org, " = $1"),
            own: concat!("(1 = 0", $(" OR ", $own, " = $1"),+),
            units: concat!(" OR ", $unit, " IN "),
            below: concat!(
                " OR ", $unit, " IN (SELECT up.descendant FROM unit_paths up WHERE up.org = $1",
                " AND up.valid_from <= $2 AND (up.valid_to IS NULL OR up.valid_to > $2)",
                " AND up.ancestor IN"
            ),
        }
    };
}

/// Adds the condition that a row is visible: organisation, then reach.
///
/// To be added where a condition may stand, after `WHERE ` or ` AND `.
pub fn filter(query: &mut Query, pieces: &ScopePieces, scope: &Scope, now: Timestamp) {
    query.bind(pieces.org, values![scope.org]);
    if scope.all {
        return;
    }
    query.push(" AND ");
    query.bind(pieces.own, values![scope.person]);
    let list = |units: &std::collections::BTreeSet<_>| -> Vec<Value> {
        units.iter().copied().map(Value::from).collect()
    };
    if !scope.units.is_empty() {
        query.bind_in(pieces.units, list(&scope.units));
    }
    if !scope.subtrees.is_empty() {
        query.bind(pieces.below, values![scope.org, now]);
        query.bind_in(" ", list(&scope.subtrees));
        query.push(")");
    }
    query.push(")");
}
