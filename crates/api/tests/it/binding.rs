use crate::story::Desk;
use crate::with_admin;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// X-2, X-39 (domain.md §4): a unit × kind may follow another pack; cases keep theirs.
#[test]
fn a_unit_is_bound_to_another_pack_by_kind() {
    with_admin(|app, admin| async move {
        let desk = Desk::of(&app);
        let new = |kind: &str| {
            json!({"kind": kind, "channel": "phone", "text": "话费多收",
                "reporter": {"name": "何先生", "phone": "19900001234"}})
        };
        let pack_of = async |kind: &str| {
            let made = desk.agent.post("/api/v1/cases", &new(kind)).await.expect(StatusCode::CREATED).json();
            let path = format!("/api/v1/cases/{}", made["id"].as_str().unwrap_or_default());
            let case = desk.agent.get(&path).await.expect(StatusCode::OK).json();
            (case["pack"]["name"].clone(), path)
        };
        let (name, before) = pack_of("complaint").await;
        assert_eq!(name, "property");
        let at = |kind: &str| format!("/api/v1/pack-bindings/{}/{kind}", app.unit);
        let six = json!({"pack": "telecom-six-step"});
        desk.head.put(&at("complaint"), &six).await.problem(403, "forbidden");
        admin.put(&at("complaint"), &json!({"pack": "nothing"})).await.problem(422, "invalid_body");
        admin.put(&at("rumour"), &six).await.problem(404, "not_found");
        let _ = admin.put(&at("complaint"), &six).await.expect(StatusCode::OK);
        assert_eq!(pack_of("complaint").await.0, "telecom-six-step");
        assert_eq!(pack_of("enquiry").await.0, "property", "other kinds follow the organisation");
        let old: Value = desk.agent.get(&before).await.expect(StatusCode::OK).json();
        assert_eq!(old["pack"]["name"], "property", "what is there keeps its pack for life");

        let _ = admin.put(&at("any"), &json!({"pack": "general-eight-step"})).await.expect(StatusCode::OK);
        assert_eq!(pack_of("enquiry").await.0, "general-eight-step");
        assert_eq!(pack_of("complaint").await.0, "telecom-six-step", "the kind's own goes first");
        let all = admin.get("/api/v1/pack-bindings").await.expect(StatusCode::OK).json();
        assert_eq!(all["items"].as_array().map(Vec::len), Some(2));
        let _ = admin.delete(&at("complaint")).await.expect(StatusCode::NO_CONTENT);
        admin.delete(&at("complaint")).await.problem(404, "not_found");
        assert_eq!(pack_of("complaint").await.0, "general-eight-step");
    });
}

/// DEPT-5: the cause, else the category, says which department does the work; it
/// is the one nearest to the case, and nobody is guessed where two are as near.
#[test]
fn the_cause_says_which_department_does_the_work() {
    with_admin(|app, admin| async move {
        let desk = Desk::of(&app);
        let at = format!("/api/v1/pack-bindings/{}/complaint", app.unit);
        let _ = admin.put(&at, &json!({"pack": "after-sales-agreement"})).await.expect(StatusCode::OK);
        let unit = async |code: &str, name: &str, parent: Value| {
            let new = json!({"code": code, "name": name, "level": "department", "parent": parent});
            admin.post("/api/v1/units", &new).await.expect(StatusCode::CREATED).json()["id"].clone()
        };
        let own = json!(app.unit);
        let far = unit("far", "临江", own.clone()).await;
        let distant = unit("wh2", "仓库", far).await;
        let new = json!({"kind": "complaint", "channel": "phone", "text": "少发一箱", "category": "delivery",
            "reporter": {"name": "何先生", "phone": "19900001234"}});
        let made = desk.agent.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED).json();
        let path = format!("/api/v1/cases/{}", made["id"].as_str().unwrap_or_default());
        let told = async || {
            let tips = desk.agent.get(&format!("{path}/tips")).await.expect(StatusCode::OK).json();
            (tips["department"].clone(), tips["department_unit"].clone())
        };
        assert_eq!(told().await, (json!("Warehouse"), distant), "by the category, the only one there is");
        let promise = json!({"kind": "feedback", "text": "回电", "due": "2026-09-30T15:00:00+08:00",
            "version": made["version"]});
        let kept = desk.agent.post(&format!("{path}/actions/promise"), &promise).await.expect(StatusCode::OK);
        let near = unit("wh3", "仓库", own.clone()).await;
        assert_eq!(told().await.1, near, "the one below the case's own unit is nearer");
        let transfer = json!({"to": desk.handler.id, "version": kept.json()["version"]});
        let _ = desk.agent.post(&format!("{path}/actions/transfer"), &transfer).await.expect(StatusCode::OK);
        let case = desk.agent.get(&path).await.expect(StatusCode::OK).json();
        assert_eq!(case["department"], near, "the transfer goes there by itself");
        let _ = unit("wh4", "仓库", own).await;
        assert_eq!(told().await.1, Value::Null, "two as near: nobody guesses");
    });
}
