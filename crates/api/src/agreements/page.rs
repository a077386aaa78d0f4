//! The agreement as one page of A4 paper.

use crate::page::escaped;
use huiyin_app::agreement::{AgreementPaper, PaperState};
use huiyin_domain::time::Timestamp;
use huiyin_i18n::{Locale, text};
use huiyin_reports::framed;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

fn say(locale: Locale, code: &'static str, params: &Value) -> String {
    let none = Map::new();
    escaped(text(locale, code, params.as_object().unwrap_or(&none)))
}

fn clock(paper: &AgreementPaper, at: Timestamp) -> String {
    let (day, seconds) = paper.zone.civil(at);
    format!("{day} {:02}:{:02}", seconds / 3_600, seconds / 60 % 60)
}

/// Writes what is agreed, without head and signatures.
pub(crate) fn body(paper: &AgreementPaper, locale: Locale) -> String {
    let mut html = String::new();
    for paragraph in paper.paragraphs.iter().filter(|paragraph| !paragraph.trim().is_empty()) {
        let _ = writeln!(html, "<p>{}</p>", escaped(paragraph));
    }
    let head = |code: &'static str| say(locale, code, &Value::Null);
    let _ = writeln!(
        html,
        "<table>\n<tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr>",
        head("agreement_item"),
        head("agreement_department"),
        head("agreement_amount"),
        head("agreement_due"),
    );
    for item in &paper.items {
        let amount = item.amount.map(|money| money.to_string()).unwrap_or_default();
        let due = item.due.map(|due| clock(paper, due)).unwrap_or_default();
        let department = item.department.as_deref().unwrap_or_default();
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td>{}</td><td>{amount}</td><td>{due}</td></tr>",
            escaped(&item.what),
            escaped(department)
        );
    }
    html.push_str("</table>\n");
    if let Some(terms) = &paper.terms {
        let _ = writeln!(html, "<p>{} {}</p>", head("agreement_terms"), escaped(terms));
    }
    html
}

/// Writes the whole page.
pub(crate) fn document(paper: &AgreementPaper, locale: Locale) -> String {
    let title = say(locale, "agreement_title", &Value::Null);
    let number = escaped(&paper.number);
    let at = paper.signed_at.map(|at| clock(paper, at)).unwrap_or_default();
    let state = match paper.state {
        PaperState::Open => say(locale, "agreement_open", &Value::Null),
        PaperState::Stale => say(locale, "agreement_stale", &Value::Null),
        PaperState::Scanned => say(locale, "agreement_scanned", &json!({ "at": at })),
        PaperState::Confirmed => {
            let name = paper.signed_by.clone().unwrap_or_default();
            say(locale, "agreement_confirmed", &json!({ "at": at, "name": name }))
        }
    };
    let (house, customer) = (
        say(locale, "agreement_house", &json!({ "organisation": paper.organisation })),
        say(locale, "agreement_customer", &Value::Null),
    );
    let inside = format!(
        "<h1>{title}</h1>\n<p class=\"no\">{number}-{} {state}</p>\n{}\
         <div class=\"signs\">\n<p><b>{house}</b> <span></span></p>\n<p><b>{customer}</b> <span></span></p>\n</div>\n\
         <footer>{} · {}</footer>",
        paper.agreement,
        body(paper, locale),
        escaped(&paper.digest),
        clock(paper, paper.at),
    );
    framed(locale, &format!("{title} {number}"), &inside)
}
