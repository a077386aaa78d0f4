//! The rows that derive from a case and its history: written with every change,
//! compared by `huiyin doctor`.

use huiyin_domain::case::{Begun, Case, ChainHead, Done, Event, Recorded, canonical_json, project};
use huiyin_domain::ids::{CaseId, OrgId};

use super::due::Holder;
use super::write::int;
use crate::sql::Value;
use crate::values;

/// The row of a case, in the order in which it is inserted.
pub(super) fn case_row(org: OrgId, case: &Case, head: &ChainHead) -> Vec<Value> {
    let mut row = Vec::with_capacity(28);
    row.extend(values![
        org,
        case.id,
        &case.number,
        case.kind.as_str(),
        case.channel.as_str(),
        case.received_at
    ]);
    row.extend(values![
        case.external.as_ref().map(|external| external.source.as_str()),
        case.external.as_ref().map(|external| external.id.as_str()),
        &case.title.as_ref().unwrap_or(&case.text).0,
    ]);
    row.extend(columns(case, head));
    row
}

/// What changes with the case, in the order of both statements.
pub(super) fn columns(case: &Case, head: &ChainHead) -> Vec<Value> {
    let due = case
        .clocks
        .iter()
        .filter(|clock| clock.is_open() && !clock.is_paused())
        .map(|clock| clock.due_at)
        .min();
    let category = case.final_category.as_ref().or(case.category.as_ref());
    Vec::from(values![
        int(case.version),
        case.unit,
        case.department,
        case.stage.as_str(),
        case.phase().as_str(),
        case.closure.map(|closure| closure.as_str()),
        case.owner,
        case.handler,
        case.receiver,
        case.hand_over.map(|offer| offer.to),
        case.transfer.map(|offer| offer.to),
        category,
        case.category.as_ref(),
        case.cause.as_ref(),
        case.changed_at,
        case.closed_at,
        due,
        &head.hash,
        canonical_json(case),
    ])
}

/// The rows of the clocks of a case or an incident.
pub(crate) fn clock_rows(
    org: OrgId,
    holder: Holder,
    clocks: &[huiyin_domain::clock::Clock],
) -> Vec<Vec<Value>> {
    let row = |clock: &huiyin_domain::clock::Clock| {
        Vec::from(values![
            org,
            holder.id(),
            clock.id,
            clock.kind.word(),
            clock.round,
            clock.started_at,
            clock.due_at,
            clock.met_at,
            clock.breached_at,
            clock.cancelled_at,
            clock.fires_at(),
            holder.kind(),
        ])
    };
    clocks.iter().map(row).collect()
}

pub(super) fn clocks(org: OrgId, case: &Case) -> Vec<Vec<Value>> {
    clock_rows(org, Holder::Case(case.id), &case.clocks)
}

pub(super) fn promises(org: OrgId, case: &Case) -> Vec<Vec<Value>> {
    let row = |promise: &huiyin_domain::case::Promise| {
        Vec::from(values![
            org,
            case.id,
            promise.id,
            promise.kind.as_str(),
            promise.by,
            promise.made_at,
            promise.due,
            promise.kept_at,
            promise.withdrawn_at,
        ])
    };
    case.promises.iter().map(row).collect()
}

pub(super) fn tasks(org: OrgId, case: &Case) -> Vec<Vec<Value>> {
    let row = |task: &huiyin_domain::case::Task| {
        Vec::from(values![
            org,
            case.id,
            task.id,
            task.kind.as_str(),
            task.person,
            task.post.map(|post| post.name()),
            task.unit.unwrap_or(case.unit),
            task.blocking,
            task.given_at,
            task.due,
            task.ended_at,
            task.done,
        ])
    };
    case.tasks.iter().map(row).collect()
}

pub(super) fn approvals(org: OrgId, case: &Case) -> Vec<Vec<Value>> {
    let row = |round: &huiyin_domain::case::Round, approval: &huiyin_domain::case::Approval, last: bool| {
        let decided = approval.decision.map(|(_, _, at)| at);
        // what an earlier round left open waits for nobody any more
        let left = (!last).then_some(approval.asked_at);
        Vec::from(values![
            org,
            case.id,
            approval.id,
            approval.of.as_str(),
            case.unit,
            approval.asked_by,
            approval.asked_at,
            approval.amount.map(|money| money.fen()),
            approval.sum_fen,
            approval.expires_at,
            approval.decision.map(|(decision, ..)| decision.as_str()),
            decided.or(approval.withdrawn_at).or(left),
            case.counted(round, approval).map(|money| money.fen()),
        ])
    };
    let of = |round, last| {
        let round: &huiyin_domain::case::Round = round;
        round.approvals.iter().map(move |one| (round, one, last))
    };
    let earlier = case.rounds.iter().flat_map(|round| of(round, false));
    earlier.chain(of(&case.round, true)).map(|(round, one, last)| row(round, one, last)).collect()
}

/// The ledger of remedies: one line each, with what was paid and by whose word.
pub(super) fn remedies(org: OrgId, case: &Case) -> Vec<Vec<Value>> {
    let signed = |id: u32| {
        let rounds = case.rounds.iter().chain([&case.round]);
        let found = rounds.flat_map(|round| &round.approvals).find(|approval| approval.id == id)?;
        let posts: Vec<&str> = found.signed.iter().map(|signature| signature.post.name()).collect();
        Some(if posts.is_empty() { found.decider.name().to_owned() } else { posts.join(",") })
    };
    let row = |remedy: &huiyin_domain::case::Remedy| {
        let last = remedy.given.last();
        let approval = last.and_then(|payment| payment.approval);
        let mut row = Vec::from(values![
            org,
            case.id,
            remedy.id,
            &remedy.kind,
            remedy.gives.as_str(),
            case.unit,
            remedy.party,
            remedy.budget.as_ref(),
            remedy.amount.map(|money| money.fen()),
            remedy.paid_fen(),
            approval,
            approval.and_then(signed),
        ]);
        row.extend(values![
            last.and_then(|payment| payment.proof).map(|proof| proof.to_string()),
            remedy.invoice.map(|invoice| invoice.to_string()),
            remedy.at,
            remedy.by,
            last.map(|payment| payment.at),
            remedy.given_at(),
            remedy.dropped_at,
        ]);
        row
    };
    case.remedies.iter().map(row).collect()
}

pub(super) fn parties_of(org: OrgId, case: &Case) -> Vec<Vec<Value>> {
    let row = |party: &huiyin_domain::case::CaseParty| {
        Vec::from(values![org, party.party, case.id, party.role.as_str()])
    };
    case.parties.iter().map(row).collect()
}

/// The line in the register of separate volumes (PROP-70).
pub(super) fn majors(org: OrgId, case: &Case) -> Vec<Vec<Value>> {
    let Some(major) = &case.major else { return Vec::new() };
    let owed = case.clocks.iter().filter(|clock| clock.is_open() && case.owes(clock.id));
    vec![Vec::from(values![
        org,
        case.id,
        case.unit,
        case.owner,
        case.volume(),
        major.standing.as_str(),
        major.since,
        case.demand.map(|money| money.fen()),
        owed.map(|clock| clock.due_at).min(),
        case.closed_at,
    ])]
}

pub(super) fn relations(org: OrgId, case: &Case) -> Vec<Vec<Value>> {
    let rows = case.relations.iter();
    rows.map(|(kind, other, at)| Vec::from(values![org, case.id, kind.as_str(), *other, *at])).collect()
}

/// The first message is a contact too (domain.md §1).
pub(super) fn contacts(org: OrgId, case: CaseId, events: &[Recorded]) -> Vec<Vec<Value>> {
    let row = |recorded: &Recorded| {
        let (party, direction, channel, persons) = match &recorded.event {
            Event::Begun(Begun::Received(received)) => {
                let party = received.parties.first().map(|party| party.party);
                (party, "inbound", received.channel.as_str(), received.persons)
            }
            Event::Done(Done::Contact(contact)) => {
                (contact.party, contact.direction.as_str(), contact.channel.as_str(), 1)
            }
            _ => return None,
        };
        let (seq, at) = (int(recorded.seq), recorded.occurred_at);
        Some(Vec::from(values![org, case, seq, at, direction, channel, party, recorded.by, persons]))
    };
    events.iter().filter_map(row).collect()
}

/// The flat row that statistics read.
pub(super) fn facts_of(org: OrgId, case: &Case) -> Vec<Value> {
    let facts = project::facts(case);
    Vec::from(values![
        org,
        case.id,
        int(case.version),
        facts.kind.as_str(),
        facts.channel.as_str(),
        facts.unit,
        facts.intake_category,
        facts.final_category,
        facts.cause,
        facts.received_at,
        facts.accepted_at,
        facts.first_reply_at,
        facts.executed_at,
        facts.verified_at,
        facts.visited_at,
        facts.closed_at,
        facts.closure.map(|closure| closure.as_str()),
        facts.exemption.map(|reason| reason.as_str()),
        facts.satisfied,
        facts.rounds,
        facts.urged,
        facts.asked_progress,
        facts.demand.map(|money| money.fen()),
        facts.reply_due_at,
        facts.reply_met_at,
        facts.pack,
        facts.category,
        facts.marks.bits(),
        facts.amounts.times,
        facts.amounts.misses,
        facts.amounts.promises_made,
        facts.amounts.promises_kept,
        facts.amounts.agreed_fen,
        facts.amounts.paid_fen,
        facts.amounts.promises_broken,
        facts.amounts.reassigned,
        facts.amounts.idle_days,
        huiyin_domain::count::SHAPE,
    ])
}
