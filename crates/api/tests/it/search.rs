//! Search over HTTP: what is found, by whom, and whatever may be typed.

use crate::{with_equipped, word};
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use huiyin_testkit::search::{follow, indexed};
use huiyin_testkit::twin::{PHONE, TEXT_MARK};
use serde_json::{Value, json};

/// Writes a text as a query takes it.
fn coded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

async fn record(by: &Client, text: &str, more: Value) -> Value {
    let mut new = json!({"kind": "complaint", "channel": "phone", "text": text});
    new.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    by.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED).json()
}

async fn search(by: &Client, q: &str, more: &str) -> Value {
    by.get(&format!("/api/v1/search?q={}{more}", coded(q))).await.expect(StatusCode::OK).json()
}

fn group<'a>(answer: &'a Value, subject: &str) -> &'a Value {
    let groups = answer["groups"].as_array().expect("groups");
    groups.iter().find(|group| group["subject"] == subject).unwrap_or(&Value::Null)
}

fn ids(group: &Value) -> Vec<&str> {
    group["items"].as_array().into_iter().flatten().map(|hit| word(&hit["id"])).collect()
}

fn with_index<F: Future<Output = ()>>(test: impl Fn(std::sync::Arc<TestApp>, Client) -> F) {
    with_equipped(indexed, test);
}

/// Issue 6 §1: title, text and history are found with highlights; the list of cases
/// joins the words with its filters, order, pages and count; no hit is another
/// organisation's.
#[test]
fn what_was_written_is_found() {
    with_index(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent, Post::Lead]);
        let first = record(&mei, "三號樓電梯停了，物业一直没有人来维修", json!({"title": "电梯停运"})).await;
        let second = record(&mei, "维修基金公示看不懂，和电梯也有关", json!({"kind": "enquiry"})).await;
        let third = record(&mei, "水管漏水", json!({})).await;
        let note = json!({"text": "已联系鼹鼠公司上门"});
        let path = format!("/api/v1/cases/{}/actions/note", word(&third["id"]));
        let _ = mei.post(&path, &note).await.expect(StatusCode::OK);
        follow(&app.edge.app);
        let found = search(&mei, "电梯维修", "").await;
        assert_eq!(
            (&found["complete"], group(&found, "case")["count"]["shown"].clone()),
            (&json!(true), json!("2"))
        );
        let hits = group(&found, "case");
        let both = [word(&first["id"]), word(&second["id"])];
        assert!(ids(hits).iter().all(|id| both.contains(id)), "{found}");
        let hit = hits["items"].as_array().expect("hits").iter().find(|hit| hit["id"] == first["id"]);
        let hit = hit.expect("the first one");
        assert_eq!(hit["title_marks"], json!([{"from": 0, "to": 2}]), "{hit}");
        assert!(word(&hit["fragments"][0]["text"]).contains("三號樓電梯"), "as it was written: {hit}");
        let quoted = search(&mei, "\"人来维修\"", "").await;
        assert_eq!(ids(group(&quoted, "case")), [word(&first["id"])]);
        let history = search(&mei, "鼹鼠", "").await;
        assert_eq!(ids(group(&history, "case")), [word(&third["id"])]);
        let number = word(&first["number"]);
        let short = number.split_once('-').expect("a dash").1;
        assert!(ids(group(&search(&mei, short, "").await, "case")).contains(&word(&first["id"])));
        let narrowed = search(&mei, "电梯", "&kind=enquiry&sort=time&subjects=case").await;
        assert_eq!(ids(group(&narrowed, "case")), [word(&second["id"])]);
        for (q, count) in [("电梯", 2), ("\"电梯停\"", 1), ("鼹鼠", 1), ("大象", 0), (number, 1)] {
            let q = coded(q);
            let counted = format!("/api/v1/cases/count?q={q}");
            assert_eq!(mei.count(&counted, &format!("/api/v1/cases?q={q}&limit=1")).await, count, "{q}");
        }
        let list = format!("/api/v1/cases?q={}&kind=complaint&sort=changed", coded("电梯"));
        assert_eq!(ids(&mei.get(&list).await.expect(StatusCode::OK).json()), [word(&first["id"])]);
        // the twin has the same house, the same words, the same number
        assert!(ids(group(&search(&mei, TEXT_MARK, "").await, "case")).is_empty());
        let theirs = search(&app.of_twin(), TEXT_MARK, "").await;
        assert!(!ids(group(&theirs, "case")).is_empty(), "and the twin finds its own: {theirs}");
        assert!(ids(group(&search(&app.of_twin(), "鼹鼠", "").await, "case")).is_empty());
    });
}

/// Issue 6 §1: pages of a search join.
#[test]
fn a_search_goes_on_page_by_page() {
    with_index(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        for number in 0..7 {
            record(&mei, &format!("路灯不亮，第{number}盏"), json!({})).await;
        }
        follow(&app.edge.app);
        for sort in ["relevance", "time"] {
            let (mut all, mut cursor) = (Vec::new(), String::new());
            loop {
                let answer =
                    search(&mei, "路灯", &format!("&subjects=case&limit=3&sort={sort}{cursor}")).await;
                let page = group(&answer, "case").clone();
                all.extend(ids(&page).into_iter().map(str::to_owned));
                match page["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            all.sort();
            all.dedup();
            assert_eq!(all.len(), 7, "{sort}");
        }
        let first = search(&mei, "路灯", "&subjects=case&limit=3").await;
        let cursor = word(&group(&first, "case")["next_cursor"]).to_owned();
        let q = coded("路灯");
        for wrong in [
            format!("/api/v1/search?q={q}&cursor={cursor}"),
            format!("/api/v1/search?q={q}&subjects=case&sort=time&cursor={cursor}"),
            format!("/api/v1/search?q={q}&subjects=case&cursor=abc"),
        ] {
            mei.get(&wrong).await.problem(422, "invalid_cursor");
        }
    });
}

/// Issue 6 §1: the list of cases comes best first too: what holds the words as they
/// were typed before the rest, page by page, within its filters; without words the
/// order says nothing and is refused.
#[test]
fn a_list_of_cases_comes_best_first() {
    with_index(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let mut made = Vec::new();
        for text in ["电梯不维修", "电梯维修", "维修了三次的电梯", "电梯维修太慢，电梯维修没人管", "水管漏水"]
        {
            made.push(word(&record(&mei, text, json!({})).await["id"]).to_owned());
        }
        let enquiry = record(&mei, "电梯维修要多久", json!({"kind": "enquiry"})).await;
        follow(&app.edge.app);
        let list = format!("/api/v1/cases?q={}&sort=relevance&kind=complaint", coded("电梯维修"));
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = mei.get(&format!("{list}&limit=1{cursor}")).await.expect(StatusCode::OK).json();
            all.extend(ids(&page).into_iter().map(str::to_owned));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let whole = mei.get(&list).await.expect(StatusCode::OK).json();
        assert_eq!(ids(&whole), all, "pages join");
        assert_eq!(all.len(), 4, "filtered: {all:?}");
        assert!(!all.contains(&word(&enquiry["id"]).to_owned()) && !all.contains(&made[4]));
        assert!(all[..2].contains(&made[1]) && all[..2].contains(&made[3]), "as typed first: {all:?}");
        let found = search(&mei, "电梯维修", "&subjects=case&kind=complaint").await;
        assert_eq!(ids(group(&found, "case")), all, "as the search over everything has it");
        let count = list.replace("/cases?", "/cases/count?");
        assert_eq!(mei.get(&count).await.expect(StatusCode::OK).json()["count"], 4);
        assert_eq!(ids(&app.of_twin().get(&list).await.expect(StatusCode::OK).json()), [""; 0]);
        for words in ["", "&q=", "&q=%20"] {
            let path = format!("/api/v1/cases?sort=relevance{words}");
            let refused = mei.get(&path).await.problem(422, "invalid_query");
            let field = &refused["fields"][0];
            assert_eq!((word(&field["path"]), word(&field["code"])), ("sort", "relevance_without_words"));
        }
        mei.get(&format!("{list}&cursor=bng")).await.problem(422, "invalid_cursor");
        let by_time = list.replace("sort=relevance", "sort=received");
        let first = mei.get(&format!("{list}&limit=1")).await.expect(StatusCode::OK).json();
        let other = format!("{by_time}&cursor={}", word(&first["next_cursor"]));
        mei.get(&other).await.problem(422, "invalid_cursor");
        let numbered = mei.get(&format!("/api/v1/cases/{}", made[1])).await.expect(StatusCode::OK).json();
        let number = coded(word(&numbered["number"]));
        let named = mei.get(&format!("/api/v1/cases?sort=relevance&q={number}")).await;
        assert_eq!(ids(&named.expect(StatusCode::OK).json()), [made[1].as_str()], "a number is looked up");
    });
}

/// Issue 6 §1: words that were pasted with line breaks are looked for as one line.
#[test]
fn pasted_words_are_found() {
    with_index(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let made = record(&mei, "三号楼电梯停了，没人维修", json!({})).await;
        follow(&app.edge.app);
        for pasted in ["电梯\n维修", "\r\n电梯\t停了\n", "电梯\u{0}维修", "\u{3000}没人维修\u{85}"]
        {
            let found = search(&mei, pasted, "&subjects=case").await;
            assert_eq!(ids(group(&found, "case")), [word(&made["id"])], "{pasted:?}");
            let list = mei.get(&format!("/api/v1/cases?q={}", coded(pasted))).await;
            assert_eq!(ids(&list.expect(StatusCode::OK).json()), [word(&made["id"])], "{pasted:?}");
        }
        mei.get("/api/v1/search?q=%0A%00").await.problem(422, "invalid_query");
    });
}

/// Issue 6 §1 and X-37: a customer is found by name, its sound, a phone whole or by its
/// end, by whoever may see it; whoever sees masks finds by phone alone, and every
/// search that touches identity is logged.
#[test]
fn customers_are_found_within_their_masks() {
    with_index(|app, admin| async move {
        let (mei, ping) =
            (app.with_person("mei", &[Post::Agent]), app.with_person("ping", &[Post::Statistics]));
        let reporter = json!({"reporter": {"name": "欧阳清", "phone": PHONE, "address": "晴园六栋"}});
        let case = record(&mei, "门禁坏了", reporter).await;
        follow(&app.edge.app);
        for q in ["欧阳清", "ouyangqing", "oyq", "晴园六栋"] {
            let found = search(&mei, q, "").await;
            assert_eq!(group(&found, "customer")["count"]["count"], 1, "{q}: {found}");
            assert_eq!(ids(group(&found, "case")), [word(&case["id"])], "{q}: {found}");
            let masked = search(&ping, q, "").await;
            assert!(ids(group(&masked, "case")).is_empty(), "{q}: {masked}");
            assert!(ids(group(&masked, "customer")).is_empty(), "{q}: {masked}");
        }
        let tail = &PHONE[PHONE.len() - 4..];
        for q in [PHONE, tail] {
            assert_eq!(ids(group(&search(&mei, q, "").await, "case")), [word(&case["id"])], "{q}");
            let seen = search(&ping, q, "").await;
            assert!(!seen.to_string().contains(PHONE), "{q}: {seen}");
        }
        let part = search(&ping, &PHONE[..6], "").await;
        assert!(ids(group(&part, "case")).is_empty(), "part of a number finds nobody: {part}");
        let found = search(&mei, "欧阳清", "").await;
        let customer = ids(group(&found, "customer"))[0].to_owned();
        let theirs = mei.get(&format!("/api/v1/cases?party={customer}")).await.expect(StatusCode::OK).json();
        assert_eq!(ids(&theirs), [word(&case["id"])]);
        let log = admin.get("/api/v1/access_log?limit=200").await.json().to_string();
        for line in ["\"search\"", "\"phone\"", "\"name\""] {
            assert!(log.contains(line), "{line}: {log}");
        }
        assert!(!log.contains("欧阳") && !log.contains(PHONE), "terms are kept as digests: {log}");
    });
}

/// Issue 6 §1: who may not see a case does not find it, and no count tells of it.
#[test]
fn reach_is_part_of_the_question() {
    with_index(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent, Post::Lead]);
        let clerk = app.with_person("clerk", &[Post::Employee]);
        record(&mei, "会议室漏水", json!({})).await;
        let own = record(&clerk, "食堂漏水", json!({})).await;
        follow(&app.edge.app);
        assert_eq!(group(&search(&mei, "漏水", "").await, "case")["count"]["count"], 2);
        let found = search(&clerk, "漏水", "").await;
        assert_eq!(ids(group(&found, "case")), [word(&own["id"])], "{found}");
        assert_eq!(group(&found, "case")["count"]["count"], 1);
        assert!(group(&found, "customer").is_null(), "customers are not for this post: {found}");
        let q = coded("漏水");
        assert_eq!(
            clerk.count(&format!("/api/v1/cases/count?q={q}"), &format!("/api/v1/cases?q={q}")).await,
            1
        );
    });
}

/// Issue 6: bad input: a clear answer to empty, endless, broken and strange queries.
#[test]
fn whatever_is_typed_is_answered_clearly() {
    with_index(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        record(&mei, "电梯 <b>坏</b> 了 😀 (.*)", json!({})).await;
        follow(&app.edge.app);
        for (query, status, code) in [
            ("", 422, "invalid_query"),
            ("q=", 422, "invalid_query"),
            ("q=%20%09", 422, "invalid_query"),
            ("q=%22%22", 422, "invalid_query"),
            ("q=%ff%fe", 400, "invalid_encoding"),
            ("q=a&subjects=secrets", 422, "invalid_query"),
            ("q=a&status=nowhere", 422, "invalid_query"),
            ("q=a&limit=0", 422, "invalid_query"),
        ] {
            mei.get(&format!("/api/v1/search?{query}")).await.problem(status, code);
        }
        let long = coded(&"电".repeat(201));
        let problem = mei.get(&format!("/api/v1/search?q={long}")).await.problem(422, "invalid_query");
        assert_eq!(
            (&problem["fields"][0]["path"], &problem["fields"][0]["code"]),
            (&json!("q"), &json!("too_long"))
        );
        let endless = "a".repeat(60_000);
        mei.get(&format!("/api/v1/search?q={endless}")).await.problem(414, "too_long");
        for q in
            ["电", "😀", "<b>坏</b>", "(.*)", "\"电梯", "电梯\"", "[a-z]+ \\", "“电梯”", "電梯ABCｄｅ中😀"]
        {
            let found = search(&mei, q, "").await;
            assert!(found["groups"].is_array(), "{q}: {found}");
        }
        for q in ["😀", "<b>坏</b>", "(.*)"] {
            assert_eq!(group(&search(&mei, q, "").await, "case")["count"]["count"], 1, "{q}");
        }
    });
}

/// Issue 6 §1: an action on all that is found takes exactly what the words find.
#[test]
fn an_action_on_all_that_is_found_takes_the_words() {
    with_index(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent, Post::Lead]);
        record(&mei, "车位被占", json!({})).await;
        record(&mei, "车位被占，第二次", json!({})).await;
        record(&mei, "灯不亮", json!({})).await;
        follow(&app.edge.app);
        let body = json!({"action": "note", "body": {"text": "统一答复"}, "filter": {"q": "车位"}});
        let run = mei.post("/api/v1/bulk-runs", &body).await.expect(StatusCode::ACCEPTED).json();
        assert_eq!(run["total"], 2);
        let table = mei.get(&format!("/api/v1/cases/export?format=csv&q={}", coded("车位"))).await;
        if table.status == StatusCode::OK {
            let text = String::from_utf8_lossy(&table.body).into_owned();
            assert_eq!(text.lines().count(), 3, "{text}");
        } else {
            table.problem(403, "forbidden");
        }
    });
}

/// Issue 6 §1: without an index a search says so, and numbers are found all the same.
#[test]
fn a_process_without_an_index_says_so() {
    crate::with_admin(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let case = record(&mei, "门坏了", json!({})).await;
        mei.get("/api/v1/search?q=a").await.problem(503, "search_unavailable");
        let list = format!("/api/v1/cases?q={}", word(&case["number"]));
        assert_eq!(ids(&mei.get(&list).await.expect(StatusCode::OK).json()), [word(&case["id"])]);
    });
}

/// Issue 6 §1, PROP-7: knowledge is found beside cases, a fact with the value itself; of
/// the twin's, which has the same, nothing shows.
#[test]
fn knowledge_is_found_with_the_value_itself() {
    with_index(|app, admin| async move {
        let mei = app.with_person("mei", &[Post::Agent, Post::Lead]);
        let head = app.with_person("hua", &[Post::Head]);
        let new = json!({"code": "bei", "name": "北苑", "level": "estate", "parent": app.unit});
        let north = admin.post("/api/v1/units", &new).await.expect(StatusCode::CREATED).json()["id"].clone();
        let sheet = format!("/api/v1/facts/{}", word(&north));
        let values = json!({"values": {"fee_parking_month": "320"}});
        let kept = mei.clone().with("if-match", "\"0\"").patch(&sheet, &values).await;
        let _ = kept.expect(StatusCode::OK);
        let content =
            json!({"kind": "article", "audience": "agents", "title": "停车费怎么收", "body": "按月收"});
        let new = json!({"unit": app.unit, "content": content});
        let made = mei.post("/api/v1/articles", &new).await.expect(StatusCode::CREATED).json();
        let one = format!("/api/v1/articles/{}", word(&made["id"]));
        let _ = mei.post(&format!("{one}/actions/submit"), &json!({})).await.expect(StatusCode::OK);
        follow(&app.edge.app);
        assert!(ids(group(&search(&mei, "停车费", "").await, "article")).is_empty(), "not approved yet");
        let digest = head.get(&one).await.expect(StatusCode::OK).json()["paper"]["draft"]["digest"].clone();
        let approved = head.post(&format!("{one}/actions/approve"), &json!({"digest": digest})).await;
        let _ = approved.expect(StatusCode::OK);
        follow(&app.edge.app);
        let speaker = mei.clone().with("accept-language", "zh-CN");
        let found = search(&speaker, "停车费", "").await;
        assert_eq!(ids(group(&found, "article")), [word(&made["id"])], "{found}");
        let fact = group(&found, "fact");
        assert_eq!(ids(fact), [word(&north)], "{found}");
        assert_eq!(
            fact["items"][0]["facts"][0],
            json!({"field": "fee_parking_month", "label": "停车费（月租）", "value": "320.00", "said": "320.00元/月"})
        );
        let english = search(&mei.clone().with("accept-language", "en"), "停车费", "&subjects=fact").await;
        assert_eq!(
            group(&english, "fact")["items"][0]["facts"][0]["said"],
            "CNY 320.00 per month",
            "{english}"
        );
        let narrowed = search(&mei, "停车费", &format!("&unit={}", word(&north))).await;
        assert_eq!(ids(group(&narrowed, "fact")), [word(&north)], "{narrowed}");
        assert!(ids(group(&search(&app.of_twin(), "320", "").await, "fact")).is_empty());
        let theirs = search(&app.of_twin(), TEXT_MARK, "").await;
        assert!(!ids(group(&theirs, "article")).is_empty(), "the twin finds its own: {theirs}");
    });
}
