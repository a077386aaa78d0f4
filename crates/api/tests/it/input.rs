use crate::with_admin;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use huiyin_api::json::MAX_BODY;
use serde_json::json;

const UNITS: &str = "/api/v1/units";
const JSON: Option<&str> = Some("application/json");

/// Bad input (issue 3): each a clear 4xx problem with a code, nothing stored.
#[test]
fn bad_bodies_are_refused_and_nothing_is_stored() {
    with_admin(|_, admin| async move {
        let before = admin.get(UNITS).await.expect(StatusCode::OK).body;
        let long = json!({"code": "a", "name": "长".repeat(30_000), "level": "estate"}).to_string();
        let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
        for (media, body, status, code) in [
            (JSON, Body::from("{"), 400, "invalid_json"),
            (JSON, Body::empty(), 400, "empty_body"),
            (JSON, Body::from(&b"{\"code\":\"\xff\"}"[..]), 400, "invalid_utf8"),
            (JSON, Body::from(" ".repeat(MAX_BODY + 1)), 413, "payload_too_large"),
            (JSON, Body::from("[]"), 422, "invalid_body"),
            (JSON, Body::from(deep), 422, "invalid_body"),
            (JSON, Body::from(long), 422, "invalid_body"),
            (JSON, Body::from(r#"{"code":"a\u0000","name":"x","level":"estate"}"#), 422, "invalid_body"),
            (JSON, Body::from(r#"{"code":"a","name":"x","level":"estate","more":1}"#), 422, "invalid_body"),
            (JSON, Body::from(r#"{"code":"a","name":"x","level":"palace"}"#), 422, "invalid_body"),
            (None, Body::from("{}"), 415, "unsupported_media_type"),
            (Some("text/plain"), Body::from("{}"), 415, "unsupported_media_type"),
        ] {
            admin.send(Method::POST, UNITS, media, body).await.problem(status, code);
        }
        let dated =
            json!({"code": "a", "name": "x", "level": "estate", "valid_from": "0000-01-01T00:00:00Z"});
        let problem = admin.post(UNITS, &dated).await.problem(422, "invalid_body");
        assert_eq!(problem["fields"][0]["path"], "valid_from");
        assert_eq!(problem["fields"][0]["code"], "time_out_of_range");
        assert_eq!(admin.get(UNITS).await.body, before);
    });
}

/// Bad input (issue 3): addresses, methods and parameters are as strict.
#[test]
fn bad_addresses_are_refused() {
    with_admin(|_, admin| async move {
        admin.get("/api/v1/nothing").await.problem(404, "not_found");
        admin.get("/api/v1/people/7").await.problem(404, "not_found");
        admin.get("/api/v1/people/%FF").await.problem(404, "not_found");
        admin.get("/api/v1/people/00000000-0000-0000-0000-000000000000").await.problem(404, "not_found");
        let answer = admin.send(Method::PUT, UNITS, JSON, Body::from("{}")).await;
        assert!(answer.header("allow").contains("POST"), "{answer:?}");
        answer.problem(405, "method_not_allowed");
        for (query, status, code) in [
            ("limit=0", 422, "invalid_query"),
            ("limit=201", 422, "invalid_query"),
            ("limit=x", 422, "invalid_query"),
            ("page=2", 422, "invalid_query"),
            ("cursor=%ZZ", 400, "invalid_encoding"),
            ("cursor=***", 422, "invalid_cursor"),
        ] {
            admin.get(&format!("/api/v1/people?{query}")).await.problem(status, code);
        }
    });
}

/// contracts §2: every answer carries the request's id and careful headers.
#[test]
fn every_answer_is_named_and_careful() {
    with_admin(|app, admin| async move {
        let named = admin.clone().with("x-request-id", "desk-7").get("/api/v1/session").await;
        assert_eq!(named.header("x-request-id"), "desk-7");
        let strange = admin.with("x-request-id", "a b<c>").get("/api/v1/session").await;
        assert_eq!(strange.header("x-request-id").len(), 36);
        for path in ["/healthz", "/readyz", "/api/v1/openapi.json", "/nothing"] {
            let answer = app.anonymous().get(path).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
            assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        }
        let chinese = app.anonymous().with("accept-language", "zh-CN").get("/nothing").await;
        assert!(
            chinese.problem(404, "not_found")["detail"].as_str().is_some_and(|text| text.contains("没有"))
        );
    });
}

/// Issue 3 §6: each operation of the document tells success and refusals.
#[test]
fn the_document_tells_success_and_refusals() {
    let document = serde_json::to_value(huiyin_api::openapi::document()).expect("document");
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    let paths = document["paths"].as_object().expect("paths");
    assert!(!paths.is_empty());
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("operations") {
            let id = operation["operationId"].as_str().unwrap_or_default();
            assert!(id.contains('_'), "{method} {path}: verb_resource is wanted, not {id:?}");
            let responses = operation["responses"].as_object().expect("responses");
            assert!(responses.keys().any(|status| status.starts_with('2')), "{id} has no success");
            for (status, response) in responses.iter().filter(|(status, _)| !status.starts_with('2')) {
                let named = response["$ref"].as_str().and_then(|name| document.pointer(&name[1..]));
                let response = named.unwrap_or(response);
                assert!(response["content"]["application/problem+json"].is_object(), "{id} {status}");
            }
        }
    }
}

/// Bad input (issue 3): the id that another system has for a case is bounded as
/// the document says; a blank one is none, so that two of them are no conflict.
#[test]
fn an_id_of_another_system_is_bounded() {
    const CASES: &str = "/api/v1/cases";
    with_admin(|_, admin| async move {
        let case =
            |id: &str| json!({"kind": "complaint", "channel": "phone", "text": "漏水", "external_id": id});
        let problem = admin.post(CASES, &case(&"7".repeat(201))).await.problem(422, "invalid_body");
        assert_eq!(problem["fields"][0]["path"], "external_id");
        assert_eq!(problem["fields"][0]["code"], "text_length");
        for right in ["7".repeat(200), " ".to_owned(), String::new()] {
            let made = admin.post(CASES, &case(&right)).await;
            assert_eq!(made.status, StatusCode::CREATED, "{right}");
        }
    });
}
