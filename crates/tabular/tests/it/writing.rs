//! Tables written, and read back.

use crate::support::{column, drain, options, written};
use huiyin_domain::{money::Money, time::Timestamp};
use huiyin_tabular::source::Format;
use huiyin_tabular::write::{ColumnKind, Headings, Written};
use huiyin_tabular::{
    CellCode, CellError, CellValue, Column, ErrorFile, Output, ReadOptions, SourceCell, create, open,
};

const COLUMNS: [Column; 6] = [
    Column { key: "number", zh: "编号", en: "Number", kind: ColumnKind::Text },
    Column { key: "text", zh: "内容", en: "Text", kind: ColumnKind::LongText },
    Column { key: "at", zh: "时间", en: "Time", kind: ColumnKind::Time },
    Column { key: "on", zh: "日期", en: "Day", kind: ColumnKind::Date },
    Column { key: "sum", zh: "金额", en: "Sum", kind: ColumnKind::Money },
    Column { key: "hot", zh: "热点", en: "Hot", kind: ColumnKind::Bool },
];

fn row(text: &str) -> Vec<CellValue> {
    vec![
        CellValue::Text("007".into()),
        CellValue::Text(text.into()),
        CellValue::Time(Timestamp::parse("2026-03-05T01:07:08Z").unwrap()),
        CellValue::Date(jiff::civil::date(2026, 3, 5)),
        CellValue::Money(Money::from_fen(120_050).unwrap()),
        CellValue::Bool(true),
    ]
}

/// Issue 3, §7
#[test]
fn csv_keeps_formulas_from_running_and_numbers_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    let mut options = options(Format::Csv);
    (options.byte_order_mark, options.headings) = (true, Headings::Chinese);
    let mut table = create(Output::File(&path), &COLUMNS, &options).unwrap();
    for text in ["=1+1", "+86", "-1", "@a", "\t=1", "a,\"b\"\nc"] {
        table.row(&row(text)).unwrap();
    }
    assert!(!path.exists());
    assert_eq!(table.finish().unwrap(), Written { rows: 6, cut_cells: 0 });
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("\u{feff}编号,内容,时间,日期,金额,热点\n"));
    assert!(text.contains("\n007,'=1+1,2026-03-05T09:07:08+08:00,2026-03-05,1200.50,true\n"));
    for escaped in [",'+86,", ",'-1,", ",'@a,", ",'\t=1,", ",\"a,\"\"b\"\"\nc\","] {
        assert!(text.contains(escaped), "{escaped}");
    }
    assert_eq!(drain(&mut *open(&path, &ReadOptions::default()).unwrap()).len(), 6);
}

/// Issue 3, §7
#[test]
fn a_workbook_has_real_dates_and_texts_that_stay_texts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.xlsx");
    assert_eq!(written(&path, Format::Xlsx, &COLUMNS, &[row("=1+1")]), 1);
    let rows = drain(&mut *open(&path, &ReadOptions::default()).unwrap());
    let row = rows[0].as_ref().unwrap();
    assert_eq!(row.columns.as_ref(), ["number", "text", "at", "on", "sum", "hot"]);
    assert_eq!(row.get("number"), Some(&SourceCell::Text("007".into())));
    assert_eq!(row.get("text"), Some(&SourceCell::Text("=1+1".into())));
    assert_eq!(row.get("at"), Some(&SourceCell::Moment(jiff::civil::date(2026, 3, 5).at(9, 7, 8, 0))));
    assert_eq!(row.get("on"), Some(&SourceCell::Moment(jiff::civil::date(2026, 3, 5).at(0, 0, 0, 0))));
    assert_eq!(row.get("sum"), Some(&SourceCell::Number("1200.5".into())));
    assert_eq!(row.get("hot"), Some(&SourceCell::Boolean(true)));
}

/// Issue 3, §7
#[test]
fn a_text_too_long_for_a_workbook_is_cut_where_everyone_sees_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.xlsx");
    let mut table = create(Output::File(&path), &[column("text")], &options(Format::Xlsx)).unwrap();
    table.row(&[CellValue::Text("长".repeat(40_000))]).unwrap();
    assert_eq!(table.finish().unwrap(), Written { rows: 1, cut_cells: 1 });
    let rows = drain(&mut *open(&path, &ReadOptions::default()).unwrap());
    let SourceCell::Text(text) = &rows[0].as_ref().unwrap().cells[0] else { panic!("no text") };
    assert_eq!(text.chars().count(), 32_767);
    assert!(text.ends_with("cut: CSV / JSON Lines]"));
}

/// Issue 3, §7
#[test]
fn json_lines_carry_typed_values() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.jsonl");
    let mut cells = row("a\nb");
    cells[0] = CellValue::Empty;
    assert_eq!(written(&path, Format::Jsonl, &COLUMNS, &[cells]), 1);
    let text = std::fs::read_to_string(&path).unwrap();
    let expected = concat!(
        r#"{"number":null,"text":"a\nb","at":"2026-03-05T09:07:08+08:00","on":"2026-03-05","#,
        r#""sum":{"amount":"1200.50","currency":"CNY"},"hot":true}"#,
        "\n"
    );
    assert_eq!(text, expected);
}

/// Issue 3, §7
#[test]
fn an_unfinished_table_leaves_the_file_before_it_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    for format in [Format::Csv, Format::Xlsx, Format::Jsonl] {
        let path = folder.path().join("out");
        std::fs::write(&path, "before").unwrap();
        let mut table = create(Output::File(&path), &COLUMNS, &options(format)).unwrap();
        table.row(&row("x")).unwrap();
        assert_eq!(table.row(&[CellValue::Empty]).unwrap_err().code(), "wrong_width");
        drop(table);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

/// Issue 3, §7
#[test]
fn wrong_rows_go_to_a_file_of_their_own_and_none_means_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("errors.csv");
    let file = || {
        let reason = Box::new(|error: &CellError| format!("because of {}", error.code));
        ErrorFile::new(&path, options(Format::Csv), reason)
    };
    assert_eq!(file().finish().unwrap(), 0);
    assert!(!path.exists());
    let mut errors = file();
    let mut error = CellError::cell(7, "phone", CellCode::BadPhone);
    error.excerpt = "=139***".into();
    errors.write(&error).unwrap();
    assert_eq!(errors.finish().unwrap(), 1);
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, "line,column,code,reason,value\n7,phone,bad_phone,because of bad_phone,'=139***\n");
}
