//! Small tables, made on the spot.

use flate2::{Compression, write::GzEncoder};
use huiyin_tabular::source::Format;
use huiyin_tabular::write::{ColumnKind, WriteOptions};
use huiyin_tabular::{
    CellError, CellValue, Column, Output, ReadOptions, RowSource, SourceCell, SourceRow, create, from_reader,
};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

/// Opens bytes with everything detected.
pub fn open(bytes: impl Into<Vec<u8>>) -> Box<dyn RowSource> {
    from_reader(Cursor::new(bytes.into()), &ReadOptions::default()).unwrap()
}

/// Reads all rows of bytes.
pub fn rows(bytes: impl Into<Vec<u8>>) -> Vec<Result<SourceRow, CellError>> {
    drain(&mut *open(bytes))
}

/// Reads all rows of a source.
pub fn drain(source: &mut dyn RowSource) -> Vec<Result<SourceRow, CellError>> {
    std::iter::from_fn(|| source.next_row().unwrap()).collect()
}

/// Makes a cell of text.
pub fn text(text: &str) -> SourceCell {
    SourceCell::Text(text.into())
}

/// Packs bytes.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Gives the root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Names a column of text.
pub const fn column(key: &'static str) -> Column {
    Column { key, zh: key, en: key, kind: ColumnKind::Text }
}

/// Writes options in the zone of Shanghai.
pub fn options(format: Format) -> WriteOptions {
    WriteOptions::new(format, jiff::tz::TimeZone::get("Asia/Shanghai").unwrap())
}

/// Writes a table into a file of a folder.
pub fn written(path: &Path, format: Format, columns: &[Column], rows: &[Vec<CellValue>]) -> u64 {
    let mut table = create(Output::File(path), columns, &options(format)).unwrap();
    for row in rows {
        table.row(row).unwrap();
    }
    table.finish().unwrap().rows
}
