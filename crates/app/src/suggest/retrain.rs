//! Learning categories from the organisation's own closed cases.

use std::collections::HashMap;
use std::num::NonZero;

use huiyin_domain::case::{ClosureKind, Stage};
use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::CaseFilter;
use huiyin_store::case::export::{self, ExportedCase};
use huiyin_store::sql::{Store, Tx};
use huiyin_store::suggest::{self as rows, ModelRow};
use huiyin_text::category::{Example, Message, TrainError, learn};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};
use crate::work::{self, Call, End, Failure, Job, Outside, kinds};

/// The fewest closed cases from which anything is learned.
pub const LEAST_CASES: usize = 60;

/// The fewest cases of a category; rarer ones are left to people.
pub(super) const LEAST_OF_CATEGORY: usize = 6;

/// The most cases that one model learns from: the newest ones.
const MOST_CASES: usize = 10_000;

/// So many new closed cases, or a twentieth of what is known, make a new model.
const NEW_CASES: i64 = 20;

/// What learning came to.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Learning {
    /// There is a new model.
    Learned {
        /// Its version.
        version: i64,
        /// From how many cases.
        cases: usize,
        /// How many categories it knows.
        labels: usize,
        /// Its share of right answers on cases that were held out.
        accuracy: f64,
    },
    /// There is too little to learn from; the reason in words for the log.
    TooLittle {
        /// Closed cases with a final category and a text.
        cases: usize,
        /// What is missing.
        reason: String,
    },
}

/// What a job is asked for.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Asked {
    /// Learn even if little is new.
    anyway: bool,
}

/// Asks for a new model; the machine learns it apart from requests.
///
/// # Errors
/// `forbidden`.
pub fn ask(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::TuneTexts, Target::Anywhere)?;
    let dedup = Some(format!("{}:asked", kinds::TEXT_RETRAIN));
    work::enqueue(tx, ctx, kinds::TEXT_RETRAIN, &Asked { anyway: true }, (ctx.now, dedup))?;
    audit::record(tx, ctx, "text_model_asked", Object::new("text_model", "next"), json!({}))
}

/// The job: learns a new model when enough is new.
pub struct Retrain {
    /// Where cases and models lie.
    pub store: Store,
}

impl Outside for Retrain {
    fn kind(&self) -> &'static str {
        kinds::TEXT_RETRAIN
    }

    fn prepare(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Option<Call>, Failure> {
        let asked: Asked = job.read()?;
        let now_there = rows::teachable(tx, ctx.org())?;
        let known = rows::models(tx, ctx.org(), 1)?.first().map_or(0, |row| row.learned_from);
        let is_new = now_there - known >= NEW_CASES.max(known / 20);
        // a full model learns the newest cases again once in a while
        let is_full = known >= MOST_CASES as i64;
        if now_there < LEAST_CASES as i64 || !(asked.anyway || is_new || is_full) {
            return Ok(None);
        }
        let (store, org, now) = (self.store.clone(), job.org, ctx.now);
        Ok(Some(Box::new(move || {
            let learned = learn_now(&store, org, now)?;
            Ok(serde_json::to_string(&learned).unwrap_or_default())
        })))
    }

    fn settle(&self, _: &mut Tx<'_>, _: &Ctx, _: &Job, (end, told): (End, &str)) -> Result<(), Error> {
        if end == End::Done && !told.is_empty() {
            tracing::info!(told, "categories were learned again");
        }
        Ok(())
    }
}

/// Learns a model from what is closed and keeps it under the next version.
///
/// Blocks for as long as that takes, on half of the cores; no transaction is open
/// meanwhile.
///
/// # Errors
/// What the store gives.
pub fn learn_now(store: &Store, org: OrgId, now: Timestamp) -> Result<Learning, Error> {
    let examples = examples(store, org, now)?;
    let cases = examples.len();
    let little = |reason: String| Ok(Learning::TooLittle { cases, reason });
    if cases < LEAST_CASES {
        return little(format!("{cases} closed cases with a final category, {LEAST_CASES} are needed"));
    }
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let threads = NonZero::new(cores / 2).unwrap_or(NonZero::<usize>::MIN);
    let learned = match learn(&examples, threads) {
        Ok(learned) => learned,
        Err(error @ (TrainError::Empty | TrainError::OneLabel(_) | TrainError::Rare { .. })) => {
            return little(error.to_string());
        }
    };
    let content = learned.model.to_bytes().map_err(Error::internal)?;
    let (labels, accuracy) = (learned.model.labels().len(), f64::from(learned.accuracy));
    let version = store.write_blocking(move |tx| {
        let version = rows::models(tx, org, 1)?.first().map_or(1, |row| row.version + 1);
        let new = ModelRow {
            version,
            trained_at: now,
            learned_from: i64::try_from(cases).unwrap_or(i64::MAX),
            labels: i64::try_from(labels).unwrap_or(i64::MAX),
            accuracy,
        };
        rows::add_model(tx, org, &new, &content)?;
        Ok::<_, Error>(version)
    })?;
    Ok(Learning::Learned { version, cases, labels, accuracy })
}

/// Reads the newest closed cases with a final category, page by page.
fn examples(store: &Store, org: OrgId, now: Timestamp) -> Result<Vec<Example>, Error> {
    let mut filter = CaseFilter { stages: vec![Stage::Closed], limit: export::PAGE, ..CaseFilter::default() };
    let mut examples: Vec<Example> = Vec::new();
    loop {
        let page = {
            let filter = filter.clone();
            let scope = Scope::everything(org, PersonId(Uuid::nil()));
            store.read_blocking(move |tx| Ok::<_, Error>(export::page(tx, &scope, &filter, now)?))?
        };
        let is_last = page.len() < export::PAGE as usize;
        filter.after = page.last().map(|last| (last.case.received_at, last.case.id));
        examples.extend(page.into_iter().filter_map(example));
        if is_last || examples.len() >= MOST_CASES {
            break;
        }
    }
    examples.truncate(MOST_CASES);
    let mut counts: HashMap<String, usize> = HashMap::new();
    examples.iter().for_each(|example| *counts.entry(example.label.clone()).or_default() += 1);
    examples.retain(|example| counts.get(&example.label).is_some_and(|count| *count >= LEAST_OF_CATEGORY));
    Ok(examples)
}

fn example(one: ExportedCase) -> Option<Example> {
    let label = one.case.final_category.clone()?;
    let told = !matches!(one.case.closure, Some(ClosureKind::Void | ClosureKind::Duplicate));
    let message = Message { title: one.title.unwrap_or_default(), text: one.text.unwrap_or_default() };
    let has_text = !message.title.trim().is_empty() || !message.text.trim().is_empty();
    (told && has_text).then_some(Example { message, label })
}
