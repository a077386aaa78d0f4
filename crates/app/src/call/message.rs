//! Messages for who is absent: taken, passed on in time, read, answered (TEL-20…22,
//! DESK-7).

use huiyin_domain::call::message::{MessageBody, MessageKey, MessageState, MessageStep, MessageWay};
use huiyin_domain::clock::LimitRule;
use huiyin_domain::ids::{CallId, CallMessageId, CaseId, PersonId};
use huiyin_domain::people::{Masking, Sensitive};
use huiyin_domain::text::Text;
use huiyin_store::call::message::{self as rows, MessageFilter, MessageRow};
use huiyin_store::call::{call as whole, unit_of};
use huiyin_store::people::{membership, person};
use huiyin_store::sql::Tx;
use serde_json::json;

use super::brief::name_of;
use super::clock::{self, CallClock};
use super::list::get as get_call;
use super::rules::phone_rules;
use crate::audit::{self, Object};
use crate::case::{Rules, fields_error, home, visible};
use crate::ctx::Ctx;
use crate::error::{Error, Params};
use crate::hints::{Audience, Hint};
use crate::notify::{self, Notice};
use crate::policy::{self, Target, action};

/// Topic of hints that a message changed.
pub const TOPIC: &str = "call_message";

/// A message as it is taken.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Whom it is for.
    pub recipient: PersonId,
    /// The call in which it is taken.
    pub call: Option<CallId>,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// What it says.
    pub body: MessageBody,
}

/// A message as a person sees it.
#[derive(Clone, Debug)]
pub struct MessageSeen {
    /// How it stands; name and number covered where the reader may not know them.
    pub row: MessageRow,
    /// Name of whom it is for.
    pub recipient: String,
    /// Name of who took it.
    pub taken_by: String,
    /// Whether it was not passed on in time (TEL-22).
    pub late: bool,
}

/// Which messages somebody wants to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageBox {
    /// For oneself.
    #[default]
    Mine,
    /// Taken by oneself.
    Taken,
    /// All that one's posts reach.
    All,
}

fn seen(tx: &mut Tx<'_>, ctx: &Ctx, mut row: MessageRow) -> Result<MessageSeen, Error> {
    let own = [row.recipient, row.taken_by].contains(&ctx.actor.person);
    if let Some(body) = row.body.as_mut().filter(|_| !own) {
        let posts: Vec<_> = ctx.actor.posts.iter().map(|held| held.post).collect();
        let masking = Masking::of(&posts);
        body.phone = masking.show(Sensitive::Phone, &body.phone);
        let name = masking.show(Sensitive::Name, body.name.as_str());
        body.name = Text::new(&name).map_err(Error::internal)?;
    }
    let (recipient, taken_by) = (name_of(tx, row.recipient)?, name_of(tx, row.taken_by)?);
    Ok(MessageSeen { late: row.way.is_late(ctx.now), row, recipient, taken_by })
}

fn hint(ctx: &Ctx, row: &MessageRow) -> Hint {
    Hint {
        org: ctx.org(),
        topic: TOPIC.into(),
        id: row.id.to_string(),
        version: row.version,
        audience: Audience::Persons(vec![row.recipient, row.taken_by]),
        present: None,
    }
}

/// What a notice says of a message: no word of the caller's.
pub(super) fn params(key: Option<MessageKey>, reply_needed: bool) -> Params {
    let key = key.map_or_else(|| "other".into(), |key| key.as_str().into());
    [("key".to_owned(), key), ("reply_needed".to_owned(), reply_needed.into())].into_iter().collect()
}

/// Takes a message for somebody, who is told at once.
///
/// # Errors
/// `forbidden`; `unknown_person` at `for`, `not_found` for call or case, or the fields
/// of the message that are not acceptable.
pub fn take_message(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    new: NewMessage,
) -> Result<(MessageSeen, Vec<Hint>), Error> {
    policy::permit(&ctx.actor, action::PassMessages, Target::Anywhere)?;
    let places = membership::of_person(tx, ctx.org(), new.recipient)?;
    let here = places.iter().any(|place| place.membership.valid.holds(ctx.now));
    if !here || !person::get(tx, new.recipient)?.is_some_and(|row| row.active) {
        return Err(Error::field("for", "unknown_person"));
    }
    let faults: Vec<_> = new.body.faults().into_iter().map(|fault| fault.within("message")).collect();
    if !faults.is_empty() {
        return Err(fields_error(&faults));
    }
    if let Some(case) = new.case {
        visible(tx, ctx, case).map_err(|_| Error::field("case", "unknown_case"))?;
    }
    let (unit, party) = match new.call {
        Some(call) => {
            get_call(tx, ctx, call).map_err(|_| Error::field("call", "unknown_call"))?;
            let party = whole(tx, ctx.org(), call)?.and_then(|call| call.party);
            (unit_of(tx, ctx.org(), call)?, party)
        }
        None => (home(ctx)?, None),
    };
    let limit = LimitRule::Duration(phone_rules(tx, ctx.org())?.deliver_minutes * 60);
    let held = rules.of(tx, ctx.org())?;
    let way =
        MessageWay::taken(ctx.now, new.body.reply_needed, limit, held.calendar()).map_err(Error::internal)?;
    let row = MessageRow {
        id: CallMessageId(ctx.uuid()),
        unit,
        recipient: new.recipient,
        taken_by: ctx.actor.person,
        call: new.call,
        case: new.case,
        party,
        done_at: None,
        body: Some(new.body),
        way,
        reply: None,
        version: 1,
    };
    rows::insert(tx, ctx.org(), &row)?;
    audit::record(tx, ctx, "call_message_taken", Object::new("call_message", row.id), json!({}))?;
    clock::wait(tx, ctx, CallClock::Message(row.id), way.deliver_by)?;
    let body = row.body.as_ref();
    let notice = Notice {
        source: format!("call_message:{}", row.id),
        case: row.case,
        why: "call_message".into(),
        params: params(body.map(|body| body.key), way.reply_needed),
        urgent: false,
    };
    let mut hints = notify::tell(tx, ctx, &notice, &[row.recipient], None)?;
    hints.push(told(tx, ctx, &row)?);
    Ok((seen(tx, ctx, row)?, hints))
}

fn told(tx: &mut Tx<'_>, ctx: &Ctx, row: &MessageRow) -> Result<Hint, Error> {
    let hint = hint(ctx, row);
    hint.tell(tx, ctx)?;
    Ok(hint)
}

/// Gives one message.
///
/// # Errors
/// `not_found` when it is not there or not for this person to know.
pub fn message(tx: &mut Tx<'_>, ctx: &Ctx, id: CallMessageId) -> Result<MessageSeen, Error> {
    let row = rows::seen(tx, &ctx.actor.scope(), id, ctx.now)?.ok_or_else(Error::not_found)?;
    seen(tx, ctx, row)
}

/// Lists messages, latest first.
///
/// # Errors
/// What the store gives.
pub fn messages(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (of, mut filter): (MessageBox, MessageFilter),
) -> Result<Vec<MessageSeen>, Error> {
    let me = Some(ctx.actor.person);
    match of {
        MessageBox::Mine => filter.recipient = me,
        MessageBox::Taken => filter.taken_by = me,
        MessageBox::All => {}
    }
    let found = rows::list(tx, &ctx.actor.scope(), &filter, ctx.now)?;
    found.into_iter().map(|row| seen(tx, ctx, row)).collect()
}

/// Takes a step with a message: passed on, read, answered (TEL-22).
///
/// Whom it is for reads and answers it; who took it may also have passed it on by word.
///
/// # Errors
/// `not_found`, `forbidden`; `message_done_already`, `message_needs_no_reply`; `stale`.
pub fn step_message(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CallMessageId,
    (step, note): (MessageStep, Option<Text>),
) -> Result<(MessageSeen, Vec<Hint>), Error> {
    let mut row = rows::seen(tx, &ctx.actor.scope(), id, ctx.now)?.ok_or_else(Error::not_found)?;
    policy::permit(&ctx.actor, action::PassMessages, Target::Anywhere)?;
    let me = ctx.actor.person;
    let may = row.recipient == me || (step == MessageStep::Deliver && row.taken_by == me);
    if !may {
        return Err(policy::denied(policy::Action::PassMessages));
    }
    row.way = row.way.step(step, ctx.now).map_err(|refused| Error::conflict(refused.code()))?;
    row.done_at = row.done_at.or((row.way.state() == MessageState::Done).then_some(ctx.now));
    row.reply = note.map(|note| note.as_str().to_owned()).or(row.reply);
    if !rows::step(tx, ctx.org(), &row)? {
        return Err(Error::stale().with("version", row.version));
    }
    row.version += 1;
    let details = json!({"step": step.as_str()});
    audit::record(tx, ctx, "call_message_stepped", Object::new("call_message", id), details)?;
    let hints = vec![told(tx, ctx, &row)?];
    Ok((seen(tx, ctx, row)?, hints))
}
