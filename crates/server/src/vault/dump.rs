//! The database as text: one gzip file of JSON lines per table, one moment.
//!
//! The first line names table and columns, each further one is a row in that
//! order; numbers and texts are JSON, bytes are `{"base64":…}`.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use huiyin_store::portable::{self, Table};
use huiyin_store::{Row, Store, StoreError, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Folder of the dump in a backup.
pub const DATABASE: &str = "database";

#[derive(Serialize, Deserialize)]
struct Head {
    table: String,
    columns: Vec<String>,
}

/// Writes every table to `folder`; gives how many rows each has.
///
/// # Errors
/// When the database cannot be read or the folder not be written.
pub fn write(
    store: &Store,
    folder: &Path,
    report: impl Fn(&str) + Send + 'static,
) -> anyhow::Result<BTreeMap<String, u64>> {
    let folder = folder.to_owned();
    let counts = store.snapshot_read_blocking(move |tx| {
        let mut counts = BTreeMap::new();
        for table in portable::tables(tx)? {
            report(&table.name);
            let path = folder.join(format!("{}.jsonl.gz", table.name));
            let mut file = Gzip::create(&path, &table)?;
            portable::each(tx, &table, |row| file.row(row))?;
            counts.insert(table.name, file.end()?);
        }
        Ok::<_, StoreError>(counts)
    })?;
    Ok(counts)
}

struct Gzip {
    path: PathBuf,
    to: GzEncoder<BufWriter<File>>,
    rows: u64,
}

impl Gzip {
    fn create(path: &Path, table: &Table) -> Result<Self, StoreError> {
        let head = json!(Head { table: table.name.clone(), columns: table.columns.clone() });
        let open = || -> std::io::Result<Self> {
            let file = super::files::create_private(path)?;
            let mut to = GzEncoder::new(BufWriter::new(file), Compression::new(4));
            writeln!(to, "{head}")?;
            Ok(Self { path: path.to_owned(), to, rows: 0 })
        };
        open().map_err(|error| file_error(path, &error))
    }

    fn row(&mut self, row: &Row) -> Result<(), StoreError> {
        let values: Vec<serde_json::Value> = row.values().iter().map(wire).collect();
        self.rows += 1;
        serde_json::to_writer(&mut self.to, &values)
            .map_err(std::io::Error::from)
            .and_then(|()| self.to.write_all(b"\n"))
            .map_err(|error| file_error(&self.path, &error))
    }

    fn end(self) -> Result<u64, StoreError> {
        let end = || -> std::io::Result<()> {
            let file = self.to.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            file.sync_all()
        };
        end().map_err(|error| file_error(&self.path, &error))?;
        Ok(self.rows)
    }
}

fn file_error(path: &Path, error: &std::io::Error) -> StoreError {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return StoreError::Full;
    }
    StoreError::Other { context: format!("{}: {error}", path.display()) }
}

fn wire(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Int(number) => json!(number),
        Value::Real(number) => json!({"real": number}),
        Value::Text(text) => json!(text),
        Value::Blob(bytes) => json!({"base64": STANDARD.encode(bytes)}),
    }
}

fn value(wire: serde_json::Value) -> Option<Value> {
    Some(match wire {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Number(number) => Value::Int(number.as_i64()?),
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Object(map) => match (map.get("base64"), map.get("real")) {
            (Some(text), _) => Value::Blob(STANDARD.decode(text.as_str()?).ok()?),
            (_, Some(number)) => Value::Real(number.as_f64()?),
            _ => return None,
        },
        _ => return None,
    })
}

/// Takes a table and some of its rows.
type TakeRows<'a> = dyn FnMut(&Table, Vec<Vec<Value>>) -> anyhow::Result<()> + 'a;

/// Reads one table of a dump; hands over its rows, some at a time.
///
/// # Errors
/// When the file is not readable, or what `take` gives.
pub fn read(path: &Path, most: usize, take: &mut TakeRows<'_>) -> anyhow::Result<()> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
    let mut lines = BufReader::new(GzDecoder::new(BufReader::new(file))).lines();
    let head = lines.next().with_context(|| format!("{name} is empty"))??;
    let head: Head = serde_json::from_str(&head).with_context(|| format!("{name} line 1"))?;
    let table = Table { name: head.table, columns: head.columns };
    let mut rows = Vec::new();
    for (place, line) in lines.enumerate() {
        let place = place + 2;
        let line = line.with_context(|| format!("{name} line {place}"))?;
        let row: Vec<serde_json::Value> =
            serde_json::from_str(&line).with_context(|| format!("{name} line {place}"))?;
        let row: Option<Vec<Value>> = row.into_iter().map(value).collect();
        rows.push(row.with_context(|| format!("{name} line {place} holds a value of no known kind"))?);
        if rows.len() == most {
            take(&table, std::mem::take(&mut rows))?;
        }
    }
    if rows.is_empty() { Ok(()) } else { take(&table, rows) }
}
