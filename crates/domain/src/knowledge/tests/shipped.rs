//! What the binary carries.

use crate::knowledge::{ArticleKind, starter};
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// Requirements that are knowledge, by area.
const IDS: &[(&str, &[u32])] = &[
    ("CALL", &[1]),
    ("TEL", &[1, 2, 7, 9, 10, 11, 12, 13, 14, 16, 17, 19, 24, 25, 28, 31, 34, 36, 37]),
    ("ASC", &[12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26]),
    ("CP8", &[6, 7, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]),
    ("DESK", &[1, 13]),
    ("MOB", &[2, 3, 4, 11, 13]),
    ("PHRASE", &[10, 11, 12, 13]),
    ("PROP", &[1, 2, 3, 4, 5, 6, 7, 8, 35, 38, 43, 48, 49]),
    ("SKILL", &[1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ("SLM", &[8, 9]),
    ("TXT", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 21, 22, 23, 33, 37, 38, 46, 47]),
    ("X", &[30]),
];

/// CALL-1; TEL-1, TEL-2, TEL-7, TEL-9…14, TEL-16, TEL-17, TEL-19, TEL-24, TEL-25, TEL-28,
/// TEL-31, TEL-34, TEL-36, TEL-37; SKILL-1, SKILL-2, SKILL-4, SKILL-5, SKILL-6, SKILL-7, SKILL-8, SKILL-9; MOB-2, MOB-4,
/// MOB-11, MOB-13; CP8-6, CP8-7, CP8-14, CP8-15, CP8-16, CP8-17, CP8-18, CP8-19, CP8-20,
/// CP8-21, CP8-22, CP8-23, CP8-24; ASC-12…26; PROP-35, PROP-38, PROP-48, PROP-49; DESK-1,
/// DESK-13; TXT-1…13, TXT-16…18, TXT-20…23, TXT-33, TXT-37, TXT-38, TXT-46, TXT-47; SLM-8,
/// SLM-9; X-30; PHRASE-10, PHRASE-11, PHRASE-12, PHRASE-13: each resolves to an article, in both languages, with its source.
#[test]
fn every_id_of_knowledge_resolves_to_an_article() {
    let articles = starter().unwrap();
    for article in &articles {
        let content = &article.content;
        assert_eq!(content.faults(Timestamp::from_micros(0)), [], "{}", article.key);
        assert!(content.english.is_some() && !content.sources.is_empty(), "{}", article.key);
    }
    let known: BTreeSet<&str> =
        articles.iter().flat_map(|article| &article.content.sources).map(String::as_str).collect();
    for (area, numbers) in IDS {
        for number in *numbers {
            let id = format!("{area}-{number}");
            assert!(known.contains(&*id), "no article of {id}");
        }
    }
    let mut topics = BTreeSet::new();
    for article in articles.iter().filter(|article| article.content.kind == ArticleKind::StandardAnswer) {
        assert!(topics.insert(article.content.topic.clone()), "{}: its topic has two answers", article.key);
    }
}
