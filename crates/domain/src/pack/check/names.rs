//! Everything defined once, everything named defined.

use super::super::codes;
use super::super::fault::{Faults, PackFault, Place};
use super::super::model::{ClockRule, FieldDef, FormDef};
use super::super::read::{Draft, Placed};
use super::super::source::{CaseValue, FormSource};
use super::super::template::{OWN_NAMES, Placeholder, is_known, placeholders};
use super::super::vocabulary::near;
use super::super::work::WorkRule;
use crate::case::{ApprovalOf, Gate, Gives, Kind};

/// Fields that every case has, whatever the pack says.
const OWN_FIELDS: [&str; 4] = ["text", "channel", "party", "category"];

pub(in super::super) fn names(draft: &Draft, faults: &mut Faults) {
    let overlap = |one: &[Kind], other: &[Kind]| one.iter().any(|kind| other.contains(kind));
    twice(
        &draft.fields,
        "field",
        faults,
        |field| &field.name,
        |a, b| a.name == b.name && overlap(&a.of, &b.of),
    );
    twice(&draft.forms, "form", faults, |form| &form.name, |a, b| a.name == b.name && overlap(&a.of, &b.of));
    twice(&draft.categories, "category", faults, |category| &category.code, |a, b| a.code == b.code);
    twice(&draft.causes, "cause", faults, |cause| &cause.code, |a, b| a.code == b.code);
    twice(&draft.clocks, "clock", faults, |clock| clock.terms.kind.word(), same_clock);
    twice(&draft.work, "work", faults, |work| work.kind.word(), WorkRule::overlaps);
    twice(
        &draft.approvals,
        "approval",
        faults,
        |approval| approval.of.as_str(),
        |a, b| a.of == b.of && a.from_fen == b.from_fen && a.when == b.when,
    );
    for field in draft.fields.iter().filter(|field| OWN_FIELDS.contains(&&*field.value.name)) {
        let params = [("what", "field"), ("name", &*field.value.name)];
        faults.at(&field.place, codes::DUPLICATE, &params);
    }
    let categories = draft.categories.iter().map(|c| (&c.place, &*c.value.code, c.value.parent.as_deref()));
    parents("category", &categories.collect::<Vec<_>>(), faults);
    let causes = draft.causes.iter().map(|c| (&c.place, &*c.value.code, c.value.parent.as_deref()));
    parents("cause", &causes.collect::<Vec<_>>(), faults);
    in_gates(draft, faults);
    twice(&draft.tips, "tip", faults, |tip| &tip.name, |a, b| a.name == b.name);
    twice(&draft.tops, "top", faults, |top| &top.name, |a, b| a.name == b.name);
    twice(&draft.emotions, "emotion", faults, |emotion| &emotion.name, |a, b| a.name == b.name);
    remedies(draft, faults);
    templates(draft, faults);
    for category in &draft.categories {
        let top = &*category.value.top;
        if !draft.tops.iter().any(|known| known.value.name == top) {
            let known = draft.tops.iter().map(|known| &*known.value.name);
            undefined(&category.place, ("top", top), known, faults);
        }
    }
    draft.forms.iter().for_each(|form| filled(form, draft, faults));
}

/// What an agreement is rendered from names only what the case can fill in.
fn templates(draft: &Draft, faults: &mut Faults) {
    let Some(text) = draft.texts.get("agreement") else { return };
    let has_field =
        |name: &str| draft.fields.iter().any(|field| field.value.name == name && !field.value.internal);
    for (language, words) in [("zh-CN", &text.zh), ("en", &text.en)] {
        for (line, number) in words.lines().zip(1..) {
            for part in placeholders(line) {
                let Placeholder::Name(name) = part else { continue };
                if !is_known(name, has_field) {
                    let place =
                        Place { file: format!("texts/{language}/agreement.txt"), line: number, column: 1 };
                    let known = CaseValue::ALL.iter().map(|value| value.as_str()).chain(OWN_NAMES);
                    let fault = PackFault::new(&place, codes::PLACE_UNKNOWN, &[("name", name)]);
                    faults.add(fault.near(near(name, known)));
                }
            }
        }
    }
}

/// Each remedy once, each grade once, and money that somebody can approve.
fn remedies(draft: &Draft, faults: &mut Faults) {
    let overlap = |one: &[Kind], other: &[Kind]| one.iter().any(|kind| other.contains(kind));
    twice(
        &draft.remedies,
        "remedy",
        faults,
        |one| &one.name,
        |a, b| a.name == b.name && overlap(&a.of, &b.of),
    );
    twice(&draft.guide, "guide", faults, |rule| rule.grade.as_str(), |a, b| a.grade == b.grade);
    let decides = [ApprovalOf::Remedy, ApprovalOf::AcceptedOption, ApprovalOf::Plan];
    let decided = draft.approvals.iter().any(|rule| decides.contains(&rule.value.of));
    for remedy in draft.remedies.iter().filter(|remedy| remedy.value.gives != Gives::Act && !decided) {
        faults.at(&remedy.place, codes::REMEDY_UNDECIDED, &[("name", &*remedy.value.name)]);
    }
}

/// What a form shows must exist for its kinds, and be for everybody's eyes.
fn filled(form: &Placed<FormDef>, draft: &Draft, faults: &mut Faults) {
    let sources = form.value.fields.iter().filter_map(|(field, _)| match &field.from {
        Some(FormSource::Field(name)) => Some(name),
        Some(FormSource::Case(_)) | None => None,
    });
    for name in sources {
        let fits = |field: &&Placed<FieldDef>| {
            field.value.name == *name && form.value.of.iter().all(|kind| field.value.of.contains(kind))
        };
        match draft.fields.iter().find(fits) {
            None => {
                let known = draft.fields.iter().map(|field| &*field.value.name);
                undefined(&form.place, ("field", name), known, faults);
            }
            Some(field) if field.value.internal => {
                faults.at(&form.place, codes::INTERNAL, &[("field", name)]);
            }
            Some(_) => {}
        }
    }
}

fn twice<'d, T>(
    list: &'d [Placed<T>],
    what: &'static str,
    faults: &mut Faults,
    name: impl Fn(&'d T) -> &'d str,
    same: impl Fn(&T, &T) -> bool,
) {
    for (at, one) in list.iter().enumerate() {
        if list[..at].iter().any(|other| same(&other.value, &one.value)) {
            faults.at(&one.place, codes::DUPLICATE, &[("what", what), ("name", name(&one.value))]);
        }
    }
}

/// one limit per kind of clock, kind of case and channel.
fn same_clock(a: &ClockRule, b: &ClockRule) -> bool {
    let channels = a.channels.is_empty()
        || b.channels.is_empty()
        || a.channels.iter().any(|channel| b.channels.contains(channel));
    let kinds = a.of.iter().any(|kind| b.of.contains(kind));
    a.terms.kind == b.terms.kind && a.start == b.start && channels && kinds
}

/// Parents must exist and never lead back.
fn parents(what: &'static str, nodes: &[(&Place, &str, Option<&str>)], faults: &mut Faults) {
    let above = |code: &str| nodes.iter().find(|(_, other, _)| *other == code).and_then(|(.., up)| *up);
    for (place, code, parent) in nodes {
        let Some(parent) = parent else { continue };
        if !nodes.iter().any(|(_, other, _)| other == parent) {
            undefined(place, (what, parent), nodes.iter().map(|(_, code, _)| *code), faults);
            continue;
        }
        let mut up = Some(*parent);
        for _ in 0..nodes.len() {
            up = up.and_then(above);
        }
        if up.is_some() {
            faults.at(place, codes::CIRCLE, &[("what", what), ("name", code)]);
        }
    }
}

fn undefined<'a>(
    place: &Place,
    (what, name): (&'static str, &str),
    known: impl Iterator<Item = &'a str>,
    faults: &mut Faults,
) {
    let near = near(name, known).into_iter().map(|word| word.replace(' ', "_")).collect();
    let params = [("what", what), ("name", name)];
    faults.add(PackFault::new(place, codes::UNDEFINED, &params).near(near));
}

/// Fields and forms that gates name must exist for the kinds of the move.
fn in_gates(draft: &Draft, faults: &mut Faults) {
    for written in &draft.moves {
        for (rule, place) in written.rule.gates.iter().zip(&written.gate_places) {
            rule.each(&mut |gate| in_gate(gate, (&written.rule.of, place), draft, faults));
        }
    }
    for written in &draft.before {
        for (rule, place) in written.rule.gates.iter().zip(&written.gate_places) {
            rule.each(&mut |gate| in_gate(gate, (&written.rule.of, place), draft, faults));
        }
    }
    for closing in &draft.closing {
        for rule in &closing.value.gates {
            rule.each(&mut |gate| in_gate(gate, (&closing.value.of, &closing.place), draft, faults));
        }
    }
}

fn in_gate(gate: &Gate, (kinds, place): (&[Kind], &Place), draft: &Draft, faults: &mut Faults) {
    match gate {
        Gate::Fields(names) => {
            for name in names.iter().filter(|name| !OWN_FIELDS.contains(&&***name)) {
                let has = |kind: &Kind| {
                    draft
                        .fields
                        .iter()
                        .any(|field| field.value.name == *name && field.value.of.contains(kind))
                };
                if !kinds.iter().all(has) {
                    let known = draft.fields.iter().map(|field| &*field.value.name).chain(OWN_FIELDS);
                    undefined(place, ("field", name), known, faults);
                }
            }
        }
        Gate::Form(name) | Gate::FormTaken(name) => form(name, (kinds, place), draft, faults),
        Gate::HandlingRecord => form(crate::case::HANDLING_RECORD, (kinds, place), draft, faults),
        _ => {}
    }
}

fn form(name: &str, (kinds, place): (&[Kind], &Place), draft: &Draft, faults: &mut Faults) {
    let has =
        |kind: &Kind| draft.forms.iter().any(|form| form.value.name == name && form.value.of.contains(kind));
    if !kinds.iter().all(has) {
        undefined(place, ("form", name), draft.forms.iter().map(|form| &*form.value.name), faults);
    }
}
