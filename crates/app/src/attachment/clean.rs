//! Removes files that nothing needs, and messages that are long delivered.

use std::path::Path;
use std::time::{Duration, SystemTime};

use huiyin_domain::ids::OrgId;
use huiyin_domain::time::Timestamp;
use huiyin_store::attachment as rows;
use huiyin_store::sql::{Store, Tx};

use super::files::Files;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::webhook;
use crate::work::{Call, End, Failure, Job, Outside, kinds};

/// How long a file waits for its row, and a row without a case for its file:
/// longer than any upload or backup lasts.
const WAIT: Duration = Duration::from_secs(24 * 3600);

/// The most rows of one run.
const MOST: u32 = 1000;

/// Does the jobs of [`kinds::HOUSEKEEPING`].
pub struct Housekeeping {
    /// Where files lie.
    pub files: Files,
    /// Says which ones are needed.
    pub store: Store,
}

impl Outside for Housekeeping {
    fn kind(&self) -> &'static str {
        kinds::HOUSEKEEPING
    }

    fn prepare(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Option<Call>, Failure> {
        webhook::purge(tx, ctx)?;
        let wait = i64::try_from(WAIT.as_micros()).unwrap_or(i64::MAX);
        let before = Timestamp::from_micros(ctx.now.micros().saturating_sub(wait));
        rows::forget_orphans(tx, ctx.org(), before, MOST)?;
        let Ok(folder) = self.files.folder(ctx.org()) else { return Ok(None) };
        let now = machine_time(ctx.now);
        let (store, org) = (self.store.clone(), job.org);
        Ok(Some(Box::new(move || {
            let removed = sweep(&folder, &store, org, now)
                .map_err(|error| Failure::Retry { after: None, reason: error.to_string() })?;
            Ok(format!("{removed} files removed"))
        })))
    }

    fn settle(&self, _: &mut Tx<'_>, _: &Ctx, _: &Job, _: (End, &str)) -> Result<(), Error> {
        Ok(())
    }
}

/// Gives an instant as the file system counts.
pub(super) fn machine_time(now: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(now.micros().unsigned_abs())
}

/// Walks the folder of an organisation: `<two digits>/<digest>` and `*.part`.
fn sweep(folder: &Path, store: &Store, org: OrgId, now: SystemTime) -> std::io::Result<usize> {
    let mut removed = 0;
    if !folder.exists() {
        return Ok(0);
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.is_dir() {
            removed += usize::from(remove_old(&path, (now, WAIT))?);
            continue;
        }
        for file in std::fs::read_dir(&path)? {
            let file = file?.path();
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if is_old(&file, (now, WAIT))? && !is_known(store, org, name)? {
                removed += usize::from(remove_old(&file, (now, WAIT))?);
            }
        }
    }
    Ok(removed)
}

fn is_known(store: &Store, org: OrgId, digest: String) -> std::io::Result<bool> {
    store.read_blocking(move |tx| rows::is_known(tx, org, &digest)).map_err(std::io::Error::other)
}

fn is_old(path: &Path, (now, wait): (SystemTime, Duration)) -> std::io::Result<bool> {
    let changed = std::fs::metadata(path)?.modified()?;
    Ok(now.duration_since(changed).is_ok_and(|age| age >= wait))
}

/// Removes a file if nobody wrote it for so long.
///
/// It is moved aside first and looked at again: a file of the same content
/// that was brought in this very moment goes back to its place.
pub(super) fn remove_old(path: &Path, age: (SystemTime, Duration)) -> std::io::Result<bool> {
    if !is_old(path, age)? {
        return Ok(false);
    }
    let aside = path.with_extension("gone");
    std::fs::rename(path, &aside)?;
    if !is_old(&aside, age)? && !path.exists() {
        std::fs::rename(&aside, path)?;
        return Ok(false);
    }
    std::fs::remove_file(&aside)?;
    Ok(true)
}
