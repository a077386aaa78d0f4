//! An explanation as one line of text, Chinese or English.

use super::explain::{Explanation, Step};
use super::{ClockKind, Limit, LimitRule};
use crate::locale::Locale;
use crate::time::{CalendarRef, DAY_SECONDS, Date, DayName, Timestamp, Zone};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAYS_ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const NUMBERS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];
const ORDINALS: [&str; 13] = [
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
];
/// A longer text shows its beginning and its end.
const MOST_PIECES: usize = 24;
const TAIL: usize = 8;

struct Words<'a> {
    zone: &'a Zone,
    locale: Locale,
    /// Year that is not worth saying.
    year: i16,
}

impl Explanation {
    /// Writes the steps as one line, as in “received Wed 30 Sept 17:45; two
    /// working days after that day; …; due Fri 9 Oct 24:00” (D5).
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        self.lines(locale).join(if locale == Locale::ZhCn { "；" } else { "; " })
    }

    /// Writes the steps one by one; a long run of them is cut in its middle.
    #[must_use]
    pub fn lines(&self, locale: Locale) -> Vec<String> {
        let year = self.steps.iter().find_map(|step| match step {
            Step::Started { at, .. } => Some(self.zone.date(*at).year()),
            _ => None,
        });
        let words = Words { zone: &self.zone, locale, year: year.unwrap_or_default() };
        let mut pieces = words.pieces(&self.steps);
        if pieces.len() > MOST_PIECES {
            let gap = MOST_PIECES - TAIL..pieces.len() - TAIL;
            pieces.splice(gap, ["…".to_owned()]);
        }
        pieces
    }
}

impl Words<'_> {
    fn pick<'b>(&self, zh: &'b str, en: &'b str) -> &'b str {
        match self.locale {
            Locale::ZhCn => zh,
            Locale::En => en,
        }
    }

    /// Says steps in order; four and more counted days in a row become one.
    fn pieces(&self, steps: &[Step]) -> Vec<String> {
        let mut pieces = Vec::new();
        let mut rest = steps;
        while let Some(step) = rest.first() {
            let length = rest.iter().zip(&rest[1..]).take_while(|(a, b)| follows(a, b)).count() + 1;
            let used = match (step, &rest[length - 1]) {
                (Step::Counted { date, nth, .. }, Step::Counted { date: last, nth: end, .. })
                    if length > 3 =>
                {
                    pieces.push(self.run(*date, *last, [*nth, *end]));
                    length
                }
                _ => {
                    pieces.push(self.step(step));
                    1
                }
            };
            rest = &rest[used..];
        }
        pieces
    }

    fn run(&self, from: Date, to: Date, [first, last]: [u32; 2]) -> String {
        match self.locale {
            Locale::ZhCn => format!("{} 第{first}至{last}日", self.range(from, to)),
            Locale::En => format!("{} {} to {}", self.range(from, to), ordinal(first), ordinal(last)),
        }
    }

    fn step(&self, step: &Step) -> String {
        match step {
            Step::Started { at, kind } => {
                let verb = if is_receipt(*kind) { ("收到", "received") } else { ("起算", "started") };
                format!("{} {}", self.pick(verb.0, verb.1), self.moment(*at, true))
            }
            Step::Rule { limit, source } => self.rule(*limit, source),
            Step::Calendar { calendar } => self.calendar(calendar),
            Step::Off { from, to, name } => {
                let why = name.as_ref().map_or(self.pick("休息日", "weekly rest"), |name| self.name(name));
                format!("{} {why}", self.range(*from, *to))
            }
            Step::AfterClosing { date } => {
                format!(
                    "{} {}",
                    self.range(*date, *date),
                    self.pick("已下班，不计", "after closing, not counted")
                )
            }
            Step::Counted { date, nth, make_up } => self.counted(*date, *nth, make_up.as_ref()),
            Step::DayPaused { date } => {
                format!("{} {}", self.range(*date, *date), self.pick("暂停，不计", "paused, not counted"))
            }
            Step::Worked { from, to } => {
                let length = (to.micros() - from.micros()) / 1_000_000;
                format!("{}–{} {}", self.moment(*from, false), self.until(*from, *to), self.length(length))
            }
            Step::Paused { from, to, reason } => self.paused(*from, *to, reason),
            Step::Extended { at, to, reason } => self.extended(*at, *to, reason),
            Step::Provisional { last } => self.provisional(*last),
            Step::Due { at } => format!("{} {}", self.pick("截止", "due"), self.end(*at)),
        }
    }

    fn counted(&self, date: Date, nth: u32, make_up: Option<&DayName>) -> String {
        let day = self.range(date, date);
        match (self.locale, make_up) {
            (Locale::ZhCn, None) => format!("{day} 第{nth}日"),
            (Locale::ZhCn, Some(name)) => format!("{day}（{}调休上班）第{nth}日", name.zh),
            (Locale::En, None) => format!("{day} {}", ordinal(nth)),
            (Locale::En, Some(name)) => format!("{day} (worked for {}) {}", name.en, ordinal(nth)),
        }
    }

    fn paused(&self, from: Timestamp, to: Option<Timestamp>, reason: &str) -> String {
        let from = self.moment(from, false);
        match to {
            Some(to) => {
                format!("{} {from}–{} ({reason})", self.pick("暂停", "paused"), self.moment(to, false))
            }
            None => format!("{} {from} ({reason})", self.pick("暂停中，自", "paused since")),
        }
    }

    fn extended(&self, at: Timestamp, to: Timestamp, reason: &str) -> String {
        let (at, to) = (self.moment(at, false), self.end(to));
        match self.locale {
            Locale::ZhCn => format!("{at} 延期至 {to} ({reason})"),
            Locale::En => format!("extended on {at} to {to} ({reason})"),
        }
    }

    fn provisional(&self, last: i16) -> String {
        match self.locale {
            Locale::ZhCn => format!("暂定：{last}年以后的节假日尚未录入"),
            Locale::En => format!("provisional: days off after {last} are not known yet"),
        }
    }

    fn rule(&self, limit: Limit, source: &[String]) -> String {
        let rule = match self.locale {
            Locale::ZhCn => self.rule_zh(limit),
            Locale::En => self.rule_en(limit),
        };
        if source.is_empty() {
            return rule;
        }
        match self.locale {
            Locale::ZhCn => format!("{rule}（{}）", source.join("、")),
            Locale::En => format!("{rule} ({})", source.join(", ")),
        }
    }

    fn calendar(&self, calendar: &CalendarRef) -> String {
        match self.locale {
            Locale::ZhCn => format!("日历 {} 第{}版", calendar.name, calendar.version),
            Locale::En => format!("calendar {} v{}", calendar.name, calendar.version),
        }
    }

    fn name<'b>(&self, name: &'b DayName) -> &'b str {
        self.pick(&name.zh, &name.en)
    }

    fn rule_en(&self, limit: Limit) -> String {
        let rule = match limit {
            Limit::Agreed(at) => return format!("agreed for {}", self.end(at)),
            Limit::Rule(rule) => rule,
        };
        let several = |count: u32, unit: &str| {
            let number = NUMBERS.get(count as usize).map_or_else(|| count.to_string(), |word| (*word).into());
            format!("{number} {unit}{} after that day", if count == 1 { "" } else { "s" })
        };
        match rule {
            LimitRule::EndOfSameDay => "by the end of that day".into(),
            LimitRule::EndOfSameWorkingDay => {
                "by the end of the same working day, after closing of the next one".into()
            }
            LimitRule::WorkingDays(days) => several(days, "working day"),
            LimitRule::Days(days) => several(days, "day"),
            LimitRule::BusinessTime(seconds) => format!("{} of working time", self.length(seconds.into())),
            LimitRule::Duration(seconds) => format!("{} from then", self.length(seconds.into())),
        }
    }

    fn rule_zh(&self, limit: Limit) -> String {
        let rule = match limit {
            Limit::Agreed(at) => return format!("约定于 {}", self.end(at)),
            Limit::Rule(rule) => rule,
        };
        match rule {
            LimitRule::EndOfSameDay => "当日内".into(),
            LimitRule::EndOfSameWorkingDay => "当日内，非工作时间收到的顺延至恢复工作之日内".into(),
            LimitRule::WorkingDays(days) => format!("自次日起{days}个工作日内"),
            LimitRule::Days(days) => format!("自次日起{days}日内"),
            LimitRule::BusinessTime(seconds) => format!("{}工作时间内", self.length(seconds.into())),
            LimitRule::Duration(seconds) => format!("{}内", self.length(seconds.into())),
        }
    }

    fn length(&self, seconds: i64) -> String {
        let parts = [
            (seconds / 3600, self.pick("小时", " h")),
            (seconds / 60 % 60, self.pick("分钟", " min")),
            (seconds % 60, self.pick("秒", " s")),
        ];
        let said: Vec<String> =
            parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}{unit}")).collect();
        if said.is_empty() { format!("0{}", self.pick("秒", " s")) } else { said.join(self.pick("", " ")) }
    }

    fn date(&self, date: Date, weekday: bool) -> String {
        let (year, month, day) = (date.year(), date.month(), date.day());
        let of_week = date.weekday() as usize;
        let said = year != self.year;
        match self.locale {
            Locale::ZhCn => {
                let year = if said { format!("{year}年") } else { String::new() };
                let week = if weekday { format!("（{}）", DAYS_ZH[of_week]) } else { String::new() };
                format!("{year}{month}月{day}日{week}")
            }
            Locale::En => {
                let week = if weekday { format!("{} ", DAYS[of_week]) } else { String::new() };
                let year = if said { format!(" {year}") } else { String::new() };
                format!("{week}{day} {}{year}", month_name(date))
            }
        }
    }

    fn range(&self, from: Date, to: Date) -> String {
        if from == to {
            return self.date(from, false);
        }
        let one_month = (from.year(), from.month()) == (to.year(), to.month());
        match (one_month, self.locale) {
            (true, Locale::ZhCn) => format!("{}–{}日", self.date(from, false), to.day()),
            (true, Locale::En) => format!("{}–{}", from.day(), self.date(to, false)),
            (false, _) => format!("{}–{}", self.date(from, false), self.date(to, false)),
        }
    }

    fn moment(&self, at: Timestamp, weekday: bool) -> String {
        let (date, seconds) = self.zone.civil(at);
        format!("{} {}", self.date(date, weekday), crate::time::show_time(seconds))
    }

    /// Says an exclusive end: midnight is 24:00 of the day before (D5).
    fn end(&self, at: Timestamp) -> String {
        let (date, seconds) = self.zone.civil(at);
        match date.previous() {
            Some(day) if at == self.zone.start_of(date) => {
                format!("{} {}", self.date(day, true), crate::time::show_time(DAY_SECONDS))
            }
            _ => format!("{} {}", self.date(date, true), crate::time::show_time(seconds)),
        }
    }

    /// Says the end of a stretch, without its date when it is the same day.
    fn until(&self, from: Timestamp, to: Timestamp) -> String {
        let (day, _) = self.zone.civil(from);
        if to == self.zone.end_of(day) {
            return crate::time::show_time(DAY_SECONDS);
        }
        match self.zone.civil(to) {
            (date, seconds) if date == day => crate::time::show_time(seconds),
            _ => self.moment(to, false),
        }
    }
}

fn month_name(date: Date) -> &'static str {
    MONTHS[usize::from(date.month().unsigned_abs()).saturating_sub(1) % 12]
}

fn follows(a: &Step, b: &Step) -> bool {
    match (a, b) {
        (Step::Counted { date, make_up: None, .. }, Step::Counted { date: next, make_up: None, .. }) => {
            date.next() == Some(*next)
        }
        _ => false,
    }
}

fn is_receipt(kind: ClockKind) -> bool {
    matches!(
        kind,
        ClockKind::Acknowledge
            | ClockKind::Reply
            | ClockKind::Measures
            | ClockKind::Resolve
            | ClockKind::Record
            | ClockKind::HandOver
            | ClockKind::Target
    )
}

fn ordinal(nth: u32) -> String {
    if let Some(word) = ORDINALS.get(nth as usize) {
        return (*word).to_owned();
    }
    let suffix = match (nth % 100, nth % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{nth}{suffix}")
}
