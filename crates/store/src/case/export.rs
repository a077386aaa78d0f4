//! Whole cases page by page, for exports in constant memory.

use std::collections::HashMap;

use huiyin_domain::case::Case;
use huiyin_domain::ids::{CaseId, OrgId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use super::list::{CaseFilter, conditions};
use super::read::state;
use crate::sql::{Query, StoreError, Tx, Value};
use crate::values;

/// The most cases of one page; two texts of each are looked up together.
pub const PAGE: u32 = 400;

/// One case with the texts that its state only names.
#[derive(Clone, Debug)]
pub struct ExportedCase {
    /// The case as it stands.
    pub case: Case,
    /// Its title; nothing when it has none or it was erased.
    pub title: Option<String>,
    /// Its message; nothing once erased.
    pub text: Option<String>,
}

/// Gives a page of cases, newest first, after `filter.after`; at most [`PAGE`].
///
/// # Errors
/// [`StoreError::Type`] when a state cannot be read.
pub fn page(
    tx: &mut Tx<'_>,
    visible: &Scope,
    filter: &CaseFilter,
    now: Timestamp,
) -> Result<Vec<ExportedCase>, StoreError> {
    let mut query = Query::new("SELECT c.state FROM cases c WHERE ", []);
    conditions(&mut query, visible, filter, now);
    if let Some((at, id)) = filter.after {
        query.bind(" AND (c.received_at, c.id) < ($1, $2)", values![at, id]);
    }
    query.bind(" ORDER BY c.received_at DESC, c.id DESC LIMIT $1", values![filter.limit.clamp(1, PAGE)]);
    let cases: Vec<Case> = tx.query(&query)?.iter().map(state).collect::<Result<_, _>>()?;
    opened(tx, visible.org, cases)
}

/// Gives these cases with their texts, in no order; at most [`PAGE`].
///
/// # Errors
/// [`StoreError::Type`] when a state cannot be read.
pub fn named(tx: &mut Tx<'_>, org: OrgId, cases: &[CaseId]) -> Result<Vec<ExportedCase>, StoreError> {
    let mut query = Query::new("SELECT c.state FROM cases c WHERE c.org = $1", values![org]);
    query.bind_in(" AND c.id IN ", cases.iter().copied().map(Value::from).collect::<Vec<_>>());
    let cases: Vec<Case> = tx.query(&query)?.iter().map(state).collect::<Result<_, _>>()?;
    opened(tx, org, cases)
}

fn opened(tx: &mut Tx<'_>, org: OrgId, cases: Vec<Case>) -> Result<Vec<ExportedCase>, StoreError> {
    let mut texts = texts(tx, org, &cases)?;
    let opened = cases.into_iter().map(|case| {
        let title = case.title.as_ref().and_then(|title| texts.remove(&(case.id, title.0.clone())));
        let text = texts.remove(&(case.id, case.text.0.clone()));
        ExportedCase { case, title, text }
    });
    Ok(opened.collect())
}

fn texts(
    tx: &mut Tx<'_>,
    org: OrgId,
    cases: &[Case],
) -> Result<HashMap<(CaseId, String), String>, StoreError> {
    let ids: Vec<Value> = cases.iter().map(|case| case.id.into()).collect();
    let named = cases.iter().flat_map(|case| case.title.iter().chain([&case.text]));
    let digests: Vec<Value> = named.map(|sealed| sealed.0.as_str().into()).collect();
    let mut query = Query::new(
        "SELECT s.case_id, s.digest, s.value FROM sealed s WHERE s.org = $1 AND s.value IS NOT NULL",
        values![org],
    );
    query.bind_in(" AND s.case_id IN ", ids);
    query.bind_in(" AND s.digest IN ", digests);
    let mut texts = HashMap::new();
    tx.query_each(&query, |row| {
        texts.insert((row.get(0)?, row.get(1)?), row.get(2)?);
        Ok(())
    })?;
    Ok(texts)
}
