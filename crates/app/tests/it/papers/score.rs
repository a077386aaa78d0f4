//! Scorecards, arbitration, the Friday digest, the press.

use huiyin_app::paper::{self, PaperFilter};
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::paper::Paper as _;
use huiyin_domain::paper::arbitration::{Arbitration, ArbitrationState};
use huiyin_domain::paper::digest::Digest;
use huiyin_domain::paper::scorecard::{Scorecard, ScorecardState};
use huiyin_domain::people::{Post, UnitLevel};
use huiyin_testkit::engines::both_engines_migrated;
use serde_json::{Value, json};

use super::{HOUR, act, at, open, told, visible, why};
use crate::errands::Errands;

/// SUP-1, SUP-2: scored from outside the unit, complete, objected to, settled.
#[test]
fn nobody_scores_the_own_unit() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let side = desk.unit("side", UnitLevel::Estate, desk.root());
        let inside = desk.appoint("inside", side, &[Post::Supervision]);
        let watch = desk.appoint("watch", desk.root(), &[Post::Supervision]);
        let head = desk.appoint("head", side, &[Post::Head]);
        let gm = desk.appoint("gm", desk.root(), &[Post::Gm]);
        let new = json!({"unit": side, "month": "2026-01-01", "due_at": at(&desk, 24)});
        assert_eq!(why(open::<Scorecard>(&desk, inside, new.clone())), "own_unit");
        let id = open::<Scorecard>(&desk, watch, new.clone()).unwrap().id;
        assert_eq!(open::<Scorecard>(&desk, watch, new).unwrap_err().code(), "paper_exists");
        let rate = |by: PersonId, item: &str, score: u8| {
            act::<Scorecard>(
                &desk,
                by,
                id,
                "rate",
                json!({"item": item, "score": score, "text": "抽查 20 件"}),
            )
        };
        assert_eq!(why(rate(inside, "acceptance", 100)), "own_unit");
        assert_eq!(why(rate(watch, "acceptance", 101)), "out_of_range");
        rate(watch, "acceptance", 92).unwrap();
        assert_eq!(why(act::<Scorecard>(&desk, watch, id, "submit", json!({}))), "scores_missing");
        rate(watch, "proactive_maintenance", 80).unwrap();
        rate(watch, "other_service", 85).unwrap();
        act::<Scorecard>(&desk, watch, id, "submit", json!({})).unwrap();
        desk.after(0);
        assert!(told(&desk, gm).contains(&"supervision_report".to_owned()));
        act::<Scorecard>(&desk, head, id, "object", json!({"text": "抽样太少"})).unwrap();
        act::<Scorecard>(&desk, watch, id, "answer_objection", json!({"text": "已加抽 20 件，结果相同"}))
            .unwrap();
        let settled = act::<Scorecard>(&desk, gm, id, "settle", json!({})).unwrap();
        assert_eq!(settled.state, ScorecardState::Settled);
    });
}

/// SUP-14, SUP-15, X-51: all are heard, the office decides who does what, one
/// leads, and each reports.
#[test]
fn the_office_arbitrates_after_hearing_all() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let repair = desk.unit("repair", UnitLevel::Department, desk.root());
        let green = desk.unit("green", UnitLevel::Department, desk.root());
        let a = desk.appoint("head-a", repair, &[Post::Head]);
        let b = desk.appoint("head-b", green, &[Post::Head]);
        let office = desk.appoint("office", desk.root(), &[Post::Office]);
        let partial = desk.appoint("partial", desk.root(), &[Post::Office]);
        desk.run({
            let place = crate::house::place(green, &[Post::Department]);
            move |tx, ctx| huiyin_app::people::membership::add(tx, ctx, partial, &place).map(drop)
        })
        .unwrap();
        let alone = json!({"unit": desk.root(), "matter": "排水沟谁清", "departments": [repair]});
        assert_eq!(why(open::<Arbitration>(&desk, a, alone)), "list_length");
        let new = json!({"unit": desk.root(), "matter": "排水沟谁清", "departments": [repair, green]});
        let id = open::<Arbitration>(&desk, a, new).unwrap().id;
        let step = |by: PersonId, step: &str, body: Value| act::<Arbitration>(&desk, by, id, step, body);
        step(a, "opine", json!({"unit": repair, "text": "属绿化"})).unwrap();
        assert_eq!(why(step(a, "opine", json!({"unit": green, "text": "属我们"}))), "other_unit");
        let part = |unit: UnitId, leads: bool| json!({"unit": unit, "work": "清沟", "leads": leads, "due": at(&desk, 24)});
        let award = |one: bool, two: bool| json!({"text": "按图纸", "assignments": [part(repair, one), part(green, two)]});
        assert_eq!(why(step(office, "decide", award(true, false))), "opinions_missing");
        step(b, "opine", json!({"unit": green, "text": "属工程"})).unwrap();
        assert_eq!(why(step(partial, "decide", award(true, false))), "own_unit");
        assert_eq!(why(step(office, "decide", award(true, true))), "one_leads");
        assert_eq!(why(step(a, "decide", award(true, false))), "not_permitted");
        step(office, "decide", award(true, false)).unwrap();
        desk.after(25 * HOUR);
        assert!(told(&desk, office).contains(&"arbitration_due".to_owned()));
        assert_eq!(why(step(office, "close", json!({"text": "完"}))), "reports_missing");
        step(a, "report", json!({"unit": repair, "text": "已清"})).unwrap();
        step(b, "report", json!({"unit": green, "text": "已配合"})).unwrap();
        assert_eq!(step(office, "close", json!({"text": "完"})).unwrap().state, ArbitrationState::Closed);
    });
}

/// SUP-12: each technician's week is due on Friday; the missing are listed before
/// the meeting, then it is compiled and sent.
#[test]
fn the_friday_digest_lists_who_is_missing() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let tech = desk.unit("tech", UnitLevel::Department, desk.root());
        let wang = desk.appoint("wang", tech, &[Post::Department]);
        let zhao = desk.appoint("zhao", tech, &[Post::Department]);
        let head = desk.appoint("head", tech, &[Post::Head]);
        let rhythm = json!({"digests": [{"unit": tech, "due": "14:00"}]});
        let (app, rhythm) = (desk.app.clone(), serde_json::from_value(rhythm).unwrap());
        desk.run(move |tx, ctx| paper::set_rhythm(tx, ctx, &app.rules, rhythm, 0)).unwrap();
        desk.after(24 * HOUR); // Friday 2 January, 08:00
        let filter = PaperFilter {
            kind: Digest::KIND,
            state: None,
            unit: None,
            case: None,
            period: None,
            open: None,
            after: None,
            limit: 9,
        };
        let found =
            desk.run_as(desk.ctx(head), move |tx, ctx| paper::list::<Digest>(tx, ctx, &filter)).unwrap();
        let id = found[0].id;
        assert_eq!(found[0].paper.weeks.len(), 2, "everybody who works there");
        assert!(told(&desk, zhao).contains(&"digest_due".to_owned()));
        act::<Digest>(&desk, wang, id, "enter", json!({"text": "维修 14 件，两件待料"})).unwrap();
        assert_eq!(why(act::<Digest>(&desk, head, id, "enter", json!({"text": "x"}))), "not_permitted");
        desk.after(6 * HOUR);
        let listed = visible::<Digest>(&desk, head, id).unwrap();
        assert_eq!(listed.missing, [zhao]);
        assert!(told(&desk, zhao).contains(&"digest_missing".to_owned()));
        act::<Digest>(&desk, zhao, id, "enter", json!({"text": "迟交"})).unwrap();
        let compiled = json!({"summary": "共 14 件", "analysis": "水管居多"});
        assert!(
            act::<Digest>(&desk, head, id, "compile", compiled).unwrap().weeks[&zhao].as_ref().unwrap().late
        );
        act::<Digest>(&desk, head, id, "send", json!({})).unwrap();
        desk.after(0);
        assert!(told(&desk, wang).contains(&"digest_sent".to_owned()));
    });
}

/// MEDIA-1, MEDIA-2, MEDIA-4: one action records and alerts; nobody but the
/// spokesperson takes it, and not before the request is in writing.
#[test]
fn the_press_is_one_action_and_only_the_spokesperson_goes_on() {
    use huiyin_app::media::{self, MediaForm, NewMediaAlert};
    use huiyin_domain::case::{Command, CommandKind};
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let guard = desk.appoint("guard", desk.root(), &[Post::Employee]);
        let agent = desk.appoint("agent", desk.root(), &[Post::Agent]);
        let speaker = desk.appoint("speaker", desk.root(), &[Post::Spokesperson]);
        let gm = desk.appoint("gm", desk.root(), &[Post::Gm]);
        let app = desk.app.clone();
        let new = NewMediaAlert {
            form: MediaForm::Phone,
            medium: huiyin_domain::text::Text::new("晚报").unwrap(),
            unit: None,
            questions: None,
        };
        let alerted = desk.run_as(desk.ctx(guard), move |tx, ctx| media::alert(tx, ctx, &app, new)).unwrap();
        assert_eq!(alerted.waits_for, "written_request");
        desk.after(0);
        for person in [speaker, gm] {
            assert!(told(&desk, person).contains(&"media_alert".to_owned()));
        }
        let id = alerted.case.id;
        let go = |by: PersonId, name: &str, body: Value| {
            let app = desk.app.clone();
            let command = Command::read(CommandKind::parse(name).unwrap(), body).unwrap();
            desk.run_as(desk.ctx(by), move |tx, ctx| {
                let version = huiyin_store::case::read::case(tx, ctx.org(), id)?.unwrap().case.version;
                huiyin_app::case::act(tx, ctx, &app.rules, (id, Some(version)), command).map(drop)
            })
        };
        assert_eq!(why(go(speaker, "investigate", json!({}))), "request_not_in_writing");
        let written = json!({"direction": "inbound", "channel": "fax", "text": "采访申请和提纲"});
        go(speaker, "contact", written).unwrap();
        assert_eq!(why(go(agent, "investigate", json!({}))), "not_permitted");
        go(speaker, "investigate", json!({})).unwrap();
    });
}
