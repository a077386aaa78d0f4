//! From an author's file to a checked menu.

use super::check;
use super::model::Menu;
use super::read;
use crate::pack::{Faults, PackFault};
use std::collections::BTreeSet;

/// What a menu may name, each list where it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Prompts that were recorded.
    pub prompts: Option<BTreeSet<String>>,
    /// Queues of the organisation.
    pub queues: Option<BTreeSet<String>>,
    /// Lines of the organisation, by their digits.
    pub lines: Option<BTreeSet<String>>,
    /// Services of the organisation's lines (CALL-18).
    pub services: Option<BTreeSet<String>>,
    /// Skills that agents have.
    pub skills: Option<BTreeSet<String>>,
}

/// Reads and checks a menu; `file` is the name that faults are told with.
///
/// # Errors
/// Every fault with line, column and advice, in the order of the file.
pub fn load(file: &str, text: &str, around: &Surroundings) -> Result<Menu, Vec<PackFault>> {
    let mut faults = Faults::default();
    let draft = read::draft(file, text, &mut faults);
    check::names(&draft, around, &mut faults);
    check::nodes(&draft, &mut faults);
    // where ways lead is only told of a menu whose nodes could be read
    if faults.is_empty() {
        check::ways(&draft, &mut faults);
    }
    if !faults.is_empty() {
        return Err(faults.into_sorted());
    }
    draft.into_menu().ok_or_else(Vec::new)
}

/// Reads any text as a menu and must never panic: the entry for fuzzing.
pub fn fuzz_menu(text: &str) {
    match load("menu.toml", text, &Surroundings::default()) {
        Ok(menu) => drop(serde_json::to_string(&menu)),
        Err(faults) => faults.iter().for_each(|fault| drop(fault.to_string())),
    }
}
