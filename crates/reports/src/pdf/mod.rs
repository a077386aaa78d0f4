//! A document as PDF, behind the feature `pdf`: the words and figures of the HTML,
//! set on A4 with a font of the machine, cut down to what is used.
//!
//! Pictures of tables stay with the HTML: they show no number of their own.

mod font;
mod layout;

use crate::document::{Block, Document, Section};
use crate::{Words, frame};
use font::Used;
pub use font::{Font, PdfFailed};
use huiyin_domain::locale::Locale;
use layout::{Mark, Page, Piece, Style};
use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

/// Name of the font among a page's resources.
const TEXT: Name<'static> = Name(b"F");

/// Writes a document as PDF.
///
/// # Errors
/// [`PdfFailed`] when the font is damaged.
pub fn pdf(document: &Document, locale: Locale, words: Words<'_>, font: &Font) -> Result<Vec<u8>, PdfFailed> {
    let title = document.title.text(locale, words);
    let lang = if locale == Locale::ZhCn { "zh-CN" } else { "en" };
    written(&pieces(document, locale, words), (&title, lang), font)
}

/// Lists what is said, in the order of the HTML.
fn pieces(document: &Document, locale: Locale, words: Words<'_>) -> Vec<Piece> {
    let mut all = vec![Piece::Text(Style::Title, document.title.text(locale, words))];
    let facts = frame::facts(document, locale).into_iter();
    all.extend(facts.map(|(name, value)| Piece::Text(Style::Small, format!("{name}  {value}"))));
    if !document.frozen {
        all.push(Piece::Text(Style::Small, frame::draft(locale).to_owned()));
    }
    for (place, section) in document.sections.iter().enumerate() {
        told(&mut all, (place, section), locale, words);
    }
    all.push(Piece::Gap(24.0));
    all.push(Piece::Text(
        Style::Body,
        frame::signs(locale).map(|sign| format!("{sign} ____________")).join("    "),
    ));
    all.push(Piece::Text(Style::Small, frame::source(locale).to_owned()));
    all
}

fn told(all: &mut Vec<Piece>, (place, section): (usize, &Section), locale: Locale, words: Words<'_>) {
    all.push(Piece::Gap(10.0));
    all.push(Piece::Text(Style::Heading, format!("{}. {}", place + 1, section.title.text(locale, words))));
    for block in &section.blocks {
        match block {
            Block::Text { text, .. } if !text.trim().is_empty() => {
                all.push(Piece::Text(Style::Body, text.clone()));
            }
            Block::Text { hint, .. } => all.push(Piece::Text(Style::Small, hint.text(locale, words))),
            Block::Note { note } => all.push(Piece::Text(Style::Small, note.text(locale, words))),
            Block::Table(table) => {
                all.push(Piece::Gap(6.0));
                all.push(Piece::Text(Style::Small, table.caption.text(locale, words)));
                let titles = table.columns.iter();
                let head = titles.map(|column| (column.title.text(locale, words), column.number)).collect();
                let cells = table.rows.iter().map(|row| row.cells.iter());
                let rows: Vec<Vec<String>> =
                    cells.map(|cells| cells.map(|cell| cell.text(locale, words)).collect()).collect();
                let empty = rows.is_empty();
                all.push(Piece::Table { head, rows });
                if empty {
                    all.push(Piece::Text(Style::Small, frame::none(locale).to_owned()));
                }
            }
        }
    }
}

fn written(pieces: &[Piece], (title, lang): (&str, &str), font: &Font) -> Result<Vec<u8>, PdfFailed> {
    let mut used = Used::of(font)?;
    let pages = layout::set(pieces, &used);
    let mut number = 0;
    let mut next = || {
        number += 1;
        Ref::new(number)
    };
    let (catalog, tree, letters, about) = (next(), next(), next(), next());
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree).lang(TextStr(lang));
    pdf.document_info(about).title(TextStr(title));
    let refs: Vec<(Ref, Ref)> = pages.iter().map(|_| (next(), next())).collect();
    let count = i32::try_from(refs.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(refs.iter().map(|(page, _)| *page)).count(count);
    for ((at, content), page) in refs.into_iter().zip(&pages) {
        let mut sheet = pdf.page(at);
        sheet.media_box(Rect::new(0.0, 0.0, layout::PAGE.0, layout::PAGE.1)).parent(tree).contents(content);
        sheet.resources().fonts().pair(TEXT, letters);
        sheet.finish();
        pdf.stream(content, &drawn(page, &mut used));
    }
    used.embed(&mut pdf, letters, &mut next)?;
    Ok(pdf.finish())
}

fn drawn(page: &Page, font: &mut Used<'_>) -> Vec<u8> {
    let mut content = Content::new();
    content.set_line_width(0.5);
    for mark in &page.marks {
        match mark {
            Mark::Text { x, y, style, text } => {
                content.begin_text().set_font(TEXT, style.size()).next_line(*x, *y);
                content.show(Str(&font.encoded(text))).end_text();
            }
            Mark::Line { from, to } => {
                content.move_to(from.0, from.1).line_to(to.0, to.1).stroke();
            }
        }
    }
    content.finish().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Cell, Column, Label, Row, Table};
    use crate::html;
    use huiyin_domain::count::{Figure, MetricUnit, ReportKind};
    use std::path::Path;

    fn document(rows: usize) -> Document {
        let both = |text: &str| Label::both(text, text);
        let figure = |value: i64| Cell::Figure {
            unit: MetricUnit::Items,
            figure: Figure { value: Some(value), part: value, whole: None },
        };
        let row = |place: usize| Row {
            cells: vec![
                Cell::same(format!("第 {place} 类：电梯、门禁（含外包）")),
                figure(place as i64 * 37),
            ],
        };
        Document {
            kind: "monthly_analysis".into(),
            title: both("月投诉分析报告"),
            of: "星澜物业集团 江州公司".into(),
            period: ReportKind::MonthlyAnalysis.period("2026-10", None).unwrap(),
            due: None,
            taken_at: "2026-10-28 09:00".into(),
            frozen: false,
            sections: vec![Section {
                name: "overview".into(),
                title: both("总体情况"),
                blocks: vec![
                    Block::Text {
                        text: "雨后渗漏增多。\nMost of them in one building.".into(),
                        hint: both("写"),
                    },
                    Block::Note { note: both("暂计的另列。") },
                    Block::Table(Table {
                        name: "totals".into(),
                        caption: both("各类件数"),
                        columns: vec![
                            Column { title: both("类别"), number: false },
                            Column { title: both("件数"), number: true },
                        ],
                        rows: (0..rows).map(row).collect(),
                        picture: None,
                    }),
                ],
            }],
        }
    }

    /// What stands on the pages, without the breaks that lines and cells make.
    fn shown(document: &Document, font: &Font) -> (String, usize) {
        let used = Used::of(font).unwrap();
        let pages = layout::set(&pieces(document, Locale::ZhCn, &|word| word.to_owned()), &used);
        let texts = pages.iter().flat_map(|page| &page.marks).filter_map(|mark| match mark {
            Mark::Text { text, .. } => Some(text.as_str()),
            Mark::Line { .. } => None,
        });
        (texts.collect::<String>().replace(' ', ""), pages.len())
    }

    /// Issue 4 §13, PROP-80: the PDF says what the HTML says, every figure of it, in
    /// letters that read back as they were written, on as many pages as it takes.
    #[test]
    fn a_pdf_says_what_the_html_says() {
        let font = Font::found(None).expect("a font with Chinese, such as fonts-noto-cjk");
        let words = |word: &str| word.to_owned();
        for rows in [0, 3, 200] {
            let document = document(rows);
            let (said, pages) = shown(&document, &font);
            let page = html(&document, Locale::ZhCn, &words);
            let body = page.split_once("<body>").unwrap().1;
            for piece in body.split('<').filter_map(|piece| piece.split_once('>')) {
                for line in piece.1.lines() {
                    let line = line.replace(' ', "");
                    assert!(said.contains(&line), "{line} is not in the PDF of {rows} rows");
                }
            }
            assert_eq!(pages > 1, rows > 100, "{rows} rows on {pages} pages");
            let bytes = pdf(&document, Locale::ZhCn, &words, &font).unwrap();
            assert!(bytes.starts_with(b"%PDF-") && bytes.ends_with(b"%%EOF"));
            let repeated = said.matches("类别件数").count();
            assert_eq!(repeated, pages.max(1), "each page of the table has its head");
        }
    }

    /// PROP-80: the letters that are embedded are the letters that were written.
    #[test]
    fn embedded_letters_read_back() {
        let font = Font::found(None).expect("a font with Chinese, such as fonts-noto-cjk");
        let mut used = Used::of(&font).unwrap();
        let text = "投诉分析 93.10%（含“外包”）";
        let bytes = used.encoded(text);
        assert_eq!(used.decoded(&bytes), text);
        assert!(used.width('投') > used.width('i'));
    }

    /// Issue 4 §13: without a font with Chinese nothing is written, and it is said
    /// where one was looked for.
    #[test]
    fn a_missing_font_is_told() {
        let missing = Font::found(Some(Path::new("no-such-font.ttc"))).err().expect("refused");
        assert!(missing.to_string().contains("no-such-font.ttc"), "{missing}");
    }
}
