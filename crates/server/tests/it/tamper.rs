//! Whoever changes the database behind the product's back is found out.

use crate::site::Site;
use huiyin_store::Engine;
use serde_json::Value;
use std::collections::BTreeSet;

const CASE_TABLES: [&str; 10] = [
    "events",
    "sealed",
    "clocks",
    "promises",
    "tasks",
    "contacts",
    "case_parties",
    "relations",
    "case_facts",
    "anchor_heads",
];

/// PROP-67, PROP-68: after an anchor, each change by the database's own shell
/// is named, and only what was changed.
#[test]
fn tamper_sqlite() {
    tamper(Engine::Sqlite);
}

/// PROP-67, PROP-68
#[test]
fn tamper_postgres() {
    tamper(Engine::Postgres);
}

#[expect(clippy::too_many_lines, reason = "one story: six changes, one look")]
fn tamper(engine: Engine) {
    let site = Site::founded(engine);
    let running = site.serve();
    let client = running.client();
    let names = ["byte", "cut", "deleted", "swapped", "restored", "text", "untouched"];
    let ids: Vec<String> = names.iter().map(|name| client.record(&format!("a matter of {name}"))).collect();
    let [byte, cut, deleted, swapped, restored, text, untouched] = ids.as_slice() else { panic!("{ids:?}") };
    ids.iter().for_each(|id| client.note(id, "first"));
    site.shell(
        "CREATE TABLE old_cases AS SELECT * FROM cases; CREATE TABLE old_sealed AS SELECT * FROM sealed;",
    );
    ids.iter().for_each(|id| client.note(id, "second"));
    running.end();
    let report = site.clean();
    assert_eq!(report["cases"], 7);
    assert!(report["anchors"].as_u64().unwrap() >= 1);
    assert_eq!(report["anchors"], report["anchors_outside"]);

    site.shell(&format!(
        "UPDATE events SET payload = replace(payload, 'JY-', 'JZ-') WHERE case_id = '{byte}' AND seq = 1"
    ));
    site.shell(&format!(
        "DELETE FROM events WHERE case_id = '{cut}' AND seq = 3;
         DELETE FROM sealed WHERE case_id = '{cut}' AND digest NOT IN (SELECT digest FROM old_sealed);
         UPDATE case_facts SET version = 2 WHERE case_id = '{cut}';"
    ));
    for id in [cut, restored] {
        site.shell(&format!(
            "UPDATE cases SET version = (SELECT version FROM old_cases o WHERE o.id = cases.id),
               head = (SELECT head FROM old_cases o WHERE o.id = cases.id),
               state = (SELECT state FROM old_cases o WHERE o.id = cases.id),
               changed_at = (SELECT changed_at FROM old_cases o WHERE o.id = cases.id) WHERE id = '{id}'"
        ));
    }
    for table in CASE_TABLES {
        site.shell(&format!("DELETE FROM {table} WHERE case_id = '{deleted}'"));
    }
    site.shell(&format!("DELETE FROM cases WHERE id = '{deleted}'"));
    for (from, to) in [(2, -2), (3, 2), (-2, 3)] {
        site.shell(&format!("UPDATE events SET seq = {to} WHERE case_id = '{swapped}' AND seq = {from}"));
    }
    site.shell(&format!(
        "UPDATE sealed SET value = value || '.' WHERE case_id = '{text}' AND value LIKE 'a matter%'"
    ));
    site.shell("DROP TABLE old_cases; DROP TABLE old_sealed;");

    let (report, clean) = site.doctor();
    assert!(!clean, "{report:#}");
    let of = |id: &str| codes(&report, Some(id));
    assert_eq!(of(byte), set(&["event_changed", "state_differs", "projection_differs"]));
    assert_eq!(of(cut), set(&["anchored_event_missing"]), "{report:#}");
    assert_eq!(of(deleted), set(&["anchored_case_missing"]));
    assert!(of(swapped).contains("event_changed"));
    assert_eq!(
        of(restored),
        set(&["head_differs", "state_differs", "version_differs", "projection_differs"])
    );
    assert_eq!(of(text), set(&["text_changed"]));
    assert!(of(untouched).is_empty());
    assert!(codes(&report, None).contains("anchor_changed"));
    let plain = site.run(&["doctor"]);
    assert_eq!(plain.status.code(), Some(1));
    let said = String::from_utf8(plain.stdout).unwrap();
    for id in [byte, cut, deleted, swapped, restored, text] {
        assert!(said.contains(id.as_str()) && said.contains("organisation default"), "{said}");
    }
}

/// PROP-68: anchors in the database that were made again do not match those outside.
#[test]
fn anchors_made_again_do_not_match_those_outside() {
    let site = Site::founded(Engine::Sqlite);
    let running = site.serve();
    let client = running.client();
    let id = client.record("a matter");
    running.end();
    site.shell("UPDATE anchors SET digest = replace(digest, substr(digest, 1, 1), 'x')");
    let (report, clean) = site.doctor();
    assert!(!clean);
    let found = codes(&report, None);
    assert!(found.contains("anchor_changed") && found.contains("anchor_differs"), "{report:#}");
    assert!(codes(&report, Some(&id)).is_empty());
    site.shell("DELETE FROM anchors; DELETE FROM anchor_heads");
    let (report, _) = site.doctor();
    assert!(codes(&report, None).contains("anchor_removed"), "{report:#}");
    assert_eq!(codes(&report, Some(&id)), set(&["anchor_not_awaited"]));
}

/// The broken things of one case, or those of no case.
fn codes(report: &Value, case: Option<&str>) -> BTreeSet<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["severity"] == "broken" && finding["case"].as_str() == case)
        .map(|finding| finding["code"].as_str().unwrap().to_owned())
        .collect()
}

fn set(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}
