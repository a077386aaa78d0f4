//! Which rows a figure is about: scope, period, unit, group.

use huiyin_domain::count::{By, Dating, List, Subject};
use huiyin_domain::ids::UnitId;
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use crate::people::scope::{self, ScopePieces};
use crate::sql::Query;
use crate::values;

/// From an instant to the first instant after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First instant.
    pub from: Timestamp,
    /// First instant after it.
    pub to: Timestamp,
}

/// Which rows are wanted, beside what the metric says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountFilter {
    /// The period.
    pub span: Span,
    /// Of this unit and those below it, as they stood when it was received.
    pub unit: Option<UnitId>,
    /// Of one group only; no value means those without.
    pub group: Option<(By, Option<String>)>,
}

/// Figures belong to units; nobody's own case shows in them by being theirs.
const PIECES: ScopePieces = ScopePieces {
    org: "f.org = $1",
    own: "(f.case_id = $1",
    units: " OR f.unit IN ",
    below: " OR f.unit IN (SELECT up.descendant FROM unit_paths up WHERE up.org = $1 \
        AND up.valid_from <= $2 AND (up.valid_to IS NULL OR up.valid_to > $2) AND up.ancestor IN",
};

/// The company to which the unit belonged when the case was received.
macro_rules! company {
    () => {
        "(SELECT up.ancestor FROM unit_paths up JOIN units n ON n.org = up.org AND n.id = up.ancestor \
          WHERE up.org = f.org AND up.descendant = f.unit AND n.level = 'company' \
          AND up.valid_from <= f.received_at AND (up.valid_to IS NULL OR up.valid_to > f.received_at) \
          ORDER BY up.distance LIMIT 1)"
    };
}
pub(super) use company;

/// What the unit is meant to be, or the nearest above that says it (PROP-104).
macro_rules! profile {
    ($what:literal) => {
        concat!(
            "(SELECT pr.", $what, " FROM unit_paths up JOIN unit_profiles pr ON pr.org = up.org \
              AND pr.unit = up.ancestor WHERE up.org = f.org AND up.descendant = f.unit \
              AND up.valid_from <= f.received_at AND (up.valid_to IS NULL OR up.valid_to > f.received_at) \
              AND pr.", $what, " IS NOT NULL ORDER BY up.distance LIMIT 1)"
        )
    };
}
pub(super) use profile;

/// Adds scope, unit and group, after `WHERE `.
pub(super) fn about(query: &mut Query, visible: &Scope, filter: &CountFilter, now: Timestamp) {
    scope::filter(query, &PIECES, visible, now);
    if let Some(unit) = filter.unit {
        query.bind(
            " AND EXISTS (SELECT 1 FROM unit_paths u WHERE u.org = $1 AND u.ancestor = $2
               AND u.descendant = f.unit AND u.valid_from <= f.received_at
               AND (u.valid_to IS NULL OR u.valid_to > f.received_at))",
            values![visible.org, unit],
        );
    }
    match &filter.group {
        None | Some((By::Month, _)) => {}
        Some((by, Some(value))) => drop(query.bind(equals(*by), values![value])),
        Some((by, None)) => drop(query.push(lacks(*by))),
    }
}

const fn equals(by: By) -> &'static str {
    match by {
        By::Unit => " AND f.unit = $1",
        By::Company => concat!(" AND ", company!(), " = $1"),
        By::Positioning => concat!(" AND ", profile!("positioning"), " = $1"),
        By::CustomerGroup => concat!(" AND ", profile!("customer_group"), " = $1"),
        By::ServiceStandard => concat!(" AND ", profile!("service_standard"), " = $1"),
        By::ResourceCost => concat!(" AND ", profile!("resource_cost"), " = $1"),
        By::Category => " AND f.category = $1",
        By::Cause => " AND f.cause = $1",
        By::Channel => " AND f.channel = $1",
        By::Kind => " AND f.kind = $1",
        By::Pack => " AND f.pack = $1",
        By::Closure => " AND f.closure = $1",
        By::Exemption => " AND f.exemption = $1",
        By::Month => " AND '' <> $1",
    }
}

const fn lacks(by: By) -> &'static str {
    match by {
        By::Company => concat!(" AND ", company!(), " IS NULL"),
        By::Positioning => concat!(" AND ", profile!("positioning"), " IS NULL"),
        By::CustomerGroup => concat!(" AND ", profile!("customer_group"), " IS NULL"),
        By::ServiceStandard => concat!(" AND ", profile!("service_standard"), " IS NULL"),
        By::ResourceCost => concat!(" AND ", profile!("resource_cost"), " IS NULL"),
        By::Category => " AND f.category IS NULL",
        By::Cause => " AND f.cause IS NULL",
        By::Closure => " AND f.closure IS NULL",
        By::Exemption => " AND f.exemption IS NULL",
        By::Unit | By::Channel | By::Kind | By::Pack | By::Month => " AND 1 = 0",
    }
}

/// Adds the period of a list's rows.
pub(super) fn dated(query: &mut Query, list: List, span: Span) {
    let values = values![span.from, span.to];
    match (list.of, list.dated) {
        (Subject::Item, Dating::Received) => query.bind(" AND f.item_at >= $1 AND f.item_at < $2", values),
        (_, Dating::Received) => query.bind(" AND f.received_at >= $1 AND f.received_at < $2", values),
        (_, Dating::Closed) => query.bind(" AND f.closed_at >= $1 AND f.closed_at < $2", values),
        (_, Dating::Visited) => query.bind(" AND f.visited_at >= $1 AND f.visited_at < $2", values),
    };
    if list.of == Subject::Item && list.dated != Dating::Received {
        query.push(" AND f.item_at IS NOT NULL");
    }
}

/// Adds the facts that must and must not hold: of an item those of all its cases.
pub(super) fn tested(query: &mut Query, list: List) {
    let values = values![list.test.all.bits(), list.test.none.bits()];
    if list.of == Subject::Item {
        query.bind(
            " AND (COALESCE(f.item_marks, f.marks) & $1) = $1 AND (COALESCE(f.item_marks, f.marks) & $2) = 0",
            values,
        );
    } else {
        query.bind(" AND (f.marks & $1) = $1 AND (f.marks & $2) = 0", values);
    }
}
