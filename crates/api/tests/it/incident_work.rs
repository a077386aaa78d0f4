//! Incidents at work over HTTP: known at intake, measures, one reply to many,
//! closing, hot, reports, file, erasing.

use crate::incident::{broken, complaint, incident};
use crate::story::{Desk, Story, later, to_negotiation};
use crate::with_admin;
use axum::http::StatusCode;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

pub(crate) fn list<'a>(answer: &'a Value, key: &str) -> Vec<&'a str> {
    answer["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| row[key].as_str().unwrap_or_default())
        .collect()
}

async fn read(by: &Client, path: &str) -> Value {
    by.get(&format!("/api/v1{path}")).await.expect(StatusCode::OK).json()
}

pub(crate) async fn act(by: &Client, id: &str, action: &str, body: Value) -> Value {
    let path = format!("/api/v1/incidents/{id}/actions/{action}");
    by.post(&path, &body).await.expect(StatusCode::OK).json()
}

pub(crate) async fn refused(by: &Client, id: &str, action: &str, body: Value) -> Vec<String> {
    let path = format!("/api/v1/incidents/{id}/actions/{action}");
    let problem = by.post(&path, &body).await.problem(409, "action_closed");
    let reasons = problem["params"]["reasons"].as_array().cloned().unwrap_or_default();
    reasons.iter().map(|reason| reason["code"].as_str().unwrap_or_default().to_owned()).collect()
}

/// PROP-34, PROP-90: whoever writes a message down is shown the incident that
/// is known for its building, service or words, and what was told there.
#[test]
fn a_known_incident_is_shown_at_intake() {
    with_admin(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let a = complaint(&mei, "五号楼漏水", "19900000001").await;
        let id = incident(&mei, &[&a]).await;
        let told = |query: &str| {
            let (mei, path) = (mei.clone(), format!("/api/v1/incidents/known?{query}"));
            async move { mei.get(&path).await.expect(StatusCode::OK).json() }
        };
        let found = told("building=5%E5%8F%B7%E6%A5%BC").await;
        assert_eq!((list(&found, "id"), &found["items"][0]["by"]), (vec![id.as_str()], &json!(["building"])));
        assert_eq!(found["items"][0]["told"], Value::Null, "nothing was told yet");
        assert!(list(&told("building=6&text=%E6%BC%8F%E6%B0%B4").await, "id").is_empty(), "another building");
        let reply = json!({"reply": {"kind": "progress", "carrier": "spoken", "text": "正在更换落水管",
            "next": later(&app, 5)}});
        act(&mei, &id, "reply_members", reply).await;
        let found = told("text=%E4%BA%94%E5%8F%B7%E6%A5%BC%E5%8F%88%E6%BC%8F%E6%B0%B4%E4%BA%86").await;
        assert_eq!(
            (list(&found, "id"), &found["items"][0]["told"]),
            (vec![id.as_str()], &json!("正在更换落水管"))
        );
        let stranger = app.with_person("xin", &[Post::Employee]);
        let seen = stranger.get("/api/v1/incidents/known?building=5").await.expect(StatusCode::OK).json();
        assert!(list(&seen, "id").is_empty(), "who may not see it is not told of it: {seen}");
        assert!(list(&told("").await, "id").is_empty());
    });
}

/// D3: one reply prepared once goes to every open member by its own rules; what
/// a case refuses is listed; closing of all leaves each its own visit.
#[test]
fn one_reply_and_one_closing_for_all_members_list_the_refusals() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let mut a = Story::begin(&desk.agent, "五号楼漏水").await;
        to_negotiation(&app, &desk, &mut a, None).await;
        let b = complaint(&desk.agent, "天花板滴水", "19900000002").await;
        let id = incident(&desk.agent, &[&a.id, &b]).await;
        let measure = act(&desk.lead, &id, "add_measure", json!({"text": "更换落水管"})).await;
        assert_eq!(measure["stage"], "measures");
        let reply = json!({"reply": {"kind": "final", "carrier": "spoken", "text": "周五前更换落水管"}});
        let done = act(&desk.lead, &id, "reply_members", reply).await;
        let mut both = vec![a.id.clone(), b.clone()];
        both.sort();
        assert_eq!(done["done"], json!(both), "{done}");
        assert_eq!((&done["refused"], &done["stage"]), (&json!([]), &json!("answered")));
        for case in &both {
            let case = read(&desk.lead, &format!("/cases/{case}")).await;
            assert_eq!(
                case["replies"].as_array().and_then(|all| all.last()).map(|reply| &reply["text"]),
                Some(&json!("周五前更换落水管"))
            );
            assert!(
                case["clocks"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .any(|clock| clock["kind"] == "reply" && clock["met_at"].is_string())
            );
            assert_eq!(case["incident"]["id"], json!(id));
        }
        // nobody was visited: no case takes the closing, and nothing is half done
        let path = format!("/api/v1/incidents/{id}/actions/close_members");
        let problem = desk.lead.post(&path, &json!({})).await.problem(409, "members_refused");
        let told = problem["params"]["refused"].as_array().cloned().unwrap_or_default();
        assert_eq!(told.len(), 2, "{problem}");
        let says = |one: &Value| {
            let (code, detail) = (one["code"].as_str(), one["detail"].as_str().unwrap_or_default());
            !detail.is_empty() && Some(detail) != code && !detail.contains('{')
        };
        assert!(told.iter().all(says), "why not, in words: {problem}");
        a = Story { version: a.read(&desk.lead).await["version"].as_u64().unwrap_or_default(), id: a.id };
        a.act(&desk.handler, "answer_option", json!({"option": 1, "answer": "accepted"})).await;
        a.act(&desk.handler, "execute", json!({})).await;
        a.act(&desk.handler, "submit_for_verification", json!({})).await;
        a.act(&desk.verifier, "verify", json!({"in_order": true})).await;
        a.act(&desk.verifier, "send_to_visit", json!({})).await;
        a.act(&desk.lead, "visit", json!({"result": "satisfied", "form": "phone"})).await;
        let done = act(&desk.lead, &id, "close_members", json!({})).await;
        assert_eq!((&done["done"], &done["refused"][0]["case"]), (&json!([a.id]), &json!(b)));
        assert_eq!(done["refused"][0]["code"], "wrong_stage", "{done}");
        assert!(says(&done["refused"][0]), "{done}");
        let shut = refused(&desk.lead, &id, "close", json!({"reason": "办完"})).await;
        assert_eq!(shut, ["measures_open", "members_open"]);
        let timeline = read(&desk.lead, &format!("/incidents/{id}/timeline")).await;
        let events = list(&timeline, "event");
        assert_eq!(events[events.len() - 1], "members_closed");
        assert_eq!(broken(&app).await, []);
    });
}

async fn contact(by: &Client, case: &str, text: &str) {
    let body = json!({"text": text, "direction": "inbound", "channel": "phone"});
    drop(by.post(&format!("/api/v1/cases/{case}/actions/contact"), &body).await.expect(StatusCode::OK));
}

/// PROP-83, PROP-84, PROP-85, X-9: three complainants make it hot as they come;
/// the records are named, the report is drafted from the file and meets its
/// clock; a leader may take the flag back; the file of the incident verifies.
#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in one go")]
fn an_incident_becomes_hot_is_reported_and_has_its_file() {
    with_admin(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent, Post::Lead]);
        let (a, b, c) = (
            complaint(&mei, "五号楼漏水", "19900000001").await,
            complaint(&mei, "天花板滴水", "19900000002").await,
            complaint(&mei, "墙皮掉了", "19900000003").await,
        );
        let id = incident(&mei, &[&a, &b]).await;
        contact(&mei, &a, "还在漏").await;
        assert_eq!(read(&mei, &format!("/incidents/{id}")).await["hot_at"], Value::Null, "two complainants");
        let join = json!({"kind": "join", "members": [{"case": c}], "reason": "同一处"});
        let path = format!("/api/v1/incidents/{id}/operations");
        drop(mei.post(&path, &join).await.expect(StatusCode::OK));
        let hot = read(&mei, &format!("/incidents/{id}")).await;
        assert!(hot["hot_at"].is_string() && hot["due_at"].is_string(), "{hot}");
        let mut records: Vec<&str> = hot["hots"][0]["ground"]["records"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|r| r["case"].as_str().unwrap_or_default())
            .collect();
        records.sort_unstable();
        let mut all = [a.as_str(), &b, &c];
        all.sort_unstable();
        assert_eq!(records, all);
        assert_eq!(read(&mei, &format!("/cases/{c}")).await["incident"]["hot_at"], hot["hot_at"]);
        assert_eq!(list(&read(&mei, "/incidents?hot=true").await, "id"), [&id]);
        assert!(list(&read(&mei, "/incidents?hot=false").await, "id").is_empty());

        let draft = read(&mei, &format!("/incidents/{id}/special_reports/first")).await;
        let names: Vec<&str> = draft["sections"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|s| s["name"].as_str().unwrap_or_default())
            .collect();
        assert_eq!(names, ["content", "causes", "handling", "difficulties", "help_needed"]);
        let content = draft["sections"][0]["text"].as_str().unwrap_or_default();
        assert!(
            content.contains("还在漏") && content.contains("墙皮掉了"),
            "filled from the file: {content}"
        );
        assert_eq!(draft["due_at"], hot["due_at"]);
        mei.get(&format!("/api/v1/incidents/{id}/special_reports/weekly")).await.problem(404, "not_found");
        let missing = json!({"kind": "first", "sections": {"content": content}});
        let path = format!("/api/v1/incidents/{id}/actions/file_report");
        let problem = mei.post(&path, &missing).await.problem(422, "invalid_body");
        assert_eq!(problem["fields"][0]["path"], "sections.causes");
        let sections = json!({"content": content, "causes": "落水管失修", "handling": "已排查",
            "difficulties": "需高空作业", "help_needed": "请协调升降车"});
        act(&mei, &id, "file_report", json!({"kind": "first", "sections": sections})).await;
        let told = read(&mei, &format!("/incidents/{id}")).await;
        assert_eq!(told["due_at"], Value::Null, "the clock is met");
        assert_eq!(told["hots"][0]["reports"][0]["filed"]["sections"]["causes"], "落水管失修");

        let figures = read(&mei, &format!("/incidents/{id}/figures")).await;
        let number = |name: &str| figures[name].as_i64().unwrap_or(-1);
        assert_eq!(
            [number("cases"), number("times"), number("people"), number("persons")],
            [3, 4, 3, 3],
            "{figures}"
        );
        act(&mei, &id, "withdraw_hot", json!({"reason": "三户同一家庭"})).await;
        assert_eq!(read(&mei, &format!("/incidents/{id}")).await["hot_at"], Value::Null);
        let zip = mei.get(&format!("/api/v1/incidents/{id}/file")).await.expect(StatusCode::OK);
        let folder = crate::casefile::unpacked(&zip);
        let (good, said) = crate::casefile::verified(folder.path());
        assert!(good, "{said}");
        let page = std::fs::read_to_string(folder.path().join("timeline.zh.html")).expect("a history");
        assert!(page.contains("三户同一家庭") && page.contains("成为热点"), "{page}");
        assert_eq!(broken(&app).await, []);
    });
}

/// PROP-83: a complaint that speaks for three persons or more is hot by itself;
/// one that speaks for two is not.
#[test]
fn a_collective_complaint_is_hot_by_itself() {
    with_admin(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let collective = |persons: Value| {
            json!({"kind": "complaint", "channel": "visit", "text": "电梯停运三天",
            "persons": persons, "reporter": {"name": "何先生", "phone": "19900000001"}})
        };
        drop(mei.post("/api/v1/cases", &collective(json!(2))).await.expect(StatusCode::CREATED));
        assert!(list(&read(&mei, "/incidents").await, "id").is_empty());
        let made = mei.post("/api/v1/cases", &collective(json!(3))).await.expect(StatusCode::CREATED).json();
        let found = read(&mei, "/incidents?hot=true").await;
        assert_eq!(
            (list(&found, "title"), list(&found, "owner")),
            (vec!["电梯停运三天"], vec![made["owner"].as_str().unwrap_or_default()])
        );
        let own = read(&mei, &format!("/incidents?case={}", made["id"].as_str().unwrap_or_default())).await;
        assert_eq!(list(&own, "id"), list(&found, "id"));
        let problem = mei.post("/api/v1/cases", &collective(json!(0))).await.problem(422, "invalid_body");
        assert_eq!(problem["fields"][0]["path"], "persons");
        assert_eq!(broken(&app).await, []);
    });
}

/// PROP-64, PROP-90: a closed incident opens again with a member that does; a
/// re-opening by hand needs a reason.
#[test]
fn a_member_that_is_opened_again_opens_its_incident() {
    with_admin(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent, Post::Lead]);
        let (a, b) =
            (complaint(&mei, "漏水", "19900000001").await, complaint(&mei, "漏水", "19900000002").await);
        let id = incident(&mei, &[&a]).await;
        assert_eq!(refused(&mei, &id, "close", json!({"reason": "办完"})).await, ["members_open"]);
        let version = read(&mei, &format!("/cases/{a}")).await["version"].clone();
        let word = json!({"meaning": "withdraws", "text": "不投诉了"});
        drop(
            mei.post(&format!("/api/v1/cases/{a}/actions/record_customer_word"), &word)
                .await
                .expect(StatusCode::OK),
        );
        let close = json!({"version": version.as_u64().unwrap_or(0) + 1, "reason": "客户撤回"});
        drop(
            mei.post(&format!("/api/v1/cases/{a}/actions/close_withdrawn"), &close)
                .await
                .expect(StatusCode::OK),
        );
        act(&mei, &id, "close", json!({"reason": "办完"})).await;
        act(&mei, &id, "reopen", json!({"reason": "又漏了"})).await;
        assert_eq!(act(&mei, &id, "close", json!({"reason": "修好了"})).await["stage"], "closed");
        let link = json!({"relation": "repeated_by", "other": b, "text": "又来电"});
        drop(mei.post(&format!("/api/v1/cases/{a}/actions/link"), &link).await.expect(StatusCode::OK));
        drop(
            mei.post(&format!("/api/v1/cases/{a}/actions/reopen"), &json!({"reason": "重复投诉"}))
                .await
                .expect(StatusCode::OK),
        );
        assert_eq!(read(&mei, &format!("/incidents/{id}")).await["stage"], "open");
        assert_eq!(broken(&app).await, []);
    });
}

/// texts of an incident are erased on lawful request, the chain holds, and
/// nobody without the post can.
#[test]
fn texts_of_an_incident_are_erased_on_lawful_request() {
    with_admin(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent]);
        let hua = app.with_person("hua", &[Post::Head]);
        let a = complaint(&mei, "漏水", "19900000001").await;
        let id = incident(&mei, &[&a]).await;
        let basis = json!({"basis": "个人信息删除申请 2026-11-20"});
        let path = format!("/api/v1/incidents/{id}/erasures");
        mei.post(&path, &basis).await.problem(403, "forbidden");
        let erased = hua.post(&path, &basis).await.expect(StatusCode::CREATED).json();
        assert_eq!(erased["texts"], 2, "title and reason");
        let now = read(&mei, &format!("/incidents/{id}")).await;
        assert_eq!(now["title"], Value::Null);
        hua.post(&path, &basis).await.problem(409, "erased_already");
        let chosen = json!({"basis": "x", "texts": ["0000000000000000000000000000000000000000000"]});
        let problem = hua.post(&path, &chosen).await.problem(422, "invalid_body");
        assert_eq!(problem["fields"][0]["code"], "unknown_text");
        assert_eq!(broken(&app).await, []);
    });
}

/// PROP-70, PROP-82, PROP-95, X-11: a demand opens a separate volume and the
/// countdown; the register lists it; reports are drafted with their sections.
#[test]
fn a_major_complaint_has_its_volume_register_and_drafts() {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let stranger = app.with_person("xin", &[Post::Employee]);
        let mut story = Story::begin(&desk.agent, "楼上漏水，家具泡坏").await;
        desk.agent.get(&format!("/api/v1/cases/{}/volume", story.id)).await.problem(404, "not_found");
        to_negotiation(&app, &desk, &mut story, None).await;
        let amount = json!({"amount": {"amount": "12000.00", "currency": "CNY"}});
        story.act(&desk.agent, "state_demand", amount).await;
        let register = read(&desk.lead, "/majors?standing=provisional&owed=true&open=true").await;
        assert_eq!(list(&register, "case"), [&story.id]);
        assert!(
            register["items"][0]["due_at"].is_string()
                && register["items"][0]["demand"]["amount"] == "12000.00"
        );
        assert!(list(&read(&desk.lead, "/majors?standing=lowered").await, "case").is_empty());
        assert!(list(&read(&stranger, "/majors").await, "case").is_empty());
        story
            .act(
                &desk.lead,
                "judge_major",
                json!({"standing": "confirmed", "reason": "落水管失修，我方责任"}),
            )
            .await;
        let volume = read(&desk.lead, &format!("/cases/{}/volume", story.id)).await;
        assert!(volume["volume"].as_str().unwrap_or_default().starts_with("ZD-TS-"));
        let events = list(&volume, "event");
        assert!(
            events.starts_with(&["received"])
                && events.contains(&"finding_recorded")
                && events.contains(&"major_judged"),
            "{events:?}"
        );
        assert!(!events.contains(&"notified") && !events.contains(&"clock_started"));
        let draft = read(&desk.lead, &format!("/cases/{}/special_reports/closing", story.id)).await;
        let text = |name: &str| {
            let found =
                draft["sections"].as_array().into_iter().flatten().find(|section| section["name"] == name);
            found.map(|section| section["text"].as_str().unwrap_or_default().to_owned()).unwrap_or_default()
        };
        assert!(text("content").contains("家具泡坏") && text("causes").contains("落水管失修"), "{draft}");
        let first =
            json!({"kind": "first", "sections": {"content": "家具泡坏，索赔一万二", "handling": "协商中"}});
        story.act(&desk.agent, "file_report", first).await;
        assert_eq!(read(&desk.lead, "/majors").await["items"][0]["due_at"], Value::Null);
        assert_eq!(broken(&app).await, []);
    });
}

/// contracts §4, X-14: two payments of 6,000 to one party in one incident,
/// under a limit of 10,000, need the higher post; in two incidents they do not.
#[test]
fn payments_of_one_incident_add_up_to_the_higher_post() {
    with_admin(|app, admin| async move {
        crate::approvals::limited(&app, &admin).await;
        let desk = Desk::of(&app);
        let mut stories = Vec::new();
        for _ in 0..2 {
            let mut story = Story::begin(&desk.agent, "五号楼漏水").await;
            to_negotiation(&app, &desk, &mut story, Some("6000.00")).await;
            stories.push(story);
        }
        incident(&desk.agent, &[&stories[0].id, &stories[1].id]).await;
        let fu = app.with_person("fu", &[Post::Manager]);
        for (story, post, by) in [(0, "head", &desk.head), (1, "manager", &fu)] {
            let story = &mut stories[story];
            story.act(&desk.handler, "answer_option", json!({"option": 1, "answer": "provisional"})).await;
            let asked = story.read(&desk.lead).await["round"]["approvals"][0].clone();
            assert_eq!(asked["decider"], post, "{asked}");
            story.act(by, "decide_approval", json!({"approval": 1, "decision": "granted"})).await;
        }
    });
}

/// The wholeness of the twin: what is new here hides it too.
#[test]
fn what_is_new_of_incidents_needs_somebody_signed_in() {
    with_admin(|app: std::sync::Arc<TestApp>, _| async move {
        for path in ["/incidents/known?building=5", "/majors", "/incidents?hot=true"] {
            app.anonymous().get(&format!("/api/v1{path}")).await.problem(401, "unauthenticated");
        }
    });
}
