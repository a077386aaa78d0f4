use crate::with_admin;
use axum::http::StatusCode;
use huiyin_app::Actor;
use huiyin_app::people::organisation::{self, NewOrganisation};
use huiyin_app::session::{self, NewAdministrator};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Post;
use huiyin_testkit::app::{Client, PASSWORD};
use serde_json::{Value, json};

/// Records the same message in whatever organisation the client works.
async fn record(by: &Client) -> Value {
    let new = json!({"kind": "complaint", "channel": "phone", "text": "停车场灯不亮", "external_id": "A-1",
        "reporter": {"name": "何先生", "phone": "19900001234"}});
    by.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED).json()
}

/// Issue 3, Show: a twin organisation with the same numbers, phones and texts
/// never shows through: no id, no count, no 403.
#[test]
fn a_twin_organisation_never_shows_through() {
    with_admin(|app, _| async move {
        let ours = app.with_person("mei", &[Post::Agent, Post::Lead, Post::Head]);
        let edge = app.edge.clone();
        let founding = edge.app.ctx(Actor::command_line(app.org), "test", Locale::ZhCn);
        let twin = tokio::task::spawn_blocking(move || {
            let new = NewOrganisation { code: "twin".into(), ..NewOrganisation::default_one() };
            edge.app.store.write_blocking(move |tx| organisation::create(tx, &founding, &new))?;
            let new = NewAdministrator {
                organisation: Some("twin".into()),
                login: "twin-admin".into(),
                name: None,
                password: PASSWORD.into(),
            };
            session::create_admin(&edge.app, new).map(|_| ())
        });
        assert!(matches!(twin.await, Ok(Ok(()))), "a second organisation");
        let theirs = app.anonymous().sign_in("twin-admin", PASSWORD).await;
        let (our_case, their_case) = (record(&ours).await, record(&theirs).await);
        assert_eq!(our_case["number"], their_case["number"], "numbers count apart");
        let (our_id, their_id) = (our_case["id"].clone(), their_case["id"].clone());
        for query in ["", "?q=1234", "?q=19900001234", "?q=A-1", "?status=open", "?limit=1"] {
            let list = ours.get(&format!("/api/v1/cases{query}")).await.expect(StatusCode::OK).json();
            let ids: Vec<&Value> =
                list["items"].as_array().into_iter().flatten().map(|row| &row["id"]).collect();
            assert_eq!(ids, [&our_id], "{query}");
            let count = ours.get(&format!("/api/v1/cases/count{query}").replace("?limit=1", "")).await;
            assert_eq!(count.expect(StatusCode::OK).json()["count"], 1, "{query}");
        }
        let foreign = their_id.as_str().unwrap_or_default();
        for part in ["", "/timeline", "/actions"] {
            ours.get(&format!("/api/v1/cases/{foreign}{part}")).await.problem(404, "not_found");
        }
        for action in ["note", "accept", "link", "close_satisfied"] {
            let body = json!({"text": "x", "version": 1});
            let body = match action {
                "note" => body,
                "link" => json!({"relation": "same_matter", "other": our_id}),
                _ => json!({"version": 1}),
            };
            ours.post(&format!("/api/v1/cases/{foreign}/actions/{action}"), &body)
                .await
                .problem(404, "not_found");
        }
        let path = format!("/api/v1/cases/{}/actions/link", our_id.as_str().unwrap_or_default());
        let across = json!({"relation": "same_matter", "other": their_id});
        ours.post(&path, &across).await.problem(422, "invalid_body");
        let parties = ours.get("/api/v1/parties?phone=19900001234").await.expect(StatusCode::OK).json();
        assert_eq!(parties["items"].as_array().map(Vec::len), Some(1), "{parties}");
    });
}
