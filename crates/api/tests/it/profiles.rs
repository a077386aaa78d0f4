//! What people bring to the trade, and what projects are meant to be.

use crate::with_admin;
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use serde_json::{Value, json};

/// ASC-2, ASC-1: years, schooling and knowledge stand in the profile, and say which
/// conditions are met; others' profiles are for who manages people or duty.
#[test]
fn a_profile_says_which_conditions_somebody_meets() {
    with_admin(|app, admin| async move {
        let li = app.with_person("li", &[Post::Agent]);
        let colleague = app.with_person("mei", &[Post::Agent]);
        let path = format!("/api/v1/people/{}/profile", li.id.expect("a person"));
        let empty = li.get(&path).await.expect(StatusCode::OK).json();
        assert_eq!(empty["conditions"], json!({"years": null, "education": null, "knowledge": false}));
        let profile = json!({"trade_since": "2019-05-01", "education": "bachelor",
            "knowledge": ["空调", " 冰箱 ", "空调"]});
        for other in [&li, &colleague] {
            other.put(&path, &profile).await.problem(403, "forbidden");
        }
        colleague.get(&path).await.problem(403, "forbidden");
        let set = admin.put(&path, &profile).await.expect(StatusCode::OK).json();
        assert_eq!(set["conditions"], json!({"years": true, "education": true, "knowledge": true}));
        assert_eq!(set["knowledge"], json!(["冰箱", "空调"]), "sorted, each once");
        assert_eq!(li.get(&path).await.expect(StatusCode::OK).json(), set);
        for (wrong, at) in [
            (json!({"trade_since": "2099-01-01"}), "trade_since"),
            (json!({"knowledge": [" "]}), "knowledge[0]"),
            (json!({"education": "doctorate"}), "education"),
        ] {
            let problem = admin.put(&path, &wrong).await.problem(422, "invalid_body");
            assert_eq!(problem["fields"][0]["path"], at, "{problem}");
        }
        assert_eq!(li.get(&path).await.json(), set, "what was refused changed nothing");
    });
}

/// PROP-104: complaints are seen beside what their project is meant to be; what a
/// project does not say holds from above; the quarterly analysis has a table of it.
#[test]
fn complaints_are_related_to_what_the_project_is_meant_to_be() {
    with_admin(|app, admin| async move {
        let agent = app.with_person("li", &[Post::Agent]);
        let head = app.with_person("zhu", &[Post::Head]);
        let new = json!({"code": "E9", "name": "九号小区", "level": "estate", "parent": app.unit});
        let estate = admin.post("/api/v1/units", &new).await.expect(StatusCode::CREATED).json();
        let estate = estate["id"].as_str().unwrap_or_default().to_owned();
        let of = |unit: &str| format!("/api/v1/units/{unit}/profile");
        let above = json!({"positioning": "高端", "customer_group": "改善型家庭"});
        agent.put(&of(&estate), &above).await.problem(403, "forbidden");
        drop(admin.put(&of(&app.unit.to_string()), &above).await.expect(StatusCode::OK));
        let own = json!({"positioning": "刚需", "service_standard": "  ", "resource_cost": "2.5 元/平方米"});
        let set = admin.put(&of(&estate), &own).await.expect(StatusCode::OK).json();
        assert_eq!(set["service_standard"], Value::Null, "a blank text is none");
        assert_eq!(agent.get(&of(&estate)).await.expect(StatusCode::OK).json(), set);
        let long = json!({"positioning": "长".repeat(101)});
        admin.put(&of(&estate), &long).await.problem(422, "invalid_body");
        for unit in [estate.as_str(), &estate, &app.unit.to_string()] {
            let new = json!({"kind": "complaint", "channel": "phone", "text": "电梯停运", "unit": unit, "anonymous": true});
            let made = agent.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED).json();
            let (id, version) = (made["id"].as_str().unwrap_or_default().to_owned(), made["version"].clone());
            let promise = json!({"kind": "feedback", "text": "回电", "due": "2026-12-01T10:00:00+08:00", "version": version});
            let made = agent.post(&format!("/api/v1/cases/{id}/actions/promise"), &promise).await;
            let version = made.expect(StatusCode::OK).json()["version"].clone();
            let accept = format!("/api/v1/cases/{id}/actions/accept");
            drop(agent.post(&accept, &json!({"version": version})).await.expect(StatusCode::OK));
        }
        let month = "period=2026-10&cut=28";
        for (by, expected) in [
            ("positioning", json!([["刚需", 2], ["高端", 1]])),
            ("customer_group", json!([["改善型家庭", 3]])),
            ("service_standard", json!([[null, 3]])),
            ("resource_cost", json!([[null, 1], ["2.5 元/平方米", 2]])),
        ] {
            let path = format!("/api/v1/metrics/counted?{month}&by={by}");
            let found = head.get(&path).await.expect(StatusCode::OK).json();
            let groups: Vec<Value> = found["items"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|one| json!([one["group"], one["part"]]))
                .collect();
            assert_eq!(Value::from(groups), expected, "{by}");
        }
        for (group, rows) in [("&group=2.5 元/平方米", 2), ("", 1)] {
            let path =
                format!("/api/v1/metrics/counted/rows?{month}&by=resource_cost{}", group.replace(' ', "%20"));
            let list = head.get(&path).await.expect(StatusCode::OK).json();
            assert_eq!(list["items"].as_array().map(Vec::len), Some(rows), "{group}");
        }
        let new = json!({"kind": "quarterly_analysis", "period": "2026-q3"});
        let made = head.post("/api/v1/reports", &new).await.expect(StatusCode::CREATED).json();
        let path = format!("/api/v1/reports/{}", made["id"].as_str().unwrap_or_default());
        let document = head.get(&path).await.expect(StatusCode::OK).json()["document"].clone();
        let sections = document["sections"].as_array().cloned().unwrap_or_default();
        let relation = sections.iter().find(|one| one["name"] == "relation").expect("the section");
        assert_eq!(relation["blocks"][0]["name"], "relation", "{relation}");
    });
}
