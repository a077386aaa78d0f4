//! The list of a stock-take: brought up to date, spoken to, frozen, exported.

use std::collections::BTreeMap;

use huiyin_domain::case::CaseActor;
use huiyin_domain::ids::{CaseId, PersonId};
use huiyin_domain::paper::stocktake::{Stocktake, StocktakeState, StocktakeStep, Totals, may_speak};
use huiyin_domain::paper::{Paper as _, PaperKind, Step as _};
use huiyin_domain::time::{Timestamp, Zone};
use huiyin_store::paper as rows;
use huiyin_store::paper::line::{self, Day};
use huiyin_store::people::unit;
use huiyin_store::sql::Tx;
use huiyin_tabular::write::ColumnKind;
use huiyin_tabular::{CellValue, Column};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use huiyin_store::paper::line::LineRow;

use super::around::Around;
use super::change::Changed;
use super::context::visible;
use crate::App;
use crate::audit::{self, Object};
use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};
use crate::table::{self, TableFormat};
use crate::work::{self, Effects, Failure, Inside, Job, kinds};

/// The most lines of a printed list; far more than a desk can speak to in a day.
const MOST_PRINTED: u32 = 20_000;

/// Open cases that are listed in one transaction, some tenths of a second.
const LISTED_AT_ONCE: u32 = 20_000;

/// Lists the lines of a stock-take, oldest receipt first.
///
/// While it is not frozen, the list is as of its last signature or opening.
///
/// # Errors
/// `not_found` when the list is not there or not for this person to know.
pub fn lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: Uuid,
    after: Option<(Timestamp, CaseId)>,
    limit: u32,
) -> Result<Vec<LineRow>, Error> {
    visible::<Stocktake>(tx, ctx, id)?;
    Ok(line::list(tx, ctx.org(), id, after, limit)?)
}

/// Lists the lines of a stock-take; says whether each word is the actor's to give.
///
/// # Errors
/// As [`lines`].
pub fn matters(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: Uuid,
    after: Option<(Timestamp, CaseId)>,
    limit: u32,
) -> Result<Vec<(LineRow, bool)>, Error> {
    let (_, _, view) = visible::<Stocktake>(tx, ctx, id)?;
    let posts = view.posts().iter().copied().collect();
    let actor = CaseActor { person: Some(ctx.actor.person), posts, customer: false };
    let rows = line::list(tx, ctx.org(), id, after, limit)?;
    let speaks = |row: LineRow| {
        let speaks = may_speak(row.owner, &actor);
        (row, speaks)
    };
    Ok(rows.into_iter().map(speaks).collect())
}

/// Counts the lines of a stock-take as they are now.
///
/// # Errors
/// `not_found` when the list is not there or not for this person to know.
pub fn totals(tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid) -> Result<Totals, Error> {
    visible::<Stocktake>(tx, ctx, id)?;
    Ok(line::totals(tx, ctx.org(), id)?)
}

impl Around for Stocktake {
    /// Lists every case that belongs on a stock-take that is being opened; where there
    /// are very many the machine goes on with them, so that nobody waits to write.
    fn after_opening(tx: &mut Tx<'_>, ctx: &Ctx, changed: &Changed<Self>) -> Result<(), Error> {
        list_some(tx, ctx, (changed.id, &changed.paper), None)
    }

    /// PROP-16: what came in since the opening stands on the list that is signed.
    fn before_step(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        _app: &App,
        (id, stocktake): (Uuid, &Self),
        step: &StocktakeStep,
    ) -> Result<StocktakeStep, Error> {
        let missing = match Self::about(step) {
            Some(case) => line::get(tx, ctx.org(), id, case)?.is_none(),
            None => matches!(step.name(), "sign" | "update" | "freeze"),
        };
        if missing && stocktake.frozen_at.is_none() {
            bring_up_to_date(tx, ctx, (id, stocktake))?;
        }
        Ok(step.clone())
    }

    /// Keeps the word on one case.
    fn after_step(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        _app: &App,
        changed: &Changed<Self>,
        step: &StocktakeStep,
    ) -> Result<(), Error> {
        let StocktakeStep::Word(word) = step else { return Ok(()) };
        let by = ctx.actor.identified().then_some(ctx.actor.person);
        let said = (word.text.as_str(), word.next.as_str(), word.by.map(|day| day.to_string()));
        if !line::say(tx, ctx.org(), (changed.id, word.case), said, (by, ctx.now))? {
            return Err(Error::field("case", "not_on_the_list"));
        }
        Ok(())
    }

    /// Fills in what a list holds at the moment it freezes.
    fn fired(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        app: &App,
        (id, stocktake): (Uuid, &Self),
        step: StocktakeStep,
    ) -> Result<StocktakeStep, Error> {
        if !matches!(step, StocktakeStep::Freeze(_)) {
            return Ok(step);
        }
        Self::before_step(tx, ctx, app, (id, stocktake), &step)?;
        Ok(StocktakeStep::Freeze(line::totals(tx, ctx.org(), id)?))
    }
}

const fn column(key: &'static str, zh: &'static str, en: &'static str, kind: ColumnKind) -> Column {
    Column { key, zh, en, kind }
}

/// The columns of a stock-take as a table; names for programs never change.
const COLUMNS: [Column; 14] = [
    column("number", "编号", "Number", ColumnKind::Text),
    column("kind", "类型", "Kind", ColumnKind::Text),
    column("received_at", "受理时间", "Received", ColumnKind::Time),
    column("channel", "渠道", "Channel", ColumnKind::Text),
    column("matter", "事由", "Matter", ColumnKind::LongText),
    column("stage", "环节", "Stage", ColumnKind::Text),
    column("owner", "首问责任人", "Owner", ColumnKind::Text),
    column("handler", "承办人", "Handler", ColumnKind::Text),
    column("due_at", "最近时限", "Due", ColumnKind::Time),
    column("carried", "结转", "Carried over", ColumnKind::Bool),
    column("late", "迟报", "Late", ColumnKind::Bool),
    column("word", "责任人说明", "The owner's word", ColumnKind::LongText),
    column("next", "下一步", "Next step", ColumnKind::LongText),
    column("by", "期限", "By", ColumnKind::Text),
];

/// Writes the list of a stock-take as a table (PROP-52).
///
/// # Errors
/// `not_found` when the list is not there or not for this person to know,
/// `forbidden` without a post that may take lists out.
pub fn export(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (id, format): (Uuid, TableFormat),
) -> Result<Vec<u8>, Error> {
    policy::permit(&ctx.actor, action::ExportCases, Target::Anywhere)?;
    let sheet = sheet(tx, ctx, rules, id)?;
    audit::record(tx, ctx, "stocktake_exported", Object::new("paper", id), serde_json::json!({}))?;
    let text = |text: Option<&str>| text.map_or(CellValue::Empty, |text| CellValue::Text(text.to_owned()));
    table::written(tx, ctx, (format, &COLUMNS), |_, write| {
        for line in &sheet.lines {
            let name =
                |person: Option<PersonId>| person.and_then(|id| sheet.names.get(&id)).map(String::as_str);
            let matter = sheet.matters.get(&line.case);
            write(&[
                text(Some(&line.number)),
                text(Some(&line.kind)),
                CellValue::Time(line.received_at),
                text(matter.map(|(channel, _)| channel.as_str())),
                text(matter.and_then(|(_, title)| title.as_deref())),
                text(Some(&line.stage)),
                text(name(Some(line.owner))),
                text(name(line.handler)),
                line.due_at.map_or(CellValue::Empty, CellValue::Time),
                CellValue::Bool(line.carried),
                CellValue::Bool(line.late),
                text(line.said.as_deref()),
                text(line.next.as_deref()),
                text(line.by.as_deref()),
            ])?;
        }
        Ok(())
    })
}

/// Says of which units and up to when a list is made.
fn day(ctx: &Ctx, (id, stocktake): (Uuid, &Stocktake)) -> Day {
    let until = stocktake.to.min(Timestamp::from_micros(ctx.now.micros().saturating_add(1)));
    Day { paper: id, unit: stocktake.unit, from: stocktake.from, until }
}

fn bring_up_to_date(tx: &mut Tx<'_>, ctx: &Ctx, listed: (Uuid, &Stocktake)) -> Result<(), Error> {
    Ok(line::refresh(tx, ctx.org(), &day(ctx, listed))?)
}

/// Lists what was received after a case, and queues what is left of it.
fn list_some(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    listed: (Uuid, &Stocktake),
    after: Option<(Timestamp, CaseId)>,
) -> Result<(), Error> {
    let last = line::extend(tx, ctx.org(), &day(ctx, listed), (after, LISTED_AT_ONCE))?;
    if last.is_some() {
        let rest = Unlisted { paper: listed.0, after: last };
        work::enqueue(tx, ctx, kinds::STOCKTAKE_LISTED, &rest, (ctx.now, None))?;
    }
    Ok(())
}

/// The payload of [`kinds::STOCKTAKE_LISTED`].
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Unlisted {
    paper: Uuid,
    /// The last open case that stands on the list.
    after: Option<(Timestamp, CaseId)>,
}

/// Does the jobs of [`kinds::STOCKTAKE_LISTED`].
#[derive(Clone, Copy, Debug, Default)]
pub struct StocktakeListed;

impl Inside for StocktakeListed {
    fn kind(&self) -> &'static str {
        kinds::STOCKTAKE_LISTED
    }

    /// PROP-16: what a signature or the end of the day listed meanwhile stays as it is.
    fn run(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Effects, Failure> {
        let rest: Unlisted = job.read()?;
        let Some(row) = rows::get(tx, ctx.org(), PaperKind::Stocktake, rest.paper).map_err(Error::from)?
        else {
            return Ok(Effects::default());
        };
        let stocktake: Stocktake = serde_json::from_str(&row.body).map_err(Error::internal)?;
        if matches!(stocktake.state, StocktakeState::Open | StocktakeState::Returned)
            && stocktake.frozen_at.is_none()
        {
            list_some(tx, ctx, (rest.paper, &stocktake), rest.after)?;
        }
        Ok(Effects::default())
    }
}

/// Everything that a printed list holds.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The stock-take.
    pub stocktake: Stocktake,
    /// Name of the desk.
    pub unit: String,
    /// Its lines, oldest receipt first.
    pub lines: Vec<LineRow>,
    /// Names of everybody on it.
    pub names: BTreeMap<PersonId, String>,
    /// How each case came and what it is about.
    pub matters: BTreeMap<CaseId, (String, Option<String>)>,
    /// Counted as it is now.
    pub totals: Totals,
    /// The zone of its days and times.
    pub zone: Zone,
}

/// Gathers a list for printing.
///
/// # Errors
/// `not_found` when the list is not there or not for this person to know.
pub fn sheet(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, id: Uuid) -> Result<Sheet, Error> {
    let (row, stocktake, _) = visible::<Stocktake>(tx, ctx, id)?;
    let unit = unit::get(tx, ctx.org(), row.unit)?;
    Ok(Sheet {
        stocktake,
        unit: unit.map(|unit| unit.name).unwrap_or_default(),
        lines: line::list(tx, ctx.org(), id, None, MOST_PRINTED)?,
        names: line::names(tx, ctx.org(), id)?,
        matters: line::matters(tx, ctx.org(), id)?,
        totals: line::totals(tx, ctx.org(), id)?,
        zone: rules.of(tx, ctx.org())?.calendar().zone().clone(),
    })
}
