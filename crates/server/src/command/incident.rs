//! `huiyin incident`: hot detection over files, without any data (PROP-83).

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use huiyin_domain::incident::{HotGround, HotRule, Record, Sighting, first_ground};
use huiyin_domain::pack;
use huiyin_domain::time::Zone;
use huiyin_tabular::{Field, Mapping, ReadOptions, SourceCell, open};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The mapping that reads the messages when none is named.
const MAPPING: &str = include_str!("../../../../packs/import/taidi-hot.toml");

/// What to look at.
#[derive(Debug, Subcommand)]
pub enum IncidentCommand {
    /// Say when each event of a list became hot, and by which messages
    Hot(Hot),
}

/// Messages and which of them are about the same event.
#[derive(Debug, Args)]
pub struct Hot {
    /// The messages: CSV, XLSX or JSON Lines, packed or not
    #[arg(long, value_name = "FILE")]
    messages: PathBuf,
    /// Which belong together: CSV with the columns id, event_id and event
    #[arg(long, value_name = "FILE")]
    events: PathBuf,
    /// Mapping of the messages' columns; that of taidi-hot when not said
    #[arg(long, value_name = "MAP.toml")]
    map: Option<PathBuf>,
    /// Pack whose rule decides, by name
    #[arg(long, default_value = huiyin_domain::pack::STANDARD)]
    pack: String,
    /// One JSON line for each hot event
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// When a file cannot be read or the pack has no rule for hot complaints.
pub fn run(command: &IncidentCommand, out: &mut impl Write) -> anyhow::Result<()> {
    let IncidentCommand::Hot(args) = command;
    let rule = rule(&args.pack)?;
    let zone = Zone::shanghai();
    let events = events(&args.events)?;
    let mut messages = messages(args)?;
    let (mut hot, mut unknown) = (Vec::new(), 0);
    let count = events.len();
    for (id, (title, members)) in events {
        let found = members.iter().filter_map(|member| messages.remove(member));
        let sightings: Vec<Sighting<String>> = found.collect();
        unknown += members.len() - sightings.len();
        if let Some(ground) = first_ground(sightings, &rule, &zone) {
            hot.push((ground.at, id, title, ground));
        }
    }
    hot.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
    for (_, id, title, ground) in &hot {
        line(out, args.json, &zone, (id, title), ground)?;
    }
    if !args.json {
        writeln!(out, "{} of {count} events became hot", hot.len())?;
    }
    if unknown > 0 {
        tracing::warn!(unknown, "messages that the list of events names are not in the file");
    }
    Ok(())
}

fn line(
    out: &mut impl Write,
    as_json: bool,
    zone: &Zone,
    (id, title): (&str, &str),
    ground: &HotGround<String>,
) -> anyhow::Result<()> {
    let records: Vec<&str> = ground.records.iter().map(|record| record.case.as_str()).collect();
    let at = zone.rfc3339(ground.at);
    if as_json {
        let line = json!({"event": id, "title": title, "hot_at": at,
            "complainants": ground.complainants, "group": ground.group, "records": records});
        writeln!(out, "{line}")?;
    } else {
        let (count, records) = (ground.complainants, records.join(" "));
        writeln!(out, "{at}  {id}  {title}  {count} complainants: {records}")?;
    }
    Ok(())
}

fn rule(name: &str) -> anyhow::Result<HotRule> {
    let shipped = pack::shipped();
    let Some((_, files)) = shipped.iter().find(|(shipped, _)| *shipped == name) else {
        bail!("there is no pack {name}");
    };
    let pack = pack::load(files).map_err(|faults| anyhow::anyhow!("the pack has {} faults", faults.len()))?;
    pack.hot.with_context(|| format!("the pack {name} has no rule for hot complaints"))
}

/// Reads which messages are about which event.
fn events(path: &Path) -> anyhow::Result<BTreeMap<String, (String, Vec<String>)>> {
    let mut rows = open(path, &ReadOptions::default()).with_context(|| path.display().to_string())?;
    let mut events: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    while let Some(row) = rows.next_row()? {
        let row = row.map_err(|error| anyhow::anyhow!("{}: {error:?}", path.display()))?;
        let cell = |name: &str| match row.get(name) {
            Some(SourceCell::Text(text)) if !text.is_empty() => Ok(text.clone()),
            _ => Err(anyhow::anyhow!("{}: line {} has no {name}", path.display(), row.line)),
        };
        let event = events.entry(cell("event_id")?).or_default();
        event.0 = cell("event")?;
        event.1.push(cell("id")?);
    }
    Ok(events)
}

/// Reads the messages by their id.
fn messages(args: &Hot) -> anyhow::Result<BTreeMap<String, Sighting<String>>> {
    let mapping = match &args.map {
        Some(path) => Mapping::load(path)?,
        None => Mapping::parse("taidi-hot.toml", MAPPING)?,
    };
    let mut rows = mapping.open(&args.messages).with_context(|| args.messages.display().to_string())?;
    let mut messages = BTreeMap::new();
    while let Some(row) = rows.next_row()? {
        let Ok(row) = row else { continue };
        let (Some(id), Some(at)) = (row.text(Field::ExternalId), row.time(Field::ReceivedAt)) else {
            continue;
        };
        let who = row.text(Field::ChannelIdentifier).map(str::to_owned);
        let record = Record { case: id.to_owned(), seq: 1 };
        messages.insert(id.to_owned(), Sighting { at, who, persons: 1, record });
    }
    Ok(messages)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hot(messages: &Path, events: &Path) -> Vec<serde_json::Value> {
        let args = Hot {
            messages: messages.to_owned(),
            events: events.to_owned(),
            map: None,
            pack: "property".to_owned(),
            json: true,
        };
        let mut out = Vec::new();
        run(&IncidentCommand::Hot(args), &mut out).expect("the files can be read");
        let text = String::from_utf8(out).expect("text");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    fn written(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        (folder, path)
    }

    /// PROP-83, X-8, X-9: each event says when it became hot and by which messages.
    #[test]
    fn an_event_becomes_hot_with_the_third_complainant() {
        let row = |id: u32, user: &str, day: &str| {
            format!(
                "{{\"id\":{id},\"user\":\"{user}\",\"time\":\"{day} 10:00:00\",\"title\":\"t\",\"text\":\"x\",\"likes\":0,\"dislikes\":0}}\n"
            )
        };
        let rows = [
            row(5, "c", "2026-04-02"),
            row(1, "a", "2026-03-02"),
            row(2, "a", "2026-03-03"),
            row(3, "b", "2026-03-04"),
            row(4, "b", "2026-03-05"),
            row(6, "d", "2026-03-05"),
        ];
        let (_one, messages) = written("m.jsonl", &rows.concat());
        let (_two, events) =
            written("e.csv", "id,event_id,event\n1,E1,灯\n2,E1,灯\n3,E1,灯\n5,E1,灯\n4,E2,水\n6,E2,水\n");
        let found = hot(&messages, &events);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0]["event"], "E1");
        assert_eq!(found[0]["hot_at"], "2026-04-02T10:00:00+08:00");
        assert_eq!(found[0]["records"], json!(["1", "3", "5"]));
    }

    /// contracts §4: in taidi-hot exactly 12 of the 84 labelled events become
    /// hot, each by three different users within a month.
    #[test]
    fn twelve_of_the_labelled_events_become_hot() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/taidi-hot");
        if !data.is_dir() {
            return;
        }
        let found = hot(&data.join("first_half.jsonl.gz"), &data.join("dev_events.csv"));
        assert_eq!(found.len(), 12, "{found:#?}");
        for event in &found {
            assert_eq!(event["complainants"], 3, "hot with the third, not later");
            assert_eq!(event["records"].as_array().map(Vec::len), Some(3));
        }
    }
}
