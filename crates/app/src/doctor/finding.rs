//! What doctor found: stable codes, and where.

use huiyin_domain::ids::OrgId;
use serde::Serialize;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The data are not what they were, or do not fit together.
    Broken,
    /// The data are sound, something needs care.
    Care,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable word, snake case.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Code of the organisation, or its number where it is not known.
    pub organisation: Option<String>,
    /// Id of the case.
    pub case: Option<String>,
    /// Number of the case, as people know it.
    pub number: Option<String>,
    /// Where: a table with its row, an event, an anchor, a file.
    pub place: String,
    /// What it means, in words; never a stored text.
    pub detail: String,
}

impl Finding {
    /// Makes a finding that shows damage.
    #[must_use]
    pub fn broken(word: &'static str, place: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            code: word,
            severity: Severity::Broken,
            organisation: None,
            case: None,
            number: None,
            place: place.into(),
            detail: detail.into(),
        }
    }

    /// Makes a finding that asks for care.
    #[must_use]
    pub fn care(word: &'static str, place: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Care, ..Self::broken(word, place, detail) }
    }

    /// Says in which organisation.
    #[must_use]
    pub fn of(mut self, organisation: &str) -> Self {
        self.organisation = Some(organisation.to_owned());
        self
    }

    /// Says at which case.
    #[must_use]
    pub fn at(mut self, case: &str, number: Option<&str>) -> Self {
        self.case = Some(case.to_owned());
        self.number = number.map(str::to_owned);
        self
    }
}

/// The codes of organisations by number.
#[derive(Clone, Debug, Default)]
pub struct Codes(std::collections::BTreeMap<OrgId, String>);

impl Codes {
    /// Takes numbers with their codes.
    #[must_use]
    pub fn new(codes: impl IntoIterator<Item = (OrgId, String)>) -> Self {
        Self(codes.into_iter().collect())
    }

    /// Gives the code, or the number where there is no such organisation.
    #[must_use]
    pub fn of(&self, org: OrgId) -> String {
        self.0.get(&org).cloned().unwrap_or_else(|| format!("#{org}"))
    }

    /// Tells whether there is such an organisation.
    #[must_use]
    pub fn knows(&self, org: OrgId) -> bool {
        self.0.contains_key(&org)
    }
}
