//! Setting pieces on pages of A4: lines broken, tables drawn, heads repeated.

use super::font::Used;

/// A4, in points.
pub const PAGE: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 48.0;
/// Between a cell's line and its text.
const INSET: f32 = 4.0;
/// The narrowest column.
const NARROW: f32 = 36.0;

/// How large a text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Style {
    /// The report's name.
    Title,
    /// A section.
    Heading,
    /// What is read.
    Body,
    /// A caption or remark.
    Small,
}

impl Style {
    pub const fn size(self) -> f32 {
        match self {
            Self::Title => 18.0,
            Self::Heading => 13.0,
            Self::Body => 10.0,
            Self::Small => 8.5,
        }
    }

    const fn line(self) -> f32 {
        self.size() * 1.5
    }
}

/// What is set, in order.
pub enum Piece {
    /// Words.
    Text(Style, String),
    /// Rows under a head that every page repeats.
    Table {
        /// The head, and whether a column holds numbers.
        head: Vec<(String, bool)>,
        /// The rows.
        rows: Vec<Vec<String>>,
    },
    /// Some room, in points.
    Gap(f32),
}

/// What stands on a page.
pub enum Mark {
    /// A text with its left end and base line.
    Text { x: f32, y: f32, style: Style, text: String },
    /// A line from one point to another.
    Line { from: (f32, f32), to: (f32, f32) },
}

/// One page.
#[derive(Default)]
pub struct Page {
    pub marks: Vec<Mark>,
}

/// Sets pieces on as many pages as they need.
pub fn set(pieces: &[Piece], font: &Used<'_>) -> Vec<Page> {
    let mut setter = Setter { font, pages: vec![Page::default()], y: PAGE.1 - MARGIN };
    for piece in pieces {
        match piece {
            Piece::Text(style, text) => setter.text(*style, text),
            Piece::Table { head, rows } => setter.table(head, rows),
            Piece::Gap(room) => setter.y -= room,
        }
    }
    let count = setter.pages.len();
    let mut pages = setter.pages;
    for (place, page) in pages.iter_mut().enumerate() {
        let text = format!("{} / {count}", place + 1);
        page.marks.push(Mark::Text { x: PAGE.0 / 2.0 - 12.0, y: MARGIN / 2.0, style: Style::Small, text });
    }
    pages
}

struct Setter<'a> {
    font: &'a Used<'a>,
    pages: Vec<Page>,
    y: f32,
}

impl Setter<'_> {
    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.marks.push(mark);
        }
    }

    fn room(&mut self, height: f32) -> bool {
        if self.y - height >= MARGIN {
            return false;
        }
        self.pages.push(Page::default());
        self.y = PAGE.1 - MARGIN;
        true
    }

    fn wide(&self, style: Style, text: &str) -> f32 {
        text.chars().map(|letter| self.font.width(letter)).sum::<f32>() * style.size() / 1000.0
    }

    fn text(&mut self, style: Style, text: &str) {
        if style == Style::Heading {
            // a heading is not left alone at the foot of a page
            self.room(style.line() * 3.0);
        }
        for line in self.broken(style, text, PAGE.0 - 2.0 * MARGIN) {
            self.room(style.line());
            self.y -= style.line();
            let y = self.y + style.size() * 0.3;
            self.mark(Mark::Text { x: MARGIN, y, style, text: line });
        }
    }

    /// Breaks a text into lines: Chinese anywhere, words of letters whole.
    fn broken(&self, style: Style, text: &str, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            let (mut line, mut used) = (String::new(), 0.0);
            for word in words(paragraph) {
                let wide = self.wide(style, word);
                if used + wide > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line).trim_end().to_owned());
                    used = 0.0;
                }
                if wide <= width {
                    line.push_str(word);
                    used += wide;
                    continue;
                }
                // a word longer than the line is broken where it must
                for letter in word.chars() {
                    let wide = self.font.width(letter) * style.size() / 1000.0;
                    if used + wide > width && !line.is_empty() {
                        lines.push(std::mem::take(&mut line));
                        used = 0.0;
                    }
                    line.push(letter);
                    used += wide;
                }
            }
            lines.push(line.trim_end().to_owned());
        }
        lines
    }

    fn table(&mut self, head: &[(String, bool)], rows: &[Vec<String>]) {
        let widths = self.columns(head, rows);
        let numbers: Vec<bool> = head.iter().map(|(_, number)| *number).collect();
        let titles: Vec<String> = head.iter().map(|(title, _)| title.clone()).collect();
        self.row(&titles, &widths, &numbers, None);
        for row in rows {
            self.row(row, &widths, &numbers, Some(&titles));
        }
        self.y -= Style::Body.line();
    }

    /// Gives each column what its longest cell asks for, as far as there is room.
    fn columns(&self, head: &[(String, bool)], rows: &[Vec<String>]) -> Vec<f32> {
        let all = PAGE.0 - 2.0 * MARGIN;
        let wanted = |place: usize, title: &str| {
            let cells = rows.iter().filter_map(|row| row.get(place)).map(String::as_str).chain([title]);
            let widest = cells.map(|cell| self.wide(Style::Body, cell)).fold(0.0_f32, f32::max);
            (widest + 2.0 * INSET).clamp(NARROW, all / 2.0)
        };
        let wanted: Vec<f32> =
            head.iter().enumerate().map(|(place, (title, _))| wanted(place, title)).collect();
        let sum: f32 = wanted.iter().sum();
        wanted.iter().map(|width| width * all / sum.max(1.0)).collect()
    }

    fn row(&mut self, cells: &[String], widths: &[f32], numbers: &[bool], head: Option<&[String]>) {
        let style = Style::Body;
        let lines: Vec<Vec<String>> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| self.broken(style, cell, width - 2.0 * INSET))
            .collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(1);
        let height = style.line() * f32::from(u16::try_from(most).unwrap_or(u16::MAX)) + INSET;
        if self.room(height.min(PAGE.1 - 2.0 * MARGIN))
            && let Some(head) = head
        {
            self.row(head, widths, numbers, None);
        }
        let top = self.y;
        let mut x = MARGIN;
        for ((lines, width), number) in lines.iter().zip(widths).zip(numbers) {
            let mut y = top;
            for line in lines {
                y -= style.line();
                if y < MARGIN / 2.0 {
                    break;
                }
                let at = if *number { x + width - INSET - self.wide(style, line) } else { x + INSET };
                self.mark(Mark::Text { x: at, y: y + style.size() * 0.3, style, text: line.clone() });
            }
            x += width;
        }
        self.y = (top - height).max(MARGIN / 2.0);
        let (left, right) = (MARGIN, x);
        if head.is_none() {
            self.mark(Mark::Line { from: (left, top), to: (right, top) });
        }
        self.mark(Mark::Line { from: (left, self.y), to: (right, self.y) });
    }
}

/// Parts a text where a line may break: after a space, and around each letter
/// that stands for a word.
fn words(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut before: Option<char> = None;
    for (at, letter) in text.char_indices() {
        let breaks = before.is_some_and(|before| before == ' ' || wide(before) || wide(letter));
        // no line begins with what closes
        if breaks && !"，。；：、！？）》」』％%".contains(letter) {
            parts.push(&text[from..at]);
            from = at;
        }
        before = Some(letter);
    }
    parts.push(&text[from..]);
    parts
}

const fn wide(letter: char) -> bool {
    matches!(letter, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}
