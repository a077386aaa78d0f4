//! A document as one HTML file: no script, nothing from elsewhere, A4 on paper.

use crate::document::{Block, Document, Section, Table};
use crate::svg::picture;
use crate::{Words, frame};
use huiyin_domain::locale::Locale;
use std::fmt::Write as _;

/// The style of every paper.
const STYLE: &str = include_str!("report.css");

/// Makes text harmless between tags and in quoted attributes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if c.is_control() && c != '\n' => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

/// The frame of a page on paper: language, title, body made of safe markup.
#[derive(Clone, Copy, Debug)]
pub struct Paper<'a> {
    /// Language of the page.
    pub locale: Locale,
    /// Title, as plain text.
    pub title: &'a str,
    /// Markup of the body.
    pub body: &'a str,
}

impl Paper<'_> {
    /// Writes the page.
    #[must_use]
    pub fn html(&self) -> String {
        framed(self.locale, &escape(self.title), self.body)
    }
}

/// Writes a page on paper around a title and a body that are safe markup already.
#[must_use]
pub fn framed(locale: Locale, title: &str, body: &str) -> String {
    let lang = if locale == Locale::ZhCn { "zh-CN" } else { "en" };
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
}

/// Writes a document as a page.
#[must_use]
pub fn html(document: &Document, locale: Locale, words: Words<'_>) -> String {
    let title = document.title.text(locale, words);
    let mut body = format!("<header>\n<h1>{}</h1>\n<dl>", escape(&title));
    for (name, value) in frame::facts(document, locale) {
        // writing to a string cannot fail
        let _ = write!(body, "<div><dt>{name}</dt><dd>{}</dd></div>", escape(&value));
    }
    body.push_str("</dl>\n");
    if !document.frozen {
        let draft = frame::draft(locale);
        let _ = writeln!(body, "<p class=\"draft\">{draft}</p>");
    }
    body.push_str("</header>\n<main>\n");
    for (place, section) in document.sections.iter().enumerate() {
        write_section(&mut body, (place, section), locale, words);
    }
    let signs: String = frame::signs(locale).iter().map(|sign| format!("<span>{sign}</span>")).collect();
    let source = frame::source(locale);
    let _ = write!(body, "</main>\n<footer><div class=\"sign\">{signs}</div>{source}</footer>");
    Paper { locale, title: &title, body: &body }.html()
}

fn write_section(body: &mut String, (place, section): (usize, &Section), locale: Locale, words: Words<'_>) {
    let title = escape(&section.title.text(locale, words));
    let number = place + 1;
    let _ = writeln!(body, "<section id=\"{}\">\n<h2>{number}. {title}</h2>", escape(&section.name));
    for block in &section.blocks {
        match block {
            Block::Text { text, .. } if !text.trim().is_empty() => {
                let _ = writeln!(body, "<p>{}</p>", escape(text));
            }
            Block::Text { hint, .. } => {
                let _ = writeln!(body, "<p class=\"blank\">{}</p>", escape(&hint.text(locale, words)));
            }
            Block::Note { note } => {
                let _ = writeln!(body, "<p class=\"note\">{}</p>", escape(&note.text(locale, words)));
            }
            Block::Table(table) => write_table(body, table, locale, words),
        }
    }
    body.push_str("</section>\n");
}

fn write_table(body: &mut String, table: &Table, locale: Locale, words: Words<'_>) {
    let drawn = picture(table, locale, words);
    if !drawn.is_empty() {
        let _ = writeln!(body, "<figure>{drawn}</figure>");
    }
    let caption = escape(&table.caption.text(locale, words));
    let _ =
        write!(body, "<table id=\"t-{}\">\n<caption>{caption}</caption>\n<thead><tr>", escape(&table.name));
    let right = |number: bool| if number { " class=\"r\"" } else { "" };
    for column in &table.columns {
        let title = escape(&column.title.text(locale, words));
        let _ = write!(body, "<th scope=\"col\"{}>{title}</th>", right(column.number));
    }
    body.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        body.push_str("<tr>");
        for (column, cell) in table.columns.iter().zip(&row.cells) {
            let _ = write!(body, "<td{}>{}</td>", right(column.number), escape(&cell.text(locale, words)));
        }
        body.push_str("</tr>\n");
    }
    if table.rows.is_empty() {
        let none = frame::none(locale);
        let _ = writeln!(body, "<tr><td class=\"none\" colspan=\"{}\">{none}</td></tr>", table.columns.len());
    }
    body.push_str("</tbody>\n</table>\n");
}
