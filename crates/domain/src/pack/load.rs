//! From an author's files to a checked pack.

use super::check;
use super::codes;
use super::fault::{Faults, PackFault, Place};
use super::files::PackFiles;
use super::model::{MoveRule, Pack};
use super::read::{self, Draft, DraftMove, Placed};
use crate::case::{Kind, Stage};

/// Reads and checks a pack.
///
/// # Errors
/// Every fault with file, line and advice, in the order of the files; where one is
/// not even TOML, that alone.
pub fn load(files: &PackFiles) -> Result<Pack, Vec<PackFault>> {
    let mut faults = Faults::default();
    let draft = read::draft(files, &mut faults);
    // A file that could not be read leaves everything else wanting.
    if faults.keep_only(codes::NOT_TOML) {
        return Err(faults.into_sorted());
    }
    check::names(&draft, &mut faults);
    check::ladders(&draft, &mut faults);
    // What moves lead to is only told of a pack whose parts could be read.
    if faults.is_empty() {
        check::paths(&draft, &mut faults);
    }
    if !faults.is_empty() {
        return Err(faults.into_sorted());
    }
    checked(draft).ok_or_else(Vec::new)
}

fn checked(draft: Draft) -> Option<Pack> {
    let moves = draft.moves.iter().flat_map(|written| expanded(written, &draft)).collect();
    Some(Pack {
        name: draft.name?,
        version: draft.version?,
        effective: draft.effective?,
        title: draft.title?,
        fields: bare(draft.fields),
        categories: bare(draft.categories),
        causes: bare(draft.causes),
        clocks: bare(draft.clocks),
        work: bare(draft.work),
        moves,
        closing: bare(draft.closing),
        approvals: bare(draft.approvals),
        forms: bare(draft.forms),
        reopen: draft.reopen.into_iter().map(|(kind, stage)| (kind, stage.value)).collect(),
        texts: draft.texts,
        before: draft.before.into_iter().map(|written| written.rule).collect(),
        tips: bare(draft.tips),
        tops: bare(draft.tops),
        emotions: bare(draft.emotions),
        visit: draft.visit,
        major: draft.major,
        remedies: bare(draft.remedies),
        guide: bare(draft.guide),
        hot: draft.hot,
    })
}

fn bare<T>(placed: Vec<Placed<T>>) -> Vec<T> {
    placed.into_iter().map(|placed| placed.value).collect()
}

/// Names the stages that “any stage” stands for: those that a kind can be in,
/// so that each kind gets a rule of its own.
fn expanded(written: &DraftMove, draft: &Draft) -> Vec<MoveRule> {
    let Some(closed_too) = written.from_any else { return vec![written.rule.clone()] };
    let of_kind = |kind: &Kind| {
        let mut rule = MoveRule { of: vec![*kind], ..written.rule.clone() };
        rule.from.extend(check::reached(draft, *kind));
        rule.from.extend(closed_too.then_some(Stage::Closed));
        rule.from.sort_unstable();
        rule.from.dedup();
        rule
    };
    written.rule.of.iter().map(of_kind).collect()
}

/// Checks versions of packs that stand side by side: one per day and name,
/// later versions later.
#[must_use]
pub fn together(packs: &[&Pack]) -> Vec<PackFault> {
    let mut faults = Faults::default();
    for (at, one) in packs.iter().enumerate() {
        for other in packs[at + 1..].iter().filter(|other| other.name == one.name) {
            let ordered = one.version.cmp(&other.version) == one.effective.cmp(&other.effective);
            if one.version != other.version && ordered {
                continue;
            }
            let place = Place { file: PackFiles::MAIN.to_owned(), line: 1, column: 1 };
            let params = [
                ("pack", &*one.name),
                ("version", &*one.version.to_string()),
                ("effective", &one.effective.to_string()),
                ("other", &other.version.to_string()),
                ("other_effective", &other.effective.to_string()),
            ];
            faults.at(&place, codes::VERSION_ORDER, &params);
        }
    }
    faults.into_sorted()
}

/// Reads any text as a pack and must never panic: the entry for fuzzing.
pub fn fuzz_pack(text: &str) {
    match load(&PackFiles::of(text)) {
        Ok(pack) => drop(serde_json::to_string(&pack)),
        Err(faults) => faults.iter().for_each(|fault| drop(fault.to_string())),
    }
}
