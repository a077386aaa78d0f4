//! Every stage × action × post of the property pack, over HTTP.

use crate::story::{Desk, Story, to_negotiation};
use crate::with_admin;
use axum::http::StatusCode;
use huiyin_app::case::Rules;
use huiyin_domain::case::sample::sample_body;
use huiyin_domain::case::{Case, CaseActor, CommandKind, Facts, Named, Stage};
use huiyin_domain::ids::{CaseId, OrgId, PersonId};
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use huiyin_testkit::store::case::read;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Stages that a complaint of the property pack can be in.
const STAGES: [Stage; 10] = [
    Stage::Received,
    Stage::Accepted,
    Stage::Investigating,
    Stage::Negotiating,
    Stage::Deciding,
    Stage::Executing,
    Stage::Verifying,
    Stage::Visiting,
    Stage::Settling,
    Stage::Closed,
];

/// Leads a new complaint to a stage.
async fn to_stage(app: &TestApp, desk: &Desk, stage: Stage) -> Story {
    let mut story = Story::begin(&desk.agent, "楼道灯不亮").await;
    if stage == Stage::Received {
        return story;
    }
    if stage == Stage::Accepted {
        let due = app.clock_now().micros() + 3_600_000_000;
        let due = huiyin_domain::time::Timestamp::from_micros(due).to_string();
        let promise = json!({"kind": "feedback", "text": "一小时内回电", "due": due});
        story.act(&desk.agent, "promise", promise).await;
        story.act(&desk.agent, "accept", json!({})).await;
        return story;
    }
    to_negotiation(app, desk, &mut story, None).await;
    match stage {
        Stage::Investigating => {
            story.act(&desk.handler, "investigate", json!({"reason": "再查一次"})).await;
        }
        Stage::Negotiating => {}
        Stage::Deciding => {
            story.act(&desk.handler, "record_opinion", json!({"text": "建议更换"})).await;
            story.act(&desk.handler, "submit_for_decision", json!({})).await;
        }
        later => to_execution(desk, &mut story, later).await,
    }
    story
}

async fn to_execution(desk: &Desk, story: &mut Story, stage: Stage) {
    story.act(&desk.handler, "answer_option", json!({"option": 1, "answer": "accepted"})).await;
    story.act(&desk.handler, "execute", json!({})).await;
    if stage == Stage::Executing {
        return;
    }
    story.act(&desk.handler, "submit_for_verification", json!({})).await;
    if stage == Stage::Verifying {
        return;
    }
    story.act(&desk.verifier, "verify", json!({"in_order": true})).await;
    if stage == Stage::Settling {
        story.act(&desk.lead, "exempt", json!({"reason": "sensitive", "text": "涉及隐私"})).await;
        story.act(&desk.verifier, "settle", json!({})).await;
        return;
    }
    story.act(&desk.verifier, "send_to_visit", json!({})).await;
    if stage == Stage::Closed {
        story.act(&desk.lead, "visit", json!({"result": "satisfied", "form": "phone"})).await;
        story.act(&desk.lead, "close_satisfied", json!({})).await;
    }
}

/// Makes a twin of a case, so that an action taken on it leaves the first as it was.
fn twin_of(app: &TestApp, story: &Story, count: usize) -> Story {
    let id = app.edge.app.ids.uuid(app.clock_now()).to_string();
    let (from, to, suffix) = (story.id.clone(), id.clone(), format!("-{count}"));
    let made = app.edge.app.store.write_blocking(move |tx| {
        tx.execute(
            "INSERT INTO cases (org, id, number, version, kind, channel, unit, department, stage, phase, closure,
               owner, handler, receiver, offered_owner, offered_handler, category, intake_category, cause,
               received_at, changed_at, closed_at, due_at, title, head, state)
             SELECT org, $1, number || $2, version, kind, channel, unit, department, stage, phase, closure, owner,
               handler, receiver, offered_owner, offered_handler, category, intake_category, cause, received_at,
               changed_at, closed_at, due_at, title, head, REPLACE(state, $3, $1) FROM cases WHERE id = $3",
            &huiyin_testkit::store::values![to, suffix, from],
        )
    });
    assert!(matches!(made, Ok(1)), "{made:?}");
    Story { id, version: story.version }
}

/// Somebody who tries everything.
struct Actor {
    name: String,
    client: Client,
    posts: BTreeSet<Post>,
}

/// What bodies are made from: the case and everybody there is.
struct Scene {
    org: OrgId,
    rules: Rules,
    people: BTreeMap<PersonId, Named>,
}

impl Scene {
    /// Makes bodies that may fit an action on the case as it is now.
    fn bodies(&self, app: &TestApp, id: &str, actor: &Actor, kind: CommandKind) -> Vec<Value> {
        let case: CaseId = id.parse().expect("an id");
        let (org, rules) = (self.org, self.rules.clone());
        let read = app.edge.app.store.read_blocking(move |tx| {
            let loaded = read::case(tx, org, case)?.expect("a case");
            Ok::<(Case, _), huiyin_app::Error>((loaded.case, rules.of(tx, org)?))
        });
        let (case, held) = read.expect("a case with its rules");
        let me = CaseActor { person: actor.client.id, posts: actor.posts.clone() };
        let facts = Facts {
            pack: held.pack(&case.pack).expect("its pack"),
            rebound: None,
            calendar: held.calendar(),
            actor: &me,
            people: &self.people,
            do_not_visit: false,
            now: app.clock_now(),
        };
        let mut bodies: Vec<Value> =
            (0..8).filter_map(|choice| sample_body(kind, &case, &facts, choice)).collect();
        bodies.dedup();
        bodies.push(some_body(kind, actor));
        bodies
    }
}

/// A body of the right shape for whatever is closed.
fn some_body(kind: CommandKind, actor: &Actor) -> Value {
    let to = actor.client.id;
    let far = "2027-01-01T00:00:00Z";
    match kind.as_str() {
        "unmark" | "mark" => json!({"flag": "emergency", "text": "x"}),
        "hand_over" => json!({"to": to, "reason": "x"}),
        "transfer" => json!({"to": to}),
        "accept_hand_over" | "accept_transfer" => json!({}),
        "keep_promise" | "withdraw_promise" => json!({"promise": 1, "note": "x"}),
        "answer_option" => json!({"option": 1, "answer": "declined"}),
        "request_approval" => json!({"of": "plan", "text": "x"}),
        "decide_approval" => json!({"approval": 1, "decision": "granted"}),
        "complete_task" | "cancel_task" => json!({"task": 1, "result": "x"}),
        "file_form" => json!({"form": "handling_record", "fields": {}}),
        "waive_form" => json!({"form": "handling_record", "reason": "x"}),
        "extend" => json!({"clock": 1, "until": far, "reason": "x"}),
        "pause_clock" | "resume_clock" => json!({"clock": 1, "reason": "x"}),
        "confirm_slot" => json!({"person": to, "from": far, "to": far}),
        "classify" => json!({"category": "other"}),
        "correct_kind" => json!({"kind": "other", "reason": "x"}),
        "exempt" => json!({"reason": "sensitive", "text": "x"}),
        "link" => json!({"relation": "same_matter", "other": uuid::Uuid::nil()}),
        _ => json!({"reason": "x"}),
    }
}

/// What became of the pairs of one engine.
#[derive(Default)]
struct Tally {
    open: usize,
    closed: usize,
    invisible: usize,
}

/// Issue 3, Show; D2, SUP-1, X-15, X-39: what `GET …/actions` lists as open is accepted
/// with some body, what it lists as closed is refused with the same reasons.
#[test]
fn every_stage_action_and_post_agree_with_the_list() {
    with_admin(|app, admin| async move {
        let desk = Desk::of(&app);
        let mut actors: Vec<Actor> = Post::ALL
            .iter()
            .map(|post| Actor {
                name: post.name().to_owned(),
                client: app.with_person(&format!("p-{}", post.name().replace('_', "-")), &[*post]),
                posts: BTreeSet::from([*post]),
            })
            .collect();
        for (name, client) in [("owner", &desk.agent), ("handler", &desk.handler)] {
            actors.push(Actor {
                name: name.into(),
                client: client.clone(),
                posts: BTreeSet::from([Post::Agent]),
            });
        }
        let everybody = actors.iter().map(|actor| (&actor.client, &actor.posts));
        let people = everybody
            .filter_map(|(client, posts)| Some((client.id?, Named { active: true, posts: posts.clone() })))
            .collect();
        drop(admin);
        let scene = Scene { org: app.org, rules: app.edge.app.rules.clone(), people };
        let mut tally = Tally::default();
        for stage in STAGES {
            let still = to_stage(&app, &desk, stage).await;
            for actor in &actors {
                try_all(&app, &desk, &scene, (stage, &still, actor), &mut tally).await;
            }
        }
        let Tally { open, closed, invisible } = tally;
        println!("{} pairs: {open} open, {closed} closed, {invisible} invisible", open + closed + invisible);
        assert_eq!((open + closed + invisible) % (STAGES.len() * actors.len()), 0, "a pair was skipped");
        assert!(open > 500 && closed > open, "{open} open, {closed} closed");
    });
}

/// Tries every action on a case at one stage as one actor.
async fn try_all(
    app: &TestApp,
    desk: &Desk,
    scene: &Scene,
    (stage, still, actor): (Stage, &Story, &Actor),
    tally: &mut Tally,
) {
    let base = format!("/api/v1/cases/{}", still.id);
    let listed = actor.client.get(&format!("{base}/actions")).await;
    if listed.status == StatusCode::NOT_FOUND {
        let all = desk.lead.get(&format!("{base}/actions")).await.expect(StatusCode::OK).json();
        for line in all["items"].as_array().into_iter().flatten() {
            let kind = CommandKind::parse(line["action"].as_str().unwrap_or_default()).expect("an action");
            let mut body = scene.bodies(app, &still.id, actor, kind).remove(0);
            body["version"] = json!(still.version);
            let path = format!("{base}/actions/{}", kind.as_str());
            actor.client.post(&path, &body).await.problem(404, "not_found");
            tally.invisible += 1;
        }
        return;
    }
    let listed = listed.expect(StatusCode::OK).json();
    for line in listed["items"].as_array().into_iter().flatten() {
        let kind = CommandKind::parse(line["action"].as_str().unwrap_or_default()).expect("an action");
        let at = format!("{} × {} × {}", stage.as_str(), kind.as_str(), actor.name);
        if line["open"] == json!(true) {
            let story = twin_of(app, still, tally.open);
            accepted(app, scene, actor, &story, kind, &at).await;
            tally.open += 1;
        } else {
            refused(app, scene, actor, (still, desk), kind, (&at, line)).await;
            tally.closed += 1;
        }
    }
    let after = desk.lead.get(&base).await.expect(StatusCode::OK).json();
    assert_eq!(after["version"], json!(still.version), "a refusal changed something");
}

#[expect(clippy::too_many_arguments, reason = "who does what to which case, where")]
async fn accepted(app: &TestApp, scene: &Scene, actor: &Actor, story: &Story, kind: CommandKind, at: &str) {
    let path = format!("/api/v1/cases/{}/actions/{}", story.id, kind.as_str());
    let mut answers = Vec::new();
    for mut body in scene.bodies(app, &story.id, actor, kind) {
        if kind == CommandKind::Link {
            body["other"] = sibling(&actor.client).await;
        }
        if kind == CommandKind::CorrectUnit || kind == CommandKind::CorrectParty {
            body = specific(app, &actor.client, kind).await;
        }
        body["version"] = json!(story.version);
        let answer = actor.client.post(&path, &body).await;
        if answer.status == StatusCode::OK {
            return;
        }
        answers.push(format!("{body} -> {}", String::from_utf8_lossy(&answer.body)));
    }
    panic!("{at} is listed as open, but nothing is accepted: {}", answers.join("\n"));
}

/// Another case that the actor can see.
async fn sibling(by: &Client) -> Value {
    let list = by.get("/api/v1/cases?limit=200").await.expect(StatusCode::OK).json();
    list["items"][list["items"].as_array().map_or(0, Vec::len) - 1]["id"].clone()
}

/// Bodies that name rows of the database.
async fn specific(app: &TestApp, by: &Client, kind: CommandKind) -> Value {
    if kind == CommandKind::CorrectUnit {
        return json!({"unit": other_unit(app).await, "reason": "登记错小区"});
    }
    let new = json!({"kind": "complaint", "channel": "phone", "text": "x",
        "reporter": {"name": "另一位", "phone": "19900009999"}});
    let made = by.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED).json();
    let path = format!("/api/v1/cases/{}", made["id"].as_str().unwrap_or_default());
    let case = by.get(&path).await.expect(StatusCode::OK).json();
    json!({"to": case["parties"][0]["party"], "role": "complainant", "reason": "认错人"})
}

async fn other_unit(app: &TestApp) -> Value {
    let admin = app.anonymous().sign_in("admin", huiyin_testkit::app::PASSWORD).await;
    let new = json!({"code": "side", "name": "侧苑", "level": "estate", "parent": app.unit});
    let made = admin.post("/api/v1/units", &new).await;
    if made.status == StatusCode::CREATED {
        return made.json()["id"].clone();
    }
    let all = admin.get("/api/v1/units").await.expect(StatusCode::OK).json();
    let side = all["items"].as_array().into_iter().flatten().find(|unit| unit["code"] == "side");
    side.map_or(Value::Null, |unit| unit["id"].clone())
}

#[expect(clippy::too_many_arguments, reason = "who does what to which case, where")]
async fn refused(
    app: &TestApp,
    scene: &Scene,
    actor: &Actor,
    (story, desk): (&Story, &Desk),
    kind: CommandKind,
    (at, line): (&str, &Value),
) {
    let path = format!("/api/v1/cases/{}/actions/{}", story.id, kind.as_str());
    let mut body = match kind {
        CommandKind::CorrectUnit | CommandKind::CorrectParty => specific(app, &desk.lead, kind).await,
        _ => scene.bodies(app, &story.id, actor, kind).remove(0),
    };
    if kind == CommandKind::Link {
        body["other"] = sibling(&actor.client).await;
    }
    body["version"] = json!(story.version);
    let answer = actor.client.post(&path, &body).await;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(matches!(answer.status.as_u16(), 403 | 409), "{at}: {body} -> {text}");
    let problem = answer.json();
    let codes = |list: &Value| -> BTreeSet<String> {
        list.as_array()
            .into_iter()
            .flatten()
            .filter_map(|reason| reason["code"].as_str().map(str::to_owned))
            .collect()
    };
    if problem["code"] != "forbidden" {
        assert_eq!(codes(&problem["params"]["reasons"]), codes(&line["reasons"]), "{at}: {text}");
    }
}
