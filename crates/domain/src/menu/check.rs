//! What must hold of a whole menu: names, five options, a person, an end (CALL-4).

use super::codes;
use super::load::Surroundings;
use super::model::{Does, MOST_OPTIONS, Way};
use super::read::{Draft, Drafted, Of};
use crate::pack::Faults;
use std::collections::{BTreeMap, BTreeSet};

/// Checks what nodes are called and what they name.
pub(super) fn names(draft: &Draft, around: &Surroundings, faults: &mut Faults) {
    let mut nodes = BTreeSet::new();
    for node in &draft.nodes {
        if !nodes.insert(&*node.name.name) {
            node.name.fault(codes::NODE_TWICE, faults);
        }
    }
    let heads = draft.start.iter().chain(&draft.person);
    for named in heads.chain(draft.nodes.iter().flat_map(|node| &node.names)) {
        let known = match named.of {
            Of::Node => {
                if !nodes.contains(&*named.name) {
                    named.unknown(nodes.iter().copied(), faults);
                }
                continue;
            }
            Of::Prompt => &around.prompts,
            Of::Queue => &around.queues,
            Of::Line => &around.lines,
            Of::Service => &around.services,
            Of::Skill => &around.skills,
        };
        if let Some(known) = known
            && !known.contains(&named.name)
        {
            named.unknown(known.iter().map(|name| &**name), faults);
        }
    }
}

/// Checks each node by itself.
pub(super) fn nodes(draft: &Draft, faults: &mut Faults) {
    for node in &draft.nodes {
        let mut fault = |code| node.name.fault(code, faults);
        match &node.does {
            Does::Choose(choose) => {
                // CALL-4: simple and clear
                if choose.options.len() > MOST_OPTIONS {
                    fault(codes::TOO_MANY_OPTIONS);
                }
                if choose.options.is_empty() {
                    fault(codes::NO_OPTIONS);
                }
                if node.prompts.is_empty() {
                    fault(codes::NO_PROMPT);
                }
            }
            Does::Called(called) if called.lines.is_empty() && called.services.is_empty() => {
                fault(codes::NO_OPTIONS);
            }
            Does::Voicemail(_) | Does::HangUp | Does::Incident(_) if node.prompts.is_empty() => {
                fault(codes::NO_PROMPT);
            }
            Does::CallBack(back) if back.ask && node.prompts.is_empty() => fault(codes::NO_PROMPT),
            _ => {}
        }
    }
    let queue = |name: &str| draft.nodes.iter().any(|node| node.name.name == name && is_queue(node));
    if let Some(person) = draft.person.as_ref().filter(|person| !queue(&person.name)) {
        person.fault(codes::PERSON_NO_QUEUE, faults);
    }
}

fn is_queue(node: &Drafted) -> bool {
    matches!(node.does, Does::Queue(_))
}

/// Checks where ways lead: all are walked, none goes round by itself, and every
/// one comes to a person.
pub(super) fn ways(draft: &Draft, faults: &mut Faults) {
    let nodes: BTreeMap<&str, &Drafted> = draft.nodes.iter().map(|node| (&*node.name.name, node)).collect();
    reached(draft, &nodes, faults);
    let before = faults.count();
    rounds(&nodes, faults);
    // where ways go round, what they come to has no meaning
    if faults.count() == before {
        persons(draft, &nodes, faults);
    }
}

fn reached(draft: &Draft, nodes: &BTreeMap<&str, &Drafted>, faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = draft.start.iter().chain(&draft.person).map(|named| &*named.name).collect();
    while let Some(name) = open.pop() {
        if let (true, Some(node)) = (seen.insert(name), nodes.get(name)) {
            open.extend(node.does.ways().into_iter().map(|(_, to)| to));
        }
    }
    for node in nodes.values().filter(|node| !seen.contains(&*node.name.name)) {
        node.name.fault(codes::NODE_UNREACHED, faults);
    }
}

/// Finds ways that lead back to themselves without a key of the caller: nobody
/// would ever come out of them.
fn rounds(nodes: &BTreeMap<&str, &Drafted>, faults: &mut Faults) {
    let mut settled: BTreeSet<&str> = BTreeSet::new();
    // whoever has only settled ways ahead is settled; what is left goes round
    loop {
        let more: Vec<&str> = nodes
            .iter()
            .filter(|(name, _)| !settled.contains(*name))
            .filter(|(_, node)| itself(node).all(|to| settled.contains(to)))
            .map(|(name, _)| *name)
            .collect();
        if more.is_empty() {
            break;
        }
        settled.extend(more);
    }
    let left: BTreeSet<&str> = nodes.keys().filter(|name| !settled.contains(*name)).copied().collect();
    // those that only lead into a round are not to blame
    for name in left.iter().filter(|name| comes_back(name, nodes, &left)) {
        if let Some(node) = nodes.get(name) {
            node.name.fault(codes::LOOP, faults);
        }
    }
}

fn itself(node: &Drafted) -> impl Iterator<Item = &str> {
    node.does.ways().into_iter().filter(|(way, _)| *way != Way::Pressed).map(|(_, to)| to)
}

fn comes_back(from: &str, nodes: &BTreeMap<&str, &Drafted>, within: &BTreeSet<&str>) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        let Some(node) = nodes.get(name) else { continue };
        for to in itself(node).filter(|to| within.contains(to)) {
            if to == from {
                return true;
            }
            if seen.insert(to) {
                open.push(to);
            }
        }
    }
    false
}

/// What a way comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Comes {
    /// To nobody.
    Nobody,
    /// To a message or a promised call, which somebody answers later.
    Message,
    /// To a person.
    Person,
}

/// CALL-4: from the start and from every choice a person can be reached, by the
/// caller's keys and whatever circumstances; outside the hours a message that
/// somebody answers is enough.
fn persons(draft: &Draft, nodes: &BTreeMap<&str, &Drafted>, faults: &mut Faults) {
    let mut comes: BTreeMap<&str, Comes> = nodes.keys().map(|name| (*name, Comes::Nobody)).collect();
    loop {
        let better: Vec<(&str, Comes)> = nodes
            .iter()
            .map(|(name, node)| (*name, best(&node.does, &comes)))
            .filter(|(name, found)| comes.get(name) != Some(found))
            .collect();
        if better.is_empty() {
            break;
        }
        comes.extend(better);
    }
    let behind = behind_hours(draft, nodes);
    let start = draft.start.as_ref().map(|start| &*start.name);
    for (name, node) in nodes {
        let asked = Some(*name) == start || matches!(node.does, Does::Choose(_));
        let wanted = if behind.contains(name) { Comes::Message } else { Comes::Person };
        if asked && comes.get(name).is_some_and(|found| *found < wanted) {
            node.name.fault(codes::NO_PERSON, faults);
        }
    }
}

fn best(does: &Does, comes: &BTreeMap<&str, Comes>) -> Comes {
    let of = |to: &str| comes.get(to).copied().unwrap_or(Comes::Nobody);
    match does {
        Does::Queue(_) => Comes::Person,
        Does::Voicemail(_) => Comes::Message,
        Does::CallBack(back) => of(&back.failed).max(Comes::Message),
        Does::HangUp => Comes::Nobody,
        // somebody is meant to answer there; if nobody does, not all is lost
        Does::Duty(transfer) | Does::Transfer(transfer) => {
            if of(&transfer.failed) >= Comes::Message {
                Comes::Person
            } else {
                Comes::Nobody
            }
        }
        Does::Hours(hours) => match (of(&hours.open), of(&hours.closed)) {
            (open, closed) if closed >= Comes::Message => open,
            _ => Comes::Nobody,
        },
        Does::Choose(_) => does.ways().into_iter().map(|(_, to)| of(to)).max().unwrap_or(Comes::Nobody),
        Does::Say { .. }
        | Does::NoRecording { .. }
        | Does::Called(_)
        | Does::Customer(_)
        | Does::Incident(_) => does.ways().into_iter().map(|(_, to)| of(to)).min().unwrap_or(Comes::Nobody),
    }
}

/// Gives the nodes to which callers come outside the hours alone.
fn behind_hours<'n>(draft: &'n Draft, nodes: &BTreeMap<&'n str, &'n Drafted>) -> BTreeSet<&'n str> {
    let mut at_work = BTreeSet::new();
    let mut open: Vec<&str> = draft.start.iter().map(|named| &*named.name).collect();
    while let Some(name) = open.pop() {
        if let (true, Some(node)) = (at_work.insert(name), nodes.get(name)) {
            let ways = node.does.ways();
            open.extend(ways.into_iter().filter(|(way, _)| *way != Way::Closed).map(|(_, to)| to));
        }
    }
    nodes.keys().filter(|name| !at_work.contains(*name)).copied().collect()
}
