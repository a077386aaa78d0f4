//! House papers over HTTP: opened, acted on, listed, printed, refused.

use crate::with_admin;
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

async fn recorded(by: &Client, text: &str) -> Value {
    let new = json!({"kind": "complaint", "channel": "phone", "text": text});
    by.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED).json()["id"].clone()
}

/// Opens today's list; the tests begin on 2026-09-30.
async fn today(app: &TestApp, lead: &Client) -> String {
    let new = json!({"unit": app.unit, "day": "2026-09-30"});
    let made = lead.post("/api/v1/stocktakes", &new).await.expect(StatusCode::CREATED).json();
    assert_eq!((made["version"].as_i64(), &made["state"]), (Some(1), &json!("open")));
    format!("/api/v1/stocktakes/{}", made["id"].as_str().unwrap_or_default())
}

/// PROP-16, PROP-52, DESK-16: the list, the words, the signature, the review and
/// the printed forms, as a desk works with them.
#[test]
fn a_stock_take_is_opened_spoken_to_signed_and_printed() {
    with_admin(|app, _| async move {
        let agent = app.with_person("mei", &[Post::Agent]);
        let lead = app.with_person("lei", &[Post::Lead]);
        let case = recorded(&agent, "五号楼<电梯>又停了").await;
        let list = today(&app, &lead).await;
        let lines = agent.get(&format!("{list}/lines?limit=1")).await.expect(StatusCode::OK).json();
        assert_eq!((&lines["items"][0]["case"], &lines["items"][0]["carried"]), (&case, &json!(false)));
        let shown = agent.get(&list).await.expect(StatusCode::OK).json();
        let open = |shown: &Value, action: &str| {
            let actions = shown["actions"].as_array().cloned().unwrap_or_default();
            actions.into_iter().find(|line| line["action"] == action).unwrap_or_default()
        };
        let sign = open(&shown, "sign");
        assert_eq!((&sign["open"], &sign["reasons"][0]["code"]), (&json!(false), &json!("words_missing")));
        assert!(sign["reasons"][0]["detail"].as_str().unwrap_or_default().contains('1'), "{sign}");
        let refused = agent.post(&format!("{list}/actions/sign"), &json!({})).await;
        assert_eq!(refused.problem(409, "action_closed")["params"]["reasons"][0]["code"], "words_missing");
        let word = json!({"case": case, "text": "已派工", "next": "复查", "by": "2026-10-09", "version": 1});
        let said = agent.post(&format!("{list}/actions/word"), &word).await.expect(StatusCode::OK);
        assert_eq!(said.json()["version"], 2);
        let stale = agent.post(&format!("{list}/actions/sign"), &json!({"version": 1})).await;
        stale.problem(409, "stale");
        let signed = agent.post(&format!("{list}/actions/sign"), &json!({"version": 2})).await;
        assert_eq!(signed.expect(StatusCode::OK).json()["state"], "signed");
        let reviewed = lead.post(&format!("{list}/actions/review"), &json!({"text": "同意"})).await;
        assert_eq!(reviewed.expect(StatusCode::OK).json()["state"], "reviewed");
        let done = lead.get(&list).await.expect(StatusCode::OK).json();
        let steps: Vec<&str> = done["entries"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|entry| entry["action"].as_str())
            .collect();
        assert_eq!(steps, ["open", "word", "sign", "review"]);
        for form in ["stocktake", "opinions", "register"] {
            let page = lead.get(&format!("{list}/print?form={form}")).await.expect(StatusCode::OK);
            let html = String::from_utf8_lossy(&page.body).into_owned();
            assert!(page.header("content-type").starts_with("text/html"));
            assert!(html.contains("&lt;电梯&gt;") && !html.contains("<电梯>"), "{form}: {html}");
            assert!(html.contains("2026-09-30") && html.contains("size: A4"), "{form}");
        }
    });
}

/// Bad input: unknown papers and steps, wrong bodies, wrong places; nothing is
/// half applied and a fault names its field.
#[test]
fn a_paper_refuses_what_is_wrong_in_words() {
    with_admin(|app, _| async move {
        let lead = app.with_person("lei", &[Post::Lead]);
        let list = today(&app, &lead).await;
        lead.post(&format!("{list}/actions/burn"), &json!({})).await.problem(404, "not_found");
        let nothing = "/api/v1/stocktakes/01890000-0000-7000-8000-000000000001";
        lead.get(nothing).await.problem(404, "not_found");
        lead.get("/api/v1/faults/x").await.problem(404, "not_found");
        let other = list.replace("stocktakes", "faults");
        lead.get(&other).await.problem(404, "not_found");
        let wrong = lead.post(&format!("{list}/actions/word"), &json!({"case": "x"})).await;
        assert_eq!(wrong.problem(422, "invalid_body")["fields"][0]["path"], "case");
        let clock = lead.post(&format!("{list}/actions/escalate"), &json!({})).await;
        clock.problem(403, "not_permitted");
        let day = lead.post("/api/v1/stocktakes", &json!({"unit": app.unit, "day": "2026-02-30"})).await;
        assert_eq!(day.problem(422, "invalid_body")["fields"][0]["path"], "day");
        lead.get("/api/v1/stocktakes?limit=0").await.problem(422, "invalid_query");
        lead.get("/api/v1/stocktakes?cursor=x").await.problem(422, "invalid_cursor");
        app.anonymous().get(&list).await.problem(401, "unauthenticated");
        let rhythm =
            json!({"desks": [{"unit": app.unit, "opens": "9", "remind": "17:00", "sign_by": "18:00"}]});
        let body = axum::body::Body::from(rhythm.to_string());
        let put = |client: Client, body| async move {
            client.send(axum::http::Method::PUT, "/api/v1/desk-rhythm", Some("application/json"), body).await
        };
        put(lead.clone(), body).await.problem(428, "version_required");
        let seen = lead.clone().with("if-match", "\"0\"");
        let bad = put(seen, axum::body::Body::from(rhythm.to_string())).await;
        assert_eq!(bad.problem(422, "invalid_body")["fields"][0]["path"], "desks[0].opens");
    });
}

/// Issue 4: a twin organisation's papers are not there.
#[test]
fn a_twins_papers_never_show_through() {
    with_admin(|app, _| async move {
        let lead = app.with_person("lei", &[Post::Lead, Post::Manager]);
        let list = today(&app, &lead).await;
        let theirs = app.of_twin();
        for part in ["", "/lines", "/print?form=register"] {
            theirs.get(&format!("{list}{part}")).await.problem(404, "not_found");
        }
        let none = theirs.get("/api/v1/stocktakes").await.expect(StatusCode::OK).json();
        assert_eq!(none["items"], json!([]));
        let across = json!({"unit": app.unit, "day": "2026-09-30"});
        let refused = theirs.post("/api/v1/stocktakes", &across).await.problem(422, "invalid_body");
        assert_eq!(refused["fields"][0]["code"], "unknown_unit");
    });
}

/// MEDIA-3, MEDIA-4: one action gives the case, the fixed answer and what to do next.
#[test]
fn the_fixed_answer_comes_back_at_once() {
    with_admin(|app, _| async move {
        let guard = app.with_person("guard", &[Post::Employee]);
        let new = json!({"form": "present", "medium": "晚报"});
        let made = guard.clone().with("accept-language", "zh-CN").post("/api/v1/media-alerts", &new).await;
        let made = made.expect(StatusCode::CREATED).json();
        assert_eq!(made["fixed_answer"], "公司对媒体采访有规范的接待流程,请您稍候,我马上为您联系");
        assert_eq!(made["waits_for"], "written_request");
        let case = guard.get(&format!("/api/v1/cases/{}", made["id"].as_str().unwrap_or_default())).await;
        assert_eq!(case.expect(StatusCode::OK).json()["kind"], "media");
    });
}

/// House papers whose operations are made from one table.
pub(crate) const REGISTERS: [&str; 12] = [
    "arbitrations",
    "articles",
    "authority-files",
    "digests",
    "faults",
    "line-reports",
    "misconduct",
    "online-posts",
    "publications",
    "scorecards",
    "stocktakes",
    "visit-records",
];

/// Issue 4, bad input: every operation of every paper answers clearly when there
/// is no such paper and the body says nothing; lists are empty, nothing is made.
#[test]
fn every_operation_of_a_paper_answers_clearly() {
    let document = serde_json::to_value(huiyin_api::openapi::document()).expect("the document is JSON");
    with_admin(|app, _| {
        let document = document.clone();
        async move {
            let everything = app.with_person("mei", &Post::ALL);
            for (path, item) in document["paths"].as_object().expect("paths") {
                let kind = path.split('/').nth(3).unwrap_or_default();
                if !REGISTERS.contains(&kind) {
                    continue;
                }
                let address = path.replace("{id}", "0199c82c-0000-7000-8000-000000000001");
                for method in item.as_object().expect("operations").keys() {
                    let answer = match method.as_str() {
                        "get" => everything.get(&address).await,
                        "post" => everything.post(&address, &json!({})).await,
                        other => panic!("{other} {path} has no test here"),
                    };
                    if method == "get" && !path.contains('{') {
                        assert_eq!(answer.expect(StatusCode::OK).json()["items"], json!([]), "{path}");
                    } else {
                        let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
                        assert!(
                            answer.status.is_client_error() && code != "forbidden",
                            "{method} {path}: {answer:?}"
                        );
                    }
                }
            }
        }
    });
}
