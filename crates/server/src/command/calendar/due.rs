//! One due time with its explanation.

use crate::outcome::Usage;
use anyhow::{Context, bail};
use huiyin_domain::clock::{Clock, ClockKind, LimitRule, MOST_DAYS, MOST_SECONDS, Terms};
use huiyin_domain::locale::Locale;
use huiyin_domain::time::{Date, Timestamp, WorkingCalendar};
use serde_json::json;
use std::io::Write;

/// From when, and how long.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("limit").required(true)))]
pub struct DueArgs {
    /// Start, local to the calendar (2026-09-30T17:30) or with an offset
    #[arg(long, allow_hyphen_values = true)]
    pub from: String,
    /// Due at the end of the N-th working day after the day of the start
    #[arg(long, group = "limit", allow_hyphen_values = true, value_name = "N")]
    pub working_days: Option<String>,
    /// Due after this many hours of working time, such as 16 or 1.5
    #[arg(long, group = "limit", allow_hyphen_values = true, value_name = "HOURS")]
    pub business_hours: Option<String>,
    /// Due by a rule in a pack's words, such as "end of same day" or "24 h"
    #[arg(long, group = "limit", value_name = "WORDS")]
    pub rule: Option<String>,
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
    /// Language of the explanation, zh-CN or en; both when not given
    #[arg(long)]
    pub language: Option<String>,
    #[command(flatten)]
    pub counting: super::Counting,
}

/// Prints due time and explanation.
pub(super) fn print(args: &DueArgs, calendar: &WorkingCalendar, out: &mut impl Write) -> anyhow::Result<()> {
    let zone = calendar.zone();
    let wrong = |error: anyhow::Error| Usage(format!("{error:#}"));
    let started_at =
        zone.parse(&args.from).with_context(|| format!("--from {:?}", args.from)).map_err(wrong)?;
    let rule = rule(args).map_err(wrong)?;
    let terms =
        Terms { kind: ClockKind::Resolve, due: rule, warn: None, pausable: false, source: Vec::new() };
    let clock = Clock::start(1, 1, &terms, calendar, started_at)?;
    let explanation = clock.explain(calendar)?;
    let locales = locales(args.language.as_deref()).map_err(wrong)?;
    if args.json {
        let texts: serde_json::Map<String, serde_json::Value> = locales
            .iter()
            .map(|locale| (locale.tag().to_owned(), explanation.text(*locale).into()))
            .collect();
        let answer = json!({
            "from": zone.rfc3339(started_at),
            "rule": rule,
            "calendar": calendar.reference(),
            "due_at": zone.rfc3339(clock.due_at),
            "due_date": last_day(clock.due_at, calendar),
            "provisional": clock.provisional,
            "explanation": explanation,
            "text": texts,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&answer)?)?;
        return Ok(());
    }
    writeln!(out, "{}", shown(clock.due_at, calendar))?;
    for locale in locales {
        writeln!(out, "{}", explanation.text(locale))?;
    }
    Ok(())
}

fn locales(language: Option<&str>) -> anyhow::Result<Vec<Locale>> {
    let Some(tag) = language else { return Ok(Locale::ALL.to_vec()) };
    match Locale::from_tag(tag) {
        Some(locale) => Ok(vec![locale]),
        None => bail!("unknown language {tag:?}; write zh-CN or en"),
    }
}

fn rule(args: &DueArgs) -> anyhow::Result<LimitRule> {
    match (&args.working_days, &args.business_hours, &args.rule) {
        (Some(days), _, _) => working_days(days),
        (_, Some(hours), _) => business_hours(hours),
        (_, _, Some(words)) => Ok(words.parse()?),
        (None, None, None) => bail!("one of --working-days, --business-hours and --rule is needed"),
    }
}

/// Reads a number of working days.
pub(super) fn working_days(text: &str) -> anyhow::Result<LimitRule> {
    match text.parse() {
        Ok(days) if (1..=MOST_DAYS).contains(&days) => Ok(LimitRule::WorkingDays(days)),
        _ => bail!("working days must be a whole number from 1 to {MOST_DAYS}, not {text:?}"),
    }
}

/// Reads hours of working time, whole or with decimals, exact to the second.
pub(super) fn business_hours(text: &str) -> anyhow::Result<LimitRule> {
    match seconds(text) {
        Some(seconds) if (1..=MOST_SECONDS).contains(&seconds) => Ok(LimitRule::BusinessTime(seconds)),
        _ => bail!(
            "business hours must be a number above 0 and up to {} that makes whole seconds, not {text:?}",
            MOST_SECONDS / 3600
        ),
    }
}

fn seconds(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 6 {
        return None;
    }
    let scale = 10_u64.pow(u32::try_from(part.len()).ok()?);
    let part = part.parse::<u64>().ok()? * 3600;
    let whole = whole.parse::<u64>().ok()?.checked_mul(3600)?;
    if part % scale != 0 {
        return None;
    }
    u32::try_from(whole.checked_add(part / scale)?).ok()
}

/// Gives the last day on which it is not too late.
pub(super) fn last_day(due_at: Timestamp, calendar: &WorkingCalendar) -> Date {
    calendar.zone().date(Timestamp::from_micros(due_at.micros() - 1))
}

/// Writes a due time with midnight as 24:00 of the day before (D5).
fn shown(due_at: Timestamp, calendar: &WorkingCalendar) -> String {
    let (date, seconds) = calendar.zone().civil(due_at);
    if due_at == calendar.zone().start_of(date) {
        return format!("{} 24:00:00", last_day(due_at, calendar));
    }
    moment(date, seconds)
}

/// Writes a date and seconds after midnight as `YYYY-MM-DD HH:MM:SS`.
pub(super) fn moment(date: Date, seconds: u32) -> String {
    format!("{date} {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
