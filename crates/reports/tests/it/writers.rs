use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use huiyin_domain::count::{Figure, MetricUnit, Period};
use huiyin_domain::locale::Locale;
use huiyin_reports::{Block, Cell, Column, Document, Label, Picture, Row, Section, Table, html, xlsx};
use proptest::prelude::*;
use std::io::Cursor;

const UNITS: [MetricUnit; 4] =
    [MetricUnit::Items, MetricUnit::Fen, MetricUnit::Share, MetricUnit::WorkingDays];

fn words(word: &str) -> String {
    format!("«{word}»")
}

fn document(rows: Vec<(String, Vec<Figure>)>, text: &str) -> Document {
    let number = |title: &str| Column { title: Label::both(title, title), number: true };
    let mut columns = vec![Column { title: Label::word("category"), number: false }];
    columns.extend(UNITS.iter().map(|unit| number(unit.as_str())));
    let rows = rows.into_iter().map(|(name, figures)| {
        let figures = figures.into_iter().zip(UNITS).map(|(figure, unit)| Cell::Figure { unit, figure });
        Row { cells: [Cell::same(name)].into_iter().chain(figures).collect() }
    });
    let table = Table {
        name: "figures".into(),
        caption: Label::both("数字", "Figures"),
        columns,
        rows: rows.collect(),
        picture: Some(Picture::Bars),
    };
    let hint = Label::both("请填写", "Write here");
    Document {
        kind: "monthly_analysis".into(),
        title: Label::both("月投诉分析报告", "Monthly complaint analysis"),
        of: "测试物业".into(),
        period: Period::report_month(2026, 10).unwrap(),
        due: None,
        taken_at: "2026-10-28 09:00".into(),
        frozen: true,
        sections: vec![Section {
            name: "totals".into(),
            title: Label::both("总体/情况?", "Totals: all [1]"),
            blocks: vec![Block::Text { text: text.into(), hint }, Block::Table(table)],
        }],
    }
}

/// Takes the cells of the table out of a page, as a reader without our code would.
fn cells_of(page: &str) -> Vec<Vec<String>> {
    let table = page.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    let undo = |text: &str| {
        let text =
            text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
        text.replace("&amp;", "&")
    };
    let rows = table.split("<tr>").skip(1);
    let cells = |row: &str| {
        let cells = row.split("<td").skip(1).map(|cell| cell.split_once('>').unwrap().1);
        cells.map(|cell| undo(cell.split("</td>").next().unwrap())).collect()
    };
    rows.map(cells).collect()
}

fn figure() -> impl Strategy<Value = Figure> {
    prop_oneof![
        (0_i64..2_000_000).prop_map(Figure::number),
        (0_i64..5_000, 0_i64..5_000).prop_map(|(part, rest)| Figure::share(part, part + rest)),
    ]
}

fn rows() -> impl Strategy<Value = Vec<(String, Vec<Figure>)>> {
    prop::collection::vec(("[^\\p{Cc}]{0,12}", prop::collection::vec(figure(), 4..5)), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// PROP-95, PROP-96: XLSX cell = HTML text = figure of the document, whatever it is.
    #[test]
    fn every_writer_shows_the_same_number(rows in rows(), text in "\\PC{0,40}") {
        let document = document(rows.clone(), &text);
        for locale in [Locale::ZhCn, Locale::En] {
            let shown = cells_of(&html(&document, locale, &words));
            let bytes = xlsx(&document, locale, &words).unwrap();
            let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
            let sheet = book.worksheet_range_at(0).unwrap().unwrap();
            let first = sheet.height() - rows.len();
            for (place, (name, figures)) in rows.iter().enumerate() {
                prop_assert_eq!(&shown[place][0], name);
                for (column, (figure, unit)) in figures.iter().zip(UNITS).enumerate() {
                    prop_assert_eq!(&shown[place][column + 1], &figure.shown(unit));
                    let cell = sheet.get((first + place, column + 1)).cloned().unwrap_or_default();
                    let over = match unit { MetricUnit::Share => 1e6, MetricUnit::Items => 1.0, _ => 100.0 };
                    match (figure.value, cell) {
                        (Some(value), Data::Float(number)) => prop_assert_eq!((number * over).round() as i64, value),
                        (Some(value), Data::Int(number)) => prop_assert_eq!(number * over as i64, value),
                        (None, Data::String(none)) => prop_assert_eq!(none, "–"),
                        (value, cell) => prop_assert!(false, "{value:?} became {cell:?}"),
                    }
                }
            }
        }
    }
}

/// Bad input: what people wrote never becomes markup, a script or a formula.
#[test]
fn texts_stay_texts() {
    let evil = "=HYPERLINK(\"x\")<script>alert(1)</script>\"'&\u{7}";
    let document = document(vec![(evil.into(), vec![Figure::number(1); 4])], evil);
    let page = html(&document, Locale::ZhCn, &words);
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"), "{page}");
    assert!(page.contains("default-src 'none'") && page.contains("size: A4"));
    assert!(page.contains("<html lang=\"zh-CN\">") && page.contains("<svg"));
    let bytes = xlsx(&document, Locale::ZhCn, &words).unwrap();
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let formulas = book.worksheet_formula(&book.sheet_names()[0].clone()).unwrap();
    assert!(formulas.used_cells().next().is_none(), "no cell is a formula");
}

/// PROP-95: the JSON of a report reads back as the same report.
#[test]
fn a_document_reads_back_as_it_was() {
    let document = document(vec![("甲".into(), vec![Figure::share(1, 3); 4])], "总结");
    let text = serde_json::to_string(&document).unwrap();
    assert_eq!(serde_json::from_str::<Document>(&text).unwrap(), document);
}
