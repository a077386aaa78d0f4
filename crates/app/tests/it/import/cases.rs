//! Rows that become cases, and rows that do not.

use super::{counts, exported, import, import_from, machine, source};
use crate::house::{House, wait};
use huiyin_app::case::ListQuery;
use huiyin_app::export::{Format, Headings, Pipe, Wanted, announce, prepare, stream};
use huiyin_app::{audit, case};
use huiyin_domain::case::{Phase, Stage};
use huiyin_domain::people::Post;
use huiyin_store::case::CaseFilter;
use huiyin_store::case::{due, read};
use huiyin_tabular::Mapping;
use huiyin_testkit::engines::both_engines_migrated;
use serde_json::Value;

const MAP: &str = r#"
import = "cases"
source = "old-desk"
[columns]
"单号" = "external_id"
"时间" = { to = "received_at", formats = ["yyyy-MM-dd HH:mm"] }
"内容" = "text"
"标题" = "title"
"类型" = { to = "category", values = "types" }
"单位" = "unit"
"责任人" = "owner"
"姓名" = "party_name"
"电话" = "party_phone"
"地址" = "party_address"
"希望" = "wish"
"答复" = "reply_text"
"答复时间" = { to = "reply_at", formats = ["yyyy-MM-dd HH:mm"] }
"关闭时间" = { to = "closed_at", formats = ["yyyy-MM-dd HH:mm"] }
"来源" = "extra.origin"
[defaults]
kind = "complaint"
channel = "web"
reply_carrier = "letter"
closure = "satisfied"
[values.types]
"电梯" = "equipment"
"怪" = "no_such_category"
"#;

const HEAD: &str = "单号,时间,内容,标题,类型,单位,责任人,姓名,电话,地址,希望,答复,答复时间,关闭时间,来源\n";

fn table(rows: &[&str]) -> Vec<u8> {
    format!("{HEAD}{}\n", rows.join("\n")).into_bytes()
}

/// One right row, then one for each thing that can be wrong.
const ROWS: [&str; 9] = [
    "A1,2025-12-05 16:30,电梯停运,三号楼,电梯,,,林女士,13900001234转8,三号楼二单元,尽快修好,已修好,2025-12-08 10:00,2025-12-09 09:00,热线",
    "A2,2025-12-05 09:00,楼道灯坏了,,,,,,,,,,,,",
    "B1,2025-12-05 09:00,文字,,怪,,,,,,,,,,",
    "B2,2025-12-05 09:00,文字,,,nowhere,,,,,,,,,",
    "B3,2025-12-05 09:00,文字,,,,nobody,,,,,,,,",
    "B4,2025-12-05 09:00,文字,,,,,,,,,答复,2025-12-04 09:00,,",
    "B5,2025-12-05 09:00,文字,,,,,,,,,答复,,,",
    "B6,2030-01-01 09:00,文字,,,,,,,,,,,,",
    "B7,2025-12-05 09:00,文字,,生,,,,,,,,,,",
];

/// Issue 3 §7, contracts §4, X-5, PROP-79
#[test]
fn right_rows_become_cases_at_their_own_times_and_wrong_ones_are_told() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let (done, told) = import(&house, MAP, &table(&ROWS));
        assert_eq!(done, counts(9, 2, 0, 7));
        let expected = [
            (10, "类型", "unknown_value"),
            (4, "类型", "unknown_category"),
            (5, "单位", "unit_unknown"),
            (6, "责任人", "person_unknown"),
            (7, "答复时间", "before_receipt"),
            (8, "答复时间", "missing_required"),
            (9, "时间", "in_the_future"),
        ];
        assert_eq!(told.brief(), expected);
        assert_eq!(told.wrong[3].excerpt, "n***", "a login is personal");
        let rows = exported(&house, CaseFilter::default(), true);
        let row = rows.iter().find(|row| row["external_id"] == "A1").unwrap();
        let is = |key: &str, value: &str| assert_eq!(row[key], value, "{key}");
        is("external_source", "old-desk");
        is("unit", "default");
        is("owner", "chen");
        is("stage", "closed");
        is("closure", "satisfied");
        is("category", "equipment");
        is("received_at", "2025-12-05T16:30:00+08:00");
        is("first_reply_at", "2025-12-08T10:00:00+08:00");
        is("closed_at", "2025-12-09T09:00:00+08:00");
        is("reply_due", "2025-12-10T00:00:00+08:00");
        is("reply_met", "2025-12-08T10:00:00+08:00");
        is("title", "三号楼");
        is("text", "电梯停运");
        is("party_name", "林女士");
        is("party_phone", "13900001234");
        is("party_address", "三号楼二单元");
        assert_eq!(row["reply_working_days"], 1, "Friday to Monday");
        let open = rows.iter().find(|row| row["external_id"] == "A2").unwrap();
        assert_eq!((open["stage"].as_str(), open["reply_met"].as_str()), (Some("received"), None));
    });
}

/// contracts §4: history tells nobody and opens no task; its clocks are met or missed.
#[test]
fn history_keeps_its_breaches_and_causes_nothing() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        import(&house, MAP, &table(&ROWS[..2]));
        let org = house.org.org;
        let (open, timeline, texts, jobs, overdue) = house
            .run(move |tx, ctx| {
                let id = read::by_external(tx, org, "old-desk", "A2")?.unwrap();
                let first = read::by_external(tx, org, "old-desk", "A1")?.unwrap();
                let open = read::case(tx, org, id)?.unwrap().case;
                let events: Vec<read::History> = read::history(tx, org, first, 0, 100)?;
                let texts = read::texts(tx, org, first)?;
                let jobs = tx.one("SELECT COUNT(*) FROM jobs", &[])?.unwrap().get::<i64>(0)?;
                let overdue = due::firing(tx, ctx.now, 10)?.len();
                Ok((open, events, texts, jobs, overdue))
            })
            .unwrap();
        assert!(open.clocks.iter().all(|clock| clock.breached_at.is_some()), "{:?}", open.clocks);
        assert!(open.tasks.is_empty());
        assert_eq!((jobs, overdue), (0, 0));
        let times: Vec<_> = timeline.iter().map(|entry| entry.recorded.occurred_at).collect();
        assert!(times.is_sorted(), "{times:?}");
        let note = "origin: 热线\nparty_phone: 13900001234转8";
        assert!(
            texts.values().any(|opened| opened.text.as_deref() == Some(note)),
            "what has no field is kept"
        );
        house.run(|tx, ctx| case::list(tx, ctx, &case::ListQuery::default())).unwrap();
    });
}

/// contracts §4: idempotent by organisation, source and external id.
#[test]
fn a_second_run_imports_nothing_twice() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let twice = table(&[ROWS[0], ROWS[1], ROWS[1]]);
        let (done, told) = import(&house, MAP, &twice);
        assert_eq!((done, told.wrong.len()), (counts(3, 2, 1, 0), 0));
        assert_eq!(import(&house, MAP, &twice).0, counts(3, 0, 3, 0));
        assert_eq!(exported(&house, CaseFilter::default(), false).len(), 2);
        let other = MAP.replace("old-desk", "other-desk");
        assert_eq!(import(&house, &other, &twice).0, counts(3, 2, 1, 0));
    });
}

/// Issue 3 §7
#[test]
fn a_trial_run_finds_the_same_and_writes_nothing() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let map = Mapping::parse("map.toml", MAP).unwrap();
        let (done, told) = import_from(&house, &map, source(&table(&ROWS)), true).unwrap();
        assert_eq!((done, told.wrong.len()), (counts(9, 2, 0, 7), 7));
        assert!(exported(&house, CaseFilter::default(), false).is_empty());
        assert_eq!(import(&house, MAP, &table(&ROWS)).0, counts(9, 2, 0, 7));
    });
}

/// Issue 3 §7: more rows than one transaction takes, some wrong in each.
#[test]
fn many_rows_go_in_several_transactions() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let rows: Vec<String> = (0..450)
            .map(|n| {
                let kind = if n % 100 == 7 { "怪" } else { "" };
                format!("M{n},2025-11-0{} 09:00,第{n}条,,{kind},,,,,,,,,,", n % 9 + 1)
            })
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let (done, told) = import(&house, MAP, &table(&rows));
        assert_eq!(done, counts(450, 445, 0, 5));
        assert_eq!(told.batches, 3);
        let all = exported(&house, CaseFilter::default(), false);
        assert_eq!(all.len(), 445, "more than one page of the export");
        let received = |row: &Value| row["received_at"].as_str().unwrap().to_owned();
        assert!(all.windows(2).all(|pair| received(&pair[0]) >= received(&pair[1])));
    });
}

/// Issue 3 §7: the export takes the filters of the list.
#[test]
fn an_export_is_filtered_as_the_list_is() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        import(&house, MAP, &table(&ROWS[..2]));
        let ids = |filter: CaseFilter| -> Vec<String> {
            let rows = exported(&house, filter, false);
            rows.iter().map(|row| row["external_id"].as_str().unwrap().to_owned()).collect()
        };
        let filter = CaseFilter::default;
        assert_eq!(ids(filter()), ["A1", "A2"]);
        assert_eq!(ids(CaseFilter { stages: vec![Stage::Closed], ..filter() }), ["A1"]);
        assert_eq!(ids(CaseFilter { phases: vec![Phase::Open], ..filter() }), ["A2"]);
        assert_eq!(ids(CaseFilter { category: Some("equipment".into()), ..filter() }), ["A1"]);
        assert_eq!(ids(CaseFilter { name: Some("A2".into()), ..filter() }), ["A2"]);
        assert!(exported(&house, filter(), false)[0].get("party_name").is_none(), "only when asked for");
    });
}

/// Issue 3 §7: a table whose reader goes away ends, and says that it was cut; pieces
/// are made a few ahead and never all at once.
#[test]
fn a_table_ends_with_its_reader() {
    both_engines_migrated(|store| {
        let desk = crate::errands::Errands::new(store);
        let lead = desk.appoint("lead", desk.root(), &[Post::Lead]);
        for _ in 0..60 {
            desk.complaint(lead, desk.root());
        }
        let ctx = desk.ctx(lead);
        let wanted = || Wanted {
            query: ListQuery::default(),
            format: Format::Jsonl,
            personal: false,
            headings: Headings::Keys,
            byte_order_mark: false,
        };
        wait(async {
            let prepared = prepare(&desk.app, &ctx, wanted()).await.unwrap();
            let (sender, mut pieces) = tokio::sync::mpsc::channel::<Vec<u8>>(1);
            let reading = async {
                let first = pieces.recv().await.unwrap();
                assert!(first.len() < 64 * 1024, "a piece, not the table");
                pieces.close();
            };
            let (done, ()) = tokio::join!(stream(&desk.app, prepared, Pipe::into(sender)), reading);
            assert!(done.is_err(), "cut short");
            let prepared = prepare(&desk.app, &ctx, wanted()).await.unwrap();
            let (sender, mut pieces) = tokio::sync::mpsc::channel::<Vec<u8>>(1);
            let reading = async {
                let mut bytes = Vec::new();
                while let Some(piece) = pieces.recv().await {
                    bytes.extend(piece);
                }
                bytes
            };
            let (done, bytes) = tokio::join!(stream(&desk.app, prepared, Pipe::into(sender)), reading);
            assert_eq!(done.unwrap().rows, 60);
            assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 60);
        });
    });
}

/// X-37: personal columns leave logged, and only by a post that may export.
#[test]
fn personal_columns_are_logged() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        house.run_as(machine(&house), |tx, ctx| announce(tx, ctx, Format::Csv, true)).unwrap();
        let log = house.run_as(machine(&house), |tx, ctx| audit::list_access(tx, ctx, None, 10)).unwrap();
        let mut fields: Vec<_> = log.iter().map(|line| (line.what.as_str(), line.field.as_str())).collect();
        fields.sort_unstable();
        assert_eq!(fields, [("export", "address"), ("export", "name"), ("export", "phone")]);
    });
}

/// Issue 3 §7, Show: bad input is told by row, the rest is imported.
#[test]
fn hostile_rows_harm_nothing() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let mut bytes = table(&[
            "C1,0000-01-01 09:00,文字,,,,,,,,,,,,",
            "C2,9999-12-31 09:00,文字,,,,,,,,,,,,",
            "C3,2025-12-05 09:00,../../etc/passwd,..\\..\\x,,,,=cmd|' /C calc'!A0,,,,,,,",
            "C4,2025-12-05 09:00,文字,,,../..,,,,,,,,,",
            "C5,2025-12-05 09:00,文字,,,,,,abc,,,,,,",
            "C6,1969-12-31 09:00,文字,,,,,,,,,,,,",
            "C7,2025-12-05 09:00,a\u{7}b,,,,,,,,,,,,",
            "C8,2025-12-05 09:00,文字,,,,,,123,,,,,,",
        ]);
        bytes.extend_from_slice("C9,2025-12-05 09:00,".as_bytes());
        bytes.extend_from_slice(b"\xe6\x96\xff");
        bytes.extend_from_slice(",,,,,,,,,,,,\nC10,2025-12-05 09:00,好,,,,,,,,,,,,\n".as_bytes());
        let (done, told) = import(&house, MAP, &bytes);
        let mut brief = told.brief();
        brief.sort_unstable();
        let codes: Vec<_> = brief.iter().map(|(line, _, code)| (*line, *code)).collect();
        let expected = [
            (2, "time_out_of_range"),
            (3, "time_out_of_range"),
            (5, "unit_unknown"),
            (6, "bad_phone"),
            (7, "time_out_of_range"),
            (8, "control_character"),
            (10, "broken_text"),
        ];
        assert_eq!(codes, expected);
        assert_eq!(done, counts(10, 3, 0, 7));
        let rows = exported(&house, CaseFilter::default(), true);
        let strange = rows.iter().find(|row| row["external_id"] == "C3").unwrap();
        assert_eq!(strange["text"], "../../etc/passwd", "a text stays a text");
    });
}

/// Issue 3 §7: GB18030 as Chinese spreadsheets write it.
#[test]
fn gb18030_is_read() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let text = String::from_utf8(table(&["D1,2025-12-05 09:00,电梯停运,,电梯,,,,,,,,,,"])).unwrap();
        let (bytes, _, lossy) = encoding_rs::GB18030.encode(&text);
        assert!(!lossy);
        assert_eq!(import(&house, MAP, &bytes).0, counts(1, 1, 0, 0));
        assert_eq!(exported(&house, CaseFilter::default(), false)[0]["text"], "电梯停运");
    });
}

/// contracts §3: without anybody to own them, nothing is imported and it is said why.
#[test]
fn nothing_is_imported_that_nobody_would_own() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let org = house.org.org;
        let admin = house.admin;
        house
            .run(move |tx, ctx| {
                for row in huiyin_store::people::membership::of_person(tx, org, admin)? {
                    huiyin_store::people::membership::end(tx, org, row.id, ctx.now)?;
                }
                Ok(())
            })
            .unwrap();
        let map = Mapping::parse("map.toml", MAP).unwrap();
        let Err(error) = import_from(&house, &map, source(&table(&ROWS[..2])), false) else {
            panic!("taken")
        };
        assert!(error.to_string().starts_with("nobody_answers"), "{error}");
    });
}
