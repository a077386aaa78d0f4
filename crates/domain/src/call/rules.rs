//! What a house sets for its telephones: windows, recording, limits, levels.

use super::window::Windows;
use crate::case::FieldReason;
use crate::paper::fault_unless;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Calls that may be there at once where a line says nothing else (CALL-2: 90 路).
pub const LINES: u32 = 90;

/// How calls are recorded (CALL-7, CALL-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordingRule {
    /// Whether conversations are recorded at all.
    pub on: bool,
    /// Whether callers who go straight to a queue are told first; menus tell it
    /// by themselves.
    pub announced: bool,
    /// Days for which a recording is kept.
    #[schema(minimum = 1, maximum = 36500)]
    pub keep_days: u32,
}

/// What a house sets for its telephones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TelephoneSettings)]
pub struct PhoneRules {
    /// When customers may be called (TEL-3…6).
    pub windows: Windows,
    /// How calls are recorded.
    pub recording: RecordingRule,
    /// Minutes within which a message is to be passed on (TEL-22, DESK-7).
    #[schema(minimum = 1, maximum = 10080)]
    pub deliver_minutes: u32,
    /// Levels of customers, at most 20, with how far each is ahead in a queue, 0 to 9.
    pub levels: BTreeMap<String, u32>,
}

impl Default for PhoneRules {
    /// Three years of recordings, half an hour for messages (X-48: our own values); the
    /// shipped menus tell of the recording themselves.
    fn default() -> Self {
        let level = |name: &str, ahead| (name.to_owned(), ahead);
        Self {
            windows: Windows::default(),
            recording: RecordingRule { on: true, announced: false, keep_days: 3 * 365 },
            deliver_minutes: 30,
            levels: [level("vip", 3), level("key", 2), level("ordinary", 0)].into_iter().collect(),
        }
    }
}

impl PhoneRules {
    /// Lists the fields that are not acceptable.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldReason> {
        let windows = self.windows.faults().into_iter();
        let mut faults: Vec<FieldReason> = windows.map(|fault| fault.within("windows")).collect();
        let days = (1..=36_500).contains(&self.recording.keep_days);
        faults.extend(fault_unless(days, "recording.keep_days", "number_range"));
        let minutes = (1..=10_080).contains(&self.deliver_minutes);
        faults.extend(fault_unless(minutes, "deliver_minutes", "number_range"));
        faults.extend(fault_unless(self.levels.len() <= 20, "levels", "list_length"));
        for (name, ahead) in &self.levels {
            let named = (1..=40).contains(&name.chars().count()) && !name.trim().is_empty();
            faults.extend(fault_unless(named, "levels", "level_name"));
            faults.extend(fault_unless(*ahead <= 9, &format!("levels.{name}"), "number_range"));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// TEL-3, TEL-22: what a house sets is within its bounds, each fault at its field.
    #[test]
    fn settings_are_within_their_bounds() {
        assert_eq!(PhoneRules::default().faults(), []);
        let mut odd = PhoneRules { deliver_minutes: 0, ..PhoneRules::default() };
        odd.windows.first_minutes = 481;
        odd.recording.keep_days = 0;
        odd.levels.insert("gold".into(), 10);
        let paths: Vec<String> = odd.faults().into_iter().map(|fault| fault.path).collect();
        assert_eq!(paths, ["windows.first_minutes", "recording.keep_days", "deliver_minutes", "levels.gold"]);
    }
}
