//! One click from a call to its case, and the calls in a case's history.

use huiyin_domain::call::facts::CallDirection;
use huiyin_domain::call::floor::Happening;
use huiyin_domain::call::record::Call;
use huiyin_domain::case::body::ContactMade;
use huiyin_domain::case::{Channel, Command, Direction, Kind};
use huiyin_domain::ids::{CallId, CaseId, PartyId, UnitId};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Scope;
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use huiyin_store::call::list::{self as rows, CallFilter};
use huiyin_store::call::{call as whole, unit_of};
use huiyin_store::case::read;
use huiyin_store::party as parties;
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

use super::Effect;
use super::floor::happen;
use super::list::{CallSeen, get, seen};
use crate::audit::{self, Object};
use crate::case::{self, NewCase, Numbers, Rules, visible};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::hints::Hint;
use crate::party::Reporter;
use crate::policy::{self, Target, action};

/// The most calls of one case that its history shows.
const MOST: u32 = 500;

/// What an agent says of the case that a call begins; channel, number and customer
/// come from the call.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseOfCall {
    /// What it is about.
    pub kind: Kind,
    /// The message, in the customer's words.
    pub text: Text,
    /// A short title.
    #[serde(default)]
    pub title: Option<Text>,
    /// Category as the customer put it.
    #[serde(default)]
    pub category: Option<String>,
    /// The unit; that of the customer or line, where the agent works there, else the
    /// agent's own when not said.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// The customer, where the call does not say it.
    #[serde(default)]
    pub party: Option<PartyId>,
    /// The caller's name, where nobody is known.
    #[serde(default)]
    pub name: Option<Text>,
}

/// The case of a call after one click.
#[derive(Clone, Debug)]
pub struct Clicked {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Its version.
    pub version: u64,
    /// The call as it is then.
    pub call: CallSeen,
    /// What follows from the change.
    pub follows: (Vec<Effect>, Vec<Hint>),
}

/// Gives a call to its agent for one click; another's is for who watches the floor.
fn of_agent(tx: &mut Tx<'_>, ctx: &Ctx, id: CallId) -> Result<Call, Error> {
    get(tx, ctx, id)?;
    policy::permit(&ctx.actor, action::TakeCalls, Target::Anywhere)?;
    whole(tx, ctx.org(), id)?.ok_or_else(Error::not_found)
}

/// Records a case of what a call is about, and links them.
///
/// # Errors
/// `not_found`, `forbidden`; `call_has_case` with the case; what recording a case
/// refuses.
pub fn make_case(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (rules, numbers): (&Rules, &Numbers),
    (id, new): (CallId, CaseOfCall),
) -> Result<Clicked, Error> {
    let call = of_agent(tx, ctx, id)?;
    if let Some(case) = call.case {
        return Err(Error::conflict("call_has_case").with("case", case.to_string()));
    }
    let party = new.party.or(call.party);
    let unit = match new.unit {
        Some(unit) => Some(unit),
        None => place(tx, ctx, &call, party)?,
    };
    let number = call.number().filter(|number| huiyin_domain::phone::digits(number).is_some());
    let reporter = (party.is_none() && (number.is_some() || new.name.is_some())).then(|| Reporter {
        name: new.name.clone(),
        phone: number.map(str::to_owned),
        address: None,
        household: None,
    });
    let case = NewCase {
        kind: new.kind,
        channel: Channel::Phone,
        text: new.text,
        title: new.title,
        source: None,
        unit,
        category: new.category,
        party,
        reporter,
        persons: None,
        anonymous: false,
        no_usable_contact: false,
        fields: BTreeMap::new(),
        received_at: Some(call.arrived_at.min(ctx.now)),
        collected_at: None,
        suggested: None,
        external_id: None,
    };
    let (made, sight) = case::create(tx, ctx, rules, numbers, case)?;
    let known = read::case(tx, ctx.org(), made.id)?;
    let party = known.and_then(|loaded| loaded.case.parties.first().map(|one| one.party)).or(party);
    let hint = Hint::case(ctx.org(), (made.id, made.version), sight);
    clicked(tx, ctx, (id, party, hint), (made.id, made.number, made.version))
}

/// The unit of the customer, else of the line, where the agent holds a post.
fn place(tx: &mut Tx<'_>, ctx: &Ctx, call: &Call, party: Option<PartyId>) -> Result<Option<UnitId>, Error> {
    let lives = match party {
        Some(party) => parties::get(tx, ctx.org(), party)?.and_then(|row| row.unit),
        None => None,
    };
    let line = match call.line {
        Some(_) => Some(unit_of(tx, ctx.org(), call.id)?),
        None => None,
    };
    for unit in lives.into_iter().chain(line) {
        let path = units::path(tx, ctx.org(), unit, ctx.now)?;
        if !ctx.actor.posts_at(&path).is_empty() {
            return Ok(Some(unit));
        }
    }
    Ok(None)
}

/// Continues a case with a call: a contact of the case, and the link.
///
/// # Errors
/// `not_found`, `forbidden`; `call_has_case` where it is another's; what the contact
/// refuses, such as `action_closed`.
pub fn continue_case(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (id, case, text): (CallId, CaseId, Option<Text>),
) -> Result<Clicked, Error> {
    let call = of_agent(tx, ctx, id)?;
    let (before, _) = visible(tx, ctx, case)?;
    if let Some(other) = call.case {
        return Err(Error::conflict("call_has_case").with("case", other.to_string()));
    }
    let text = match text {
        Some(text) => text,
        None => said(ctx, &call)?,
    };
    let theirs = before.case.parties.first().map(|one| one.party);
    let party = call.party.or(theirs);
    let contact = ContactMade {
        text,
        person: None,
        direction: if call.direction == CallDirection::In { Direction::Inbound } else { Direction::Outbound },
        channel: Channel::Phone,
        party,
        asks_progress: false,
        confirms_facts: false,
    };
    let acted = case::act(tx, ctx, rules, (case, None), Command::Contact(contact))?;
    let now = (case, acted.case.number.clone(), acted.case.version);
    let hint = Hint::case(ctx.org(), (case, acted.case.version), acted.sight);
    clicked(tx, ctx, (id, party, hint), now)
}

/// What stands in the contact where the agent wrote nothing yet.
fn said(ctx: &Ctx, call: &Call) -> Result<Text, Error> {
    let text = match (ctx.locale, call.direction) {
        (Locale::ZhCn, CallDirection::In) => "客户来电，内容见通话记录。",
        (Locale::ZhCn, _) => "致电客户，内容见通话记录。",
        (Locale::En, CallDirection::In) => "The customer called; see the call.",
        (Locale::En, _) => "We called the customer; see the call.",
    };
    Text::new(text).map_err(Error::internal)
}

fn clicked(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (id, party, hint): (CallId, Option<PartyId>, Hint),
    (case, number, version): (CaseId, String, u64),
) -> Result<Clicked, Error> {
    hint.tell(tx, ctx)?;
    let (effects, mut hints) = happen(tx, ctx, Happening::Linked(id, party, Some(case)))?;
    hints.push(hint);
    audit::record(tx, ctx, "call_linked", Object::new("call", id), json!({"case": case}))?;
    Ok(Clicked { case, number, version, call: get(tx, ctx, id)?, follows: (effects, hints) })
}

/// A call in the history of a case.
#[derive(Clone, Debug)]
pub struct CallOfCase {
    /// The call; its number as the reader may see it.
    pub call: CallSeen,
    /// Whether the reader may listen to its recordings.
    pub may_listen: bool,
}

/// Gives the calls of a case that arrived in a stretch of time, oldest first.
///
/// Who sees the case sees them, and listens where the calls themselves let them.
///
/// # Errors
/// `not_found` when the case is not there or not for this person to know.
pub fn calls_of_case(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    case: CaseId,
    (from, to): (Option<Timestamp>, Option<Timestamp>),
) -> Result<Vec<CallOfCase>, Error> {
    if !case::sees_all_of(tx, ctx, case)? {
        return Ok(Vec::new());
    }
    let everything = Scope::everything(ctx.org(), ctx.actor.person);
    let filter = CallFilter { case: Some(case), from, to, limit: MOST, ..CallFilter::default() };
    let found = rows::calls(tx, &everything, &filter, ctx.now)?;
    let views = policy::permit(&ctx.actor, action::ViewCalls, Target::Anywhere).is_ok();
    let reached: BTreeSet<CallId> = if views {
        rows::calls(tx, &ctx.actor.scope(), &filter, ctx.now)?.iter().map(|row| row.call.id).collect()
    } else {
        BTreeSet::new()
    };
    let listens = policy::permit(&ctx.actor, action::ListenRecordings, Target::Anywhere).is_ok();
    let mut all = Vec::new();
    for row in found.into_iter().rev() {
        let mine = row.call.agents.contains(&ctx.actor.person);
        let may_listen = reached.contains(&row.call.id) && (mine || listens);
        all.push(CallOfCase { call: seen(tx, ctx, row)?, may_listen });
    }
    Ok(all)
}
