//! What a customer is to the house, as far as calls go by it (CALL-9, TEL-6, X-36).

use super::skill;
use crate::case::FieldReason;
use crate::paper::fault_unless;
use crate::text::Text;
use crate::time::{Timestamp, Zone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest time for which business is restricted: a year, in microseconds.
const LONGEST: i64 = 366 * 86_400_000_000;

/// Business with a customer is restricted (黑名单); complaints never are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Restriction {
    /// Why.
    pub reason: Text,
    /// Until when; it ends by itself.
    pub until: Timestamp,
}

/// What a customer is to the house.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PartyStanding)]
pub struct Standing {
    /// One of the house's levels, such as `vip`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40)]
    pub level: Option<String>,
    /// Skills that an agent must have, such as a dialect (TEL-32).
    #[serde(default)]
    #[schema(max_items = 10)]
    pub skills: Vec<String>,
    /// Where they live, by the name of the IANA tables such as `Europe/London` (TEL-6).
    ///
    /// Nothing means where the organisation is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40)]
    pub time_zone: Option<String>,
    /// What restricts business with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restricted: Option<Restriction>,
}

impl Standing {
    /// Gives the customer's own zone, where they live elsewhere (TEL-6).
    #[must_use]
    pub fn zone(&self) -> Option<Zone> {
        self.time_zone.as_deref().and_then(|name| Zone::named(name).ok())
    }

    /// Gives the restriction that holds at a moment.
    #[must_use]
    pub fn restricted_at(&self, now: Timestamp) -> Option<&Restriction> {
        self.restricted.as_ref().filter(|one| one.until > now)
    }

    /// Lists the fields that are not acceptable.
    #[must_use]
    pub fn faults<'a>(
        &self,
        levels: impl IntoIterator<Item = &'a String>,
        now: Timestamp,
    ) -> Vec<FieldReason> {
        let known = self.level.as_ref().is_none_or(|level| levels.into_iter().any(|one| one == level));
        let mut faults = fault_unless(known, "level", "unknown_level");
        faults.extend(fault_unless(self.skills.len() <= 10, "skills", "list_length"));
        for (at, skill) in self.skills.iter().enumerate() {
            faults.extend(fault_unless(skill::is_name(skill), &format!("skills[{at}]"), "text_length"));
        }
        let placed = self.time_zone.is_none() || self.zone().is_some();
        faults.extend(fault_unless(placed, "time_zone", "zone_unknown"));
        if let Some(one) = &self.restricted {
            faults.extend(fault_unless(one.until > now, "restricted.until", "in_the_past"));
            let near = one.until.micros() - now.micros() <= LONGEST;
            faults.extend(fault_unless(near, "restricted.until", "too_far_ahead"));
            let short = one.reason.as_str().chars().count() <= 500;
            faults.extend(fault_unless(short, "restricted.reason", "text_length"));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::tests::at;
    use serde_json::json;

    /// a restriction has a reason and an end of its own, at most a year away.
    #[test]
    fn a_restriction_ends_by_itself() {
        let now = at("2026-11-27T10:00");
        let until = |time: &str| -> Standing {
            serde_json::from_value(
                json!({"level": "vip", "restricted": {"reason": "多次恶意退货", "until": at(time)}}),
            )
            .unwrap()
        };
        let levels = ["vip".to_owned()];
        let fine = until("2026-12-27T10:00");
        assert_eq!(fine.faults(&levels, now), []);
        assert!(fine.restricted_at(now).is_some() && fine.restricted_at(at("2026-12-27T10:00")).is_none());
        let codes = |standing: Standing| -> Vec<_> {
            standing.faults(&levels, now).into_iter().map(|fault| fault.code).collect()
        };
        assert_eq!(codes(until("2026-11-27T10:00")), ["in_the_past"]);
        assert_eq!(codes(until("2028-11-27T10:00")), ["too_far_ahead"]);
        assert_eq!(codes(Standing { level: Some("gold".into()), ..Standing::default() }), ["unknown_level"]);
        let abroad = |zone: &str| Standing { time_zone: Some(zone.into()), ..Standing::default() };
        assert_eq!(codes(abroad("Europe/Atlantis")), ["zone_unknown"]);
        assert_eq!(codes(abroad("Europe/London")), [""; 0], "TEL-6");
        let blank = json!({"restricted": {"reason": " ", "until": at("2026-12-27T10:00")}});
        assert!(serde_json::from_value::<Standing>(blank).is_err(), "a reason is needed");
    }
}
