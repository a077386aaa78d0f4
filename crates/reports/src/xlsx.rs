//! A document as a workbook: one sheet for each section, numbers as numbers.

use crate::Words;
use crate::document::{Block, Cell, Document, Section, Table};
use huiyin_domain::count::{MetricUnit, WHOLE};
use huiyin_domain::locale::Locale;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// The workbook cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct XlsxFailed(#[from] XlsxError);

/// Characters that one cell can hold.
const MAX_CHARS: usize = 32_767;
/// Characters of a sheet's name.
const MAX_NAME: usize = 31;

struct Formats {
    title: Format,
    heading: Format,
    head: Format,
    text: Format,
    count: Format,
    share: Format,
    money: Format,
    days: Format,
}

impl Formats {
    fn new() -> Self {
        let plain = || Format::new().set_align(FormatAlign::Top);
        Self {
            title: Format::new().set_bold().set_font_size(16),
            heading: Format::new().set_bold().set_font_size(12),
            head: Format::new().set_bold().set_background_color("F3F5F7").set_text_wrap(),
            text: plain().set_text_wrap(),
            count: plain().set_num_format("0"),
            share: plain().set_num_format("0.0%"),
            money: plain().set_num_format("#,##0.00"),
            days: plain().set_num_format("0.00"),
        }
    }
}

/// Writes a document as a workbook.
///
/// # Errors
/// [`XlsxFailed`] when there is more than a sheet can hold.
pub fn xlsx(document: &Document, locale: Locale, words: Words<'_>) -> Result<Vec<u8>, XlsxFailed> {
    let mut workbook = Workbook::new();
    let formats = Formats::new();
    for (place, section) in document.sections.iter().enumerate() {
        let sheet = workbook.add_worksheet();
        let title = section.title.text(locale, words);
        sheet.set_name(sheet_name(place, &title))?;
        sheet.set_column_width(0, 34)?;
        sheet.set_column_range_width(1, 14, 16)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        let mut pen = Pen { sheet, row: 0, formats: &formats, locale, words };
        if place == 0 {
            pen.front(document)?;
        }
        pen.section(section, &title)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// A name that a sheet may bear, different for each section.
fn sheet_name(place: usize, title: &str) -> String {
    let legal = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
    format!("{} {title}", place + 1).chars().filter(legal).take(MAX_NAME).collect()
}

struct Pen<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    formats: &'a Formats,
    locale: Locale,
    words: Words<'a>,
}

impl Pen<'_> {
    fn front(&mut self, document: &Document) -> Result<(), XlsxError> {
        let title = document.title.text(self.locale, self.words);
        self.sheet.write_string_with_format(self.row, 0, &title, &self.formats.title)?;
        let zh = self.locale == Locale::ZhCn;
        let mut facts = vec![
            (if zh { "单位" } else { "Unit" }, document.of.clone()),
            (if zh { "统计周期" } else { "Period" }, document.period.to_string()),
            (if zh { "取数时间" } else { "Figures of" }, document.taken_at.clone()),
        ];
        if let Some(due) = document.due {
            facts.push((if zh { "应报日期" } else { "Due" }, due.to_string()));
        }
        let frozen = match (zh, document.frozen) {
            (true, true) => "已结账",
            (true, false) => "草稿，未结账",
            (false, true) => "frozen",
            (false, false) => "draft, not frozen",
        };
        facts.push((if zh { "状态" } else { "State" }, frozen.to_owned()));
        for (name, value) in facts {
            self.row += 1;
            self.sheet.write_string(self.row, 0, name)?;
            self.sheet.write_string(self.row, 1, value)?;
        }
        self.row += 2;
        Ok(())
    }

    fn section(&mut self, section: &Section, title: &str) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, title, &self.formats.heading)?;
        self.row += 1;
        for block in &section.blocks {
            match block {
                Block::Text { text, hint } => {
                    let text = if text.trim().is_empty() {
                        hint.text(self.locale, self.words)
                    } else {
                        text.clone()
                    };
                    self.words_over(&text)?;
                }
                Block::Note { note } => self.words_over(&note.text(self.locale, self.words))?,
                Block::Table(table) => self.table(table)?,
            }
        }
        Ok(())
    }

    fn words_over(&mut self, text: &str) -> Result<(), XlsxError> {
        let text = cut(text);
        self.sheet.merge_range(self.row, 0, self.row, 5, text, &self.formats.text)?;
        let lines = text.lines().map(|line| 1 + line.chars().count() / 60).sum::<usize>().clamp(1, 20);
        self.sheet.set_row_height(self.row, 16 * u32::try_from(lines).unwrap_or(1))?;
        self.row += 2;
        Ok(())
    }

    fn table(&mut self, table: &Table) -> Result<(), XlsxError> {
        let caption = table.caption.text(self.locale, self.words);
        self.sheet.write_string_with_format(self.row, 0, cut(&caption), &self.formats.heading)?;
        self.row += 1;
        for (place, column) in (0_u16..).zip(&table.columns) {
            let title = column.title.text(self.locale, self.words);
            self.sheet.write_string_with_format(self.row, place, cut(&title), &self.formats.head)?;
        }
        self.row += 1;
        for row in &table.rows {
            for (place, cell) in (0_u16..).zip(&row.cells) {
                self.cell(place, cell)?;
            }
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    fn cell(&mut self, place: u16, cell: &Cell) -> Result<(), XlsxError> {
        let (row, formats) = (self.row, self.formats);
        let Cell::Figure { unit, figure } = cell else {
            let text = cell.text(self.locale, self.words);
            self.sheet.write_string_with_format(row, place, cut(&text), &formats.text)?;
            return Ok(());
        };
        let Some(value) = figure.value else {
            self.sheet.write_string(row, place, figure.shown(*unit))?;
            return Ok(());
        };
        let (over, format) = match unit {
            MetricUnit::Share => (WHOLE, &formats.share),
            MetricUnit::Fen => (100, &formats.money),
            MetricUnit::WorkingDays => (100, &formats.days),
            MetricUnit::Items
            | MetricUnit::Times
            | MetricUnit::People
            | MetricUnit::Pieces
            | MetricUnit::Days => (1, &formats.count),
        };
        // a cell of a workbook is a float by its format; figures stay far below 2^53
        self.sheet.write_number_with_format(row, place, value as f64 / over as f64, format)?;
        Ok(())
    }
}

/// Cuts what a cell cannot hold.
fn cut(text: &str) -> &str {
    text.char_indices().nth(MAX_CHARS).map_or(text, |(end, _)| &text[..end])
}
