//! Input that nobody meant well.

use crate::category::examples;
use crate::incident::report;
use huiyin_text::category::{Message, train};
use huiyin_text::folded;
use huiyin_text::incident::{Corpus, Incidents, Report, names};
use proptest::prelude::*;

/// Texts that have broken something somewhere before.
pub fn hostile() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "\u{0}",
        "啊",
        "a",
        "😀",
        "👨‍👩‍👧‍👦🏳️‍🌈",
        "ｱｲｳ ａｂｃ １２３",
        "مرحبا 你好 שלום",
        "e\u{301}\u{301}\u{301}",
        "<script>alert(1)</script><div",
        "&nbsp;&lt;&#x4f60;&",
        ".*+?^${}()|[]\\",
        "(((((((",
        "%s%n%d{}{0}",
        "\u{202e}反过来\u{feff}",
        "\u{fffd}\u{fffd}",
        "\u{10ffff}\u{e000}",
        "，。！？、；：“”",
        "'; drop table cases; --",
    ]
    .map(str::to_owned)
    .to_vec();
    for piece in ["啊", "a", "1", "😀", "<", "<a", "&", "哈哈", "3栋", "\u{301}", "。"] {
        texts.push(piece.repeat((1 << 20) / piece.len()));
    }
    texts.push(String::from_utf8_lossy(&[0xff, 0xfe, 0xe5, 0x95, 0x41, 0xc0]).into_owned());
    texts
}

#[test]
fn a_model_answers_whatever_it_is_asked() {
    let model = train(&examples()).expect("there is enough to learn from");
    for text in hostile() {
        for message in [
            Message { title: text.clone(), text: String::new() },
            Message { title: String::new(), text: text.clone() },
        ] {
            let answer = model.classify(&message);
            assert!(answer.score > 0.0 && answer.score <= 1.0, "{answer:?}");
            assert!(model.explain(&message).len() <= 8);
        }
    }
}

#[test]
fn a_model_can_be_learned_among_hostile_texts() {
    let mut all = examples();
    for (at, text) in hostile().into_iter().enumerate() {
        let mut odd = all[at % 60].clone();
        odd.message.text = text;
        all.push(odd);
    }
    let model = train(&all).expect("there is enough to learn from");
    assert_eq!(model.classify(&examples()[0].message).label, "噪音");
}

#[test]
fn incidents_take_whatever_is_told() {
    let mut reports: Vec<Report> = hostile().iter().map(|text| report(text)).collect();
    reports.extend(hostile().into_iter().map(|title| Report {
        message: Message { title, text: "电梯停运".to_owned() },
        who: Some(String::new()),
        place: None,
    }));
    let mut open = Incidents::default();
    for (at, report) in reports.iter().enumerate() {
        open.add(&at, report);
        assert!(names(&report.message.title).len() <= report.message.title.len());
    }
    for report in &reports {
        for candidate in open.place(report, 3) {
            assert!((0.0..=1.0).contains(&candidate.probability), "{candidate:?}");
        }
    }
    let of = Corpus::new(&reports).incidents();
    assert_eq!(of.len(), reports.len());
    (0..reports.len()).for_each(|at| open.close(&at));
    assert!(open.is_empty());
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(text in "\\PC{0,80}") {
        let once = folded(&text);
        prop_assert!(once.chars().count() <= text.chars().count() + 1);
        prop_assert!(!once.contains("  "));
    }
}
