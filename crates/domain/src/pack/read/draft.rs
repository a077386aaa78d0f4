//! The whole pack as written, before it is checked.

use super::super::codes;
use super::super::fault::{Faults, PackFault, Place};
use super::super::files::{MOST_BYTES, MOST_FILES, PackFiles};
use super::super::model::MajorRule;
use super::super::model::{
    ApprovalRule, BeforeRule, CategoryDef, CauseDef, ClockRule, ClosingRule, FieldDef, FormDef, GuideRule,
    NamedDef, Names, RemedyDef, TipDef, VisitRule,
};
use super::super::work::WorkRule;
use super::moves::DraftMove;
use super::section::{Section, Source};
use super::{advice, approval, moves, papers, remedy, taxonomy, timing};
use crate::case::{Kind, Stage};
use crate::incident::HotRule;
use crate::time::Date;
use std::collections::{BTreeMap, BTreeSet};
use toml::de::DeTable;

/// A part of a pack with the place where it is written.
#[derive(Debug)]
pub(in super::super) struct Placed<T> {
    pub(in super::super) place: Place,
    pub(in super::super) value: T,
}

/// What the files of a pack say, nothing checked yet between its parts.
#[derive(Debug, Default)]
pub(in super::super) struct Draft {
    pub(in super::super) name: Option<String>,
    pub(in super::super) version: Option<u32>,
    pub(in super::super) effective: Option<Date>,
    pub(in super::super) title: Option<Names>,
    pub(in super::super) fields: Vec<Placed<FieldDef>>,
    pub(in super::super) categories: Vec<Placed<CategoryDef>>,
    pub(in super::super) causes: Vec<Placed<CauseDef>>,
    pub(in super::super) clocks: Vec<Placed<ClockRule>>,
    pub(in super::super) work: Vec<Placed<WorkRule>>,
    pub(in super::super) moves: Vec<DraftMove>,
    pub(in super::super) closing: Vec<Placed<ClosingRule>>,
    pub(in super::super) approvals: Vec<Placed<ApprovalRule>>,
    pub(in super::super) forms: Vec<Placed<FormDef>>,
    pub(in super::super) reopen: BTreeMap<Kind, Placed<Stage>>,
    pub(in super::super) texts: BTreeMap<String, Names>,
    pub(in super::super) before: Vec<DraftBefore>,
    pub(in super::super) tips: Vec<Placed<TipDef>>,
    pub(in super::super) tops: Vec<Placed<NamedDef>>,
    pub(in super::super) emotions: Vec<Placed<NamedDef>>,
    pub(in super::super) visit: VisitRule,
    pub(in super::super) major: Option<MajorRule>,
    pub(in super::super) remedies: Vec<Placed<RemedyDef>>,
    pub(in super::super) guide: Vec<Placed<GuideRule>>,
    pub(in super::super) hot: Option<HotRule>,
}

/// What stands before an action, with the places of its gates.
#[derive(Debug)]
pub(in super::super) struct DraftBefore {
    pub(in super::super) rule: BeforeRule,
    pub(in super::super) gate_places: Vec<Place>,
}

/// What stands at the head of the main file.
const HEAD: [&str; 6] = ["pack", "version", "effective", "language", "title", "include"];
/// What every file of rules may hold.
pub(in super::super) const PARTS: [&str; 19] = [
    "field", "category", "cause", "clock", "work", "move", "closing", "approval", "form", "reopen", "before",
    "tip", "top", "emotion", "visit", "major", "hot", "remedy", "guide",
];
/// Languages of the texts for customers, with the folder of each.
const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// Reads all files; every fault is collected, nothing stops the reading.
pub(in super::super) fn draft(files: &PackFiles, faults: &mut Faults) -> Draft {
    let mut draft = Draft::default();
    let count = files.iter().count();
    if count > MOST_FILES {
        faults.at(&Place::default(), codes::TOO_LARGE, &[("most", &MOST_FILES.to_string())]);
        return draft;
    }
    for (name, text) in files.iter().filter(|(_, text)| text.len() > MOST_BYTES) {
        let place = Place { file: name.to_owned(), line: 1, column: 1 };
        let params = [("most", &*MOST_BYTES.to_string()), ("bytes", &text.len().to_string())];
        faults.at(&place, codes::TOO_LARGE, &params);
    }
    if !faults.is_empty() {
        return draft;
    }
    let mut used = BTreeSet::from([PackFiles::MAIN.to_owned()]);
    read_main(files, &mut draft, &mut used, faults);
    read_texts(files, &mut draft, &mut used, faults);
    for (name, _) in files.iter().filter(|(name, _)| !used.contains(*name)) {
        let place = Place { file: name.to_owned(), line: 1, column: 1 };
        faults.at(&place, codes::FILE_UNKNOWN, &[("file", name)]);
    }
    draft
}

fn read_main(files: &PackFiles, draft: &mut Draft, used: &mut BTreeSet<String>, faults: &mut Faults) {
    let start = Place { file: PackFiles::MAIN.to_owned(), line: 1, column: 1 };
    let Some(text) = files.get(PackFiles::MAIN) else {
        faults.at(&start, codes::FILE_MISSING, &[("file", PackFiles::MAIN)]);
        return;
    };
    let source = Source { name: PackFiles::MAIN, text };
    let Some(table) = parse(source, faults) else { return };
    let main = Section::whole(source, &table);
    main.only(&[&HEAD[..], &PARTS[..]].concat(), faults);
    draft.name = main.get("pack", faults).and_then(|item| item.pack_name(faults));
    draft.version = main.get("version", faults).and_then(|item| item.count(1, 1_000_000, faults));
    draft.title = main.names("title", faults);
    draft.effective = effective(&main, faults);
    language(&main, faults);
    read_parts(&main, draft, faults);
    for item in main.list("include", faults) {
        let Some(name) = item.name(faults) else { continue };
        let file = format!("{name}.toml");
        match files.get(&file) {
            Some(text) => {
                used.insert(file.clone());
                let source = Source { name: &file, text };
                let Some(table) = parse(source, faults) else { continue };
                let part = Section::whole(source, &table);
                part.only(&PARTS, faults);
                read_parts(&part, draft, faults);
            }
            None => faults.at(&item.place(), codes::FILE_MISSING, &[("file", &file)]),
        }
    }
}

fn effective(main: &Section<'_, '_>, faults: &mut Faults) -> Option<Date> {
    let item = main.get("effective", faults)?;
    let text = match item.value.get_ref() {
        toml::de::DeValue::Datetime(date) => date.to_string(),
        _ => item.text(faults)?.to_owned(),
    };
    let found = Date::parse(&text).ok();
    if found.is_none() {
        faults.at(&item.place(), codes::DATE_WRONG, &[("date", &text)]);
    }
    found
}

fn language(main: &Section<'_, '_>, faults: &mut Faults) {
    let Some(item) = main.maybe("language") else { return };
    let Some(text) = item.text(faults) else { return };
    if !LANGUAGES.contains(&text) {
        let params = [("what", "language"), ("word", text)];
        let near = LANGUAGES.iter().map(|tag| (*tag).to_owned()).collect();
        faults.add(PackFault::new(&item.place(), codes::UNKNOWN_WORD, &params).near(near));
    }
}

/// Reads a file as TOML; the fault says where it is none.
pub(crate) fn parse<'t>(source: Source<'t>, faults: &mut Faults) -> Option<DeTable<'t>> {
    match DeTable::parse(source.text) {
        Ok(table) => Some(table.into_inner()),
        Err(error) => {
            let place = source.place(&error.span().unwrap_or(0..0));
            faults.at(&place, codes::NOT_TOML, &[("why", error.message())]);
            None
        }
    }
}

fn read_parts(main: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    type Read = fn(&Section<'_, '_>, &mut Draft, &mut Faults);
    let readers: [(&str, Read); 15] = [
        ("field", papers::read_field),
        ("category", taxonomy::read_category),
        ("cause", taxonomy::read_cause),
        ("clock", timing::read_clock),
        ("work", timing::read_work),
        ("move", moves::read_move),
        ("closing", moves::read_closing),
        ("approval", approval::read_approval),
        ("form", papers::read_form),
        ("before", advice::read_before),
        ("tip", advice::read_tip),
        ("top", advice::read_top),
        ("emotion", advice::read_emotion),
        ("remedy", remedy::read_remedy),
        ("guide", remedy::read_guide),
    ];
    for (key, read) in readers {
        for section in main.sections(key, faults) {
            read(&section, draft, faults);
        }
    }
    if let Some(section) = main.maybe("reopen").and_then(|item| item.section(faults)) {
        moves::read_reopen(&section, draft, faults);
    }
    if let Some(section) = main.maybe("visit").and_then(|item| item.section(faults)) {
        draft.visit = advice::read_visit(&section, faults);
    }
    if let Some(section) = main.maybe("major").and_then(|item| item.section(faults)) {
        draft.major = timing::read_major(&section, faults);
    }
    if let Some(section) = main.maybe("hot").and_then(|item| item.section(faults)) {
        draft.hot = timing::read_hot(&section, faults);
    }
}

/// Reads the texts for customers: each in every language.
fn read_texts(files: &PackFiles, draft: &mut Draft, used: &mut BTreeSet<String>, faults: &mut Faults) {
    let mut names = BTreeSet::new();
    for (file, _) in files.iter() {
        let Some((language, name)) = file.strip_prefix("texts/").and_then(|rest| rest.split_once('/')) else {
            continue;
        };
        if let (true, Some(name)) = (LANGUAGES.contains(&language), name.strip_suffix(".txt")) {
            names.insert(name.to_owned());
            used.insert(file.to_owned());
        }
    }
    for name in names {
        let [zh, en] = LANGUAGES.map(|language| format!("texts/{language}/{name}.txt"));
        match (files.get(&zh), files.get(&en)) {
            (Some(zh), Some(en)) => {
                let names = Names { zh: zh.trim().to_owned(), en: en.trim().to_owned() };
                draft.texts.insert(name, names);
            }
            (None, _) => missing(&en, &zh, faults),
            (_, None) => missing(&zh, &en, faults),
        }
    }
}

fn missing(there: &str, missing: &str, faults: &mut Faults) {
    let place = Place { file: there.to_owned(), line: 1, column: 1 };
    faults.at(&place, codes::FILE_MISSING, &[("file", missing)]);
}

/// Reads the kinds of case that a part is for; complaints where none is named.
pub(super) fn kinds(section: &Section<'_, '_>, faults: &mut Faults) -> Vec<Kind> {
    if section.maybe("of").is_none() {
        return vec![Kind::Complaint];
    }
    let mut kinds = section.words("of", faults);
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}
