use crate::story::{Desk, Story, later, to_negotiation};
use crate::with_admin;
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

async fn waits(client: &Client) -> Vec<Value> {
    let page = client.get("/api/v1/approvals").await.expect(StatusCode::OK).json();
    page["items"].as_array().cloned().unwrap_or_default()
}

/// A case in negotiation whose option of 600 yuan waits for approval.
async fn asked(app: &TestApp, desk: &Desk) -> Story {
    let mut story = Story::begin(&desk.agent, "楼上漏水").await;
    to_negotiation(app, desk, &mut story, Some("600.00")).await;
    story.act(&desk.handler, "answer_option", json!({"option": 1, "answer": "provisional"})).await;
    story
}

/// Puts a property pack into force by which money up to 10,000 yuan is the
/// head's to grant, and more the manager's.
pub(crate) async fn limited(app: &TestApp, admin: &Client) {
    let mut files = crate::rules::own(2);
    let text = files["pack.toml"].as_str().unwrap_or_default();
    let of = "of = \"accepted option\"\nfrom = \"0.01\"\n";
    let ladder = |steps: &str| format!("{of}ladder = {steps}\n");
    let steps =
        "[{ post = \"lead\", up_to = \"5000\" }, { post = \"head\", up_to = \"10000\" }, \"manager\"]";
    let changed = text.replace(&ladder("[\"head\"]"), &ladder(steps));
    assert_ne!(changed, text, "the pack has such a rule");
    files["pack.toml"] = changed.into();
    let today = huiyin_domain::time::Zone::shanghai().date(app.clock_now()).next().expect("a day");
    let body = json!({"files": files, "from": today.to_string()});
    drop(admin.post("/api/v1/packs", &body).await.expect(StatusCode::CREATED));
    app.clock.advance(86_400);
}

/// X-14, ASC-8: the inbox shows what waits for whom and why, and nothing else;
/// the exact content with its digest is what is signed.
#[test]
fn the_inbox_shows_what_waits_for_me_and_why() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let manager = app.with_person("fu", &[Post::Manager]);
        let mut story = asked(&app, &desk).await;
        for nobody in [&desk.agent, &desk.lead, &desk.handler, &desk.verifier, &manager] {
            assert!(waits(nobody).await.is_empty(), "it waits for the head alone");
        }
        let items = waits(&desk.head).await;
        assert_eq!(items.len(), 1, "{items:?}");
        let item = &items[0];
        assert_eq!((&item["of"], &item["text"]), (&json!("accepted_option"), &json!("三日内更换落水管")));
        assert_eq!(item["amount"], json!({"amount": "600.00", "currency": "CNY"}));
        assert_eq!(item["why"], json!([{"way": "post", "post": "head", "stands_for": null}]));
        assert_eq!((&item["missing"], &item["step"]), (&json!(["head"]), &json!(0)));
        assert!(item["digest"].as_str().is_some_and(|digest| digest.len() == 43));
        story.act(&desk.head, "decide_approval", json!({"approval": 1, "decision": "granted"})).await;
        assert!(waits(&desk.head).await.is_empty());
        app.anonymous().get("/api/v1/approvals").await.problem(401, "unauthenticated");
        desk.head.get("/api/v1/approvals?cursor=eHg").await.problem(422, "invalid_cursor");
    });
}

/// ASC-8, X-39, SLM-1: a deputy sees the case and signs for the absent head
/// while it waits, and neither before nor after; nobody makes themselves one.
#[test]
fn a_deputy_signs_while_it_waits() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let deputy = app.with_person("dai", &[Post::Employee]);
        let mut story = asked(&app, &desk).await;
        let path = format!("/api/v1/cases/{}", story.id);
        deputy.get(&path).await.problem(404, "not_found");
        let (from, to) = (later(&app, -1), later(&app, 48));
        let own = json!({"person": desk.head.id, "deputy": deputy.id, "from": from, "to": to});
        deputy.post("/api/v1/deputies", &own).await.problem(403, "forbidden");
        let itself = json!({"deputy": desk.head.id, "from": from, "to": to});
        desk.head.post("/api/v1/deputies", &itself).await.problem(422, "invalid_body");
        let named = json!({"deputy": deputy.id, "from": from, "to": to});
        let made = desk.head.post("/api/v1/deputies", &named).await.expect(StatusCode::CREATED).json();
        desk.head.post("/api/v1/deputies", &named).await.problem(409, "deputy_overlaps");
        let absent =
            json!({"person": desk.head.id, "unit": app.unit, "kind": "absent", "from": from, "to": to});
        let _ = desk.head.post("/api/v1/duty", &absent).await.expect(StatusCode::CREATED);
        let items = waits(&deputy).await;
        assert_eq!(items[0]["why"], json!([{"way": "deputy", "post": "head", "stands_for": desk.head.id}]));
        story.act(&deputy, "decide_approval", json!({"approval": 1, "decision": "granted"})).await;
        deputy.get(&path).await.problem(404, "not_found");
        let signed = story.read(&desk.lead).await["round"]["approvals"][0]["signed"][0].clone();
        assert_eq!((&signed["person"], &signed["stands_for"]), (&json!(deputy.id), &json!(desk.head.id)));
        let listed = desk.agent.get("/api/v1/deputies").await.expect(StatusCode::OK).json();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
        let one = format!("/api/v1/deputies/{}", made["id"].as_str().unwrap_or_default());
        desk.agent.delete(&one).await.problem(403, "forbidden");
        let _ = desk.head.delete(&one).await.expect(StatusCode::NO_CONTENT);
        desk.head.delete(&one).await.problem(404, "not_found");
    });
}

/// ASC-8, PROP-74: where the only manager asked himself, the inbox of the post
/// above has it, one step up; his own signature is refused in words.
#[test]
fn the_requester_among_the_approvers_moves_it_one_step_up() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let both = app.with_person("bo", &[Post::Manager, Post::Lead]);
        let gm = app.with_person("zong", &[Post::Gm]);
        let mut story = Story::begin(&desk.agent, "网上有帖子").await;
        story.act(&desk.agent, "mark", json!({"flag": "wide_impact", "text": "多家转发"})).await;
        story.act(&both, "request_approval", json!({"of": "public_reply", "text": "已换水泵"})).await;
        assert!(waits(&both).await.is_empty() && waits(&gm).await.is_empty(), "the head signs first");
        let grants = json!({"approval": 1, "decision": "granted"});
        story.act(&desk.head, "decide_approval", grants.clone()).await;
        assert_eq!(
            waits(&gm).await[0]["why"],
            json!([{"way": "next_up", "post": "manager", "stands_for": null}])
        );
        let codes = story.refused(&both, "decide_approval", grants.clone(), (409, "action_closed")).await;
        assert_eq!(codes, ["own_request"]);
        let twice =
            story.refused(&desk.head, "decide_approval", grants.clone(), (409, "action_closed")).await;
        assert_eq!(twice, ["signed_already"]);
        story.act(&gm, "decide_approval", grants).await;
        let reply = json!({"kind": "measures", "carrier": "post", "text": "已换水泵", "proof": "第3楼"});
        story.act(&desk.agent, "reply", reply).await;
    });
}

/// Issue 4 (2): one character more in the answer, and the approval is stale.
#[test]
fn an_answer_leaves_the_house_as_it_was_approved() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let mut story = Story::begin(&desk.agent, "网上有帖子").await;
        let reply =
            |text: &str| json!({"kind": "measures", "carrier": "post", "text": text, "proof": "第3楼"});
        let first = story.refused(&desk.agent, "reply", reply("已换水泵"), (409, "action_closed")).await;
        assert_eq!(first, ["approval_missing"]);
        story.act(&desk.agent, "request_approval", json!({"of": "public_reply", "text": "已换水泵"})).await;
        story.act(&desk.head, "decide_approval", json!({"approval": 1, "decision": "granted"})).await;
        let other = story.refused(&desk.agent, "reply", reply("已换水泵！"), (409, "approval_stale")).await;
        assert_eq!(other, ["approval_stale"]);
        story.act(&desk.agent, "reply", reply("已换水泵")).await;
    });
}

/// X-18, contracts §4: what the same customer was granted in a linked case
/// counts; the sum is shown to whoever signs, and `doctor` finds it in order.
#[test]
fn money_in_a_linked_case_counts_towards_the_sum() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let mut first = asked(&app, &desk).await;
        first.act(&desk.head, "decide_approval", json!({"approval": 1, "decision": "granted"})).await;
        let mut second = Story::begin(&desk.agent, "又漏水").await;
        to_negotiation(&app, &desk, &mut second, Some("600.00")).await;
        second.act(&desk.agent, "link", json!({"relation": "same_matter", "other": first.id})).await;
        second.act(&desk.handler, "answer_option", json!({"option": 1, "answer": "provisional"})).await;
        let items = waits(&desk.head).await;
        assert_eq!(items[0]["sum"], json!({"amount": "1200.00", "currency": "CNY"}));
    });
}
