//! Online complaints: answered point by point, by approval.

use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::paper::online_post::{OnlinePost, OnlinePostState};
use huiyin_domain::people::Post;
use huiyin_testkit::engines::both_engines_migrated;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{act, at, open, told, visible, why};
use crate::errands::Errands;

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
        let unread = json!({"granted": true});
        assert_eq!(why(act::<OnlinePost>(&desk, head, id, "decide", unread)), "required");
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
