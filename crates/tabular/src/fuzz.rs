//! Entries for hostile input: whatever comes in, an answer comes out.

use crate::mapping::Mapping;
use crate::source::{Limits, ReadOptions, from_reader};
use std::io::Cursor;

/// Bounds for fuzzing, small enough that a run ends soon.
const LIMITS: Limits = Limits {
    cell_bytes: 4096,
    row_bytes: 16_384,
    columns: 64,
    shared_bytes: 1 << 20,
    unpacked_bytes: 1 << 20,
};

/// Rows after which a run ends.
const MAX_ROWS: usize = 10_000;

/// Reads bytes as a table to the end; gives the rows taken and refused.
///
/// The number of rows is bounded, so a bomb ends it early.
#[must_use]
pub fn fuzz_read(bytes: &[u8]) -> (usize, usize) {
    let options = ReadOptions { limits: LIMITS, ..ReadOptions::default() };
    let (mut taken, mut refused) = (0, 0);
    let Ok(mut source) = from_reader(Cursor::new(bytes.to_vec()), &options) else { return (0, 0) };
    while let Ok(Some(row)) = source.next_row() {
        match row {
            Ok(row) if row.cells.len() == row.columns.len() => taken += 1,
            _ => refused += 1,
        }
        if taken + refused == MAX_ROWS {
            break;
        }
    }
    (taken, refused)
}

/// Reads a text as a mapping file and maps a small table with it.
///
/// Gives whether the mapping was accepted.
pub fn fuzz_mapping(text: &str) -> bool {
    let Ok(mapping) = Mapping::parse("fuzz.toml", text) else { return false };
    let table: &[u8] = b"id,time,text\n1,2026-03-05 09:00:00,a\n2,never,\n";
    let options = ReadOptions { limits: LIMITS, ..ReadOptions::default() };
    let Ok(source) = from_reader(table, &options) else { return false };
    if let Ok(mut rows) = mapping.rows(source) {
        while let Ok(Some(_)) = rows.next_row() {}
    }
    true
}
