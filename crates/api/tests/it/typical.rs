//! Cases worth telling, and the day's complaints in parts.

use crate::{with_admin, word};
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

/// Records an accepted complaint; gives its id and number.
async fn accepted(agent: &Client, text: &str) -> (String, String) {
    let new = json!({"kind": "complaint", "channel": "phone", "text": text, "category": "equipment"});
    let made = agent.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED).json();
    let id = word(&made["id"]).to_owned();
    let promise = json!({"kind": "feedback", "text": "回电", "due": "2026-09-30T15:00:00+08:00"});
    act(agent, &id, "promise", promise).await;
    act(agent, &id, "accept", json!({})).await;
    (id, word(&made["number"]).to_owned())
}

async fn act(by: &Client, id: &str, action: &str, mut body: Value) {
    let case = by.get(&format!("/api/v1/cases/{id}")).await.expect(StatusCode::OK).json();
    body["version"] = case["version"].clone();
    let _ = by.post(&format!("/api/v1/cases/{id}/actions/{action}"), &body).await.expect(StatusCode::OK);
}

async fn draft(by: &Client, kind: &str, period: &str) -> Value {
    let new = json!({"kind": kind, "period": period});
    let made = by.post("/api/v1/reports", &new).await.expect(StatusCode::CREATED).json();
    by.get(&format!("/api/v1/reports/{}", word(&made["id"]))).await.expect(StatusCode::OK).json()
}

/// The rows of the table of a section: its first cells and its last one.
fn table(section: &Value) -> Vec<(String, Value)> {
    let blocks = section["blocks"].as_array().expect("blocks").iter();
    let table = blocks.into_iter().find(|block| block["rows"].is_array()).expect("a table");
    let rows = table["rows"].as_array().expect("rows").iter();
    let cell = |row: &Value| row["cells"].as_array().expect("cells").clone();
    let first = |row: &Value| serde_json::to_string(&cell(row)[0]).expect("JSON");
    rows.map(|row| (first(row), cell(row).last().expect("a cell").clone())).collect()
}

/// PROP-65, X-10: what the lead chose as important stands among the typical cases of
/// the month with its reason, what nobody chose does not; people tell of them, and
/// the group reads it.
#[test]
fn typical_cases_are_chosen_told_and_read_by_the_group() {
    with_admin(|app, _| async move {
        let (agent, lead) = (app.with_person("mei", &[Post::Agent]), app.with_person("lee", &[Post::Lead]));
        let group = app.with_person("grace", &[Post::Group]);
        let (chosen, number) = accepted(&agent, "电梯困人").await;
        let (_, plain) = accepted(&agent, "灯不亮").await;
        act(&lead, &chosen, "mark", json!({"flag": "important"})).await;
        let made = draft(&lead, "typical_cases", "2026-10").await;
        let cases = &made["document"]["sections"][0];
        let rows = table(cases);
        assert_eq!(rows.len(), 1, "{cases}");
        assert!(rows[0].0.contains(&number) && !rows[0].0.contains(&plain));
        assert!(rows[0].1.to_string().contains("重要投诉"), "{cases}");
        let path = format!("/api/v1/reports/{}", word(&made["id"]));
        let told = json!({"texts": {"cases": "要点：困人两小时；教训：巡检不到位"}, "version": 1});
        let _ = lead.patch(&format!("{path}/texts"), &told).await.expect(StatusCode::OK);
        let read = group.get(&path).await.expect(StatusCode::OK).json();
        assert!(read["document"].to_string().contains("巡检不到位"), "{read}");
    });
}

/// PROP-69: the day's complaints come in parts, one for each department that has
/// them, and one for what no department has yet.
#[test]
fn the_day_is_told_in_parts() {
    with_admin(|app, admin| async move {
        let (agent, lead) = (app.with_person("mei", &[Post::Agent]), app.with_person("lee", &[Post::Lead]));
        let unit = json!({"code": "works", "name": "工程部", "level": "department", "parent": app.unit});
        let works = admin.post("/api/v1/units", &unit).await.expect(StatusCode::CREATED).json();
        let (given, number) = accepted(&agent, "水泵停了").await;
        let (_, left) = accepted(&agent, "灯不亮").await;
        let transfer = json!({"to": lead.id.expect("a person"), "department": works["id"]});
        act(&agent, &given, "transfer", transfer).await;
        let made = draft(&lead, "daily_parts", "2026-09-30").await;
        let sections = made["document"]["sections"].as_array().expect("sections");
        let part = |title: &str| {
            let found = sections.iter().find(|section| section["title"].to_string().contains(title));
            table(found.unwrap_or_else(|| panic!("no part {title}: {made}")))
        };
        let (own, rest) = (part("工程部"), part("尚未派给部门"));
        assert!(own.len() == 1 && own[0].0.contains(&number), "{own:?}");
        assert!(rest.len() == 1 && rest[0].0.contains(&left), "{rest:?}");
    });
}

/// PROP-34, PROP-47: categories are shown with what they include and exclude where
/// one is chosen, before and after there is a case; where nobody may insist on
/// room and name, that is said.
#[test]
fn categories_are_shown_with_their_boundaries() {
    with_admin(|app, admin| async move {
        let agent = app.with_person("mei", &[Post::Agent]);
        let (id, _) = accepted(&agent, "灯不亮").await;
        let zh = agent.clone().with("accept-language", "zh-CN");
        let shown = zh.get("/api/v1/taxonomy?kind=complaint").await.expect(StatusCode::OK).json();
        assert_eq!(shown["pack"], json!({"name": "property", "version": 1}));
        let categories = shown["categories"].as_array().expect("categories").clone();
        assert_eq!(categories.len(), 8);
        for category in &categories {
            for part in ["title", "definition", "includes", "excludes"] {
                assert!(!word(&category[part]).is_empty(), "{category}");
            }
            assert_eq!(category["insists"], json!(category["code"] != "resident_dispute"), "{category}");
        }
        assert!(shown.to_string().contains("委托外单位养护的也在内"), "outsourced is included (PROP-27)");
        let causes = shown["causes"].as_array().expect("causes");
        assert!(causes.iter().any(|cause| cause["code"] == "man.attitude" && cause["parent"] == "man"));
        assert!(shown["fields"].to_string().contains("客户感受"), "{shown}");
        let of_case = agent.get(&format!("/api/v1/cases/{id}/taxonomy")).await.expect(StatusCode::OK).json();
        assert!(
            of_case["categories"].to_string().contains("Equipment management"),
            "in the reader's language"
        );
        let nowhere = format!("/api/v1/taxonomy?unit={id}");
        admin.get(&nowhere).await.problem(422, "invalid_query");
    });
}
