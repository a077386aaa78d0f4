//! What the pairs are tried with: a case at each stage, people, bodies.

use crate::story::{Desk, Story, to_negotiation};
use axum::http::StatusCode;
use huiyin_app::case::Held;
use huiyin_domain::approval::House;
use huiyin_domain::case::sample::sample_body;
use huiyin_domain::case::{Case, CaseActor, CommandKind, Facts, Named, Stage};
use huiyin_domain::ids::{CaseId, PersonId};
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::{Client, PASSWORD};
use huiyin_testkit::store::case::read;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Leads a new complaint to a stage.
pub(super) async fn to_stage(app: &TestApp, desk: &Desk, stage: Stage) -> Story {
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
pub(super) fn twin_of(app: &TestApp, story: &Story, count: usize) -> Story {
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
pub(super) struct Actor {
    pub name: String,
    pub client: Client,
    posts: BTreeSet<Post>,
}

/// Gives one person for each post, and the owner and the handler of the case.
pub(super) fn actors(app: &TestApp, desk: &Desk) -> Vec<Actor> {
    let by_post = Post::ALL.iter().map(|post| Actor {
        name: post.name().to_owned(),
        client: app.with_person(&format!("p-{}", post.name().replace('_', "-")), &[*post]),
        posts: BTreeSet::from([*post]),
    });
    let of_case = [("owner", &desk.agent), ("handler", &desk.handler)].map(|(name, client)| Actor {
        name: name.into(),
        client: client.clone(),
        posts: BTreeSet::from([Post::Agent]),
    });
    by_post.chain(of_case).collect()
}

/// What bodies are made from: the case as it is now, everybody there is, and
/// rows of the database that a body can name.
pub(super) struct Scene {
    case: Case,
    held: Arc<Held>,
    people: BTreeMap<PersonId, Named>,
    unit: Value,
    party: Value,
}

impl Scene {
    /// Reads the case, and makes the rows that bodies name.
    pub async fn of(app: &TestApp, desk: &Desk, story: &Story, actors: &[Actor]) -> Self {
        let id: CaseId = story.id.parse().expect("an id");
        let (org, rules) = (app.org, app.edge.app.rules.clone());
        let read = app.edge.app.store.read_blocking(move |tx| {
            let loaded = read::case(tx, org, id)?.expect("a case");
            Ok::<_, huiyin_app::Error>((loaded.case, rules.of(tx, org)?))
        });
        let (case, held) = read.expect("a case with its rules");
        let named = |actor: &Actor| {
            Some((actor.client.id?, Named { active: true, posts: actor.posts.clone(), sees: true }))
        };
        let people = actors.iter().filter_map(named).collect();
        Self { case, held, people, unit: other_unit(app).await, party: other_party(&desk.agent).await }
    }

    /// Counts the actions that the list has for this case.
    pub fn actions(&self) -> usize {
        let pack = self.held.pack(&self.case.pack).expect("its pack");
        // a file is attached by its upload, an agreement confirmed by its link
        let elsewhere = CommandKind::FACTS.iter().filter(|kind| kind.is_apart()).count();
        CommandKind::FACTS.len() - elsewhere + pack.targets(self.case.kind).len()
    }

    /// Makes bodies that may fit an action, one after the other.
    pub fn bodies<'a>(
        &'a self,
        app: &TestApp,
        actor: &'a Actor,
        kind: CommandKind,
    ) -> Box<dyn Iterator<Item = Value> + 'a> {
        match kind {
            CommandKind::CorrectUnit => {
                return Box::new([json!({"unit": self.unit, "reason": "登记错小区"})].into_iter());
            }
            CommandKind::CorrectParty => {
                let body = json!({"to": self.party, "role": "complainant", "reason": "认错人"});
                return Box::new([body].into_iter());
            }
            _ => {}
        }
        let now = app.clock_now();
        let fitting = (0..8).filter_map(move |choice| {
            let mut house = House::default();
            for (person, named) in &self.people {
                for post in &named.posts {
                    house.holders.entry(*post).or_default().insert(*person);
                }
            }
            let me = CaseActor { person: actor.client.id, posts: actor.posts.clone(), customer: false };
            let facts = Facts {
                pack: self.held.pack(&self.case.pack).expect("its pack"),
                rebound: None,
                calendar: self.held.calendar(),
                actor: &me,
                people: &self.people,
                do_not_visit: false,
                house: &house,
                now,
            };
            sample_body(kind, &self.case, &facts, choice)
        });
        Box::new(fitting.chain([some_body(kind, actor)]).map(|mut body| {
            if body["department"].is_string() {
                body["department"] = self.unit.clone();
            }
            body
        }))
    }
}

/// Makes a unit to which a case could be put right.
async fn other_unit(app: &TestApp) -> Value {
    let admin = app.anonymous().sign_in("admin", PASSWORD).await;
    let new = json!({"code": "side", "name": "侧苑", "level": "estate", "parent": app.unit});
    admin.post("/api/v1/units", &new).await.expect(StatusCode::CREATED).json()["id"].clone()
}

/// Makes a customer to whom a case could be put right.
async fn other_party(by: &Client) -> Value {
    let new = json!({"kind": "complaint", "channel": "phone", "text": "x",
        "reporter": {"name": "另一位", "phone": "19900009999"}});
    let made = by.post("/api/v1/cases", &new).await.expect(StatusCode::CREATED).json();
    let path = format!("/api/v1/cases/{}", made["id"].as_str().unwrap_or_default());
    let case = by.get(&path).await.expect(StatusCode::OK).json();
    case["parties"][0]["party"].clone()
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
        "decide_validity" => json!({"validity": "established", "reason": "x"}),
        "grade_liability" => json!({"grade": "ours", "reason": "x"}),
        "name_responsible" => json!({"person": to, "reason": "x"}),
        "summarise" => json!({"text": "x"}),
        "hand_over_form" => json!({"form": "handling_record", "to": to}),
        "take_form" => json!({"form": "handling_record"}),
        "note_emotion" => json!({"emotion": "x"}),
        "plan_home_visit" => json!({"plan": "x", "at": far, "person": to}),
        "draw_up_agreement" => json!({"items": [{"what": "补发滤芯"}]}),
        "sign_agreement" => json!({"agreement": 1, "attachment": "01890000-0000-7000-8000-000000000601"}),
        "accept_task" => json!({"task": 1}),
        "return_task" => json!({"task": 1, "reason": "不属本部门"}),
        "pass_task" => json!({"task": 1, "department": "01890000-0000-7000-8000-000000000502"}),
        "agree_corrective" => json!({"text": "每季检查", "person": "01890000-0000-7000-8000-000000000503",
            "due": "2030-01-01T00:00:00Z", "check_at": "2030-02-01T00:00:00Z"}),
        "withdraw_approval" => json!({"approval": 1, "reason": "改写后再报"}),
        "decide_approval" => json!({"approval": 1, "decision": "granted"}),
        "report_task" => json!({"task": 1, "what": "difficulty", "text": "缺配件", "expected": far}),
        "complete_task" | "cancel_task" => json!({"task": 1, "result": "x"}),
        "file_form" => json!({"form": "handling_record", "fields": {}}),
        "waive_form" => json!({"form": "handling_record", "reason": "x"}),
        "extend" => json!({"clock": 1, "until": far, "reason": "x"}),
        "pause_clock" | "resume_clock" => json!({"clock": 1, "reason": "x"}),
        "confirm_slot" => json!({"person": to, "from": far, "to": far}),
        "classify" => json!({"category": "other"}),
        "correct_kind" => json!({"kind": "other", "reason": "x"}),
        "exempt" => json!({"reason": "sensitive", "text": "x"}),
        "propose_remedy" => json!({"remedy": "apology", "what": "x"}),
        "give_remedy" => json!({"remedy": 1}),
        "drop_remedy" => json!({"remedy": 1, "reason": "x"}),
        "change_setting" => json!({"place": "x", "reason": "x"}),
        "raise_level" => json!({"post": "head", "way": "visit", "reason": "x"}),
        "send_confirmation" => json!({"agreement": 1, "link": uuid::Uuid::nil(), "until": far}),
        "confirm_agreement" => json!({"agreement": 1, "link": uuid::Uuid::nil(), "digest": "x", "name": "x"}),
        "open_thread" => json!({"subject": "x", "with": "dealer"}),
        "write_message" => json!({"thread": 1, "text": "x", "direction": "inbound", "channel": "phone"}),
        "answer_reminder" => json!({"clock": 1, "text": "x"}),
        "judge_major" => json!({"standing": "confirmed", "reason": "x"}),
        "file_report" => json!({"kind": "first", "sections": {"content": "x", "handling": "x"}}),
        "decide_inclusion" => json!({"counted": true}),
        "link" => json!({"relation": "same_matter", "other": uuid::Uuid::nil()}),
        _ => json!({"reason": "x"}),
    }
}
