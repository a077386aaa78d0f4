//! Models of categories: in the database, read once by each process.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use huiyin_domain::ids::OrgId;
use huiyin_domain::time::Timestamp;
use huiyin_store::sql::Tx;
use huiyin_store::suggest::{self as rows, ModelRow, Taken};
use huiyin_text::category::Model;
use serde::Serialize;
use utoipa::ToSchema;

use super::retrain::{LEAST_CASES, LEAST_OF_CATEGORY};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// How many models are listed.
const LISTED: u32 = 20;

/// A model with its version; nothing when what is kept cannot be used here.
type Held = (i64, Option<Arc<Model>>);

/// The newest model of each organisation, in memory once it was asked for.
#[derive(Clone, Debug, Default)]
pub struct Models(Arc<RwLock<HashMap<OrgId, Held>>>);

impl Models {
    /// Gives the newest model with its version, from memory or the database.
    ///
    /// A model that another version of the program wrote counts as none: the next
    /// night learns it again.
    ///
    /// # Errors
    /// What the store gives.
    pub(super) fn newest(&self, tx: &mut Tx<'_>, org: OrgId) -> Result<Option<(i64, Arc<Model>)>, Error> {
        let Some(row) = rows::models(tx, org, 1)?.into_iter().next() else { return Ok(None) };
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&org).cloned();
        let model = match known {
            Some((version, model)) if version == row.version => model,
            _ => {
                let read = rows::content(tx, org, row.version)?.map(|bytes| Model::from_bytes(&bytes));
                let model = match read {
                    Some(Ok(model)) => Some(Arc::new(model)),
                    Some(Err(error)) => {
                        tracing::warn!(%error, version = row.version, "a model of categories cannot be used");
                        None
                    }
                    None => None,
                };
                let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
                kept.insert(org, (row.version, model.clone()));
                model
            }
        };
        Ok(model.map(|model| (row.version, model)))
    }
}

/// A model of categories, and what came of its suggestions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ModelLine {
    /// Its version; 0 stands for the names of the categories, while there was no model.
    pub version: i64,
    /// When it was learned; null for the names of the categories.
    pub trained_at: Option<Timestamp>,
    /// From how many closed cases.
    pub learned_from: i64,
    /// How many categories it knows.
    pub labels: i64,
    /// Its share of right answers on cases that were held out, 0 to 1.
    pub accuracy: Option<f64>,
    /// Cases at whose recording it suggested something.
    pub shown: i64,
    /// Of those, recorded with the suggested category.
    pub accepted: i64,
    /// Of those shown, with a final category by now.
    pub settled: i64,
    /// Of those settled, where it is the suggested one.
    pub right: i64,
}

/// Models of an organisation, and what the next one has to learn from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ModelList {
    /// The newest first; the first one with a version above 0 is in use.
    pub items: Vec<ModelLine>,
    /// Closed cases with a final category.
    pub closed_cases: i64,
    /// How many of them are needed.
    pub needed: i64,
    /// How many a category needs to be learned.
    pub needed_of_category: i64,
}

/// Lists the models with what came of their suggestions.
///
/// # Errors
/// `forbidden`.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<ModelList, Error> {
    policy::permit(&ctx.actor, action::TuneTexts, Target::Anywhere)?;
    let taken: HashMap<i64, Taken> = rows::taken(tx, ctx.org())?.into_iter().collect();
    let line = |version: i64, row: Option<&ModelRow>| {
        let taken = taken.get(&version).copied().unwrap_or_default();
        ModelLine {
            version,
            trained_at: row.map(|row| row.trained_at),
            learned_from: row.map_or(0, |row| row.learned_from),
            labels: row.map_or(0, |row| row.labels),
            accuracy: row.map(|row| row.accuracy),
            shown: taken.shown,
            accepted: taken.accepted,
            settled: taken.settled,
            right: taken.right,
        }
    };
    let models = rows::models(tx, ctx.org(), LISTED)?;
    let mut items: Vec<ModelLine> = models.iter().map(|row| line(row.version, Some(row))).collect();
    items.extend(taken.contains_key(&0).then(|| line(0, None)));
    Ok(ModelList {
        items,
        closed_cases: rows::teachable(tx, ctx.org())?,
        needed: LEAST_CASES as i64,
        needed_of_category: LEAST_OF_CATEGORY as i64,
    })
}
