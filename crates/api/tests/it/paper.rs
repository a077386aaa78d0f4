use crate::story::{Desk, Story};
use crate::with_admin;
use axum::http::StatusCode;
use serde_json::json;

/// PROP-46, X-37: a form is filled from the case, as far as its reader may see.
#[test]
fn a_form_is_filled_from_the_case_and_prints_by_itself() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let mut story = Story::begin(&desk.agent, "楼道灯<b>不亮</b>").await;
        let path = format!("/api/v1/cases/{}/forms/acceptance", story.id);
        let form = desk.agent.get(&path).await.expect(StatusCode::OK).json();
        assert_eq!(form["state"], "draft");
        let value = |name: &str| {
            let fields = form["fields"].as_array().cloned().unwrap_or_default();
            fields.iter().find(|field| field["name"] == name).map(|field| field["value"].clone())
        };
        assert_eq!(value("event"), Some(json!("楼道灯<b>不亮</b>")));
        assert_eq!(value("surname"), Some(json!("何先生")));
        let body = json!({"form": "acceptance", "fields": {"event": "楼道灯不亮", "anonymous": "false"}});
        story.act(&desk.agent, "file_form", body).await;
        let filed = desk.agent.get(&path).await.expect(StatusCode::OK).json();
        assert_eq!((&filed["state"], &filed["signed_by"]), (&json!("filed"), &json!("mei")));
        let page = desk.agent.get(&format!("{path}?format=html")).await.expect(StatusCode::OK);
        let page = String::from_utf8_lossy(&page.body).into_owned();
        assert!(
            page.contains("Complaint acceptance") && page.contains("楼道灯不亮") && page.contains("mei"),
            "{page}"
        );
        assert!(
            page.contains("size: A4") && !page.contains("http://") && !page.contains("https://"),
            "nothing is fetched from elsewhere"
        );
        let draft = format!("/api/v1/cases/{}/forms/visit_call_record?format=html", story.id);
        let draft = desk.agent.get(&draft).await.expect(StatusCode::OK);
        let draft = String::from_utf8_lossy(&draft.body).into_owned();
        assert!(draft.contains("&lt;b&gt;不亮") && !draft.contains("<b>不亮"), "texts are texts");
        desk.agent.get(&format!("/api/v1/cases/{}/forms/none", story.id)).await.problem(404, "not_found");
        let listed =
            desk.agent.get(&format!("/api/v1/cases/{}/forms", story.id)).await.expect(StatusCode::OK).json();
        let names = listed["items"].as_array().expect("forms").iter().map(|form| form["name"].clone());
        assert!(names.collect::<Vec<_>>().contains(&"acceptance".into()), "{listed}");
        desk.agent.get(&format!("{path}?format=pdf")).await.problem(422, "invalid_query");
    });
}

/// ASC-4: a filed form goes to another person, who takes it.
#[test]
fn a_form_is_handed_over_and_taken() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let mut story = Story::begin(&desk.agent, "水压低").await;
        let body = json!({"form": "acceptance", "fields": {"event": "水压低"}});
        story.act(&desk.agent, "file_form", body).await;
        let to = desk.lead.id.map(|id| id.to_string());
        story.act(&desk.agent, "hand_over_form", json!({"form": "acceptance", "to": to})).await;
        let path = format!("/api/v1/cases/{}/forms/acceptance", story.id);
        let form = desk.lead.get(&path).await.expect(StatusCode::OK).json();
        assert_eq!((&form["handed_to"], &form["taken_at"]), (&json!("lan"), &json!(null)));
        story.act(&desk.lead, "take_form", json!({"form": "acceptance"})).await;
        let form = desk.lead.get(&path).await.expect(StatusCode::OK).json();
        assert!(form["taken_at"].is_string(), "{form}");
    });
}

/// PROP-35, PROP-48, DESK-13: advice of the sources is shown in its stage.
#[test]
fn advice_is_shown_in_its_stage_with_its_source() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let story = Story::begin(&desk.agent, "水压低").await;
        let path = format!("/api/v1/cases/{}/tips", story.id);
        let tips = desk.agent.get(&path).await.expect(StatusCode::OK).json();
        let sources: Vec<String> = tips["items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|tip| tip["sources"][0].as_str().map(str::to_owned))
            .collect();
        for id in ["PROP-35", "PROP-48", "PROP-49", "DESK-13"] {
            assert!(sources.iter().any(|source| source == id), "{id} in {sources:?}");
        }
        assert!(!sources.iter().any(|source| source == "DESK-1"), "a call is no visit");
    });
}
