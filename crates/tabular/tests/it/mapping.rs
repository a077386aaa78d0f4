//! Mapping files: what they make of rows, and how they say what is wrong.

use crate::support::open;
use huiyin_tabular::mapping::MappingCode;
use huiyin_tabular::{CellError, Field, FileError, MappedRow, MappedValue, Mapping, Target};

const CASES: &str = r#"
import = "cases"
source = "old-desk"
ignore = ["remark"]
required = ["party_phone"]

[columns]
no = "external_id"
text = { to = "text" }
phone = "party_phone"
time = { to = ["received_at", "extra.noted"], formats = ["yyyy/M/d H:mm"] }
class = { to = "category", values = "classes" }
claim = { to = "extra.claim", type = "money", may_be_absent = true }
hidden = { to = "anonymous", default = "no" }

[defaults]
kind = "complaint"
channel = "phone"

[values.classes]
"电梯" = "facility"
"保洁" = "cleaning"
"#;

fn mapping(text: &str) -> Mapping {
    Mapping::parse("MAP.toml", text).unwrap()
}

fn mapped(map: &str, table: &str) -> Vec<Result<MappedRow, Vec<CellError>>> {
    let mapping = mapping(map);
    let mut rows = mapping.rows(open(table)).unwrap();
    std::iter::from_fn(|| rows.next_row().unwrap()).collect()
}

/// X-38
#[test]
fn a_case_needs_only_its_text_its_time_and_where_it_came_from() {
    let map = CASES.replace("required = [\"party_phone\"]", "");
    let table = "no,text,phone,time,class,hidden,remark\nA1,电梯停运,,2026/3/5 9:07,,是,x\n";
    let rows = mapped(&map, table);
    let row = rows[0].as_ref().unwrap();
    assert_eq!(row.text(Field::Text), Some("电梯停运"));
    assert_eq!(row.time(Field::ReceivedAt).unwrap().to_string(), "2026-03-05T01:07:00Z");
    assert_eq!(row.get(Field::Anonymous), Some(&MappedValue::Boolean(true)));
    assert_eq!((row.text(Field::Kind), row.text(Field::PartyPhone)), (Some("complaint"), None));
}

/// Issue 3, §7
#[test]
fn every_wrong_cell_of_a_row_is_told_with_its_column_and_little_of_its_value() {
    let table = concat!(
        "no,text,phone,time,class,claim,hidden,remark\n",
        "A1,lift stands,139****1234,2026/2/30 9:07,电提,12.345,maybe,x\n",
        ",,,,,,,x\n",
        "A2,lift stands,13900001234,2026/3/5 9:07,电梯,\"1,200\",,x\n"
    );
    let rows = mapped(CASES, table);
    let errors = rows[0].as_ref().unwrap_err();
    let told: Vec<_> =
        errors.iter().map(|e| (e.column.as_str(), e.code.code(), e.excerpt.as_str())).collect();
    assert_eq!(
        told,
        [
            ("claim", "not_money", "1***"),
            ("class", "unknown_value", "电提"),
            ("hidden", "not_a_boolean", "maybe"),
            ("phone", "bad_phone", "139***34"),
            ("time", "not_a_time", "2026/2/30 9:07"),
        ]
    );
    assert_eq!((errors[1].params["near"].as_str(), errors[1].line), ("电梯", 2));
    let missing: Vec<_> = rows[1].as_ref().unwrap_err().iter().map(|e| e.params["target"].clone()).collect();
    assert_eq!(missing, ["external_id", "received_at", "text", "party_phone"]);
    let good = rows[2].as_ref().unwrap();
    assert_eq!(good.text(Field::Category), Some("facility"));
    let claim = good.values[&Target::Extra("claim".into())].clone();
    assert!(matches!(claim, MappedValue::Money(money) if money.fen() == 120_000));
    assert_eq!(good.get(Field::Anonymous), Some(&MappedValue::Boolean(false)));
}

/// Issue 3, §7
#[test]
fn columns_that_only_one_side_knows_are_errors() {
    let mapping = mapping(CASES);
    let missing = mapping.rows(open("no,txet,phone,time,class,hidden,remark\n")).err().unwrap();
    assert!(
        matches!(missing, FileError::MissingColumn { column, near } if column == "text" && near == "txet")
    );
    let extra = mapping.rows(open("no,text,phone,time,class,hidden,new\n")).err().unwrap();
    assert!(matches!(extra, FileError::UnmappedColumn { column } if column == "new"));
    let row = mapped(CASES, "{\"no\":1,\"new\":2}\n").remove(0).unwrap_err();
    assert_eq!((row[0].column.as_str(), row[0].code.code()), ("new", "unmapped_key"));
    assert_eq!(
        mapped(&CASES.replace("\"remark\"", "\"*\""), "no,text,phone,time,class,hidden,new\n").len(),
        0
    );
}

/// SLM-1
#[test]
fn units_households_and_people_have_their_own_targets() {
    let people = "import = \"people\"\nsource = \"staff\"\n[columns]\nlogin = \"login\"\nname = \"name\"\n\
        unit = \"unit\"\nposts = { to = \"posts\", separator = \"/\" }\nmail = \"email\"\nfrom = \"valid_from\"\n\
        [values.posts]\n\"座席\" = \"agent\"\n\"班长\" = \"lead\"\n";
    let rows =
        mapped(people, "login,name,unit,posts,mail,from\nli,李某,c1,座席/班长,li@example.org,2026年3月5日\n");
    let row = rows[0].as_ref().unwrap();
    assert_eq!(row.get(Field::Posts), Some(&MappedValue::List(vec!["agent".into(), "lead".into()])));
    assert_eq!(row.get(Field::ValidFrom), Some(&MappedValue::Date(jiff::civil::date(2026, 3, 5))));
    let homes = "import = \"households\"\nsource = \"homes\"\n[columns]\nroom = \"code\"\nestate = \"unit\"\n\
        tower = \"building\"\narea = \"area\"\nphones = \"phones\"\n";
    let rows = mapped(
        homes,
        "room,estate,tower,area,phones\n1-101,c1,1,89.5,13900001234、010-60001234\n1-102,c1,1,x,1\n",
    );
    let row = rows[0].as_ref().unwrap();
    assert_eq!(row.get(Field::Area), Some(&MappedValue::Hundredths(8950)));
    let phones = vec!["13900001234".into(), "010-60001234".into()];
    assert_eq!(row.get(Field::Phones), Some(&MappedValue::List(phones)));
    let codes: Vec<_> = rows[1].as_ref().unwrap_err().iter().map(|error| error.code.code()).collect();
    assert_eq!(codes, ["not_a_decimal", "bad_phone"]);
    let units = "import = \"units\"\nsource = \"tree\"\n[columns]\ncode = \"code\"\nname = \"name\"\n\
        level = \"level\"\nup = \"parent\"\n";
    assert_eq!(mapped(units, "code,name,level,up\nc1,Lake Court,estate,g\n")[0].as_ref().unwrap().line, 2);
}

/// Issue 3, §7
#[test]
fn faults_of_a_mapping_file_name_line_and_advice() {
    let faults = [
        ("ignore = [\"remark\"]", "ingore = [\"remark\"]", MappingCode::Syntax, 4, "\"ignore\""),
        ("no = \"external_id\"", "no = \"extrenal_id\"", MappingCode::UnknownTarget, 8, "\"external_id\""),
        ("no = \"external_id\"", "no = \"login\"", MappingCode::WrongImport, 8, "cases"),
        ("{ to = \"text\" }", "\"external_id\"", MappingCode::DuplicateTarget, 9, "external_id"),
        ("{ to = \"text\" }", "\"title\"", MappingCode::MissingTarget, 1, "\"text\""),
        ("yyyy/M/d H:mm", "yyyy/Q", MappingCode::BadFormat, 11, "\"Q\""),
        ("values = \"classes\"", "values = \"clases\"", MappingCode::UnknownTable, 12, "\"classes\""),
        ("values = \"classes\"", "required = true", MappingCode::UnusedTable, 20, "classes"),
        ("default = \"no\"", "default = \"never\"", MappingCode::BadDefault, 14, "not_a_boolean"),
        (
            "{ to = \"text\" }",
            "{ to = \"text\", formats = [\"d\"] }",
            MappingCode::NotApplicable,
            9,
            "formats",
        ),
        ("ignore = [\"remark\"]", "ignore = [\"no\"]", MappingCode::ReadAndIgnored, 4, "\"no\""),
        ("source = \"old-desk\"", "source = \"old desk\"", MappingCode::BadSource, 3, "old desk"),
        ("ignore = [\"remark\"]", "zone = \"Asia/Shangai\"", MappingCode::BadZone, 4, "Asia/Shanghai"),
    ];
    for (from, to, code, line, advice) in faults {
        let error = Mapping::parse("MAP.toml", &CASES.replacen(from, to, 1)).expect_err(to);
        assert_eq!((error.code, error.line), (code, line), "{error}");
        assert!(error.message.contains(advice), "{error}");
    }
}

/// Issue 3, §7
#[test]
fn what_a_mapping_says_about_the_file_is_heeded() {
    let map = CASES
        .replace("[columns]", "[file]\nformat = \"csv\"\ndelimiter = \"tab\"\nheader_line = 2\n[columns]");
    let options = mapping(&map).read_options().clone();
    assert_eq!((options.delimiter, options.header_line), (Some(b'\t'), Some(2)));
    let unreadable = Mapping::load(std::path::Path::new("no-such-folder/MAP.toml")).err().unwrap();
    assert_eq!(unreadable.code.code(), "mapping_unreadable");
}
