//! When the steps of an online post are open, to whom, and with what bodies.

use super::{OnlinePost, OnlinePostStep, Ruled, is_page};
use crate::case::{FieldReason, Reason};
use crate::pack::By;
use crate::paper::rule::OPEN;
use crate::paper::{PaperFacts, Rule, fault_unless, reason_unless};
use crate::people::Post;

const DESK: &[By] = &[By::Post(Post::Agent), By::Post(Post::Lead)];
const ACCUSED: &[By] = &[By::Asked, By::Post(Post::Department), By::Post(Post::Lead), By::Post(Post::Head)];
const HEAD: &[By] = &[By::Post(Post::Head)];
const COMPANY: &[By] = &[By::Post(Post::Manager), By::Post(Post::DeputyGm), By::Post(Post::Gm)];
const APPROVERS: &[By] =
    &[By::Post(Post::Head), By::Post(Post::Manager), By::Post(Post::DeputyGm), By::Post(Post::Gm)];
const WRITERS: &[By] = &[By::Post(Post::Agent), By::Post(Post::Lead), By::Post(Post::Spokesperson)];
/// Whoever reads along; the import of what a monitor found is nobody in person.
const WATCHERS: &[By] =
    &[By::Post(Post::Agent), By::Post(Post::Lead), By::Post(Post::Spokesperson), By::Clock];

const ALIVE: &[&str] =
    &["received", "passed_on", "found", "measures_approved", "drafted", "approved", "replied"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        step: OPEN,
        states: &[],
        by: &[By::Post(Post::Agent), By::Post(Post::Lead), By::Post(Post::Head), By::Clock],
        sources: &["PROP-71"],
    },
    Rule { step: "pass_on", states: &["received", "passed_on"], by: DESK, sources: &["PROP-71"] },
    Rule { step: "find", states: &["passed_on", "found"], by: ACCUSED, sources: &["PROP-72"] },
    Rule { step: "decide_measures", states: &["found"], by: HEAD, sources: &["PROP-72"] },
    Rule {
        step: "review_measures",
        states: &["measures_approved", "drafted"],
        by: COMPANY,
        sources: &["PROP-74"],
    },
    Rule {
        step: "report_group",
        states: &["measures_approved", "drafted", "approved"],
        by: &[By::Post(Post::Lead), By::Post(Post::Head)],
        sources: &["PROP-72"],
    },
    Rule { step: "add_point", states: ALIVE, by: WRITERS, sources: &["PROP-76"] },
    Rule { step: "tick_point", states: ALIVE, by: WRITERS, sources: &["PROP-76"] },
    Rule { step: "measure_heat", states: ALIVE, by: WATCHERS, sources: &["PROP-91"] },
    Rule { step: "follow_up", states: ALIVE, by: WATCHERS, sources: &["PROP-91"] },
    Rule {
        step: "mark_wide",
        states: &["received", "passed_on", "found", "measures_approved", "drafted", "approved"],
        by: DESK,
        sources: &["PROP-74"],
    },
    Rule {
        step: "draft",
        states: &["measures_approved", "drafted", "approved", "replied"],
        by: WRITERS,
        sources: &["PROP-75", "PROP-76"],
    },
    Rule { step: "decide", states: &["drafted"], by: APPROVERS, sources: &["PROP-72", "PROP-74", "X-14"] },
    Rule { step: "publish", states: &["approved"], by: WRITERS, sources: &["PROP-73", "PROP-76"] },
    Rule { step: "close", states: &["replied"], by: DESK, sources: &["PROP-76"] },
];

/// What else must be true, whatever the body.
pub(super) fn gates(post: &OnlinePost, step: &str, facts: &PaperFacts<'_>) -> Vec<Reason> {
    let me = facts.actor.person;
    match step {
        "decide_measures" | "review_measures" => {
            let finder = post.finding.as_ref().and_then(|finding| finding.mark.by);
            reason_unless(me != finder, "own_draft")
        }
        // PROP-74: where many will read it, the company reviews the measures first
        "draft" if post.wide && !post.review.as_ref().is_some_and(|review| review.granted) => {
            vec![Reason::new("company_review_missing").who(COMPANY)]
        }
        "decide" => {
            let writer = post.draft.as_ref().and_then(|draft| draft.mark.by);
            let mut reasons = reason_unless(me != writer, "own_draft");
            let level = if post.granted_by(Post::Head) { COMPANY } else { HEAD };
            let holds =
                level.iter().any(|by| matches!(by, By::Post(held) if facts.actor.posts.contains(held)));
            if !holds {
                reasons.push(Reason::new("another_post_decides").who(level));
            }
            reasons
        }
        "publish" => publishing(post),
        "tick_point" => reason_unless(!post.points.is_empty(), "points_missing"),
        "close" => points(post),
        _ => Vec::new(),
    }
}

/// PROP-72, PROP-74, PROP-76: what must be true before a reply leaves the house.
fn publishing(post: &OnlinePost) -> Vec<Reason> {
    let mut reasons = points(post);
    if !post.is_approved() {
        reasons.push(Reason::new("reply_not_approved").who(APPROVERS));
    }
    if post.reported.is_none() {
        reasons.push(Reason::new("group_not_told").who(&[By::Post(Post::Lead), By::Post(Post::Head)]));
    }
    reasons
}

/// PROP-76: the reply covers all points, and there is at least one.
fn points(post: &OnlinePost) -> Vec<Reason> {
    let open = post.points.iter().filter(|point| point.ticked.is_none()).count();
    if open == 0 && !post.points.is_empty() {
        return Vec::new();
    }
    vec![Reason::new("points_unanswered").who(WRITERS).params(&[("open", &open.to_string())])]
}

/// The fields of a body that are not acceptable.
pub(super) fn faults(post: &OnlinePost, step: &OnlinePostStep, facts: &PaperFacts<'_>) -> Vec<FieldReason> {
    let said = |ruled: &Ruled| fault_unless(ruled.granted || ruled.text.is_some(), "text", "required");
    match step {
        OnlinePostStep::DecideMeasures(ruled) | OnlinePostStep::ReviewMeasures(ruled) => said(ruled),
        OnlinePostStep::Decide(ruled) => {
            let digest = post.draft.as_ref().map(|draft| draft.digest.as_str());
            let read = match ruled.digest.as_deref() {
                None => fault_unless(false, "digest", "required"),
                named => fault_unless(named == digest, "digest", "approval_stale"),
            };
            [said(ruled), read].concat()
        }
        OnlinePostStep::AddPoint(_) => fault_unless(post.points.len() < 1000, "text", "list_length"),
        OnlinePostStep::TickPoint(body) => {
            fault_unless(post.points.iter().any(|point| point.id == body.point), "point", "unknown_item")
        }
        OnlinePostStep::MeasureHeat(body) => {
            let last = post.heat.last().map(|heat| heat.at);
            let mut faults = fault_unless(body.at <= facts.now, "at", "in_the_future");
            faults.extend(fault_unless(last.is_none_or(|last| last <= body.at), "at", "time_order"));
            faults
        }
        OnlinePostStep::FollowUp(body) => {
            let mut faults = fault_unless(body.at <= facts.now, "at", "in_the_future");
            faults.extend(fault_unless(body.at >= post.posted_at, "at", "time_order"));
            faults.extend(fault_unless(body.new_points.len() <= 50, "new_points", "list_length"));
            let page = body.url.as_deref().is_none_or(is_page);
            faults.extend(fault_unless(page, "url", "address_malformed"));
            faults
        }
        OnlinePostStep::Draft(body) => {
            fault_unless(body.attachments.len() <= 20, "attachments", "list_length")
        }
        OnlinePostStep::Publish(body) => {
            let mut faults = fault_unless(is_page(&body.url), "url", "address_malformed");
            faults.extend(fault_unless(body.at <= facts.now, "at", "in_the_future"));
            let written = post.draft.as_ref().map(|draft| draft.mark.at);
            faults.extend(fault_unless(written.is_none_or(|written| written <= body.at), "at", "time_order"));
            faults
        }
        OnlinePostStep::PassOn(_)
        | OnlinePostStep::Find(_)
        | OnlinePostStep::ReportGroup(_)
        | OnlinePostStep::MarkWide(_)
        | OnlinePostStep::Close(_) => Vec::new(),
    }
}
