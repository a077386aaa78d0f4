//! Building the database: many cases in large transactions.

use super::Scale;
use super::ground::Ground;
use super::history::{Made, Wanted};
use crate::progress::Progress;
use huiyin_domain::case::ChainHead;
use huiyin_domain::ids::CaseId;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::{Change, write};
use serde::Serialize;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Instant;

/// Cases of one transaction.
const BATCH: u64 = 2_000;

/// Batches that wait to be stored.
const AHEAD: usize = 2;

/// Cases with fifty entries, for reading.
const LONG: u64 = 200;

/// Cases whose clocks are due, two clocks each.
pub const DUE: u64 = 500;

/// Two days in microseconds: long enough that the clocks of `DUE` ran out.
const LONG_AGO: i64 = 5 * 86_400_000_000;

/// An hour in microseconds: the cases came within it, so that their clocks run.
const LATELY: i64 = 3_600_000_000;

/// Three years in microseconds, over which closed cases came.
const THREE_YEARS: i64 = 1_095 * 86_400_000_000;

/// What was built.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Built {
    /// Cases.
    pub cases: u64,
    /// Entries of their histories.
    pub events: u64,
    /// Clocks that run.
    pub open_clocks: u64,
    /// Seconds it took.
    pub seconds: f64,
}

/// Builds the cases that are measured on.
///
/// # Errors
/// When the rules or the database refuse one.
pub fn cases(ground: &Ground, scale: &Scale) -> anyhow::Result<Built> {
    let began = Instant::now();
    let now = ground.app.clock.now();
    let progress = Progress::counting("cases");
    let mut built = Built::default();
    let total = scale.cases + LONG + DUE;
    let (sender, batches) = sync_channel(AHEAD);
    thread::scope(|scope| {
        // histories are made on one processor while the other stores them
        scope.spawn(move || {
            for from in (0..total).step_by(usize::try_from(BATCH).unwrap_or(1)) {
                let places = from..(from + BATCH).min(total);
                let make = |place| ground.maker.make(&wanted(ground, scale, (place, total), now));
                let made: anyhow::Result<Vec<Made>> = places.map(make).collect();
                if sender.send(made).is_err() {
                    return;
                }
            }
        });
        for made in batches {
            let made = made?;
            for one in &made {
                built.cases += 1;
                built.events += one.events.len() as u64;
                built.open_clocks += one.case.clocks.iter().filter(|clock| clock.is_open()).count() as u64;
            }
            remember(ground, scale, &made);
            store(ground, made)?;
            progress.done(built.cases, Some(total));
        }
        Ok::<_, anyhow::Error>(())
    })?;
    progress.end();
    built.seconds = began.elapsed().as_secs_f64();
    Ok(built)
}

fn store(ground: &Ground, made: Vec<Made>) -> anyhow::Result<()> {
    let org = ground.actor.org;
    ground.app.store.write_blocking(move |tx| {
        for one in &made {
            let (head, events, sealed) = (ChainHead::empty(), &one.events, &one.sealed);
            write::save(tx, org, &Change { before: None, after: &one.case, head: &head, events, sealed })?;
        }
        Ok::<_, huiyin_store::sql::StoreError>(())
    })?;
    Ok(())
}

/// The last ones are those with long histories and those that are due.
fn wanted(ground: &Ground, scale: &Scale, (place, total): (u64, u64), now: Timestamp) -> Wanted {
    let long = (scale.cases..scale.cases + LONG).contains(&place);
    let due = place >= scale.cases + LONG;
    let step = LATELY / i64::try_from(total).unwrap_or(i64::MAX).max(1);
    let lately = now.micros() - LATELY + i64::try_from(place).unwrap_or(0) * step.max(1);
    let closed = !long && !due && place % 10 < 6;
    // what is closed came over three years, so that reports have months to count
    let earlier =
        THREE_YEARS / i64::try_from(total).unwrap_or(i64::MAX).max(1) * i64::try_from(place).unwrap_or(0);
    let at = match (due, closed) {
        (true, _) => now.micros() - LONG_AGO,
        (_, true) => now.micros() - THREE_YEARS - LATELY + earlier,
        _ => lately,
    };
    let at = Timestamp::from_micros(at);
    Wanted {
        id: CaseId(ground.app.ids.uuid(at)),
        number: format!("B-{place:08}"),
        at,
        events: if long { 50 } else { scale.events },
        closed,
        place: place / 10 + place,
    }
}

fn remember(ground: &Ground, scale: &Scale, made: &[Made]) {
    let mut known = ground.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for one in made {
        let place: u64 = one.case.number.trim_start_matches("B-").parse().unwrap_or(0);
        if (scale.cases..scale.cases + LONG).contains(&place) {
            known.long.push(one.case.id);
        } else if place < scale.cases && one.case.closed_at.is_none() && known.open.len() < 20_000 {
            known.open.push(one.case.id);
        }
    }
}
