//! Who leaves or is absent hands everything over first.

use crate::incident::{complaint, incident};
use crate::incident_work::{act, list};
use crate::story::Story;
use crate::{with_admin, word};
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use serde_json::json;

/// PROP-14, issue 3 §2: nobody is dismissed while anything would be without an
/// owner; after handing over they are out at once, and may be taken back.
#[test]
fn nobody_leaves_while_anything_would_be_without_an_owner() {
    with_admin(|app, admin| async move {
        let (mei, lan) = (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        let story = Story::begin(&mei, "停车场灯不亮").await;
        let me = mei.id.expect("a person");
        let (work, leave) = (format!("/api/v1/people/{me}/work"), format!("/api/v1/people/{me}/deactivate"));
        let open = admin.get(&work).await.expect(StatusCode::OK).json();
        assert_eq!((&open["cases"], &open["case_ids"]), (&json!(1), &json!([story.id])));
        let refused = admin.post(&leave, &json!({})).await.problem(409, "still_owns_work");
        assert_eq!(refused["params"]["cases"], 1, "{refused}");
        lan.post(&leave, &json!({})).await.problem(403, "forbidden");
        let over = format!("/api/v1/people/{me}/hand-over");
        let to_lan = json!({"to": lan.id, "reason": "leaving"});
        let statistics = app.with_person("tong", &[Post::Statistics]);
        statistics.post(&over, &to_lan).await.problem(403, "forbidden");
        let itself =
            admin.post(&over, &json!({"to": me, "reason": "leaving"})).await.problem(422, "invalid_body");
        assert_eq!(itself["fields"][0]["code"], "same_person");
        let twin = json!({"to": app.twin.person, "reason": "leaving"});
        let unknown = admin.post(&over, &twin).await.problem(422, "invalid_body");
        assert_eq!(unknown["fields"][0]["code"], "person_unknown");
        let moved = admin.post(&over, &to_lan).await.expect(StatusCode::OK).json();
        assert_eq!(moved["cases"], 1, "{moved}");
        let case = lan.get(&format!("/api/v1/cases/{}", story.id)).await.expect(StatusCode::OK).json();
        assert!(case.to_string().contains(&lan.id.expect("a person").to_string()), "{case}");
        let _ = admin.post(&leave, &json!({})).await.expect(StatusCode::NO_CONTENT);
        mei.get("/api/v1/session").await.problem(401, "unauthenticated");
        let again = json!({"unit": app.unit, "posts": ["agent"]});
        let back = format!("/api/v1/people/{me}/reactivate");
        let back = admin.post(&back, &again).await.expect(StatusCode::OK).json();
        assert_eq!(word(&back["posts"][0]["post"]), "agent", "{back}");
        mei.get("/api/v1/session").await.problem(401, "unauthenticated");
    });
}

/// Issue 3 §2: the last administrator stays.
#[test]
fn the_last_administrator_stays() {
    with_admin(|app, admin| async move {
        let people = admin.get("/api/v1/people").await.expect(StatusCode::OK).json();
        let first = people["items"].as_array().into_iter().flatten().find(|one| one["login"] == "admin");
        let first = word(&first.expect("the first administrator")["id"]).to_owned();
        let _ = admin
            .post(&format!("/api/v1/people/{first}/deactivate"), &json!({}))
            .await
            .expect(StatusCode::NO_CONTENT);
        let me = admin.id.expect("a person");
        admin
            .post(&format!("/api/v1/people/{me}/deactivate"), &json!({}))
            .await
            .problem(409, "last_administrator");
        let _ = admin.get("/api/v1/session").await.expect(StatusCode::OK);
        assert!(app.twin.org != app.org);
    });
}

/// PROP-14, D3: incidents and measures that somebody answers for are handed over
/// as cases are; each keeps the event, and the new person is told.
#[test]
fn incidents_and_measures_go_along() {
    with_admin(|app, admin| async move {
        let (mei, lan) = (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        let ben = app.with_person("ben", &[Post::Agent]);
        let (me, bens, lans) = (mei.id.expect("mei"), ben.id.expect("ben"), lan.id.expect("lan"));
        let a = complaint(&lan, "五号楼漏水", "19900000001").await;
        let id = incident(&mei, &[&a]).await;
        act(&mei, &id, "add_measure", json!({"text": "更换落水管", "person": bens})).await;
        let people = |person| format!("/api/v1/people/{person}");
        for person in [me, bens] {
            let open = admin.get(&format!("{}/work", people(person))).await.expect(StatusCode::OK).json();
            assert_eq!((&open["incidents"], &open["incident_ids"]), (&json!(1), &json!([id])), "{open}");
            let leave = format!("{}/deactivate", people(person));
            let refused = admin.post(&leave, &json!({})).await.problem(409, "still_owns_work");
            assert_eq!(refused["params"]["incidents"], 1, "{refused}");
            let over = json!({"to": lan.id, "reason": "leaving"});
            let moved = admin.post(&format!("{}/hand-over", people(person)), &over).await;
            assert_eq!(moved.expect(StatusCode::OK).json()["incidents"], 1);
            let _ = admin.post(&leave, &json!({})).await.expect(StatusCode::NO_CONTENT);
        }
        let path = format!("/api/v1/incidents/{id}");
        let now = lan.get(&path).await.expect(StatusCode::OK).json();
        assert_eq!((&now["owner"], &now["measures"][0]["person"]), (&json!(lans), &json!(lans)), "{now}");
        let told = lan.get(&format!("{path}/timeline")).await.expect(StatusCode::OK).json();
        assert_eq!(
            list(&told, "event").iter().filter(|name| **name == "work_taken_over").count(),
            2,
            "{told}"
        );
    });
}
