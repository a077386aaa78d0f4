//! Lists as pages for paper: self-contained HTML that prints well on A4.

use crate::edge::PAPER;
use crate::page::escaped;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use huiyin_app::paper::stocktake::{LineRow, Sheet};
use huiyin_domain::ids::PersonId;
use huiyin_domain::locale::Locale;
use huiyin_domain::time::Timestamp;
use huiyin_i18n::{text, word};
use huiyin_reports::framed;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// Answers with a page.
pub(super) fn answer(page: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, PAPER),
    ];
    (headers, page).into_response()
}

/// One page that grows.
struct Page<'a> {
    sheet: &'a Sheet,
    locale: Locale,
    title: String,
    html: String,
}

impl<'a> Page<'a> {
    fn begun(sheet: &'a Sheet, locale: Locale, title: &'static str) -> Self {
        let title = escaped(text(locale, title, &Map::new()));
        let html = format!("<h1>{title}</h1>\n");
        let title = format!("{title} {}", sheet.stocktake.day);
        let mut page = Self { sheet, locale, title, html };
        let totals = &sheet.totals;
        page.line("print_head", &json!({"unit": sheet.unit, "day": sheet.stocktake.day.to_string()}));
        page.line(
            "print_totals",
            &json!({"lines": totals.lines.to_string(), "carried": totals.carried.to_string(),
                "complaints": totals.complaints.to_string(), "closed": totals.closed.to_string(),
                "unworded": totals.unworded.to_string(), "late": totals.late.to_string()}),
        );
        page
    }

    fn said(&self, code: &'static str, params: &Value) -> String {
        let none = Map::new();
        escaped(text(self.locale, code, params.as_object().unwrap_or(&none)))
    }

    fn line(&mut self, code: &'static str, params: &Value) {
        let line = self.said(code, params);
        // writing to a string cannot fail
        let _ = writeln!(self.html, "<p>{line}</p>");
    }

    fn table(&mut self, heads: &[&'static str], rows: impl Iterator<Item = Vec<String>>) {
        let heads: String =
            heads.iter().map(|head| format!("<th>{}</th>", self.said(head, &Value::Null))).collect();
        let _ = writeln!(self.html, "<table><thead><tr>{heads}</tr></thead><tbody>");
        for row in rows {
            let cells: String = row.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
            let _ = writeln!(self.html, "<tr>{cells}</tr>");
        }
        self.html.push_str("</tbody></table>\n");
    }

    fn ended(mut self) -> String {
        let stocktake = &self.sheet.stocktake;
        let sign = |signature: &Option<huiyin_domain::paper::stocktake::Signature>| {
            signature.as_ref().map_or_else(String::new, |signature| {
                let who = signature.mark.by.map_or_else(String::new, |by| self.name(by));
                let text =
                    signature.text.as_ref().map_or_else(String::new, |text| format!(" {}", text.as_str()));
                format!("{who} {}{text}", self.time(signature.mark.at))
            })
        };
        let rows = [("print_signed", sign(&stocktake.signed)), ("print_reviewed", sign(&stocktake.reviewed))];
        let cells: String = rows
            .iter()
            .map(|(code, text)| format!("<td>{}: {}</td>", self.said(code, &Value::Null), escaped(text)))
            .collect();
        let _ = write!(self.html, "<table class=\"sign\"><tr>{cells}</tr></table>");
        framed(self.locale, &self.title, &self.html)
    }

    fn time(&self, at: Timestamp) -> String {
        let text = self.sheet.zone.rfc3339(at);
        text.get(..16).unwrap_or(&text).replace('T', " ")
    }

    fn name(&self, person: PersonId) -> String {
        self.sheet.names.get(&person).cloned().unwrap_or_default()
    }

    fn word(&self, name: &str) -> String {
        word(self.locale, name)
    }

    fn matter(&self, line: &LineRow) -> String {
        self.sheet.matters.get(&line.case).and_then(|(_, title)| title.clone()).unwrap_or_default()
    }

    fn days_open(&self, line: &LineRow) -> String {
        let received = self.sheet.zone.start_of(self.sheet.zone.date(line.received_at));
        let days = (self.sheet.stocktake.from.micros() - received.micros()) / 86_400_000_000;
        days.max(0).to_string()
    }

    fn marks(&self, line: &LineRow) -> String {
        let mut marks = Vec::new();
        if line.carried {
            marks.push(text(self.locale, "print_carried", &Map::new()));
        }
        if line.late {
            marks.push(text(self.locale, "print_late", &Map::new()));
        }
        marks.join(" ")
    }

    fn next(&self, line: &LineRow) -> String {
        let next = line.next.clone().unwrap_or_default();
        line.by.as_ref().map_or_else(|| next.clone(), |by| format!("{next} ({by})"))
    }
}

/// 投诉日盘点表 (appendix A): accepted, state, owner, days open, next step.
pub(super) fn stocktake(sheet: &Sheet, locale: Locale) -> String {
    let mut page = Page::begun(sheet, locale, "print_stocktake");
    let heads = [
        "print_number",
        "print_received",
        "print_matter",
        "print_state",
        "print_owner",
        "print_days",
        "print_word",
        "print_next",
    ];
    let rows: Vec<Vec<String>> = sheet
        .lines
        .iter()
        .map(|line| {
            vec![
                format!("{} {}", line.number, page.marks(line)).trim().to_owned(),
                page.time(line.received_at),
                page.matter(line),
                page.word(&line.stage),
                page.name(line.owner),
                page.days_open(line),
                line.said.clone().unwrap_or_default(),
                page.next(line),
            ]
        })
        .collect();
    page.table(&heads, rows.into_iter());
    page.ended()
}

/// 住户投诉处理意见表 (DESK-16): the day's complaints, the opinion, the review.
pub(super) fn opinions(sheet: &Sheet, locale: Locale) -> String {
    let mut page = Page::begun(sheet, locale, "print_opinions");
    let heads =
        ["print_number", "print_received", "print_matter", "print_opinion", "print_next", "print_owner"];
    let rows: Vec<Vec<String>> = sheet
        .lines
        .iter()
        .filter(|line| line.kind == "complaint" && !line.carried)
        .map(|line| {
            vec![
                line.number.clone(),
                page.time(line.received_at),
                page.matter(line),
                line.said.clone().unwrap_or_default(),
                page.next(line),
                page.name(line.owner),
            ]
        })
        .collect();
    page.table(&heads, rows.into_iter());
    page.ended()
}

/// 工作信息记录本 (PROP-13): everything that reached the desk that day.
pub(super) fn register(sheet: &Sheet, locale: Locale) -> String {
    let mut page = Page::begun(sheet, locale, "print_register");
    let heads = [
        "print_received",
        "print_channel",
        "print_kind",
        "print_number",
        "print_matter",
        "print_owner",
        "print_next",
        "print_state",
    ];
    let rows: Vec<Vec<String>> = sheet
        .lines
        .iter()
        .filter(|line| !line.carried)
        .map(|line| {
            let channel = sheet.matters.get(&line.case).map_or("", |(channel, _)| channel.as_str());
            vec![
                page.time(line.received_at),
                page.word(channel),
                page.word(&line.kind),
                format!("{} {}", line.number, page.marks(line)).trim().to_owned(),
                page.matter(line),
                page.name(line.owner),
                page.next(line),
                page.word(&line.stage),
            ]
        })
        .collect();
    page.table(&heads, rows.into_iter());
    page.ended()
}
