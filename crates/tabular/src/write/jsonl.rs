//! JSON Lines: one object per row with typed values.

use super::sink::Sink;
use super::{CellValue, TableWriter, Written, check_width, wall};
use crate::failure::FileError;
use jiff::tz::TimeZone;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::io::{self, Write};

/// Writes a JSON Lines file.
pub(super) struct JsonTable {
    sink: Sink,
    keys: Vec<&'static str>,
    zone: TimeZone,
    rows: u64,
}

impl JsonTable {
    /// Takes the keys of the objects.
    pub(super) fn new(sink: Sink, keys: Vec<&'static str>, zone: TimeZone) -> Self {
        Self { sink, keys, zone, rows: 0 }
    }
}

impl TableWriter for JsonTable {
    fn row(&mut self, cells: &[CellValue]) -> Result<(), FileError> {
        check_width(self.keys.len(), cells)?;
        let object = Object { keys: &self.keys, cells, zone: &self.zone };
        serde_json::to_writer(&mut self.sink, &object).map_err(io::Error::from)?;
        self.sink.write_all(b"\n")?;
        self.rows += 1;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Written, FileError> {
        self.sink.commit()?;
        Ok(Written { rows: self.rows, cut_cells: 0 })
    }
}

/// One row as an object; empty cells are null.
struct Object<'a> {
    keys: &'a [&'static str],
    cells: &'a [CellValue],
    zone: &'a TimeZone,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.keys.len()))?;
        for (key, cell) in self.keys.iter().zip(self.cells) {
            match cell {
                CellValue::Text(text) => map.serialize_entry(key, text)?,
                CellValue::Int(number) => map.serialize_entry(key, number)?,
                CellValue::Time(time) => map.serialize_entry(key, &wall(*time, self.zone))?,
                CellValue::Date(date) => map.serialize_entry(key, date)?,
                CellValue::Money(money) => map.serialize_entry(key, money)?,
                CellValue::Bool(value) => map.serialize_entry(key, value)?,
                CellValue::Empty => map.serialize_entry(key, &())?,
            }
        }
        map.end()
    }
}
