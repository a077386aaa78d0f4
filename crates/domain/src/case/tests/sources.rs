//! What the sources say and every pack must carry.

use super::super::*;
use super::desk::packs;
use std::collections::BTreeSet;

/// Sources that are advice alone, by the place of the pack in the shipped list.
const ADVICE: [(usize, &[&str]); 4] = [
    (0, &["PROP-35", "PROP-38", "PROP-48", "PROP-49", "PROP-58", "DESK-1", "DESK-13"]),
    (1, &["MOB-2", "MOB-4", "MOB-11", "MOB-13", "MOB-14"]),
    (2, &["CP8-6", "CP8-7", "CP8-14", "CP8-15", "CP8-17", "CP8-18", "CP8-20", "CP8-21", "CP8-23", "CP8-24"]),
    (3, &["ASC-1", "ASC-12", "ASC-14", "ASC-18", "ASC-19", "ASC-21", "ASC-26", "DEPT-8"]),
];

/// PROP-35, 38, 48, 49, 58; DESK-1, 13; MOB-2, 4, 11, 13, 14; CP8-6, 7, 14, 15, 17;
/// CP8-18, 20, 21, 23, 24; ASC-1, 12, 14, 18, 19, 21, 26; DEPT-8: each is shown in a
/// stage.
#[test]
fn every_advice_of_the_sources_is_a_tip_in_its_stage() {
    for (place, ids) in ADVICE {
        let pack = &packs(false)[place];
        let stages = pack.stages(Kind::Complaint);
        for id in ids {
            let tip = pack.tips.iter().find(|tip| tip.source.iter().any(|source| source == id));
            let tip = tip.unwrap_or_else(|| panic!("{} has no tip of {id}", pack.name));
            assert!(!tip.stages.is_empty() && tip.stages.iter().all(|stage| stages.contains(stage)), "{id}");
            let channel = tip.channels.first().copied().unwrap_or(Channel::Phone);
            let shown = tip.stages.iter().all(|stage| {
                pack.tips_for(Kind::Complaint, *stage, channel).any(|other| other.name == tip.name)
            });
            assert!(shown, "{id}");
        }
    }
}

/// X-26, MOB-7, CP8-5: every category maps to one company-wide level.
#[test]
fn categories_of_all_packs_meet_in_one_top_level() {
    let tops: Vec<BTreeSet<&str>> =
        packs(false).iter().map(|pack| pack.tops.iter().map(|top| &*top.name).collect()).collect();
    assert!(tops.iter().all(|own| *own == tops[0] && !own.is_empty()), "one list for the company");
    for pack in packs(false) {
        assert!(pack.categories.iter().all(|category| tops[0].contains(&*category.top)), "{}", pack.name);
    }
}

/// CP8-3, X-28: the type of complainant is for our eyes and needs no filling.
#[test]
fn the_type_of_complainant_is_internal_and_optional() {
    let pack = &packs(false)[2];
    let field = pack.field(Kind::Complaint, "complainant_type").unwrap();
    assert!(field.internal);
    let share = field.labels["negotiator"].share;
    assert_eq!(share, Some((30, 40)));
    let asked = pack.moves.iter().flat_map(|rule| &rule.gates).any(|gate| {
        let mut found = false;
        gate.each(&mut |one| found |= matches!(one, Gate::Fields(names) if names.contains(&field.name)));
        found
    });
    assert!(!asked, "no gate asks for it");
}

/// MOB-7: class or cause decide the department.
#[test]
fn a_cause_points_to_its_department_before_the_category_does() {
    let pack = &packs(false)[1];
    let named = |category, cause| pack.department_for(category, cause).map(|names| names.en.as_str());
    assert_eq!(named(Some("service"), None), Some("Customer service"));
    assert_eq!(named(Some("service"), Some("network")), Some("Technical department"));
    assert_eq!(named(Some("other"), None), None);
}

/// words of tone stand apart from words of liability.
#[test]
fn apologies_are_kept_apart_from_liability() {
    for pack in &packs(false)[1..] {
        let apology = &pack.texts["apology"];
        assert!(!apology.zh.contains("责任") && !apology.en.to_lowercase().contains("liab"), "{}", pack.name);
        assert!(pack.texts["liability_statement"].zh.contains("责任"));
    }
}

/// CP8-2: causes lie with the company, the consumer or society, each with its own.
#[test]
fn the_eight_steps_know_causes_of_three_sides() {
    let pack = &packs(false)[2];
    let below = |side: &str| -> Vec<&str> {
        let leaves = pack.causes.iter().filter(|cause| cause.parent.as_deref() == Some(side));
        leaves.map(|cause| cause.title.zh.as_str()).collect()
    };
    assert_eq!(below("company"), ["产品质量缺陷", "服务质量", "宣传误导", "管理不善"]);
    assert_eq!(below("consumer"), ["经济承受力", "闲暇时间", "个性", "自我保护意识"]);
    assert_eq!(below("society"), ["监督", "法制不健全", "信用缺失"]);
    assert!(pack.cause("company").is_none(), "a side alone is no cause");
    assert!(pack.cause("company.publicity").is_some());
}

/// DEPT-1: a complaint with return or exchange, and an enquiry, are cases of the
/// after-sales desk; goods that come back or go out are the warehouse's.
#[test]
fn returns_exchanges_and_enquiries_are_cases_of_after_sales() {
    let pack = &packs(false)[3];
    let field = pack.field(Kind::Complaint, "wants_back").unwrap();
    assert_eq!(
        field.kind,
        crate::pack::FieldKind::Choice(["none", "exchange", "return"].map(str::to_owned).into())
    );
    for name in ["exchange", "return"] {
        let remedy = pack.remedies_of(Kind::Complaint).find(|remedy| remedy.name == name).unwrap();
        assert_eq!(
            (remedy.gives, remedy.department.as_ref().unwrap().en.as_str()),
            (Gives::Goods, "Warehouse")
        );
    }
    let mut desk = super::desk::Desk::receives_by(pack, Kind::Enquiry, Channel::Phone);
    let answer = serde_json::json!({ "kind": "final", "carrier": "spoken", "text": "可在七日内换货" });
    desk.did(super::desk::ANN, "reply", answer);
    desk.did(super::desk::ANN, "close_answered", serde_json::json!({}));
    assert_eq!(desk.case.closure, Some(ClosureKind::Answered));
}

/// ASC-15: before negotiating five questions are put; what they found is a paper
/// that is advised and stops nobody.
#[test]
fn the_questions_before_negotiating_are_a_paper() {
    let pack = &packs(false)[3];
    let form = pack.form(Kind::Complaint, "analysis").unwrap();
    let names: Vec<&str> = form.fields.iter().map(|(field, _)| field.name.as_str()).collect();
    assert_eq!(names, ["severity", "known", "end_user", "persuasion", "further_demand"]);
    assert!(names.iter().all(|name| pack.field(Kind::Complaint, name).is_some()), "taken from the case");
    let mut moves = pack.moves_to(Kind::Complaint, Target::Stage(Stage::Deciding));
    let advised =
        |rule: &crate::pack::MoveRule| rule.advised.iter().any(|gate| gate.to_words().contains("analysis"));
    assert!(moves.any(|rule| rule.from == [Stage::Investigating] && advised(rule)));
}
