//! Customers, households and consents over HTTP.

use crate::{with_admin, word};
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use serde_json::json;

/// PROP-46, X-37: households are entered once, listed, and changed by who saw
/// the version; not by posts that do not look after customers.
#[test]
fn households_are_entered_once_and_changed_by_version() {
    with_admin(|app, admin| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let new = json!({"unit": app.unit, "building": "5", "room": "501", "area": 9000, "moved_in_on": "2020-05-01"});
        admin.post("/api/v1/households", &new).await.problem(403, "forbidden");
        let made = mei.post("/api/v1/households", &new).await.expect(StatusCode::CREATED).json();
        mei.post("/api/v1/households", &new).await.problem(409, "household_known");
        let list = mei.get("/api/v1/households").await.expect(StatusCode::OK).json();
        assert_eq!(
            list["items"].as_array().map(Vec::len),
            Some(1),
            "the twin's room of the same name: {list}"
        );
        let one = format!("/api/v1/households/{}", word(&made["id"]));
        mei.patch(&format!("/api/v1/households/{}", word(&made["id"])), &json!({"area": 1}))
            .await
            .problem(428, "version_required");
        let change = json!({"area": 9100, "version": made["version"]});
        let changed = mei.patch(&one, &change).await.expect(StatusCode::OK).json();
        assert_eq!(changed["area"], 9100);
        mei.patch(&one, &change).await.problem(409, "stale");
    });
}

/// PROP-46, PROP-47, X-37, X-38: a customer is entered, covered for who may not
/// see a number, changed by version, and consents are kept with how they were given.
#[test]
fn customers_are_covered_changed_and_consent() {
    with_admin(|app, _| async move {
        let (mei, ping) =
            (app.with_person("mei", &[Post::Agent]), app.with_person("ping", &[Post::Verifier]));
        let new =
            json!({"name": "欧阳某某", "phones": ["19900001234"], "note": "晚上在家", "unit": app.unit});
        let made = mei.post("/api/v1/parties", &new).await.expect(StatusCode::CREATED).json();
        let seen = mei.get(&format!("/api/v1/parties/{}", word(&made["id"]))).await.expect(StatusCode::OK);
        let whole = seen.json();
        assert!(whole["phones"].to_string().contains("19900001234"), "{whole}");
        assert_eq!(
            whole["same_phone"].as_array().map(Vec::len),
            Some(0),
            "the twin has the number too: {whole}"
        );
        let covered =
            ping.get(&format!("/api/v1/parties/{}", word(&made["id"]))).await.expect(StatusCode::OK).json();
        assert!(!covered["phones"].to_string().contains("19900001234"), "{covered}");
        let one = format!("/api/v1/parties/{}", word(&made["id"]));
        ping.patch(&one, &json!({"note": "x", "version": made["version"]})).await.problem(403, "forbidden");
        let careful = mei.clone().with("if-match", &seen.header("etag"));
        let changed = careful.patch(&one, &json!({"note": "白天在家"})).await.expect(StatusCode::OK).json();
        assert_eq!(changed["note"], "白天在家");
        careful.patch(&one, &json!({"note": "x"})).await.problem(409, "stale");
        let consents = format!("/api/v1/parties/{}/consents", word(&made["id"]));
        let given = json!({"purpose": "survey", "given": true, "how": "phone"});
        let list = mei.post(&consents, &given).await.expect(StatusCode::OK).json();
        assert_eq!(
            (&list["items"][0]["purpose"], &list["items"][0]["given_how"]),
            (&json!("survey"), &json!("phone"))
        );
        let withdrawn = json!({"purpose": "survey", "given": false, "how": "phone"});
        let list = mei.post(&consents, &withdrawn).await.expect(StatusCode::OK).json();
        assert!(list["items"][0]["withdrawn_at"].is_string(), "withdrawn ones stay: {list}");
    });
}

/// X-37, D4: texts of a case are erased by who may erase identities, on a lawful
/// basis, once; the case stays with its history.
#[test]
fn texts_of_a_case_are_erased_on_a_lawful_basis() {
    with_admin(|app, _| async move {
        let (mei, hua) = (app.with_person("mei", &[Post::Agent]), app.with_person("hua", &[Post::Head]));
        let case = crate::story::Story::begin(&mei, "欧阳某某家漏水").await.id;
        let basis = json!({"basis": "request of 2026-11-20"});
        let erase = format!("/api/v1/cases/{case}/erasures");
        mei.post(&erase, &basis).await.problem(403, "forbidden");
        let blank = hua.post(&erase, &json!({"basis": " "})).await;
        assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY, "{blank:?}");
        let erased = hua
            .post(&format!("/api/v1/cases/{case}/erasures"), &basis)
            .await
            .expect(StatusCode::CREATED)
            .json();
        assert!(erased["texts"].as_u64() >= Some(1), "{erased}");
        let timeline = mei.get(&format!("/api/v1/cases/{case}/timeline")).await.expect(StatusCode::OK);
        let told = String::from_utf8_lossy(&timeline.body).into_owned();
        assert!(!told.contains("欧阳") && !told.contains("漏水"), "{told}");
        hua.post(&erase, &basis).await.problem(409, "erased_already");
    });
}
