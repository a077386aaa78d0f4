//! The ledger of remedies over HTTP.

use crate::story::{Desk, Story, to_negotiation};
use crate::{with_equipped, word};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use huiyin_app::attachment::Files;
use huiyin_domain::people::Post;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

fn yuan(amount: &str) -> Value {
    json!({"amount": amount, "currency": "CNY"})
}

async fn receipt(by: &Client, case: &str) -> Value {
    let path = format!("/api/v1/cases/{case}/attachments?name=receipt.txt");
    let body = Body::from("收款收据，伍佰元整");
    let media = Some("application/octet-stream");
    let made = by.send(Method::POST, &path, media, body).await.expect(StatusCode::CREATED).json();
    made["id"].clone()
}

/// Brings a customer's case to a paid compensation.
async fn paid(app: &huiyin_testkit::TestApp, desk: &Desk, party: &Value, amount: &str) -> Story {
    let mut story = Story::begin(&desk.agent, "厨房被淹").await;
    to_negotiation(app, desk, &mut story, None).await;
    let complains = json!({"to": party, "role": "complainant", "reason": "补登"});
    story.act(&desk.agent, "correct_party", complains).await;
    story.act(&desk.agent, "state_demand", json!({"amount": yuan("8000.00")})).await;
    let file = receipt(&desk.handler, &story.id).await;
    story.version = story.read(&desk.handler).await["version"].as_u64().expect("a version");
    let proposed = json!({"remedy": "compensation", "what": "地板损失", "amount": yuan(amount), "invoice": file,
        "budget": "2026-weixiu", "party": party});
    story.act(&desk.handler, "propose_remedy", proposed).await;
    let asks = json!({"of": "remedy", "remedy": 1, "amount": yuan(amount), "text": "地板损失"});
    story.act(&desk.handler, "request_approval", asks).await;
    let gives = json!({"remedy": 1, "proof": file});
    let refused = story.refused(&desk.handler, "give_remedy", gives.clone(), (409, "action_closed")).await;
    assert_eq!(refused, ["approval_missing"]);
    story.act(&desk.head, "decide_approval", json!({"approval": 1, "decision": "granted"})).await;
    story.act(&desk.handler, "give_remedy", gives).await;
    story
}

async fn customer(by: &Client, phone: &str) -> Value {
    let body = json!({"kind": "person", "name": "钱女士", "phones": [phone]});
    by.post("/api/v1/parties", &body).await.expect(StatusCode::CREATED).json()["id"].clone()
}

/// CP8-12, ASC-22, ASC-23, PROP-40: the ledger has kind, demand, amount, paid,
/// authority, budget and proof; claims of the same telephone number show; the
/// whole leaves as a table, and only for whom that is allowed.
#[test]
fn the_ledger_says_who_got_what_by_whose_word() {
    let keeping =
        |app: huiyin_app::App, folder: &std::path::Path| app.with_files(Files::at(folder.join("files")));
    with_equipped(keeping, |app, _| async move {
        let desk = Desk::of(&app);
        let one = customer(&desk.agent, "13800007788").await;
        let other = customer(&desk.agent, "13800007788").await;
        let first = paid(&app, &desk, &one, "500.00").await;
        // the newest comes first; two of one moment have no order that a reader knows
        app.clock.advance(60);
        let second = paid(&app, &desk, &other, "700.00").await;
        let page = desk.lead.get("/api/v1/remedies?standing=given").await.expect(StatusCode::OK).json();
        assert_eq!(page["items"].as_array().map(Vec::len), Some(2), "{page}");
        let line = &page["items"][1];
        assert_eq!((word(&line["case"]), word(&line["kind"])), (first.id.as_str(), "compensation"));
        assert_eq!((&line["demanded"], &line["amount"]), (&yuan("8000.00"), &yuan("500.00")));
        assert_eq!((&line["paid"], &line["authority"]), (&yuan("500.00"), &json!(["head"])));
        assert_eq!((&line["approval"], &line["budget"]), (&json!(1), &json!("2026-weixiu")));
        assert!(line["proof"].is_string() && line["given_at"].is_string());
        let half = desk.lead.get("/api/v1/remedies?limit=1").await.expect(StatusCode::OK).json();
        let cursor = word(&half["next_cursor"]);
        let rest = desk.lead.get(&format!("/api/v1/remedies?limit=1&cursor={cursor}")).await.json();
        assert_eq!(rest["items"][0]["case"], first.id.as_str());
        let claims = desk.lead.get(&format!("/api/v1/cases/{}/claims", second.id)).await;
        let claims = claims.expect(StatusCode::OK).json();
        assert_eq!(claims["items"].as_array().map(Vec::len), Some(1), "{claims}");
        assert_eq!(
            (&claims["items"][0]["tie"], &claims["items"][0]["line"]["case"]),
            (&json!("phone"), &json!(first.id))
        );
        let table = desk.lead.get("/api/v1/remedies/export?format=csv").await.expect(StatusCode::OK);
        let text = String::from_utf8_lossy(&table.body).into_owned();
        assert!(text.contains("Receipt") && text.contains("500.00") && text.contains("700.00"), "{text}");
        assert!(!text.contains("钱女士"), "the ledger names nobody");
        let book = desk.lead.get("/api/v1/remedies/export").await.expect(StatusCode::OK);
        assert!(book.body.starts_with(b"PK"), "a workbook");
        desk.agent.get("/api/v1/remedies/export").await.problem(403, "forbidden");
        desk.lead.get("/api/v1/remedies?cursor=eHg").await.problem(422, "invalid_cursor");
        let stranger = app.with_person("fang", &[Post::Employee]);
        let own = stranger.get("/api/v1/remedies").await.expect(StatusCode::OK).json();
        assert_eq!(own["items"], json!([]));
        stranger.get(&format!("/api/v1/cases/{}/claims", second.id)).await.problem(404, "not_found");
    });
}
