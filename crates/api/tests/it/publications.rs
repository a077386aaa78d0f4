//! Publications over HTTP: proposals, approval, sheet, public page.

use crate::story::{Desk, Story};
use crate::{with_admin, word};
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use serde_json::{Value, json};

const MONTHLY: &str = "/api/v1/publications";

async fn answered(desk: &Desk) -> Story {
    let body = json!({"kind": "complaint", "channel": "phone", "text": "钱女士（13800007788）反映5栋电梯异响",
        "category": "equipment", "reporter": {"name": "钱女士", "phone": "13800007788"}});
    let made = desk.agent.post("/api/v1/cases", &body).await.expect(StatusCode::CREATED).json();
    let id = word(&made["id"]).to_owned();
    let reply = json!({"kind": "measures", "carrier": "spoken", "text": "钱女士您好，导轨已润滑，异响消除"});
    let path = format!("/api/v1/cases/{id}/actions/reply");
    let _ = desk.agent.post(&path, &reply).await.expect(StatusCode::OK);
    Story { id, version: 0 }
}

fn digest_of(paper: &Value) -> Value {
    paper["paper"]["digest"].clone()
}

/// PROP-77, PROP-78, X-14, X-37: drafted from eligible cases without telling who,
/// approved by somebody else and for exactly that content, put up and taken down.
#[test]
fn a_publication_tells_what_was_done_and_nobody_who_it_was() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let story = answered(&desk).await;
        let other = Story::begin(&desk.agent, "一件还没有答复的").await;
        let month = "2026-09";
        let new = json!({"unit": app.unit, "of": "monthly", "month": month, "due_at": crate::story::later(&app, 48)});
        let made = desk.lead.post(MONTHLY, &new).await.expect(StatusCode::CREATED).json();
        let id = word(&made["id"]);
        let one = format!("/api/v1/publications/{id}");
        let proposals = desk
            .lead
            .get(&format!("/api/v1/publications/{id}/proposals"))
            .await
            .expect(StatusCode::OK)
            .json();
        assert_eq!(proposals["items"].as_array().map(Vec::len), Some(1), "{proposals}");
        let (matter, handling) = (&proposals["items"][0]["matter"], &proposals["items"][0]["handling"]);
        for words in [matter, handling] {
            assert!(!word(words).contains("钱女士") && !word(words).contains("1380000"), "{words}");
        }
        assert!(word(matter).contains("电梯异响") && word(handling).contains("异响消除"));
        let act = |step: &str| format!("{one}/actions/{step}");
        let draft = |matter: &Value, case: &str| json!({"items": [{"case": case, "matter": matter, "handling": handling}]});
        let telling = draft(&json!("钱女士家电梯异响"), &story.id);
        let refused = desk.lead.post(&act("draft"), &telling).await.problem(422, "invalid_body");
        assert_eq!(refused["fields"][0]["code"], "tells_who", "{refused}");
        let foreign = draft(matter, &other.id);
        let refused = desk.lead.post(&act("draft"), &foreign).await.problem(422, "invalid_body");
        assert_eq!(refused["fields"][0]["code"], "not_publishable", "{refused}");
        desk.lead.post(&act("submit"), &json!({})).await.problem(409, "action_closed");
        let _ = desk.lead.post(&act("draft"), &draft(matter, &story.id)).await.expect(StatusCode::OK);
        let _ = desk.lead.post(&act("submit"), &json!({})).await.expect(StatusCode::OK);
        let digest = digest_of(&desk.head.get(&one).await.expect(StatusCode::OK).json());
        desk.lead.post(&act("approve"), &json!({"digest": digest})).await.problem(403, "not_permitted");
        let stale = json!({"digest": "x".repeat(43)});
        desk.head.post(&act("approve"), &stale).await.problem(422, "invalid_body");
        let _ = desk.head.post(&act("approve"), &json!({"digest": digest})).await.expect(StatusCode::OK);
        let board = format!("/notices/default/{}", unit_code(&app, &desk).await);
        assert_eq!(app.anonymous().get(&board).await.status, StatusCode::NOT_FOUND);
        let up = json!({"places": ["notice_board", "page"], "at": crate::story::later(&app, 0)});
        let _ = desk.agent.post(&act("publish"), &up).await.expect(StatusCode::OK);
        let sheet = desk.agent.get(&format!("/api/v1/publications/{id}/sheet")).await.expect(StatusCode::OK);
        let public = app.anonymous().get(&board).await.expect(StatusCode::OK);
        for page in [&sheet, &public] {
            let text = String::from_utf8_lossy(&page.body).into_owned();
            assert!(
                text.contains("电梯异响") && !text.contains("钱女士") && !text.contains("<script"),
                "{text}"
            );
        }
        let _ = desk.lead.post(&act("withdraw"), &json!({"reason": "住户要求"})).await.expect(StatusCode::OK);
        assert_eq!(app.anonymous().get(&board).await.status, StatusCode::NOT_FOUND);
    });
}

async fn unit_code(app: &huiyin_testkit::TestApp, desk: &Desk) -> String {
    let units = desk.head.get("/api/v1/units").await.expect(StatusCode::OK).json();
    let all = units["items"].as_array().cloned().unwrap_or_default();
    let own = all.iter().find(|unit| unit["id"] == json!(app.unit));
    own.map(|unit| word(&unit["code"]).to_owned()).unwrap_or_default()
}

/// PROP-77: a month without such matters is recorded, not left open; one that is
/// late is asked for.
#[test]
fn nothing_to_publish_is_recorded() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let new = json!({"unit": app.unit, "of": "monthly", "month": "2026-08", "due_at": crate::story::later(&app, 1)});
        let made = desk.lead.post(MONTHLY, &new).await.expect(StatusCode::CREATED).json();
        desk.lead.post(MONTHLY, &new).await.problem(409, "paper_exists");
        let path = format!("/api/v1/publications/{}/actions/record_nothing", word(&made["id"]));
        desk.agent.post(&path, &json!({"reason": "无"})).await.problem(403, "not_permitted");
        let done =
            desk.lead.post(&path, &json!({"reason": "本月无此类事项"})).await.expect(StatusCode::OK).json();
        assert_eq!(done["state"], "nothing", "{done}");
        let wrong = json!({"unit": app.unit, "of": "monthly", "month": "2026-13", "due_at": crate::story::later(&app, 1)});
        let refused = desk.lead.post(MONTHLY, &wrong).await.problem(422, "invalid_body");
        assert_eq!(refused["fields"][0]["path"], "month");
        let employee = app.with_person("yuan", &[Post::Employee]);
        employee.get(&format!("/api/v1/publications/{}", word(&made["id"]))).await.problem(404, "not_found");
    });
}
