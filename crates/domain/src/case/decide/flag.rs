//! Flags set and taken back.

use super::super::body::Marked;
use super::super::evaluate::{Facts, may_mark, still_matters};
use super::super::state::Case;
use super::Refused;

impl Case {
    /// what is important the lead or the head chooses.
    pub(super) fn check_mark(&self, body: &Marked, facts: &Facts<'_>) -> Result<(), Refused> {
        let code = match body.flag {
            flag if self.has(flag) => "flag_set_already",
            flag if !still_matters(flag, self) => "flag_not_when_closed",
            flag if !may_mark(flag, self, facts) => "important_is_the_leads",
            _ => return Ok(()),
        };
        Err(Refused::field("flag", code))
    }

    pub(super) fn check_unmark(&self, body: &Marked) -> Result<(), Refused> {
        let (path, code) = match body.flag {
            flag if !self.has(flag) => ("flag", "flag_not_set"),
            flag if !still_matters(flag, self) => ("flag", "flag_not_when_closed"),
            _ if body.text.is_none() => ("text", "required"),
            _ => return Ok(()),
        };
        Err(Refused::field(path, code))
    }
}
