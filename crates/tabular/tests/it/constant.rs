//! Memory does not grow with the number of rows.

use crate::support::{column, options};
use huiyin_tabular::source::Format;
use huiyin_tabular::{CellValue, Output, ReadOptions, create, from_reader, open};
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Rows of the big tables.
const ROWS: u64 = 100_000;

/// Makes rows on demand and counts the bytes given away.
struct Generated {
    next: u64,
    pending: Vec<u8>,
    given: Arc<AtomicU64>,
    line: fn(u64) -> String,
}

impl Read for Generated {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.pending.is_empty() && self.next <= ROWS {
            self.pending = (self.line)(self.next).into_bytes();
            self.next += 1;
        }
        let count = self.pending.len().min(out.len());
        out[..count].copy_from_slice(&self.pending[..count]);
        self.pending.drain(..count);
        self.given.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

fn csv_line(row: u64) -> String {
    if row == 0 { "id,text\n".into() } else { format!("{row},\"the lift in house {} stands\"\n", row % 97) }
}

fn json_line(row: u64) -> String {
    format!("{{\"id\":{row},\"text\":\"the lift in house {} stands\"}}\n", row % 97)
}

/// Issue 3, §7
#[test]
fn csv_and_json_lines_never_read_further_ahead_than_their_buffers() {
    for (first, line) in [(0, csv_line as fn(u64) -> String), (1, json_line)] {
        let given = Arc::new(AtomicU64::new(0));
        let input = Generated { next: first, pending: Vec::new(), given: Arc::clone(&given), line };
        let mut source = from_reader(input, &ReadOptions::default()).unwrap();
        let (mut rows, mut consumed) = (0, 0);
        while let Some(row) = source.next_row().unwrap() {
            assert!(row.is_ok());
            rows += 1;
            consumed += line(rows).len() as u64;
            let ahead = given.load(Ordering::Relaxed).saturating_sub(consumed);
            assert!(ahead <= 2 * 65_536, "{ahead} bytes ahead at row {rows}");
        }
        assert_eq!(rows, ROWS);
    }
}

/// Issue 3, §7
#[test]
fn a_workbook_of_a_hundred_thousand_rows_is_written_and_read_row_by_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.xlsx");
    let mut table =
        create(Output::File(&path), &[column("id"), column("text")], &options(Format::Xlsx)).unwrap();
    let mut cells = [CellValue::Int(0), CellValue::Text("the lift stands".into())];
    for row in 1..=ROWS {
        cells[0] = CellValue::Int(i64::try_from(row).unwrap());
        table.row(&cells).unwrap();
    }
    assert_eq!(table.finish().unwrap().rows, ROWS);
    let mut source = open(&path, &ReadOptions::default()).unwrap();
    let mut rows = 0;
    while let Some(row) = source.next_row().unwrap() {
        rows += 1;
        assert_eq!(row.unwrap().line, rows + 1);
    }
    assert_eq!(rows, ROWS);
}
