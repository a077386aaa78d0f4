use crate::story::{Desk, Story, later};
use crate::with_admin;
use axum::http::StatusCode;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

async fn board(app: &TestApp, by: &Client) -> Value {
    let period = format!("from={}&to={}", later(app, 0), later(app, 48)).replace('+', "%2B");
    by.get(&format!("/api/v1/dispatch?{period}&unit={}", app.unit)).await.expect(StatusCode::OK).json()
}

fn of<'a>(board: &'a Value, person: &Client) -> &'a Value {
    let people = board["people"].as_array().expect("people");
    people.iter().find(|one| one["person"] == json!(person.id)).expect("the person is on the board")
}

/// PROP-21: the board shows who can come, with what skill, and what waits; once
/// a coming is confirmed the matter waits no more, and only then is it promised.
#[test]
fn the_board_shows_who_can_come_and_what_waits() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let mut story = Story::begin(&desk.agent, "水管爆裂").await;
        let skills = format!("/api/v1/people/{}/skills", desk.handler.id.expect("a person"));
        desk.agent.put(&skills, &json!({"skills": ["水电"]})).await.problem(403, "forbidden");
        let set = json!({"skills": ["水电", " 木工 ", "水电"]});
        let kept = desk.lead.put(&skills, &set).await.expect(StatusCode::OK).json();
        assert_eq!(kept["skills"], json!(["木工", "水电"]));
        let long = json!({"skills": ["很".repeat(31)]});
        desk.lead.put(&skills, &long).await.problem(422, "invalid_body");
        let free = json!({"person": desk.handler.id, "unit": app.unit, "kind": "available",
            "from": later(&app, 2), "to": later(&app, 8)});
        let _ = desk.handler.post("/api/v1/duty", &free).await.expect(StatusCode::CREATED);
        let before = board(&app, &desk.lead).await;
        assert_eq!(before["waiting"][0]["case"], json!(story.id));
        let handler = of(&before, &desk.handler);
        assert_eq!((&handler["skills"], &handler["slots"]), (&json!(["木工", "水电"]), &json!([])));
        assert_eq!(handler["stretches"][0]["kind"], "available");
        let slot = json!({"person": desk.handler.id, "from": later(&app, 4), "to": later(&app, 6)});
        story.act(&desk.lead, "confirm_slot", slot).await;
        let confirmed = board(&app, &desk.lead).await;
        assert_eq!(confirmed["waiting"], json!([]));
        let slot = of(&confirmed, &desk.handler)["slots"][0].clone();
        assert_eq!((&slot["case"], &slot["promised"]), (&json!(story.id), &json!(false)));
        let promise = json!({"kind": "visit", "text": "下午上门", "due": later(&app, 5)});
        story.act(&desk.agent, "promise", promise).await;
        let promised = board(&app, &desk.lead).await;
        assert_eq!(of(&promised, &desk.handler)["slots"][0]["promised"], json!(true));
        desk.lead.get("/api/v1/dispatch?from=x&to=y").await.problem(422, "invalid_query");
    });
}
