//! The hard story of the design (packs.md §4), told over HTTP with its figures
//! counted by hand.
//!
//! Size: one story with the people who tell it.
//!
//! Days are working days of March 2027: day 1 is Monday the 1st, day 15 Friday
//! the 19th, day 22 Tuesday the 30th. The sources' story lies in March 2026; the
//! month is moved by a year because people and units of a test begin in 2026.

use crate::approvals::limited;
use crate::incident::{broken, incident};
use crate::incident_work::{act, list, refused};
use crate::story::Story;
use crate::with_admin;
use axum::http::StatusCode;
use huiyin_app::case::tick;
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use serde_json::{Value, json};

/// Everybody of the story.
struct House {
    mei: Client,
    /// The handler.
    niu: Client,
    /// Verifies, is not the handler.
    ping: Client,
    /// The lead, who visits.
    lan: Client,
    hua: Client,
    statistics: Client,
}

/// Lets the day and hour come; every clock on the way fires.
async fn day(app: &TestApp, when: &str) {
    let to = Timestamp::parse(&format!("2027-{when}:00+08:00")).expect("a time");
    assert!(to >= app.clock_now(), "the story goes forward: {when}");
    app.clock.set(to);
    let inside = app.edge.app.clone();
    let ticked = app.edge.app.store.write(move |tx| tick(tx, &inside, &inside.rules, to, 500)).await;
    assert_eq!(ticked.expect("clocks").put_off, 0);
}

async fn read(by: &Client, path: &str) -> Value {
    by.get(&format!("/api/v1{path}")).await.expect(StatusCode::OK).json()
}

/// Records a complaint; gives it as a story to be gone on with.
async fn complains(by: &Client, channel: &str, text: &str, who: Value) -> Story {
    let mut new = json!({"kind": "complaint", "channel": channel, "text": text, "category": "developer"});
    for (name, value) in who.as_object().cloned().unwrap_or_default() {
        new[name] = value;
    }
    let made = by.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED).json();
    Story {
        id: made["id"].as_str().unwrap_or_default().to_owned(),
        version: made["version"].as_u64().unwrap_or_default(),
    }
}

/// Takes the newest version: others, and clocks, were at the case.
async fn fresh(story: &mut Story, by: &Client) -> Value {
    let case = story.read(by).await;
    story.version = case["version"].as_u64().unwrap_or_default();
    case
}

/// Answers on the call: progress, with the date of the next word.
async fn answered(story: &mut Story, by: &Client, next: &str) {
    let reply = json!({"kind": "progress", "carrier": "spoken", "text": "已登记，正在排查",
        "next": format!("2027-{next}:00+08:00")});
    story.act(by, "reply", reply).await;
}

/// From received to investigating, the work taken by the handler.
async fn to_investigation(story: &mut Story, house: &House, feedback: &str) {
    let promise = json!({"kind": "feedback", "text": "届时回电", "due": format!("2027-{feedback}:00+08:00")});
    story.act(&house.mei, "promise", promise).await;
    story.act(&house.mei, "accept", json!({})).await;
    story.act(&house.lan, "transfer", json!({"to": house.niu.id})).await;
    story.act(&house.niu, "accept_transfer", json!({})).await;
    story.act(&house.lan, "investigate", json!({})).await;
}

/// From investigating to negotiating: our fault, the downpipe, one option.
async fn to_negotiation(story: &mut Story, house: &House, amount: Option<&str>) -> u64 {
    let text = json!({"text": "落水管失修，非建造质量"});
    story.act(&house.niu, "record_finding", text).await;
    let basis = json!({"kind": "contract", "responsibility": "ours", "text": "服务合同第六条"});
    story.act(&house.niu, "state_basis", basis).await;
    let cause = json!({"final_category": "equipment", "cause": "machine.quality"});
    story.act(&house.niu, "classify", cause).await;
    let option = offered(story, house, amount).await;
    story.act(&house.niu, "negotiate", json!({})).await;
    option
}

/// Offers an option; gives its number.
async fn offered(story: &mut Story, house: &House, amount: Option<&str>) -> u64 {
    let mut option = json!({"text": "更换落水管"});
    if let Some(amount) = amount {
        option["amount"] = json!({"amount": amount, "currency": "CNY"});
    }
    story.act(&house.niu, "offer_option", option).await;
    let case = story.read(&house.niu).await;
    let options = case["round"]["options"].as_array().cloned().unwrap_or_default();
    options.last().and_then(|last| last["id"].as_u64()).unwrap_or_default()
}

/// The customer agrees to money beyond the lead: the head grants it.
async fn granted(story: &mut Story, house: &House, option: u64, approval: usize) {
    story.act(&house.niu, "answer_option", json!({"option": option, "answer": "provisional"})).await;
    if approval > 0 {
        // what was granted before was another content
        story.refused(&house.niu, "execute", json!({}), (409, "approval_stale")).await;
    }
    let case = fresh(story, &house.niu).await;
    let asked = &case["round"]["approvals"][approval];
    assert_eq!(asked["decider"], "head", "above the lead's 5,000: {asked}");
    let decision = json!({"approval": approval + 1, "decision": "granted"});
    let codes = story.refused(&house.lan, "decide_approval", decision.clone(), (409, "action_closed")).await;
    assert_eq!(codes, ["no_approval_of_yours"], "the lead's limit is 5,000");
    story.act(&house.hua, "decide_approval", decision).await;
    story.act(&house.niu, "answer_option", json!({"option": option, "answer": "accepted"})).await;
}

/// Executed, and checked by somebody else; what only waited needs no record.
async fn verified(story: &mut Story, house: &House) {
    if fresh(story, &house.niu).await["forms"]["handling_record"].is_null() {
        let waived = json!({"form": "handling_record", "reason": "不难，只是等待施工"});
        story.act(&house.lan, "waive_form", waived).await;
    }
    story.act(&house.niu, "submit_for_verification", json!({})).await;
    story.act(&house.ping, "verify", json!({"in_order": true})).await;
}

/// The return visit of the lead, with what came of it.
async fn visited(story: &mut Story, house: &House, result: &str) {
    story.act(&house.ping, "send_to_visit", json!({})).await;
    story.act(&house.lan, "visit", json!({"result": result, "form": "phone"})).await;
}

/// Figures of a month, by name.
async fn figures(by: &Client, month: &str, names: &[&str]) -> Vec<i64> {
    let mut found = Vec::new();
    for name in names {
        let figure = read(by, &format!("/metrics/{name}?period={month}")).await;
        found.push(figure["total"]["part"].as_i64().unwrap_or(-1));
    }
    found
}

fn cases(of: &[&Story]) -> Vec<Value> {
    of.iter().map(|story| json!({"case": story.id})).collect()
}

async fn operate(by: &Client, id: &str, kind: &str, story: &Story) {
    let body = json!({"kind": kind, "members": cases(&[story]), "reason": "同一处漏水"});
    drop(by.post(&format!("/api/v1/incidents/{id}/operations"), &body).await.expect(StatusCode::OK));
}

async fn undo(by: &Client, id: &str, operation: u32) {
    let path = format!("/api/v1/incidents/{id}/operations/{operation}/undo");
    drop(by.post(&path, &json!({"reason": "不是同一处"})).await.expect(StatusCode::OK));
}

/// How many reply limits of the cases were met in time, and how many there were
/// that nobody called off.
async fn replies(by: &Client, stories: &[&Story]) -> (usize, usize) {
    let (mut met, mut all) = (0, 0);
    for story in stories {
        let case = story.read(by).await;
        for clock in case["clocks"].as_array().into_iter().flatten() {
            if clock["kind"] == "reply" && clock["cancelled_at"].is_null() {
                all += 1;
                met += usize::from(clock["met_at"].is_string() && clock["breached_at"].is_null());
            }
        }
    }
    (met, all)
}

/// packs.md §4; PROP-27, 32, 55, 57, 59, 60, 64, 79, 81…85, 87…93, 95,
/// a leak in building 5, told over the whole of March.
#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in one go")]
fn a_leak_in_building_five_is_one_item_with_five_times_and_four_people() {
    with_admin(|app, admin| async move {
        limited(&app, &admin).await;
        let house = House {
            mei: app.with_person("mei", &[Post::Agent]),
            niu: app.with_person("niu", &[Post::Agent]),
            ping: app.with_person("ping", &[Post::Verifier]),
            lan: app.with_person("lan", &[Post::Lead]),
            hua: app.with_person("hua", &[Post::Head]),
            statistics: app.with_person("tong", &[Post::Statistics]),
        };
        let mei = &house.mei;

        // day 1: A telephones and demands 12,000: provisionally major
        day(&app, "03-01T10:00").await;
        let who = json!({"reporter": {"name": "何先生", "phone": "19900000001"}});
        let mut a = complains(mei, "phone", "五号楼漏水，家具泡坏", who).await;
        let demand = json!({"amount": {"amount": "12000.00", "currency": "CNY"}});
        a.act(mei, "state_demand", demand).await;
        let case = fresh(&mut a, mei).await;
        assert_eq!(case["major"]["standing"], "provisional");
        assert!(case["volume"].is_string(), "PROP-70: its separate volume opens");
        to_investigation(&mut a, &house, "03-01T16:00").await;
        day(&app, "03-01T15:40").await;
        answered(&mut a, mei, "03-08T17:00").await;
        let case = fresh(&mut a, mei).await;
        assert!(case["promises"][0]["kept_at"].is_string(), "kept at 15:40, twenty minutes early");
        day(&app, "03-02T09:00").await;
        let first =
            json!({"kind": "first", "sections": {"content": "五号楼漏水，索赔一万二", "handling": "在查"}});
        fresh(&mut a, mei).await;
        a.act(mei, "file_report", first).await;

        // day 3: B writes; day 4: answered. The leak is an incident from here on
        day(&app, "03-03T10:00").await;
        let who = json!({"reporter": {"name": "郑女士", "phone": "19900000002"}});
        let mut b = complains(mei, "letter", "五号楼墙面渗水", who).await;
        to_investigation(&mut b, &house, "03-04T17:00").await;
        day(&app, "03-04T11:00").await;
        fresh(&mut b, mei).await;
        answered(&mut b, mei, "03-10T17:00").await;
        let id = incident(mei, &[]).await;

        // day 6: C, anonymous by telephone; the known incident is shown; joined
        day(&app, "03-08T10:00").await;
        let known = read(mei, "/incidents/known?building=5&text=%E6%BC%8F%E6%B0%B4").await;
        assert_eq!(list(&known, "id"), [&id]);
        let who = json!({"anonymous": true, "reporter": {"phone": "19900000003"}});
        let mut c = complains(mei, "phone", "五号楼天花板滴水", who).await;
        answered(&mut c, mei, "03-12T17:00").await;
        for story in [&a, &b] {
            operate(mei, &id, "join", story).await;
            assert_eq!(read(mei, &format!("/incidents/{id}")).await["hot_at"], Value::Null);
        }
        operate(mei, &id, "join", &c).await;
        let hot = read(mei, &format!("/incidents/{id}")).await;
        assert!(hot["hot_at"].is_string(), "three different complainants inside a month");
        assert_eq!(hot["hots"][0]["ground"]["complainants"], 3);
        assert_eq!(
            hot["due_at"], "2027-03-15T16:00:00Z",
            "the report is due in a week, the countdown is on I"
        );
        let case = fresh(&mut c, mei).await;
        assert!(case["clocks"].as_array().into_iter().flatten().all(|clock| clock["kind"] != "report"));

        // day 7: D, who wants no visits
        day(&app, "03-09T10:00").await;
        let who = json!({"reporter": {"name": "吴先生", "phone": "19900000004"}});
        let mut d = complains(mei, "phone", "五号楼漏水到我家", who).await;
        answered(&mut d, mei, "03-12T17:00").await;
        d.act(mei, "mark", json!({"flag": "do_not_visit", "text": "不希望上门"})).await;
        operate(mei, &id, "join", &d).await;
        let sums = read(mei, &format!("/incidents/{id}/figures")).await;
        let number = |sums: &Value, name: &str| sums[name].as_i64().unwrap_or(-1);
        let now = ["items", "cases", "times", "people"].map(|name| number(&sums, name));
        assert_eq!(now, [1, 4, 4, 4], "one item, four times, four persons (PROP-90): {sums}");
        to_investigation(&mut c, &house, "03-12T17:00").await;
        to_investigation(&mut d, &house, "03-12T17:00").await;

        // day 8: a downpipe not maintained, our fault: A's major is confirmed
        day(&app, "03-10T09:00").await;
        fresh(&mut a, mei).await;
        let option = to_negotiation(&mut a, &house, Some("6000.00")).await;
        a.act(&house.lan, "judge_major", json!({"standing": "confirmed", "reason": "落水管失修，我方全责"}))
            .await;
        act(&house.lan, &id, "add_measure", json!({"text": "更换五号楼落水管"})).await;
        granted(&mut a, &house, option, 0).await;
        let option = offered(&mut a, &house, Some("6500.00")).await;
        granted(&mut a, &house, option, 1).await;
        a.act(&house.niu, "execute", json!({})).await;
        for story in [&mut b, &mut c, &mut d] {
            fresh(story, mei).await;
            let option = to_negotiation(story, &house, None).await;
            story.act(&house.niu, "answer_option", json!({"option": option, "answer": "accepted"})).await;
            story.act(&house.niu, "execute", json!({})).await;
        }
        let one = json!({"reply": {"kind": "measures", "carrier": "spoken", "text": "十九日前更换落水管"}});
        let told = act(&house.lan, &id, "reply_members", one).await;
        assert_eq!((told["done"].as_array().map(Vec::len), &told["refused"]), (Some(4), &json!([])));
        day(&app, "03-11T09:00").await;
        let draft = read(mei, &format!("/incidents/{id}/special_reports/first")).await;
        let mut said = serde_json::Map::new();
        for section in draft["sections"].as_array().into_iter().flatten() {
            let text = section["text"].as_str().filter(|text| !text.is_empty()).unwrap_or("无");
            said.insert(section["name"].as_str().unwrap_or_default().to_owned(), json!(text));
        }
        assert!(said["content"].as_str().is_some_and(|text| text.contains("天花板滴水")), "{draft}");
        act(mei, &id, "file_report", json!({"kind": "first", "sections": said})).await;
        for story in [&a, &b, &c, &d] {
            let decided = json!({"counted": true, "version": story.read(mei).await["version"]});
            let path = format!("/api/v1/cases/{}/actions/decide_inclusion", story.id);
            drop(house.statistics.post(&path, &decided).await.expect(StatusCode::OK));
        }

        // day 15: executed and checked by somebody else
        day(&app, "03-19T10:00").await;
        act(&house.lan, &id, "end_measure", json!({"measure": 1, "result": "已更换"})).await;
        for story in [&mut a, &mut b, &mut c, &mut d] {
            verified(story, &house).await;
        }
        // A is satisfied, but major: no end without a corrective action
        visited(&mut a, &house, "satisfied").await;
        let shut = a.refused(&house.lan, "close_satisfied", json!({}), (409, "action_closed")).await;
        assert_eq!(shut, ["corrective_missing"]);
        let agreed = json!({"text": "每年汛前检查落水管", "person": house.niu.id,
            "due": "2027-04-15T18:00:00+08:00", "check_at": "2027-04-30T18:00:00+08:00"});
        a.act(&house.lan, "agree_corrective", agreed).await;
        let done = act(&house.lan, &id, "close_members", json!({})).await;
        assert_eq!(done["done"], json!([a.id]), "each keeps a visit or exemption of its own: {done}");
        let case = fresh(&mut a, mei).await;
        assert!(
            case["tasks"]
                .as_array()
                .into_iter()
                .flatten()
                .any(|task| task["kind"] == "effect_check" && task["ended_at"].is_null())
        );
        // B is not: a second round
        visited(&mut b, &house, "dissatisfied").await;
        assert_eq!(b.act(&house.lan, "investigate", json!({})).await, "investigating");
        // C is anonymous, D too sensitive to visit: do-not-visit is no reason
        let wrong = json!({"reason": "refused_at_visit", "text": "不希望上门", "version": d.version});
        let path = format!("/api/v1/cases/{}/actions/exempt", d.id);
        let problem = house.lan.post(&path, &wrong).await.problem(422, "invalid_body");
        assert_eq!(problem["fields"][0]["code"], "exemption_not_given");
        c.act(&house.lan, "exempt", json!({"reason": "anonymous", "text": "匿名"})).await;
        d.act(&house.lan, "exempt", json!({"reason": "sensitive", "text": "家中有病人"})).await;
        for story in [&mut c, &mut d] {
            assert_eq!(story.act(&house.ping, "settle", json!({})).await, "settling");
        }

        // the sixth day of the week: C's number calls again
        day(&app, "03-25T10:00").await;
        let who = json!({"anonymous": true, "reporter": {"phone": "19900000003"}});
        let mut again = complains(mei, "phone", "天花板又滴水了", who).await;
        fresh(&mut c, mei).await;
        c.act(mei, "contact", json!({"text": "又滴水了", "direction": "inbound", "channel": "phone"})).await;
        c.act(mei, "link", json!({"relation": "repeated_by", "other": again.id})).await;
        assert_eq!(c.act(mei, "reopen", json!({"reason": "重复投诉"})).await, "investigating");
        answered(&mut c, mei, "03-31T17:00").await;
        again.act(mei, "link", json!({"relation": "duplicate_of", "other": c.id})).await;
        again.act(&house.lan, "close_duplicate", json!({"reason": "并入原件"})).await;

        // D's week is over without a repeat; B is satisfied on day 22
        day(&app, "03-27T09:00").await;
        let case = fresh(&mut d, mei).await;
        assert_eq!((&case["stage"], &case["closure"]), (&json!("closed"), &json!("exempt_elapsed")));
        day(&app, "03-30T10:00").await;
        fresh(&mut b, mei).await;
        let option = to_negotiation(&mut b, &house, None).await;
        b.act(&house.niu, "answer_option", json!({"option": option, "answer": "accepted"})).await;
        b.act(&house.niu, "execute", json!({})).await;
        verified(&mut b, &house).await;
        visited(&mut b, &house, "satisfied").await;
        assert_eq!(b.act(&house.lan, "close_satisfied", json!({})).await, "closed");
        assert_eq!(
            refused(&house.lan, &id, "close", json!({"reason": "办完"})).await,
            ["members_open"],
            "C is open"
        );

        // The month, counted by hand:
        //   items        1   A, B, C and D are one leak (PROP-90); C's second call is no item
        //   times        5   A, B, C, D and C again; our own calls and visits are none
        //   complainants 4   A, B, C (by number) and D
        //   major        1   A's, and with it the item's
        //   closed       0   the item is open as long as one of its cases is (C)
        //   in stages    3 of 4 cases closed, 1 of these 3 by exemption (D); C is open
        //   undecided    0   the designated person looked at all four
        let names = ["counted", "times", "complainants", "major", "closed", "inclusion_undecided"];
        let counted = figures(&house.hua, "2027-03", &names).await;
        assert_eq!(counted, [1, 5, 4, 1, 0, 0]);
        let split = read(&house.hua, "/metrics/counted?period=2027-03&by=category").await;
        assert_eq!(split["items"].as_array().map(Vec::len), Some(1), "{split}");
        assert_eq!(
            split["items"][0]["group"], "equipment",
            "the final category, not the developer's (PROP-92)"
        );
        assert_eq!(replies(mei, &[&a, &b, &c, &d]).await, (5, 5), "replies within limits: 5 of 5");
        let sums = read(mei, &format!("/incidents/{id}/figures")).await;
        let now = ["items", "cases", "closed", "times", "people"].map(|name| number(&sums, name));
        assert_eq!(now, [1, 4, 3, 5, 4], "{sums}");
        assert_eq!(list(&read(mei, "/incidents?hot=true").await, "id"), [&id]);

        // April: the report of March is frozen; D's join is undone
        day(&app, "04-01T10:00").await;
        let new = json!({"kind": "monthly_analysis", "period": "2027-03", "cut": 1});
        let made = house.hua.post("/api/v1/reports", &new).await.expect(StatusCode::CREATED).json();
        let path = format!("/api/v1/reports/{}", made["id"].as_str().unwrap_or_default());
        drop(
            house
                .hua
                .post(&format!("{path}/freeze"), &json!({"version": made["version"]}))
                .await
                .expect(StatusCode::OK),
        );
        undo(mei, &id, 4).await;
        let two = [
            figures(&house.hua, "2027-03", &["counted"]).await,
            figures(&house.hua, "2027-04", &["counted"]).await,
        ];
        assert_eq!(two, [[1], [1]], "April gets the item more, March stays; two over both months");
        let checked =
            read(&house.hua, &format!("/reports/{}/check", made["id"].as_str().unwrap_or_default())).await;
        assert_eq!(checked["clean"], true, "the snapshot adds up as before: {checked}");
        let hot = read(mei, &format!("/incidents/{id}")).await;
        assert!(hot["hot_at"].is_string(), "three others carry it");
        undo(mei, &id, 2).await;
        let hot = read(mei, &format!("/incidents/{id}")).await;
        assert_eq!(hot["hot_at"], Value::Null, "without B two are left");
        let timeline = read(mei, &format!("/incidents/{id}/timeline?limit=200")).await;
        assert!(list(&timeline, "event").contains(&"hot_withdrawn"));
        assert_eq!(broken(&app).await, []);
    });
}
