//! XLSX as spreadsheets write it, and as an attacker does.

use crate::support::{drain, gzip, text};
use huiyin_tabular::{CellCode, Limits, ReadOptions, SourceCell, from_reader, open};
use rust_xlsxwriter::{Format, Workbook};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// Makes a workbook of a few kinds of cells under a title line.
fn sample() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("yyyy/m/d h:mm");
    let other = workbook.add_worksheet();
    other.set_name("Notes").unwrap().write_string(0, 0, "nothing").unwrap();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Cases").unwrap();
    sheet.write_string(0, 0, "Complaints of 2026").unwrap();
    for (column, name) in (0_u16..).zip(["id", "phone", "time", "urgent", "sum", "error", "note"]) {
        sheet.write_string(1, column, name).unwrap();
    }
    sheet.write_number(2, 0, 7).unwrap().write_number(2, 1, 13_900_001_234.0).unwrap();
    sheet.write_number_with_format(2, 2, 46_086.604_166_666_664, &date).unwrap();
    sheet.write_boolean(2, 3, true).unwrap().write_number(2, 4, 1200.5).unwrap();
    sheet.write_formula(2, 5, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write_string(2, 6, " lift\nstopped ").unwrap();
    sheet.write_number(5, 0, 8).unwrap();
    sheet.write_number(6, 0, 9).unwrap().write_string(6, 9, "beyond").unwrap();
    workbook.save_to_buffer().unwrap()
}

fn cases() -> ReadOptions {
    ReadOptions { sheet: Some("Cases".into()), header_line: Some(2), ..ReadOptions::default() }
}

/// Issue 3, §7
#[test]
fn workbooks_give_dates_as_moments_and_phones_as_digits() {
    for bytes in [sample(), gzip(&sample())] {
        let mut source = from_reader(Cursor::new(bytes), &cases()).unwrap();
        let rows = drain(&mut *source);
        let first = rows[0].as_ref().unwrap();
        assert_eq!(first.line, 3);
        assert_eq!(first.get("phone"), Some(&SourceCell::Number("13900001234".into())));
        let half_past_two = jiff::civil::date(2026, 3, 5).at(14, 30, 0, 0);
        assert_eq!(first.get("time"), Some(&SourceCell::Moment(half_past_two)));
        assert_eq!(first.get("urgent"), Some(&SourceCell::Boolean(true)));
        assert_eq!(first.get("sum"), Some(&SourceCell::Number("1200.5".into())));
        assert_eq!(first.get("error"), Some(&SourceCell::Bad(CellCode::ErrorCell)));
        assert_eq!(first.get("note"), Some(&text("lift\nstopped")));
        let second = rows[1].as_ref().unwrap();
        assert_eq!((second.line, second.get("note")), (6, Some(&SourceCell::Empty)));
        let third = rows[2].as_ref().unwrap_err();
        assert_eq!((third.line, third.code), (7, CellCode::RaggedRow));
        assert_eq!(rows.len(), 3);
    }
}

/// Issue 3, §7
#[test]
fn a_sheet_that_is_not_there_is_named_with_those_that_are() {
    let options = ReadOptions { sheet: Some("Case".into()), ..ReadOptions::default() };
    let error = from_reader(Cursor::new(sample()), &options).err().unwrap();
    assert_eq!(error.code(), "no_sheet");
    assert_eq!(error.params()["sheets"], "Notes, Cases");
}

/// Packs a workbook whose sheet or texts are given as XML.
fn packed(sheet: &[u8], texts: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(sample())).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        out.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        match name.as_str() {
            "xl/worksheets/sheet2.xml" if !sheet.is_empty() => out.write_all(sheet).unwrap(),
            "xl/sharedStrings.xml" if !texts.is_empty() => out.write_all(texts).unwrap(),
            _ => drop(std::io::copy(&mut part, &mut out).unwrap()),
        }
    }
    out.finish().unwrap().into_inner()
}

/// Issue 3, §7
#[test]
fn bombs_in_a_workbook_are_refused_before_they_are_unpacked_into_memory() {
    let limits = Limits { row_bytes: 10_000, shared_bytes: 100_000, ..Limits::default() };
    let options = ReadOptions { limits, ..cases() };
    let blank = vec![b' '; 1_000_000];
    let row = [b"<worksheet><sheetData><row r=\"1\">".as_slice(), &blank, b"</row></sheetData></worksheet>"]
        .concat();
    let hidden = b"<worksheet><sheetData><!-- </row> --></sheetData></worksheet>".to_vec();
    let quoted = b"<worksheet><sheetData><row a='</row>'/></sheetData></worksheet>".to_vec();
    let texts = [b"<sst>".as_slice(), &blank, b"</sst>"].concat();
    let big = "file_part_too_large";
    for (sheet, texts, code) in [
        (row, vec![], big),
        (vec![], texts, big),
        (hidden, vec![], "file_damaged"),
        (quoted, vec![], "file_damaged"),
    ] {
        let bytes = packed(&sheet, &texts);
        assert!(bytes.len() < 20_000);
        let error = from_reader(Cursor::new(bytes), &options).err().unwrap();
        assert_eq!(error.code(), code, "{error}");
    }
    let small = ReadOptions { limits: Limits { unpacked_bytes: 100, ..limits }, ..cases() };
    assert_eq!(from_reader(Cursor::new(gzip(&sample())), &small).err().unwrap().code(), big);
}

/// Issue 3, §7
#[test]
fn a_workbook_is_known_by_its_content_whatever_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.csv");
    std::fs::write(&path, sample()).unwrap();
    assert_eq!(drain(&mut *open(&path, &cases()).unwrap()).len(), 3);
    std::fs::write(&path, &sample()[..2000]).unwrap();
    assert_eq!(open(&path, &cases()).err().unwrap().code(), "file_damaged");
}
