//! Moves, what stands before every closing, and where re-opened cases go on.

use super::super::codes;
use super::super::fault::{Faults, PackFault, Place};
use super::super::model::{By, ClosingRule, GateRule, MoveRule};
use super::super::vocabulary::{Vocabulary, near, same};
use super::draft::{Draft, Placed, kinds};
use super::gate;
use super::section::{Item, Section};
use crate::case::{ClosureKind, Stage, Target};
use crate::people::Post;

/// Which stages stand for themselves and which words stand for many.
const ANY_OPEN: &str = "any stage but closed";
const ANY: &str = "any stage";

/// A move as written, with the places of its parts.
#[derive(Debug)]
pub(in super::super) struct DraftMove {
    /// Where the move is written.
    pub(in super::super) place: Place,
    /// The rule; `from` holds only the stages that are named.
    pub(in super::super) rule: MoveRule,
    /// `Some(true)` from any stage, `Some(false)` from any but closed.
    pub(in super::super) from_any: Option<bool>,
    /// Where each gate of the rule is written.
    pub(in super::super) gate_places: Vec<Place>,
}

pub(super) fn read_move(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    section.only(&["of", "from", "to", "by", "gates", "advised", "reason", "source"], faults);
    let mut from = Vec::new();
    let mut from_any = None;
    for item in section.get("from", faults).map(|item| item.list(faults)).unwrap_or_default() {
        let Some(text) = item.text(faults) else { continue };
        match text {
            text if same(ANY, text) => from_any = Some(true),
            text if same(ANY_OPEN, text) => from_any = from_any.or(Some(false)),
            text => match Stage::find(text) {
                Some(stage) => from.push(stage),
                None => {
                    let known = Stage::ALL.iter().map(|stage| stage.as_str()).chain([ANY, ANY_OPEN]);
                    faults.add(section.unknown(&item, ("stage", text), near(text, known)));
                }
            },
        }
    }
    let to = section.get("to", faults).and_then(|item| target(section, &item, faults));
    let by = by(section, faults);
    let (gates, gate_places) = gates(section, faults);
    let advised = section.list("advised", faults);
    let advised = advised.iter().filter_map(|item| gate::rule(item, faults)).collect();
    let Some(to) = to else { return };
    let rule = MoveRule {
        of: kinds(section, faults),
        from,
        to,
        by,
        gates,
        advised,
        reason: section.is("reason", faults),
        source: section.texts("source", faults),
    };
    draft.moves.push(DraftMove { place: section.place(), rule, from_any, gate_places });
}

pub(super) fn gates(section: &Section<'_, '_>, faults: &mut Faults) -> (Vec<GateRule>, Vec<Place>) {
    let list = section.list("gates", faults);
    list.iter().filter_map(|item| gate::rule(item, faults).map(|rule| (rule, item.place()))).unzip()
}

/// Reads `executing` or `closed(satisfied)`.
fn target(section: &Section<'_, '_>, item: &Item<'_, '_>, faults: &mut Faults) -> Option<Target> {
    let text = item.text(faults)?;
    if let Some(kind) = text.strip_prefix("closed(").and_then(|rest| rest.strip_suffix(')')) {
        let found = ClosureKind::find(kind).map(Target::Closed);
        if found.is_none() {
            let known = ClosureKind::ALL.iter().map(|kind| kind.as_str());
            faults.add(section.unknown(item, ("closure", kind), near(kind, known)));
        }
        return found;
    }
    match Stage::find(text) {
        Some(Stage::Closed) => {
            let near = ClosureKind::ALL.iter().map(|kind| format!("closed({})", kind.as_str())).collect();
            faults.add(section.unknown(item, ("closure", text), near));
            None
        }
        Some(stage) => Some(Target::Stage(stage)),
        None => {
            let known = Stage::ALL.iter().map(|stage| stage.as_str());
            faults.add(section.unknown(item, ("stage", text), near(text, known)));
            None
        }
    }
}

fn by(section: &Section<'_, '_>, faults: &mut Faults) -> Vec<By> {
    let mut found = Vec::new();
    for item in section.get("by", faults).map(|item| item.list(faults)).unwrap_or_default() {
        let Some(text) = item.text(faults) else { continue };
        let role = [By::Owner, By::Handler, By::Clock, By::Anybody].into_iter();
        let role = role.chain(Post::ALL.into_iter().map(By::Post)).find(|by| same(by.as_str(), text));
        match role {
            Some(by) => found.push(by),
            None => {
                let known = ["owner", "handler", "clock", "anybody"];
                let known = known.into_iter().chain(Post::ALL.iter().map(|post| post.name()));
                faults.add(section.unknown(&item, ("post", text), near(text, known)));
            }
        }
    }
    found
}

pub(super) fn read_closing(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    section.only(&["of", "gates", "source"], faults);
    let (gates, _) = gates(section, faults);
    let source = section.texts("source", faults);
    let value = ClosingRule { of: kinds(section, faults), gates, source };
    draft.closing.push(Placed { place: section.place(), value });
}

pub(super) fn read_reopen(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    for (key, item) in section.entries() {
        let kind = crate::case::Kind::find(key);
        let stage = item.word::<Stage>(faults);
        match (kind, stage) {
            (Some(kind), Some(stage)) => {
                draft.reopen.insert(kind, Placed { place: item.place(), value: stage });
            }
            (None, _) => {
                let known = crate::case::Kind::ALL.iter().map(|kind| kind.as_str());
                let params = [("what", "kind"), ("word", key)];
                let fault = PackFault::new(&item.place(), codes::UNKNOWN_WORD, &params);
                faults.add(fault.near(near(key, known)));
            }
            (Some(_), None) => {}
        }
    }
}
