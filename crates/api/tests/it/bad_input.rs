//! Bad input over HTTP: one table of faults, tried on routes that write.

use crate::story::Story;
use crate::with_admin;
use axum::body::Body;
use axum::http::Method;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

/// Counts what writes leave behind, of every organisation.
const COUNTS: &str = "SELECT 'cases', COUNT(*) FROM cases
    UNION ALL SELECT 'events', COUNT(*) FROM events
    UNION ALL SELECT 'parties', COUNT(*) FROM parties
    UNION ALL SELECT 'households', COUNT(*) FROM households
    UNION ALL SELECT 'units', COUNT(*) FROM units
    UNION ALL SELECT 'persons', COUNT(*) FROM persons
    UNION ALL SELECT 'memberships', COUNT(*) FROM memberships
    UNION ALL SELECT 'duty', COUNT(*) FROM duty
    UNION ALL SELECT 'webhooks', COUNT(*) FROM webhooks
    UNION ALL SELECT 'tokens', COUNT(*) FROM tokens
    UNION ALL SELECT 'jobs', COUNT(*) FROM jobs
    UNION ALL SELECT 'idempotency', COUNT(*) FROM idempotency
    UNION ALL SELECT 'audit', COUNT(*) FROM audit ORDER BY 1";

fn counts(app: &TestApp) -> Vec<(String, i64)> {
    let rows = app.store().read_blocking(|tx| tx.all(COUNTS, &[])).expect("counts");
    rows.iter().map(|row| (row.get(0).expect("a table"), row.get(1).expect("a count"))).collect()
}

/// A route, a body that it would take, and which of its fields are what.
struct Route {
    path: String,
    body: Value,
    text: &'static str,
    times: &'static [&'static str],
    money: &'static [&'static str],
}

fn route(path: &str, body: Value, text: &'static str) -> Route {
    Route { path: format!("/api/v1/{path}"), body, text, times: &[], money: &[] }
}

fn routes(app: &TestApp, case: &str, person: &str) -> Vec<Route> {
    let at = "2026-10-01T09:00:00+08:00";
    let act = |action: &str| format!("cases/{case}/actions/{action}");
    let matter = json!({"kind": "complaint", "channel": "phone", "text": "灯不亮", "external_id": "B-1",
        "received_at": at, "reporter": {"name": "何先生", "phone": "19900001234"}});
    let membership = json!({"unit": app.unit, "posts": ["agent"]});
    let yuan = json!({"amount": "600.00", "currency": "CNY"});
    vec![
        Route { times: &["received_at"], ..route("cases", matter, "text") },
        route(&act("note"), json!({"text": "x", "version": 1}), "text"),
        Route {
            times: &["due"],
            ..route(
                &act("promise"),
                json!({"kind": "feedback", "text": "x", "due": at, "version": 1}),
                "text",
            )
        },
        Route {
            money: &["amount"],
            ..route(&act("offer_option"), json!({"text": "x", "amount": yuan, "version": 1}), "text")
        },
        route("parties", json!({"name": "何先生", "phones": ["19900001234"], "note": "x"}), "note"),
        route("households", json!({"unit": app.unit, "building": "9", "room": "901", "area": 9000}), "room"),
        Route {
            times: &["valid_from"],
            ..route(
                "units",
                json!({"code": "n", "name": "北", "level": "estate", "parent": app.unit, "valid_from": at}),
                "name",
            )
        },
        route("people", json!({"login": "nn", "name": "新", "membership": membership}), "name"),
        Route {
            times: &["from", "to"],
            ..route(
                "duty",
                json!({"person": person, "unit": app.unit, "kind": "on_duty", "from": at, "to": "2026-10-01T17:00:00+08:00"}),
                "kind",
            )
        },
        route(
            "webhooks",
            json!({"name": "总台", "url": "https://hooks.example.cn/in", "events": ["*"]}),
            "name",
        ),
        Route {
            times: &["expires_at"],
            ..route("tokens", json!({"name": "desk", "expires_at": at}), "name")
        },
    ]
}

/// A fault: where it lies, with which code where there is but one, and the body.
type Fault = (String, Option<&'static str>, Value);

fn with(body: &Value, field: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[field] = value;
    body
}

/// Every body of a route that is JSON and yet wrong in one field.
fn faults(route: &Route) -> Vec<Fault> {
    let (body, text) = (&route.body, route.text);
    let fields: Vec<String> = body.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
    let mut all: Vec<Fault> = vec![
        ("surprise".into(), Some("unknown_field"), with(body, "surprise", json!(1))),
        (text.into(), Some("too_long"), with(body, text, json!("长".repeat(22_000)))),
        (text.into(), Some("control_character"), with(body, text, json!("a\u{0}b"))),
        (text.into(), Some("control_character"), with(body, text, json!("a\u{7f}b"))),
        (text.into(), Some("too_deep"), with(body, text, deep)),
    ];
    for field in fields {
        let wrong =
            if body[&field].is_object() || body[&field].is_array() { json!(7) } else { json!({"a": 1}) };
        all.push((field.clone(), None, with(body, &field, wrong)));
    }
    for time in route.times {
        for (wrong, code) in [
            ("0000-01-01T00:00:00Z", "time_out_of_range"),
            ("9999-12-31T23:59:59Z", "time_out_of_range"),
            ("2026-02-30T00:00:00Z", "time_malformed"),
            ("2026-10-01", "time_malformed"),
        ] {
            all.push(((*time).into(), Some(code), with(body, time, json!(wrong))));
        }
    }
    for field in route.money {
        for wrong in ["-1.00", "10000000001.00", "99999999999999999999999999", "1e9", "NaN", "1.005", ""] {
            all.push(((*field).into(), None, with(body, field, json!({"amount": wrong, "currency": "CNY"}))));
        }
        all.push(((*field).into(), None, with(body, field, json!({"amount": 600.5, "currency": "CNY"}))));
        all.push(((*field).into(), None, with(body, field, json!({"amount": "1.00", "currency": "XBT"}))));
    }
    all
}

async fn refuses_bytes(by: &Client, path: &str) {
    let large = format!("{{\"text\":\"{}\"}}", "x".repeat(10 * 1024 * 1024));
    for (body, status, code) in [
        (Body::from("{\"a\":"), 400, "invalid_json"),
        (Body::from("{} {}"), 400, "invalid_json"),
        (Body::from(&b"{\"text\":\"\xc3\x28\"}"[..]), 400, "invalid_utf8"),
        (Body::from(&b"\xff\xfe{\0}\0"[..]), 400, "invalid_utf8"),
        (Body::from(large), 413, "payload_too_large"),
        (Body::from("[".repeat(100_000)), 422, "invalid_body"),
        (Body::from("{\"text\":\"a\",\"text\":\"b\"}"), 422, "invalid_body"),
    ] {
        by.send(Method::POST, path, Some("application/json"), body).await.problem(status, code);
    }
}

/// Bad input (issue 3): unknown fields, wrong types, long and broken texts, years
/// 0 and 9999, amounts below zero and beyond range, deep JSON, 10 MB: each a
/// clear 4xx with code and field, in both languages, and nothing is stored.
#[test]
fn every_fault_is_refused_with_its_field_and_nothing_is_stored() {
    with_admin(|app, admin| async move {
        let mei = app.with_person("mei", &[Post::Agent, Post::Lead, Post::Head]);
        let case = Story::begin(&mei, "灯不亮").await.id;
        let person = mei.id.expect("a person").to_string();
        let before = counts(&app);
        let mut tried = 0;
        for route in routes(&app, &case, &person) {
            let managed = ["units", "people", "webhooks"].iter().any(|end| route.path.ends_with(end));
            let by = if managed { &admin } else { &mei };
            refuses_bytes(by, &route.path).await;
            for (field, code, body) in faults(&route) {
                let at = format!("{} {field} {code:?}", route.path);
                let english = by.post(&route.path, &body).await;
                assert_eq!(english.status.as_u16(), 422, "{at}: {english:?}");
                let english = english.problem(422, "invalid_body");
                let chinese = by.clone().with("accept-language", "zh-CN").post(&route.path, &body).await;
                let chinese = chinese.problem(422, "invalid_body");
                let (fault, told) = (&english["fields"][0], &chinese["fields"][0]);
                let path = fault["path"].as_str().unwrap_or_default();
                assert!(
                    path == field
                        || path.starts_with(&format!("{field}."))
                        || path.starts_with(&format!("{field}[")),
                    "{at}: {english}"
                );
                if let Some(code) = code {
                    assert_eq!(fault["code"], code, "{at}: {english}");
                }
                assert!(
                    fault["detail"] != fault["code"] && fault["detail"] != told["detail"],
                    "{at}: {english} {chinese}"
                );
                tried += 1;
            }
        }
        println!("{tried} faults, each in two languages");
        assert!(tried > 120, "{tried}");
        assert_eq!(counts(&app), before, "a refused request left something behind");
    });
}
