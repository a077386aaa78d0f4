//! Notices and the stream of changes over HTTP.

use crate::{with_admin, word};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use huiyin_app::work::{Runner, everything};
use huiyin_domain::people::Post;
use serde_json::json;

/// Issue 3 §3: a notice has its reason, is read and acknowledged by its reader
/// alone, with the times; how one is told beside the product is one's own choice.
#[test]
fn a_notice_is_read_and_acknowledged_by_its_reader() {
    with_admin(|app, _| async move {
        let (mei, niu) = (app.with_person("mei", &[Post::Agent]), app.with_person("niu", &[Post::Agent]));
        let mut story = crate::story::Story::begin(&mei, "停车场灯不亮").await;
        let over = json!({"to": niu.id, "reason": "换班"});
        let _ = story.act(&mei, "hand_over", over).await;
        let (handlers, ticks) = everything(&app.edge.app);
        let runner = Runner::new(app.edge.app.clone(), handlers, ticks);
        runner.run_due(app.clock_now()).await.expect("machine work");
        let list = "/api/v1/notifications?unread=true";
        let unread = niu.count("/api/v1/notifications/count", list).await;
        assert!(unread >= 1, "who is offered a case is told");
        let notice = niu.get(list).await.expect(StatusCode::OK).json()["items"][0].clone();
        assert_eq!(notice["case"], json!(story.id));
        assert!(!word(&notice["why"]).is_empty() && !notice.to_string().contains("灯"), "{notice}");
        let read = format!("/api/v1/notifications/{}/read", word(&notice["id"]));
        mei.post(&read, &json!({})).await.problem(404, "not_found");
        app.clock.advance(60);
        let seen = niu.post(&read, &json!({})).await.expect(StatusCode::OK).json();
        assert_eq!(seen["read_at"], json!(app.clock_now()));
        assert_eq!(niu.count("/api/v1/notifications/count", list).await, unread - 1);
        let acknowledge = format!("/api/v1/notifications/{}/acknowledge", word(&notice["id"]));
        mei.post(&acknowledge, &json!({})).await.problem(404, "not_found");
        let seen = niu.post(&acknowledge, &json!({})).await.expect(StatusCode::OK).json();
        assert_eq!(seen["acknowledged_at"], json!(app.clock_now()));
        let settings = "/api/v1/notifications/settings";
        let put = async |mail: &str| {
            let body = Body::from(json!({"mail": mail}).to_string());
            niu.send(Method::PUT, settings, Some("application/json"), body).await
        };
        put("loudly").await.problem(422, "invalid_body");
        let _ = put("always").await.expect(StatusCode::NO_CONTENT);
        assert_eq!(niu.get("/api/v1/notifications/settings").await.json()["mail"], "always");
        assert_eq!(mei.get(settings).await.json()["mail"], "urgent", "everybody for themselves");
    });
}

/// CALL-6, contracts §2: the stream tells a change to who may see it, at once and with an
/// id that resumes; not to who may not.
#[test]
fn the_stream_tells_changes_to_who_may_see_them() {
    with_admin(|app, _| async move {
        let (mei, lan) = (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        app.anonymous().get("/api/v1/events").await.problem(401, "unauthenticated");
        let mut stream = lan.listen("/api/v1/events").await;
        let theirs = json!({"kind": "complaint", "channel": "phone", "text": "灯不亮"});
        let theirs = app.of_twin().post("/api/v1/cases", &theirs).await.expect(StatusCode::CREATED).json();
        let case = crate::story::Story::begin(&mei, "停车场灯不亮").await.id;
        let told = stream.until(&case).await;
        assert!(told.contains("event: case") || told.contains("event:case"), "{told}");
        assert!(!told.contains(word(&theirs["id"])), "a change of the twin: {told}");
        assert!(!told.contains("灯"), "no text of a customer: {told}");
    });
}
