//! What may be done with a case now, by this person, and why not (D2).

use std::collections::BTreeMap;

use huiyin_domain::case::{CommandKind, Facts, advice, evaluate};
use huiyin_domain::ids::CaseId;
use huiyin_store::case::read;
use huiyin_store::sql::Tx;
use serde::Serialize;

use super::act::actor_at;
use super::rules::Rules;
use super::sight::sight_of;
use crate::approval::house_for;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy;

/// One action and whether some body of it would be accepted.
#[derive(Clone, Debug, Serialize)]
pub struct ActionView {
    /// Name of the action.
    pub action: &'static str,
    /// True when some body is accepted now.
    pub open: bool,
    /// Why not, and who can open it.
    pub reasons: Vec<ReasonView>,
    /// What the pack recommends before it and is not done; never a condition.
    pub advice: Vec<ReasonView>,
}

/// One reason why an action is closed.
#[derive(Clone, Debug, Serialize)]
pub struct ReasonView {
    /// Stable code.
    pub code: &'static str,
    /// Values that the text names.
    pub params: BTreeMap<String, String>,
    /// Who can open it: `owner`, `handler` or a post.
    pub who: Vec<&'static str>,
    /// Sources of the rule that asks for it.
    pub sources: Vec<String>,
}

/// Lists every action of the case's pack, open or closed.
///
/// # Errors
/// `not_found` when the case is not there or not for this person to know.
pub fn actions(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    id: CaseId,
) -> Result<(u64, Vec<ActionView>), Error> {
    let loaded = read::case(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let case = &loaded.case;
    let sight = sight_of(tx, ctx, case)?;
    let view = policy::case_view(&ctx.actor, &sight)?;
    let may_act = policy::case_permit(&ctx.actor, &sight).is_ok();
    let held = rules.of(tx, ctx.org())?;
    let pack = held.pack(&case.pack)?;
    let actor = actor_at(ctx, &view);
    let people = BTreeMap::new();
    let parties: Vec<_> = case.parties.iter().map(|party| party.party).collect();
    let house = house_for(tx, ctx, case, false)?;
    let facts = Facts {
        pack,
        rebound: None,
        calendar: held.calendar(),
        actor: &actor,
        people: &people,
        do_not_visit: read::do_not_visit(tx, ctx.org(), &parties)?,
        house: &house,
        now: ctx.now,
    };
    let moves = pack.targets(case.kind).into_iter().map(CommandKind::Move);
    let facts_alone = CommandKind::FACTS.iter().copied().filter(|kind| !kind.is_apart());
    let kinds = facts_alone.chain(moves);
    let line = |kind: CommandKind| {
        let mut reasons: Vec<ReasonView> =
            evaluate(kind, case, &facts).err().unwrap_or_default().into_iter().map(reason_view).collect();
        if !may_act && reasons.is_empty() {
            let code = huiyin_domain::case::NOT_PERMITTED;
            reasons.push(ReasonView { code, params: BTreeMap::new(), who: Vec::new(), sources: Vec::new() });
        }
        let advice = match kind {
            CommandKind::Move(target) => advice(target, case, &facts).into_iter().map(reason_view).collect(),
            _ => Vec::new(),
        };
        ActionView { action: kind.as_str(), open: reasons.is_empty(), reasons, advice }
    };
    Ok((case.version, kinds.map(line).collect()))
}

pub(crate) fn reason_view(reason: huiyin_domain::case::Reason) -> ReasonView {
    let who = reason.who.iter().map(|by| by.as_str()).collect();
    ReasonView { code: reason.code, params: reason.params, who, sources: reason.sources }
}
