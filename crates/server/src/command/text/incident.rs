//! `huiyin text same-incident` and `huiyin text incidents`.

use super::file::{self, cell, read};
use anyhow::{Context as _, bail};
use clap::Args;
use huiyin_tabular::SourceRow;
use huiyin_text::category::Message;
use huiyin_text::incident::{Corpus, Report, SAME};
use std::collections::{HashMap, HashSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Messages, pairs of them, and where the answers go.
#[derive(Debug, Args)]
pub struct SameIncident {
    /// Messages with id, title, text and, where known, user: JSON Lines, CSV or XLSX
    #[arg(long, value_name = "FILE")]
    messages: PathBuf,
    /// Pairs to compare: CSV with id1 and id2
    #[arg(long, value_name = "FILE")]
    pairs: PathBuf,
    /// CSV: id1, id2, probability, same (1 or 0)
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

/// Messages, and where their incidents go.
#[derive(Debug, Args)]
pub struct Incidents {
    /// Messages with id, title, text and, where known, user: JSON Lines, CSV or XLSX
    #[arg(long, value_name = "FILE")]
    messages: PathBuf,
    /// CSV: id, `incident_id`
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

/// Compares pairs of messages.
pub(super) fn same_incident(args: &SameIncident) -> anyhow::Result<()> {
    let messages = messages(&args.messages)?;
    let pairs = read(&args.pairs, |row| Ok((messages.named(row, "id1")?, messages.named(row, "id2")?)))?;
    let begun = Instant::now();
    let corpus = Corpus::new(&messages.reports);
    file::write(&args.output, |out| {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["id1", "id2", "probability", "same"])?;
        for (one, other) in &pairs.rows {
            let likeness = corpus.compare(*one, *other).context("a pair lost its messages")?;
            let probability = likeness.probability();
            let same = if probability >= SAME { "1" } else { "0" };
            let ids = [&messages.ids[*one], &messages.ids[*other]].map(|id| escaped(id));
            table.write_record([ids[0].as_str(), &ids[1], &format!("{probability:.4}"), same])?;
        }
        Ok(table.flush()?)
    })?;
    let (count, seconds) = (pairs.rows.len(), begun.elapsed().as_secs_f32());
    writeln!(std::io::stderr().lock(), "compared {count} pairs in {seconds:.2} s")?;
    messages.left_out?;
    pairs.end()
}

/// Gathers messages into incidents.
pub(super) fn incidents(args: &Incidents) -> anyhow::Result<()> {
    let messages = messages(&args.messages)?;
    let begun = Instant::now();
    let incidents = Corpus::new(&messages.reports).incidents();
    let mut first: HashMap<usize, &str> = HashMap::new();
    file::write(&args.output, |out| {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["id", "incident_id"])?;
        for (id, incident) in messages.ids.iter().zip(&incidents) {
            // an incident is called by its first message, which stays when others come
            let name = first.entry(*incident).or_insert(id);
            table.write_record([escaped(id), format!("I{name}")])?;
        }
        Ok(table.flush()?)
    })?;
    let (count, of, seconds) = (first.len(), messages.ids.len(), begun.elapsed().as_secs_f32());
    writeln!(std::io::stderr().lock(), "{of} messages are about {count} incidents, found in {seconds:.2} s")?;
    messages.left_out
}

/// The messages of a file, with the places of their ids.
struct Messages {
    ids: Vec<String>,
    reports: Vec<Report>,
    places: HashMap<String, usize>,
    left_out: anyhow::Result<()>,
}

impl Messages {
    fn named(&self, row: &SourceRow, column: &str) -> anyhow::Result<usize> {
        let id = cell(row, column)?;
        if id.is_empty() {
            bail!("it has no {column}");
        }
        self.places.get(&id).copied().with_context(|| format!("there is no message {id}"))
    }
}

fn messages(path: &Path) -> anyhow::Result<Messages> {
    let mut seen = HashSet::new();
    let read = read(path, |row| {
        let id = cell(row, "id")?;
        if id.is_empty() {
            bail!("it has no id");
        }
        if !seen.insert(id.clone()) {
            bail!("message {id} is there already; the first one counts");
        }
        let message = Message { title: cell(row, "title")?, text: cell(row, "text")? };
        let who = Some(cell(row, "user")?).filter(|who| !who.is_empty());
        Ok((id, Report { message, who, place: None }))
    })?;
    let left_out = read.end();
    let (ids, reports): (Vec<String>, Vec<Report>) = read.rows.into_iter().unzip();
    let places = ids.iter().cloned().zip(0..).collect();
    Ok(Messages { ids, reports, places, left_out })
}

/// Keeps a spreadsheet from taking an id for a formula (contracts §5).
fn escaped(id: &str) -> String {
    if id.starts_with(['=', '+', '-', '@']) { format!("'{id}") } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Found;

    const MESSAGES: &str = "\
        {\"id\":1,\"user\":\"a\",\"title\":\"云杉里小区3期5栋半夜施工噪音扰民\",\"text\":\"楼下商铺装修，电钻声到凌晨\"}\n\
        {\"id\":2,\"user\":\"b\",\"title\":\"云杉里小区3期5栋深夜装修太吵\",\"text\":\"凌晨还在用电钻，商铺装修噪音\"}\n\
        {\"id\":3,\"user\":\"c\",\"title\":\"天鹅苑地下车库停车费涨价\",\"text\":\"停车费从三百涨到五百，没有公示\"}\n";

    fn folder(messages: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("messages.jsonl");
        std::fs::write(&path, messages).expect("a file");
        (folder, path)
    }

    #[test]
    fn pairs_are_judged_and_an_unknown_message_is_told() {
        let (folder, messages) = folder(MESSAGES);
        let (pairs, output) = (folder.path().join("pairs.csv"), folder.path().join("out.csv"));
        std::fs::write(&pairs, "id1,id2\n1,2\n1,3\n1,9\n").expect("a file");
        let ended = same_incident(&SameIncident { messages, pairs, output: output.clone() });
        assert!(ended.expect_err("one pair was left out").is::<Found>());
        let text = std::fs::read_to_string(output).expect("answers");
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(rows[0], ["id1", "id2", "probability", "same"]);
        assert_eq!([&rows[1][..2], &rows[1][3..]].concat(), ["1", "2", "1"]);
        assert_eq!([&rows[2][..2], &rows[2][3..]].concat(), ["1", "3", "0"]);
        assert_eq!(rows.len(), 3);
    }

    /// Issue 6, bad input: an id that is there twice is told, and its first message counts;
    /// a file without any is no messages.
    #[test]
    fn an_id_twice_is_told_and_no_message_is_none() {
        let twice = format!("{MESSAGES}{}", MESSAGES.replace("\"id\":2", "\"id\":4"));
        for (messages, clean, expected) in [(&*twice, false, "1,I1\n2,I1\n3,I3\n4,I1\n"), ("", true, "")] {
            let (folder, messages) = folder(messages);
            let output = folder.path().join("out.csv");
            let ended = incidents(&Incidents { messages, output: output.clone() });
            assert_eq!(ended.is_ok(), clean);
            let text = std::fs::read_to_string(output).expect("answers");
            assert_eq!(text, format!("id,incident_id\n{expected}"));
        }
    }

    #[test]
    fn messages_about_the_same_get_one_incident() {
        let (folder, messages) = folder(MESSAGES);
        let output = folder.path().join("out.csv");
        incidents(&Incidents { messages, output: output.clone() }).expect("every row is read");
        let text = std::fs::read_to_string(output).expect("answers");
        assert_eq!(text, "id,incident_id\n1,I1\n2,I1\n3,I3\n");
    }
}
