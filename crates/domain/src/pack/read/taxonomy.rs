//! Categories and causes.

use super::super::fault::Faults;
use super::super::model::{CategoryDef, CauseDef};
use super::draft::{Draft, Placed};
use super::section::Section;

pub(super) fn read_category(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    let known = [
        "code",
        "title",
        "definition",
        "includes",
        "excludes",
        "parent",
        "top",
        "no_insisting",
        "published",
        "department",
        "source",
    ];
    section.only(&known, faults);
    let code = section.name("code", faults);
    let title = section.names("title", faults);
    let definition = section.names("definition", faults);
    let top = section.name("top", faults);
    let (Some(code), Some(title), Some(definition), Some(top)) = (code, title, definition, top) else {
        return;
    };
    let value = CategoryDef {
        code,
        title,
        definition,
        includes: section.names_or_empty("includes", faults),
        excludes: section.names_or_empty("excludes", faults),
        parent: section.maybe("parent").and_then(|item| item.name(faults)),
        top,
        department: section.maybe("department").and_then(|_| section.names("department", faults)),
        no_insisting: section.is("no_insisting", faults),
        published: section.is("published", faults),
        source: section.texts("source", faults),
    };
    draft.categories.push(Placed { place: section.place(), value });
}

pub(super) fn read_cause(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    section.only(&["code", "title", "parent", "department", "source"], faults);
    let (code, title) = (section.name("code", faults), section.names("title", faults));
    let (Some(code), Some(title)) = (code, title) else { return };
    let parent = section.maybe("parent").and_then(|item| item.name(faults));
    let department = section.maybe("department").and_then(|_| section.names("department", faults));
    let value = CauseDef { code, title, parent, department, source: section.texts("source", faults) };
    draft.causes.push(Placed { place: section.place(), value });
}
