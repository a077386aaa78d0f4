//! Papers of the house and reports, as the words tell them.
//!
//! Each is opened and stepped through by the use cases that people use, at its
//! own time; clocks fire in between.

use super::cast::at;
use super::fill::{HOUR, StepWords, filled};
use super::play::{House, clocks, refused};
use anyhow::Context as _;
use huiyin_app::case::{self, CaseFilter, ListQuery};
use huiyin_app::paper::{self, Around, Changed};
use huiyin_app::report::{self, NewReport};
use huiyin_app::{Ctx, Error};
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::knowledge::article::Article;
use huiyin_domain::paper::arbitration::Arbitration;
use huiyin_domain::paper::authority_file::AuthorityFile;
use huiyin_domain::paper::digest::Digest;
use huiyin_domain::paper::fault::Fault;
use huiyin_domain::paper::line_report::LineReport;
use huiyin_domain::paper::misconduct::Misconduct;
use huiyin_domain::paper::online_post::OnlinePost;
use huiyin_domain::paper::publication::Publication;
use huiyin_domain::paper::scorecard::Scorecard;
use huiyin_domain::paper::stocktake::Stocktake;
use huiyin_domain::paper::visit_record::VisitRecord;
use huiyin_domain::paper::{PaperKind, Step};
use huiyin_domain::time::Timestamp;
use huiyin_store::sql::Tx;
use serde::Deserialize;
use serde_json::{Map, Value};

/// How many cases are looked through for the one that a paper is about.
const LOOKED: u32 = 200;

/// The papers and reports of the demo company.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Papers {
    paper: Vec<PaperWords>,
    report: Vec<ReportWords>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaperWords {
    kind: PaperKind,
    /// Who opens it, by login.
    by: String,
    /// When.
    hours_ago: u32,
    /// Title of the case that it is about.
    #[serde(default)]
    about: Option<String>,
    body: Map<String, Value>,
    #[serde(default)]
    steps: Vec<StepWords>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportWords {
    by: String,
    kind: huiyin_domain::count::ReportKind,
    /// The month, counted from this one.
    month: String,
    /// Code of the unit; the whole organisation when left out.
    #[serde(default)]
    unit: Option<String>,
    #[serde(default)]
    frozen: bool,
}

impl Papers {
    /// Reads the words that the binary carries.
    ///
    /// # Errors
    /// When they are not what they should be; a test holds that they are.
    pub fn shipped() -> anyhow::Result<Self> {
        toml::from_str(include_str!("../../../../packs/demo/papers.toml"))
            .context("packs/demo/papers.toml cannot be read")
    }
}

/// Opens each paper and takes its steps up to now, then drafts the reports.
///
/// # Errors
/// When a step is refused: then the words contradict the rules of its kind.
pub fn write(tx: &mut Tx<'_>, house: &House<'_>, papers: &Papers, now: Timestamp) -> Result<(), Error> {
    for words in &papers.paper {
        told_of(tx, house, words, now)?;
    }
    clocks(tx, house.app, now)?;
    for words in &papers.report {
        drafted(tx, house, words, now)?;
    }
    Ok(())
}

fn told_of(tx: &mut Tx<'_>, house: &House<'_>, words: &PaperWords, now: Timestamp) -> Result<(), Error> {
    match words.kind {
        PaperKind::Stocktake => told::<Stocktake>(tx, house, words, now),
        PaperKind::LineReport => told::<LineReport>(tx, house, words, now),
        PaperKind::OnlinePost => told::<OnlinePost>(tx, house, words, now),
        PaperKind::AuthorityFile => told::<AuthorityFile>(tx, house, words, now),
        PaperKind::VisitRecord => told::<VisitRecord>(tx, house, words, now),
        PaperKind::Scorecard => told::<Scorecard>(tx, house, words, now),
        PaperKind::Arbitration => told::<Arbitration>(tx, house, words, now),
        PaperKind::Digest => told::<Digest>(tx, house, words, now),
        PaperKind::Misconduct => told::<Misconduct>(tx, house, words, now),
        PaperKind::Fault => told::<Fault>(tx, house, words, now),
        PaperKind::Publication => told::<Publication>(tx, house, words, now),
        PaperKind::Article => told::<Article>(tx, house, words, now),
    }
}

/// Tells one paper; one about a case that this demo does not have is left out.
fn told<P: Around>(
    tx: &mut Tx<'_>,
    house: &House<'_>,
    words: &PaperWords,
    now: Timestamp,
) -> Result<(), Error> {
    let mut when = Timestamp::from_micros(now.micros() - i64::from(words.hours_ago) * HOUR);
    let ctx = at(house.app, house.cast.person(&words.by)?.clone(), when);
    let mut body = Value::Object(words.body.clone());
    filled(&mut body, house.cast, when)?;
    if let Some(title) = &words.about {
        let Some(case) = about(tx, &ctx, &body, title)? else { return Ok(()) };
        body["case"] = case.to_string().into();
    }
    let what = format!("{} by {}", words.kind.as_str(), words.by);
    let odd = |error: &dyn std::fmt::Display| Error::internal(format!("demo paper {what}: {error}"));
    let new: P::New = serde_json::from_value(body).map_err(|error| odd(&error))?;
    let opened = paper::open::<P>(tx, &ctx, house.app, new).map_err(|error| refused(&error, &what))?;
    for step in &words.steps {
        // a minute between steps that follow at once, so that histories read well
        when = Timestamp::from_micros(when.micros() + i64::from(step.after) * HOUR + HOUR / 60);
        taken::<P>(tx, house, (&opened, when), step)?;
    }
    Ok(())
}

fn taken<P: Around>(
    tx: &mut Tx<'_>,
    house: &House<'_>,
    (opened, when): (&Changed<P>, Timestamp),
    words: &StepWords,
) -> Result<(), Error> {
    let what = format!("{} of a {} by {}", words.take, P::KIND.as_str(), words.by);
    let odd = |error: &dyn std::fmt::Display| Error::internal(format!("demo paper {what}: {error}"));
    let body = words.body(house.cast, when)?;
    let step = P::Step::read(&words.take, body).map_err(|error| odd(&error))?;
    let step = step.ok_or_else(|| odd(&"no such step"))?;
    let ctx = at(house.app, house.cast.person(&words.by)?.clone(), when);
    paper::act::<P>(tx, &ctx, house.app, (opened.id, None), &step).map_err(|error| refused(&error, &what))?;
    Ok(())
}

/// Finds the newest case of the paper's unit with this title.
fn about(tx: &mut Tx<'_>, ctx: &Ctx, body: &Value, title: &str) -> Result<Option<CaseId>, Error> {
    let unit: UnitId = serde_json::from_value(body["unit"].clone()).map_err(Error::internal)?;
    let filter = CaseFilter { unit: Some(unit), limit: LOOKED, ..CaseFilter::default() };
    let lines = case::list(tx, ctx, &ListQuery { filter, ..ListQuery::default() })?;
    Ok(lines.into_iter().find(|line| line.title.as_deref() == Some(title)).map(|line| line.id))
}

fn drafted(tx: &mut Tx<'_>, house: &House<'_>, words: &ReportWords, now: Timestamp) -> Result<(), Error> {
    let ctx = at(house.app, house.cast.person(&words.by)?.clone(), now);
    let mut month = Value::from(words.month.as_str());
    filled(&mut month, house.cast, now)?;
    let period = month.as_str().unwrap_or_default().parse().map_err(Error::internal)?;
    let unit = words.unit.as_deref().map(|code| house.cast.unit(code)).transpose()?;
    let what = format!("report {} by {}", words.kind.as_str(), words.by);
    let new = NewReport { kind: words.kind, period, unit };
    let rules = &house.app.rules;
    let report = report::draft(tx, &ctx, rules, &new).map_err(|error| refused(&error, &what))?;
    if words.frozen {
        report::freeze(tx, &ctx, rules, (report.id, report.version))
            .map_err(|error| refused(&error, &what))?;
    }
    Ok(())
}
