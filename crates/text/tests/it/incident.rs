//! What belongs together, and what only looks like it.

use huiyin_text::category::Message;
use huiyin_text::incident::{Corpus, Incidents, Report, SAME, names};

/// Pairs in the language of property management, made up for this test.
const PAIRS: &str = include_str!("property_pairs.csv");

pub fn report(text: &str) -> Report {
    Report { message: Message { title: String::new(), text: text.to_owned() }, who: None, place: None }
}

fn pairs() -> Vec<(&'static str, &'static str, bool)> {
    PAIRS
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[0], cells[1], cells[2] == "1")
        })
        .collect()
}

#[test]
fn two_hundred_pairs_of_property_language_are_told_apart() {
    let pairs = pairs();
    assert_eq!(pairs.len(), 200);
    let mut texts: Vec<&str> = pairs.iter().flat_map(|(one, other, _)| [*one, *other]).collect();
    texts.sort_unstable();
    texts.dedup();
    let corpus = Corpus::new(&texts.iter().map(|text| report(text)).collect::<Vec<_>>());
    let at = |text: &str| texts.binary_search(&text).expect("it is among them");
    let (mut hit, mut missed, mut wrong) = (0_usize, Vec::new(), Vec::new());
    for (one, other, same) in pairs {
        let likeness = corpus.compare(at(one), at(other)).expect("both are there");
        let probability = likeness.probability();
        match (probability >= SAME, same) {
            (true, true) => hit += 1,
            (false, true) => missed.push((probability, one, other, likeness)),
            (true, false) => wrong.push((probability, one, other, likeness)),
            (false, false) => {}
        }
    }
    let f1 = (2 * hit) as f64 / (2 * hit + missed.len() + wrong.len()) as f64;
    println!("F1 {f1:.3}: {hit} joined, {} missed, {} wrong", missed.len(), wrong.len());
    missed.iter().for_each(|pair| println!("missed {pair:?}"));
    wrong.iter().for_each(|pair| println!("wrong {pair:?}"));
    assert!(f1 >= 0.85, "F1 {f1:.3}");
}

/// A heading such as 电梯故障 is no place: where it was is read from what follows, also in
/// traditional forms.
#[test]
fn under_one_heading_the_places_of_the_texts_decide() {
    let told = |title: &str, text: &str| {
        let mut told = report(text);
        title.clone_into(&mut told.message.title);
        told
    };
    let one = told("电梯故障", "云杉里1栋电梯昨天又停了，老人下不了楼，请尽快维修");
    let probability = |other: Report| {
        let rest = ["电梯故障", "停水", "噪音"].map(|title| told(title, "望潮府三期的住户反映问题，请处理"));
        let corpus = Corpus::new(&[[one.clone(), other].as_slice(), &rest].concat());
        corpus.compare(0, 1).expect("both are there").probability()
    };
    for (title, text, same) in [
        ("电梯故障", "云杉里2栋电梯昨天又停了，老人下不了楼，请尽快维修", false),
        ("电梯故障", "望潮府1栋电梯昨天又停了，老人下不了楼，请尽快维修", false),
        ("云杉里电梯故障", "云杉里3栋电梯昨天又停了，老人下不了楼，请尽快维修", false),
        ("投诉", "云杉里1栋的电梯停了两天，没人来修", true),
        ("電梯故障", "雲杉里1棟電梯昨天又停了，老人下不了樓", true),
    ] {
        let probability = probability(told(title, text));
        assert_eq!(probability >= SAME, same, "{title}：{text} {probability}");
    }
}

/// Opens each text as an incident of its own, called by its place in the list.
fn opened(texts: &[&str]) -> Incidents<usize> {
    let mut open = Incidents::default();
    texts.iter().enumerate().for_each(|(at, text)| open.add(&at, &report(text)));
    open
}

#[test]
fn a_message_finds_its_incident_with_the_reason_and_not_its_neighbours() {
    let open = opened(&[
        "云杉里3期5栋2单元电梯从昨晚起停运，没人来修",
        "云杉里3期6栋1单元电梯困人，救援等了四十分钟",
        "云杉里3期5栋楼下商铺半夜装修，电钻声太吵",
        "天鹅苑地下车库停车费涨价，从三百涨到五百",
    ]);
    let found = open.place(&report("云杉里3期5栋2单元的电梯又停运了，老人上不了楼"), 3);
    assert_eq!(found[0].incident, 0, "{found:?}");
    assert!(found[0].probability >= SAME, "{found:?}");
    assert!(found[1..].iter().all(|candidate| candidate.probability < SAME), "{found:?}");
    let reasons = &found[0].reasons;
    assert!(reasons.same_number && !reasons.other_number, "{reasons:?}");
    assert!(reasons.place.as_deref().is_some_and(|place| place.contains("云杉里")), "{reasons:?}");
    assert!(found.is_sorted_by(|one, other| one.probability >= other.probability));
}

#[test]
fn a_closed_incident_is_found_no_more_and_its_room_is_used_again() {
    let texts = ["云杉里3期5栋2单元电梯停运没人修", "天鹅苑7栋水压太低晚上没水"];
    let mut open = opened(&texts);
    assert_eq!(open.len(), 2);
    open.close(&0);
    open.close(&0);
    assert_eq!(open.len(), 1);
    let asked = report("云杉里3期5栋2单元电梯又停运了");
    assert!(open.place(&asked, 5).iter().all(|candidate| candidate.incident != 0));
    open.add(&7, &report(texts[0]));
    assert_eq!((open.len(), open.place(&asked, 1)[0].incident), (2, 7));
    open.close(&1);
    open.close(&7);
    assert!(open.is_empty() && open.place(&asked, 5).is_empty());
}

#[test]
fn incidents_gather_all_tellings_and_keep_copies_about_other_places_apart() {
    let texts = [
        "锦鲤湾8号楼消防通道堆满纸箱和电动车",
        "8号楼楼道里堆杂物停电瓶车，消防通道堵死了",
        "锦鲤湾8号楼消防通道堆满纸箱和电动车",
        "锦鲤湾1号楼消防通道堆满纸箱和电动车",
        "梧桐里2栋暖气不热，家里只有十三度",
    ];
    let corpus = Corpus::new(&texts.map(report));
    let of = corpus.incidents();
    assert_eq!(of[0], of[2], "a copy is the same incident");
    assert_ne!(of[0], of[3], "another building is another incident");
    assert_ne!(of[0], of[4]);
    assert_eq!(of, corpus.incidents(), "the same messages give the same incidents");
    assert_eq!(corpus.compare(0, 99), None);
}

#[test]
fn the_same_person_and_the_same_text_about_another_place_are_two_incidents() {
    let told = |title: &str| Report {
        message: Message {
            title: title.to_owned(), text: "请有关部门加快处理，给居民一个答复。".to_owned()
        },
        who: Some("w1".to_owned()),
        place: None,
    };
    let reports = [
        told("b市云杉里小区烟道串味严重影响生活"),
        told("b市天鹅苑小区烟道串味严重影响生活"),
        told("云杉里小区烟道串味影响住户生活"),
    ];
    let corpus = Corpus::new(&reports);
    let probability = |one, other| corpus.compare(one, other).expect("both are there").probability();
    assert!(probability(0, 1) < SAME, "{:?}", corpus.compare(0, 1));
    assert!(probability(0, 2) >= SAME, "{:?}", corpus.compare(0, 2));
    assert!((probability(0, 2) - probability(2, 0)).abs() < 0.05, "the order hardly matters");
}

#[test]
fn names_are_read_from_a_title() {
    assert_eq!(names("投诉Ｂ市云杉里小区物业乱收费"), ["云杉里小区"]);
    assert!(names("").is_empty());
}

/// PROP-83: where the organisation's own tree knows the places, they decide: one
/// estate by whatever name, and never another one.
#[test]
fn the_organisations_own_tree_says_where_it_is() {
    let at = |place: &str, text: &str| Report { place: Some(place.to_owned()), ..report(text) };
    let mut open = Incidents::default();
    open.add(&"here", &at("1", "3期5栋2单元电梯从昨晚起停运，没人来修"));
    open.add(&"there", &at("2", "3期5栋2单元电梯从昨晚起停运，没人来修"));
    let found = open.place(&at("2", "5栋2单元的电梯又停运了，老人上不了楼"), 2);
    assert_eq!(found[0].incident, "there", "{found:?}");
    assert!(found[0].probability >= SAME, "{found:?}");
    assert!(found[1].probability < SAME, "another estate: {found:?}");
    let unknown = open.place(&report("5栋2单元的电梯又停运了，老人上不了楼"), 2);
    assert!(unknown.iter().all(|candidate| candidate.probability >= SAME), "nobody knows which: {unknown:?}");
}
