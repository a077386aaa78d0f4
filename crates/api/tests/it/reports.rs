//! Reports over HTTP: drafted, written, frozen, told of later.

use crate::metrics::{Chance, live};
use crate::story::Desk;
use crate::with_admin;
use axum::http::StatusCode;
use huiyin_app::work::{self, Runner};
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

/// Some complaints of the report month October, from the desk's life.
async fn october(app: &TestApp) -> (Client, Vec<String>) {
    let desk = Desk::of(app);
    let people = [
        (desk.agent.clone(), Post::Agent),
        (desk.lead.clone(), Post::Lead),
        (desk.handler.clone(), Post::Agent),
        (desk.verifier.clone(), Post::Verifier),
    ];
    let mut chance = Chance(11);
    let mut ids = Vec::new();
    for place in 0..10 {
        ids.push(live(app, &people, &mut chance, place).await.to_string());
    }
    (desk.agent, ids)
}

async fn draft(by: &Client, kind: &str, period: &str) -> Value {
    let new = json!({"kind": kind, "period": period});
    by.post("/api/v1/reports", &new).await.expect(StatusCode::CREATED).json()
}

fn totals(document: &Value) -> Vec<(String, Value)> {
    let sections = document["sections"].as_array().cloned().unwrap_or_default();
    let blocks =
        sections.iter().flat_map(|section| section["blocks"].as_array().cloned().unwrap_or_default());
    let table = blocks.into_iter().find(|block| block["name"] == "totals").expect("the table");
    let rows = table["rows"].as_array().cloned().unwrap_or_default();
    let cells = |row: &Value| {
        (
            row["cells"][0]["name"]["en"].as_str().unwrap_or_default().to_owned(),
            row["cells"][1]["figure"].clone(),
        )
    };
    rows.iter().map(cells).collect()
}

/// PROP-80, PROP-95…103, X-6: a report shows the dictionary's figures, in every
/// form the same; frozen it never changes, adds up from its rows, and what
/// changes later is told in the next one.
#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in one go")]
fn a_report_is_drafted_written_frozen_and_told_of_later() {
    with_admin(|app, _| async move {
        let (agent, ids) = october(&app).await;
        let head = app.with_person("zhu", &[Post::Head]);
        let made = draft(&head, "monthly_analysis", "2026-10").await;
        assert_eq!(made["period"], "2026-09-28..2026-10-27");
        assert_eq!((&made["due"], &made["remind"]), (&json!("2026-10-28"), &json!("2026-10-28")));
        let path = format!("/api/v1/reports/{}", made["id"].as_str().unwrap_or_default());
        let again = json!({"kind": "monthly_analysis", "period": "2026-10"});
        head.post("/api/v1/reports", &again).await.problem(409, "report_exists");
        let early = head.post(&format!("{path}/freeze"), &json!({"version": 1})).await;
        early.problem(409, "report_not_ended");
        // people write; a section that is none is named
        let wrong = json!({"texts": {"poem": "x"}, "version": 1});
        let problem = head.patch(&format!("{path}/texts"), &wrong).await.problem(422, "invalid_body");
        assert_eq!(problem["fields"][0]["path"], "texts.poem");
        head.patch(&format!("{path}/texts"), &json!({"texts": {}})).await.problem(428, "version_required");
        let texts = json!({"texts": {"summary": "加强夜间巡查<b>"}, "version": 1});
        let written = head.patch(&format!("{path}/texts"), &texts).await.expect(StatusCode::OK).json();
        assert_eq!(written["version"], 2);
        head.patch(&format!("{path}/texts"), &texts).await.problem(409, "stale");
        app.clock.set(at("2026-10-28T09:00:00+08:00"));
        let shown = head.get(&path).await.expect(StatusCode::OK).json();
        for (name, figure) in totals(&shown["document"]) {
            let all = head.get("/api/v1/metrics").await.json();
            let metric =
                all["items"].as_array().into_iter().flatten().find(|m| m["en"] == name.as_str()).cloned();
            let metric = metric.expect("a metric of the dictionary");
            let query = format!(
                "/api/v1/metrics/{}?period=2026-10&cut=28",
                metric["name"].as_str().unwrap_or_default()
            );
            let own = head.get(&query).await.expect(StatusCode::OK).json();
            for part in ["value", "part", "whole"] {
                assert_eq!(own["total"][part], figure[part], "{name}");
            }
        }
        files_agree(&head, &path, &shown["document"]).await;
        // frozen
        agent.post(&format!("{path}/freeze"), &json!({"version": 2})).await.problem(403, "forbidden");
        let frozen =
            head.post(&format!("{path}/freeze"), &json!({"version": 2})).await.expect(StatusCode::OK).json();
        assert!(frozen["frozen_at"].is_string() && frozen["digest"].is_string());
        head.post(&format!("{path}/freeze"), &json!({"version": 3})).await.problem(409, "report_frozen");
        let late = json!({"texts": {"summary": "改"}, "version": 3});
        head.patch(&format!("{path}/texts"), &late).await.problem(409, "report_frozen");
        let before = head.get(&path).await.json()["document"].clone();
        assert_eq!(head.get(&format!("{path}/check")).await.json(), json!({"clean": true, "wrong": []}));
        let rows = head.get(&format!("{path}/rows?limit=200")).await.json();
        assert_eq!(rows["items"].as_array().map(Vec::len), Some(10));
        // later a category is decided: the frozen report stays, the next one tells it
        let mut decided = 0;
        for id in &ids {
            let version = agent.get(&format!("/api/v1/cases/{id}")).await.json()["version"].clone();
            let body = json!({"category": "safety", "final_category": "safety", "version": version});
            let path = format!("/api/v1/cases/{id}/actions/classify");
            decided += usize::from(agent.post(&path, &body).await.status == StatusCode::OK);
        }
        assert!(decided > 0, "some case can be classified");
        assert_eq!(head.get(&path).await.json()["document"], before, "nothing rewrites a frozen report");
        assert_eq!(head.get(&format!("{path}/check")).await.json()["clean"], true);
        app.clock.set(at("2026-11-28T09:00:00+08:00"));
        let next = draft(&head, "monthly_analysis", "2026-11").await;
        let next =
            head.get(&format!("/api/v1/reports/{}", next["id"].as_str().unwrap_or_default())).await.json();
        let sections = next["document"]["sections"].as_array().cloned().unwrap_or_default();
        let changes = sections.iter().find(|section| section["name"] == "changes").expect("the section");
        let told = changes["blocks"][0]["rows"].as_array().map_or(0, Vec::len);
        assert!(told > 0, "what changed after the freeze is told: {changes}");
        // every other report can be made
        for (kind, period) in [
            ("monthly_statistics", "2026-10"),
            ("quarterly_analysis", "2026-q4"),
            ("quarterly_legacy", "2026-q4"),
            ("typical_cases", "2026-10"),
            ("daily_parts", "2026-09-30"),
        ] {
            let made = draft(&head, kind, period).await;
            let path = format!("/api/v1/reports/{}", made["id"].as_str().unwrap_or_default());
            let whole = head.get(&path).await.expect(StatusCode::OK).json();
            files_agree(&head, &path, &whole["document"]).await;
        }
        let wrong = json!({"kind": "quarterly_analysis", "period": "2026-10"});
        let problem = head.post("/api/v1/reports", &wrong).await.problem(422, "invalid_body");
        assert_eq!(problem["fields"][0]["path"], "period");
        agent.get("/api/v1/reports").await.problem(403, "forbidden");
        let all = head.get("/api/v1/reports?limit=3").await.expect(StatusCode::OK).json();
        assert!(all["next_cursor"].is_string(), "{all}");
    });
}

/// HTML, XLSX and JSON of a report say the same.
async fn files_agree(by: &Client, path: &str, document: &Value) {
    let page = by.get(&format!("{path}/file?format=html")).await.expect(StatusCode::OK);
    let page = String::from_utf8_lossy(&page.body).into_owned();
    assert!(!page.contains("<b>") && !page.contains("<script"));
    let tables = document["sections"].as_array().into_iter().flatten();
    let tables = tables.flat_map(|section| section["blocks"].as_array().into_iter().flatten());
    for table in tables.filter(|block| block["block"] == "table") {
        let id = format!("<table id=\"t-{}\">", table["name"].as_str().unwrap_or_default());
        let there = page
            .split(&id)
            .nth(1)
            .unwrap_or_default()
            .split("</table>")
            .next()
            .unwrap_or_default()
            .to_owned();
        for row in table["rows"].as_array().into_iter().flatten() {
            for cell in row["cells"].as_array().into_iter().flatten().filter(|cell| cell["unit"] == "items") {
                let shown = format!("<td class=\"r\">{}</td>", cell["figure"]["value"]);
                assert!(there.contains(&shown), "{id} lacks {shown}");
            }
        }
    }
    let json = by.get(&format!("{path}/file?format=json")).await.expect(StatusCode::OK).json();
    assert_eq!(json["sections"][0], document["sections"][0]);
    let book = by.get(&format!("{path}/file?format=xlsx")).await.expect(StatusCode::OK);
    assert!(book.body.starts_with(b"PK"));
}

/// Issue 4 §13, PROP-80: PDF over the API where the product was built with it, a
/// refusal that says what to do where it was not.
#[test]
fn a_report_as_pdf_or_why_not() {
    with_admin(|app, _| async move {
        let head = app.with_person("zhu", &[Post::Head]);
        let made = draft(&head, "monthly_analysis", "2026-10").await;
        let path = format!("/api/v1/reports/{}/file?format=pdf", made["id"].as_str().unwrap_or_default());
        let answer = head.get(&path).await;
        if cfg!(feature = "pdf") {
            let answer = answer.expect(StatusCode::OK);
            assert_eq!(answer.header("content-type"), "application/pdf");
            assert!(answer.header("content-disposition").ends_with(".pdf\""));
            assert!(answer.body.starts_with(b"%PDF-") && answer.body.ends_with(b"%%EOF"));
        } else {
            let problem = answer.problem(406, "pdf_not_built");
            let said = problem["detail"].as_str().unwrap_or_default();
            assert!(said.contains("HTML") && said.contains("pdf"), "{said}");
        }
        let agent = app.with_person("xiaoli", &[Post::Agent]);
        agent.get(&path).await.problem(403, "forbidden");
    });
}

/// X-6, PROP-80: when a period has ended the report drafts itself and who is due
/// is told, on the working day before when the day is off; once.
#[test]
fn a_report_that_is_due_drafts_itself_and_tells() {
    with_admin(|app, _| async move {
        let head = app.with_person("zhu", &[Post::Head]);
        let told = |notices: &Value, why: &str| {
            let items = notices["items"].as_array().into_iter().flatten();
            let of = |n: &&Value| n["why"] == why && n["params"]["kind"] == "monthly_analysis";
            items
                .filter(of)
                .map(|n| n["params"]["due"].as_str().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        // 28 November 2026 is a Saturday: Friday the 27th is the day to think of it
        for (day, due, late) in [
            ("2026-11-26T09:00:00+08:00", 0, 0),
            ("2026-11-27T09:00:00+08:00", 1, 0),
            ("2026-11-28T09:00:00+08:00", 1, 0),
            ("2026-11-29T09:00:00+08:00", 1, 1),
        ] {
            app.clock.set(at(day));
            run_day(&app).await;
            let notices = head.get("/api/v1/notifications?limit=200").await.expect(StatusCode::OK).json();
            let november = |dues: Vec<String>| dues.into_iter().filter(|due| due == "2026-11-28").count();
            assert_eq!(november(told(&notices, "report_due")), due, "{day}");
            assert_eq!(november(told(&notices, "report_late")), late, "{day}");
        }
        let list = head.get("/api/v1/reports?kind=monthly_analysis").await.expect(StatusCode::OK).json();
        let periods: Vec<&str> =
            list["items"].as_array().into_iter().flatten().filter_map(|row| row["period"].as_str()).collect();
        assert!(periods.contains(&"2026-10-28..2026-11-27"), "{periods:?}");
    });
}

/// Does what a day's start brings: a fresh tick and the jobs that it queues.
async fn run_day(app: &TestApp) {
    let (handlers, ticks) = work::everything(&app.edge.app);
    let runner = Runner::new(app.edge.app.clone(), handlers, ticks);
    for _ in 0..6 {
        runner.run_due(app.clock_now()).await.expect("work");
    }
}
