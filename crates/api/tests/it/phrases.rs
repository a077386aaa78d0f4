//! What is not said to customers: the list, the look while writing, the sending.

use crate::story::{Desk, Story, later, to_negotiation};
use crate::{with_admin, word};
use axum::http::StatusCode;
use huiyin_app::work::{Runner, everything};
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

const LIST: &str = "/api/v1/phrases";

fn new(variant: &str, level: &str) -> Value {
    json!({"variants": [variant], "feeling": "被敷衍", "better": "我今天下班前给您回电。", "level": level})
}

fn reply(text: &str, carrier: &str, known: &[u32]) -> Value {
    json!({"kind": "acknowledge", "carrier": carrier, "text": text, "acknowledged_phrases": known})
}

async fn numbers(by: &Client, text: &str, audience: &str) -> (String, Vec<u64>) {
    let body = json!({"text": text, "audience": audience});
    let looked = by.post("/api/v1/phrases/check", &body).await.expect(StatusCode::OK).json();
    let hits = looked["hits"].as_array().cloned().unwrap_or_default();
    let numbers = hits.iter().map(|hit| hit["number"].as_u64().unwrap_or_default()).collect();
    (word(&looked["verdict"]).to_owned(), numbers)
}

async fn hits(by: &Client) -> Vec<(u64, String, String, i64)> {
    let list = by.get("/api/v1/phrases/hits").await.expect(StatusCode::OK).json();
    let line = |line: &Value| {
        (
            line["number"].as_u64().unwrap_or_default(),
            word(&line["place"]).to_owned(),
            word(&line["outcome"]).to_owned(),
            line["times"].as_i64().unwrap_or_default(),
        )
    };
    list["items"].as_array().into_iter().flatten().map(line).collect()
}

/// PHRASE-2, PHRASE-8, X-17, X-49: block stops, warn wants to be named, hint
/// passes; what is spoken, promised and offered is looked at in one way; each hit
/// is counted with who and what came of it, and no text.
#[test]
fn what_blocks_stops_what_warns_asks_and_a_hint_passes() {
    with_admin(|app, admin| async move {
        let desk = Desk::of(&app);
        let story = Story::begin(&desk.agent, "电梯又停了").await;
        let path = format!("/api/v1/cases/{}/actions/reply", story.id);
        let send =
            async |text: &str, known: &[u32]| desk.agent.post(&path, &reply(text, "spoken", known)).await;
        let stopped = send("这 是-公司的規定，请理解", &[1]).await.problem(422, "phrase_stops");
        let hit = &stopped["params"]["hits"][0];
        assert_eq!((&hit["number"], &hit["written"]), (&json!(1), &json!("这 是-公司的規定")), "{stopped}");
        assert_eq!((&hit["start"], &hit["end"]), (&json!(0), &json!(9)), "in characters: {hit}");
        assert!(!word(&hit["feeling"]).is_empty() && !word(&hit["better"]).is_empty());
        assert_eq!(
            (&stopped["fields"][0]["path"], &stopped["fields"][0]["code"]),
            (&json!("text"), &json!("phrase_hit"))
        );
        let asked = send("我们保证给您解决", &[]).await.problem(422, "phrases_not_acknowledged");
        assert_eq!(asked["params"]["numbers"], json!([1001]));
        assert!(word(&asked["detail"]).contains("1001"), "it says how: {asked}");
        let _ = send("我们保证给您解决", &[1001]).await.expect(StatusCode::OK);
        let _ = send("请你再详细讲一次", &[]).await.expect(StatusCode::OK);
        let promise = json!({"kind": "feedback", "text": "保证修好", "due": later(&app, 6)});
        let promised = format!("/api/v1/cases/{}/actions/promise", story.id);
        desk.agent.post(&promised, &promise).await.problem(422, "phrases_not_acknowledged");
        let told = desk.agent.get(&format!("/api/v1/cases/{}/timeline", story.id)).await.json();
        let replies = told["items"].as_array().into_iter().flatten().filter(|one| one["event"] == "replied");
        assert_eq!(replies.count(), 2, "nothing of what was refused: {told}");
        let counted = hits(&admin).await;
        let line = |number, place: &str, outcome: &str| (number, place.to_owned(), outcome.to_owned(), 1);
        assert_eq!(
            counted,
            [
                line(1, "reply", "stopped"),
                line(1001, "promise", "asked"),
                line(1001, "reply", "acknowledged"),
                line(1001, "reply", "asked"),
                line(1002, "reply", "hinted"),
            ]
        );
        desk.agent.get("/api/v1/phrases/hits").await.problem(403, "forbidden");
        let far = "/api/v1/phrases/hits?from=2020-01-01&to=2026-01-01";
        admin.get(far).await.problem(422, "invalid_query");
    });
}

/// PHRASE-8: in public any hit stops, acknowledged or not; a composer hears it
/// before sending, and what is asked alone counts nothing.
#[test]
fn in_public_any_hit_stops() {
    with_admin(|app, admin| async move {
        let desk = Desk::of(&app);
        let story = Story::begin(&desk.agent, "车位乱停").await;
        let path = format!("/api/v1/cases/{}/actions/reply", story.id);
        for text in ["您不懂", "我们保证给您解决", "请您再详细讲一次"] {
            let body = reply(text, "public_page", &[4, 1001, 1002]);
            desk.agent.post(&path, &body).await.problem(422, "phrase_stops");
        }
        assert_eq!(numbers(&desk.agent, "请你再详细讲一次", "public").await, ("stop".to_owned(), vec![1002]));
        assert_eq!(
            numbers(&desk.agent, "请你再详细讲一次", "private").await,
            ("send".to_owned(), vec![1002])
        );
        assert_eq!(numbers(&desk.agent, "保证修好", "private").await, ("ask".to_owned(), vec![1001]));
        assert_eq!(numbers(&desk.agent, "今天下午四点前回电", "public").await, ("send".to_owned(), vec![]));
        let all: i64 = hits(&admin).await.iter().map(|line| line.3).sum();
        assert_eq!(all, 3, "only what was to be sent");
        let empty = json!({"text": " ", "audience": "public"});
        desk.agent.post("/api/v1/phrases/check", &empty).await.problem(422, "invalid_body");
        for odd in ["。", "😀", "<script>", &"啊".repeat(20_000), ".*+?^${}()|[]\\"] {
            assert_eq!(numbers(&desk.agent, odd, "public").await.1, Vec::<u64>::new(), "{odd}");
        }
    });
}

/// PHRASE-8, PROP-73: a publication and the reply to an online post are public; what
/// was drafted before a phrase came onto the list is looked at again.
#[test]
fn papers_that_go_out_are_looked_at_when_drafted_and_when_published() {
    with_admin(|app, admin| async move {
        let desk = Desk::of(&app);
        let body =
            json!({"kind": "complaint", "channel": "phone", "text": "5栋电梯异响", "category": "equipment"});
        let made = desk.agent.post("/api/v1/cases", &body).await.expect(StatusCode::CREATED).json();
        let case = word(&made["id"]).to_owned();
        let measures = json!({"kind": "measures", "carrier": "spoken", "text": "导轨已润滑"});
        let path = format!("/api/v1/cases/{case}/actions/reply");
        let _ = desk.agent.post(&path, &measures).await.expect(StatusCode::OK);
        let new_paper =
            json!({"unit": app.unit, "of": "monthly", "month": "2026-09", "due_at": later(&app, 48)});
        let made =
            desk.lead.post("/api/v1/publications", &new_paper).await.expect(StatusCode::CREATED).json();
        let step = |name: &str| format!("/api/v1/publications/{}/actions/{name}", word(&made["id"]));
        let item =
            |handling: &str| json!({"items": [{"case": case, "matter": "电梯异响", "handling": handling}]});
        let refused =
            desk.lead.post(&step("draft"), &item("收费标准就是这么多")).await.problem(422, "phrase_stops");
        assert_eq!(refused["fields"][0]["path"], "items[0].handling");
        let _ = desk.lead.post(&step("draft"), &item("导轨已经上油")).await.expect(StatusCode::OK);
        let _ = desk.lead.post(&step("submit"), &json!({})).await.expect(StatusCode::OK);
        let paper = format!("/api/v1/publications/{}", word(&made["id"]));
        let digest = desk.head.get(&paper).await.json()["paper"]["digest"].clone();
        let _ = desk.head.post(&step("approve"), &json!({"digest": digest})).await.expect(StatusCode::OK);
        let _ = admin.post(LIST, &new("已经上油", "hint")).await.expect(StatusCode::CREATED);
        let up = json!({"places": ["notice_board"], "at": later(&app, 0)});
        desk.agent.post(&step("publish"), &up).await.problem(422, "phrase_stops");
        let post = json!({"unit": app.unit, "case": case, "platform": "业主论坛", "url": "https://forum.example/1",
            "text": "电梯天天响", "posted_at": later(&app, 0)});
        let made = desk.agent.post("/api/v1/online-posts", &post).await.expect(StatusCode::CREATED).json();
        let draft = format!("/api/v1/online-posts/{}/actions/draft", word(&made["id"]));
        desk.agent.post(&draft, &json!({"text": "这你都不知道吗"})).await.problem(422, "phrase_stops");
    });
}

/// PHRASE-8: what customers read on the help page is looked at when it is begun,
/// written, submitted and approved; what is for agents is not.
#[test]
fn an_article_for_customers_is_looked_at_on_its_whole_way() {
    with_admin(|app, admin| async move {
        let (mei, hua) = (app.with_person("mei", &[Post::Agent]), app.with_person("hua", &[Post::Head]));
        let content = |audience: &str, body: &str| {
            json!({"kind": "article", "audience": audience, "title": "停车费怎么算", "body": body,
                "english": {"title": "Parking", "body": "See the gate."}})
        };
        let begin = async |content: Value| {
            mei.post("/api/v1/articles", &json!({"unit": app.unit, "content": content})).await
        };
        let refused = begin(content("customers", "收费标准就是这么多")).await.problem(422, "phrase_stops");
        assert_eq!(refused["fields"][0]["path"], "content.body", "{refused}");
        let inside = begin(content("agents", "不要说：收费标准就是这么多")).await;
        let _ = inside.expect(StatusCode::CREATED);
        let made = begin(content("customers", "按月收取")).await.expect(StatusCode::CREATED).json();
        let step = |name: &str| format!("/api/v1/articles/{}/actions/{name}", word(&made["id"]));
        let mut wrong = content("customers", "按月收取");
        wrong["english"]["body"] = json!("这 是-公司的規定");
        let refused = mei.post(&step("write"), &wrong).await.problem(422, "phrase_stops");
        assert_eq!(refused["fields"][0]["path"], "english.body", "{refused}");
        let write = content("customers", "月租按月收取，先到先得");
        let _ = mei.post(&step("write"), &write).await.expect(StatusCode::OK);
        let _ = admin.post(LIST, &new("先到先得", "hint")).await.expect(StatusCode::CREATED);
        let refused = mei.post(&step("submit"), &json!({})).await.problem(422, "phrase_stops");
        assert_eq!(refused["fields"][0]["path"], "body", "{refused}");
        let write = content("customers", "月租按月收取，依次办理");
        let _ = mei.post(&step("write"), &write).await.expect(StatusCode::OK);
        let _ = mei.post(&step("submit"), &json!({})).await.expect(StatusCode::OK);
        let _ = admin.post(LIST, &new("依次办理", "hint")).await.expect(StatusCode::CREATED);
        let one = format!("/api/v1/articles/{}", word(&made["id"]));
        let digest = hua.get(&one).await.json()["paper"]["draft"]["digest"].clone();
        hua.post(&step("approve"), &json!({"digest": digest})).await.problem(422, "phrase_stops");
        let places: Vec<String> = hits(&admin).await.into_iter().map(|line| line.1).collect();
        for place in ["open", "write", "submit", "approve"] {
            assert!(places.iter().any(|one| one == place), "{place} is counted: {places:?}");
        }
    });
}

/// PHRASE-8: the page of an estate is public; each of its texts is looked at.
#[test]
fn the_public_page_of_an_estate_is_looked_at() {
    with_admin(|app, admin| async move {
        let page = format!("/api/v1/public-pages/{}", app.unit);
        let body = json!({"phone": "0999-6001088", "note": "我们保证给您解决", "address": "这是公司的规定"});
        let refused = admin.put(&page, &body).await.problem(422, "phrase_stops");
        let paths: Vec<&str> =
            refused["fields"].as_array().into_iter().flatten().map(|one| word(&one["path"])).collect();
        assert_eq!(paths, ["address", "note"], "{refused}");
        let list = admin.get("/api/v1/public-pages").await.expect(StatusCode::OK).json();
        assert_eq!(list["items"], json!([]), "nothing is up");
        let fine = json!({"phone": "0999-6001088", "note": "请讲，我们在听", "hours": "8:00—20:00"});
        let _ = admin.put(&page, &fine).await.expect(StatusCode::OK);
        assert!(hits(&admin).await.iter().all(|line| line.1 == "publish_channels" && line.2 == "stopped"));
    });
}

/// PHRASE-8, ASC-9: an agreement goes to the customer like an option: what blocks
/// stops it, what warns must be named, and the history keeps what was named.
#[test]
fn the_words_of_an_agreement_are_looked_at() {
    with_admin(|app, admin| async move {
        let desk = Desk::of(&app);
        let mut story = Story::begin(&desk.agent, "落水管漏水").await;
        to_negotiation(&app, &desk, &mut story, None).await;
        story.act(&desk.handler, "answer_option", json!({"option": 1, "answer": "accepted"})).await;
        let path = format!("/api/v1/cases/{}/actions/draw_up_agreement", story.id);
        let body = |what: &str, terms: &str, known: &[u32]| {
            json!({"items": [{"what": "更换落水管"}, {"what": what}], "terms": terms,
                "acknowledged_phrases": known})
        };
        let draw = async |body: Value| desk.handler.post(&path, &body).await;
        let stopped = draw(body("这是公司的规定", "保修一年", &[1])).await.problem(422, "phrase_stops");
        assert_eq!(stopped["fields"][0]["path"], "items[1].what", "{stopped}");
        let asked = draw(body("粉刷墙面", "保证修好", &[])).await.problem(422, "phrases_not_acknowledged");
        assert_eq!(asked["fields"][0]["path"], "terms", "{asked}");
        let _ = draw(body("粉刷墙面", "保证修好", &[1001])).await.expect(StatusCode::OK);
        let counted = hits(&admin).await;
        let passed = (1001, "draw_up_agreement".to_owned(), "acknowledged".to_owned(), 1);
        assert!(counted.contains(&passed), "{counted:?}");
    });
}

/// PHRASE-8: what is prepared for later and what is done to many cases is looked
/// at when it is asked for, and again when its time has come.
#[test]
fn what_is_said_later_or_to_many_is_looked_at_as_well() {
    with_admin(|app, admin| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let mut story = Story::begin(&mei, "停车场灯不亮").await;
        let prepare = format!("/api/v1/cases/{}/prepared", story.id);
        let due = later(&app, 4);
        let body = |text: &str, version: u64| json!({"action": "reply", "at": due, "version": version, "body": reply(text, "spoken", &[])});
        mei.post(&prepare, &body("这是公司的规定", story.version)).await.problem(422, "phrase_stops");
        story.act(&mei, "promise", json!({"kind": "feedback", "text": "回电", "due": later(&app, 30)})).await;
        let _ = mei.post(&prepare, &body("灯已报修", story.version)).await.expect(StatusCode::CREATED);
        let bulk = json!({"action": "reply", "body": reply("你不懂", "spoken", &[]), "cases": [story.id]});
        mei.post("/api/v1/bulk-runs", &bulk).await.problem(422, "phrase_stops");
        let _ = admin.post(LIST, &new("灯已报修", "block")).await.expect(StatusCode::CREATED);
        app.clock.advance(5 * 3600);
        work(&app).await;
        let kept = mei.get("/api/v1/prepared").await.expect(StatusCode::OK).json();
        assert_eq!(kept["items"][0]["code"], "phrase_hit", "{kept}");
        let counted = hits(&admin).await;
        assert!(
            counted.iter().any(|(number, _, outcome, _)| *number == 10_001 && outcome == "stopped"),
            "{counted:?}"
        );
    });
}

async fn work(app: &TestApp) {
    let (handlers, ticks) = everything(&app.edge.app);
    let runner = Runner::new(app.edge.app.clone(), handlers, ticks);
    for _ in 0..4 {
        runner.run_due(app.clock_now()).await.expect("machine work");
    }
}

/// PHRASE-1, PHRASE-7: the organisation adds and changes; what it adds is never the
/// handbook's, what the handbook blocks stays so, and each fault has its place.
#[test]
fn the_organisation_keeps_its_own_list() {
    with_admin(|app, admin| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let list = mei.get(LIST).await.expect(StatusCode::OK).json();
        let of = |list: &Value, number: u64| -> Value {
            list["items"]
                .as_array()
                .into_iter()
                .flatten()
                .find(|one| one["number"] == number)
                .cloned()
                .unwrap_or_default()
        };
        assert_eq!((&of(&list, 1)["level"], &of(&list, 1)["origin"]), (&json!("block"), &json!("handbook")));
        assert_eq!(of(&list, 1001)["origin"], "own");
        mei.post(LIST, &new("等通知吧", "warn")).await.problem(403, "forbidden");
        let made = admin.post(LIST, &new("等通知吧", "warn")).await.expect(StatusCode::CREATED).json();
        assert_eq!((&made["number"], &made["origin"]), (&json!(10_001), &json!("own")));
        assert_eq!(numbers(&mei, "您就等-通知吧", "private").await, ("ask".to_owned(), vec![10_001]));
        let one = "/api/v1/phrases/10001";
        let off = json!({"variants": ["等通知吧"], "level": "block", "is_active": false});
        let _ = admin.put(one, &off).await.expect(StatusCode::OK);
        assert_eq!(numbers(&mei, "等通知吧", "public").await.1, Vec::<u64>::new(), "it is switched off");
        let _ = admin.delete(one).await.expect(StatusCode::NO_CONTENT);
        admin.delete(one).await.problem(404, "not_found");
        admin.put(one, &off).await.problem(404, "not_found");
        let book = "/api/v1/phrases/4";
        admin.put(book, &new("你不懂", "hint")).await.problem(422, "invalid_body");
        let _ = admin.put(book, &new("你不懂我们这行", "block")).await.expect(StatusCode::OK);
        assert_eq!(numbers(&mei, "你不懂", "public").await.1, Vec::<u64>::new(), "as the house wrote it");
        let _ = admin.delete(book).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(numbers(&mei, "你不懂", "public").await.1, [4], "as the product brought it");
        for (body, path, code) in [
            (json!({"variants": [], "level": "warn"}), "variants", "list_length"),
            (json!({"variants": ["！！"], "level": "warn"}), "variants[0]", "phrase_too_short"),
            (json!({"variants": ["哈哈"], "level": "warn"}), "variants[0]", "phrase_too_short"),
            (json!({"variants": ["等着", "等着"], "level": "warn"}), "variants[1]", "named_twice"),
            (
                json!({"variants": ["等着"], "better": "你不懂", "level": "warn"}),
                "better",
                "phrase_in_better",
            ),
            (json!({"variants": ["字".repeat(201)], "level": "warn"}), "variants[0]", "text_length"),
        ] {
            let problem = admin.post(LIST, &body).await.problem(422, "invalid_body");
            let field = &problem["fields"][0];
            assert_eq!((word(&field["path"]), word(&field["code"])), (path, code), "{problem}");
        }
    });
}
