//! Anchors outside the database: `anchors/YYYY-MM.jsonl`, one line each.
//!
//! What is missing is copied from the database, so a crash between its commit
//! and the line is mended by the next round; a torn last line is cut off.

use super::ANCHORS;
use anyhow::Context as _;
use huiyin_app::case::{AnchorLine, anchor_lines};
use huiyin_app::doctor::{OutsideLine, OutsideLines};
use huiyin_store::Store;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// Lines copied at a time.
const PAGE: u32 = 50;

/// Copies the anchors that the files do not have yet; gives how many.
///
/// One process at a time does it, so that several on one database do not
/// write a line twice.
///
/// # Errors
/// When the folder cannot be written or the database not be read.
pub fn append_missing(store: &Store, home: &Path) -> anyhow::Result<u64> {
    let folder = home.join(ANCHORS);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let lock = File::create(folder.join(".lock"))?;
    lock.lock().context("cannot lock the anchors")?;
    let mut last = last_id(&folder)?;
    let mut count = 0;
    loop {
        let lines = store.read_blocking(move |tx| anchor_lines(tx, last, PAGE))?;
        let Some(end) = lines.last() else { return Ok(count) };
        last = end.id;
        for lines in lines.chunk_by(|one, other| month(one) == month(other)) {
            let Some(first) = lines.first() else { continue };
            append(&folder.join(format!("{}.jsonl", month(first))), lines)?;
            count += lines.len() as u64;
        }
    }
}

fn month(line: &AnchorLine) -> String {
    line.at.to_string().chars().take(7).collect()
}

fn append(path: &Path, lines: &[AnchorLine]) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let is_new = !path.exists();
    let mut file = options.open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut text = String::new();
    for line in lines {
        text.push_str(&serde_json::to_string(line)?);
        text.push('\n');
    }
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    file.sync_all()?;
    if is_new && let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Gives the number of the last whole line; cuts a torn one off.
fn last_id(folder: &Path) -> anyhow::Result<i64> {
    for path in sorted(folder)?.into_iter().rev() {
        let mut file = OpenOptions::new().read(true).write(true).open(&path)?;
        let whole = whole_length(&mut file)?;
        if whole < file.metadata()?.len() {
            tracing::warn!(file = %path.display(), "the last anchor line was torn by a crash, it is written again");
            file.set_len(whole)?;
        }
        let Some(line) = last_line(&mut file, whole)? else { continue };
        let line: AnchorLine = serde_json::from_str(&line)
            .with_context(|| format!("{} ends in a line that is no anchor", path.display()))?;
        return Ok(line.id);
    }
    Ok(0)
}

/// Gives the length up to the last end of line.
fn whole_length(file: &mut File) -> std::io::Result<u64> {
    let mut end = file.metadata()?.len();
    let mut block = vec![0; 65_536];
    while end > 0 {
        let start = end.saturating_sub(block.len() as u64);
        let part = &mut block[..usize::try_from(end - start).unwrap_or_default()];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(part)?;
        if let Some(at) = part.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

fn last_line(file: &mut File, whole: u64) -> anyhow::Result<Option<String>> {
    if whole == 0 {
        return Ok(None);
    }
    let mut length = 65_536_u64;
    loop {
        let start = (whole - 1).saturating_sub(length);
        let mut text = vec![0; usize::try_from(whole - 1 - start)?];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut text)?;
        let begin = text.iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
        if let Some(begin) = begin.or((start == 0).then_some(0)) {
            return Ok(Some(String::from_utf8(text.split_off(begin))?));
        }
        length *= 4;
    }
}

fn sorted(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    if folder.exists() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "jsonl") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    Ok(paths)
}

/// Gives the lines as they are now; what is added later is not among them.
///
/// A last line without its end is left out: it is being written.
///
/// # Errors
/// When the folder cannot be read.
pub fn lines(home: &Path) -> anyhow::Result<OutsideLines> {
    let mut parts = Vec::new();
    for path in sorted(&home.join(ANCHORS))? {
        let mut file = File::open(&path)?;
        let whole = whole_length(&mut file)?;
        file.rewind()?;
        parts.push((path, BufReader::new(file.take(whole))));
    }
    Ok(Box::new(parts.into_iter().flat_map(|(path, reader)| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        reader.lines().enumerate().map(move |(place, line)| -> OutsideLine {
            let unreadable = || format!("{ANCHORS}/{name} line {}", place + 1);
            let line = line.map_err(|_| unreadable())?;
            serde_json::from_str(&line).map_err(|_| unreadable())
        })
    })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use huiyin_domain::time::Timestamp;

    fn line(id: i64) -> AnchorLine {
        AnchorLine {
            id,
            at: Timestamp::from_micros(1_767_225_600_123_456 + id),
            previous: String::new(),
            digest: "00".repeat(40_000),
            heads: Vec::new(),
        }
    }

    /// D4, PROP-68
    #[test]
    fn a_torn_line_is_cut_off_and_the_last_whole_one_counts() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("2026-01.jsonl");
        append(&path, &[line(1), line(2)]).expect("written");
        let whole = fs::read(&path).expect("read");
        let mut torn = whole.clone();
        torn.extend_from_slice(&whole[..70_000]);
        fs::write(&path, &torn).expect("torn");
        assert_eq!(last_id(folder.path()).expect("last"), 2);
        assert_eq!(fs::read(&path).expect("read"), whole);
    }

    /// D4, PROP-68
    #[test]
    fn lines_come_back_as_they_were_written() {
        let home = tempfile::tempdir().expect("folder");
        let folder = home.path().join(ANCHORS);
        fs::create_dir_all(&folder).expect("made");
        append(&folder.join("2026-01.jsonl"), &[line(1)]).expect("written");
        append(&folder.join("2026-02.jsonl"), &[line(2), line(3)]).expect("written");
        let read: Vec<_> = lines(home.path()).expect("lines").collect();
        assert_eq!(read, [Ok(line(1)), Ok(line(2)), Ok(line(3))]);
        fs::write(folder.join("2026-03.jsonl"), "no anchor\n{\"half\":").expect("written");
        let read: Vec<_> = lines(home.path()).expect("lines").collect();
        assert_eq!(read.last(), Some(&Err("anchors/2026-03.jsonl line 1".to_owned())));
    }
}
