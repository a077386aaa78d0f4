//! Cases and their incident changed at once by many: one order of taking them.

use huiyin_app::{Class, Clock, Error, case, incident};
use huiyin_domain::case::{Command, CommandKind};
use huiyin_domain::ids::{CaseId, IncidentId, PersonId};
use huiyin_domain::incident::{self as matter, Member};
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_store::Engine;
use huiyin_testkit::engines::both_engines_migrated;
use serde_json::{Value, json};

use crate::errands::Errands;

const WORKERS: usize = 6;
const TURNS: usize = 12;

fn act(desk: &Errands, by: PersonId, id: CaseId, action: &str, body: Value) -> Result<(), Error> {
    let (ctx, rules) = (desk.ctx(by), desk.rules.clone());
    let command = Command::read(CommandKind::parse(action).unwrap(), body).unwrap();
    desk.run_as(ctx, move |tx, ctx| {
        let version = huiyin_store::case::read::case(tx, ctx.org(), id)?.unwrap().case.version;
        case::act(tx, ctx, &rules, (id, Some(version)), command).map(drop)
    })
}

fn on_incident(desk: &Errands, by: PersonId, id: IncidentId, kind: &str, case: CaseId) -> Result<(), Error> {
    let (ctx, rules) = (desk.ctx(by), desk.rules.clone());
    let body = json!({"kind": kind, "members": [Member::case(case)], "reason": "查明"});
    let command = matter::Command::Operate(serde_json::from_value(body).unwrap());
    desk.run_as(ctx, move |tx, ctx| incident::act(tx, ctx, &rules, (id, None), command).map(drop))
}

fn reply_to_all(desk: &Errands, by: PersonId, id: IncidentId) -> Result<(), Error> {
    let (ctx, rules) = (desk.ctx(by), desk.rules.clone());
    let body = json!({"reply": {"kind": "final", "carrier": "spoken", "text": "周五前修好"}});
    let body = serde_json::from_value(body).unwrap();
    desk.run_as(ctx, move |tx, ctx| incident::reply_members(tx, ctx, &rules, (id, None), body).map(drop))
}

/// One turn of one worker: contacts, verification, joining, taking out, one
/// reply to all, in another order for each.
fn turn(
    desk: &Errands,
    by: PersonId,
    at: (IncidentId, &[CaseId]),
    (worker, turn): (usize, usize),
) -> Result<(), Error> {
    let (id, cases) = at;
    let case = cases[(worker + turn * 5) % cases.len()];
    match (worker + turn) % 6 {
        0 | 1 => {
            let body = json!({"text": "还在漏", "direction": "inbound", "channel": "phone"});
            act(desk, by, case, "contact", body)
        }
        2 | 3 => {
            let body = json!({"counted": turn.is_multiple_of(2), "reason": "核实"});
            act(desk, by, case, "decide_inclusion", body)
        }
        4 => {
            let kind = if turn.is_multiple_of(2) { "split" } else { "join" };
            on_incident(desk, by, id, kind, case)
        }
        _ => reply_to_all(desk, by, id),
    }
}

/// D3, PROP-88, PROP-90: who works on members and on their incident at the same
/// time waits for the other, and no two wait in a circle; what was done is whole.
#[test]
fn work_on_members_and_their_incident_never_waits_in_a_circle() {
    both_engines_migrated(|store| {
        let server = store.engine() == Engine::Postgres;
        let desk = Errands::new(store);
        let people: Vec<PersonId> = (0..WORKERS)
            .map(|worker| {
                let posts = [Post::Agent, Post::Lead, Post::Statistics];
                desk.appoint(&format!("worker{worker}"), desk.root(), &posts)
            })
            .collect();
        let lin = people[0];
        let cases: Vec<CaseId> = (0..6).map(|_| desk.complaint(lin, desk.root())).collect();
        desk.after(1);
        for id in &cases {
            let due = Timestamp::from_micros(desk.clock.now().micros() + 7_200_000_000);
            let promise = json!({"kind": "feedback", "text": "回电", "due": due.to_string()});
            act(&desk, lin, *id, "promise", promise).unwrap();
            act(&desk, lin, *id, "accept", json!({})).unwrap();
        }
        let members: Vec<Member> = cases.iter().copied().map(Member::case).collect();
        let new = json!({"title": "五号楼漏水", "reason": "同一处", "members": members});
        let new = serde_json::from_value(new).unwrap();
        let (app, ctx) = (desk.app.clone(), desk.ctx(lin));
        let id = desk
            .run_as(ctx, move |tx, ctx| incident::open(tx, ctx, &app.rules, &app.numbers, new))
            .unwrap()
            .0
            .id;
        let failed: Vec<Error> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..WORKERS)
                .map(|worker| {
                    let (desk, cases, by) = (&desk, &cases, people[worker]);
                    scope.spawn(move || {
                        let turns = (0..TURNS).map(|at| turn(desk, by, (id, cases), (worker, at)));
                        turns.filter_map(Result::err).collect::<Vec<_>>()
                    })
                })
                .collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
        });
        for error in &failed {
            // somebody was faster, or the member was in or out already: said in words
            let told = matches!(error.class(), Class::Stale | Class::Conflict | Class::Invalid);
            assert!(told, "server: {server}: {error:?}");
        }
        let mut broken = crate::files::examined(&desk).0;
        broken.retain(|code| !code.starts_with("calendar"));
        assert!(broken.is_empty(), "{broken:?}");
    });
}
