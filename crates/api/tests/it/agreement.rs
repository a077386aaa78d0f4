//! Agreements on paper and confirmed by link; talks in threads of their own.

use crate::incident::broken;
use crate::story::{Desk, Story, to_negotiation};
use crate::{with_admin, word};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::{Answer, Client};
use serde_json::{Value, json};

/// A case with an agreement of one item, to be signed.
async fn drawn_up(app: &TestApp, desk: &Desk) -> Story {
    let mut story = Story::begin(&desk.agent, "厨房下水管漏水").await;
    to_negotiation(app, desk, &mut story, None).await;
    story.act(&desk.handler, "answer_option", json!({"option": 1, "answer": "accepted"})).await;
    let items = json!({"items": [{"what": "三日内更换落水管"}], "terms": "更换后保修一年"});
    story.act(&desk.handler, "draw_up_agreement", items).await;
    story
}

async fn link(desk: &Desk, story: &Story, hours: u32) -> (String, String) {
    let path = format!("/api/v1/cases/{}/agreements/1/confirmation", story.id);
    let made = desk.handler.post(&path, &json!({"hours": hours})).await.expect(StatusCode::CREATED).json();
    assert_eq!(word(&made["digest"]).len(), 43);
    (word(&made["path"]).to_owned(), word(&made["code"]).to_owned())
}

async fn writes(customer: &Client, page: &str, code: &str) -> Answer {
    let form = format!("name=%E9%92%B1%E5%A5%B3%E5%A3%AB&code={code}");
    customer.send(Method::POST, page, Some("application/x-www-form-urlencoded"), Body::from(form)).await
}

fn says(answer: &Answer, words: &str) {
    let text = String::from_utf8_lossy(&answer.body);
    assert!(text.contains(words), "{words} is not in {text}");
    assert!(!text.contains("<script"), "no script");
}

fn other(code: &str) -> String {
    let first = if code.starts_with('1') { "2" } else { "1" };
    format!("{first}{}", &code[1..])
}

/// ASC-9, X-42: the customer reads the agreement behind the link, writes name and
/// code, and it is signed; once, and for exactly what stood there.
#[test]
fn a_customer_confirms_by_link_and_code() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let mut story = drawn_up(&app, &desk).await;
        let path = format!("/api/v1/cases/{}/agreements/1", story.id);
        let paper = desk.lead.get(&path).await.expect(StatusCode::OK).json();
        assert_eq!(
            (&paper["state"], &paper["items"][0]["what"]),
            (&json!("open"), &json!("三日内更换落水管"))
        );
        let sheet = desk.lead.get(&format!("/api/v1/cases/{}/agreements/1?format=html", story.id)).await;
        says(&sheet, word(&paper["digest"]));
        says(&sheet, "更换后保修一年");
        let (page, code) = link(&desk, &story, 2).await;
        let customer = app.anonymous();
        says(&customer.get(&page).await.expect(StatusCode::OK), "三日内更换落水管");
        says(&writes(&customer, &page, &other(&code)).await, "4 attempts are left");
        says(&writes(&customer, &page, &code).await, "Confirmed, thank you");
        says(&writes(&customer, &page, &code).await, "signed already");
        let case = story.read(&desk.lead).await;
        let confirmed = &case["round"]["agreements"][0]["confirmed"];
        assert_eq!(confirmed["name"], "钱女士");
        let kinds: Vec<&Value> =
            case["tasks"].as_array().into_iter().flatten().map(|task| &task["kind"]).collect();
        assert!(kinds.contains(&&json!("promised")), "{kinds:?}");
        assert_eq!(desk.lead.get(&path).await.json()["state"], "confirmed");
        let timeline = desk.lead.get(&format!("/api/v1/cases/{}/timeline", story.id)).await.json();
        let events: Vec<&str> =
            timeline["items"].as_array().into_iter().flatten().map(|entry| word(&entry["event"])).collect();
        assert!(
            events.contains(&"confirmation_sent") && events.contains(&"agreement_confirmed"),
            "{events:?}"
        );
        let text = timeline.to_string();
        assert!(
            !text.contains(&code) && !text.contains(page.trim_start_matches("/agreements/")),
            "no secret"
        );
        // the link and the customer's word are entries of their own
        story.version = case["version"].as_u64().unwrap_or_default();
        story.act(&desk.handler, "execute", json!({})).await;
        assert_eq!(broken(&app).await, [], "the digest that was confirmed is no text that is missing");
    });
}

/// X-42; issue 4, bad input: an expired code, a locked or replaced link, a link
/// of nobody and an agreement that is not the accepted option any more: in words.
#[test]
fn what_counts_for_nothing_is_refused_in_words() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let story = drawn_up(&app, &desk).await;
        let customer = app.anonymous();
        let (first, _) = link(&desk, &story, 1).await;
        let (page, code) = link(&desk, &story, 1).await;
        says(&writes(&customer, &first, &code).await, "not valid");
        says(&customer.get("/agreements/nonsense").await, "not valid");
        for _ in 0..5 {
            says(&writes(&customer, &page, &other(&code)).await, "attempts are left");
        }
        says(&writes(&customer, &page, &code).await, "locked");
        let (page, code) = link(&desk, &story, 1).await;
        app.clock.advance(3_700);
        says(&writes(&customer, &page, &code).await, "expired");
        says(&customer.get(&page).await, "expired");
        let path = format!("/api/v1/cases/{}/agreements/1/confirmation", story.id);
        desk.handler.post(&path, &json!({"hours": 721})).await.problem(422, "invalid_body");
        desk.verifier.post(&path, &json!({})).await.problem(403, "not_permitted");
        let missing = format!("/api/v1/cases/{}/agreements/7", story.id);
        desk.lead.get(&missing).await.problem(404, "not_found");
    });
}

/// who opens or confirms an agreement that was changed since the link was
/// sent is told so, and whom to ask; nothing is signed.
#[test]
fn a_changed_agreement_says_whom_to_ask() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let mut story = drawn_up(&app, &desk).await;
        let (page, code) = link(&desk, &story, 2).await;
        let customer = app.anonymous();
        says(&customer.get(&page).await.expect(StatusCode::OK), "Confirm the agreement");
        story.version = story.read(&desk.handler).await["version"].as_u64().unwrap_or_default();
        story.act(&desk.handler, "offer_option", json!({"text": "另加一次清洁"})).await;
        story.act(&desk.handler, "answer_option", json!({"option": 2, "answer": "accepted"})).await;
        says(&writes(&customer, &page, &code).await, "was changed after the link was sent");
        says(&customer.get(&page).await.expect(StatusCode::OK), "sent you the link");
        let items = json!({"items": [{"what": "三日内更换落水管，另加一次清洁"}]});
        story.act(&desk.handler, "draw_up_agreement", items).await;
        says(&writes(&customer, &page, &code).await, "was changed after the link was sent");
        let case = story.read(&desk.lead).await;
        assert!(case["round"]["agreements"][0]["confirmed"].is_null());
    });
}

/// DEPT-4: talks with several parties, each for itself; a salesperson sees and
/// writes the own thread, and nothing of the dealer's.
#[test]
fn each_party_has_a_thread_of_its_own() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let seller = app.with_person("xiao", &[Post::Employee]);
        let mut story = Story::begin(&desk.agent, "经销商拒绝换货").await;
        story.act(&desk.agent, "open_thread", json!({"subject": "与经销商核实", "with": "dealer"})).await;
        let told =
            json!({"thread": 1, "text": "经销商称已过期限", "direction": "inbound", "channel": "phone"});
        story.act(&desk.agent, "write_message", told).await;
        let path = format!("/api/v1/cases/{}", story.id);
        seller.get(&path).await.problem(404, "not_found");
        let field = json!({"subject": "请到店查看", "with": "salesperson", "person": seller.id});
        story.act(&desk.agent, "open_thread", field).await;
        let seen = seller.get(&path).await.expect(StatusCode::OK).json();
        assert_eq!(seen["threads"].as_array().map(Vec::len), Some(1), "{}", seen["threads"]);
        assert_eq!(seen["threads"][0]["subject"], "请到店查看");
        let own = json!({"thread": 2, "text": "门店仍有货", "direction": "inbound", "channel": "phone"});
        story.act(&seller, "write_message", own).await;
        let foreign = json!({"thread": 1, "text": "x", "direction": "inbound", "channel": "phone"});
        story.refused(&seller, "write_message", foreign, (422, "invalid_body")).await;
        let history =
            seller.get(&format!("/api/v1/cases/{}/timeline", story.id)).await.expect(StatusCode::OK);
        let text = String::from_utf8_lossy(&history.body).into_owned();
        assert!(text.contains("门店仍有货") && !text.contains("经销商称已过期限"), "{text}");
        let whole = story.read(&desk.lead).await;
        assert_eq!(whole["threads"].as_array().map(Vec::len), Some(2));
    });
}
