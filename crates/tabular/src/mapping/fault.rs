//! What can be wrong with a mapping file, with its line and advice.

use super::convert::nearest;
use crate::failure::Params;

/// Names the faults of a mapping file; stable on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MappingCode {
    /// The file cannot be read.
    Unreadable,
    /// Not the shape of a mapping file; the parser says why.
    Syntax,
    /// No such target.
    UnknownTarget,
    /// The target belongs to another kind of import.
    WrongImport,
    /// Two columns become the same target.
    DuplicateTarget,
    /// No column and no default gives a target that every row needs.
    MissingTarget,
    /// A time format that means nothing.
    BadFormat,
    /// No such time zone.
    BadZone,
    /// No such value table.
    UnknownTable,
    /// A value table that no column uses.
    UnusedTable,
    /// A default that does not fit its target.
    BadDefault,
    /// A setting that does not apply to the type of the target.
    NotApplicable,
    /// A column both read and ignored.
    ReadAndIgnored,
    /// The name of the source is empty or has more than letters, digits, `-`, `_`.
    BadSource,
}

impl MappingCode {
    /// Lists every code, for the check of the translations.
    pub const ALL: [Self; 14] = [
        Self::Unreadable,
        Self::Syntax,
        Self::UnknownTarget,
        Self::WrongImport,
        Self::DuplicateTarget,
        Self::MissingTarget,
        Self::BadFormat,
        Self::BadZone,
        Self::UnknownTable,
        Self::UnusedTable,
        Self::BadDefault,
        Self::NotApplicable,
        Self::ReadAndIgnored,
        Self::BadSource,
    ];

    /// Gives the name on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "mapping_unreadable",
            Self::Syntax => "mapping_syntax",
            Self::UnknownTarget => "mapping_unknown_target",
            Self::WrongImport => "mapping_wrong_import",
            Self::DuplicateTarget => "mapping_duplicate_target",
            Self::MissingTarget => "mapping_missing_target",
            Self::BadFormat => "mapping_bad_format",
            Self::BadZone => "mapping_bad_zone",
            Self::UnknownTable => "mapping_unknown_table",
            Self::UnusedTable => "mapping_unused_table",
            Self::BadDefault => "mapping_bad_default",
            Self::NotApplicable => "mapping_not_applicable",
            Self::ReadAndIgnored => "mapping_read_and_ignored",
            Self::BadSource => "mapping_bad_source",
        }
    }
}

/// Describes what is wrong with a mapping file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct MappingError {
    /// Name of the file.
    pub file: String,
    /// Line, from one.
    pub line: usize,
    /// Stable name of the fault.
    pub code: MappingCode,
    /// Values for the translated message.
    pub params: Params,
    /// The fault in English.
    pub message: String,
}

/// The text of a mapping file, for lines of faults.
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
}

impl Place<'_> {
    /// Makes a fault at a byte of the file.
    pub(super) fn fault(&self, at: usize, code: MappingCode, message: String) -> MappingError {
        let before = self.text.as_bytes().get(..at.min(self.text.len())).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        MappingError { file: self.file.to_owned(), line, code, params: Params::new(), message }
    }

    /// Makes a fault of a name, with the nearest name that would do.
    pub(super) fn misnamed<'n>(
        &self,
        at: usize,
        code: MappingCode,
        name: &str,
        names: impl Iterator<Item = &'n str>,
    ) -> MappingError {
        let near = nearest(name, names);
        let advice = near.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default();
        let what = match code {
            MappingCode::UnknownTable => "no value table",
            MappingCode::BadZone => "no time zone",
            _ => "no target",
        };
        let error = self.fault(at, code, format!("{what} \"{name}\"{advice}"));
        error.with("name", name).with("near", near.unwrap_or_default())
    }

    /// Makes a fault of what the parser said, with advice for a wrong key.
    pub(super) fn syntax(&self, error: &toml::de::Error) -> MappingError {
        let at = error.span().map_or(0, |span| span.start);
        let said = error.message().to_owned();
        // the parser names the wrong key first and then those it knows
        let mut quoted = said.split('`').skip(1).step_by(2);
        let wrong = if said.starts_with("unknown") { quoted.next() } else { None };
        let near = wrong.and_then(|wrong| nearest(wrong, quoted)).unwrap_or_default().to_owned();
        let advice = if near.is_empty() { String::new() } else { format!("; did you mean \"{near}\"?") };
        let message = format!("{said}{advice}");
        self.fault(at, MappingCode::Syntax, message).with("reason", said).with("near", near)
    }
}

impl MappingError {
    /// Adds one value for the translated message.
    pub(super) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.insert(name, value.to_string());
        self
    }
}
