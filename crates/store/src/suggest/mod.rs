//! Rows of models of categories, and of what they suggested.

pub mod alike;

use huiyin_domain::ids::{CaseId, OrgId};
use huiyin_domain::time::Timestamp;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// How many of the newest models keep their content.
const KEPT: i64 = 2;

/// A model as it is listed.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelRow {
    /// Its version, from 1.
    pub version: i64,
    /// When it was learned.
    pub trained_at: Timestamp,
    /// From how many closed cases.
    pub learned_from: i64,
    /// How many categories it knows.
    pub labels: i64,
    /// Its share of right answers on cases that were held out.
    pub accuracy: f64,
}

/// What came of a model's suggestions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Cases at whose recording it suggested something.
    pub shown: i64,
    /// Of those, recorded with the suggested category.
    pub accepted: i64,
    /// Of those, with a final category.
    pub settled: i64,
    /// Of those, where it is the suggested one.
    pub right: i64,
}

/// What was suggested at the recording of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownRow {
    /// The case.
    pub case: CaseId,
    /// Version of the model; 0 for the names of the categories.
    pub model: i64,
    /// The suggested category.
    pub category: String,
    /// How sure it was.
    pub confidence: Option<f64>,
    /// When.
    pub at: Timestamp,
}

/// Lists the models, newest first; at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn models(tx: &mut Tx<'_>, org: OrgId, limit: u32) -> Result<Vec<ModelRow>, StoreError> {
    let rows = tx.all(
        "SELECT version, trained_at, learned_from, labels, accuracy FROM text_models
         WHERE org = $1 ORDER BY version DESC LIMIT $2",
        &values![org, limit],
    )?;
    let read = |row: &Row| {
        Ok(ModelRow {
            version: row.get(0)?,
            trained_at: row.get(1)?,
            learned_from: row.get(2)?,
            labels: row.get(3)?,
            accuracy: row.get(4)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Gives the content of a model; nothing where only its line is kept.
///
/// # Errors
/// Any [`StoreError`].
pub fn content(tx: &mut Tx<'_>, org: OrgId, version: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let row =
        tx.one("SELECT content FROM text_models WHERE org = $1 AND version = $2", &values![org, version])?;
    row.map_or(Ok(None), |row| row.get(0))
}

/// Adds a model under the next version, and lets go of the content of old ones.
///
/// # Errors
/// Any [`StoreError`].
pub fn add_model(tx: &mut Tx<'_>, org: OrgId, new: &ModelRow, content: &[u8]) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO text_models (org, version, trained_at, learned_from, labels, accuracy, content)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &values![org, new.version, new.trained_at, new.learned_from, new.labels, new.accuracy, content],
    )?;
    tx.execute(
        "UPDATE text_models SET content = NULL WHERE org = $1 AND version <= $2 AND content IS NOT NULL",
        &values![org, new.version - KEPT],
    )?;
    Ok(())
}

/// Counts the closed cases with a final category, void and duplicate ones left out.
///
/// # Errors
/// Any [`StoreError`].
pub fn teachable(tx: &mut Tx<'_>, org: OrgId) -> Result<i64, StoreError> {
    let row = tx.one(
        "SELECT COUNT(*) FROM case_facts f WHERE f.org = $1 AND f.closed_at IS NOT NULL
         AND f.final_category IS NOT NULL AND (f.closure IS NULL OR f.closure NOT IN ('void', 'duplicate'))",
        &values![org],
    )?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// Notes what was suggested at the recording of a case.
///
/// # Errors
/// Any [`StoreError`].
pub fn note_shown(tx: &mut Tx<'_>, org: OrgId, shown: &ShownRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO text_shown (org, case_id, model, category, confidence, at) VALUES ($1, $2, $3, $4, $5, $6)",
        &values![org, shown.case, shown.model, &shown.category, shown.confidence, shown.at],
    )?;
    Ok(())
}

/// Adds up what came of the suggestions of each model, by version.
///
/// # Errors
/// Any [`StoreError`].
pub fn taken(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<(i64, Taken)>, StoreError> {
    let rows = tx.all(
        "SELECT s.model, COUNT(*),
           SUM(CASE WHEN f.intake_category = s.category THEN 1 ELSE 0 END),
           SUM(CASE WHEN f.final_category IS NOT NULL THEN 1 ELSE 0 END),
           SUM(CASE WHEN f.final_category = s.category THEN 1 ELSE 0 END)
         FROM text_shown s JOIN case_facts f ON f.org = s.org AND f.case_id = s.case_id
         WHERE s.org = $1 GROUP BY s.model ORDER BY s.model",
        &values![org],
    )?;
    let read = |row: &Row| {
        let taken =
            Taken { shown: row.get(1)?, accepted: row.get(2)?, settled: row.get(3)?, right: row.get(4)? };
        Ok((row.get(0)?, taken))
    };
    rows.iter().map(read).collect()
}
