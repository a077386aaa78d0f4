//! Knowledge in the search over everything, through the life of the index.

use huiyin_app::people::unit;
use huiyin_app::search::{self, Group, Hit, Wanted};
use huiyin_app::{App, knowledge};
use huiyin_domain::ids::PersonId;
use huiyin_domain::search::{Order, Subject};
use huiyin_store::case::CaseFilter;
use huiyin_testkit::engines::{TestStore, both_engines_migrated};
use huiyin_testkit::search::{folded, follow, indexed, rebuild};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

use super::{Desk, article};
use crate::house::wait;

/// A desk with an index.
struct Searched {
    desk: Desk,
    app: App,
}

impl Searched {
    fn new(store: TestStore) -> Self {
        let desk = Desk::new(store);
        let app = indexed(desk.errands.app.clone(), desk.errands.store.folder());
        follow(&app);
        Self { desk, app }
    }

    fn group(&self, by: PersonId, q: &str, subject: Subject) -> Group {
        let wanted = Wanted {
            q: q.to_owned(),
            subjects: BTreeSet::from([subject]),
            filter: CaseFilter::default(),
            order: Order::Relevance,
            after: None,
            limit: 200,
        };
        wait(search::search(&self.app, &self.desk.errands.ctx(by), wanted)).unwrap().pop().unwrap()
    }

    fn articles(&self, q: &str) -> Vec<Uuid> {
        follow(&self.app);
        let group = self.group(self.desk.agent, q, Subject::Article);
        assert_eq!(group.count.count, group.hits.len(), "{q}");
        group.hits.into_iter().map(|hit| hit.id).collect()
    }

    fn sheets(&self, q: &str) -> Vec<Hit> {
        follow(&self.app);
        self.group(self.desk.agent, q, Subject::Fact).hits
    }
}

/// What a sheet answers first.
fn first(hit: &Hit) -> (&str, &str) {
    let answer = hit.answers.first().unwrap();
    (&answer.field, &answer.said)
}

/// Issue 6 §1, PROP-43: an article is found by what of it is read: not before it is
/// approved, its newest version alone, and no more once it is withdrawn.
#[test]
fn an_article_is_found_by_what_is_read_of_it() {
    both_engines_migrated(|store| {
        let all = Searched::new(store);
        let desk = &all.desk;
        let english = json!({"title": "A lost parcel", "body": "Ask the locker firm."});
        let more = json!({"keywords": ["快递柜"], "body": "先看监控，再找丰巢", "english": english});
        let made = desk.open(desk.agent, article("快递丢了怎么办", more)).unwrap();
        assert!(all.articles("快递").is_empty(), "a draft is not found");
        desk.published(made.id).unwrap();
        for q in ["快递", "\"看监控，再\"", "快递柜", "locker", "快遞", "丢 丰巢"] {
            assert_eq!(all.articles(q), [made.id], "{q}");
        }
        let hit = all.group(desk.agent, "监控", Subject::Article).hits.remove(0);
        assert_eq!(hit.title.as_deref(), Some("快递丢了怎么办"));
        assert_eq!((hit.pieces.len(), hit.pieces[0].fragment.marks.as_slice()), (1, &[(2, 4)][..]));
        let next = article("快递丢了怎么办", json!({"body": "报警"}));
        desk.act(desk.lead, made.id, "write", next).unwrap();
        assert_eq!(all.articles("丰巢"), [made.id], "read on while the next one is written");
        assert!(all.articles("报警").is_empty());
        desk.published(made.id).unwrap();
        assert!(all.articles("丰巢").is_empty());
        assert_eq!(all.articles("报警"), [made.id]);
        rebuild(&all.app);
        assert_eq!(all.articles("报警"), [made.id]);
        desk.act(desk.head, made.id, "withdraw", json!({"reason": "过时"})).unwrap();
        assert!(all.articles("报警").is_empty());
        rebuild(&all.app);
        assert!(all.articles("报警").is_empty());
    });
}

/// Issue 6 §2: what is over is not found, even before the clock has taken it down.
#[test]
fn what_is_over_is_not_found() {
    both_engines_migrated(|store| {
        let all = Searched::new(store);
        let desk = &all.desk;
        let until = desk.errands.ctx(desk.agent).now.micros() + 86_400_000_000;
        let until = huiyin_domain::time::Timestamp::from_micros(until).to_string();
        let made = desk.open(desk.agent, article("停水通知", json!({"expires_at": until}))).unwrap();
        desk.published(made.id).unwrap();
        assert_eq!(all.articles("停水"), [made.id]);
        desk.errands.clock.advance(86_401);
        assert!(all.group(desk.agent, "停水", Subject::Article).hits.is_empty());
        desk.errands.after(1);
        assert!(all.articles("停水").is_empty(), "and the clock takes it down");
    });
}

/// PROP-7: 停车费 finds the sheets that know it, with the value itself; a change, another
/// name of the estate and other names of the fields are found at once.
#[test]
fn a_fact_is_found_with_its_value() {
    both_engines_migrated(|store| {
        let all = Searched::new(store);
        let desk = &all.desk;
        let fee = |value| [("fee_parking_month", value), ("address", Some("滨江路88号"))];
        desk.facts(desk.lead, desk.north, 0, &fee(Some("320"))).unwrap();
        desk.facts(desk.lead, desk.south, 0, &[("address", Some("云溪路2号"))]).unwrap();
        let found = all.sheets("停车费");
        assert_eq!(found.iter().map(|hit| hit.id).collect::<Vec<_>>(), [desk.north.0]);
        assert_eq!(first(&found[0]), ("fee_parking_month", "320.00元/月"));
        assert_eq!(all.sheets("north停车费").len(), 1, "the estate and what is asked in one word");
        let both = all.sheets("地址");
        assert_eq!(both.len(), 2);
        assert!(both.iter().all(|hit| first(hit).0 == "address"));
        assert_eq!(first(&all.sheets("\"云溪路2\"")[0]), ("address", "云溪路2号"), "by its value too");
        desk.facts(desk.lead, desk.north, 1, &fee(Some("400"))).unwrap();
        assert_eq!(first(&all.sheets("停车费")[0]).1, "400.00元/月");
        let north = desk.north;
        desk.errands.run(move |tx, ctx| unit::rename(tx, ctx, north, "晴园")).unwrap();
        let named = all.sheets("晴园 停车费");
        assert_eq!((named.len(), named[0].title.as_deref()), (1, Some("晴园")));
        desk.facts(desk.lead, desk.north, 2, &fee(None)).unwrap();
        assert!(all.sheets("停车费").is_empty(), "what was taken away answers no more");
        let schema = "[[section]]\nname = \"all\"\nlabel = { zh = \"全部\", en = \"All\" }\nsource = [\"PROP-2\"]\n\
             [[section.field]]\nname = \"address\"\nlabel = { zh = \"坐落\", en = \"Place\" }\ntype = \"text\"\n";
        desk.errands
            .run_as(desk.errands.ctx(desk.head), move |tx, ctx| knowledge::import_schema(tx, ctx, schema))
            .unwrap();
        assert_eq!(all.sheets("坐落").len(), 2, "by what its fields are called now");
        rebuild(&all.app);
        assert_eq!(all.sheets("坐落").len(), 2);
    });
}

/// Issue 6, show: substrings of articles and sheets find what a scan finds.
#[test]
fn substrings_of_knowledge_are_found() {
    both_engines_migrated(|store| {
        let all = Searched::new(store);
        let desk = &all.desk;
        desk.starter();
        let mut written: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
        let org = desk.errands.org.org;
        let live = desk.errands.store.read_blocking(move |tx| huiyin_store::knowledge::live(tx, org));
        for (id, body) in live.unwrap() {
            let paper: serde_json::Value = serde_json::from_str(&body).unwrap();
            let content = &paper["live"]["content"];
            let mut texts = Vec::new();
            for part in [&content["title"], &content["body"], &content["topic"]] {
                texts.extend(part.as_str().map(str::to_owned));
            }
            texts.extend(
                content["keywords"].as_array().unwrap().iter().map(|word| word.as_str().unwrap().into()),
            );
            for part in ["title", "body"] {
                texts.extend(content["english"][part].as_str().map(str::to_owned));
            }
            written.insert(id, texts);
        }
        assert!(written.len() > 40, "{}", written.len());
        follow(&all.app);
        let texts: Vec<&String> = written.values().flatten().collect();
        let mut seed = 7_usize;
        let mut dice = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below.max(1)
        };
        for _ in 0..60 {
            let chars: Vec<char> = texts[dice(texts.len())].chars().collect();
            let from = dice(chars.len());
            let words: String = chars.iter().skip(from).take(dice(6) + 1).collect();
            if words.trim() != words || words.contains(['"', '“', '”', '「', '『', '\n']) || words.is_empty()
            {
                continue;
            }
            let holds = |texts: &Vec<String>| texts.iter().any(|text| folded(text).contains(&folded(&words)));
            let truth: BTreeSet<Uuid> =
                written.iter().filter(|(_, texts)| holds(texts)).map(|(id, _)| *id).collect();
            let found = all.group(desk.agent, &format!("\"{words}\""), Subject::Article);
            let found: BTreeSet<Uuid> = found.hits.into_iter().map(|hit| hit.id).collect();
            assert_eq!(found, truth, "{words:?}");
        }
    });
}
