//! What is measured without HTTP: the control, the clocks, the import.

use super::Scale;
use super::ground::Ground;
use super::history::{Made, Wanted};
use super::report::Figure;
use crate::vault::keeper;
use huiyin_app::audit::{self, Object};
use huiyin_app::case::{self, CASE_CHANGED, ImportedCase};
use huiyin_app::count::{self, Asked};
use huiyin_app::idempotency::{IdempotencyKey, once};
use huiyin_app::{Actor, Ctx, Error};
use huiyin_domain::case::{ChainHead, Channel, External, Kind};
use huiyin_domain::count::{By, CUT, METRICS, Metric, Month, Period};
use huiyin_domain::ids::{CaseId, JobId};
use huiyin_domain::locale::Locale;
use huiyin_domain::text::Text;
use huiyin_store::case::{Change, write};
use huiyin_store::jobs::{self, NewJob};
use huiyin_store::sql::Tx;
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

/// Clocks of one tick, as the server takes them.
const FIRING: u32 = 256;

/// Rows of one transaction of an import.
const ROWS: u32 = 500;

/// One loop that commits the rows of a new case directly, one by one.
///
/// # Errors
/// When the database refuses.
pub fn control(ground: &Ground, scale: &Scale) -> anyhow::Result<Figure> {
    let mut figure = Figure::new("control: same rows, one loop", 1);
    let end = Instant::now() + Duration::from_secs(scale.seconds);
    let began = Instant::now();
    let mut place = 0;
    while Instant::now() < end {
        let now = ground.app.clock.now();
        let id = CaseId(ground.app.ids.uuid(now));
        let number = format!("K-{place:08}");
        let made = ground.maker.make(&Wanted { id, number, at: now, events: 0, closed: false, place })?;
        let mut ctx = ground.ctx(now);
        ctx.idempotency = Some(IdempotencyKey { key: id.to_string(), body: id.to_string() });
        let before = Instant::now();
        ground
            .app
            .store
            .write_blocking(move |tx| once(tx, &ctx, 201, |tx| insert(tx, &ctx, &made)).map(drop))?;
        figure.took(before.elapsed());
        place += 1;
    }
    figure.ended(began.elapsed());
    Ok(figure)
}

/// The rows of one new case: case, contact, events, clocks, facts, audit, job.
fn insert(tx: &mut Tx<'_>, ctx: &Ctx, made: &Made) -> Result<serde_json::Value, Error> {
    let (case, head) = (&made.case, ChainHead::empty());
    let change =
        Change { before: None, after: case, head: &head, events: &made.events, sealed: &made.sealed };
    write::save(tx, ctx.org(), &change)?;
    let details = json!({"number": case.number, "version": case.version, "action": "receive"});
    audit::record(tx, ctx, "case_changed", Object::new("case", case.id), details)?;
    let job = NewJob {
        id: JobId(ctx.uuid()),
        kind: CASE_CHANGED,
        payload: json!({"case": case.id, "from_seq": 1, "to_seq": case.version}).to_string(),
        run_at: ctx.now,
        dedup: None,
        now: ctx.now,
    };
    jobs::enqueue(tx, ctx.org(), &job)?;
    Ok(json!({"id": case.id, "number": case.number}))
}

/// Lets what is due fire, then looks again and again while nothing is due.
///
/// # Errors
/// When the database refuses.
pub fn ticks(ground: &Ground) -> anyhow::Result<Vec<Figure>> {
    let mut firing = Figure::new("tick, each of the clocks that are due", 1);
    let began = Instant::now();
    while tick(ground, &mut firing)? > 0 {}
    firing.ended(began.elapsed());
    let mut idle = Figure::new("tick, nothing due", 1);
    let began = Instant::now();
    for _ in 0..1_000 {
        tick(ground, &mut idle)?;
    }
    idle.ended(began.elapsed());
    Ok(vec![firing, idle])
}

fn tick(ground: &Ground, figure: &mut Figure) -> anyhow::Result<u32> {
    let (app, now) = (ground.app.clone(), ground.app.clock.now());
    let before = Instant::now();
    let ticked = ground.app.store.write_blocking(move |tx| case::tick(tx, &app, &app.rules, now, FIRING))?;
    for _ in 0..ticked.fired.max(1) {
        figure.took(before.elapsed() / ticked.fired.max(1));
    }
    Ok(ticked.fired + ticked.put_off)
}

/// Seals the heads of everything that was built.
///
/// # Errors
/// When the database or the folder refuses.
pub fn anchors(ground: &Ground, home: &Path) -> anyhow::Result<Figure> {
    let mut figure = Figure::new("anchors, a hundred heads each", 1);
    let began = Instant::now();
    loop {
        let before = Instant::now();
        let more = keeper::seal(&ground.app, home, 1)?;
        figure.took(before.elapsed());
        if !more {
            break;
        }
    }
    figure.ended(began.elapsed());
    Ok(figure)
}

/// Takes over so many rows of history.
///
/// # Errors
/// When a row is refused.
pub fn import(ground: &Ground, rows: u32) -> anyhow::Result<Figure> {
    let mut figure = Figure::new("import, rows", 1);
    let text = Text::new("小区南门的路灯坏了半个月，晚上回家看不清路，请安排维修。")?;
    let began = Instant::now();
    for from in (0..rows).step_by(ROWS as usize) {
        let (app, ctx, text) = (ground.app.clone(), ground.ctx(ground.app.clock.now()), text.clone());
        let unit = ground.actor.posts.first().map(|held| held.unit);
        let Some(unit) = unit else { anyhow::bail!("the person of the bench has no post") };
        let count = ROWS.min(rows - from);
        let before = Instant::now();
        ground.app.store.write_blocking(move |tx| {
            for row in from..from + count {
                let new = ImportedCase {
                    external: External { source: "bench".into(), id: row.to_string() },
                    number: None,
                    kind: Kind::Complaint,
                    channel: Channel::Web,
                    unit,
                    owner: ctx.actor.person,
                    received_at: ctx.now,
                    title: None,
                    text: text.clone(),
                    anonymous: true,
                    no_usable_contact: false,
                    follows: None,
                    category: Some("equipment".into()),
                    final_category: None,
                    fields: Default::default(),
                    parties: Vec::new(),
                    reply: None,
                    closed: None,
                    note: None,
                };
                case::import(tx, &ctx, &app.rules, new)?;
            }
            Ok::<_, Error>(())
        })?;
        for _ in 0..count {
            figure.took(before.elapsed() / count);
        }
    }
    figure.ended(began.elapsed());
    Ok(figure)
}

/// Makes the figures of a month and of thirty-six months.
///
/// # Errors
/// When the database refuses.
pub fn reports(ground: &Ground) -> anyhow::Result<Vec<Figure>> {
    let today = huiyin_domain::time::Zone::shanghai().date(ground.app.clock.now());
    let last = Month::of(today).plus(-1);
    let whole = |from: Month| {
        let (first, last) = (from.period(CUT), last.period(CUT));
        first.zip(last).map(|(first, last)| Period { first: first.first, last: last.last })
    };
    let (Some(month), Some(months)) = (whole(last), whole(last.plus(-35))) else {
        anyhow::bail!("the calendar has no such months")
    };
    let every: Vec<&'static Metric> = METRICS.iter().collect();
    let trend: Vec<&'static Metric> =
        ["counted", "closed", "open", "closing_rate"].into_iter().filter_map(Metric::named).collect();
    let asked = [
        (
            "report: one month, counts by category",
            &trend,
            Asked { by: Some(By::Category), ..Asked::of(month) },
            50,
        ),
        ("report: one month, every figure", &every, Asked::of(month), 20),
        ("report: 36 months, counts by month", &trend, Asked { by: Some(By::Month), ..Asked::of(months) }, 5),
    ];
    let mut figures = Vec::new();
    for (name, metrics, asked, times) in asked {
        let mut figure = Figure::new(name, 1);
        let began = Instant::now();
        for _ in 0..times {
            let ctx = ground.app.ctx(Actor::command_line(ground.actor.org), "bench", Locale::default());
            let rules = ground.app.rules.clone();
            let (metrics, asked) = (metrics.clone(), asked.clone());
            let before = Instant::now();
            ground.app.store.read_blocking(move |tx| count::figures(tx, &ctx, &rules, (&metrics, &asked)))?;
            figure.took(before.elapsed());
        }
        figure.ended(began.elapsed());
        figures.push(figure);
    }
    Ok(figures)
}
