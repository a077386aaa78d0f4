//! Reports to the leader in charge about a major or hot complaint (PROP-82, 84,
//! 85): which are owed, by when, and what each must say.
//!
//! *Invariants*: what is prescribed lies in one table, [`sections`]; a report
//! that was owed stays on the list once it is filed; texts are sealed.
//!
//! *Where to start*: [`sections`], then [`Owed`].

use crate::case::FieldReason;
use crate::case::body::Seal;
use crate::ids::PersonId;
use crate::text::{Sealed, Sealer, Text};
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

wire_enum! {
    /// What the report is about.
    SpecialMatter {
        /// 重大投诉.
        Major = "major",
        /// 热点投诉.
        Hot = "hot",
    }
}

wire_enum! {
    /// Which of the reports it is.
    SpecialKind {
        /// 首报: that it happened, within the pack's first limit.
        First = "first",
        /// 续报: how far it is, where the pack or a leader asks.
        Interim = "interim",
        /// 专题报告: after completion.
        Closing = "closing",
    }
}

wire_enum! {
    /// A section that a report must have.
    SpecialSection {
        /// 投诉内容.
        Content = "content",
        /// 原因分析.
        Causes = "causes",
        /// 目前处理情况.
        Handling = "handling",
        /// 难点分析.
        Difficulties = "difficulties",
        /// 需协助事项.
        HelpNeeded = "help_needed",
        /// 下一步安排.
        NextSteps = "next_steps",
        /// 处理过程和结果.
        ProcessAndResult = "process_and_result",
        /// 经验教训.
        Lessons = "lessons",
        /// 纠正措施.
        CorrectiveMeasures = "corrective_measures",
    }
}

/// Gives the sections that a report must have, in their order.
///
/// PROP-82 prescribes those of the closing report on a major complaint, PROP-84
/// the first and PROP-85 the closing one on a hot complaint; the sources leave
/// the others open, and the least that a leader can decide upon stands here.
#[must_use]
pub const fn sections(matter: SpecialMatter, kind: SpecialKind) -> &'static [SpecialSection] {
    use SpecialSection as S;
    match (matter, kind) {
        (SpecialMatter::Major, SpecialKind::First) => &[S::Content, S::Handling],
        (_, SpecialKind::Interim) => &[S::Handling, S::NextSteps],
        (SpecialMatter::Major, SpecialKind::Closing) => {
            &[S::Content, S::Causes, S::ProcessAndResult, S::Lessons, S::CorrectiveMeasures]
        }
        (SpecialMatter::Hot, SpecialKind::First) => {
            &[S::Content, S::Causes, S::Handling, S::Difficulties, S::HelpNeeded]
        }
        (SpecialMatter::Hot, SpecialKind::Closing) => &[S::Content, S::Causes, S::Handling, S::Lessons],
    }
}

/// Names the source that prescribes a report.
#[must_use]
pub const fn source(matter: SpecialMatter, kind: SpecialKind) -> &'static str {
    match (matter, kind) {
        (SpecialMatter::Major, _) => "PROP-82",
        (SpecialMatter::Hot, SpecialKind::Closing) => "PROP-85",
        (SpecialMatter::Hot, _) => "PROP-84",
    }
}

/// A report as somebody gives it to the leader in charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "first", "sections": {"content": "五号楼多户反映漏水", "handling": "已派人排查"}}))]
pub struct SpecialFiled<T = Text> {
    /// Which report it is.
    pub kind: SpecialKind,
    /// Name of each prescribed section to what it says.
    #[schema(value_type = std::collections::HashMap<SpecialSection, String>)]
    pub sections: BTreeMap<SpecialSection, T>,
}

impl Seal for SpecialFiled<Text> {
    type Sealed = SpecialFiled<Sealed>;
    fn seal(self, sealer: &mut Sealer) -> Self::Sealed {
        let sections = self.sections.into_iter().map(|(name, text)| (name, sealer.seal(text.as_str())));
        SpecialFiled { kind: self.kind, sections: sections.collect() }
    }
}

impl<T> SpecialFiled<T> {
    /// Names the sections that are missing or do not belong to the report.
    #[must_use]
    pub fn unfit(&self, matter: SpecialMatter) -> Vec<FieldReason> {
        let wanted = sections(matter, self.kind);
        let path = |section: &SpecialSection| format!("sections.{section}");
        let missing = wanted.iter().filter(|section| !self.sections.contains_key(section));
        let odd = self.sections.keys().filter(|section| !wanted.contains(section));
        let missing = missing.map(|section| FieldReason::new(&path(section), "required"));
        missing.chain(odd.map(|section| FieldReason::new(&path(section), "unknown_section"))).collect()
    }
}

/// A report that is owed, or was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Owed {
    /// Which report.
    pub kind: SpecialKind,
    /// Number of the clock that watches it; none where it was given unasked.
    pub clock: Option<u32>,
    /// What was given, once it was.
    pub filed: Option<Filed>,
    /// True when it is owed no longer though nobody gave it.
    #[serde(default)]
    pub dropped: bool,
}

/// A report that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Filed {
    /// What it says, section by section.
    #[schema(value_type = std::collections::HashMap<String, Option<String>>)]
    pub sections: BTreeMap<SpecialSection, Sealed>,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<PersonId>,
}

impl Owed {
    /// Tells whether somebody still has to give it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.filed.is_none() && !self.dropped
    }
}

/// Notes that a report is owed (the event of it), with the clock that watches it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportOwed {
    /// Which report.
    pub kind: SpecialKind,
    /// Number of its clock.
    pub clock: u32,
    /// Sources of the rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// Notes that a report was given; gives the clock that it meets.
pub(crate) fn file(
    owed: &mut Vec<Owed>,
    filed: &SpecialFiled<Sealed>,
    (at, by): (Timestamp, Option<PersonId>),
) -> Option<u32> {
    let given = Filed { sections: filed.sections.clone(), at, by };
    let open = owed.iter_mut().find(|one| one.kind == filed.kind && one.is_open());
    match open {
        Some(one) => {
            one.filed = Some(given);
            one.clock
        }
        None => {
            owed.push(Owed { kind: filed.kind, clock: None, filed: Some(given), dropped: false });
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PROP-82, 84, 85: the sections are those of the sources, each once.
    #[test]
    fn every_report_has_its_prescribed_sections() {
        use SpecialSection as S;
        let of =
            |matter, kind| sections(matter, kind).iter().map(|s| s.as_str()).collect::<Vec<_>>().join(" ");
        let closing = of(SpecialMatter::Major, SpecialKind::Closing);
        assert_eq!(closing, "content causes process_and_result lessons corrective_measures");
        let first = of(SpecialMatter::Hot, SpecialKind::First);
        assert_eq!(first, "content causes handling difficulties help_needed");
        assert_eq!(of(SpecialMatter::Hot, SpecialKind::Closing), "content causes handling lessons");
        let mut said = BTreeMap::from([(S::Content, ()), (S::Lessons, ())]);
        let filed =
            |said: &BTreeMap<S, ()>| SpecialFiled { kind: SpecialKind::First, sections: said.clone() };
        let wrong = filed(&said).unfit(SpecialMatter::Major);
        let told: Vec<_> = wrong.iter().map(|one| (one.path.as_str(), one.code)).collect();
        assert_eq!(told, [("sections.handling", "required"), ("sections.lessons", "unknown_section")]);
        said.remove(&S::Lessons);
        said.insert(S::Handling, ());
        assert!(filed(&said).unfit(SpecialMatter::Major).is_empty());
    }
}
