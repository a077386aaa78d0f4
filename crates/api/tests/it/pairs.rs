//! Every stage × action × post of the property pack, over HTTP.
//!
//! One test for each stage, so that they run beside each other; together they
//! visit every pair, and `every_stage_is_visited` says how many that are.

mod scene;

use crate::story::{Desk, Story};
use crate::with_admin;
use axum::http::StatusCode;
use huiyin_domain::case::{CommandKind, Kind, Stage};
use huiyin_domain::pack;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use scene::{Actor, Scene, actors, to_stage, twin_of};
use serde_json::{Value, json};
use std::collections::BTreeSet;

macro_rules! stages {
    ($($test:ident: $stage:ident),+ $(,)?) => {
        /// Stages that have a test below.
        const STAGES: &[Stage] = &[$(Stage::$stage),+];

        $(
            /// Issue 3, Show; D2, SUP-1, X-15, X-39: what `GET …/actions` lists as open is
            /// accepted with some body, what it lists as closed is refused with the same reasons.
            #[test]
            fn $test() {
                try_stage(Stage::$stage);
            }
        )+
    };
}

stages! {
    received_agrees_with_the_list: Received,
    accepted_agrees_with_the_list: Accepted,
    investigating_agrees_with_the_list: Investigating,
    negotiating_agrees_with_the_list: Negotiating,
    deciding_agrees_with_the_list: Deciding,
    executing_agrees_with_the_list: Executing,
    verifying_agrees_with_the_list: Verifying,
    visiting_agrees_with_the_list: Visiting,
    settling_agrees_with_the_list: Settling,
    closed_agrees_with_the_list: Closed,
}

/// Issue 3, Show: no stage of the pack is left out, and each test above visits
/// every action as every post.
#[test]
fn every_stage_is_visited() {
    let shipped = pack::shipped();
    let (_, files) = shipped.iter().find(|(name, _)| *name == "property").expect("the property pack");
    let pack = pack::load(files).expect("a sound pack");
    let visited: BTreeSet<Stage> = STAGES.iter().copied().collect();
    assert_eq!(visited, pack.stages(Kind::Complaint).into_iter().collect());
    let actions = CommandKind::FACTS.len() - 1 + pack.targets(Kind::Complaint).len();
    let people = Post::ALL.len() + 2;
    println!(
        "{} pairs on each engine: {} stages, {actions} actions, {people} people",
        STAGES.len() * actions * people,
        STAGES.len()
    );
}

/// What became of the pairs of one engine.
#[derive(Default)]
struct Tally {
    open: usize,
    closed: usize,
    invisible: usize,
}

fn try_stage(stage: Stage) {
    with_admin(|app, _| async move {
        let desk = Desk::of(&app);
        let actors = actors(&app, &desk);
        let still = to_stage(&app, &desk, stage).await;
        let scene = Scene::of(&app, &desk, &still, &actors).await;
        let mut tally = Tally::default();
        for actor in &actors {
            try_all(&app, &desk, &scene, (stage, &still, actor), &mut tally).await;
        }
        let Tally { open, closed, invisible } = tally;
        let pairs = open + closed + invisible;
        println!("{}: {pairs} pairs: {open} open, {closed} closed, {invisible} invisible", stage.as_str());
        assert_eq!(pairs, actors.len() * scene.actions(), "a pair was skipped");
        assert!(open > 0 && closed > open, "{open} open, {closed} closed");
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
            let mut body = scene.bodies(app, actor, kind).next().expect("a body");
            body["version"] = json!(still.version);
            let path = format!("{base}/actions/{}", kind.as_str());
            let answer = actor.client.post(&path, &body).await;
            assert_eq!(
                answer.status,
                StatusCode::NOT_FOUND,
                "{path} as {}: {body} -> {answer:?}",
                actor.name
            );
            answer.problem(404, "not_found");
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
            refused(app, scene, actor, still, kind, (&at, line)).await;
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
    for mut body in scene.bodies(app, actor, kind) {
        if kind == CommandKind::Link {
            body["other"] = sibling(&actor.client, &story.id).await;
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
async fn sibling(by: &Client, than: &str) -> Value {
    let list = by.get("/api/v1/cases?limit=3").await.expect(StatusCode::OK).json();
    let ids = list["items"].as_array().into_iter().flatten().map(|line| &line["id"]);
    let mut others = ids.filter(|id| *id != than);
    others.next().cloned().unwrap_or_else(|| json!(than))
}

#[expect(clippy::too_many_arguments, reason = "who does what to which case, where")]
async fn refused(
    app: &TestApp,
    scene: &Scene,
    actor: &Actor,
    story: &Story,
    kind: CommandKind,
    (at, line): (&str, &Value),
) {
    let path = format!("/api/v1/cases/{}/actions/{}", story.id, kind.as_str());
    let mut body = scene.bodies(app, actor, kind).next().expect("a body");
    if kind == CommandKind::Link {
        body["other"] = sibling(&actor.client, &story.id).await;
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
