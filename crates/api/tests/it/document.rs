use crate::with_admin;
use axum::http::StatusCode;
use huiyin_api::openapi::document;
use huiyin_domain::case::{Channel, Kind, PromiseKind, Stage};
use huiyin_testkit::app::PASSWORD;
use serde_json::{Value, json};

fn made() -> Value {
    serde_json::to_value(document()).expect("the document is JSON")
}

/// Contracts §2: names on the wire are snake_case, in the document as well.
#[test]
fn the_document_names_values_as_the_wire_does() {
    let document = made();
    let named = |schema: &str| document["components"]["schemas"][schema]["enum"].clone();
    assert_eq!(named("Kind"), json!(Kind::ALL));
    assert_eq!(named("Channel"), json!(Channel::ALL));
    assert_eq!(named("Stage"), json!(Stage::ALL));
    assert_eq!(named("PromiseKind"), json!(PromiseKind::ALL));
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    for (name, schema) in schemas.iter().filter(|(name, _)| *name != "Locale") {
        for value in schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let snake = value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            assert!(snake, "{name} has {value}");
        }
    }
}

fn body_of<'a>(document: &'a Value, path: &str) -> &'a Value {
    let body = &document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"];
    let name = body["$ref"].as_str().and_then(|place| place.rsplit('/').next()).expect("a named body");
    &document["components"]["schemas"][name]
}

/// Issue 3 §6: an action and an operation of people with like names each keep
/// their own body; two of one name would silently become one.
#[test]
fn handing_over_work_and_handing_over_a_case_are_described_apart() {
    let document = made();
    let work = &body_of(&document, "/api/v1/people/{id}/hand-over")["properties"];
    let case = &body_of(&document, "/api/v1/cases/{id}/actions/hand_over")["properties"];
    assert_eq!(work["reason"]["$ref"], "#/components/schemas/HandOverReason");
    assert_eq!(case["reason"]["$ref"], "#/components/schemas/Text");
    assert!(work["version"].is_null() && case["version"].is_object());
}

/// a personal text is null once it was erased, and the document says so,
/// in a way in which null fits exactly one of several shapes.
#[test]
fn an_erased_text_fits_the_document() {
    let document = made();
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Sealed"]["type"], json!(["string", "null"]));
    assert_eq!(schemas["Case"]["properties"]["text"]["$ref"], "#/components/schemas/Sealed");
    let mut left = vec![schemas];
    while let Some(value) = left.pop() {
        let personal = |shape: &Value| shape["$ref"] == "#/components/schemas/Sealed";
        assert!(!value["oneOf"].as_array().is_some_and(|all| all.iter().any(personal)), "{value}");
        left.extend(value.as_object().into_iter().flat_map(|map| map.values()));
        left.extend(value.as_array().into_iter().flatten());
    }
}

/// Issue 3 §6: whoever makes a client from the document finds all that it names.
#[test]
fn every_schema_that_the_document_names_is_there() {
    let document = made();
    let mut left = vec![&document];
    while let Some(value) = left.pop() {
        if let Some(place) = value["$ref"].as_str() {
            let place = place.strip_prefix('#').expect("a place in the document");
            assert!(document.pointer(place).is_some(), "{place}");
        }
        left.extend(value.as_object().into_iter().flat_map(|map| map.values()));
        left.extend(value.as_array().into_iter().flatten());
    }
}

/// The committed document is the one of this code: the web client is made from
/// it. `cargo run -p huiyin-server -- openapi > openapi/openapi.json` renews it.
#[test]
fn the_committed_document_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/openapi.json");
    let fresh = format!("{}\n", serde_json::to_string_pretty(&document()).expect("the document is JSON"));
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let copy = concat!(env!("CARGO_TARGET_TMPDIR"), "/openapi.json");
    std::fs::write(copy, &fresh).expect("a place for the fresh document");
    assert!(committed == fresh, "openapi/openapi.json is out of date; the fresh one is {copy}");
}

/// contracts §2: the document names `Idempotency-Key` where it counts and nowhere
/// else: what changes the session itself or a secret of one's own keeps no answer.
#[test]
fn the_document_names_the_key_where_it_counts() {
    let document = made();
    let mut without = Vec::new();
    for (_, item) in document["paths"].as_object().expect("paths") {
        let post = &item["post"];
        let named = |one: &Value| one["name"] == "Idempotency-Key";
        if post.is_object() && !post["parameters"].as_array().into_iter().flatten().any(named) {
            without.push(post["operationId"].as_str().unwrap_or_default().to_owned());
        }
    }
    without.sort();
    let open = ["create_session", "redeem_reset_link", "redeem_setup_link"];
    let own = ["change_password", "set_pin", "switch_organisation", "switch_person"];
    let look = ["check_phrases", "suggest_text"];
    let mut expected: Vec<&str> = open.into_iter().chain(own).chain(look).collect();
    expected.sort_unstable();
    assert_eq!(without, expected);
    with_admin(|app, _| async move {
        let browser = app.anonymous().sign_in("admin", PASSWORD).await.with("idempotency-key", "k-1");
        let change = json!({"old": PASSWORD, "new": "five tall quiet trees"});
        let _ = browser.post("/api/v1/password", &change).await.expect(StatusCode::NO_CONTENT);
        let again = browser.post("/api/v1/password", &change).await;
        assert_eq!(again.header("idempotent-replayed"), "");
        again.problem(422, "invalid_body");
    });
}
