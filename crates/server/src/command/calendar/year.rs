//! The days off of a year, as known and as a file brings them.

use crate::outcome::Usage;
use anyhow::{Context, bail};
use huiyin_domain::time::{Date, FIRST_YEAR, LAST_YEAR, Notice, NoticeError, SpecialDay, WorkingCalendar};
use std::io::{Read, Write};
use std::path::Path;

/// Largest file of days off, in bytes.
const LARGEST: u64 = 4 << 20;
/// Wrong lines that are told one by one.
const MOST_ERRORS: usize = 20;

/// Lists a year: hours of the week, days off, make-up days, working days.
pub(super) fn show(year: &str, calendar: &WorkingCalendar, out: &mut impl Write) -> anyhow::Result<()> {
    let known = year.parse::<i16>().ok().filter(|year| (FIRST_YEAR..=LAST_YEAR).contains(year));
    let Some(year) = known else {
        let wrong = format!("year must be a number from {FIRST_YEAR} to {LAST_YEAR}, not {year:?}");
        return Err(Usage(wrong).into());
    };
    let first = Date::new(year, 1, 1)?;
    let days = std::iter::successors(Some(first), |date| date.next()).take_while(|date| date.year() == year);
    let work = days.filter(|date| calendar.is_working_day(*date)).count();
    let off = calendar.specials(year).filter(|day| day.off).count();
    let made_up = calendar.specials(year).filter(|day| !day.off).count();
    writeln!(
        out,
        "{} {year} {}: {work} working days, {off} days off, {made_up} make-up working days",
        calendar.reference(),
        calendar.zone()
    )?;
    if !calendar.covers(first) {
        writeln!(out, "provisional: the days off of {year} are not known, the week alone counts")?;
    }
    for (weekday, periods) in &calendar.parts().week {
        let periods: Vec<String> = periods.iter().map(ToString::to_string).collect();
        writeln!(out, "{weekday:?} {}", periods.join(" "))?;
    }
    list(&calendar.specials(year).cloned().collect::<Vec<_>>(), out)
}

/// Writes days, those of one name and kind in a row as one line.
fn list(days: &[SpecialDay], out: &mut impl Write) -> anyhow::Result<()> {
    let alike =
        |a: &SpecialDay, b: &SpecialDay| a.off == b.off && a.name == b.name && a.date.next() == Some(b.date);
    for run in days.chunk_by(alike) {
        let [first, .., last] = run else {
            let [only] = run else { continue };
            writeln!(out, "{:24} {} {}", only.date.to_string(), kind(only), name(only))?;
            continue;
        };
        writeln!(out, "{:24} {} {}", format!("{}..{}", first.date, last.date), kind(first), name(first))?;
    }
    Ok(())
}

fn kind(day: &SpecialDay) -> &'static str {
    if day.off { "off " } else { "work" }
}

fn name(day: &SpecialDay) -> String {
    if day.name.zh == day.name.en { day.name.zh.clone() } else { format!("{} {}", day.name.zh, day.name.en) }
}

/// Reads a file of days off and tells what an import would bring.
pub(super) fn check(file: &Path, calendar: &WorkingCalendar, out: &mut impl Write) -> anyhow::Result<()> {
    let notice = read(file)?;
    let years = notice.years();
    let next = calendar.with_notice(&notice).with_context(|| file.display().to_string())?;
    list(notice.days(), out)?;
    for doubt in notice.doubts(calendar) {
        writeln!(out, "warning: {doubt}")?;
    }
    writeln!(
        out,
        "{}: years {} to {} are sound; import makes {}",
        file.display(),
        years.first,
        years.last,
        next.reference()
    )?;
    Ok(())
}

/// Reads a notice of days off, by the file's ending: `.csv` or `.toml`.
///
/// # Errors
/// Cannot be read, or wrong lines, each named.
pub fn read(file: &Path) -> anyhow::Result<Notice> {
    let name = file.display();
    let input = std::fs::File::open(file).with_context(|| format!("cannot open {name}"))?;
    let mut bytes = Vec::new();
    input.take(LARGEST + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {name}"))?;
    let text = String::from_utf8(bytes).with_context(|| format!("{name} must be UTF-8"))?;
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let notice = match ending.to_ascii_lowercase().as_str() {
        "csv" => Notice::from_csv(&text),
        "toml" => Notice::from_toml(&text),
        _ => bail!("{name} must end in .csv or .toml"),
    };
    notice.map_err(|errors| anyhow::anyhow!("{name}: {}", told(&errors)))
}

fn told(errors: &[NoticeError]) -> String {
    let lines: Vec<String> = errors.iter().take(MOST_ERRORS).map(ToString::to_string).collect();
    let more = errors.len().saturating_sub(MOST_ERRORS);
    let rest = if more > 0 { format!("\nand {more} more") } else { String::new() };
    format!("{} wrong lines\n{}{rest}", errors.len(), lines.join("\n"))
}
