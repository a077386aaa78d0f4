//! What an agent does with a call over HTTP: the briefing, its case, messages, promises,
//! and what the house sets for it.
//!
//! Size: one story for each of them, all on the same few helpers.

use crate::calls::{answered, arrived, happens, org, recorded, set_up};
use crate::{with_admin, with_equipped, word};
use axum::http::StatusCode;
use huiyin_app::call::port::{Order, Phone, PhoneRefusal};
use huiyin_app::call::{self, Effect, Happening};
use huiyin_app::work::{Runner, everything};
use huiyin_app::{Actor, knowledge};
use huiyin_domain::call::floor::By;
use huiyin_domain::call::queue::Wishes;
use huiyin_domain::ids::{CallId, OrgId};
use huiyin_domain::knowledge::starter;
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The number that `arrived` calls from.
const NUMBER: &str = "13912345678";

fn new_call(app: &TestApp) -> CallId {
    CallId(app.edge.app.ids.uuid(app.clock_now()))
}

fn later(app: &TestApp, seconds: i64) -> String {
    Timestamp::from_micros(app.clock_now().micros() + seconds * 1_000_000).to_string()
}

async fn customer(app: &TestApp, agent: &Client, name: &str) -> String {
    let homes = agent.get("/api/v1/households").await.expect(StatusCode::OK).json();
    let home = match homes["items"].get(0) {
        Some(home) => home.clone(),
        None => {
            let new = json!({"unit": app.unit, "building": "5", "room": "501"});
            agent.post("/api/v1/households", &new).await.expect(StatusCode::CREATED).json()
        }
    };
    let new = json!({"name": name, "phones": [NUMBER], "unit": app.unit,
        "households": [home["id"]]});
    word(&agent.post("/api/v1/parties", &new).await.expect(StatusCode::CREATED).json()["id"]).to_owned()
}

async fn line(app: &TestApp, admin: &Client) {
    let new =
        json!({"number": "4001", "name": "报修热线", "unit": app.unit, "service": "repair", "active": true});
    let _ = admin.put("/api/v1/lines", &new).await.expect(StatusCode::OK);
}

/// CALL-9, TEL-17, X-36, X-37: a call brings its customer with level, restriction, open
/// cases and earlier calls, what is known of their building, what to say and to mind; who
/// may not know why business is restricted does not read it.
#[test]
#[expect(clippy::too_many_lines, reason = "one story: what is known of a caller, and to whom")]
fn a_call_brings_its_briefing() {
    with_admin(|app, admin| async move {
        let agent = app.with_person("an", &[Post::Agent]);
        let lead = app.with_person("lan", &[Post::Lead]);
        etiquette(&app);
        let queue = set_up(&app, &admin, &agent).await;
        line(&app, &admin).await;
        let party = customer(&app, &agent, "欧阳某某").await;
        let standing = format!("/api/v1/parties/{party}/standing");
        let restricted = json!({"reason": "多次恶意退货", "until": later(&app, 86_400)});
        let vip = json!({"level": "vip", "skills": ["sichuanese"], "version": 0});
        let _ = agent.put(&standing, &vip).await.expect(StatusCode::OK);
        agent.put(&standing, &json!({"level": "vip"})).await.problem(428, "version_required");
        agent.put(&standing, &json!({"level": "gold", "version": 1})).await.problem(422, "invalid_body");
        let mut full = json!({"level": "vip", "version": 1, "restricted": restricted});
        agent.put(&standing, &full).await.problem(403, "forbidden");
        let _ = lead.put(&standing, &full).await.expect(StatusCode::OK);
        lead.put(&standing, &full).await.problem(409, "stale");
        full["version"] = json!(2);
        let old = json!({"kind": "repair", "channel": "phone", "text": "电梯停了", "party": party});
        let old = agent.post("/api/v1/cases", &old).await.expect(StatusCode::CREATED).json();
        crate::incident::incident(&agent, &[&word(&old["id"]).to_owned()]).await;
        let first = new_call(&app);
        answered(&app, first, queue).await;
        happens(&app, Happening::HungUp(first, By::Customer)).await;
        let _ = agent.post(&format!("/api/v1/calls/{first}/link"), &json!({"party": party})).await;
        let _ = agent.post("/api/v1/agent", &json!({"do": "ready"})).await.expect(StatusCode::OK);
        let call = new_call(&app);
        answered(&app, call, queue).await;
        let path = format!("/api/v1/calls/{call}/briefing");
        let chinese = agent.clone().with("accept-language", "zh-CN");
        let brief = chinese.get(&path).await.expect(StatusCode::OK).json();
        assert_eq!((&brief["number"], &brief["moment"]), (&json!(NUMBER), &json!("greeting")));
        assert_eq!(
            (&brief["line"]["name"], &brief["line"]["service"]),
            (&json!("报修热线"), &json!("repair"))
        );
        let known = &brief["customer"];
        assert_eq!((&known["name"], &known["level"]), (&json!("欧阳某某"), &json!("vip")));
        assert_eq!(known["restricted"]["why"], "多次恶意退货");
        assert_eq!(known["cases"][0]["id"], old["id"], "{known}");
        assert_eq!((&known["calls"][0]["id"], &known["calls"][1]), (&json!(first), &Value::Null));
        assert_eq!(known["residences"][0]["building"], "5");
        assert_eq!(brief["incidents"][0]["title"], "五号楼漏水", "{brief}");
        assert!(word(&brief["greeting"]["first"]).starts_with("您好"), "TEL-27: {brief}");
        assert!(word(&brief["greeting"]["first"]).contains("an"), "TEL-17: {brief}");
        let tips: Vec<&str> =
            brief["tips"].as_array().into_iter().flatten().map(|tip| word(&tip["title"])).collect();
        assert!(tips.iter().any(|title| title.contains("问候") || title.contains("您好")), "{tips:?}");
        let verifier = app.with_person("ping", &[Post::Verifier]);
        let covered = verifier.get(&path).await.expect(StatusCode::OK).json();
        assert!(covered["customer"]["restricted"]["why"].is_null() && !covered.to_string().contains(NUMBER));
        app.with_person("gong", &[Post::Employee]).get(&path).await.problem(403, "forbidden");
        // another with the number: nobody is taken for the other
        let second = customer(&app, &agent, "司马某某").await;
        let brief = agent.get(&path).await.expect(StatusCode::OK).json();
        assert!(brief["customer"].is_null() && brief["incidents"] == json!([]));
        let names = brief["candidates"].as_array().into_iter().flatten().map(|one| word(&one["name"]));
        let names: BTreeSet<&str> = names.collect();
        assert_eq!(names, BTreeSet::from(["欧阳某某", "司马某某"]));
        let link = format!("/api/v1/calls/{call}/link");
        let _ = agent.post(&link, &json!({"party": second})).await.expect(StatusCode::OK);
        let brief = agent.get(&path).await.expect(StatusCode::OK).json();
        assert_eq!(brief["customer"]["id"], json!(second));
    });
}

/// TEL-29, issue 7 §6, §4: one click makes a case of a call, such as a complaint, another
/// continues one as a contact of it; the calls with their recordings stand in the history,
/// each once over all pages.
#[test]
fn one_click_makes_or_continues_a_case() {
    with_admin(|app, admin| async move {
        let agent = app.with_person("an", &[Post::Agent]);
        let queue = set_up(&app, &admin, &agent).await;
        line(&app, &admin).await;
        let call = new_call(&app);
        answered(&app, call, queue).await;
        recorded(&app, call).await;
        let path = format!("/api/v1/calls/{call}/case");
        let new = json!({"new": {"kind": "complaint", "text": "五号楼电梯又停了", "name": "何先生"}});
        agent.post(&path, &json!({})).await.problem(422, "invalid_body");
        let made = agent.post(&path, &new).await.expect(StatusCode::CREATED).json();
        assert_eq!(made["call"]["case"], made["case"]["id"]);
        assert!(made["call"]["party"].is_string(), "the caller became a customer: {made}");
        agent.post(&path, &new).await.problem(409, "call_has_case");
        let id = word(&made["case"]["id"]).to_owned();
        let case = agent.get(&format!("/api/v1/cases/{id}")).await.expect(StatusCode::OK).json();
        assert_eq!((&case["channel"], &case["text"]), (&json!("phone"), &json!("五号楼电梯又停了")));
        let party = agent.get(&format!("/api/v1/parties/{}", word(&made["call"]["party"]))).await;
        assert_eq!(party.expect(StatusCode::OK).json()["phones"], json!([NUMBER]));
        happens(&app, Happening::HungUp(call, By::Customer)).await;
        let _ = agent.post("/api/v1/agent", &json!({"do": "ready"})).await.expect(StatusCode::OK);
        app.clock.advance(3_600);
        let again = new_call(&app);
        answered(&app, again, queue).await;
        let path = format!("/api/v1/calls/{again}/case");
        let lost = json!({"case": "00000000-0000-7000-8000-000000000001"});
        agent.post(&path, &lost).await.problem(404, "not_found");
        let same = agent.post(&path, &json!({"case": id})).await.expect(StatusCode::OK).json();
        assert_eq!(same["case"]["number"], made["case"]["number"]);
        let timeline = format!("/api/v1/cases/{id}/timeline");
        let whole = agent.get(&timeline).await.expect(StatusCode::OK).json();
        let events: Vec<&str> =
            whole["items"].as_array().into_iter().flatten().map(|one| word(&one["event"])).collect();
        assert!(events.contains(&"contact_made"), "{events:?}");
        let ids = |page: &Value| -> Vec<String> {
            page["calls"].as_array().into_iter().flatten().map(|one| word(&one["id"]).to_owned()).collect()
        };
        assert_eq!(ids(&whole), [call.to_string(), again.to_string()], "oldest first");
        let recorded = &whole["calls"][0]["recordings"][0];
        assert_eq!((&recorded["seconds"], &recorded["may_listen"]), (&json!(65.0), &json!(true)));
        let (mut all, mut next) = (Vec::new(), format!("{timeline}?limit=1"));
        loop {
            let page = agent.get(&next).await.expect(StatusCode::OK).json();
            all.extend(ids(&page));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            next = format!("{timeline}?limit=1&cursor={cursor}");
        }
        assert_eq!(all, ids(&whole), "each once over all pages");
        let lead = app.with_person("lan", &[Post::Lead]);
        let seen = lead.get(&timeline).await.expect(StatusCode::OK).json();
        assert_eq!(seen["calls"][0]["recordings"][0]["may_listen"], true);
        let verifier = app.with_person("ping", &[Post::Verifier]);
        let seen = verifier.get(&timeline).await.expect(StatusCode::OK).json();
        assert_eq!(seen["calls"][0]["recordings"][0]["may_listen"], false, "{seen}");
        assert!(!seen.to_string().contains(NUMBER));
    });
}

async fn machine_work(app: &TestApp) {
    let (handlers, ticks) = everything(&app.edge.app);
    let runner = Runner::new(app.edge.app.clone(), handlers, ticks);
    runner.run_due(app.clock_now()).await.expect("machine work");
}

async fn told(person: &Client) -> Vec<String> {
    let list = person.get("/api/v1/notifications?unread=true").await.expect(StatusCode::OK).json();
    let whys = list["items"].as_array().into_iter().flatten().map(|one| word(&one["why"]).to_owned());
    whys.filter(|why| why.starts_with("call_")).collect()
}

/// Puts the shipped etiquette of the telephone on the shelf.
fn etiquette(app: &TestApp) {
    let product = app.edge.app.clone();
    let machine = product.ctx(Actor::command_line(app.org), "test", Locale::ZhCn);
    let files = starter().expect("the shipped articles");
    let files = files.into_iter().filter(|file| file.key.starts_with("tel-")).collect();
    let brought = app
        .store()
        .write_blocking(move |tx| knowledge::import_articles(tx, &machine, &product, (files, None)));
    assert!(brought.expect("brought in").opened >= 13);
}

/// TEL-20…22, DESK-6, DESK-7: a message has its points, whom it is for is told at once and
/// again with the leaders when it was not passed on in time; reading and answering are
/// theirs alone, and others who may see it do not see the caller.
#[test]
fn a_message_is_passed_on_read_and_answered() {
    with_admin(|app, admin| async move {
        let (agent, colleague) =
            (app.with_person("an", &[Post::Agent]), app.with_person("bo", &[Post::Employee]));
        let lead = app.with_person("lan", &[Post::Lead]);
        let queue = set_up(&app, &admin, &agent).await;
        let call = new_call(&app);
        answered(&app, call, queue).await;
        let said = json!({"name": "王女士", "company": null, "phone": NUMBER, "what": "电梯异响",
            "requests": null, "key": "complaint", "reply_needed": true, "repeated": true});
        let body = json!({"for": colleague.id, "call": call, "message": said});
        let mut short = body.clone();
        short["message"]["repeated"] = json!(false);
        let refused = agent.post("/api/v1/call-messages", &short).await.problem(422, "invalid_body");
        assert_eq!(refused["fields"][0]["path"], "message.repeated", "TEL-22: {refused}");
        let mut nobody = body.clone();
        nobody["for"] = json!("00000000-0000-7000-8000-000000000001");
        agent.post("/api/v1/call-messages", &nobody).await.problem(422, "invalid_body");
        let made = agent.post("/api/v1/call-messages", &body).await.expect(StatusCode::CREATED).json();
        assert_eq!((&made["state"], &made["for"]["name"]), (&json!("taken"), &json!("bo")));
        assert_eq!(told(&colleague).await, ["call_message"]);
        let path = format!("/api/v1/call-messages/{}", word(&made["id"]));
        let taken = agent.get("/api/v1/call-messages?of=taken&open=true").await.expect(StatusCode::OK).json();
        assert_eq!(taken["items"][0]["message"]["phone"], NUMBER);
        app.with_person("wai", &[Post::Employee]).get(&path).await.problem(404, "not_found");
        app.clock.advance(1_799);
        machine_work(&app).await;
        assert!(told(&lead).await.is_empty());
        app.clock.advance(2);
        machine_work(&app).await;
        assert_eq!(told(&lead).await, ["call_message_late"]);
        let seen = app.with_person("ping", &[Post::Verifier]).get(&path).await.expect(StatusCode::OK).json();
        assert!(!seen.to_string().contains(NUMBER) && seen["late"] == json!(true), "{seen}");
        let steps = format!("/api/v1/call-messages/{}/steps", word(&made["id"]));
        agent.post(&steps, &json!({"step": "read"})).await.problem(403, "forbidden");
        let read = colleague.post(&steps, &json!({"step": "read"})).await.expect(StatusCode::OK).json();
        assert_eq!(read["state"], "read", "a reply is still needed");
        let reply = json!({"step": "reply", "note": "已回电，明天上门"});
        let done = colleague.post(&steps, &reply).await.expect(StatusCode::OK).json();
        assert_eq!((&done["state"], &done["reply"]), (&json!("done"), &json!("已回电，明天上门")));
        colleague.post(&steps, &reply).await.problem(409, "message_done_already");
        let open = colleague.get("/api/v1/call-messages?open=true").await.expect(StatusCode::OK).json();
        assert_eq!(open["items"], json!([]));
        let all = lead.get("/api/v1/call-messages?of=all&limit=1").await.expect(StatusCode::OK).json();
        assert_eq!(all["items"][0]["id"], made["id"]);
    });
}

/// TEL-18, TEL-32, TEL-33: a promised call has number and clock, is brought to mind before
/// its time and after it, and kept once the customer was reached; what a caller asks for in
/// the queue is promised to them by itself, and figures tell whether it was kept.
#[test]
fn a_promised_call_is_brought_to_mind_and_kept() {
    with_admin(|app, admin| async move {
        let (agent, other) = (app.with_person("an", &[Post::Agent]), app.with_person("bo", &[Post::Agent]));
        let watcher = app.with_person("ban", &[Post::ShiftLeader]);
        let queue = set_up(&app, &admin, &agent).await;
        let call = new_call(&app);
        answered(&app, call, queue).await;
        let agreed = json!({"reason": "short_of_time", "phone": NUMBER, "about": "停车费",
            "agreed_at": later(&app, 3_600)});
        let path = "/api/v1/call-backs";
        let mut dialect = agreed.clone();
        dialect["reason"] = json!("dialect");
        let refused = agent.post(path, &json!({"call_back": dialect})).await.problem(422, "invalid_body");
        assert_eq!(refused["fields"][0]["path"], "call_back.skill", "TEL-32: {refused}");
        let body = json!({"call": call, "agent": other.id, "call_back": agreed});
        let made = agent.post(path, &body).await.expect(StatusCode::CREATED).json();
        assert_eq!((&made["number"], &made["agent"]["name"]), (&json!(NUMBER), &json!("bo")));
        let one = format!("/api/v1/call-backs/{}", word(&made["id"]));
        app.clock.advance(3_001);
        machine_work(&app).await;
        assert_eq!(told(&other).await, ["call_back_soon"]);
        app.clock.advance(600);
        machine_work(&app).await;
        assert_eq!(told(&other).await.len(), 2);
        assert_eq!(other.get(&one).await.expect(StatusCode::OK).json()["overdue"], true);
        let tries = format!("{one}/tries");
        let missed = other.post(&tries, &json!({"reached": false, "note": "无人接听"})).await;
        assert_eq!(missed.expect(StatusCode::OK).json()["tries"], 1);
        let kept = other.post(&tries, &json!({"reached": true})).await.expect(StatusCode::OK).json();
        assert_eq!((&kept["kept"], &kept["note"]), (&json!(false), &json!("无人接听")), "too late");
        other.post(&tries, &json!({"reached": true})).await.problem(409, "call_back_kept_already");
        // what a caller asks for while waiting
        let waits = new_call(&app);
        happens(&app, arrived(waits)).await;
        happens(&app, Happening::Queued(waits, queue, Wishes::default())).await;
        happens(&app, Happening::CallBackAsked(waits, NUMBER.into())).await;
        happens(&app, Happening::CallBackAsked(waits, NUMBER.into())).await;
        happens(&app, Happening::HungUp(waits, By::Customer)).await;
        let open = other.get("/api/v1/call-backs?open=true").await.expect(StatusCode::OK).json();
        assert_eq!(open["items"].as_array().map(Vec::len), Some(1), "once, for anybody: {open}");
        assert_eq!(
            (&open["items"][0]["reason"], &open["items"][0]["call"]),
            (&json!("queue"), &json!(waits))
        );
        let all = watcher.get("/api/v1/call-backs?of=all&number=13912345678").await;
        assert_eq!(all.expect(StatusCode::OK).json()["items"].as_array().map(Vec::len), Some(2));
        let tries = format!("/api/v1/call-backs/{}/tries", word(&open["items"][0]["id"]));
        let _ = agent.post(&tries, &json!({"reached": true})).await.expect(StatusCode::OK);
        let figures =
            format!("/api/v1/call-figures?from={}&to={}&by=queue", later(&app, -36_000), later(&app, 1));
        let counted = watcher.get(&figures).await.expect(StatusCode::OK).json();
        assert_eq!(counted["whole"]["figures"]["call_backs_kept"]["value"], 1_000_000, "{counted}");
        app.with_person("gong", &[Post::Employee]).get(path).await.problem(403, "forbidden");
    });
}

/// Issue 7 §6: what a call came to is one of the house's codes, which it sets itself.
#[test]
fn what_a_call_came_to_is_one_of_the_codes() {
    with_admin(|app, admin| async move {
        let agent = app.with_person("an", &[Post::Agent]);
        let queue = set_up(&app, &admin, &agent).await;
        let call = new_call(&app);
        answered(&app, call, queue).await;
        let shipped = agent.get("/api/v1/wrap-up-codes").await.expect(StatusCode::OK).json();
        assert_eq!(shipped["items"][0]["code"], "answered");
        let path = format!("/api/v1/calls/{call}/write-up");
        let wrote = agent.post(&path, &json!({"code": "answered", "note": "停车费"})).await;
        let wrote = wrote.expect(StatusCode::OK).json();
        assert_eq!(
            (&wrote["wrap_up_code"], &wrote["wrap_up_by"]["name"]),
            (&json!("answered"), &json!("an"))
        );
        let own = json!({"items": [{"code": "sold", "name": "成交", "name_en": "Sold", "active": true},
            {"code": "answered", "name": "解答", "name_en": "Answered", "active": false}]});
        agent.put("/api/v1/wrap-up-codes", &own).await.problem(403, "forbidden");
        let _ = admin.put("/api/v1/wrap-up-codes", &own).await.expect(StatusCode::OK);
        admin.put("/api/v1/wrap-up-codes", &json!({"items": []})).await.problem(422, "invalid_body");
        agent.post(&path, &json!({"code": "answered"})).await.problem(422, "invalid_body");
        let sold = agent.post(&path, &json!({"code": "sold"})).await.expect(StatusCode::OK).json();
        assert_eq!(
            (&sold["wrap_up_code"], &sold["note"]),
            (&json!("sold"), &json!("停车费")),
            "the note stays"
        );
    });
}

/// Lines that take everything.
struct Silent;

impl Phone for Silent {
    fn node(&self) -> String {
        "one".into()
    }
    fn order(&self, _: Order) -> Result<(), PhoneRefusal> {
        Ok(())
    }
    fn carry(&self, _: OrgId, _: Vec<Effect>) {}
}

/// TEL-3…6, X-23, X-24: the house sets its windows; a call outside is told before it is
/// made and refused without a reason, by the house's own hours.
#[test]
fn calling_windows_are_the_houses_own() {
    with_equipped(
        |app, _| app.with_phone(Arc::new(Silent)),
        |app, admin| async move {
            let agent = app.with_person("an", &[Post::Agent]);
            set_up(&app, &admin, &agent).await;
            let path = "/api/v1/telephone-settings";
            let mut rules = agent.get(path).await.expect(StatusCode::OK).json();
            assert_eq!(rules["windows"]["day"], "07:00-22:00", "TEL-3: {rules}");
            let at = "2026-11-24T23:30:00+08:00";
            let late = agent.get(&format!("/api/v1/calling-window?at={}", at.replace('+', "%2B"))).await;
            assert_eq!(late.expect(StatusCode::OK).json()["hard"], json!(["too_late"]));
            let party = customer(&app, &agent, "欧阳某某").await;
            let standing = format!("/api/v1/parties/{party}/standing");
            let abroad = json!({"time_zone": "Europe/London", "version": 0});
            let _ = agent.put(&standing, &abroad).await.expect(StatusCode::OK);
            let nowhere = json!({"time_zone": "Europe/Atlantis", "version": 1});
            let refused = agent.put(&standing, &nowhere).await.problem(422, "invalid_body");
            assert_eq!(refused["fields"][0]["path"], "time_zone");
            let there = format!("/api/v1/calling-window?party={party}&at=2026-11-24T14:30:00%2B08:00");
            let there = agent.get(&there).await.expect(StatusCode::OK).json();
            assert_eq!(there["hard"], json!(["too_early"]), "TEL-6: half past six in London: {there}");
            agent.put(path, &rules).await.problem(403, "forbidden");
            let hour = |from: u32, to: u32| format!("{from:02}:00-{to:02}:00");
            let now = (app.clock_now().micros() / 3_600_000_000 + 8) % 24;
            let now = u32::try_from(now).unwrap();
            let away = if now < 12 { hour(13, 24) } else { hour(0, 11) };
            rules["windows"] = json!({"day": away, "meals": [], "first_minutes": 0});
            let _ = admin.put(path, &rules).await.expect(StatusCode::OK);
            rules["windows"]["first_minutes"] = json!(481);
            let refused = admin.put(path, &rules).await.problem(422, "invalid_body");
            assert_eq!(refused["fields"][0]["path"], "windows.first_minutes");
            let dial = json!({"number": NUMBER});
            agent.post("/api/v1/dial", &dial).await.problem(409, "outside_calling_window");
            // a colleague is no customer: no window holds the call
            let (phone, other) =
                (json!({"name": "8002", "active": true}), app.with_person("bei", &[Post::Agent]));
            let _ = admin.put("/api/v1/extensions", &phone).await.expect(StatusCode::OK);
            let _ = other.post("/api/v1/agent", &json!({"do": "sign_in"})).await.expect(StatusCode::OK);
            let inside = other.post("/api/v1/dial", &json!({"number": "8002"})).await;
            assert_eq!(inside.expect(StatusCode::CREATED).json()["direction"], "internal");
            rules["windows"] = json!({"day": "00:00-24:00", "meals": [], "first_minutes": 0});
            let _ = admin.put(path, &rules).await.expect(StatusCode::OK);
            let _ = agent.post("/api/v1/dial", &dial).await.expect(StatusCode::CREATED);
        },
    );
}

/// CALL-9, TEL-32, X-36: a menu and a queue learn from the number who calls: level, skills,
/// restriction, who has their case, and what is out of order in their building; and whom
/// to ring when nobody is at the desk.
#[test]
fn lines_learn_who_calls_and_who_is_on_duty() {
    with_admin(|app, admin| async move {
        let (agent, lead) = (app.with_person("an", &[Post::Agent]), app.with_person("lan", &[Post::Lead]));
        assert_eq!(call::caller(&app.edge.app, org(&app), NUMBER).await.unwrap(), None);
        let party = customer(&app, &agent, "欧阳某某").await;
        let vip = json!({"level": "vip", "skills": ["sichuanese"], "version": 0,
            "restricted": {"reason": "多次恶意退货", "until": later(&app, 86_400)}});
        let _ = lead.put(&format!("/api/v1/parties/{party}/standing"), &vip).await.expect(StatusCode::OK);
        let case = json!({"kind": "complaint", "channel": "phone", "text": "电梯停了", "party": party});
        let _ = agent.post("/api/v1/cases", &case).await.expect(StatusCode::CREATED);
        let known = call::caller(&app.edge.app, org(&app), NUMBER).await.unwrap().expect("a customer");
        assert_eq!((known.level.as_deref(), known.priority, known.blacklisted), (Some("vip"), 3, true));
        assert_eq!((known.skills.as_slice(), known.agent), (["sichuanese".to_owned()].as_slice(), agent.id));
        let wishes = known.wishes();
        assert_eq!((wishes.priority, wishes.agent), (3, agent.id));
        app.clock.advance(86_401);
        let known = call::caller(&app.edge.app, org(&app), NUMBER).await.unwrap().expect("a customer");
        assert!(!known.blacklisted, "a restriction ends by itself");
        // the duty table behind the hours
        let duty = async || call::duty_number(&app.edge.app, org(&app), app.unit).await.unwrap();
        assert_eq!(duty().await, None);
        let new = json!({"login": "ban", "name": "值班", "phone": "13800000009",
            "membership": {"unit": app.unit, "posts": ["agent"]}});
        let made = admin.post("/api/v1/people", &new).await.expect(StatusCode::CREATED).json();
        let on = json!({"person": made["id"], "unit": app.unit, "kind": "on_duty", "from": later(&app, 0),
            "to": later(&app, 3_600)});
        let _ = lead.post("/api/v1/duty", &on).await.expect(StatusCode::CREATED);
        assert_eq!(duty().await.as_deref(), Some("13800000009"));
        app.clock.advance(3_601);
        assert_eq!(duty().await, None, "the hour is over");
    });
}
