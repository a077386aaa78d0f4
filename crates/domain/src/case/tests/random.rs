//! Random legal lives of a case (D2, D4, PROP-14, PROP-64).

use super::super::*;
use super::desk::{ANN, Desk, EVERYBODY, LEE, MAX, NAN, VIC, packs, person};
use crate::ids::PersonId;
use proptest::prelude::*;

/// Lists every action of the pack for the kind of the case.
pub(super) fn actions(desk: &Desk) -> Vec<CommandKind> {
    let moves = desk.pack.targets(desk.case.kind).into_iter().map(CommandKind::Move);
    CommandKind::FACTS.iter().copied().chain(moves).collect()
}

/// One step: who acts, which of the open actions, which body, how much later.
type Step = (u8, u8, u8, u8);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(any::<Step>(), 1..60)
}

/// D2: what is listed as open has a body that is accepted, what is shut none.
fn listed_is_accepted(desk: &Desk, who: u128) -> Vec<CommandKind> {
    let mut open = Vec::new();
    for action in actions(desk) {
        let listed = desk.with_facts(Some(who), |facts| evaluate(action, &desk.case, facts));
        let accepted = (0..8).any(|choice| {
            let body =
                desk.with_facts(Some(who), |facts| sample::sample_body(action, &desk.case, facts, choice));
            body.is_some_and(|body| desk.clone().act(who, action.as_str(), body).is_ok())
        });
        match (&listed, accepted) {
            (Ok(()), true) => open.push(action),
            (Err(reasons), false) => reasons.iter().for_each(super::told::complete),
            (Ok(()), false) => {
                panic!("{} is listed for {who} in {} but no body fits", action.as_str(), desk.case.stage)
            }
            (Err(reasons), true) => panic!("{} was accepted in spite of {reasons:?}", action.as_str()),
        }
    }
    open
}

fn invariants(desk: &Desk) {
    let case = &desk.case;
    let replayed = replay(case.id, &desk.history).unwrap();
    assert_eq!(&replayed, case, "replaying the history gives the state");
    assert!(desk.people.contains_key(&case.owner), "exactly one owner always");
    let state = serde_json::to_string(case).unwrap();
    assert!(!state.contains(sample::MARKER), "no personal text in the state");
    for recorded in &desk.history {
        let event = serde_json::to_string(&recorded.event).unwrap();
        assert!(!event.contains(sample::MARKER), "no personal text in {}", recorded.event.name());
        let back: Event = serde_json::from_str(&event).unwrap();
        assert_eq!(back, recorded.event, "events read back as they were written");
    }
    let back: Case = serde_json::from_str(&state).unwrap();
    assert_eq!(&back, case);
    let stages = desk.pack.stages(case.kind);
    assert!(stages.contains(&case.stage), "{} is no stage of {}", case.stage, case.kind);
    let out = |rule: &&crate::pack::MoveRule| rule.of.contains(&case.kind) && rule.from.contains(&case.stage);
    let done = case.closure.is_some_and(ClosureKind::is_final);
    assert!(done || desk.pack.moves.iter().any(|rule| out(&rule)), "{} has an exit", case.stage);
    chained(desk);
    assert_eq!(case.closure.is_some(), case.stage == Stage::Closed);
    closed_by_the_rules(desk);
    signed_is_in_the_ledger(desk);
}

/// PROP-67: the chain over the history as it reads back is the chain as written.
fn chained(desk: &Desk) {
    let head = |again: bool| {
        desk.history.iter().fold(ChainHead::empty(), |head, recorded| {
            let mut recorded = recorded.clone();
            if again {
                recorded.event = serde_json::from_str(&canonical_json(&recorded.event)).unwrap();
            }
            head.then(desk.case.id, &recorded)
        })
    };
    assert_eq!(head(false), head(true));
    assert_eq!(head(false).seq, desk.case.version);
}

/// ASC-8, CP8-13, MOB-16: where a plan is asked for on the way, what is carried
/// out is the option that was approved, or no more money than was.
fn agreed_within_the_plan(desk: &Desk) {
    let to = desk.case.stage;
    let ways = desk.pack.moves.iter().filter(|rule| rule.to == Target::Stage(to) && !rule.reason);
    let mut planned = false;
    ways.for_each(|rule| {
        rule.gates
            .iter()
            .for_each(|gate| gate.each(&mut |gate| planned |= *gate == Gate::Approved(ApprovalOf::Plan)));
    });
    let Some(agreed) = desk.case.agreed_option().filter(|_| planned) else { return };
    let plans = desk.case.round.approvals.iter().filter(|one| one.of == ApprovalOf::Plan);
    let covers = |one: &Approval| {
        one.is_granted(desk.now) && (one.is_of_option(agreed) || one.amount >= agreed.amount)
    };
    assert!(plans.into_iter().any(covers), "more was agreed than approved");
}

/// ASC-10, ASC-22: what was signed with a value is in the ledger, and no task of
/// it is done before the customer has it.
fn signed_is_in_the_ledger(desk: &Desk) {
    let rounds = desk.case.rounds.iter().chain([&desk.case.round]);
    let signed = rounds.flat_map(|round| &round.agreements).filter(|agreement| agreement.is_signed());
    for item in signed.flat_map(|agreement| &agreement.items) {
        let valued = item.amount.is_some() && item.remedy.is_some();
        assert_eq!(valued, desk.case.remedies.iter().any(|remedy| remedy.what == item.what));
    }
    assert!(!desk.case.tasks.iter().any(|task| task.done && desk.case.still_due(task)));
}

/// PROP-64, X-13, X-39: never closed against the rules.
fn closed_by_the_rules(desk: &Desk) {
    let case = &desk.case;
    let Some(closure) = case.closure else { return };
    let apart = |one: Duty, other: Duty| {
        case.doers.iter().all(|(duty, person)| *duty != one || !case.did(other, *person))
    };
    let granted = |of: ApprovalOf| {
        case.round
            .approvals
            .iter()
            .any(|approval| approval.of == of && matches!(approval.decision, Some((Decision::Granted, ..))))
    };
    if !closure.is_final() {
        assert!(!case.group_visit_pending(), "the group's visit was made (PROP-57)");
    }
    match closure {
        ClosureKind::Satisfied => {
            let last = case.round.visits.last().unwrap();
            assert_eq!(last.visit.result, VisitResult::Satisfied);
            assert!(apart(Duty::Handler, Duty::Visitor), "nobody visits his own work (X-39)");
            if desk.pack.stages(Kind::Complaint).contains(&Stage::Verifying) {
                assert!(case.round.verified.as_ref().unwrap().0.in_order, "no visit before verification");
                assert!(apart(Duty::Handler, Duty::Verifier));
            }
            if gated(desk, closure, &Gate::Summary) {
                assert!(case.round.judgement.summary.is_some(), "no end without summary (CP8-13)");
            }
            if case.channel == Channel::Letter && gated(desk, closure, &Gate::WrittenReply) {
                assert!(case.round.written_reply_at.is_some(), "a letter has its answer (CP8-19)");
            }
        }
        ClosureKind::ExemptElapsed => {
            let (_, exempt) = case.round.exemption.unwrap();
            let closed = case.closed_at.unwrap();
            assert!(closed.micros() - exempt.micros() >= 7 * 86_400_000_000, "one week (PROP-64)");
            let repeat = |(kind, _, at): &(Relation, _, _)| {
                *kind == Relation::RepeatedBy && *at >= exempt && *at <= closed
            };
            assert!(!case.relations.iter().any(repeat));
        }
        ClosureKind::AgreedButDissatisfied => assert!(granted(ApprovalOf::Closure)),
        ClosureKind::Void => assert!(granted(ApprovalOf::Void)),
        ClosureKind::Withdrawn => {
            assert_eq!(case.round.customer_word.unwrap().0, WordMeaning::Withdraws);
        }
        ClosureKind::Duplicate => {
            assert!(case.relations.iter().any(|(kind, ..)| *kind == Relation::DuplicateOf));
        }
        ClosureKind::Answered | ClosureKind::Done | ClosureKind::PassedOn => {
            assert_ne!(case.kind, Kind::Complaint, "{closure} is no end of a complaint");
        }
        ClosureKind::NotEstablished => {
            let judged = case.round.judgement.validity.as_ref().unwrap();
            assert_eq!(judged.what.validity, Validity::NotEstablished);
            let told = |reply: &ReplyGiven| reply.kind == ReplyKind::Final && reply.at >= judged.at;
            assert!(case.replies.iter().any(told), "explained after it was decided (MOB-6)");
            assert!(desk.pack.targets(case.kind).contains(&Target::Closed(closure)));
        }
    }
}

/// Tells whether the pack asks for the gate before this end.
fn gated(desk: &Desk, closure: ClosureKind, gate: &Gate) -> bool {
    let mut found = false;
    for rule in desk.pack.moves.iter().filter(|rule| rule.to == Target::Closed(closure)) {
        rule.gates.iter().for_each(|rule| rule.each(&mut |one| found |= one == gate));
    }
    found
}

fn live(mut desk: Desk, steps: &[Step]) {
    invariants(&desk);
    for (who, which, choice, later) in steps {
        let who = EVERYBODY[usize::from(*who) % EVERYBODY.len()];
        let open: Vec<CommandKind> = actions(&desk)
            .into_iter()
            .filter(|action| desk.with_facts(Some(who), |facts| evaluate(*action, &desk.case, facts).is_ok()))
            .collect();
        let moves: Vec<CommandKind> =
            open.iter().copied().filter(|action| matches!(action, CommandKind::Move(_))).collect();
        // A move that is open is made half of the time: lives get somewhere.
        let from = if which % 2 == 0 && !moves.is_empty() { &moves } else { &open };
        let action = from[usize::from(*which / 2) % from.len()];
        let body = desk.with_facts(Some(who), |facts| {
            sample::sample_body(action, &desk.case, facts, usize::from(*choice))
        });
        let Some(body) = body else { continue };
        desk.did(who, action.as_str(), body);
        invariants(&desk);
        if action == CommandKind::Move(Target::Stage(Stage::Executing)) {
            agreed_within_the_plan(&desk);
        }
        let micros = i64::from(*later).pow(2) * 15_000_000;
        desk.until_instant(crate::time::Timestamp::from_micros(desk.now.micros() + micros));
        invariants(&desk);
    }
    let owners: Vec<PersonId> = EVERYBODY.iter().map(|number| person(*number)).collect();
    assert!(owners.contains(&desk.case.owner));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// PROP-14, PROP-64, PROP-67, X-13, X-39
    #[test]
    fn a_complaint_lives_by_the_rules_whatever_people_do(steps in steps(), phone in any::<bool>()) {
        let channel = if phone { Channel::Phone } else { Channel::Letter };
        live(Desk::receives(Kind::Complaint, channel), &steps);
    }

    /// PROP-14, PROP-67
    #[test]
    fn a_case_of_any_kind_lives_by_the_rules(steps in steps(), kind in 0..Kind::ALL.len()) {
        live(Desk::receives(Kind::ALL[kind], Channel::Email), &steps);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// PROP-50, PROP-59
    #[test]
    fn what_is_listed_as_open_is_what_is_accepted(steps in steps(), who in 0..EVERYBODY.len()) {
        let mut desk = super::stories::somewhere(&steps);
        listed_is_accepted(&desk, EVERYBODY[who]);
        desk.until_instant(crate::time::Timestamp::from_micros(desk.now.micros() + 3 * 86_400_000_000));
        listed_is_accepted(&desk, EVERYBODY[who]);
    }
}

/// PROP-50, PROP-59, PROP-64
#[test]
fn in_every_stage_and_for_every_post_listed_is_accepted() {
    let mut pairs = 0;
    for desk in super::stories::every_stage() {
        for who in EVERYBODY {
            listed_is_accepted(&desk, who);
            pairs += actions(&desk).len();
        }
    }
    assert_eq!(pairs, 10 * 11 * actions(&Desk::complaint()).len(), "ten stages, eleven people");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// MOB-6, MOB-16, CP8-9, CP8-13, ASC-8, ASC-9, PROP-14, X-13, X-39: in each
    /// pack, from any stage on, whatever people do.
    #[test]
    fn a_complaint_lives_by_the_rules_of_its_pack(
        steps in steps(), pack in any::<prop::sample::Index>(), stage in any::<prop::sample::Index>(),
        letter in any::<bool>(),
    ) {
        let all = packs(false);
        let channel = if letter { Channel::Letter } else { Channel::Phone };
        let along = super::guide::along(&all[pack.index(all.len())], channel);
        live(along[stage.index(along.len())].clone(), &steps);
    }
}

/// MOB-1, CP8-13, ASC-8, D2: in each pack, stage and post.
#[test]
fn in_every_stage_of_every_pack_listed_is_accepted() {
    // the property pack has a test of its own, with everybody
    for pack in &packs(false)[1..] {
        let along = super::guide::along(pack, Channel::Letter);
        assert_eq!(along.last().unwrap().case.closure, Some(ClosureKind::Satisfied), "{}", pack.name);
        for desk in along {
            for who in [ANN, LEE, NAN, VIC, MAX] {
                listed_is_accepted(&desk, who);
            }
        }
    }
}
