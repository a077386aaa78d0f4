//! Many due times at once: the rows of a CSV file with two columns filled.

use super::due;
use crate::command::language::say;
use crate::progress::Progress;
use anyhow::{Context, bail};
use huiyin_domain::clock::{self, DueTime};
use huiyin_domain::time::WorkingCalendar;
use huiyin_i18n::{Locale, text as text_of};
use huiyin_tabular::source::Format;
use huiyin_tabular::{CellCode, CellError, FileError, ReadOptions, SourceCell};
use serde_json::Map;
use std::io::{BufRead, Read, Write};
use std::path::Path;

const DUE_DATE: &str = "due_date_after_working_days";
const DUE_TIME: &str = "due_after_business_hours";
/// Wrong rows that are told one by one.
const MOST_ERRORS: usize = 20;
/// How far the end of the first line is looked for, in bytes.
const LONGEST_LINE: u64 = 1 << 20;

/// Where the columns stand in a row that is written.
struct Columns {
    start: usize,
    working_days: usize,
    due_date: usize,
    business_hours: usize,
    due_time: usize,
}

/// Fills the file's rows and writes them to `out`; UTF-8 and GB18030 are read,
/// UTF-8 is written.
///
/// Wrong rows keep their result cells empty and are told at the end, with their
/// line.
pub(super) fn fill_file(file: &Path, calendar: &WorkingCalendar, out: &mut impl Write) -> anyhow::Result<()> {
    let name = || file.display().to_string();
    let ending = line_ending(file).with_context(|| format!("cannot open {}", file.display()))?;
    let options = ReadOptions { format: Some(Format::Csv), ..ReadOptions::default() };
    let mut rows = huiyin_tabular::open(file, &options).map_err(in_words).with_context(name)?;
    let headers = rows.columns().map(|columns| columns.to_vec()).unwrap_or_default();
    let (layout, written) = layout(&headers).with_context(name)?;
    let columns = columns(&written)?;
    let mut writer = csv::WriterBuilder::new().terminator(ending).from_writer(out);
    writer.write_record(&written)?;
    let mut seen = Seen::default();
    while let Some(row) = rows.next_row().map_err(in_words).with_context(name)? {
        seen.rows += 1;
        seen.progress.done(seen.rows, None);
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                seen.wrong(error.line, &cell_in_words(&error));
                continue;
            }
        };
        let mut cells = Vec::with_capacity(layout.len());
        for at in &layout {
            let text = at.and_then(|at| row.cells.get(at)).map_or(Ok(String::new()), cell_text);
            cells.push(text.unwrap_or_else(|code| {
                seen.wrong(row.line, &text_of(Locale::En, code.code(), &Map::new()));
                String::new()
            }));
        }
        seen.take(row.line, fill_row(&mut cells, &columns, calendar));
        writer.write_record(&cells)?;
    }
    writer.flush()?;
    seen.end().with_context(name)
}

/// What was met on the way, for the end.
struct Seen {
    wrong: Vec<String>,
    count: usize,
    provisional: usize,
    rows: u64,
    progress: Progress,
}

impl Default for Seen {
    fn default() -> Self {
        let progress = Progress::counting("rows");
        Self { wrong: Vec::new(), count: 0, provisional: 0, rows: 0, progress }
    }
}

impl Seen {
    fn wrong(&mut self, line: u64, what: &str) {
        self.count += 1;
        if self.wrong.len() < MOST_ERRORS {
            self.wrong.push(format!("line {line}: {what}"));
        }
    }

    fn take(&mut self, line: u64, row: Filled) {
        row.wrong.iter().for_each(|error| self.wrong(line, &format!("{error:#}")));
        self.provisional += usize::from(row.provisional);
    }

    fn end(self) -> anyhow::Result<()> {
        self.progress.end();
        if self.provisional > 0 {
            let rows = self.provisional;
            writeln!(
                std::io::stderr(),
                "{rows} rows are provisional: days off of a year in them are not known"
            )?;
        }
        if self.count > 0 {
            bail!("{} wrong cells, left empty:\n{}", self.count, self.wrong.join("\n"));
        }
        Ok(())
    }
}

fn in_words(error: FileError) -> anyhow::Error {
    anyhow::anyhow!(say(Locale::En, error.code(), &error.params()))
}

fn cell_in_words(error: &CellError) -> String {
    let what = say(Locale::En, error.code.code(), &error.params);
    if error.column.is_empty() { what } else { format!("{}: {what}", error.column) }
}

/// Gives the text of a cell as it goes out again.
fn cell_text(cell: &SourceCell) -> Result<String, CellCode> {
    match cell {
        SourceCell::Text(text) | SourceCell::Number(text) => Ok(text.clone()),
        SourceCell::Bad(code) => Err(*code),
        // a table of text has none of the others
        _ => Ok(String::new()),
    }
}

/// Gives the line ending of the first line, so that rows go out as they came.
fn line_ending(file: &Path) -> std::io::Result<csv::Terminator> {
    let mut first = Vec::new();
    let input = std::io::BufReader::new(std::fs::File::open(file)?);
    input.take(LONGEST_LINE).read_until(b'\n', &mut first)?;
    Ok(if first.ends_with(b"\r\n") { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
}

/// Gives for each written column the one read, and its name. A result column
/// that is missing comes behind the column that it is counted from.
fn layout(headers: &[String]) -> anyhow::Result<(Vec<Option<usize>>, Vec<String>)> {
    let (mut layout, mut names) = (Vec::new(), Vec::new());
    for (at, name) in headers.iter().enumerate() {
        layout.push(Some(at));
        names.push(name.clone());
        let result = match name.as_str() {
            "working_days" => DUE_DATE,
            "business_hours" => DUE_TIME,
            _ => continue,
        };
        if !headers.iter().any(|header| header == result) {
            layout.push(None);
            names.push(result.to_owned());
        }
    }
    for needed in ["start", "working_days", "business_hours"] {
        if !headers.iter().any(|header| header == needed) {
            bail!("column {needed:?} is missing");
        }
    }
    Ok((layout, names))
}

fn columns(written: &[String]) -> anyhow::Result<Columns> {
    let find = |name: &str| {
        written
            .iter()
            .position(|header| header == name)
            .with_context(|| format!("column {name:?} is missing"))
    };
    Ok(Columns {
        start: find("start")?,
        working_days: find("working_days")?,
        due_date: find(DUE_DATE)?,
        business_hours: find("business_hours")?,
        due_time: find(DUE_TIME)?,
    })
}

/// What came of a row.
#[derive(Default)]
struct Filled {
    wrong: Vec<anyhow::Error>,
    provisional: bool,
}

/// Fills both results of a row; an empty limit has an empty result.
fn fill_row(cells: &mut [String], columns: &Columns, calendar: &WorkingCalendar) -> Filled {
    cells[columns.due_date].clear();
    cells[columns.due_time].clear();
    let mut filled = Filled::default();
    let started_at = match calendar.zone().parse(&cells[columns.start]) {
        Ok(started_at) => started_at,
        Err(error) => {
            let start = format!("start {:?}", cells[columns.start]);
            filled.wrong.push(anyhow::Error::new(error).context(start));
            return filled;
        }
    };
    let limit = |column: usize| Some(cells[column].as_str()).filter(|limit| !limit.is_empty());
    let due = |rule: anyhow::Result<_>| rule.and_then(|rule| Ok(clock::due(rule, started_at, calendar)?));
    let days = limit(columns.working_days).map(|days| due(due::working_days(days)));
    let hours = limit(columns.business_hours).map(|hours| due(due::business_hours(hours)));
    for (column, found, shown) in [
        (columns.due_date, days, due_date as fn(DueTime, &WorkingCalendar) -> String),
        (columns.due_time, hours, due_time),
    ] {
        match found {
            None => {}
            Some(Ok(found)) => {
                filled.provisional |= found.provisional;
                cells[column] = shown(found, calendar);
            }
            Some(Err(error)) => filled.wrong.push(error),
        }
    }
    filled
}

fn due_date(found: DueTime, calendar: &WorkingCalendar) -> String {
    due::last_day(found.at, calendar).to_string()
}

fn due_time(found: DueTime, calendar: &WorkingCalendar) -> String {
    let (date, seconds) = calendar.zone().civil(found.at);
    due::moment(date, seconds)
}
