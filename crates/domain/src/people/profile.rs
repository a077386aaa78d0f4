//! What somebody brings to the trade, and what a project is meant to be.

use crate::time::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::wire::wire_enum! {
    /// The highest schooling that somebody finished.
    Education {
        /// 高中及以下.
        School = "school",
        /// 大专.
        College = "college",
        /// 本科.
        Bachelor = "bachelor",
        /// 硕士及以上.
        Master = "master",
    }
}

/// Years in the trade that an after-sales agent should have (ASC-1).
pub const YEARS_IN_TRADE: i16 = 5;

/// What somebody brings to the trade (ASC-2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonProfile {
    /// First day in the trade.
    pub trade_since: Option<Date>,
    /// The highest schooling finished.
    pub education: Option<Education>,
    /// Areas of product and machine knowledge, sorted, each once.
    pub knowledge: Vec<String>,
}

/// Which of the conditions for after-sales staff somebody meets (ASC-1); null where
/// nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conditions {
    /// Five whole years in the trade.
    pub years: Option<bool>,
    /// A bachelor or above.
    pub education: Option<bool>,
    /// Some product or machine knowledge.
    pub knowledge: bool,
}

impl PersonProfile {
    /// Checks the first two conditions for after-sales staff on a day (ASC-1, ASC-2).
    #[must_use]
    pub fn conditions(&self, today: Date) -> Conditions {
        let whole = |since: Date| {
            let (year, month, day) = (since.year() + YEARS_IN_TRADE, since.month(), since.day());
            (today.year(), today.month(), today.day()) >= (year, month, day)
        };
        Conditions {
            years: self.trade_since.map(whole),
            education: self.education.map(|reached| reached >= Education::Bachelor),
            knowledge: !self.knowledge.is_empty(),
        }
    }
}

/// What a project is meant to be: what complaints are related to, for later ones of
/// the same kind (PROP-104).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitProfile {
    /// How the project is positioned (项目定位).
    pub positioning: Option<String>,
    /// For whom it is (客户群).
    pub customer_group: Option<String>,
    /// What is promised there (服务标准).
    pub service_standard: Option<String>,
    /// What is spent on it (资源成本).
    pub resource_cost: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    /// ASC-1, ASC-2: five whole years, a bachelor, knowledge; unknown is not "no".
    #[test]
    fn conditions_are_checked_from_the_profile() {
        let mut profile = PersonProfile::default();
        let unknown = Conditions { years: None, education: None, knowledge: false };
        assert_eq!(profile.conditions(day("2026-11-27")), unknown);
        profile.trade_since = Some(day("2021-11-28"));
        profile.education = Some(Education::College);
        let short = Conditions { years: Some(false), education: Some(false), knowledge: false };
        assert_eq!(profile.conditions(day("2026-11-27")), short);
        profile.education = Some(Education::Master);
        profile.knowledge = vec!["空调".into()];
        let meets = Conditions { years: Some(true), education: Some(true), knowledge: true };
        assert_eq!(profile.conditions(day("2026-11-28")), meets);
    }
}
