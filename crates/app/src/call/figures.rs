//! Figures of calls and the wallboard, all from one dictionary.

use huiyin_domain::call::agent::Agent;
use huiyin_domain::call::figures::{Aims, CALL_METRICS, CallMetric, CallPile, CallUnit};
use huiyin_domain::call::split::{CallsBy, Split};
use huiyin_domain::call::trunk::TrunkNow;
use huiyin_domain::call::wallboard::{Now, Rule, Seat, View};
use huiyin_domain::count::Figure;
use huiyin_domain::ids::{OrgId, PersonId, QueueId};
use huiyin_domain::locale::Locale;
use huiyin_domain::time::{Timestamp, Zone};
use huiyin_store::call::list::{self as rows, CallFilter};
use huiyin_store::call::settings;
use huiyin_store::people::{organisation, person};
use huiyin_store::sql::Tx;
use huiyin_tabular::write::ColumnKind;
use huiyin_tabular::{CellValue, Column};
use std::collections::BTreeSet;

use super::settings::trunks_of;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};
use crate::table::{self, TableFormat};

/// Figures of one group.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name: an interval's beginning, an id, a number.
    pub name: String,
    /// Every metric with its figure, in the dictionary's order.
    pub figures: Vec<(&'static CallMetric, Figure)>,
}

/// The longest period of figures: 400 days, in microseconds.
const LONGEST: i64 = 400 * 24 * 3_600 * 1_000_000;

/// The most calls that waiting and wallboard look at.
const MOST: u32 = 1_000;

/// Gives the zone of the house.
pub(super) fn zone(tx: &mut Tx<'_>, org: OrgId) -> Result<Zone, Error> {
    let row = organisation::get(tx, org)?;
    Ok(row.and_then(|row| Zone::named(&row.zone).ok()).unwrap_or_default())
}

fn of(pile: &CallPile) -> Vec<(&'static CallMetric, Figure)> {
    CALL_METRICS.iter().map(|metric| (metric, pile.figure(metric))).collect()
}

/// Gives the figures of calls that arrived in a period and are over, in groups; the
/// whole is the group without a name, last (CALL-10, CALL-21).
///
/// # Errors
/// `forbidden` without a post that sees figures; a period that is none or too long.
pub fn figures(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (from, to): (Timestamp, Timestamp),
    (by, minutes): (CallsBy, u32),
) -> Result<(Vec<Group>, Group), Error> {
    policy::permit(&ctx.actor, action::ViewFigures, Target::Anywhere)?;
    let length = to.micros().saturating_sub(from.micros());
    if length <= 0 || length > LONGEST {
        return Err(Error::field("to", "period_too_long"));
    }
    let zone = zone(tx, ctx.org())?;
    let calls = rows::facts(tx, &ctx.actor.scope(), (from, to), ctx.now)?;
    let aims = Aims::default();
    let split = Split { by, minutes, zone: &zone };
    let groups = split.piles(&calls, &aims);
    let mut all = CallPile::default();
    calls.iter().for_each(|call| all.add(call, &aims));
    let groups = groups.into_iter().map(|(name, pile)| Group { name, figures: of(&pile) }).collect();
    Ok((groups, Group { name: String::new(), figures: of(&all) }))
}

/// Writes the figures as a table, a line for each group and the whole last.
///
/// # Errors
/// As [`figures`].
pub fn figures_file(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    period: (Timestamp, Timestamp),
    by: (CallsBy, u32),
    format: TableFormat,
) -> Result<Vec<u8>, Error> {
    let (mut groups, whole) = figures(tx, ctx, period, by)?;
    for group in &mut groups {
        group.name = named(tx, ctx, by.0, std::mem::take(&mut group.name))?;
    }
    let total = match ctx.locale {
        Locale::ZhCn => "合计",
        Locale::En => "Total",
    };
    groups.push(Group { name: total.to_owned(), ..whole });
    let first = Column { key: "group", zh: "分组", en: "Group", kind: ColumnKind::Text };
    let columns: Vec<Column> = std::iter::once(first)
        .chain(CALL_METRICS.iter().map(|metric| Column {
            key: metric.name,
            zh: metric.zh,
            en: metric.en,
            kind: match metric.unit {
                CallUnit::Calls | CallUnit::Times => ColumnKind::Int,
                CallUnit::Millis | CallUnit::Share => ColumnKind::Text,
            },
        }))
        .collect();
    table::written(tx, ctx, (format, &columns), |_, write| {
        groups.iter().try_for_each(|group| {
            let figures = group.figures.iter().map(|(metric, figure)| cell(metric.unit, *figure));
            write(&std::iter::once(CellValue::Text(group.name.clone())).chain(figures).collect::<Vec<_>>())
        })
    })
}

/// A figure as people read it: shares in per cent, times in seconds.
fn cell(unit: CallUnit, figure: Figure) -> CellValue {
    match (figure.value, unit) {
        (None, _) => CellValue::Empty,
        (Some(value), CallUnit::Calls | CallUnit::Times) => CellValue::Int(value),
        (Some(value), CallUnit::Share) => {
            let tenths = (value + 500) / 1_000;
            CellValue::Text(format!("{}.{} %", tenths / 10, tenths % 10))
        }
        (Some(value), CallUnit::Millis) => {
            let tenths = (value + 50) / 100;
            CellValue::Text(format!("{}.{} s", tenths / 10, tenths % 10))
        }
    }
}

/// The name of a group: of a queue or person in place of its id.
fn named(tx: &mut Tx<'_>, ctx: &Ctx, by: CallsBy, name: String) -> Result<String, Error> {
    let found = match by {
        CallsBy::Queue => match name.parse() {
            Ok(queue) => settings::queue(tx, ctx.org(), queue)?.map(|queue| queue.name),
            Err(_) => None,
        },
        CallsBy::Agent => match name.parse() {
            Ok(agent) => person::get(tx, agent)?.map(|row| row.name),
            Err(_) => None,
        },
        _ => None,
    };
    Ok(found.unwrap_or(name))
}

/// What waits in one queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueNow {
    /// Which.
    pub queue: QueueId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Calls that wait.
    pub waiting: u32,
    /// The longest of them, in milliseconds.
    pub longest_wait_ms: i64,
    /// Agents who serve it and are free.
    pub ready: u32,
}

/// Gives each queue as it stands now, and everybody who serves one.
fn queues(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (waiting, agents): (&[(QueueId, Timestamp)], &[Agent]),
) -> Result<(Vec<QueueNow>, BTreeSet<PersonId>), Error> {
    let free: BTreeSet<PersonId> =
        agents.iter().filter(|agent| agent.is_free()).map(|agent| agent.person).collect();
    let (mut all, mut staff) = (Vec::new(), BTreeSet::new());
    for queue in settings::queues(tx, ctx.org())? {
        let serving = settings::serving(tx, ctx.org(), queue.id)?;
        let since = waiting.iter().filter(|(of, _)| *of == queue.id).map(|(_, since)| *since);
        let longest = since.clone().map(|since| (ctx.now.micros() - since.micros()).max(0) / 1_000).max();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        all.push(QueueNow {
            waiting: count(since.count()),
            longest_wait_ms: longest.unwrap_or(0),
            ready: count(serving.iter().filter(|agent| free.contains(agent)).count()),
            queue: queue.id,
            code: queue.code,
            name: queue.name,
        });
        staff.extend(serving);
    }
    Ok((all, staff))
}

/// Gives what is now, with its alarms (CALL-5, CALL-15, CALL-16, X-34).
///
/// `trunks` is what this process knows of them.
///
/// # Errors
/// `forbidden` without a post that watches the floor or sees figures.
pub fn wallboard(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    trunks: Vec<TrunkNow>,
) -> Result<(View, Group, Vec<QueueNow>), Error> {
    policy::permit(&ctx.actor, action::SuperviseCalls, Target::Anywhere)
        .map(drop)
        .or_else(|_| policy::permit(&ctx.actor, action::ViewFigures, Target::Anywhere).map(drop))?;
    let zone = zone(tx, ctx.org())?;
    let day = zone.date(ctx.now);
    let begin = Timestamp::from_micros(ctx.now.micros() - i64::from(zone.civil(ctx.now).1) * 1_000_000);
    debug_assert_eq!(zone.date(begin), day);
    let scope = ctx.actor.scope();
    let calls = rows::facts(tx, &scope, (begin, ctx.now), ctx.now)?;
    let mut pile = CallPile::default();
    calls.iter().for_each(|call| pile.add(call, &Aims::default()));
    let filter = CallFilter { state: Some("waiting".into()), limit: MOST, ..CallFilter::default() };
    let waiting = rows::calls(tx, &scope, &filter, ctx.now)?;
    let in_queue = |row: &rows::CallRow| Some((row.call.queue?, row.call.waits_since()?));
    let in_queues: Vec<_> = waiting.iter().filter_map(in_queue).collect();
    let agents = rows::agents(tx, ctx.org())?;
    let (queues, staff) = queues(tx, ctx, (&in_queues, &agents))?;
    let waiting = in_queues.iter().map(|(_, since)| *since).collect();
    let seats = agents.iter().filter_map(|agent| Seat::of(agent, staff.contains(&agent.person)));
    let connect = CallMetric::named("connect_rate").map(|metric| pile.figure(metric));
    let connect_rate = connect.unwrap_or_else(|| Figure::share(0, 0));
    let trunks = trunks_of(&settings::trunks(tx, ctx.org())?, trunks);
    let now = Now { seats: seats.collect(), waiting, connect_rate, trunks };
    let today = Group { name: String::new(), figures: of(&pile) };
    Ok((Rule::default().view(&now, ctx.now, &zone), today, queues))
}
