//! A fifth pack, written from `docs/how-to/write-a-pack.md` alone.

use super::super::*;
use super::desk::{ANN, Desk, NAN, VERA, VIC};
use super::guide;
use crate::pack::{Pack, PackFiles, load, shipped};
use serde_json::json;
use std::sync::LazyLock;

static FIFTH: LazyLock<Pack> = LazyLock::new(|| load(&files()).expect("the fifth pack loads"));

fn files() -> PackFiles {
    let (_, property) = shipped().remove(0);
    let common = property.get("common.toml").unwrap();
    PackFiles::of(include_str!("fifth/pack.toml")).with("common.toml", common)
}

/// another order of stages, a form and an approval of its own.
#[test]
fn a_pack_written_from_the_page_runs_without_a_change_in_rust() {
    let along = guide::along(&FIFTH, Channel::Phone);
    let stages: Vec<Stage> = along.iter().map(|desk| desk.case.stage).collect();
    let order = [
        Stage::Received,
        Stage::Deciding,
        Stage::Investigating,
        Stage::Verifying,
        Stage::Visiting,
        Stage::Closed,
    ];
    assert_eq!(stages, order, "decided before it is investigated");
    let ended = &along.last().unwrap().case;
    assert_eq!(ended.closure, Some(ClosureKind::Satisfied));
    assert!(ended.forms["tasting"].handed.is_some_and(|handed| handed.taken_at.is_some()));

    let mut desk: Desk = along[2].clone();
    desk.did(NAN, "record_finding", json!({ "text": "冷藏不足" }));
    desk.refused(NAN, "submit_for_verification", json!({}), "form_missing");
    let wrong = json!({ "form": "tasting", "fields": { "dish": "汤", "sampled_on": "昨天" } });
    desk.refused(ANN, "file_form", wrong, "fields.sampled_on:wrong_value");
    desk.refused(VIC, "set_fields", json!({ "fields": { "dish": "soup" } }), "not_permitted");
    desk.refused(VERA, "verify", json!({ "in_order": true }), "wrong_stage");
}

/// Issue 4, bad input: each fault is named with line and advice.
#[test]
fn what_an_author_gets_wrong_is_named_with_its_line() {
    let main = files().get(PackFiles::MAIN).unwrap().to_owned();
    let wrong = [
        ("by = [\"verifier\"]", "by = [\"verifyer\"]", "verifier"),
        ("to = \"deciding\"", "to = \"decidin\"", "deciding"),
        ("top = \"safety\"", "top = \"safty\"", "safety"),
        ("from = { field = \"dish\" }", "from = { field = \"dishes\" }", "dish"),
        ("from = { field = \"dish\" }", "from = \"complainer\"", "complainant"),
        ("labels.soup", "labels.soop", "soup"),
        ("stages = [\"received\"]", "stages = [\"recieved\"]", "received"),
        ("\"finding\", {", "\"findings\", {", "finding"),
    ];
    for (from, to, meant) in wrong {
        assert!(main.contains(from), "{from}");
        let changed = files().with(PackFiles::MAIN, &main.replacen(from, to, 1));
        let faults = load(&changed).expect_err(to);
        let named = faults.iter().any(|fault| fault.place.line > 1 && fault.near.iter().any(|n| n == meant));
        assert!(named, "{to}: {faults:#?}");
    }
    let alone = main.replacen("\"finding\", {", "{ channel = [\"phone\"] }, {", 1);
    let faults = load(&files().with(PackFiles::MAIN, &alone)).unwrap_err();
    assert!(faults.iter().any(|fault| fault.code == crate::pack::codes::GATE_SHUT), "{faults:#?}");
}
