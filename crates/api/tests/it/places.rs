//! The organisation tree and posts over HTTP.

use crate::{with_admin, word};
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use serde_json::{Value, json};

/// Issue 3 §2: units are renamed, moved from a moment on and ended; the past
/// stays, and only the administrator does it.
#[test]
fn units_are_renamed_moved_and_ended() {
    with_admin(|app, admin| async move {
        let unit = async |code: &str, level: &str, parent: &Value| {
            let new = json!({"code": code, "name": code, "level": level, "parent": parent});
            admin.post("/api/v1/units", &new).await.expect(StatusCode::CREATED).json()["id"].clone()
        };
        let root = json!(app.unit);
        let (east, west) = (unit("east", "centre", &root).await, unit("west", "centre", &root).await);
        let estate = unit("north", "estate", &east).await;
        let head = app.with_person("hua", &[Post::Head]);
        let rename = format!("/api/v1/units/{}", word(&estate));
        head.patch(&rename, &json!({"name": "北苑"})).await.problem(403, "forbidden");
        let renamed =
            admin.patch(&format!("/api/v1/units/{}", word(&estate)), &json!({"name": "北苑"})).await;
        let _ = renamed.expect(StatusCode::NO_CONTENT);
        app.clock.advance(60);
        let to = format!("/api/v1/units/{}/move", word(&estate));
        head.post(&to, &json!({"parent": west})).await.problem(403, "forbidden");
        let _ = admin.post(&to, &json!({"parent": west})).await.expect(StatusCode::NO_CONTENT);
        let around =
            admin.post(&format!("/api/v1/units/{}/move", word(&west)), &json!({"parent": estate})).await;
        assert!(around.status.is_client_error(), "no unit stands below itself: {around:?}");
        app.clock.advance(60);
        let end = format!("/api/v1/units/{}/end", word(&west));
        admin.post(&end, &json!({})).await.problem(409, "unit_in_use");
        let _ = admin
            .post(&format!("/api/v1/units/{}/end", word(&east)), &json!({}))
            .await
            .expect(StatusCode::NO_CONTENT);
        let tree = admin.get("/api/v1/units").await.expect(StatusCode::OK).json();
        let north = tree["items"].as_array().into_iter().flatten().find(|one| one["id"] == estate);
        assert_eq!(north.expect("the estate")["name"], "北苑");
        assert_eq!(tree["items"].as_array().map(Vec::len), Some(4), "what ended stays known: {tree}");
    });
}

/// SLM-1: posts of a place are changed from now on; the old place stays known.
#[test]
fn posts_of_a_place_are_changed_from_now_on() {
    with_admin(|app, admin| async move {
        let li = app.with_person("li", &[Post::Agent]);
        let list = format!("/api/v1/people/{}/memberships", li.id.expect("a person"));
        let place = admin.get(&list).await.expect(StatusCode::OK).json()["items"][0]["id"].clone();
        app.clock.advance(60);
        let change = format!("/api/v1/memberships/{}/posts", word(&place));
        li.post(&change, &json!({"posts": ["admin"]})).await.problem(403, "forbidden");
        let none = admin.post(&change, &json!({"posts": []})).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "{none:?}");
        let _ = admin.post(&change, &json!({"posts": ["visitor", "verifier"]})).await.expect(StatusCode::OK);
        let who = li.get("/api/v1/session").await.expect(StatusCode::OK).json();
        let mut posts: Vec<&str> =
            who["posts"].as_array().into_iter().flatten().map(|one| word(&one["post"])).collect();
        posts.sort_unstable();
        assert_eq!(posts, ["verifier", "visitor"]);
        let all = admin.get(&list).await.expect(StatusCode::OK).json();
        assert_eq!(all["items"].as_array().map(Vec::len), Some(2), "{all}");
    });
}
