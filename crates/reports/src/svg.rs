//! Pictures of a table as inline SVG; the table itself is always beside it.

use crate::Words;
use crate::document::{Cell, Picture, Table};
use crate::html::escape;
use huiyin_domain::locale::Locale;
use std::fmt::Write as _;

/// Width of every picture, in its own units.
const WIDTH: i64 = 720;
/// Room for the names at the left of bars.
const NAMES: i64 = 190;
/// Height of one bar with its distance.
const STEP: i64 = 26;
/// Height of a line picture.
const HEIGHT: i64 = 220;
/// Most rows that a picture shows.
const MOST: usize = 40;

/// Draws the picture of a table; nothing when there is nothing to draw.
pub(crate) fn picture(table: &Table, locale: Locale, words: Words<'_>) -> String {
    let Some(picture) = table.picture else { return String::new() };
    let Some(column) = table.columns.iter().position(|column| column.number) else { return String::new() };
    let mut points = Vec::new();
    for row in table.rows.iter().take(MOST) {
        let name = row.cells.first().map_or_else(String::new, |cell| cell.text(locale, words));
        let Some(cell) = row.cells.get(column) else { continue };
        points.push((name, cell.number().unwrap_or(0).max(0), cell));
    }
    let most = points.iter().map(|(_, value, _)| *value).max().unwrap_or(0);
    if most == 0 {
        return String::new();
    }
    let caption = escape(&table.caption.text(locale, words));
    match picture {
        Picture::Bars => bars(&points, most, &caption, (locale, words)),
        Picture::Line => line(&points, most, &caption, (locale, words)),
    }
}

type Point<'a> = (String, i64, &'a Cell);

fn scaled(value: i64, most: i64, room: i64) -> i64 {
    i64::try_from(i128::from(value) * i128::from(room) / i128::from(most.max(1))).unwrap_or(room)
}

fn bars(points: &[Point<'_>], most: i64, caption: &str, (locale, words): (Locale, Words<'_>)) -> String {
    let height = STEP * i64::try_from(points.len()).unwrap_or(0) + 8;
    let mut svg = format!(r#"<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{caption}">"#);
    for (place, (name, value, cell)) in (0_i64..).zip(points) {
        let (top, length) = (place * STEP + 4, scaled(*value, most, WIDTH - NAMES - 90));
        let (text, shown) = (escape(&shortened(name)), escape(&cell.text(locale, words)));
        let (end, middle) = (NAMES - 8, top + 14);
        let after = NAMES + length + 6;
        // writing to a string cannot fail
        let _ = write!(
            svg,
            r#"<text class="n" x="{end}" y="{middle}" text-anchor="end">{text}</text><rect x="{NAMES}" y="{top}" width="{length}" height="18" rx="2"/><text x="{after}" y="{middle}">{shown}</text>"#
        );
    }
    svg.push_str("</svg>");
    svg
}

fn line(points: &[Point<'_>], most: i64, caption: &str, (locale, words): (Locale, Words<'_>)) -> String {
    let mut svg = format!(r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{caption}">"#);
    let count = i64::try_from(points.len()).unwrap_or(1).max(1);
    let (left, bottom, room) = (40, HEIGHT - 34, HEIGHT - 70);
    let step = if count > 1 { (WIDTH - left * 2) / (count - 1) } else { 0 };
    let place = |index: i64, value: i64| (left + index * step, bottom - scaled(value, most, room));
    let _ = write!(svg, r#"<path class="axis" d="M{left} {bottom}H{}"/>"#, WIDTH - left);
    let mut path = String::new();
    for (index, (_, value, _)) in (0_i64..).zip(points) {
        let (x, y) = place(index, *value);
        let _ = write!(path, "{}{x} {y}", if index == 0 { "M" } else { "L" });
    }
    let _ = write!(svg, r#"<path class="line" d="{path}"/>"#);
    let every = (count + 11) / 12;
    for (index, (name, value, cell)) in (0_i64..).zip(points) {
        let (x, y) = place(index, *value);
        let _ = write!(svg, r#"<circle cx="{x}" cy="{y}" r="3.5"/>"#);
        if index % every == 0 {
            let (under, above) = (HEIGHT - 14, y - 9);
            let (text, shown) = (escape(name), escape(&cell.text(locale, words)));
            let _ = write!(
                svg,
                r#"<text class="n" x="{x}" y="{under}" text-anchor="middle">{text}</text><text x="{x}" y="{above}" text-anchor="middle">{shown}</text>"#
            );
        }
    }
    svg.push_str("</svg>");
    svg
}

/// A name that fits beside a bar.
fn shortened(name: &str) -> String {
    let width = |c: char| if c.is_ascii() { 1 } else { 2 };
    let mut room = 26;
    let mut text = String::new();
    for c in name.chars() {
        room -= width(c);
        if room < 0 {
            text.push('…');
            break;
        }
        text.push(c);
    }
    text
}
