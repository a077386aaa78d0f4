//! Recordings: which there are, how long they stay, who listened.

use huiyin_domain::ids::{CallId, OrgId, PersonId, RecordingId};
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// One recording; its sound lies with the process that holds the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingRow {
    /// Identity, also of its file.
    pub id: RecordingId,
    /// Of which call.
    pub call: CallId,
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How long it is, in milliseconds.
    pub millis: u64,
    /// How large its file is.
    pub bytes: u64,
    /// Which key sealed it.
    pub key_id: Option<String>,
    /// Until when it is kept.
    pub keep_until: Timestamp,
    /// When it was erased.
    pub erased_at: Option<Timestamp>,
}

/// One listening (CALL-11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRow {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub person: PersonId,
    /// `listened` or `waveform`; `refused` where they were not let.
    pub how: String,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, call, began_at, ended_at, millis, bytes, key_id, keep_until, erased_at FROM recordings",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<RecordingRow, StoreError> {
    Ok(RecordingRow {
        id: row.get(0)?,
        call: row.get(1)?,
        began_at: row.get(2)?,
        ended_at: row.get(3)?,
        millis: row.get::<i64>(4)?.unsigned_abs(),
        bytes: row.get::<i64>(5)?.unsigned_abs(),
        key_id: row.get(6)?,
        keep_until: row.get(7)?,
        erased_at: row.get(8)?,
    })
}

/// Keeps a recording as it stands.
///
/// # Errors
/// Any [`StoreError`].
pub fn put(tx: &mut Tx<'_>, org: OrgId, row: &RecordingRow) -> Result<(), StoreError> {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO recordings (org, id, call, began_at, ended_at, millis, bytes, key_id, keep_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (org, id) DO UPDATE SET ended_at = excluded.ended_at, millis = excluded.millis,
           bytes = excluded.bytes, key_id = excluded.key_id",
        &values![
            org,
            row.id,
            row.call,
            row.began_at,
            row.ended_at,
            number(row.millis),
            number(row.bytes),
            row.key_id.clone(),
            row.keep_until
        ],
    )?;
    Ok(())
}

/// Lists the recordings of a call that are still there, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_call(tx: &mut Tx<'_>, org: OrgId, call: CallId) -> Result<Vec<RecordingRow>, StoreError> {
    let rows = tx.all(
        select!(" WHERE org = $1 AND call = $2 AND erased_at IS NULL ORDER BY began_at, id"),
        &values![org, call],
    )?;
    rows.iter().map(read).collect()
}

/// Lists recordings that a process began and never ended, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn unfinished(tx: &mut Tx<'_>, node: &str) -> Result<Vec<(OrgId, RecordingRow)>, StoreError> {
    let rows = tx.all(
        "SELECT r.id, r.call, r.began_at, r.ended_at, r.millis, r.bytes, r.key_id, r.keep_until, r.erased_at, r.org
         FROM recordings r JOIN calls c ON c.org = r.org AND c.id = r.call
         WHERE r.ended_at IS NULL AND r.erased_at IS NULL AND c.node = $1 ORDER BY r.began_at, r.id",
        &values![node],
    )?;
    rows.iter().map(|row| Ok((row.get(9)?, read(row)?))).collect()
}

/// Gives recordings of every organisation whose time is over.
///
/// # Errors
/// Any [`StoreError`].
pub fn overdue(tx: &mut Tx<'_>, now: Timestamp, most: u32) -> Result<Vec<(OrgId, RecordingId)>, StoreError> {
    let rows = tx.all(
        "SELECT org, id FROM recordings WHERE erased_at IS NULL AND keep_until <= $1 ORDER BY keep_until LIMIT $2",
        &values![now, most],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Notes that the file of a recording is gone.
///
/// # Errors
/// Any [`StoreError`].
pub fn erased(tx: &mut Tx<'_>, org: OrgId, id: RecordingId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute("UPDATE recordings SET erased_at = $3 WHERE org = $1 AND id = $2", &values![org, id, now])?;
    Ok(())
}

/// Gives recordings that are over but not in the archive, oldest first.
///
/// Those of every organisation that ended by the first instant, and those without an end
/// that began by the second one.
///
/// # Errors
/// Any [`StoreError`].
pub fn unarchived(
    tx: &mut Tx<'_>,
    (ended, endless): (Timestamp, Timestamp),
    most: u32,
) -> Result<Vec<(OrgId, RecordingId)>, StoreError> {
    let rows = tx.all(
        "SELECT org, id FROM recordings
         WHERE archived_at IS NULL AND erased_at IS NULL AND archive_fault IS NULL AND began_at <= $1
           AND (ended_at <= $1 OR (ended_at IS NULL AND began_at <= $2))
         ORDER BY began_at LIMIT $3",
        &values![ended, endless, most],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Says whether a recording is there and not in the archive yet.
///
/// # Errors
/// Any [`StoreError`].
pub fn awaits_archive(tx: &mut Tx<'_>, org: OrgId, id: RecordingId) -> Result<bool, StoreError> {
    let row = tx.one(
        "SELECT 1 FROM recordings
         WHERE org = $1 AND id = $2 AND archived_at IS NULL AND erased_at IS NULL",
        &values![org, id],
    )?;
    Ok(row.is_some())
}

/// Notes that a recording is in the archive, with its bytes, milliseconds and key.
///
/// # Errors
/// Any [`StoreError`].
pub fn archived(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: RecordingId,
    (now, bytes, millis, key): (Timestamp, u64, u64, &str),
) -> Result<(), StoreError> {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    tx.execute(
        "UPDATE recordings SET archived_at = $3, bytes = $4, millis = $5, key_id = $6, archive_fault = NULL
         WHERE org = $1 AND id = $2",
        &values![org, id, now, number(bytes), number(millis), key],
    )?;
    Ok(())
}

/// Notes why a recording does not go into the archive; it is not tried again.
///
/// # Errors
/// Any [`StoreError`].
pub fn not_archived(tx: &mut Tx<'_>, org: OrgId, id: RecordingId, why: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE recordings SET archive_fault = $3 WHERE org = $1 AND id = $2",
        &values![org, id, why],
    )?;
    Ok(())
}

/// Notes that somebody listened.
///
/// # Errors
/// Any [`StoreError`].
pub fn accessed(
    tx: &mut Tx<'_>,
    org: OrgId,
    recording: RecordingId,
    id: Uuid,
    access: &AccessRow,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO recording_access (org, recording, id, at, person, how) VALUES ($1, $2, $3, $4, $5, $6)",
        &values![org, recording, id.to_string(), access.at, access.person, &access.how],
    )?;
    Ok(())
}

/// What the log says of a listening that was refused.
pub const REFUSED: &str = "refused";

/// Says whether a person opened a recording since a moment, or was refused it.
///
/// # Errors
/// Any [`StoreError`].
pub fn opened_since(
    tx: &mut Tx<'_>,
    org: OrgId,
    recording: RecordingId,
    (person, since, refused): (PersonId, Timestamp, bool),
) -> Result<bool, StoreError> {
    let row = tx.one(
        "SELECT 1 FROM recording_access WHERE org = $1 AND recording = $2 AND person = $3 AND at >= $4
           AND CASE WHEN how = $5 THEN 1 ELSE 0 END = $6 LIMIT 1",
        &values![org, recording, person, since, REFUSED, i64::from(refused)],
    )?;
    Ok(row.is_some())
}

/// Lists who listened to the recordings of a call, newest first, at most 200.
///
/// # Errors
/// Any [`StoreError`].
pub fn accesses(tx: &mut Tx<'_>, org: OrgId, call: CallId) -> Result<Vec<AccessRow>, StoreError> {
    let rows = tx.all(
        "SELECT a.at, a.person, a.how FROM recording_access a
         JOIN recordings r ON r.org = a.org AND r.id = a.recording
         WHERE r.org = $1 AND r.call = $2 ORDER BY a.at DESC, a.id DESC LIMIT 200",
        &values![org, call],
    )?;
    rows.iter().map(|row| Ok(AccessRow { at: row.get(0)?, person: row.get(1)?, how: row.get(2)? })).collect()
}
