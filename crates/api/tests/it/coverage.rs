//! Every operation of the document is called by some test of this binary.

use crate::papers::REGISTERS;
use huiyin_domain::case::CommandKind;
use std::path::Path;

/// Operations whose address a test puts together from parts, with the file and
/// words of the call.
const CALLED_BY_PARTS: &[(&str, &str, &str)] = &[
    ("get_webhook", "hooks.rs", ".get(&one)"),
    ("change_webhook", "hooks.rs", ".patch(&one, &off)"),
    ("remove_webhook", "hooks.rs", ".delete(&one)"),
    ("list_actions", "pairs.rs", ".get(&format!(\"{base}/actions\"))"),
    ("check_report", "reports.rs", ".get(&format!(\"{path}/check\"))"),
    ("get_report_file", "reports.rs", ".get(&format!(\"{path}/file?format=json\"))"),
    ("freeze_report", "reports.rs", ".post(&format!(\"{path}/freeze\")"),
    ("list_report_rows", "reports.rs", ".get(&format!(\"{path}/rows?limit=200\"))"),
    ("write_report", "reports.rs", ".patch(&format!(\"{path}/texts\")"),
    ("revoke_person_session", "own_access.rs", ".delete(&last)"),
    ("revoke_person_token", "own_access.rs", ".delete(&one)"),
    ("add_incident_measure", "incident_work.rs", "\"add_measure\", json!"),
    ("end_incident_measure", "leak_story.rs", "\"end_measure\", json!"),
    ("reply_to_members", "incident_work.rs", "\"reply_members\", reply)"),
    ("close_incident", "incident_work.rs", "\"close\", json!"),
    ("reopen_incident", "incident_work.rs", "\"reopen\", json!"),
    ("withdraw_hot", "incident_work.rs", "\"withdraw_hot\", json!"),
    ("get_incident_figures", "incident_work.rs", "/incidents/{id}/figures\")"),
    ("list_majors", "incident_work.rs", "read(&desk.lead, \"/majors\")"),
    ("draft_case_report", "incident_work.rs", "/special_reports/closing\""),
];

/// Reads the sources of these tests, this one left out.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the tests").flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name != "coverage.rs" {
                found.push((name, std::fs::read_to_string(path).expect("a source")));
            }
        }
    }
    found
}

/// Says whether a text literal begins with an address of this shape and ends
/// with it or goes on with a query.
fn names(source: &str, address: &str) -> bool {
    let pieces: Vec<&str> = address.split(['{', '}']).step_by(2).collect();
    source.match_indices(pieces[0]).any(|(at, _)| {
        let literal = source[at..].split('"').next().unwrap_or_default();
        let literal = literal.split('?').next().unwrap_or_default();
        let mut rest = &literal[pieces[0].len()..];
        for piece in &pieces[1..] {
            let Some(end) = rest.find('/').or((!rest.is_empty()).then_some(rest.len())) else { return false };
            let Some(after) = rest[end..].strip_prefix(piece) else { return false };
            rest = after;
        }
        rest.is_empty()
    })
}

/// Issue 3 §6: a new operation needs a test that calls it.
#[test]
fn every_operation_is_called_by_a_test() {
    let document = serde_json::to_value(huiyin_api::openapi::document()).expect("the document is JSON");
    let sources = sources();
    let mut uncalled = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let id = operation["operationId"].as_str().unwrap_or_default();
            // `pairs` takes every action of a case from the list that the product gives
            if id.strip_prefix("act_").and_then(CommandKind::parse).is_some() {
                continue;
            }
            // `papers` calls every operation of the registers that one table makes
            let kind = path.split('/').nth(3).unwrap_or_default();
            if REGISTERS.contains(&kind) {
                continue;
            }
            let by_parts = CALLED_BY_PARTS.iter().any(|(known, file, call)| {
                *known == id && sources.iter().any(|(name, text)| name == file && text.contains(call))
            });
            let calls = |text: &str| {
                let sent = format!("Method::{}", method.to_uppercase());
                text.contains(&format!(".{method}(")) || text.contains(&sent)
            };
            if !by_parts && !sources.iter().any(|(_, text)| names(text, path) && calls(text)) {
                uncalled.push(format!("{id}: {method} {path}"));
            }
        }
    }
    assert!(uncalled.is_empty(), "no test calls\n{}", uncalled.join("\n"));
}

/// The search behind the test above finds what is there and no more.
#[test]
fn an_address_is_recognised_in_its_call() {
    let source = r#"a.get(&format!("/api/v1/people/{id}/work")); b.get("/api/v1/cases?limit=1");"#;
    assert!(names(source, "/api/v1/people/{id}/work") && names(source, "/api/v1/cases"));
    for other in ["/api/v1/people", "/api/v1/people/{id}", "/api/v1/people/{id}/works", "/api/v1/case"] {
        assert!(!names(source, other), "{other}");
    }
}
