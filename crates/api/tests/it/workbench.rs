//! What the workbench asks beside cases: guide, limits explained, presence, shelf.

use crate::story::Story;
use crate::{with_admin, word};
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use serde_json::{Value, json};

/// PROP-34: who records sees each category with its definition and boundaries, in
/// their language; the rules' moves say where a case can go and who takes it there.
#[test]
fn the_rules_of_a_case_can_be_read() {
    with_admin(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let path = format!("/api/v1/intake-guide?unit={}&kind=complaint", app.unit);
        let guide = mei.get(&path).await.expect(StatusCode::OK).json();
        let categories = guide["categories"].as_array().cloned().unwrap_or_default();
        assert!(categories.len() >= 6, "{guide}");
        let spoken = |one: &Value, part| !word(&one[part]).is_empty();
        assert!(categories.iter().all(|one| spoken(one, "title")));
        assert!(categories.iter().any(|one| spoken(one, "definition") && spoken(one, "includes")));
        assert!(categories.iter().any(|one| one["no_insisting"] == true), "PROP-47");
        let titles = async |locale: &str| {
            let reader = app.with_person(&format!("reader{locale}"), &[Post::Agent]);
            let reader = reader.with("accept-language", locale);
            reader.get(&path).await.expect(StatusCode::OK).json()["categories"][0]["title"].clone()
        };
        assert_ne!(titles("zh-CN").await, titles("en").await);

        let mei = app.with_person("hong", &[Post::Agent]);
        let story = Story::begin(&mei, "电梯停了").await;
        let own = mei.get(&format!("/api/v1/cases/{}/guide", story.id)).await.expect(StatusCode::OK).json();
        let moves = own["moves"].as_array().cloned().unwrap_or_default();
        let accept = moves.iter().find(|one| one["action"] == "accept").expect("a move");
        assert_eq!((&accept["from"], &accept["to"]), (&json!("received"), &json!("accepted")));
        assert!(accept["by"].as_array().is_some_and(|by| by.contains(&json!("agent"))));
        let stages = own["stages"].as_array().cloned().unwrap_or_default();
        assert!(stages.contains(&json!("closed")) && stages.contains(&json!("visiting")));

        let stranger = app.of_twin();
        stranger.get(&path).await.problem(404, "not_found");
        let guide = format!("/api/v1/cases/{}/guide", story.id);
        stranger.get(&guide).await.problem(404, "not_found");
        mei.get("/api/v1/intake-guide?unit=no&kind=complaint").await.problem(422, "invalid_query");
    });
}

/// D5: each limit says why it is due when it is due, and how much working time is
/// left; a limit that has ended counts nothing any more.
#[test]
fn a_limit_explains_itself_and_counts_in_working_time() {
    with_admin(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]).with("accept-language", "zh-CN");
        let mut story = Story::begin(&mei, "电梯停了").await;
        let path = format!("/api/v1/cases/{}/clocks", story.id);
        let read = async || mei.get(&path).await.expect(StatusCode::OK).json()["items"].clone();
        let clocks = read().await;
        let reply = clocks.as_array().and_then(|all| all.first()).cloned().expect("the limit of the reply");
        let lines = reply["explanation"].as_array().cloned().unwrap_or_default();
        assert!(word(&lines[0]).starts_with("收到"), "{reply}");
        assert!(lines.last().is_some_and(|last| word(last).starts_with("截止")), "{reply}");
        let before = reply["working_seconds"].as_i64().expect("it runs");
        app.clock.advance(600);
        let after = read().await[0]["working_seconds"].as_i64().expect("it runs");
        assert!(after <= before && before - after <= 600, "{before} {after}");
        app.clock.advance(40 * 86_400);
        let late = read().await[0]["working_seconds"].as_i64().expect("it still runs");
        assert!(late < 0, "{late}");
        let reply = json!({"kind": "final", "carrier": "spoken", "text": "已修好"});
        let _ = story.act(&mei, "reply", reply).await;
        assert_eq!(read().await[0]["working_seconds"], Value::Null);
        app.of_twin().get(&path).await.problem(404, "not_found");
    });
}

/// Issue 5: who opens a case sees who else has it open or writes there, and hears
/// it from the stream; who says nothing more is gone.
#[test]
fn people_at_one_case_see_each_other() {
    with_admin(|app, _| async move {
        let (mei, lan) = (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        let story = Story::begin(&mei, "电梯停了").await;
        let path = format!("/api/v1/cases/{}/presence", story.id);
        let mut stream = lan.listen("/api/v1/events").await;
        let at = async |client: &huiyin_testkit::app::Client| {
            client.get(&path).await.expect(StatusCode::OK).json()["items"].clone()
        };
        assert_eq!(at(&lan).await, json!([]));
        let _ = mei.put(&path, &json!({"doing": "typing"})).await.expect(StatusCode::NO_CONTENT);
        let told = stream.until(&story.id).await;
        assert!(told.contains("presence") && !told.contains("typing"), "{told}");
        let there = at(&lan).await;
        assert_eq!((&there[0]["person"], &there[0]["doing"]), (&json!(mei.id), &json!("typing")));
        assert_eq!(at(&mei).await, json!([]), "not oneself");
        let _ = mei.put(&path, &json!({"doing": "gone"})).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(at(&lan).await, json!([]));
        let _ = mei.put(&path, &json!({"doing": "viewing"})).await.expect(StatusCode::NO_CONTENT);
        app.clock.advance(46);
        assert_eq!(at(&lan).await, json!([]), "said nothing more");
        mei.put(&path, &json!({"doing": "dancing"})).await.problem(422, "invalid_body");
        let stranger = app.of_twin();
        stranger.get(&path).await.problem(404, "not_found");
        stranger.put(&path, &json!({"doing": "viewing"})).await.problem(404, "not_found");
    });
}

/// Issue 5: a draft lies on the server, for its writer alone, until it is sent or
/// two weeks have passed; how a list looks stays.
#[test]
fn a_draft_is_kept_for_its_writer_alone() {
    with_admin(|app, _| async move {
        let (mei, lan) = (app.with_person("mei", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        let (draft, look) = ("/api/v1/shelf/draft.intake", "/api/v1/shelf/queue");
        mei.get(draft).await.problem(404, "not_found");
        let body = json!({"content": {"text": "三号楼电梯", "phone": "19900001234"}});
        let _ = mei.put(draft, &body).await.expect(StatusCode::NO_CONTENT);
        let _ =
            mei.put(look, &json!({"content": {"density": "compact"}})).await.expect(StatusCode::NO_CONTENT);
        let kept = mei.get(draft).await.expect(StatusCode::OK).json();
        assert_eq!(kept["content"]["text"], "三号楼电梯");
        let names = async |from: &str| {
            let list = mei.get(&format!("/api/v1/shelf?from={from}")).await.expect(StatusCode::OK).json();
            let items = list["items"].as_array().cloned().unwrap_or_default();
            items.iter().map(|one| word(&one["name"]).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("").await, ["draft.intake", "queue"]);
        assert_eq!(names("draft.").await, ["draft.intake"]);
        for other in [&lan, &app.of_twin()] {
            other.get(draft).await.problem(404, "not_found");
            let list = other.get("/api/v1/shelf").await.expect(StatusCode::OK).json();
            assert_eq!(list["items"], json!([]));
        }
        let changed = json!({"content": {"text": "三号楼电梯又停了"}});
        let _ = mei.put(draft, &changed).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(mei.get(draft).await.json()["content"], changed["content"]);
        app.clock.advance(15 * 86_400);
        assert_eq!(names("").await, ["queue"], "forgotten after two weeks");
        let forgotten = app.edge.app.store.write_blocking({
            let now = app.clock_now();
            move |tx| huiyin_app::shelf::purge(tx, now)
        });
        assert_eq!(forgotten.expect("purged"), 1);
        let _ = mei.delete(look).await.expect(StatusCode::NO_CONTENT);
        let _ = mei.delete(look).await.expect(StatusCode::NO_CONTENT);
        mei.get(look).await.problem(404, "not_found");
    });
}

/// Bad input (issue 5): names and sizes that the document does not allow are
/// refused, and nobody keeps without end.
#[test]
fn the_shelf_has_its_bounds() {
    with_admin(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let one = json!({"content": {"a": 1}});
        mei.put("/api/v1/shelf/Draft", &one).await.problem(404, "not_found");
        mei.put("/api/v1/shelf/x", &json!({"content": [1]})).await.problem(422, "invalid_body");
        let large = json!({"content": {"a": "x".repeat(60_000), "b": "y".repeat(6_000)}});
        let problem = mei.put("/api/v1/shelf/x", &large).await.problem(422, "invalid_body");
        assert_eq!(problem["fields"][0]["code"], "text_length", "{problem}");
        for number in 0..200 {
            let path = format!("/api/v1/shelf/macro.{number}");
            let _ = mei.put(&path, &one).await.expect(StatusCode::NO_CONTENT);
        }
        let problem = mei.put("/api/v1/shelf/macro.200", &one).await.problem(422, "invalid_body");
        assert_eq!(problem["fields"][0]["code"], "shelf_full", "{problem}");
        let _ = mei.put("/api/v1/shelf/macro.7", &one).await.expect(StatusCode::NO_CONTENT);
    });
}
