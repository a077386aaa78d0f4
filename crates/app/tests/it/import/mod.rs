//! Files in, tables out.

mod cases;
mod people;
mod posts;
mod real;

use crate::house::House;
use huiyin_app::export::{self, ExportRequest};
use huiyin_app::import::{Counts, ImportError, ImportRun, Watch, WrongRow, run};
use huiyin_app::{Actor, Ctx};
use huiyin_domain::locale::Locale;
use huiyin_store::case::CaseFilter;
use huiyin_tabular::source::Format;
use huiyin_tabular::{FileError, Mapping, Output, ReadOptions, RowSource, WriteOptions, from_reader};
use serde_json::Value;
use std::io::Cursor;

/// Keeps what a run tells.
#[derive(Default)]
struct Told {
    wrong: Vec<WrongRow>,
    batches: usize,
}

impl Watch for Told {
    fn wrong(&mut self, wrong: &WrongRow) -> Result<(), FileError> {
        self.wrong.push(wrong.clone());
        Ok(())
    }

    fn progress(&mut self, _: &Counts) {
        self.batches += 1;
    }
}

impl Told {
    /// Line, column and code of everything that was wrong.
    fn brief(&self) -> Vec<(u64, &str, &str)> {
        self.wrong.iter().map(|wrong| (wrong.line, &*wrong.column, &*wrong.code)).collect()
    }
}

fn machine(house: &House) -> Ctx {
    house.app.ctx(Actor::command_line(house.org.org), "test", Locale::ZhCn)
}

fn source(bytes: &[u8]) -> Box<dyn RowSource> {
    from_reader(Cursor::new(bytes.to_vec()), &ReadOptions::default()).unwrap()
}

fn import_from(
    house: &House,
    map: &Mapping,
    source: Box<dyn RowSource>,
    dry_run: bool,
) -> Result<(Counts, Told), ImportError> {
    let actor = Actor::command_line(house.org.org);
    let mut told = Told::default();
    let mut rows = map.rows(source)?;
    let counts =
        run(&ImportRun { app: &house.app, actor: &actor, mapping: map, dry_run }, &mut rows, &mut told)?;
    Ok((counts, told))
}

fn import(house: &House, map: &str, table: &[u8]) -> (Counts, Told) {
    import_from(house, &Mapping::parse("map.toml", map).unwrap(), source(table), false).unwrap()
}

fn counts(read: u64, imported: u64, already_there: u64, wrong: u64) -> Counts {
    Counts { read, imported, already_there, wrong }
}

/// Exports everything that the filter takes, as JSON objects.
fn exported(house: &House, filter: CaseFilter, personal: bool) -> Vec<Value> {
    let file = house.store.folder().join("out.jsonl");
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let request = ExportRequest { filter, personal, options: WriteOptions::new(Format::Jsonl, zone) };
    let (ctx, rules, path) = (machine(house), house.app.rules.clone(), file.clone());
    let written = house
        .app
        .store
        .snapshot_read_blocking(move |tx| export::cases(tx, &ctx, &rules, &request, Output::File(&path)))
        .unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len() as u64, written.rows);
    rows
}
