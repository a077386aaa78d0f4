//! Limits of tasks and reminders, from the action to the notice.

use huiyin_app::case;
use huiyin_app::notify;
use huiyin_domain::case::{Command, CommandKind};
use huiyin_domain::clock::ClockKind;
use huiyin_domain::ids::{CaseId, PersonId};
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::{due, read};
use huiyin_testkit::engines::{MADE_AT, both_engines_migrated};
use serde_json::{Value, json};

use crate::errands::Errands;

const HOUR: i64 = 3600;

fn act(desk: &Errands, by: PersonId, id: CaseId, action: &str, body: Value) {
    let (ctx, rules) = (desk.ctx(by), desk.rules.clone());
    let command = Command::read(CommandKind::parse(action).unwrap(), body).unwrap();
    desk.run_as(ctx, move |tx, ctx| case::act(tx, ctx, &rules, (id, None), command)).unwrap();
}

/// What a person was told, oldest first.
fn told(desk: &Errands, person: PersonId) -> Vec<String> {
    let ctx = desk.ctx(person);
    let page = desk.run_as(ctx, |tx, ctx| notify::list(tx, ctx, false, None, 100)).unwrap();
    page.items.into_iter().rev().map(|notice| notice.why).collect()
}

fn soon(hours: i64) -> Timestamp {
    Timestamp::from_micros(MADE_AT.micros() + hours * HOUR * 1_000_000)
}

/// ASC-10, ASC-11, D5: a task with a time lies in the due index, warns and breaks
/// exactly then, and is explained like any other limit.
#[test]
fn a_task_is_watched_to_the_second() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let lin = desk.appoint("lin", desk.root(), &[Post::Agent]);
        let lead = desk.appoint("lead", desk.root(), &[Post::Lead]);
        let fitter = desk.appoint("fitter", desk.root(), &[Post::Department]);
        let id = desk.complaint(lin, desk.root());
        let task = json!({"title": "换管", "person": fitter, "due": soon(80)});
        act(&desk, lead, id, "add_task", task);
        let clock = desk
            .run(move |tx, ctx| {
                let case = read::case(tx, ctx.org(), id)?.unwrap().case;
                let found = case.clocks.iter().find(|clock| clock.kind == ClockKind::Task);
                Ok(found.unwrap().clone())
            })
            .unwrap();
        let lying = desk
            .run(move |tx, ctx| Ok(due::fires_at(tx, ctx.org(), due::Holder::Case(id), clock.id)?))
            .unwrap();
        let warn_at = clock.warn_at.unwrap();
        assert_eq!((clock.due_at, lying), (soon(80), Some(warn_at)));
        let until = |desk: &Errands, at: Timestamp| {
            use huiyin_app::Clock;
            desk.after((at.micros() - desk.clock.now().micros()) / 1_000_000);
        };
        until(&desk, Timestamp::from_micros(warn_at.micros() - 1_000_000));
        assert_eq!(told(&desk, fitter), ["task_given"], "a second too early");
        until(&desk, warn_at);
        assert_eq!(told(&desk, fitter), ["task_given", "task_near"]);
        until(&desk, Timestamp::from_micros(soon(80).micros() - 1_000_000));
        assert!(!told(&desk, lead).contains(&"task_missed".to_owned()));
        until(&desk, soon(80));
        for person in [fitter, lin, lead] {
            assert!(told(&desk, person).contains(&"task_missed".to_owned()));
        }
    });
}

/// X-5, D5: from 1 November whoever keeps the calendar hears once a month that next
/// year's days off are missing, and nobody else does.
#[test]
fn a_calendar_that_ends_is_told_of_in_time() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let lead = desk.appoint("lead", desk.root(), &[Post::Lead]);
        let day = |desk: &Errands, text: &str| {
            use huiyin_app::Clock;
            let at = Timestamp::parse(text).unwrap();
            let seconds = (at.micros() - desk.clock.now().micros()) / 1_000_000;
            desk.after(seconds);
            desk.after(1);
        };
        let heard =
            |desk: &Errands| told(desk, desk.admin).into_iter().filter(|why| why == "calendar_ends").count();
        for (text, times) in [
            ("2026-10-31T09:00:00+08:00", 0),
            ("2026-11-01T10:00:00+08:00", 1),
            ("2026-11-02T10:00:00+08:00", 1),
            ("2026-12-01T10:00:00+08:00", 2),
        ] {
            day(&desk, text);
            assert_eq!(heard(&desk), times, "{text}");
        }
        assert!(!told(&desk, lead).contains(&"calendar_ends".to_owned()));
    });
}

/// 督办 (SUP-1): answered in time, nobody is told that it was missed; the one who
/// supervises hears the answer.
#[test]
fn a_supervision_is_answered() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let lin = desk.appoint("lin", desk.root(), &[Post::Agent]);
        let manager = desk.appoint("manager", desk.root(), &[Post::Manager]);
        let id = desk.complaint(lin, desk.root());
        act(&desk, manager, id, "supervise", json!({"text": "三天内报告", "due": soon(72)}));
        let of_kind = move |tx: &mut huiyin_app::Tx<'_>, ctx: &huiyin_app::Ctx| {
            let case = read::case(tx, ctx.org(), id)?.unwrap().case;
            Ok(case.clocks.iter().find(|clock| clock.kind == ClockKind::Supervise).unwrap().clone())
        };
        let clock = desk.run(of_kind).unwrap();
        assert_eq!(clock.asked_by, Some(manager));
        act(&desk, lin, id, "answer_reminder", json!({"clock": clock.id, "text": "已换管"}));
        desk.after(73 * HOUR);
        assert!(desk.run(of_kind).unwrap().breached_at.is_none());
        assert_eq!(told(&desk, manager), ["reminder_answered"]);
        assert!(!told(&desk, lin).iter().any(|why| why == "reminder_missed"));
    });
}
