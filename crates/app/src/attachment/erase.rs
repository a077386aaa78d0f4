//! Files erased on lawful request: out of reach at once, off the disk by a job.

use std::time::Duration;

use huiyin_domain::time::Timestamp;
use huiyin_store::attachment::{self as rows, AttachmentRow};
use huiyin_store::sql::{Store, Tx};
use serde::{Deserialize, Serialize};

use super::clean::{machine_time, remove_old};
use super::files::{Files, failed};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::work::{Call, End, Failure, Job, Outside, enqueue, kinds};

/// How long a file lies untouched before it is removed: longer than any upload
/// takes from its last byte to its row, so that nobody who brings the same
/// content in this moment loses it.
const QUIET: Duration = Duration::from_secs(600);

/// What is removed, by keyed digest.
#[derive(Debug, Serialize, Deserialize)]
struct Going {
    digests: Vec<String>,
}

/// Empties the names of attachments, and queues the removal of their files in
/// the same transaction.
///
/// # Errors
/// What the store gives.
pub(crate) fn let_go(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    going: &[AttachmentRow],
    at: Timestamp,
) -> Result<(), Error> {
    if going.is_empty() {
        return Ok(());
    }
    for file in going {
        rows::erase(tx, ctx.org(), file.id, at)?;
    }
    let digests = going.iter().map(|file| file.digest.clone()).collect();
    enqueue(tx, ctx, kinds::FILE_ERASE, &Going { digests }, (ctx.now, None))?;
    Ok(())
}

/// Does the jobs of [`kinds::FILE_ERASE`].
pub struct EraseFiles {
    /// Where files lie.
    pub files: Files,
}

impl Outside for EraseFiles {
    fn kind(&self) -> &'static str {
        kinds::FILE_ERASE
    }

    fn prepare(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Option<Call>, Failure> {
        let going: Going = job.read()?;
        let mut places = Vec::new();
        for digest in &going.digests {
            // another case may have the same file
            if rows::forget_unneeded(tx, ctx.org(), digest)? {
                places.push(self.files.place(ctx.org(), digest)?);
            }
        }
        let now = machine_time(ctx.now);
        Ok(Some(Box::new(move || {
            let mut removed = 0;
            for place in places.iter().filter(|place| place.exists()) {
                match remove_old(place, (now, QUIET)) {
                    Ok(true) => removed += 1,
                    Ok(false) => {
                        let after = i64::try_from(QUIET.as_micros()).ok();
                        let reason = "a file was written just now".to_owned();
                        return Err(Failure::Retry { after, reason });
                    }
                    Err(error) => return Err(Failure::Retry { after: None, reason: error.to_string() }),
                }
            }
            Ok(format!("{removed} files removed"))
        })))
    }

    fn settle(&self, _: &mut Tx<'_>, _: &Ctx, _: &Job, _: (End, &str)) -> Result<(), Error> {
        Ok(())
    }
}

/// Removes every erased file that lies in the store nevertheless, as after a
/// restore; gives how many. Nobody may bring files meanwhile.
///
/// # Errors
/// What the store or the machine gives.
pub fn remove_erased(store: &Store, files: &Files) -> Result<usize, Error> {
    let unneeded = store.write_blocking(|tx| {
        let mut unneeded = Vec::new();
        for (org, digest) in rows::erased(tx)? {
            if rows::forget_unneeded(tx, org, &digest)? {
                unneeded.push((org, digest));
            }
        }
        Ok::<_, Error>(unneeded)
    })?;
    let mut removed = 0;
    for (org, digest) in unneeded {
        let place = files.place(org, &digest)?;
        if place.exists() {
            std::fs::remove_file(&place).map_err(failed)?;
            removed += 1;
        }
    }
    Ok(removed)
}
