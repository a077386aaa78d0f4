//! Lists as whole tables in memory, for answers that are downloads.
//!
//! Only for lists that are bounded by what they are about; cases leave by
//! [`crate::export`], in constant memory.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use huiyin_domain::locale::Locale;
use huiyin_store::sql::Tx;
use huiyin_tabular::source::Format;
use huiyin_tabular::write::Headings;
use huiyin_tabular::{CellValue, Column, Output, WriteOptions, create};

use crate::ctx::Ctx;
use crate::error::Error;

/// The formats of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableFormat {
    /// A workbook.
    #[default]
    Xlsx,
    /// Text with commas, UTF-8, with the mark by which spreadsheets know it.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

impl TableFormat {
    const fn format(self) -> Format {
        match self {
            Self::Xlsx => Format::Xlsx,
            Self::Csv => Format::Csv,
            Self::Jsonl => Format::Jsonl,
        }
    }
}

/// Bytes that a table writer fills and its maker keeps.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes rows as a table, headings in the reader's language, times on the
/// organisation's clock.
///
/// # Errors
/// What `fill` gives, or `internal` when the table cannot be written.
pub(crate) fn written(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (format, columns): (TableFormat, &[Column]),
    fill: impl FnOnce(&mut Tx<'_>, &mut dyn FnMut(&[CellValue]) -> Result<(), Error>) -> Result<(), Error>,
) -> Result<Vec<u8>, Error> {
    let zone = crate::people::organisation::get(tx, ctx)?.zone;
    let headings = match ctx.locale {
        Locale::ZhCn => Headings::Chinese,
        Locale::En => Headings::English,
    };
    let usual = WriteOptions::in_zone(format.format(), &zone);
    let usual = usual.ok_or_else(|| Error::internal("the organisation's zone is unknown"))?;
    let options = WriteOptions { headings, byte_order_mark: true, ..usual };
    let shared = Shared::default();
    let mut table =
        create(Output::Stream(Box::new(shared.clone())), columns, &options).map_err(Error::internal)?;
    fill(tx, &mut |cells| table.row(cells).map_err(Error::internal))?;
    table.finish().map_err(Error::internal)?;
    let mut bytes = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut bytes))
}
