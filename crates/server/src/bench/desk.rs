//! The daily stock-take: opening the list, reading it, printing it.

use super::ground::Ground;
use super::report::Figure;
use huiyin_app::paper::{self, stocktake};
use huiyin_domain::paper::stocktake::{NewStocktake, Stocktake};
use std::time::Instant;

/// Cases of the list that is read; the issue names the aim for so many.
const LISTED: u32 = 10_000;

/// How often the list is read.
const TIMES: u32 = 20;

/// Opens today's list and reads its first ten thousand cases again and again.
///
/// # Errors
/// When the database refuses, or the desk has no unit.
pub fn stocktake(ground: &Ground) -> anyhow::Result<Vec<Figure>> {
    let now = ground.app.clock.now();
    let Some(unit) = ground.actor.posts.first().map(|held| held.unit) else {
        anyhow::bail!("the person of the bench has no post");
    };
    let mut opening = Figure::new("stock-take, opening the list", 1);
    let (app, ctx) = (ground.app.clone(), ground.ctx(now));
    let began = Instant::now();
    let id = ground.app.store.write_blocking(move |tx| {
        let day = app.rules.of(tx, ctx.org())?.calendar().zone().date(now);
        let new = NewStocktake { unit, day, remind_at: None, due_at: None };
        paper::open::<Stocktake>(tx, &ctx, &app, new).map(|changed| changed.id)
    })?;
    opening.took(began.elapsed());
    opening.ended(began.elapsed());
    let mut reading = Figure::new("stock-take, list of 10,000 open cases", 1);
    let began = Instant::now();
    for _ in 0..TIMES {
        let ctx = ground.ctx(now);
        let before = Instant::now();
        let rows = ground.app.store.read_blocking(move |tx| stocktake::lines(tx, &ctx, id, None, LISTED))?;
        if rows.is_empty() {
            anyhow::bail!("nothing is open on the stock-take");
        }
        reading.took(before.elapsed());
    }
    reading.ended(began.elapsed());
    Ok(vec![opening, reading])
}
