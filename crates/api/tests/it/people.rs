use crate::with_admin;
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

/// contracts §2: overwriting needs the version seen; an old one is told the
/// newer state.
#[test]
fn two_people_do_not_overwrite_each_other() {
    with_admin(|app, admin| async move {
        let li = app.with_person("li", &[Post::Agent]);
        let path = format!("/api/v1/people/{}", li.id.expect("person"));
        let seen = admin.get(&path).await.expect(StatusCode::OK);
        let etag = seen.header("etag");
        admin.patch(&path, &json!({"name": "李"})).await.problem(428, "version_required");
        let careful = admin.clone().with("if-match", &etag);
        let changed = careful.patch(&path, &json!({"name": "李雷"})).await.expect(StatusCode::OK).json();
        let problem = careful.patch(&path, &json!({"name": "李磊"})).await.problem(409, "stale");
        assert_eq!(problem["params"]["current"]["name"], "李雷");
        assert_eq!(problem["params"]["current"]["version"], changed["version"]);
        let by_body = json!({"name": "李磊", "version": changed["version"]});
        assert_eq!(admin.patch(&path, &by_body).await.expect(StatusCode::OK).json()["name"], "李磊");
        careful.patch(&path, &by_body).await.problem(422, "version_contradictory");
    });
}

/// contracts §2: lists have pages in a stable order and an end.
#[test]
fn people_come_in_pages() {
    with_admin(|app, admin| async move {
        for login in ["chen", "li", "wang"] {
            app.with_person(login, &[Post::Agent]);
        }
        let (mut logins, mut cursor) = (Vec::new(), String::new());
        loop {
            let page =
                admin.get(&format!("/api/v1/people?limit=2{cursor}")).await.expect(StatusCode::OK).json();
            for person in page["items"].as_array().expect("items") {
                logins.push(person["login"].as_str().unwrap_or_default().to_owned());
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(logins, ["admin", "boss", "chen", "li", "wang"]);
    });
}

/// SLM-1: a person may hold several posts at several units; the past stays.
#[test]
fn a_person_gets_further_places_and_loses_them() {
    with_admin(|app, admin| async move {
        let li = app.with_person("li", &[Post::Agent]);
        let path = format!("/api/v1/people/{}/memberships", li.id.expect("person"));
        let place = json!({"unit": app.unit, "posts": ["visitor", "verifier"]});
        li.post(&path, &place).await.problem(403, "forbidden");
        let made = admin.post(&path, &place).await.expect(StatusCode::CREATED).json();
        let who = li.get("/api/v1/session").await.json();
        assert_eq!(who["posts"].as_array().map(Vec::len), Some(3), "{who}");
        app.clock.advance(60);
        let end = format!("/api/v1/memberships/{}/end", made["id"].as_str().unwrap_or_default());
        let _ = admin.post(&end, &json!({})).await.expect(StatusCode::NO_CONTENT);
        admin.post(&end, &json!({})).await.problem(409, "membership_ended");
        let all = admin.get(&path).await.json();
        assert_eq!(all["items"].as_array().map(Vec::len), Some(2), "{all}");
    });
}

/// Issue 3 §2: each write leaves an audit line; the matrix is readable.
#[test]
fn writes_are_in_the_audit_trail() {
    with_admin(|app, admin| async move {
        let unit = json!({"code": "north", "name": "北苑", "level": "estate", "parent": app.unit});
        let made = admin.clone().with("x-request-id", "r-9").post("/api/v1/units", &unit).await.json();
        let trail = admin.get("/api/v1/audit?object_kind=unit&limit=1").await.expect(StatusCode::OK).json();
        assert_eq!(trail["items"][0]["action"], "unit_added");
        assert_eq!(trail["items"][0]["object_id"], made["id"]);
        assert_eq!(trail["items"][0]["request_id"], "r-9");
        let li = app.with_person("li", &[Post::Employee]);
        li.get("/api/v1/audit").await.problem(403, "forbidden");
        let matrix = li.get("/api/v1/matrix").await.expect(StatusCode::OK).json();
        assert_eq!(matrix["items"].as_array().map(Vec::len), Some(Post::ALL.len()));
    });
}

/// SLM-1: each unit names the reader's posts that count there, as far as each
/// reaches, so that a page offers only the units at which something may be done.
#[test]
fn a_unit_names_the_posts_that_count_there() {
    with_admin(|app, admin| async move {
        let new = json!({"code": "east", "name": "东区", "level": "estate", "parent": app.unit});
        let below = admin.post("/api/v1/units", &new).await.expect(StatusCode::CREATED).json();
        let new = json!({"code": "beside", "name": "别处", "level": "company"});
        let beside = admin.post("/api/v1/units", &new).await.expect(StatusCode::CREATED).json();
        let (lead, other) =
            (app.with_person("lan", &[Post::Lead]), app.with_person("mei", &[Post::Employee]));
        let counted = async |by: &Client, unit: &Value| {
            let units = by.get("/api/v1/units").await.expect(StatusCode::OK).json();
            let items = units["items"].as_array().cloned().unwrap_or_default();
            items.into_iter().find(|one| one["id"] == *unit).map(|one| one["posts"].clone())
        };
        let own = json!(app.unit);
        assert_eq!(counted(&lead, &own).await, Some(json!(["lead"])));
        assert_eq!(counted(&lead, &below["id"]).await, Some(json!(["lead"])), "a lead reaches below");
        assert_eq!(counted(&lead, &beside["id"]).await, Some(json!([])));
        assert_eq!(counted(&admin, &beside["id"]).await, Some(json!(["admin"])), "everywhere");
        assert_eq!(counted(&other, &below["id"]).await, Some(json!([])), "an employee is of one unit");
    });
}
