//! What leaves the house: replies to posts, letters to authorities, publications.

use super::super::authority_file::{AuthorityFile, AuthorityFileState, NewAuthorityFile};
use super::super::online_post::{NewOnlinePost, OnlinePost, OnlinePostState, OnlinePostStep};
use super::super::publication::{NewPublication, Publication, PublicationOf, PublicationState};
use super::*;
use crate::ids::CaseId;
use serde_json::json;

const COMPANY: [Post; 3] = [Post::Manager, Post::DeputyGm, Post::Gm];

fn post_body(post: &OnlinePost, step: &str, facts: &PaperFacts<'_>, choice: u8) -> Option<Value> {
    let ruling = |digest: Option<&String>| json!({ "granted": !choice.is_multiple_of(4), "text": "意见", "digest": digest });
    Some(match step {
        "pass_on" => json!({ "unit": here(), "person": holder(Post::Department) }),
        "find" => json!({ "facts": "控制柜老化", "measures": format!("{choice} 日内更换") }),
        "decide_measures" | "review_measures" => ruling(None),
        "decide" => ruling(post.draft.as_ref().map(|draft| &draft.digest)),
        "tick_point" => {
            let point = usize::from(choice) % post.points.len().max(1) + 1;
            json!({ "point": point, "text": "第一段" })
        }
        "measure_heat" => json!({ "at": facts.now, "replies": choice }),
        "follow_up" => json!({ "text": "我家也是", "at": facts.now, "new_points": [] }),
        "mark_wide" => json!({ "wide": choice.is_multiple_of(2), "reason": "跟帖过百" }),
        "draft" => json!({ "text": format!("答复第 {} 稿", choice % 3), "attachments": [] }),
        "publish" => json!({ "url": "https://forum.example/t/1#9", "at": facts.now }),
        "close" => json!({ "reason": "已了结" }),
        _ => json!({ "text": "电话没人接" }),
    })
}

/// Says whether a post granted exactly one content, the last time it was asked.
fn granted(post: &OnlinePost, digest: &str, by: Post) -> bool {
    let of = post.approvals.iter().rev().find(|one| one.post == by && one.digest == digest);
    of.is_some_and(|one| one.granted)
}

fn post_holds(taken: &Taken<'_, OnlinePost>) {
    let (before, after, me) = (taken.before, taken.after, taken.facts.actor);
    match taken.step {
        OnlinePostStep::Publish(_) => {
            let draft = before.draft.as_ref().unwrap();
            assert!(!before.points.is_empty(), "nothing was answered");
            assert!(before.points.iter().all(|point| point.ticked.is_some()), "a point is unanswered");
            assert!(granted(before, &draft.digest, Post::Head), "the head never granted this text");
            assert!(!before.wide || granted(before, &draft.digest, Post::Manager), "the company never did");
            assert!(before.reported.is_some(), "the group does not know");
            assert_eq!(after.replies.last().map(|reply| &reply.text), Some(&draft.text));
        }
        OnlinePostStep::Decide(ruled) => {
            let draft = before.draft.as_ref().unwrap();
            assert_ne!(me.person, draft.mark.by, "granted by who wrote it");
            assert_eq!(ruled.digest.as_ref(), Some(&draft.digest));
            let level = after.approvals.last().unwrap().post;
            let holds = me.posts.contains(&level) || COMPANY.iter().any(|post| me.posts.contains(post));
            assert!(holds, "decided as {level:?} by {:?}", me.posts);
        }
        OnlinePostStep::Draft(_) => {
            assert!(!after.wide || after.review.as_ref().is_some_and(|review| review.granted), "PROP-74");
        }
        OnlinePostStep::DecideMeasures(_) | OnlinePostStep::ReviewMeasures(_) => {
            assert_ne!(me.person, before.finding.as_ref().unwrap().mark.by);
        }
        _ => assert_eq!(before.approvals, after.approvals, "nothing else approves"),
    }
    let out = matches!(after.state, OnlinePostState::Replied | OnlinePostState::Closed);
    assert!(!out || !after.replies.is_empty());
    assert!(after.state != OnlinePostState::Approved || after.draft.is_some(), "approved, but what?");
    let numbers: Vec<u32> = after.points.iter().map(|point| point.id).collect();
    assert!(numbers.iter().copied().eq(1..=numbers.len() as u32), "points keep their numbers");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// PROP-72, PROP-74, PROP-76: a public reply leaves the house with every point
    /// answered, exactly as it was granted, by each post that must, and reported.
    #[test]
    fn a_reply_leaves_answered_granted_and_reported(turns in turns(), points in 0..3_usize) {
        let life = Life {
            new: NewOnlinePost {
                unit: here(),
                case: None,
                platform: text("业主论坛"),
                url: "https://forum.example/t/1".to_owned(),
                author: None,
                text: text("电梯又停了"),
                posted_at: began(),
                replies: Some(3),
                points: vec![text("电梯停"); points],
            },
            begun_by: Some(Post::Agent),
            body: post_body,
            holds: post_holds,
        };
        life.live(&turns);
    }

    /// PROP-77, X-14: what is up was approved exactly as it is, by somebody who
    /// neither drafted nor submitted it.
    #[test]
    fn nothing_is_published_that_was_not_approved_as_it_is(turns in turns()) {
        let life = Life {
            new: NewPublication {
                unit: here(),
                of: PublicationOf::Monthly,
                month: Some("2026-02".to_owned()),
                case: None,
                due_at: hours_after(began(), 70),
            },
            begun_by: None,
            body: |paper: &Publication, step: &str, facts: &PaperFacts<'_>, choice: u8| Some(match step {
                "draft" => json!({ "items": [{ "case": CaseId(Uuid::from_u128(9)),
                    "matter": format!("积水 {}", choice % 3), "handling": "已疏通" }] }),
                "approve" => json!({ "digest": paper.content() }),
                "publish" => json!({ "places": ["notice_board"], "at": facts.now }),
                "submit" | "ask" => json!({}),
                _ => json!({ "reason": "原因" }),
            }),
            holds: |taken: &Taken<'_, Publication>| {
                let paper = taken.after;
                let up = matches!(paper.state, PublicationState::Approved | PublicationState::Published);
                if up {
                    let granted = paper.approved.as_ref().unwrap();
                    assert_eq!(granted.digest, paper.content());
                    let wrote = [paper.drafted, paper.submitted].map(|mark| mark.and_then(|mark| mark.by));
                    assert!(!wrote.contains(&granted.mark.by), "approved by its own author");
                }
                assert!(paper.state != PublicationState::Nothing || paper.nothing.is_some());
                assert!(paper.state != PublicationState::Withdrawn || paper.withdrawn.is_some());
            },
        };
        life.live(&turns);
    }

    /// PROP-18, PROP-19: a letter to an authority is never closed in silence.
    #[test]
    fn a_letter_to_an_authority_is_not_closed_in_silence(turns in turns()) {
        let life = Life {
            new: NewAuthorityFile {
                unit: here(),
                case: CaseId(Uuid::from_u128(9)),
                authority: text("水务局"),
                letter: text("请修复市政水管"),
            },
            begun_by: Some(Post::Agent),
            body: |_: &AuthorityFile, step: &str, facts: &PaperFacts<'_>, choice: u8| {
                let next = hours_after(facts.now, i64::from(choice) + 1);
                Some(match step {
                    "send" => json!({ "at": facts.now, "next": next }),
                    "follow_up" => json!({ "text": "已去电", "next": next }),
                    "answer" => json!({ "text": "下周施工", "at": facts.now, "next": next }),
                    "publish" => json!({ "text": "进展", "place": "notice_board", "at": facts.now }),
                    "close" => json!({ "reason": "已修复" }),
                    _ => json!({}),
                })
            },
            holds: |taken: &Taken<'_, AuthorityFile>| {
                let (before, after) = (taken.before, taken.after);
                assert!(after.state == AuthorityFileState::Draft || after.sent_at.is_some());
                let silent = after.state == AuthorityFileState::Closed && after.publications.is_empty();
                assert!(!silent, "closed without telling the residents");
                let grown = [
                    (before.follow_ups.len(), after.follow_ups.len()),
                    (before.answers.len(), after.answers.len()),
                    (before.publications.len(), after.publications.len()),
                ];
                assert!(grown.iter().all(|(before, after)| before <= after), "an entry went");
            },
        };
        life.live(&turns);
    }
}
