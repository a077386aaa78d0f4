use crate::story::{Desk, Story, later, to_negotiation};
use crate::with_admin;
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

async fn day(client: &Client) -> Vec<Value> {
    let page = client.get("/api/v1/day").await.expect(StatusCode::OK).json();
    page["items"].as_array().cloned().unwrap_or_default()
}

/// PROP-37, issue 5 §6: what I promised and what was given to me or to my post
/// stands in my day, soonest first, until it is done; nobody else's does.
#[test]
fn my_day_holds_what_i_owe_in_the_order_it_is_due() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let stranger = app.with_person("yuan", &[Post::Employee]);
        let mut story = Story::begin(&desk.agent, "楼道灯不亮").await;
        let call = json!({"kind": "call_back", "text": "下班前回电", "due": later(&app, 5)});
        story.act(&desk.agent, "promise", call).await;
        let task = json!({"title": "先看现场", "person": desk.agent.id, "due": later(&app, 2)});
        story.act(&desk.agent, "add_task", task).await;
        let task = json!({"title": "核对图纸", "post": "lead"});
        story.act(&desk.agent, "add_task", task).await;
        let mine = day(&desk.agent).await;
        let told: Vec<_> = mine.iter().map(|one| (&one["what"], &one["text"], &one["own"])).collect();
        assert_eq!(
            told,
            [
                (&json!("task"), &json!("先看现场"), &json!(true)),
                (&json!("promise"), &json!("下班前回电"), &json!(true)),
            ]
        );
        assert_eq!((&mine[1]["sort"], &mine[1]["case"]), (&json!("call_back"), &json!(story.id)));
        let lead = day(&desk.lead).await;
        assert_eq!(lead.len(), 1, "{lead:?}");
        assert_eq!((&lead[0]["own"], &lead[0]["due_at"]), (&json!(false), &Value::Null));
        assert!(day(&stranger).await.is_empty());
        let page = desk.agent.get("/api/v1/day?limit=1").await.expect(StatusCode::OK).json();
        let cursor = page["next_cursor"].as_str().unwrap_or_default();
        let rest =
            desk.agent.get(&format!("/api/v1/day?cursor={cursor}")).await.expect(StatusCode::OK).json();
        assert_eq!(rest["items"].as_array().map(Vec::len), Some(1), "each thing once over the pages");
        assert_eq!(rest["items"][0]["what"], "promise");
        desk.agent.get("/api/v1/day?cursor=eHg").await.problem(422, "invalid_cursor");
        story.act(&desk.agent, "keep_promise", json!({"promise": 1, "note": "已回电"})).await;
        story.act(&desk.agent, "complete_task", json!({"task": mine[0]["id"], "result": "看过"})).await;
        assert!(day(&desk.agent).await.is_empty());
    });
}

/// Says how many cases a list holds.
async fn count(client: &Client, query: &str) -> i64 {
    let address = format!("/api/v1/cases/count?{query}");
    client.get(&address).await.expect(StatusCode::OK).json()["count"].as_i64().unwrap_or_default()
}

/// Issue 5 §6, SUP-1: each number of the supervisor's view is that of its list;
/// who may not see figures gets none.
#[test]
fn the_supervisors_numbers_are_those_of_their_lists() {
    with_admin(|app, admin| async move {
        let desk = Desk::of(&app);
        let mut old = Story::begin(&desk.agent, "楼上漏水").await;
        to_negotiation(&app, &desk, &mut old, None).await;
        app.clock.advance(5 * 86_400);
        let _ = Story::begin(&desk.agent, "门禁坏了").await;
        let mut grave = Story::begin(&desk.lead, "电梯困人").await;
        grave.act(&desk.lead, "mark", json!({"flag": "important", "text": "困人"})).await;
        let seen = desk.head.get("/api/v1/overview").await.expect(StatusCode::OK).json();
        let open = "status=open,waits_for_customer,waits_for_third_party";
        assert_eq!(seen["open"], json!(3));
        assert_eq!(seen["open"], json!(count(&desk.head, open).await));
        let at = seen["at"].as_str().unwrap_or_default().replace('+', "%2B");
        assert_eq!(seen["overdue"], json!(count(&desk.head, &format!("{open}&due_before={at}")).await));
        assert!(seen["overdue"].as_i64() > Some(0), "five days later something is late");
        let cells = seen["ages"].as_array().cloned().unwrap_or_default();
        assert!(cells.len() > 1, "{cells:?}");
        for cell in &cells {
            let mut query = format!("status={}", cell["stage"].as_str().unwrap_or_default());
            for name in ["received_from", "received_before"] {
                if let Some(at) = cell[name].as_str() {
                    query = format!("{query}&{name}={}", at.replace('+', "%2B"));
                }
            }
            assert_eq!(cell["cases"], json!(count(&desk.head, &query).await), "{query}");
        }
        for load in seen["people"].as_array().expect("people") {
            let query = format!("{open}&owner={}", load["person"].as_str().unwrap_or_default());
            assert_eq!(load["owned"], json!(count(&desk.head, &query).await));
        }
        let pressing = seen["pressing"].as_array().cloned().unwrap_or_default();
        assert_eq!(pressing.len(), 1, "{pressing:?}");
        assert_eq!((&pressing[0]["id"], &pressing[0]["important"]), (&json!(grave.id), &json!(true)));
        let unit = format!("/api/v1/overview?unit={}", app.unit);
        assert_eq!(desk.head.get(&unit).await.expect(StatusCode::OK).json()["open"], json!(3));
        for without in [&desk.agent, &admin] {
            without.get("/api/v1/overview").await.problem(403, "forbidden");
        }
    });
}
