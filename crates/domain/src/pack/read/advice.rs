//! What stands beside the machine: advice, named lists, actions with gates.

use super::super::codes;
use super::super::fault::Faults;
use super::super::model::{BeforeRule, NamedDef, TipDef, VisitRule};
use super::draft::{Draft, DraftBefore, Placed, kinds};
use super::moves::gates;
use super::section::Section;
use crate::case::CommandKind;

/// The longest advice, in characters: more is read by nobody at work.
const LONGEST_TIP: usize = 600;

pub(super) fn read_tip(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    section.only(&["name", "of", "stages", "channels", "text", "source"], faults);
    let (name, text) = (section.name("name", faults), section.names("text", faults));
    let (Some(name), Some(text)) = (name, text) else { return };
    if text.zh.chars().count().max(text.en.chars().count()) > LONGEST_TIP {
        faults.at(&section.place(), codes::TOO_LARGE, &[("most", &LONGEST_TIP.to_string())]);
    }
    let value = TipDef {
        name,
        of: kinds(section, faults),
        stages: section.words("stages", faults),
        channels: section.words("channels", faults),
        text,
        source: section.texts("source", faults),
    };
    draft.tips.push(Placed { place: section.place(), value });
}

pub(super) fn read_top(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    if let Some(value) = named(section, faults) {
        draft.tops.push(Placed { place: section.place(), value });
    }
}

pub(super) fn read_emotion(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    if let Some(value) = named(section, faults) {
        draft.emotions.push(Placed { place: section.place(), value });
    }
}

fn named(section: &Section<'_, '_>, faults: &mut Faults) -> Option<NamedDef> {
    section.only(&["name", "title", "signs", "source"], faults);
    let (name, title) = (section.name("name", faults), section.names("title", faults));
    let signs = section.names_or_empty("signs", faults);
    let source = section.texts("source", faults);
    Some(NamedDef { name: name?, title: title?, signs, source })
}

pub(super) fn read_before(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    section.only(&["of", "action", "replies", "gates", "source"], faults);
    let action = section.word("action", faults);
    let (gates, gate_places) = gates(section, faults);
    let Some(action) = action else { return };
    let of = kinds(section, faults);
    let replies = section.words("replies", faults);
    if let (false, Some(item)) = (action == CommandKind::Reply, section.maybe("replies")) {
        item.wrong("nothing: only replies have kinds", faults);
    }
    let rule = BeforeRule { of, action, replies, gates, source: section.texts("source", faults) };
    draft.before.push(DraftBefore { rule, gate_places });
}

pub(super) fn read_visit(section: &Section<'_, '_>, faults: &mut Faults) -> VisitRule {
    section.only(&["home_needs_plan"], faults);
    VisitRule { home_needs_plan: section.is("home_needs_plan", faults) }
}
