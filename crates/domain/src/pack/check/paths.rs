//! Every stage that a pack uses can be reached and left.

use super::super::codes;
use super::super::fault::{Faults, Place};
use super::super::model::{By, ClockStart};
use super::super::read::{Draft, DraftMove};
use super::gates;
use crate::case::{Kind, Stage, Target, stages};
use std::collections::{BTreeMap, BTreeSet};

/// Checks the moves of every kind of case that the pack speaks of.
pub(in super::super) fn paths(draft: &Draft, faults: &mut Faults) {
    for written in &draft.moves {
        if written.rule.by.is_empty() {
            faults.at(&written.place, codes::NOBODY, &[("to", &name(written.rule.to))]);
        }
    }
    for (kind, place) in spoken_of(draft) {
        if moves(draft, kind).next().is_none() {
            faults.at(&place, codes::NO_MOVES, &[("kind", kind.as_str())]);
            continue;
        }
        of_kind(draft, kind, faults);
    }
}

/// Lists the kinds that any part of the pack names, with the first place.
fn spoken_of(draft: &Draft) -> Vec<(Kind, Place)> {
    let fields = draft.fields.iter().map(|part| (&part.value.of, &part.place));
    let forms = draft.forms.iter().map(|part| (&part.value.of, &part.place));
    let clocks = draft.clocks.iter().map(|part| (&part.value.of, &part.place));
    let moves = draft.moves.iter().map(|part| (&part.rule.of, &part.place));
    let all: Vec<(&Vec<Kind>, &Place)> = moves.chain(clocks).chain(fields).chain(forms).collect();
    let first = |kind: Kind| all.iter().find(|(of, _)| of.contains(&kind)).map(|(_, place)| (*place).clone());
    let reopened = |kind: Kind| draft.reopen.get(&kind).map(|stage| stage.place.clone());
    let place = |kind: Kind| first(kind).or_else(|| reopened(kind)).map(|place| (kind, place));
    let found: Vec<(Kind, Place)> = Kind::ALL.iter().filter_map(|kind| place(*kind)).collect();
    if found.is_empty() { vec![(Kind::Complaint, Place::default())] } else { found }
}

fn moves(draft: &Draft, kind: Kind) -> impl Iterator<Item = &DraftMove> {
    draft.moves.iter().filter(move |written| written.rule.of.contains(&kind))
}

/// Lists the open stages that a case of the kind can come to.
pub(in super::super) fn reached(draft: &Draft, kind: Kind) -> BTreeSet<Stage> {
    let mut reached = BTreeSet::from([Stage::Received]);
    let reopened = draft.reopen.get(&kind).map(|stage| stage.value);
    loop {
        let before = reached.len();
        for written in moves(draft, kind) {
            let from = &written.rule.from;
            let leaves = written.from_any.is_some() || from.iter().any(|stage| reached.contains(stage));
            match written.rule.to {
                Target::Stage(stage) if leaves => reached.extend([stage]),
                Target::Closed(_) if leaves => reached.extend(reopened),
                Target::Stage(_) | Target::Closed(_) => continue,
            };
        }
        if reached.len() == before {
            return reached;
        }
    }
}

fn of_kind(draft: &Draft, kind: Kind, faults: &mut Faults) {
    let reached = reached(draft, kind);
    let mut before: BTreeMap<Stage, BTreeSet<Stage>> =
        Stage::ALL.iter().map(|stage| (*stage, leading_to(draft, kind, *stage))).collect();
    before.entry(Stage::Closed).or_default().extend(&reached);
    for written in moves(draft, kind) {
        let open = written.rule.from.iter().filter(|stage| **stage != Stage::Closed);
        for stage in open.filter(|stage| !reached.contains(stage)) {
            let params = [("stage", stage.as_str()), ("kind", kind.as_str())];
            faults.at(&written.place, codes::UNREACHABLE, &params);
        }
        if written.rule.by.contains(&By::Clock) {
            elapses(draft, kind, written, faults);
        }
        let closed = written.from_any == Some(true);
        let any = written.from_any.map(|_| reached.iter().copied().chain(closed.then_some(Stage::Closed)));
        let from: Vec<Stage> = any.into_iter().flatten().chain(written.rule.from.iter().copied()).collect();
        for (rule, place) in written.rule.gates.iter().zip(&written.gate_places) {
            let grounds = from.iter().filter_map(|stage| before.get(stage));
            let shut = grounds
                .map(|before| gates::Ground { draft, kind, before })
                .find_map(|ground| gates::shut(rule, &ground));
            if let Some(gate) = shut {
                let params = [("gate", &*gate), ("kind", kind.as_str())];
                faults.at(place, codes::GATE_SHUT, &params);
            }
        }
    }
    for written in draft.before.iter().filter(|written| written.rule.of.contains(&kind)) {
        let here: BTreeSet<Stage> = stages(written.rule.action).iter().copied().collect();
        let all = here.iter().filter_map(|stage| before.get(stage)).flatten().copied().collect();
        let ground = gates::Ground { draft, kind, before: &all };
        for (rule, place) in written.rule.gates.iter().zip(&written.gate_places) {
            if let Some(gate) = gates::shut(rule, &ground) {
                let params = [("gate", &*gate), ("kind", kind.as_str())];
                faults.at(place, codes::GATE_SHUT, &params);
            }
        }
    }
    let first = moves(draft, kind).next().map(|written| written.place.clone()).unwrap_or_default();
    for stage in &reached {
        if !leads_out(draft, kind, *stage) {
            let named = moves(draft, kind).find(|written| written.rule.to == Target::Stage(*stage));
            let place = named.map_or(&first, |written| &written.place);
            faults.at(place, codes::NO_EXIT, &[("stage", stage.as_str()), ("kind", kind.as_str())]);
        }
    }
    match draft.reopen.get(&kind) {
        Some(stage) if !reached.contains(&stage.value) => {
            let params = [("stage", stage.value.as_str()), ("kind", kind.as_str())];
            faults.at(&stage.place, codes::UNREACHABLE, &params);
        }
        Some(_) => {}
        None => faults.at(&first, codes::MISSING_KEY, &[("key", &format!("reopen.{kind}"))]),
    }
}

/// A move of the clock needs a limit that runs out by itself in that stage.
fn elapses(draft: &Draft, kind: Kind, written: &DraftMove, faults: &mut Faults) {
    for stage in &written.rule.from {
        let there = draft.clocks.iter().any(|clock| {
            let rule = &clock.value;
            rule.terms.kind.elapses() && rule.of.contains(&kind) && rule.start == ClockStart::Stage(*stage)
        });
        if !there {
            let params = [("stage", stage.as_str()), ("kind", kind.as_str())];
            faults.at(&written.place, codes::NO_CLOCK, &params);
        }
    }
}

/// Lists the stages from which a case can have come to this one.
fn leading_to(draft: &Draft, kind: Kind, to: Stage) -> BTreeSet<Stage> {
    let mut before = BTreeSet::from([to]);
    loop {
        let known = before.len();
        for written in moves(draft, kind) {
            if let Target::Stage(stage) = written.rule.to
                && before.contains(&stage)
            {
                before.extend(written.rule.from.iter().filter(|from| **from != Stage::Closed));
            }
        }
        if before.len() == known {
            return before;
        }
    }
}

/// Tells whether moves that name their stage lead to an end; what is possible
/// from any stage (withdrawn, void) is no way to handle a case.
fn leads_out(draft: &Draft, kind: Kind, stage: Stage) -> bool {
    let mut seen = BTreeSet::from([stage]);
    loop {
        let known = seen.len();
        for written in moves(draft, kind) {
            if !written.rule.from.iter().any(|from| seen.contains(from)) {
                continue;
            }
            match written.rule.to {
                Target::Closed(_) => return true,
                Target::Stage(next) => seen.extend([next]),
            };
        }
        if seen.len() == known {
            return false;
        }
    }
}

fn name(target: Target) -> String {
    match target {
        Target::Stage(stage) => stage.to_string(),
        Target::Closed(kind) => format!("closed({kind})"),
    }
}
