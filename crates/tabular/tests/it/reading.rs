//! CSV and JSON Lines, well formed and not.

use crate::support::{drain, gzip, open, rows, text};
use huiyin_tabular::{CellCode, FileError, Limits, ReadOptions, SourceCell, from_reader};
use std::io::Cursor;

fn refused(bytes: impl Into<Vec<u8>>) -> FileError {
    match from_reader(Cursor::new(bytes.into()), &ReadOptions::default()) {
        Ok(_) => panic!("taken"),
        Err(error) => error,
    }
}

/// Issue 3, §7
#[test]
fn csv_is_read_in_utf8_with_and_without_mark_and_in_gb18030() {
    let table = "编号,内容\n1,楼道灯不亮\n2,\"电梯停运，\n已经三天\"\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(table);
    let marked = format!("\u{feff}{table}");
    for bytes in [table.as_bytes().to_vec(), marked.into_bytes(), gb.to_vec(), gzip(table.as_bytes())] {
        let mut source = open(bytes);
        assert_eq!(source.columns().unwrap().as_ref(), ["编号", "内容"]);
        let rows = drain(&mut *source);
        let second = rows[1].as_ref().unwrap();
        assert_eq!(rows[0].as_ref().unwrap().get("内容"), Some(&text("楼道灯不亮")));
        assert_eq!((second.line, &second.cells[1]), (3, &text("电梯停运，\n已经三天")));
        assert_eq!(rows.len(), 2);
    }
}

/// Issue 3, §7
#[test]
fn gb18030_is_found_when_the_first_kilobytes_are_plain() {
    let mut bytes = b"id,text\n".to_vec();
    for line in 0..20_000 {
        bytes.extend_from_slice(format!("{line},plain\n").as_bytes());
    }
    bytes.extend_from_slice(&encoding_rs::GB18030.encode("9,门禁失灵，无法回家\n").0);
    let rows = rows(bytes);
    assert_eq!(rows[20_000].as_ref().unwrap().cells[1], text("门禁失灵，无法回家"));
}

/// Issue 3, §7
#[test]
fn delimiters_are_found_in_the_header_outside_quotes() {
    for table in ["a;\"b,c,d\"\n1;2\n", "a\t\"b,c,d\"\n1\t2\n", "a,\"b;c\"\n1,2\n"] {
        let rows = rows(table);
        assert_eq!(rows[0].as_ref().unwrap().cells, [text("1"), text("2")], "{table}");
    }
}

/// Issue 3, §7
#[test]
fn broken_rows_are_errors_with_line_and_column_and_reading_goes_on() {
    let mut table = b"id,text\n1,good\n2,bad \xff byte\n3\n4,a,b\n5,nul \0 here\n".to_vec();
    table.extend_from_slice("6,楼道灯不亮，电梯停运已经三天，请尽快处理\n\n,,\n7,last\n".as_bytes());
    let rows = rows(table);
    let lines: Vec<_> = rows.iter().map(|row| row.as_ref().map_or_else(|e| e.line, |r| r.line)).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7, 10]);
    let bad = |row: usize| rows[row].as_ref().unwrap().cells[1].clone();
    assert_eq!(bad(1), SourceCell::Bad(CellCode::BrokenText));
    assert_eq!(bad(4), SourceCell::Bad(CellCode::ControlCharacter));
    for (row, column) in [(2, "text"), (3, "")] {
        let error = rows[row].as_ref().unwrap_err();
        assert_eq!((error.code, error.column.as_str()), (CellCode::RaggedRow, column));
        assert_eq!(error.params["expected"], "2");
    }
    assert_eq!(bad(6), text("last"));
}

/// Issue 3, §7
#[test]
fn headers_without_name_or_with_one_twice_are_refused() {
    assert_eq!(refused("").code(), "no_header");
    assert_eq!(refused("\n\n ,\n").code(), "no_header");
    assert_eq!(refused("a,,b\n1,2,3\n").code(), "unnamed_column");
    assert_eq!(refused("a,b, a\n1,2,3\n").code(), "duplicate_column");
    assert_eq!(refused("a".to_owned() + &",b".repeat(1000)).code(), "too_many_columns");
    assert_eq!(refused(b"\xff\xfea\0,\0".to_vec()).code(), "utf16_text");
    assert_eq!(refused(b"\xd0\xcf\x11\xe0\xa1\xb1".to_vec()).code(), "old_workbook");
}

/// Issue 3, §7
#[test]
fn a_header_may_stand_below_a_title() {
    let options = ReadOptions { header_line: Some(3), ..ReadOptions::default() };
    let table = "Complaints, of 2026; all\n\nid;text\n1;a\n";
    let mut source = from_reader(Cursor::new(table), &options).unwrap();
    let rows = drain(&mut *source);
    assert_eq!((rows[0].as_ref().unwrap().line, rows[0].as_ref().unwrap().cells.len()), (4, 2));
}

/// Issue 3, §7
#[test]
fn cells_and_rows_beyond_the_limits_are_refused_and_the_rest_is_read() {
    let limits = Limits { cell_bytes: 100, row_bytes: 150, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let (long, half) = ("x".repeat(100_000), "y".repeat(90));
    let csv = format!("a,b\n1,{long}\n{half},{half}\n2,z\n");
    let json = format!("{{\"a\":1,\"b\":\"{long}\"}}\n{{\"a\":\"{half}\",\"b\":\"{half}\"}}\n{{\"a\":2}}\n");
    for (table, first, code) in [(csv, 2, CellCode::TooLong), (json, 1, CellCode::RowTooLong)] {
        let mut source = from_reader(Cursor::new(table), &options).unwrap();
        let rows = drain(&mut *source);
        let error = |row: usize| rows[row].as_ref().unwrap_err();
        assert_eq!((error(0).line, error(0).code), (first, code));
        assert_eq!((error(1).line, error(1).code), (first + 1, CellCode::RowTooLong));
        assert!(rows[2].is_ok());
    }
}

/// Issue 3, §7
#[test]
fn a_quotation_mark_never_closed_is_told_and_not_taken_for_a_cell() {
    let rows = rows("a,b\n1,\"open\n2,x\n3,y\n");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].as_ref().unwrap_err().code, CellCode::UnclosedQuote);
}

/// Issue 3, §7
#[test]
fn json_lines_keep_numbers_lists_and_nothing_where_they_are() {
    let table = concat!(
        "{\"id\":13900001234,\"phones\":[\"a\",2],\"none\":null,\"yes\":true,\"half\":1.5,\"big\":1e21}\n",
        "\n{\"id\":1,\"id\":2}\nnot json\n{\"id\":{\"deep\":[1]},\"list\":[[1]]}\n{\"id\":3} trailing\n[1]\n"
    );
    let rows = rows(table);
    let first = rows[0].as_ref().unwrap();
    assert_eq!(first.get("id"), Some(&SourceCell::Number("13900001234".into())));
    assert_eq!(first.get("phones"), Some(&SourceCell::List(vec!["a".into(), "2".into()])));
    assert_eq!(first.get("none"), Some(&SourceCell::Empty));
    assert_eq!(first.get("yes"), Some(&SourceCell::Boolean(true)));
    assert_eq!(first.get("big"), Some(&SourceCell::Number("1000000000000000000000".into())));
    assert_eq!(rows[1].as_ref().unwrap_err().code, CellCode::DuplicateKey);
    assert_eq!(
        (rows[2].as_ref().unwrap_err().line, rows[2].as_ref().unwrap_err().code),
        (4, CellCode::NotJson)
    );
    let nested = rows[3].as_ref().unwrap();
    assert!(nested.cells.iter().all(|cell| *cell == SourceCell::Bad(CellCode::NestedValue)));
    assert!(rows[4].is_err() && rows[5].is_err());
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    assert_eq!(crate::support::rows(deep)[0].as_ref().unwrap_err().code, CellCode::NotJson);
}

/// Issue 3, §7
#[test]
fn a_truncated_gzip_stream_is_a_damaged_file_not_a_short_one() {
    let table = (0..50_000).map(|line| format!("{{\"a\":{line},\"b\":{}}}\n", line * 7919 % 10_007));
    let whole = gzip(table.collect::<String>().as_bytes());
    let mut source = open(&whole[..whole.len() / 2]);
    let failure = loop {
        match source.next_row() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("ended as if it were whole"),
            Err(error) => break error,
        }
    };
    assert_eq!(failure.code(), "file_unreadable");
}
