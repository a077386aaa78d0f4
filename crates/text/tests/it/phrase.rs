//! What is not said to customers.

use crate::hostile::hostile;
use huiyin_text::phrase::{Audience, Checker, Level, Origin, PhraseError, Verdict, handbook, own, verdict};
use huiyin_text::{point, risk};

fn checker() -> Checker {
    Checker::new(handbook().into_iter().chain(own())).expect("the lists are sound")
}

/// PHRASE-2, PHRASE-3, PHRASE-4, PHRASE-5, PHRASE-6, PHRASE-9: a phrase of the handbook is found with feeling
/// and better sentence.
#[test]
fn the_handbooks_phrases_are_found_however_they_are_spelt() {
    let checker = checker();
    for text in [
        "对不起，这是公司的规定。",
        "對不起，這是公司的規定",
        "这　是 公~司 的 规-定！",
        "这这是公司的规定",
        "这是\n公司的规定",
        "这是我们公司的规定",
        "这是公司规定",
        "这是公x司の的规定",
        "这<b>是</b>公司的规定",
        "这是&nbsp;公司的规定",
    ] {
        let hits = checker.check(text);
        assert_eq!(hits.len(), 1, "{text}: {hits:?}");
        assert_eq!((hits[0].number, hits[0].level, hits[0].origin), (1, Level::Block, Origin::Handbook));
        assert_eq!(&text[hits[0].span.clone()], hits[0].written);
        assert!(hits[0].written.starts_with(['这', '這']) && hits[0].written.ends_with(['定']), "{hits:?}");
        assert!(!hits[0].feeling.is_empty() && !hits[0].better.is_empty());
    }
    for (number, text) in [
        (2, "我们公司规定的收费标准就是这么多"),
        (3, "你叫什么名字？"),
        (4, "这你都不知道吗"),
        (5, "这件事情我不清楚"),
        (3, "您叫啥名字"),
        (4, "这个你都不知道吗"),
        (5, "对不起，这件事我不清楚"),
        // PHRASE-9
        (20, "你怎么用也不会"),
        (20, "您懂不懂最基本的技巧"),
    ] {
        assert_eq!(checker.check(text).iter().map(|hit| hit.number).collect::<Vec<_>>(), [number], "{text}");
    }
    for polite in [
        "请问怎么称呼您？请问我能帮您做些什么？",
        "您有什么事需要帮忙请随时联系",
        "如果你不懂操作我来帮您",
        "您不懂的地方我再说明",
    ] {
        assert_eq!(checker.check(polite), [], "{polite}");
    }
    assert!(
        handbook().iter().all(|phrase| checker.check(&phrase.better).is_empty()),
        "the better sentence is clean"
    );
}

/// PHRASE-8: in public any hit stops; elsewhere the level decides..
#[test]
fn the_level_decides_unless_everybody_reads_it() {
    let checker = checker();
    let told = |text: &str, audience| verdict(&checker.check(text), audience);
    for (text, private) in [
        ("你不懂", Verdict::Stop),
        ("我们保证给您解决", Verdict::Ask),
        ("请你再详细讲一次", Verdict::Send),
        ("我们会保证您满意", Verdict::Ask),
        ("我保证明天一定给您处理好", Verdict::Ask),
        ("公司规定就是这样", Verdict::Ask),
    ] {
        assert_eq!(told(text, Audience::Private), private, "{text}");
        assert_eq!(told(text, Audience::Public), Verdict::Stop, "{text}");
    }
    assert_eq!(told("您的意见我会如实反映", Audience::Public), Verdict::Send);
    assert_eq!(told("我们不能保证解决，但会在两天内答复", Audience::Public), Verdict::Send);
}

/// PHRASE-7: organisations add their own, which are never the handbook's.
#[test]
fn an_own_list_is_marked_as_such_and_may_be_switched_off() {
    assert!(own().iter().all(|phrase| phrase.origin == Origin::Own));
    assert!(own().iter().all(|phrase| handbook().iter().all(|of_book| of_book.number != phrase.number)));
    let mut phrases = own();
    phrases.iter_mut().for_each(|phrase| phrase.is_active = false);
    let checker = Checker::new(phrases.clone()).expect("none is active");
    assert_eq!(checker.check("我们保证给您解决"), []);
    phrases[0].is_active = true;
    phrases[0].variants.push("！".to_owned());
    let refused = Checker::new(phrases).expect_err("too short");
    assert_eq!(refused, PhraseError::TooShort { number: 1001, variant: "！".to_owned() });
}

#[test]
fn thousands_of_phrases_and_hostile_texts_are_no_burden() {
    let mut phrases = handbook();
    for number in 0..5_000 {
        let mut phrase = phrases[0].clone();
        phrase.number = 10_000 + number;
        phrase.variants = vec![format!("编造的说法第{number}号")];
        phrases.push(phrase);
    }
    let checker = Checker::new(phrases).expect("the list is sound");
    assert_eq!(checker.check("这里有编造的说法第4321号。")[0].number, 14_321);
    for text in hostile() {
        for hit in checker.check(&text) {
            assert_eq!(text.get(hit.span.clone()), Some(hit.written.as_str()));
        }
        for point in point::points(&text) {
            assert_eq!(text.get(point.span.clone()), Some(point.text.as_str()));
        }
        for warning in risk::warnings(&text) {
            assert_eq!(text.get(warning.span.clone()), Some(warning.word.as_str()));
        }
    }
}

/// PHRASE-8: what blocks is told although a longer hint lies over it.
#[test]
fn a_hint_never_hides_what_blocks() {
    let mut over = own().remove(1);
    (over.number, over.variants) = (1_003, vec!["你不懂我们的流程".to_owned(), "真的你不懂".to_owned()]);
    let checker = Checker::new(handbook().into_iter().chain([over])).expect("the list is sound");
    for text in ["真的你不懂我们的流程", "你 不 懂 我们的流程"] {
        let hits = checker.check(text);
        assert_eq!(hits.iter().map(|hit| hit.level).collect::<Vec<_>>(), [Level::Block], "{text}: {hits:?}");
    }
    let nested: Vec<_> = (2..60)
        .map(|length| {
            let mut phrase = own().remove(0);
            (phrase.number, phrase.variants) = (2_000 + length, vec!["说法".repeat(length as usize)]);
            phrase
        })
        .collect();
    let checker = Checker::new(nested).expect("the list is sound");
    let hits = checker.check(&"说法".repeat(100_000));
    assert!(hits.iter().all(|hit| hit.number == 2_059), "the longest one each time");
    assert_eq!(hits.len(), 200_000 / 118);
}
