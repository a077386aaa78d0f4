//! Lets the time of papers pass: what recurs opens, what is due fires.

use std::future::Future;
use std::pin::Pin;

use huiyin_domain::ids::OrgId;
use huiyin_domain::knowledge::article::Article;
use huiyin_domain::locale::Locale;
use huiyin_domain::paper::PaperKind;
use huiyin_domain::paper::arbitration::Arbitration;
use huiyin_domain::paper::authority_file::AuthorityFile;
use huiyin_domain::paper::digest::Digest;
use huiyin_domain::paper::fault::Fault;
use huiyin_domain::paper::line_report::LineReport;
use huiyin_domain::paper::misconduct::Misconduct;
use huiyin_domain::paper::online_post::OnlinePost;
use huiyin_domain::paper::publication::Publication;
use huiyin_domain::paper::rhythm::{Opening, Rhythm};
use huiyin_domain::paper::scorecard::Scorecard;
use huiyin_domain::paper::stocktake::Stocktake;
use huiyin_domain::paper::visit_record::VisitRecord;
use huiyin_domain::time::Timestamp;
use huiyin_store::paper as rows;
use huiyin_store::paper::rhythm::{self as rhythms, RhythmRow};
use huiyin_store::sql::Tx;
use uuid::Uuid;

use super::change::{act_as_clock, open};
use crate::App;
use crate::ctx::{Actor, Ctx};
use crate::error::Error;
use crate::work::Tick;

/// Papers that fire in one transaction.
const BATCH: u32 = 50;

/// How long a paper that cannot be worked on waits, in microseconds.
const PUT_OFF: i64 = 600_000_000;

/// Opens and fires papers; two indexes find what is due, nothing is scanned.
#[derive(Clone, Copy, Debug, Default)]
pub struct Papers;

impl Tick for Papers {
    fn name(&self) -> &'static str {
        "papers"
    }

    fn tick<'a>(
        &'a self,
        app: &'a App,
        now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<usize, Error>> + Send + 'a>> {
        Box::pin(async move {
            let due = app.store.read(next).await?;
            if due.is_none_or(|at| at > now) {
                return Ok(0);
            }
            let inner = app.clone();
            app.store.write(move |tx| pass(tx, &inner, now)).await
        })
    }

    fn next(&self, tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
        next(tx)
    }
}

fn next(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
    let both = [rows::next_firing(tx)?, rhythms::next(tx)?];
    Ok(both.into_iter().flatten().min())
}

/// Opens what recurs and fires what is due; gives how much that was.
fn pass(tx: &mut Tx<'_>, app: &App, now: Timestamp) -> Result<usize, Error> {
    let mut done = 0;
    for row in rhythms::due(tx, now)? {
        done += recur(tx, &clock(app, row.org, now), app, row)?;
    }
    for firing in rows::firing(tx, now, BATCH)? {
        let ctx = clock(app, firing.org, now);
        let fired = tx.savepoint(|tx| fire(tx, &ctx, app, (firing.kind, firing.id)));
        if !matches!(fired, Ok(taken) if taken > 0) {
            let later = Timestamp::from_micros(now.micros().saturating_add(PUT_OFF));
            let ours = rows::put_off(tx, &firing, later)?;
            if let Err(error) = &fired
                && ours
            {
                tracing::error!(%error, paper = %firing.id, "a paper's clock cannot be worked on");
            }
        }
        done += 1;
    }
    Ok(done)
}

fn clock(app: &App, org: OrgId, now: Timestamp) -> Ctx {
    let mut ctx = app.ctx(Actor::system(org), "clock", Locale::ZhCn);
    ctx.now = now;
    ctx
}

/// Opens what is due in one organisation; a day that has its paper keeps it.
fn recur(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, row: RhythmRow) -> Result<usize, Error> {
    let rhythm: Rhythm = serde_json::from_str(&row.rhythm).map_err(Error::internal)?;
    let held = app.rules.of(tx, ctx.org())?;
    let openings = rhythm.openings(row.done_until, ctx.now, held.calendar());
    let mut opened = 0;
    for opening in openings {
        let one = tx.savepoint(|tx| match opening {
            Opening::Stocktake(new) => open::<Stocktake>(tx, ctx, app, new).map(drop),
            Opening::LineReport(new) => open::<LineReport>(tx, ctx, app, new).map(drop),
            Opening::Digest(new) => open::<Digest>(tx, ctx, app, new).map(drop),
            Opening::Scorecard(new) => open::<Scorecard>(tx, ctx, app, new).map(drop),
            Opening::Publication(new) => open::<Publication>(tx, ctx, app, new).map(drop),
        });
        match one {
            Ok(()) => opened += 1,
            Err(error) if error.code() == "paper_exists" => {}
            // a unit that was ended holds up none of the others
            Err(error) => tracing::error!(%error, "a paper that recurs cannot be opened"),
        }
    }
    let next_at = rhythm.next(ctx.now, held.calendar());
    rhythms::set(tx, &RhythmRow { done_until: ctx.now, next_at, ..row })?;
    Ok(opened.max(1))
}

fn fire(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, (kind, id): (PaperKind, Uuid)) -> Result<u32, Error> {
    match kind {
        PaperKind::Stocktake => act_as_clock::<Stocktake>(tx, ctx, app, id),
        PaperKind::LineReport => act_as_clock::<LineReport>(tx, ctx, app, id),
        PaperKind::OnlinePost => act_as_clock::<OnlinePost>(tx, ctx, app, id),
        PaperKind::AuthorityFile => act_as_clock::<AuthorityFile>(tx, ctx, app, id),
        PaperKind::VisitRecord => act_as_clock::<VisitRecord>(tx, ctx, app, id),
        PaperKind::Scorecard => act_as_clock::<Scorecard>(tx, ctx, app, id),
        PaperKind::Arbitration => act_as_clock::<Arbitration>(tx, ctx, app, id),
        PaperKind::Digest => act_as_clock::<Digest>(tx, ctx, app, id),
        PaperKind::Misconduct => act_as_clock::<Misconduct>(tx, ctx, app, id),
        PaperKind::Fault => act_as_clock::<Fault>(tx, ctx, app, id),
        PaperKind::Publication => act_as_clock::<Publication>(tx, ctx, app, id),
        PaperKind::Article => act_as_clock::<Article>(tx, ctx, app, id),
    }
}
