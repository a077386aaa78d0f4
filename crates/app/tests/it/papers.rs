//! The other papers of the house: posts, letters, visits, faults, discipline.
//!
//! Size: one story for each kind of paper, told from its opening to its end.

use huiyin_app::paper::{self, Around, Changed, PaperFilter};
use huiyin_app::{Class, Error};
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::paper::arbitration::{Arbitration, ArbitrationState};
use huiyin_domain::paper::authority_file::{AuthorityFile, AuthorityFileState};
use huiyin_domain::paper::digest::Digest;
use huiyin_domain::paper::fault::{Fault, FaultState};
use huiyin_domain::paper::misconduct::{Misconduct, MisconductState, Penalty};
use huiyin_domain::paper::online_post::{OnlinePost, OnlinePostState};
use huiyin_domain::paper::scorecard::{Scorecard, ScorecardState};
use huiyin_domain::paper::visit_record::{VisitRecord, VisitRecordState};
use huiyin_domain::paper::{Paper, Step};
use huiyin_domain::people::{Post, UnitLevel};
use huiyin_domain::time::Timestamp;
use huiyin_testkit::engines::both_engines_migrated;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::errands::Errands;

const HOUR: i64 = 3600;

fn open<P: Around>(desk: &Errands, by: PersonId, new: Value) -> Result<Changed<P>, Error> {
    let app = desk.app.clone();
    let new: P::New = serde_json::from_value(new).unwrap();
    desk.run_as(desk.ctx(by), move |tx, ctx| paper::open::<P>(tx, ctx, &app, new))
}

fn act<P: Around>(desk: &Errands, by: PersonId, id: Uuid, step: &str, body: Value) -> Result<P, Error> {
    let app = desk.app.clone();
    let step = P::Step::read(step, body).unwrap().unwrap();
    let done = desk.run_as(desk.ctx(by), move |tx, ctx| paper::act::<P>(tx, ctx, &app, (id, None), &step));
    done.map(|changed| changed.paper)
}

/// The first reason of a refusal, or the code of its first field.
fn why<T: std::fmt::Debug>(refused: Result<T, Error>) -> String {
    let error = refused.unwrap_err();
    let reason = error.params().get("reasons").and_then(|reasons| reasons[0]["code"].as_str());
    let field = error.fields().first().map(|field| field.code.clone());
    reason.map(str::to_owned).or(field).unwrap_or_else(|| error.code().to_owned())
}

fn seen<P: Paper>(desk: &Errands, by: PersonId) -> usize {
    let filter = PaperFilter {
        kind: P::KIND,
        state: None,
        unit: None,
        case: None,
        period: None,
        open: None,
        after: None,
        limit: 50,
    };
    desk.run_as(desk.ctx(by), move |tx, ctx| paper::list::<P>(tx, ctx, &filter)).unwrap().len()
}

fn visible<P: Paper>(desk: &Errands, by: PersonId, id: Uuid) -> Result<P, Error> {
    let app = desk.app.clone();
    desk.run_as(desk.ctx(by), move |tx, ctx| paper::get::<P>(tx, ctx, &app, id)).map(|view| view.paper)
}

fn told(desk: &Errands, person: PersonId) -> Vec<String> {
    let page = desk.run_as(desk.ctx(person), |tx, ctx| huiyin_app::notify::list(tx, ctx, false, None, 100));
    page.unwrap().items.into_iter().rev().map(|item| item.why).collect()
}

fn at(desk: &Errands, hours: i64) -> Timestamp {
    Timestamp::from_micros(desk.app.clock.now().micros() + hours * HOUR * 1_000_000)
}

fn post_of(desk: &Errands, unit: UnitId, points: &[&str]) -> Value {
    json!({"unit": unit, "platform": "业主论坛", "url": "https://forum.example/t/1", "author": "海风",
        "text": "电梯三天两头停，物业电话没人接", "posted_at": at(desk, -1), "replies": 12, "points": points})
}

fn state_of(desk: &Errands, case: CaseId) -> huiyin_domain::case::Case {
    desk.run(move |tx, ctx| Ok(huiyin_store::case::read::case(tx, ctx.org(), case)?.unwrap().case)).unwrap()
}

/// Leads a post to an approved reply; gives its identity and case.
fn approved(desk: &Errands, (agent, head): (PersonId, PersonId), wide: Option<PersonId>) -> (Uuid, CaseId) {
    let new = post_of(desk, desk.root(), &["电梯常停", "电话没人接"]);
    let post = open::<OnlinePost>(desk, agent, new).unwrap();
    let id = post.id;
    let step = |by: PersonId, step: &str, body: Value| act::<OnlinePost>(desk, by, id, step, body).unwrap();
    let fitter = desk.appoint("post-fitter", desk.root(), &[Post::Department]);
    step(agent, "pass_on", json!({"unit": desk.root(), "person": fitter}));
    step(fitter, "find", json!({"facts": "控制柜老化", "measures": "本周更换控制柜"}));
    if wide.is_some() {
        step(agent, "mark_wide", json!({"wide": true, "reason": "跟帖过百"}));
    }
    step(head, "decide_measures", json!({"granted": true}));
    if let Some(manager) = wide {
        assert_eq!(
            why(act::<OnlinePost>(desk, agent, id, "draft", json!({"text": "稿"}))),
            "company_review_missing"
        );
        step(manager, "review_measures", json!({"granted": true}));
    }
    step(head, "report_group", json!({"text": "事实与措施已上报"}));
    let draft = step(agent, "draft", json!({"text": "本周内更换控制柜，热线已增加一人。"})).draft.unwrap();
    step(head, "decide", json!({"granted": true, "digest": draft.digest}));
    (id, post.paper.case.unwrap())
}

/// PROP-71, PROP-72, PROP-75, PROP-76: from the post to the public reply; the reply
/// leaves only when every point is answered, and meets the clock of measures.
#[test]
fn a_post_is_answered_point_by_point_and_by_approval() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let agent = desk.appoint("agent", desk.root(), &[Post::Agent]);
        let head = desk.appoint("head", desk.root(), &[Post::Head]);
        let (id, case) = approved(&desk, (agent, head), None);
        let again = open::<OnlinePost>(&desk, agent, post_of(&desk, desk.root(), &[]));
        assert_eq!(again.unwrap_err().code(), "paper_exists", "the same thread is one item");
        assert_eq!(told(&desk, agent).len(), told(&desk, agent).len());
        let publish = json!({"url": "https://forum.example/t/1#13", "at": at(&desk, 0)});
        assert_eq!(why(act::<OnlinePost>(&desk, agent, id, "publish", publish.clone())), "points_unanswered");
        for point in [1, 2] {
            act::<OnlinePost>(&desk, agent, id, "tick_point", json!({"point": point, "text": "已写明"}))
                .unwrap();
        }
        // a word of the text changed after the approval: it is another content
        act::<OnlinePost>(&desk, agent, id, "draft", json!({"text": "本周内更换控制柜。"})).unwrap();
        assert_eq!(why(act::<OnlinePost>(&desk, agent, id, "publish", publish.clone())), "paper_state");
        let stale = json!({"granted": true, "digest": "0".repeat(64)});
        assert_eq!(why(act::<OnlinePost>(&desk, head, id, "decide", stale)), "approval_stale");
        let draft = visible::<OnlinePost>(&desk, head, id).unwrap().draft.unwrap();
        let granted = json!({"granted": true, "digest": draft.digest});
        assert_eq!(why(act::<OnlinePost>(&desk, agent, id, "decide", granted.clone())), "not_permitted");
        act::<OnlinePost>(&desk, head, id, "decide", granted).unwrap();
        let done = act::<OnlinePost>(&desk, agent, id, "publish", publish).unwrap();
        assert_eq!((done.state, done.replies.len()), (OnlinePostState::Replied, 1));
        let case = state_of(&desk, case);
        let measures =
            case.clocks.iter().find(|clock| clock.kind == huiyin_domain::clock::ClockKind::Measures);
        assert!(measures.unwrap().met_at.is_some(), "PROP-75: concrete measures were given");
        assert!(act::<OnlinePost>(&desk, agent, id, "close", json!({"reason": "已答复"})).is_ok());
    });
}

/// PROP-74: where many will read it, the company reviews measures and reply too.
#[test]
fn a_post_that_many_read_needs_the_company() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let agent = desk.appoint("agent", desk.root(), &[Post::Agent]);
        let head = desk.appoint("head", desk.root(), &[Post::Head]);
        let manager = desk.appoint("manager", desk.root(), &[Post::Manager]);
        let (id, _) = approved(&desk, (agent, head), Some(manager));
        let post = visible::<OnlinePost>(&desk, manager, id).unwrap();
        assert_eq!(post.state, OnlinePostState::Drafted, "the head alone is not enough");
        let granted = json!({"granted": true, "digest": post.draft.unwrap().digest});
        assert_eq!(
            why(act::<OnlinePost>(&desk, head, id, "decide", granted.clone())),
            "another_post_decides"
        );
        let done = act::<OnlinePost>(&desk, manager, id, "decide", granted).unwrap();
        assert_eq!(done.state, OnlinePostState::Approved);
    });
}

/// PROP-91: a follow-up joins with its heat; what it brings that is new is a case
/// of its own, linked, and one more point that must be answered.
#[test]
fn new_points_of_a_follow_up_are_counted_apart() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let agent = desk.appoint("agent", desk.root(), &[Post::Agent]);
        let head = desk.appoint("head", desk.root(), &[Post::Head]);
        let (id, case) = approved(&desk, (agent, head), None);
        let step = |step: &str, body: Value| act::<OnlinePost>(&desk, agent, id, step, body);
        let same = json!({"text": "顶", "at": at(&desk, 0)});
        assert_eq!(step("follow_up", same).unwrap().follow_ups[0].case, None, "nothing new, no case");
        let new = json!({"text": "车库也漏水", "at": at(&desk, 0), "new_points": ["车库漏水"]});
        let post = step("follow_up", new).unwrap();
        let apart = post.follow_ups[1].case.unwrap();
        assert_ne!(apart, case);
        assert_eq!(state_of(&desk, apart).relations[0].1, case);
        assert_eq!((post.points.len(), post.points[2].ticked), (3, None));
        let heat =
            step("measure_heat", json!({"at": at(&desk, 0), "replies": 140, "views": 9000})).unwrap().heat;
        assert_eq!(heat.iter().map(|seen| seen.replies).collect::<Vec<_>>(), [12, 140]);
        let back = step("measure_heat", json!({"at": at(&desk, -9), "replies": 3}));
        assert_eq!(why(back), "time_order");
    });
}

/// PROP-72, PROP-73, PROP-76: nobody answers in public past the post's own way, which
/// leads through an approval.
#[test]
fn a_case_with_a_post_has_no_other_public_reply() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let agent = desk.appoint("agent", desk.root(), &[Post::Agent]);
        let post = open::<OnlinePost>(&desk, agent, post_of(&desk, desk.root(), &["电梯常停"])).unwrap();
        let reply = |carrier: &str| {
            use huiyin_domain::case::{Command, CommandKind};
            let body = json!({"kind": "measures", "carrier": carrier, "text": "马上修", "proof": "贴 13"});
            let command = Command::read(CommandKind::Reply, body).unwrap();
            let (app, case) = (desk.app.clone(), post.paper.case.unwrap());
            desk.run_as(desk.ctx(agent), move |tx, ctx| {
                huiyin_app::case::act(tx, ctx, &app.rules, (case, None), command).map(drop)
            })
        };
        assert_eq!(reply("post").unwrap_err().code(), "public_reply_by_post");
        assert_eq!(reply("public_page").unwrap_err().code(), "public_reply_by_post");
        reply("message").unwrap();
        let bad = |field: &str, value: Value| {
            let mut new = post_of(&desk, desk.root(), &[]);
            new[field] = value;
            why(open::<OnlinePost>(&desk, agent, new))
        };
        assert_eq!(bad("url", json!("javascript:alert(1)")), "address_malformed");
        assert_eq!(bad("posted_at", json!(at(&desk, 2))), "in_the_future");
        assert_eq!(bad("unit", json!(Uuid::from_u128(9))), "unknown_unit");
        assert_eq!(bad("case", json!(Uuid::from_u128(9))), "unknown_case");
    });
}

/// PROP-18, PROP-19, X-12: in writing, followed up, published before it closes.
#[test]
fn a_letter_to_an_authority_is_followed_up_and_published() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let agent = desk.appoint("agent", desk.root(), &[Post::Agent]);
        let lead = desk.appoint("lead", desk.root(), &[Post::Lead]);
        let case = desk.complaint(agent, desk.root());
        let new = json!({"unit": desk.root(), "case": case, "authority": "供水公司", "letter": "水压不足，请派人检修"});
        let id = open::<AuthorityFile>(&desk, agent, new).unwrap().id;
        let step = |by: PersonId, step: &str, body: Value| act::<AuthorityFile>(&desk, by, id, step, body);
        assert_eq!(why(step(agent, "answer", json!({"text": "x", "at": at(&desk, 0)}))), "paper_state");
        let past = json!({"at": at(&desk, 0), "next": at(&desk, -1)});
        assert_eq!(why(step(agent, "send", past)), "in_the_past");
        step(agent, "send", json!({"at": at(&desk, 0), "reference": "函 7 号", "next": at(&desk, 24)}))
            .unwrap();
        desk.after(24 * HOUR);
        assert!(told(&desk, agent).contains(&"authority_follow_up".to_owned()));
        step(agent, "follow_up", json!({"text": "说下周来", "next": at(&desk, 96)})).unwrap();
        desk.after(49 * HOUR); // three days after the letter left
        assert!(told(&desk, lead).contains(&"publication_due".to_owned()));
        step(agent, "answer", json!({"text": "已排入计划", "at": at(&desk, 0)})).unwrap();
        assert_eq!(why(step(lead, "close", json!({"reason": "已修好"}))), "publication_missing");
        let notice = json!({"text": "供水公司已排期", "place": "notice_board", "at": at(&desk, 0)});
        step(agent, "publish", notice).unwrap();
        assert_eq!(why(step(agent, "close", json!({"reason": "已修好"}))), "not_permitted");
        assert_eq!(
            step(lead, "close", json!({"reason": "已修好"})).unwrap().state,
            AuthorityFileState::Closed
        );
    });
}

/// DESK-10, DESK-11, X-55: each opinion needs a result and an answer; a justified
/// refusal is a result.
#[test]
fn each_opinion_of_a_visit_is_answered() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let visitor = desk.appoint("visitor", desk.root(), &[Post::Visitor]);
        let new = json!({"unit": desk.root(), "visited_at": at(&desk, -1), "form": "home",
            "opinions": ["楼道灯暗", "希望免物业费"]});
        let opened = open::<VisitRecord>(&desk, visitor, new).unwrap();
        let step = |step: &str, body: Value| act::<VisitRecord>(&desk, visitor, opened.id, step, body);
        let answer = |item: u32| json!({"item": item, "text": "已回电", "carrier": "spoken"});
        assert_eq!(why(step("answer", answer(1))), "result_missing");
        step("resolve", json!({"item": 1, "text": "已换灯"})).unwrap();
        assert_eq!(step("answer", answer(1)).unwrap().handled(), (2, 1));
        assert_eq!(why(step("resolve", json!({"item": 1, "text": "再换"}))), "item_answered");
        assert_eq!(why(step("resolve", json!({"item": 3, "text": "x"}))), "unknown_item");
        step("resolve", json!({"item": 2, "text": "合同约定，不能免", "refused": true})).unwrap();
        let done = step("answer", answer(2)).unwrap();
        assert_eq!((done.state, done.handled()), (VisitRecordState::Answered, (2, 2)));
        let more = step("add", json!({"text": "电梯有异响"})).unwrap();
        assert_eq!((more.state, more.handled()), (VisitRecordState::Open, (3, 2)));
    });
}

/// SUP-16, SUP-17, X-48: told at once, the top after a quarter of an hour, each
/// acknowledges, and nothing ends before the top was informed.
#[test]
fn a_major_fault_is_told_at_once_and_tracked_to_its_end() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let side = desk.unit("side", UnitLevel::Estate, desk.root());
        let cleaner = desk.appoint("cleaner", side, &[Post::Employee]);
        let signer = desk.appoint("signer", desk.root(), &[Post::Agent]);
        let manager = desk.appoint("manager", desk.root(), &[Post::Manager]);
        let gm = desk.appoint("gm", desk.root(), &[Post::Gm]);
        let new = json!({"unit": desk.root(), "since": at(&desk, -1), "place": "二期泵房", "symptom": "全区停水",
            "signer": signer});
        let id = open::<Fault>(&desk, cleaner, new).unwrap().id;
        let step = |by: PersonId, step: &str, body: Value| act::<Fault>(&desk, by, id, step, body);
        desk.after(60);
        assert!(told(&desk, manager).contains(&"fault_reported".to_owned()));
        assert!(told(&desk, signer).contains(&"fault_reported".to_owned()));
        assert!(!told(&desk, gm).contains(&"fault_unacknowledged".to_owned()));
        desk.after(14 * 60);
        assert!(told(&desk, gm).contains(&"fault_unacknowledged".to_owned()));
        assert_eq!(why(step(signer, "resolve", json!({"text": "x"}))), "paper_state");
        let taken = step(manager, "acknowledge", json!({})).unwrap();
        assert_eq!(taken.state, FaultState::Tracked);
        assert_eq!(why(step(manager, "acknowledge", json!({}))), "acknowledged_already");
        assert_eq!(why(step(signer, "resolve", json!({"text": "泵已换"}))), "plan_missing");
        step(signer, "plan", json!({"text": "换泵，两小时"})).unwrap();
        step(signer, "resolve", json!({"text": "泵已换"})).unwrap();
        assert_eq!(why(step(manager, "close", json!({"text": "完"}))), "top_not_informed");
        step(manager, "inform_top", json!({"text": "泵房故障，已恢复"})).unwrap();
        assert_eq!(why(step(manager, "close", json!({"text": "完"}))), "not_acknowledged");
        step(signer, "acknowledge", json!({})).unwrap();
        assert_eq!(step(manager, "close", json!({"text": "完"})).unwrap().state, FaultState::Closed);
    });
}

/// PROP-86, ASM-16, ASM-17, ASM-18, X-50: evidence, the employee's word, proof from
/// outside the unit, the manager's decision, the appeal; known to nobody else.
#[test]
fn misconduct_is_proven_before_it_is_punished_and_stays_confidential() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let side = desk.unit("side", UnitLevel::Estate, desk.root());
        let lin = desk.appoint("lin", side, &[Post::Agent]);
        let colleague = desk.appoint("colleague", side, &[Post::Agent, Post::Head]);
        let lead = desk.appoint("lead", side, &[Post::Lead]);
        let insider = desk.appoint("insider", side, &[Post::Supervision]);
        let watch = desk.appoint("watch", desk.root(), &[Post::Supervision]);
        let manager = desk.appoint("manager", desk.root(), &[Post::Manager]);
        let gm = desk.appoint("gm", desk.root(), &[Post::Gm]);
        let case = desk.complaint(lead, side);
        let new =
            json!({"unit": side, "person": lin, "case": case, "ground": "quarrel", "account": "与住户争吵"});
        let own = json!({"unit": side, "person": lead, "ground": "other", "account": "x"});
        assert_eq!(why(open::<Misconduct>(&desk, lead, own)), "own_record");
        let id = open::<Misconduct>(&desk, lead, new).unwrap().id;
        for stranger in [colleague, desk.admin] {
            assert_eq!(visible::<Misconduct>(&desk, stranger, id).unwrap_err().class(), Class::NotFound);
            assert_eq!(seen::<Misconduct>(&desk, stranger), 0);
            let tried = act::<Misconduct>(&desk, stranger, id, "state", json!({"text": "x"}));
            assert_eq!(tried.unwrap_err().class(), Class::NotFound);
        }
        for knowing in [lin, lead, watch, manager] {
            assert!(visible::<Misconduct>(&desk, knowing, id).is_ok());
            assert_eq!(seen::<Misconduct>(&desk, knowing), 1);
        }
        let step = |by: PersonId, step: &str, body: Value| act::<Misconduct>(&desk, by, id, step, body);
        let proven = json!({"established": true, "text": "调看录像，双方陈述一致"});
        assert_eq!(why(step(watch, "verify", proven.clone())), "evidence_missing");
        step(watch, "add_evidence", json!({"text": "大堂录像"})).unwrap();
        assert_eq!(why(step(insider, "verify", proven.clone())), "own_unit");
        let ruling = json!({"penalty": "major_demerit", "reason": "查实顶撞住户", "measures": "登门道歉"});
        assert_eq!(why(step(manager, "decide", ruling.clone())), "paper_state");
        step(watch, "verify", proven).unwrap();
        assert_eq!(why(step(manager, "decide", ruling.clone())), "statement_missing");
        assert_eq!(why(step(lead, "state", json!({"text": "x"}))), "not_permitted");
        step(lin, "state", json!({"text": "我当时态度不好"})).unwrap();
        assert_eq!(why(step(watch, "decide", ruling.clone())), "not_permitted");
        let decided = step(manager, "decide", ruling).unwrap();
        assert_eq!(
            (decided.prescribed, decided.state),
            (Some(Penalty::MajorDemerit), MisconductState::Decided)
        );
        step(lin, "appeal", json!({"text": "处分过重"})).unwrap();
        let milder = json!({"penalty": "warning", "reason": "初犯，已取得谅解"});
        assert_eq!(why(step(manager, "decide_appeal", milder.clone())), "not_permitted");
        let last = step(gm, "decide_appeal", milder).unwrap();
        assert_eq!(last.appeal_decision.unwrap().penalty, Penalty::Warning);
        assert_eq!(why(step(lin, "appeal", json!({"text": "再申诉"}))), "said_already");
        assert_eq!(
            step(manager, "close", json!({"reason": "已执行"})).unwrap().state,
            MisconductState::Closed
        );
    });
}

/// DEPT-7: an attitude complaint is shown to the manager, and goes up when the
/// manager leaves it; ASM-17: nothing follows from what is not proven.
#[test]
fn an_attitude_record_left_alone_goes_up() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let lin = desk.appoint("lin", desk.root(), &[Post::Agent]);
        let lead = desk.appoint("lead", desk.root(), &[Post::Lead]);
        let manager = desk.appoint("manager", desk.root(), &[Post::Manager]);
        let deputy = desk.appoint("deputy", desk.root(), &[Post::DeputyGm]);
        let office = desk.unit("office", UnitLevel::Department, desk.root());
        let clerk = desk.appoint("clerk", office, &[Post::Office]);
        let new =
            json!({"unit": desk.root(), "person": lin, "ground": "attitude", "account": "对经销商说教"});
        let id = open::<Misconduct>(&desk, lead, new).unwrap().id;
        desk.after(0);
        assert!(told(&desk, manager).contains(&"misconduct_recorded".to_owned()));
        assert!(told(&desk, lin).contains(&"misconduct_statement_asked".to_owned()));
        assert_eq!(
            visible::<Misconduct>(&desk, clerk, id).unwrap_err().class(),
            Class::NotFound,
            "not above the unit"
        );
        desk.after(25 * HOUR);
        assert!(told(&desk, deputy).contains(&"misconduct_unacknowledged".to_owned()));
        act::<Misconduct>(&desk, manager, id, "acknowledge", json!({})).unwrap();
        act::<Misconduct>(&desk, manager, id, "add_evidence", json!({"text": "来信"})).unwrap();
        act::<Misconduct>(&desk, manager, id, "record_refusal", json!({"reason": "本人不愿陈述"})).unwrap();
        let refused = act::<Misconduct>(
            &desk,
            manager,
            id,
            "verify",
            json!({"established": false, "text": "查无实据"}),
        );
        assert_eq!(why(refused), "own_unit", "the manager belongs to the unit");
    });
}

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
