//! What is wrong with a pack, and where.

use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// The most faults that are told at once; more tell nobody anything.
const MOST_FAULTS: usize = 100;

/// A place in a file of a pack.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Name of the file within the folder.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// One fault of a pack, with what its text names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackFault {
    /// Where it is.
    pub place: Place,
    /// Stable code, one of [`super::codes`].
    pub code: &'static str,
    /// Values that the text of the code names.
    pub params: BTreeMap<&'static str, String>,
    /// What was probably meant, best first.
    pub near: Vec<String>,
}

impl PackFault {
    /// Names a fault at a place.
    #[must_use]
    pub fn new(place: &Place, code: &'static str, params: &[(&'static str, &str)]) -> Self {
        let params = params.iter().map(|(name, value)| (*name, shorten(value))).collect();
        Self { place: place.clone(), code, params, near: Vec::new() }
    }

    /// Adds what was probably meant.
    #[must_use]
    pub fn near(mut self, near: Vec<String>) -> Self {
        self.near = near;
        self
    }
}

impl fmt::Display for PackFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { file, line, column } = &self.place;
        write!(f, "{file}:{line}:{column}: {}", self.code)?;
        self.params.iter().try_for_each(|(name, value)| write!(f, " {name}={value:?}"))?;
        if self.near.is_empty() { Ok(()) } else { write!(f, " near={:?}", self.near) }
    }
}

/// Keeps what an author wrote readable inside a message.
fn shorten(value: &str) -> String {
    value.chars().take(80).collect()
}

/// Collects faults while reading goes on.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    found: Vec<PackFault>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: PackFault) {
        if self.found.len() < MOST_FAULTS {
            self.found.push(fault);
        }
    }

    pub(crate) fn at(&mut self, place: &Place, code: &'static str, params: &[(&'static str, &str)]) {
        self.add(PackFault::new(place, code, params));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Forgets the others when there is a fault of this code; tells whether there is.
    pub(crate) fn keep_only(&mut self, code: &str) -> bool {
        let there = self.found.iter().any(|fault| fault.code == code);
        self.found.retain(|fault| !there || fault.code == code);
        there
    }

    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    /// Gives the faults in the order in which an author meets them.
    pub(crate) fn into_sorted(mut self) -> Vec<PackFault> {
        self.found.sort_by(|a, b| (&a.place, a.code).cmp(&(&b.place, b.code)));
        self.found.dedup();
        self.found
    }
}
