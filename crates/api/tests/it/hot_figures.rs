//! Hot complaints among the figures: each is its list, and what the histories of
//! incidents say.

use crate::incident::{broken, complaint, incident};
use crate::incident_work::act;
use crate::metrics::Chance;
use crate::story::{Story, later};
use crate::with_admin;
use axum::http::StatusCode;
use huiyin_domain::case::{self, Done};
use huiyin_domain::ids::{CaseId, IncidentId};
use huiyin_domain::incident::Event;
use huiyin_domain::people::Post;
use huiyin_testkit::TestApp;
use huiyin_testkit::app::Client;
use huiyin_testkit::store::case::read;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The whole year that the test lies in.
const YEAR: &str = "period=2026-07..2027-06";

async fn figure(by: &Client, metric: &str) -> i64 {
    let path = format!("/api/v1/metrics/{metric}?{YEAR}");
    let total = by.get(&path).await.expect(StatusCode::OK).json()["total"]["part"].as_i64().unwrap_or(-1);
    let path = format!("/api/v1/metrics/{metric}/rows?limit=200&{YEAR}");
    let rows = by.get(&path).await.expect(StatusCode::OK).json();
    let rows = rows["items"].as_array().map_or(0, Vec::len);
    assert_eq!(total, rows as i64, "{metric}: the figure is the number of its rows");
    total
}

/// Whether a case counts and whether that was decided, by its events alone.
fn counts(app: &TestApp, id: &str) -> (bool, bool) {
    let (org, id) = (app.org, id.parse::<CaseId>().expect("an id"));
    let history = app.store().read_blocking(move |tx| read::history::<case::Event>(tx, org, id, 0, 10_000));
    let (mut accepted, mut included) = (false, None);
    for entry in history.expect("a history") {
        match entry.recorded.event {
            case::Event::Ruled(case::Ruled::StageChanged(change)) => {
                accepted |= change.to == case::Stage::Accepted;
            }
            case::Event::Done(Done::DecideInclusion(decided)) => included = Some(decided.counted),
            _ => {}
        }
    }
    (accepted && included != Some(false), included.is_some())
}

/// Who belongs to an incident and whether it is hot, by its events alone.
fn told(app: &TestApp, id: &str) -> (BTreeSet<String>, bool) {
    let (org, id) = (app.org, id.parse::<IncidentId>().expect("an id"));
    let history = app.store().read_blocking(move |tx| read::history::<Event>(tx, org, id, 0, 10_000));
    let (mut joined, mut split, mut hot) = (Vec::new(), BTreeSet::new(), false);
    for entry in history.expect("a history") {
        match entry.recorded.event {
            Event::Joined(done) => joined.extend(done.members.iter().map(|member| member.case.to_string())),
            Event::Split(done) => split.extend(done.members.iter().map(|member| member.case.to_string())),
            Event::BecameHot(_) => hot = true,
            Event::HotWithdrawn(_) => hot = false,
            _ => {}
        }
    }
    (joined.into_iter().filter(|member| !split.contains(member)).collect(), hot)
}

/// PROP-83, PROP-88, PROP-90, X-9: a hot incident is one item whatever its
/// number of cases, from when its third complainant came until it is taken back;
/// what nobody has verified yet counts provisionally, and how much that is is a
/// figure of its own.
#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in one go")]
fn hot_complaints_are_figures_like_all_others() {
    with_admin(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent, Post::Lead]);
        let statistics = app.with_person("tong", &[Post::Statistics]);
        let boss = app.with_person("zong", &[Post::Manager]);
        let mut chance = Chance(3);
        let (mut cases, mut incidents) = (Vec::new(), Vec::new());
        for place in 0..9 {
            // one to four complainants, hot from the third
            let many = 1 + place % 4;
            let mut members = Vec::new();
            for one in 0..many {
                let phone = format!("199{place:04}{one:04}");
                let id = complaint(&mei, &format!("第 {place} 号楼停水"), &phone).await;
                if chance.below(5) > 0 {
                    let mut story = Story { id: id.clone(), version: 1 };
                    let promise = json!({"kind": "feedback", "text": "回电", "due": later(&app, 5)});
                    story.act(&mei, "promise", promise).await;
                    story.act(&mei, "accept", json!({})).await;
                    let counted = chance.below(3);
                    if counted < 2 {
                        let body = json!({"counted": counted == 1, "reason": "核实"});
                        story.act(&statistics, "decide_inclusion", body).await;
                    }
                }
                members.push(id);
            }
            let names: Vec<&String> = members.iter().collect();
            incidents.push(incident(&mei, &names).await);
            cases.extend(members);
        }
        let check = || async {
            let counted: BTreeSet<&String> = cases.iter().filter(|id| counts(&app, id).0).collect();
            let verified = cases.iter().filter(|id| counts(&app, id) == (true, true));
            let mut slow = [0_i64; 3];
            let mut grouped = BTreeSet::new();
            for id in &incidents {
                let (members, hot) = told(&app, id);
                let counting = members.iter().filter(|member| counted.contains(member)).count() as i64;
                slow[0] += i64::from(hot && counting > 0);
                slow[1] += if hot { counting } else { 0 };
                slow[2] += i64::from(counting > 0);
                grouped.extend(members);
            }
            slow[2] += counted.iter().filter(|id| !grouped.contains(**id)).count() as i64;
            let found = [
                figure(&boss, "hot").await,
                figure(&boss, "hot_cases").await,
                figure(&boss, "counted").await,
            ];
            assert_eq!(found, slow, "hot, cases in hot, counted");
            let undecided = figure(&boss, "inclusion_undecided").await;
            assert_eq!(undecided, counted.len() as i64 - verified.count() as i64);
            assert_eq!(broken(&app).await, []);
            slow[0]
        };
        let hot = check().await;
        assert!(hot > 1 && (hot as usize) < incidents.len(), "some are hot: {hot}");
        let warm: Vec<String> = incidents.iter().filter(|id| told(&app, id).1).cloned().collect();
        // a case that goes on stays what its incident is
        let member = told(&app, &warm[0]).0.into_iter().next().unwrap_or_default();
        let body = json!({"text": "又来问", "direction": "inbound", "channel": "phone"});
        drop(
            mei.post(&format!("/api/v1/cases/{member}/actions/contact"), &body).await.expect(StatusCode::OK),
        );
        assert_eq!(check().await, hot);
        // a case that is taken out takes no heat with it
        let out: Value = json!({"kind": "split", "members": [{"case": member}], "reason": "另一件"});
        drop(
            mei.post(&format!("/api/v1/incidents/{}/operations", warm[0]), &out).await.expect(StatusCode::OK),
        );
        check().await;
        act(&mei, &warm[1], "withdraw_hot", json!({"reason": "同一家庭"})).await;
        check().await;
        let name = "UPDATE case_facts SET marks = marks + 68719476736 WHERE marks & 68719476736 = 0";
        app.edge.app.store.write(move |tx| tx.execute(name, &[])).await.expect("a change");
        assert!(!broken(&app).await.is_empty(), "a heat that no incident has is found");
    });
}

/// PROP-81, PROP-88, PROP-90, PROP-93, D3: what a later case demands is the item's, joined
/// before or after; an open one keeps the item open; undone, all is as it was.
#[test]
fn a_major_complaint_stays_major_when_it_is_joined() {
    with_admin(|app, _| async move {
        let mei = app.with_person("mei", &[Post::Agent, Post::Lead]);
        let statistics = app.with_person("tong", &[Post::Statistics]);
        let boss = app.with_person("zong", &[Post::Manager]);
        let undecided = async || {
            let path = format!("/api/v1/metrics/counted?{YEAR}");
            boss.get(&path).await.expect(StatusCode::OK).json()["total"]["undecided"].clone()
        };
        let mut stories = Vec::new();
        for phone in ["19900010001", "19900010002", "19900010003"] {
            let mut story = Story { id: complaint(&mei, "楼上漏水", phone).await, version: 1 };
            let promise = json!({"kind": "feedback", "text": "回电", "due": later(&app, 5)});
            story.act(&mei, "promise", promise).await;
            story.act(&mei, "accept", json!({})).await;
            stories.push(story);
        }
        let names = ["counted", "major", "demanding", "important", "open"];
        let figures = || async {
            let mut found = [0; 5];
            for (place, name) in names.iter().enumerate() {
                found[place] = figure(&boss, name).await;
            }
            found
        };
        let demand = json!({"amount": {"amount": "20000.00", "currency": "CNY"}});
        stories[1].act(&mei, "state_demand", demand.clone()).await;
        let basis = json!({"kind": "contract", "responsibility": "ours", "text": "落水管失修"});
        stories[1].act(&mei, "state_basis", basis).await;
        stories[1].act(&mei, "judge_major", json!({"standing": "confirmed", "reason": "我方责任"})).await;
        assert_eq!(figures().await, [3, 1, 1, 0, 3]);
        assert_eq!(undecided().await, 3, "nobody has verified any: the figure is provisional");
        stories[1].act(&statistics, "decide_inclusion", json!({"counted": true, "reason": "核实"})).await;
        assert_eq!(undecided().await, 2);
        let made = incident(&mei, &[&stories[0].id, &stories[1].id]).await;
        assert_eq!(figures().await, [2, 1, 1, 0, 2], "the later case's demand is the item's");
        assert_eq!(undecided().await, 1, "one that is verified in makes the item sure");
        // what happens to a member after it was joined belongs to the item as well
        stories[1].act(&mei, "mark", json!({"flag": "important", "text": "典型"})).await;
        assert_eq!(figures().await, [2, 1, 1, 1, 2]);
        let split = boss.get(&format!("/api/v1/metrics/major?by=unit&{YEAR}")).await.expect(StatusCode::OK);
        assert_eq!(split.json()["items"][0]["part"], 1, "split by unit as well: {}", split.json());
        let undo = format!("/api/v1/incidents/{made}/operations/1/undo");
        drop(mei.post(&undo, &json!({"reason": "弄错了"})).await.expect(StatusCode::OK));
        assert_eq!(figures().await, [3, 1, 1, 1, 3]);
        // joined the other way round, and the demand comes after that
        incident(&mei, &[&stories[0].id, &stories[2].id]).await;
        stories[2].act(&mei, "state_demand", demand).await;
        assert_eq!(figures().await, [2, 1, 2, 1, 2]);
        assert_eq!(broken(&app).await, []);
    });
}
