//! Fields and forms.

use super::super::codes;
use super::super::fault::{Faults, PackFault};
use super::super::model::{FieldDef, FieldKind, FormDef, Label, Names};
use super::super::source::{CaseValue, FormSource};
use super::super::vocabulary::near;
use super::draft::{Draft, Placed, kinds};
use super::section::{Item, Section};
use crate::case::Kind;
use std::collections::BTreeMap;

/// What a field can hold, in words.
const TYPES: [&str; 7] = ["text", "integer", "money", "date", "time", "flag", "choice"];

pub(super) fn read_field(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    section.only(&["name", "title", "type", "choices", "labels", "internal", "of", "source"], faults);
    let of = kinds(section, faults);
    let Some(value) = field(section, of, faults) else { return };
    draft.fields.push(Placed { place: section.place(), value });
}

fn field(section: &Section<'_, '_>, of: Vec<Kind>, faults: &mut Faults) -> Option<FieldDef> {
    let name = section.name("name", faults);
    let title = section.names("title", faults);
    let kind = kind(section, faults);
    let source = section.texts("source", faults);
    let labels = labels(section, kind.as_ref(), faults);
    let internal = section.is("internal", faults);
    let from = section.maybe("from").and_then(|item| from(&item, faults));
    Some(FieldDef { name: name?, title: title?, kind: kind?, of, source, labels, internal, from })
}

/// Reads the titles of choices: `labels.name = { zh = "…", en = "…" }`, with
/// `share = [20, 30]` where the source expects one.
fn labels(
    section: &Section<'_, '_>,
    kind: Option<&FieldKind>,
    faults: &mut Faults,
) -> BTreeMap<String, Label> {
    let mut labels = BTreeMap::new();
    let Some(all) = section.maybe("labels").and_then(|item| item.section(faults)) else { return labels };
    let known: &[String] = if let Some(FieldKind::Choice(choices)) = kind { choices } else { &[] };
    for (name, item) in all.entries() {
        let Some(label) = item.section(faults) else { continue };
        label.only(&["zh", "en", "share"], faults);
        if !known.iter().any(|choice| choice == name) {
            let near = near(name, known.iter().map(String::as_str));
            faults.add(section.unknown(&item, ("choice", name), near));
        }
        let text = |key: &'static str, faults: &mut Faults| {
            label.get(key, faults).and_then(|item| item.text(faults)).map(str::to_owned)
        };
        let (zh, en) = (text("zh", faults), text("en", faults));
        let share = label.maybe("share").and_then(|item| share(&item, faults));
        if let (Some(zh), Some(en)) = (zh, en) {
            labels.insert(name.to_owned(), Label { title: Names { zh, en }, share });
        }
    }
    labels
}

fn share(item: &Item<'_, '_>, faults: &mut Faults) -> Option<(u32, u32)> {
    let list = item.list(faults);
    let ends: Vec<u32> = list.iter().filter_map(|end| end.count(0, 100, faults)).collect();
    match ends.as_slice() {
        [least, most] if least <= most => Some((*least, *most)),
        _ => {
            item.wrong("shares", faults);
            None
        }
    }
}

/// Reads `"finding"` or `{ field = "wish" }`.
fn from(item: &Item<'_, '_>, faults: &mut Faults) -> Option<FormSource> {
    if let toml::de::DeValue::Table(_) = item.value.get_ref() {
        let section = item.section(faults)?;
        section.only(&["field"], faults);
        return section.name("field", faults).map(FormSource::Field);
    }
    item.word::<CaseValue>(faults).map(FormSource::Case)
}

fn kind(section: &Section<'_, '_>, faults: &mut Faults) -> Option<FieldKind> {
    let item = section.get("type", faults)?;
    Some(match item.text(faults)? {
        "text" => FieldKind::Text,
        "integer" => FieldKind::Integer,
        "money" => FieldKind::Money,
        "date" => FieldKind::Date,
        "time" => FieldKind::Time,
        "flag" => FieldKind::Flag,
        "choice" => {
            let choices = section.get("choices", faults)?.list(faults);
            FieldKind::Choice(choices.iter().filter_map(|choice| choice.name(faults)).collect())
        }
        other => {
            let params = [("what", "type"), ("word", other)];
            faults.add(PackFault::new(&item.place(), codes::UNKNOWN_WORD, &params).near(near(other, TYPES)));
            return None;
        }
    })
}

pub(super) fn read_form(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    section.only(&["name", "title", "of", "waivable", "field", "source"], faults);
    let of = kinds(section, faults);
    let mut fields: Vec<(FieldDef, bool)> = Vec::new();
    for part in section.sections("field", faults) {
        part.only(&["name", "title", "type", "choices", "labels", "required", "from", "source"], faults);
        let required = part.is("required", faults);
        let Some(field) = field(&part, of.clone(), faults) else { continue };
        if fields.iter().any(|(other, _)| other.name == field.name) {
            let params = [("what", "field"), ("name", &*field.name)];
            faults.at(&part.place(), codes::DUPLICATE, &params);
        }
        fields.push((field, required));
    }
    let (name, title) = (section.name("name", faults), section.names("title", faults));
    let (Some(name), Some(title)) = (name, title) else { return };
    let waivable = section.is("waivable", faults);
    let value = FormDef { name, title, of, fields, waivable, source: section.texts("source", faults) };
    draft.forms.push(Placed { place: section.place(), value });
}
