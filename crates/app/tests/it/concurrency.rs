//! Several at one case at the same time, and rules that change under a reader.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use huiyin_app::Clock;
use huiyin_app::case::{self, Leaving, NewErasure, NoticeFormat};
use huiyin_app::people::{HandOver, hand_over};
use huiyin_domain::case::{Command, CommandKind};
use huiyin_domain::clock::ClockKind;
use huiyin_domain::ids::{CaseId, PersonId};
use huiyin_domain::pack;
use huiyin_domain::people::Post;
use huiyin_domain::time::Date;
use huiyin_store::Engine;
use huiyin_store::case::read;
use huiyin_testkit::engines::both_engines_migrated;
use serde_json::{Value, json};

use crate::errands::Errands;
use crate::house::wait;

/// A complaint of an agent, whose jobs are done.
fn complaint(desk: &Errands) -> (PersonId, CaseId) {
    let lin = desk.appoint("lin", desk.root(), &[Post::Agent, Post::Lead]);
    let id = desk.complaint(lin, desk.root());
    desk.after(1);
    (lin, id)
}

fn act(desk: &Errands, by: PersonId, id: CaseId, action: &str, body: Value) {
    let (ctx, rules) = (desk.ctx(by), desk.rules.clone());
    let command = Command::read(CommandKind::parse(action).unwrap(), body).unwrap();
    desk.run_as(ctx, move |tx, ctx| case::act(tx, ctx, &rules, (id, None), command)).unwrap();
}

/// Runs `second` while a note on the case is written and not yet committed, and
/// commits the note only when `second` waits for it.
fn while_noting(desk: &Errands, by: PersonId, id: CaseId, second: impl FnOnce() + Send) {
    let (entered, has_entered) = sync_channel::<()>(8);
    let (release, released) = sync_channel::<()>(8);
    let (ctx, rules) = (desk.ctx(by), desk.rules.clone());
    let note = Command::read(CommandKind::Note, json!({"text": "看过现场"})).unwrap();
    std::thread::scope(|scope| {
        let first = scope.spawn(move || {
            desk.run_as(ctx, move |tx, ctx| {
                let acted = case::act(tx, ctx, &rules, (id, None), note)?;
                entered.send(()).unwrap();
                released.recv().unwrap();
                Ok(acted.case.version)
            })
        });
        has_entered.recv().unwrap();
        let second = scope.spawn(second);
        while !desk.store.somebody_waits() && !second.is_finished() {
            std::thread::yield_now();
        }
        release.send(()).unwrap();
        first.join().unwrap().unwrap();
        second.join().unwrap();
    });
}

/// The names of a case's events, oldest first; its history is whole.
fn events(desk: &Errands, id: CaseId) -> Vec<String> {
    let history: Vec<read::History> =
        desk.run(move |tx, ctx| Ok(read::history(tx, ctx.org(), id, 0, 1_000)?)).unwrap();
    assert!(history.iter().zip(1..).all(|(entry, seq)| entry.recorded.seq == seq), "a gap in the history");
    history.into_iter().map(|entry| entry.kind).collect()
}

/// X-37, PROP-67: an erasure waits for who is at the case and then erases, what
/// came in meanwhile included.
#[test]
fn an_erasure_waits_for_who_is_at_the_case() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let (lin, id) = complaint(&desk);
        while_noting(&desk, lin, id, || {
            let new = NewErasure { texts: None, basis: "个人信息删除申请".into() };
            let erased = desk.run(move |tx, ctx| case::erase(tx, ctx, id, &new)).unwrap().0;
            assert_eq!(erased.texts, 2, "the message and the note");
        });
        let found = events(&desk, id);
        assert_eq!(found[found.len() - 2..], ["note_added", "erased"]);
    });
}

/// PROP-14: who leaves hands over while somebody is at the case, and nothing of
/// either is lost.
#[test]
fn a_hand_over_of_all_work_waits_for_who_is_at_the_case() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let (lin, id) = complaint(&desk);
        let wu = desk.appoint("wu", desk.root(), &[Post::Agent]);
        while_noting(&desk, lin, id, || {
            let mut app = desk.app.clone();
            app.obligations = vec![Arc::new(Leaving)];
            let step = HandOver { from: lin, to: wu };
            desk.run(move |tx, ctx| hand_over(&app, tx, ctx, step)).unwrap();
        });
        let owner = desk.run(move |tx, ctx| Ok(read::case(tx, ctx.org(), id)?.unwrap().case.owner)).unwrap();
        assert_eq!(owner, wu);
        assert!(events(&desk, id).contains(&"note_added".to_owned()));
    });
}

/// D5: a changed calendar counts the clocks again of a case at which somebody is.
#[test]
fn a_recount_waits_for_who_is_at_the_case() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let (lin, id) = complaint(&desk);
        let due = |desk: &Errands| {
            let loaded = desk.run(move |tx, ctx| Ok(read::case(tx, ctx.org(), id)?.unwrap().case)).unwrap();
            loaded.clocks.iter().find(|clock| clock.kind == ClockKind::Record).unwrap().due_at
        };
        let before = due(&desk);
        let rules = desk.rules.clone();
        let notice = "date,name,off\n2026-01-04,停电,1\n2026-01-05,停电,1\n";
        let notice = case::read_notice(NoticeFormat::Csv, notice).unwrap();
        desk.run(move |tx, ctx| case::import_calendar(tx, ctx, &rules, (&notice, Some("CN-XJ")))).unwrap();
        desk.rules_changed(desk.org.org, "calendar", Ok(())).unwrap();
        while_noting(&desk, lin, id, || {
            wait(desk.runner.run_due(desk.clock.now())).unwrap();
        });
        assert!(due(&desk) > before, "counted again in one go");
        assert!(events(&desk, id).contains(&"clock_moved".to_owned()));
    });
}

/// D5, issue 3 §5: a limit whose case somebody works on is left to the next tick:
/// it is not waited for, not told as a failure and not put off.
#[test]
fn a_tick_passes_by_a_case_at_which_somebody_is() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let (lin, id) = complaint(&desk);
        desk.clock.advance(24 * 3600);
        let ticked = |desk: &Errands| {
            let (app, now) = (desk.app.clone(), desk.clock.now());
            desk.app.store.write_blocking(move |tx| case::tick(tx, &app, &app.rules, now, 50)).unwrap()
        };
        if desk.app.store.engine() == Engine::Postgres {
            while_noting(&desk, lin, id, || assert_eq!(ticked(&desk), case::Ticked::default()));
        }
        let done = ticked(&desk);
        assert!(done.fired > 0 && done.put_off == 0, "{done:?}");
        act(&desk, lin, id, "note", json!({"text": "之后照常"}));
    });
}

/// Issue 3 §3, packs §4: who began to read before a pack was activated may still
/// see the old rules, and nobody after them does.
#[test]
fn a_reader_of_before_puts_no_old_rules_back() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let org = desk.org.org;
        let newest = |desk: &Errands| {
            let rules = desk.rules.clone();
            let held = desk.app.store.read_blocking(move |tx| rules.of(tx, org)).unwrap();
            held.find("property", None).unwrap().version
        };
        let (begun, has_begun) = sync_channel::<()>(8);
        let (go_on, goes_on) = sync_channel::<()>(8);
        std::thread::scope(|scope| {
            let (store, rules) = (desk.app.store.clone(), desk.rules.clone());
            let old = scope.spawn(move || {
                store.read_blocking(move |tx| {
                    // the first look fixes the moment that this reader sees
                    huiyin_store::people::organisation::get(tx, org)?;
                    begun.send(()).unwrap();
                    goes_on.recv().unwrap();
                    Ok::<_, huiyin_app::Error>(rules.of(tx, org)?.find("property", None).unwrap().version)
                })
            });
            has_begun.recv().unwrap();
            let (_, files) = pack::shipped().remove(0);
            let main = files.get("pack.toml").unwrap().replacen("version = 1", "version = 2", 1);
            let (files, rules) = (files.clone().with("pack.toml", &main), desk.rules.clone());
            let from = Date::new(2026, 2, 1).unwrap();
            let activated = desk.run(move |tx, ctx| case::activate_pack(tx, ctx, &rules, &files, from));
            desk.rules_changed(org, "pack", activated).unwrap();
            go_on.send(()).unwrap();
            assert_eq!(old.join().unwrap().unwrap(), 1, "it sees one moment, that of before");
        });
        assert_eq!(newest(&desk), 2, "the old rules are not what others get");
    });
}
