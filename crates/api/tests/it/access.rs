use crate::with_admin;
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use huiyin_testkit::app::PASSWORD;
use serde_json::json;

/// contracts §2: writes by cookie need a matching Origin; tokens need none.
#[test]
fn writes_by_cookie_need_our_origin() {
    with_admin(|app, admin| async move {
        let browser = app.anonymous().sign_in("admin", PASSWORD).await;
        let who = browser.get("/api/v1/session").await.expect(StatusCode::OK).json();
        assert_eq!((&who["login"], &who["organisation"]["code"]), (&json!("admin"), &json!("default")));
        let unit = json!({"code": "north", "name": "北苑", "level": "estate", "parent": app.unit});
        let elsewhere = browser.clone().with("origin", "https://evil.example");
        elsewhere.post("/api/v1/units", &unit).await.problem(403, "origin_mismatch");
        let _ = browser.post("/api/v1/units", &unit).await.expect(StatusCode::CREATED);
        let by_token = json!({"code": "south", "name": "南苑", "level": "estate", "parent": app.unit});
        let foreign = admin.with("origin", "https://evil.example");
        let _ = foreign.post("/api/v1/units", &by_token).await.expect(StatusCode::CREATED);
    });
}

/// contracts §2: `DELETE /session` ends it; the cookie is worthless afterwards.
#[test]
fn after_signing_out_the_cookie_is_worthless() {
    with_admin(|app, _| async move {
        let browser = app.anonymous().sign_in("admin", PASSWORD).await;
        let answer = browser.delete("/api/v1/session").await.expect(StatusCode::NO_CONTENT);
        assert!(answer.header("set-cookie").contains("Max-Age=0"));
        browser.get("/api/v1/session").await.problem(401, "unauthenticated");
        let _ = browser.delete("/api/v1/session").await.expect(StatusCode::NO_CONTENT);
    });
}

/// contracts §2: a token is shown once and does no more than its posts.
#[test]
fn a_token_is_limited_by_its_posts() {
    with_admin(|app, _| async move {
        let both = app.with_person("li", &[Post::Admin, Post::Agent]);
        let made = both.post("/api/v1/tokens", &json!({"name": "desk", "posts": ["agent"]})).await;
        let made = made.expect(StatusCode::CREATED).json();
        let bearer = format!("Bearer {}", made["token"].as_str().unwrap_or_default());
        let narrow = app.anonymous().with("authorization", &bearer);
        narrow
            .post(
                "/api/v1/people",
                &json!({"login": "x1", "name": "x",
            "membership": {"unit": app.unit, "posts": ["agent"]}}),
            )
            .await
            .problem(403, "forbidden");
        let wider = json!({"name": "wider", "posts": ["admin"]});
        narrow.post("/api/v1/tokens", &wider).await.problem(422, "invalid_body");
        let path = format!("/api/v1/tokens/{}", made["id"].as_str().unwrap_or_default());
        let _ = both.delete(&path).await.expect(StatusCode::NO_CONTENT);
        narrow.get("/api/v1/session").await.problem(401, "unauthenticated");
    });
}

/// contracts §2: nobody signed in, a broken header and a wrong password.
#[test]
fn who_is_nobody_gets_401() {
    with_admin(|app, _| async move {
        let nobody = app.anonymous();
        let answer = nobody.get("/api/v1/people").await;
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        answer.problem(401, "unauthenticated");
        for header in ["Basic YTpi", "Bearer", "Bearer nonsense", "Bearer hyt_unknown"] {
            nobody
                .clone()
                .with("authorization", header)
                .get("/api/v1/people")
                .await
                .problem(401, "unauthenticated");
        }
        let wrong = json!({"login": "admin", "password": "wrong wrong wrong"});
        nobody.post("/api/v1/session", &wrong).await.problem(401, "login_failed");
    });
}

/// Issue 3 §1: no default password; the one-time link makes the administrator.
#[test]
fn a_reset_link_works_once() {
    with_admin(|app, admin| async move {
        let li = app.with_person("li", &[Post::Agent]);
        let id = li.id.map(|id| id.to_string()).unwrap_or_default();
        let made = admin.post(&format!("/api/v1/people/{id}/reset_link"), &json!({})).await;
        let path = made.expect(StatusCode::CREATED).json()["path"].as_str().unwrap_or_default().to_owned();
        let page = app.anonymous().get(&path).await.expect(StatusCode::OK);
        assert!(page.header("content-security-policy").contains("default-src 'none'"));
        let form =
            |password: &str| axum::body::Body::from(format!("password={}", password.replace(' ', "+")));
        let media = Some("application/x-www-form-urlencoded");
        let used = app.anonymous().send(axum::http::Method::POST, &path, media, form(PASSWORD)).await;
        assert!(String::from_utf8_lossy(&used.body).contains("You can sign in now"), "{used:?}");
        let again = app.anonymous().send(axum::http::Method::POST, &path, media, form(PASSWORD)).await;
        assert!(!String::from_utf8_lossy(&again.body).contains("You can sign in now"));
        let who = app.anonymous().sign_in("li", PASSWORD).await.get("/api/v1/session").await;
        assert_eq!(who.json()["login"], "li");
    });
}
