//! What a check found, printed one line per violation.

use std::process::ExitCode;

/// Collects the violations of one command and what it looked at.
#[derive(Debug, Default)]
pub(crate) struct Report {
    violations: Vec<String>,
    notes: Vec<String>,
}

impl Report {
    /// Records a violation at a file, with the line where there is one.
    pub(crate) fn violation(&mut self, path: &str, line: Option<usize>, what: impl AsRef<str>) {
        let place = line.map_or_else(|| path.to_owned(), |line| format!("{path}:{line}"));
        self.violations.push(format!("{place}: {}", what.as_ref()));
    }

    /// Records what was looked at, so that a check over nothing is seen.
    pub(crate) fn note(&mut self, what: impl Into<String>) {
        self.notes.push(what.into());
    }

    /// Takes over what another report holds.
    pub(crate) fn absorb(&mut self, other: Report) {
        self.violations.extend(other.violations);
        self.notes.extend(other.notes);
    }

    /// Gives the violations, for the tests of the checks.
    #[cfg(test)]
    pub(crate) fn violations(&self) -> &[String] {
        &self.violations
    }

    /// Prints everything and gives exit code 0 when clean, 1 otherwise.
    pub(crate) fn print(&self) -> ExitCode {
        for note in &self.notes {
            println!("{note}");
        }
        for violation in &self.violations {
            eprintln!("{violation}");
        }
        if self.violations.is_empty() {
            return ExitCode::SUCCESS;
        }
        eprintln!("{} violations", self.violations.len());
        ExitCode::FAILURE
    }
}
