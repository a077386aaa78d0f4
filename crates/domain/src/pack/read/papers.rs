//! Fields and forms.

use super::super::codes;
use super::super::fault::{Faults, PackFault};
use super::super::model::{FieldDef, FieldKind, FormDef};
use super::super::vocabulary::near;
use super::draft::{Draft, Placed, kinds};
use super::section::Section;
use crate::case::Kind;

/// What a field can hold, in words.
const TYPES: [&str; 7] = ["text", "integer", "money", "date", "time", "flag", "choice"];

pub(super) fn read_field(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    section.only(&["name", "title", "type", "choices", "of", "source"], faults);
    let of = kinds(section, faults);
    let Some(value) = field(section, of, faults) else { return };
    draft.fields.push(Placed { place: section.place(), value });
}

fn field(section: &Section<'_, '_>, of: Vec<Kind>, faults: &mut Faults) -> Option<FieldDef> {
    let name = section.name("name", faults);
    let title = section.names("title", faults);
    let kind = kind(section, faults);
    let source = section.texts("source", faults);
    Some(FieldDef { name: name?, title: title?, kind: kind?, of, source })
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
        part.only(&["name", "title", "type", "choices", "required", "source"], faults);
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
