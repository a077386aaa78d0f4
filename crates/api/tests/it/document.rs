use huiyin_api::openapi::document;
use huiyin_domain::case::{Channel, Kind, PromiseKind, Stage};
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

/// The committed document is the one of this code: the web client is made from
/// it. `cargo run -p huiyin-server -- openapi > openapi/openapi.json` renews it.
#[test]
fn the_committed_document_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/openapi.json");
    let fresh = format!("{}\n", serde_json::to_string_pretty(&document()).expect("the document is JSON"));
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == fresh,
        "openapi/openapi.json is out of date: cargo run -p huiyin-server -- openapi > openapi/openapi.json"
    );
}
