//! Recordings of the past go into the archive: smaller, heard the same.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use huiyin_domain::ids::RecordingId;
use huiyin_domain::time::Timestamp;
use huiyin_store::call::recording as rows;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};

use super::floor::by_itself;
use super::port::{Archived, RecordingFault, Recordings};
use crate::App;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::work::{Call, End, Failure, Job, Look, Outside, Tick, enqueue, kinds};

/// How often it is looked for recordings that are old enough, in microseconds.
const LOOK: i64 = 600 * 1_000_000;

/// Recordings that one look finds.
const BATCH: u32 = 1_000;

/// A recording without an end has one after so long, in microseconds.
const ENDLESS: i64 = 24 * 3_600 * 1_000_000;

/// Which recording.
#[derive(Serialize, Deserialize)]
struct Which {
    recording: RecordingId,
}

/// Finds recordings that are old enough, and queues the work on each.
#[derive(Debug, Default)]
pub struct Archiving(Look);

impl Tick for Archiving {
    fn name(&self) -> &'static str {
        "archive"
    }

    fn tick<'a>(
        &'a self,
        app: &'a App,
        now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<usize, Error>> + Send + 'a>> {
        Box::pin(async move {
            let after = app.recordings.as_ref().and_then(|recordings| recordings.archives_after());
            let Some(after) = after.filter(|_| self.0.is_due(now)) else {
                return Ok(0);
            };
            let after = i64::try_from(after.as_micros()).unwrap_or(i64::MAX);
            let ended = Timestamp::from_micros(now.micros().saturating_sub(after));
            let endless = Timestamp::from_micros(ended.micros().saturating_sub(ENDLESS));
            let old = app.store.read(move |tx| rows::unarchived(tx, (ended, endless), BATCH)).await?;
            let mut queued = 0;
            for (org, recording) in old {
                let mut ctx = by_itself(app, org);
                ctx.now = now;
                let new = app.store.write(move |tx| {
                    let key = format!("archive:{recording}");
                    enqueue(tx, &ctx, kinds::RECORDING_ARCHIVE, &Which { recording }, (now, Some(key)))
                });
                queued += usize::from(new.await?);
            }
            self.0.rest(now, LOOK);
            Ok(queued)
        })
    }

    fn next(&self, _: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
        Ok(self.0.next())
    }
}

/// Puts one recording into the archive; a second time changes nothing.
pub struct ArchiveRecording {
    /// What keeps the files.
    pub recordings: Option<Arc<dyn Recordings>>,
}

impl Outside for ArchiveRecording {
    fn kind(&self) -> &'static str {
        kinds::RECORDING_ARCHIVE
    }

    fn prepare(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Option<Call>, Failure> {
        let Which { recording } = job.read()?;
        if !rows::awaits_archive(tx, ctx.org(), recording)? {
            return Ok(None);
        }
        let Some(files) = self.recordings.clone() else {
            return Err(Failure::Retry { after: None, reason: "no recordings are kept here".to_owned() });
        };
        Ok(Some(Box::new(move || {
            let archived = files.archive(recording).map_err(|fault| failure(&fault))?;
            serde_json::to_string(&archived).map_err(|error| Failure::Dead { reason: error.to_string() })
        })))
    }

    fn settle(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job, (end, said): (End, &str)) -> Result<(), Error> {
        let Ok(Which { recording }) = job.read() else { return Ok(()) };
        match end {
            End::Again => Ok(()),
            End::Dead => Ok(rows::not_archived(tx, ctx.org(), recording, said)?),
            End::Done => {
                let Ok(Archived { bytes, millis, key }) = serde_json::from_str(said) else { return Ok(()) };
                let now = ctx.now;
                Ok(rows::archived(tx, ctx.org(), recording, (now, bytes, millis, &key))?)
            }
        }
    }
}

/// What a key or a repaired disk can bring back is tried again, then listed.
fn failure(fault: &RecordingFault) -> Failure {
    match fault {
        RecordingFault::Missing => Failure::Dead { reason: fault.to_string() },
        RecordingFault::NoKey | RecordingFault::Unreadable => {
            Failure::Retry { after: None, reason: fault.to_string() }
        }
    }
}
