//! The log of erasures outside the database: a restore replays it, so that a
//! backup cannot bring back what had to go.

use super::ERASURES;
use anyhow::Context as _;
use huiyin_domain::ids::PersonId;
use huiyin_domain::time::Timestamp;
use huiyin_store::Store;
use huiyin_store::party::erasure::{self, ErasureRow};
use huiyin_store::people::organisation;
use huiyin_store::sql::StoreError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;

/// One erasing, one JSON line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureLine {
    /// Code of the organisation.
    pub organisation: String,
    /// Identity of the erasing.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// Of what kind of thing: `party`, `case`.
    pub object_kind: String,
    /// Of which one.
    pub object_id: String,
    /// Commitments of the texts that went.
    pub texts: Vec<String>,
    /// The lawful request it rests on.
    pub basis: String,
    /// Who carried it out.
    pub person: Option<PersonId>,
}

impl ErasureLine {
    fn new(organisation: String, row: ErasureRow) -> Self {
        Self {
            organisation,
            id: row.id.to_string(),
            at: row.at,
            object_kind: row.object_kind,
            object_id: row.object_id,
            texts: row.texts,
            basis: row.basis,
            person: row.person,
        }
    }

    /// Gives it as a row of the database's own log.
    ///
    /// # Errors
    /// When its identity is not readable.
    pub fn row(&self) -> anyhow::Result<ErasureRow> {
        Ok(ErasureRow {
            id: self.id.parse().context("an erasure's id is not readable")?,
            at: self.at,
            object_kind: self.object_kind.clone(),
            object_id: self.object_id.clone(),
            texts: self.texts.clone(),
            basis: self.basis.clone(),
            person: self.person,
        })
    }
}

/// Reads a log; a last line without its end is left out.
///
/// # Errors
/// When the file cannot be read, or a line is no erasing.
pub fn read(path: &Path) -> anyhow::Result<Vec<ErasureLine>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut reader = BufReader::new(File::open(path)?);
    let (mut lines, mut text) = (Vec::new(), String::new());
    while reader.read_line(&mut text)? > 0 {
        if text.ends_with('\n') {
            let place = lines.len() + 1;
            let line = serde_json::from_str(&text)
                .with_context(|| format!("{} line {place} is no erasing", path.display()))?;
            lines.push(line);
        }
        text.clear();
    }
    Ok(lines)
}

/// Adds what the file does not have yet; gives how many lines.
///
/// # Errors
/// When the file cannot be written or the database not be read.
pub fn append_missing(store: &Store, home: &Path, from: Timestamp) -> anyhow::Result<u64> {
    let found = store.read_blocking(move |tx| {
        let mut found = Vec::new();
        for known in organisation::all(tx)? {
            let rows = erasure::since(tx, known.org, from)?;
            found.extend(rows.into_iter().map(|row| ErasureLine::new(known.code.clone(), row)));
        }
        Ok::<_, StoreError>(found)
    })?;
    if found.is_empty() {
        return Ok(0);
    }
    let path = home.join(ERASURES);
    let mut options = OpenOptions::new();
    options.create(true).append(true).read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path).with_context(|| format!("cannot open {}", path.display()))?;
    file.lock().context("cannot lock the log of erasures")?;
    let known: BTreeSet<String> = read(&path)?.into_iter().map(|line| line.id).collect();
    let mut text = String::new();
    let mut count = 0;
    for line in found.iter().filter(|line| !known.contains(&line.id)) {
        text.push_str(&serde_json::to_string(line)?);
        text.push('\n');
        count += 1;
    }
    if count > 0 {
        end_torn_line(&mut file)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
    }
    Ok(count)
}

/// A line torn by a crash gets its end, so that it does not spoil the next one.
fn end_torn_line(file: &mut File) -> anyhow::Result<()> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let length = file.metadata()?.len();
    if length == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::Start(length - 1))?;
    file.read_exact(&mut last)?;
    if last != [b'\n'] {
        let mut all = String::new();
        file.rewind()?;
        file.read_to_string(&mut all)?;
        let whole = all.rfind('\n').map_or(0, |at| at + 1);
        file.set_len(whole as u64)?;
    }
    Ok(())
}
