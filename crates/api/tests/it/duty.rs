//! The duty table over HTTP.

use crate::{with_admin, word};
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::BEGIN;
use serde_json::{Value, json};

/// So many hours after the tests begin.
fn at(hours: i64) -> String {
    Timestamp::from_micros(BEGIN.micros() + hours * 3_600_000_000).to_string()
}

fn stretch(app: &TestApp, person: &str, kind: &str, (from, to): (i64, i64)) -> Value {
    json!({"person": person, "unit": app.unit, "kind": kind, "from": at(from), "to": at(to)})
}

fn period() -> String {
    format!("from={}&to={}", at(0), at(24))
}

/// PROP-45, PROP-21: who leads sets who is on duty; everybody enters their own
/// availability and absence; everybody sees the table.
#[test]
fn who_leads_sets_the_table_and_everybody_their_own_absence() {
    with_admin(|app, _| async move {
        let li = app.with_person("li", &[Post::Agent]).id.expect("a person").to_string();
        let setting = [Post::Lead, Post::Head, Post::Supervisor, Post::ShiftLeader, Post::Admin];
        for (hour, post) in (0..).zip(Post::ALL) {
            let who = app.with_person(&format!("p-{}", post.name().replace('_', "-")), &[post]);
            let me = who.id.expect("a person").to_string();
            let answer = who.post("/api/v1/duty", &stretch(&app, &li, "on_duty", (hour, hour + 1))).await;
            if setting.contains(&post) {
                let made = answer.expect(StatusCode::CREATED).json();
                let _ = who
                    .delete(&format!("/api/v1/duty/{}", word(&made["id"])))
                    .await
                    .expect(StatusCode::NO_CONTENT);
            } else {
                answer.problem(403, "forbidden");
                let own = who.post("/api/v1/duty", &stretch(&app, &me, "on_duty", (0, 8))).await;
                own.problem(403, "forbidden");
            }
            for kind in ["available", "absent"] {
                let own = who.post("/api/v1/duty", &stretch(&app, &me, kind, (0, 8))).await;
                let made = own.expect(StatusCode::CREATED).json();
                assert_eq!((word(&made["kind"]), word(&made["person"])), (kind, me.as_str()));
            }
            let _ = who.get(&format!("/api/v1/duty?{}", period())).await.expect(StatusCode::OK);
            let _ = who.get("/api/v1/duty/now").await.expect(StatusCode::OK);
        }
        let agent = app.with_person("mei", &[Post::Agent]);
        let other = stretch(&app, &li, "absent", (0, 8));
        agent.post("/api/v1/duty", &other).await.problem(403, "forbidden");
    });
}

/// PROP-45, PROP-14: uncovered hours are reported; who is absent covers nothing
/// and does not answer.
#[test]
fn uncovered_hours_are_reported_and_absence_opens_one() {
    with_admin(|app, _| async move {
        let lead = app.with_person("lan", &[Post::Lead]);
        let agent = app.with_person("mei", &[Post::Agent]);
        let (me, boss) = (agent.id.expect("a person").to_string(), lead.id.expect("a person").to_string());
        let gaps = async || {
            let path = format!("/api/v1/duty/gaps?{}", period());
            let report = lead.get(&path).await.expect(StatusCode::OK).json();
            assert_eq!(report["items"].as_array().map(Vec::len), Some(1), "{report}");
            assert_eq!(report["items"][0]["unit"], json!(app.unit));
            report["items"][0]["gaps"].clone()
        };
        let gap = |from, to| json!({"from": at(from), "to": at(to)});
        let now = async || lead.get("/api/v1/duty/now").await.expect(StatusCode::OK).json();
        assert_eq!(gaps().await, json!([gap(0, 24)]), "no roster is no cover");
        assert_eq!(now().await["on_duty"], json!([]));
        let first = stretch(&app, &me, "on_duty", (0, 16));
        let _ = lead.post("/api/v1/duty", &first).await.expect(StatusCode::CREATED);
        lead.post("/api/v1/duty", &stretch(&app, &me, "on_duty", (15, 17)))
            .await
            .problem(409, "duty_overlaps");
        assert_eq!(gaps().await, json!([gap(16, 24)]));
        let _ = lead
            .post("/api/v1/duty", &stretch(&app, &boss, "on_duty", (16, 24)))
            .await
            .expect(StatusCode::CREATED);
        assert_eq!(gaps().await, json!([]));
        assert_eq!((&now().await["on_duty"], &now().await["answers"]), (&json!([me]), &json!(me)));
        let away = agent.post("/api/v1/duty", &stretch(&app, &me, "absent", (0, 4))).await;
        let away = away.expect(StatusCode::CREATED).json();
        assert_eq!(gaps().await, json!([gap(0, 4)]), "who is absent covers nothing");
        assert_ne!(now().await["answers"], json!(me), "who is absent does not answer");
        let one = format!("/api/v1/duty/{}", word(&away["id"]));
        app.with_person("hua", &[Post::Agent]).delete(&one).await.problem(403, "forbidden");
        let _ = agent.delete(&one).await.expect(StatusCode::NO_CONTENT);
        agent.delete(&one).await.problem(404, "not_found");
        assert_eq!(gaps().await, json!([]));
        for (filter, count) in [
            (String::new(), 2),
            (format!("&person={me}"), 1),
            ("&kind=absent".into(), 0),
            (format!("&unit={}&kind=on_duty", app.unit), 2),
        ] {
            let list =
                agent.get(&format!("/api/v1/duty?{}{filter}", period())).await.expect(StatusCode::OK).json();
            assert_eq!(list["items"].as_array().map(Vec::len), Some(count), "{filter}: {list}");
        }
    });
}

/// PROP-45, bad input: stretches that are none are refused by their field.
#[test]
fn the_table_refuses_what_is_no_stretch() {
    with_admin(|app, admin| async move {
        let mei = app.with_person("mei", &[Post::Agent]).id.expect("a person").to_string();
        let nobody = uuid::Uuid::nil().to_string();
        let elsewhere = json!({"person": mei, "unit": nobody, "kind": "on_duty", "from": at(0), "to": at(1)});
        for (body, path, code) in [
            (stretch(&app, &mei, "on_duty", (8, 8)), "to", "time_order"),
            (stretch(&app, &mei, "on_duty", (8, 2)), "to", "time_order"),
            (stretch(&app, &mei, "on_duty", (0, 24 * 401)), "to", "period_too_long"),
            (stretch(&app, &nobody, "on_duty", (0, 8)), "person", "person_unknown"),
            (stretch(&app, app.twin.row("people"), "on_duty", (0, 8)), "person", "person_unknown"),
            (elsewhere, "unit", "unit_unknown"),
            (stretch(&app, &mei, "asleep", (0, 8)), "kind", "unknown_value"),
        ] {
            let problem = admin.post("/api/v1/duty", &body).await.problem(422, "invalid_body");
            assert_eq!(
                (&problem["fields"][0]["path"], &problem["fields"][0]["code"]),
                (&json!(path), &json!(code))
            );
        }
        admin.get("/api/v1/duty").await.problem(422, "invalid_query");
        let twin = format!("/api/v1/duty/gaps?{}&unit={}", period(), app.twin.row("units"));
        let refused = admin.get(&twin).await;
        assert!(refused.status.is_client_error(), "{refused:?}");
        let list = admin.get(&format!("/api/v1/duty?{}", period())).await.expect(StatusCode::OK).json();
        assert_eq!(list["items"], json!([]), "nothing was entered");
    });
}
