//! `huiyin serve --demo`: a fictional property company with its history.
//!
//! *Invariants*: every case is made by the use cases that people use, at the
//! times of its own story, so that every history is legal; one transaction
//! builds all, so a demo is there whole or not at all; what people see is the
//! same for the same day, passwords and identities never are.
//!
//! *Where to start*: [`prepare`]; the words are data in `packs/demo`.

mod beat;
mod cast;
mod chance;
mod fill;
mod gathered;
mod homes;
mod houses;
mod known;
mod logins;
mod papers;
pub mod phones;
mod plan;
mod play;
mod roster;
mod scene;
mod script;
#[cfg(test)]
mod tests;
mod ways;
mod words;

use anyhow::{Context as _, bail};
use cast::Cast;
use chance::Chance;
use huiyin_app::App;
use huiyin_domain::ids::OrgId;
use huiyin_domain::time::Timestamp;
use huiyin_store::people::organisation;
pub use logins::Logins;
use std::path::Path;
use words::Words;

/// Name of the setting that marks an installation as a demo.
const MARK: &str = "demo";

/// How far back the history goes: 92 days, in microseconds.
const PAST: i64 = 92 * DAY;

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// Makes the demo where nothing is yet, and gives its logins.
///
/// The file `demo-logins.json` in `folder` is there when this returns; after a
/// restart it is the same one. Blocks for some seconds the first time.
///
/// # Errors
/// When the database holds other data, or the file cannot be written.
pub fn prepare(app: &App, folder: &Path) -> anyhow::Result<Logins> {
    let file = logins::file(folder);
    let words = Words::shipped()?;
    let marked = app.store.read_blocking(marked_org)?;
    match marked {
        Found::Demo(org) => match logins::read(&file)? {
            Some(known) => Ok(known),
            None => logins::renewed(app, org, &file),
        },
        Found::Other => bail!(
            "--demo would mix fictional people into your own data: name an empty folder or database instead"
        ),
        Found::Nothing => {
            tracing::info!("making the demo company and its history, this takes some seconds");
            let logins = Logins::drawn(app, &words.company)?;
            build(app, words, &logins)?;
            logins::write(&file, &logins).with_context(|| format!("cannot write {}", file.display()))?;
            Ok(logins)
        }
    }
}

/// Names the file of the logins in its folder.
pub fn logins_file(folder: &Path) -> std::path::PathBuf {
    logins::file(folder)
}

/// Tells whether this database was made by `--demo`, with or without it now.
///
/// # Errors
/// When the database cannot be read.
pub fn is_demo(app: &App) -> anyhow::Result<bool> {
    Ok(matches!(app.store.read_blocking(marked_org)?, Found::Demo(_)))
}

/// Gives the organisation of the demo.
fn marked(app: &App) -> anyhow::Result<Option<OrgId>> {
    Ok(match app.store.read_blocking(marked_org)? {
        Found::Demo(org) => Some(org),
        Found::Nothing | Found::Other => None,
    })
}

/// Writes the logins anew, with what was added.
///
/// # Errors
/// When the folder cannot be written.
pub fn keep_logins(folder: &Path, logins: &Logins) -> anyhow::Result<()> {
    let file = logins::file(folder);
    logins::write(&file, logins).with_context(|| format!("cannot write {}", file.display()))
}

/// What a database holds before the demo is made.
enum Found {
    Nothing,
    Demo(OrgId),
    Other,
}

fn marked_org(tx: &mut huiyin_store::sql::Tx<'_>) -> Result<Found, huiyin_store::sql::StoreError> {
    let all = organisation::all(tx)?;
    for org in &all {
        if organisation::setting(tx, org.org, MARK)?.is_some() {
            return Ok(Found::Demo(org.org));
        }
    }
    Ok(if all.is_empty() { Found::Nothing } else { Found::Other })
}

/// Builds company, residents, roster and history in one transaction.
fn build(app: &App, words: Words, logins: &Logins) -> anyhow::Result<()> {
    let (inside, logins, others) = (app.clone(), logins.clone(), houses::Houses::shipped()?);
    let papers = papers::Papers::shipped()?;
    let now = app.clock.now();
    let began = Timestamp::from_micros(now.micros() - PAST - DAY);
    let built = app.store.write_blocking(move |tx| {
        let mut chance = Chance::of_day(now);
        let cast = Cast::found(tx, &inside, &words.company, &logins, began)?;
        let homes = homes::settle(tx, &inside, &cast, (&words, &mut chance), began)?;
        roster::fill(tx, &inside, &cast, &words.company, now)?;
        let house = play::House { app: &inside, cast: &cast, words: &words, homes: &homes };
        let told = play::run(tx, &house, &mut chance, now)?;
        gathered::gather(tx, &house, now)?;
        houses::live(tx, &house, &others, (began, now))?;
        papers::write(tx, &house, &papers, now)?;
        known::furnish(tx, &house, (began, now))?;
        organisation::set_setting(tx, cast.org, MARK, "true", now)?;
        Ok::<_, huiyin_app::Error>(told)
    });
    let told = built.map_err(|error| crate::command::admin::explained(&error))?;
    tracing::info!(cases = told.cases, steps = told.steps, "the demo company is there");
    Ok(())
}
