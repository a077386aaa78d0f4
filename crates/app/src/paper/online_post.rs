//! Online posts and their cases: one for the thread, one for what is new.

use std::collections::BTreeMap;

use huiyin_domain::case::body::Linked;
use huiyin_domain::case::{
    ApprovalOf, Carrier, Case, Channel, Command, CommandKind, Decision, Flag, Kind, Relation, ReplyKind,
    Stage,
};
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::paper::PaperKind;
use huiyin_domain::paper::online_post::{Followed, NewOnlinePost, OnlinePost, OnlinePostStep};
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::read as cases;
use huiyin_store::paper as rows;
use huiyin_store::sql::Tx;
use serde_json::{Value, json};
use uuid::Uuid;

use super::around::Around;
use super::change::Changed;
use crate::App;
use crate::case::{self, NewCase};
use crate::ctx::Ctx;
use crate::error::Error;

impl Around for OnlinePost {
    /// PROP-71: a post becomes a complaint of its own, where it is none yet.
    ///
    /// The clock of the case counts from the moment of posting (PROP-75).
    fn before_opening(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        app: &App,
        mut post: NewOnlinePost,
    ) -> Result<NewOnlinePost, Error> {
        if post.case.is_none() && post.posted_at <= ctx.now {
            post.case = Some(record(tx, ctx, app, (post.unit, post.posted_at), post.text.clone())?);
        }
        Ok(post)
    }

    /// PROP-91: what a follow-up brings that is new is counted apart.
    fn before_step(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        app: &App,
        (_, post): (Uuid, &Self),
        step: &OnlinePostStep,
    ) -> Result<OnlinePostStep, Error> {
        let OnlinePostStep::FollowUp(body) = step else { return Ok(step.clone()) };
        let case = followed(tx, ctx, app, post, body)?;
        Ok(OnlinePostStep::FollowUp(Followed { case, ..body.clone() }))
    }

    fn after_step(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        app: &App,
        changed: &Changed<Self>,
        step: &OnlinePostStep,
    ) -> Result<(), Error> {
        carry_over(tx, ctx, app, &changed.paper, step)
    }
}

fn followed(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    app: &App,
    post: &OnlinePost,
    body: &Followed,
) -> Result<Option<CaseId>, Error> {
    if let Some(named) = body.case {
        case::visible(tx, ctx, named).map_err(|_| Error::field("case", "unknown_case"))?;
        return Ok(Some(named));
    }
    let points: Vec<&str> = body.new_points.iter().map(Text::as_str).collect();
    let Ok(text) = Text::new(&points.join("\n")) else { return Ok(None) };
    if body.at > ctx.now {
        return Ok(None);
    }
    let id = record(tx, ctx, app, (post.unit, body.at), text)?;
    if let Some(other) = post.case {
        let link = Linked { text: None, relation: Relation::FollowsFrom, other };
        case::act(tx, ctx, &app.rules, (id, None), Command::Link(link))?;
    }
    Ok(Some(id))
}

/// Carries a step over to the case: its impact, the approval of exactly this
/// text by the pack's ladder (PROP-72, PROP-74), and the answer with concrete
/// measures (PROP-75).
///
/// # Errors
/// What the case refuses, while it is not closed.
fn carry_over(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    app: &App,
    post: &OnlinePost,
    step: &OnlinePostStep,
) -> Result<(), Error> {
    let Some(id) = post.case else { return Ok(()) };
    let case = cases::case(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?.case;
    if case.stage == Stage::Closed {
        return Ok(());
    }
    let mut act = |name: &str, body: Value| take(tx, ctx, app, id, (name, body));
    match step {
        OnlinePostStep::MarkWide(body) if body.wide != case.has(Flag::WideImpact) => {
            let name = if body.wide { "mark" } else { "unmark" };
            act(name, json!({"flag": Flag::WideImpact, "text": body.reason}))
        }
        OnlinePostStep::Draft(body) => {
            if let Some(pending) = waiting(&case, ctx.now) {
                act("withdraw_approval", json!({"approval": pending, "reason": "回复内容已重拟"}))?;
            }
            let files = &body.attachments;
            act(
                "request_approval",
                json!({"of": ApprovalOf::PublicReply, "text": body.text, "attachments": files}),
            )
        }
        OnlinePostStep::Decide(ruled) => match waiting(&case, ctx.now) {
            Some(approval) => {
                let decision = if ruled.granted { Decision::Granted } else { Decision::Returned };
                act(
                    "decide_approval",
                    json!({"approval": approval, "decision": decision, "comment": ruled.text}),
                )
            }
            None => Ok(()),
        },
        OnlinePostStep::Publish(_) => {
            let Some(reply) = post.replies.last() else { return Ok(()) };
            let body = json!({"text": reply.text, "proof": reply.url, "kind": ReplyKind::Measures,
                "carrier": Carrier::Post, "attachments": reply.attachments});
            act("reply", body)
        }
        _ => Ok(()),
    }
}

/// Finds the public reply that waits for a decision on the case.
fn waiting(case: &Case, now: Timestamp) -> Option<u32> {
    let mut open = case.round.approvals.iter().rev();
    open.find(|one| one.of == ApprovalOf::PublicReply && one.is_open(now)).map(|one| one.id)
}

/// Takes an action on the case in the same person's name.
fn take(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, id: CaseId, (name, body): (&str, Value)) -> Result<(), Error> {
    let version = cases::case(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?.case.version;
    let kind = CommandKind::parse(name).ok_or_else(|| Error::internal("an action of the case is gone"))?;
    let command = Command::read(kind, body).map_err(Error::internal)?;
    case::act(tx, ctx, &app.rules, (id, Some(version)), command).map(drop)
}

/// PROP-72, PROP-76: a public reply in a case that has a post leaves by the
/// post's own way, after its points and its approval.
///
/// # Errors
/// `public_reply_by_post` while no reply of the post has left.
pub(crate) fn may_reply(tx: &mut Tx<'_>, ctx: &Ctx, case: CaseId, command: &Command) -> Result<(), Error> {
    let Command::Reply(reply) = command else { return Ok(()) };
    if !matches!(reply.carrier, Carrier::Post | Carrier::PublicPage) {
        return Ok(());
    }
    for row in rows::of_case(tx, ctx.org(), PaperKind::OnlinePost, case)? {
        let post: OnlinePost = serde_json::from_str(&row.body).map_err(Error::internal)?;
        let sent = post.replies.last().is_some_and(|sent| sent.text == reply.text);
        if !sent {
            return Err(Error::conflict("public_reply_by_post").with("post", row.id.to_string()));
        }
    }
    Ok(())
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    app: &App,
    (unit, at): (UnitId, Timestamp),
    text: Text,
) -> Result<CaseId, Error> {
    let new = NewCase {
        kind: Kind::Complaint,
        channel: Channel::Online,
        text,
        title: None,
        source: None,
        unit: Some(unit),
        category: None,
        party: None,
        reporter: None,
        persons: None,
        anonymous: false,
        no_usable_contact: true,
        fields: BTreeMap::new(),
        received_at: Some(at),
        collected_at: None,
        suggested: None,
        external_id: None,
    };
    Ok(case::create(tx, ctx, &app.rules, &app.numbers, new)?.0.id)
}
