//! Many due times at once: the rows of a CSV file with two columns filled.

use super::due;
use anyhow::{Context, bail};
use huiyin_domain::clock;
use huiyin_domain::time::{Timestamp, WorkingCalendar};
use std::io::{BufRead, Read, Write};
use std::path::Path;

const DUE_DATE: &str = "due_date_after_working_days";
const DUE_TIME: &str = "due_after_business_hours";
/// Wrong rows that are told one by one.
const MOST_ERRORS: usize = 20;

/// Where the columns stand in a row that is written.
struct Columns {
    start: usize,
    working_days: usize,
    due_date: usize,
    business_hours: usize,
    due_time: usize,
}

/// Fills the file's rows and writes them to `out`.
pub(super) fn fill_file(file: &Path, calendar: &WorkingCalendar, out: &mut impl Write) -> anyhow::Result<()> {
    let input = std::fs::File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
    fill(input, calendar, out).with_context(|| file.display().to_string())
}

/// Fills rows as they come; wrong ones keep their cells empty and are told at
/// the end, with their line.
fn fill(input: impl Read, calendar: &WorkingCalendar, out: &mut impl Write) -> anyhow::Result<()> {
    let mut input = std::io::BufReader::new(input);
    let head = input.fill_buf()?;
    let marked = head.starts_with("\u{feff}".as_bytes());
    let ending = line_ending(head);
    input.consume(if marked { 3 } else { 0 });
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input);
    let headers: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let (layout, written) = layout(&headers)?;
    let columns = columns(&written)?;
    let mut writer = csv::WriterBuilder::new().terminator(ending).from_writer(out);
    writer.write_record(&written)?;
    let mut wrong = Vec::new();
    let mut count = 0_usize;
    for row in reader.records() {
        let row = row?;
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |at: &Option<usize>| at.and_then(|at| row.get(at)).unwrap_or_default().to_owned();
        let mut cells: Vec<String> = layout.iter().map(cell).collect();
        for error in fill_row(&mut cells, &columns, calendar) {
            count += 1;
            if wrong.len() < MOST_ERRORS {
                wrong.push(format!("line {line}: {error}"));
            }
        }
        writer.write_record(&cells)?;
    }
    writer.flush()?;
    if count > 0 {
        bail!("{count} wrong cells, left empty:\n{}", wrong.join("\n"));
    }
    Ok(())
}

/// Gives the line ending of the first line, so that rows go out as they came.
fn line_ending(head: &[u8]) -> csv::Terminator {
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if first.ends_with(b"\r") { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') }
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

/// Fills both results of a row; an empty limit has an empty result.
fn fill_row(cells: &mut [String], columns: &Columns, calendar: &WorkingCalendar) -> Vec<anyhow::Error> {
    cells[columns.due_date].clear();
    cells[columns.due_time].clear();
    let started_at = match calendar.zone().parse(&cells[columns.start]) {
        Ok(started_at) => started_at,
        Err(error) => {
            return vec![anyhow::Error::new(error).context(format!("start {:?}", cells[columns.start]))];
        }
    };
    let mut errors = Vec::new();
    let results = [
        (columns.due_date, due_date(&cells[columns.working_days], started_at, calendar)),
        (columns.due_time, due_time(&cells[columns.business_hours], started_at, calendar)),
    ];
    for (column, result) in results {
        match result {
            Ok(text) => cells[column] = text,
            Err(error) => errors.push(error),
        }
    }
    errors
}

fn due_date(days: &str, started_at: Timestamp, calendar: &WorkingCalendar) -> anyhow::Result<String> {
    if days.is_empty() {
        return Ok(String::new());
    }
    let found = clock::due(due::working_days(days)?, started_at, calendar)?;
    Ok(due::last_day(found.at, calendar).to_string())
}

fn due_time(hours: &str, started_at: Timestamp, calendar: &WorkingCalendar) -> anyhow::Result<String> {
    if hours.is_empty() {
        return Ok(String::new());
    }
    let found = clock::due(due::business_hours(hours)?, started_at, calendar)?;
    let (date, seconds) = calendar.zone().civil(found.at);
    Ok(due::moment(date, seconds))
}
