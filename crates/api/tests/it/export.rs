//! Cases as a table over HTTP: whole, covered, noted, and cut short visibly.

use crate::{with_admin, word};
use axum::http::StatusCode;
use huiyin_app::export::columns;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::{Answer, Client};
use serde_json::{Value, json};

/// Three messages of a customer, one of them an enquiry.
async fn three(app: &TestApp) -> Client {
    let mei = app.with_person("mei", &[Post::Agent]);
    for (kind, text) in [("complaint", "灯不亮"), ("complaint", "=1+1"), ("enquiry", "几点开门")] {
        let reporter = json!({"name": "欧阳某某", "phone": "19900001234"});
        let new = json!({"kind": kind, "channel": "phone", "text": text, "reporter": reporter});
        let _ = mei.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED);
        app.clock.advance(60);
    }
    mei
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_vec()).expect("UTF-8")
}

fn rows(answer: &Answer) -> Vec<Value> {
    text(answer).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Issue 3 §7: the table has the columns of the command line and the rows of the
/// list with the same filters, newest first, in each format.
#[test]
fn a_table_has_the_columns_of_the_command_line_and_the_rows_of_the_list() {
    with_admin(|app, _| async move {
        let _ = three(&app).await;
        let lead = app.with_person("lee", &[Post::Lead]);
        let csv = lead.get("/api/v1/cases/export?format=csv").await.expect(StatusCode::OK);
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(csv.header("content-disposition"), "attachment; filename=\"cases.csv\"");
        let keys: Vec<&str> = columns(false).iter().map(|column| column.key).collect();
        let table = text(&csv);
        assert_eq!(table.lines().next(), Some(keys.join(",").as_str()));
        assert_eq!(table.lines().count(), 4);
        assert!(table.contains("'=1+1"), "a spreadsheet must not calculate it: {table}");
        let early = "received_before=2026-09-30T09:01:00%2B08:00&";
        for query in ["", "kind=complaint&", "q=19900001234&", "status=closed&", early] {
            let list =
                lead.get(&format!("/api/v1/cases?{query}limit=50")).await.expect(StatusCode::OK).json();
            let listed: Vec<&str> =
                list["items"].as_array().expect("items").iter().map(|item| word(&item["number"])).collect();
            let made = lead.get(&format!("/api/v1/cases/export?{query}format=jsonl")).await;
            let made = rows(&made.expect(StatusCode::OK));
            let numbers: Vec<&str> = made.iter().map(|row| word(&row["number"])).collect();
            assert_eq!(numbers, listed, "{query}");
        }
        let xlsx = lead.get("/api/v1/cases/export?format=xlsx&headings=zh").await.expect(StatusCode::OK);
        assert!(xlsx.body.starts_with(b"PK"), "a workbook");
        let titled = lead.get("/api/v1/cases/export?format=csv&headings=en&bom=true").await;
        assert!(text(&titled.expect(StatusCode::OK)).starts_with("\u{feff}Source,External id,Number"));
    });
}

/// X-37, Issue 3 §2: who the customer is goes along only when asked for, covered as
/// in the lists, and both the table and what was uncovered in it are on record.
#[test]
fn identity_is_covered_as_in_the_lists_and_noted() {
    with_admin(|app, _| async move {
        let mei = three(&app).await;
        mei.get("/api/v1/cases/export?format=csv").await.problem(403, "forbidden");
        let personal = "/api/v1/cases/export?format=jsonl&personal=true&kind=enquiry";
        let (lead, counts) =
            (app.with_person("lee", &[Post::Lead]), app.with_person("sun", &[Post::Statistics]));
        let plain = rows(&lead.get("/api/v1/cases/export?format=jsonl").await.expect(StatusCode::OK));
        assert!(plain[0].get("party_name").is_none(), "only when asked for");
        let seen = rows(&lead.get(personal).await.expect(StatusCode::OK));
        assert_eq!(
            (word(&seen[0]["party_name"]), word(&seen[0]["party_phone"])),
            ("欧阳某某", "19900001234")
        );
        let covered = rows(&counts.get(personal).await.expect(StatusCode::OK));
        assert_eq!(
            (word(&covered[0]["party_name"]), word(&covered[0]["party_phone"])),
            ("欧**", "199****1234")
        );
        let gm = app.with_person("gm", &[Post::Gm]);
        let log = gm.get("/api/v1/access_log?limit=200").await.expect(StatusCode::OK).json();
        let of = |person: &Client| {
            let id = person.id.expect("a person").to_string();
            let lines = log["items"].as_array().expect("lines").iter();
            let mut fields: Vec<String> = lines
                .filter(|line| line["what"] == "export" && line["person"] == id)
                .map(|line| word(&line["field"]).to_owned())
                .collect();
            fields.sort_unstable();
            fields
        };
        assert_eq!(of(&lead), ["address", "name", "phone"]);
        assert!(of(&counts).is_empty(), "nothing was uncovered");
        let audit = gm.get("/api/v1/audit?limit=200").await.expect(StatusCode::OK).json();
        let lines = audit["items"].as_array().expect("lines").iter();
        assert_eq!(lines.filter(|line| line["action"] == "cases_exported").count(), 3);
    });
}

/// Bad input (issue 3): a table of no format, or with what is no filter, is refused
/// with the parameter's name; a page of a table is no table.
#[test]
fn wrong_parameters_are_named() {
    with_admin(|app, _| async move {
        let lead = app.with_person("lee", &[Post::Lead]);
        for (query, path, code) in [
            ("", "format", "missing_field"),
            ("format=pdf", "format", "unknown_value"),
            ("format=csv&limit=5", "limit", "unknown_field"),
            ("format=csv&personal=yes", "personal", "wrong_type"),
            ("format=csv&status=never", "status", "unknown_value"),
        ] {
            let problem =
                lead.get(&format!("/api/v1/cases/export?{query}")).await.problem(422, "invalid_query");
            let field = &problem["fields"][0];
            assert_eq!((word(&field["path"]), word(&field["code"])), (path, code), "{query}");
        }
    });
}

/// Issue 3 §7: no more tables at once than the house bears; whoever comes later is
/// asked to try again, and finds a turn when one has ended.
#[test]
fn many_tables_at_once_wait_their_turn() {
    with_admin(|app, _| async move {
        let _ = three(&app).await;
        let lead = app.with_person("lee", &[Post::Lead]);
        let turns = app.edge.exports.clone().try_acquire_many_owned(4).expect("all turns");
        let busy = lead.get("/api/v1/cases/export?format=csv").await;
        assert_eq!(busy.header("retry-after"), "10");
        busy.problem(503, "too_many_exports");
        drop(turns);
        for _ in 0..6 {
            let _ = lead.get("/api/v1/cases/export?format=csv").await.expect(StatusCode::OK);
        }
    });
}
