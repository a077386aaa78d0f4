//! Major complaints: provisional, confirmed, lowered, and the reports that are
//! owed about them (PROP-81, 82; ).
//!
//! Being major belongs to the case, not to the round: a re-opened case stays
//! what it was (packs.md §3). Nothing of its history is ever taken away.

use super::body::{Seal, bodies, none};
use super::evaluate::{Facts, Reason};
use super::judgement::Liability;
use super::kind::Kind;
use super::stage::Stage;
use super::state::Case;
use super::words::Responsibility;
use crate::ids::PersonId;
use crate::money::Money;
use crate::pack::By;
use crate::people::Post;
use crate::special::{Owed, SpecialFiled, SpecialKind};
use crate::text::{Sealed, Sealer, Text};
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

wire_enum! {
    /// How far it is settled that a complaint is major.
    MajorStanding {
        /// 暂定: the demand is high enough, whose fault it is not decided.
        Provisional = "provisional",
        /// 确认.
        Confirmed = "confirmed",
        /// 降级.
        Lowered = "lowered",
    }
}

bodies! {
    /// What became of a provisional major complaint.
    MajorJudged {
        texts { /** What it rests on. */ reason }
        maybe {}
        plain { /// `confirmed` or `lowered`.
            standing: MajorStanding }
    }

    /// Whether a complaint enters the statistics (PROP-88).
    InclusionDecided {
        texts {}
        maybe { /** Why; required to leave it out. */ reason }
        plain { /// True when it counts.
            counted: bool }
    }
}

/// One step of a complaint's being major.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MajorStep {
    /// What it became.
    pub standing: MajorStanding,
    /// When.
    pub at: Timestamp,
    /// By whom; nobody for the rule.
    pub by: Option<PersonId>,
    /// Why, where a person decided.
    pub reason: Option<Sealed>,
    /// The amount demanded then.
    pub demand: Option<Money>,
}

/// That a complaint is or was major, with all that came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Major {
    /// What it is now.
    pub standing: MajorStanding,
    /// When it was first raised; its separate volume begins there (PROP-70).
    pub since: Timestamp,
    /// Every step, oldest first; downgrades stay.
    pub steps: Vec<MajorStep>,
    /// Reports owed and given, oldest first.
    pub reports: Vec<Owed>,
}

/// Whether a complaint enters the statistics, as the designated person said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Inclusion {
    /// True when it counts.
    pub counted: bool,
    /// Why.
    pub reason: Option<Sealed>,
    /// By whom.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// What the rule saw when it raised a complaint to major.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MajorRaised {
    /// The amount demanded.
    pub demand: Money,
    /// Sources of the rule.
    pub sources: Vec<String>,
}

impl Case {
    /// Tells whether it is major as far as decided: lowered ones are not.
    #[must_use]
    pub fn is_major(&self) -> bool {
        self.major.as_ref().is_some_and(|major| major.standing != MajorStanding::Lowered)
    }

    /// Tells whether it is settled that it is major.
    #[must_use]
    pub fn is_confirmed_major(&self) -> bool {
        self.major.as_ref().is_some_and(|major| major.standing == MajorStanding::Confirmed)
    }

    /// Tells whether a clock watches a report that is still owed.
    #[must_use]
    pub fn owes(&self, clock: u32) -> bool {
        let owed = self.major.iter().flat_map(|major| &major.reports);
        owed.into_iter().any(|one| one.clock == Some(clock) && one.is_open())
    }

    /// Gives the number of its separate volume, once it has one (PROP-70).
    #[must_use]
    pub fn volume(&self) -> Option<String> {
        self.major.as_ref().map(|_| format!("ZD-{}", self.number))
    }

    pub(super) fn raised(&mut self, raised: &MajorRaised, at: Timestamp) {
        self.major_step(MajorStep {
            standing: MajorStanding::Provisional,
            at,
            by: None,
            reason: None,
            demand: Some(raised.demand),
        });
    }

    pub(super) fn major_judged(&mut self, judged: &MajorJudged<Sealed>, at: Timestamp, by: Option<PersonId>) {
        self.major_step(MajorStep {
            standing: judged.standing,
            at,
            by,
            reason: Some(judged.reason.clone()),
            demand: self.demand,
        });
    }

    fn major_step(&mut self, step: MajorStep) {
        let fresh =
            || Major { standing: step.standing, since: step.at, steps: Vec::new(), reports: Vec::new() };
        let major = self.major.get_or_insert_with(fresh);
        major.standing = step.standing;
        major.steps.push(step);
    }

    pub(super) fn report_owed(&mut self, kind: SpecialKind, clock: u32) {
        if let Some(major) = &mut self.major {
            major.reports.push(Owed { kind, clock: Some(clock), filed: None, dropped: false });
        }
    }

    pub(super) fn report_filed(&mut self, filed: &SpecialFiled<Sealed>, at: Timestamp, by: Option<PersonId>) {
        let Some(major) = &mut self.major else { return };
        if let Some(clock) = crate::special::file(&mut major.reports, filed, (at, by)) {
            self.with_clock(clock, |clock| clock.meet(at));
        }
    }

    /// A report whose clock was called off is owed no longer.
    pub(super) fn report_dropped(&mut self, clock: u32) {
        let owed = self.major.iter_mut().flat_map(|major| &mut major.reports);
        owed.into_iter()
            .filter(|one| one.clock == Some(clock) && one.is_open())
            .for_each(|one| one.dropped = true);
    }
}

/// Says whose fault it is, as far as decided: the grade, else the basis.
fn is_ours(case: &Case) -> Option<bool> {
    let grade = case.round.judgement.liability.as_ref().map(|judged| judged.what.grade);
    if let Some(grade) = grade {
        return Some(matches!(grade, Liability::Ours | Liability::Shared));
    }
    match case.round.basis? {
        (_, Responsibility::Ours | Responsibility::Shared) => Some(true),
        (_, Responsibility::NotOurs) => Some(false),
        (_, Responsibility::Unclear) => None,
    }
}

/// exactly the amount of the pack counts.
fn is_high(case: &Case, facts: &Facts<'_>) -> bool {
    let Some(rule) = &facts.pack.major else { return false };
    case.kind == Kind::Complaint && case.demand.is_some_and(|demand| demand.fen() >= rule.demand_fen)
}

/// PROP-81, X-11: tells whether the demand, or a fault found to be ours, makes
/// the complaint provisionally major.
pub(super) fn rises(case: &Case, facts: &Facts<'_>) -> bool {
    let lowered = case.major.as_ref().filter(|major| major.standing == MajorStanding::Lowered);
    is_high(case, facts) && (case.major.is_none() || (lowered.is_some() && is_ours(case) != Some(false)))
}

/// Tells whether the complaint can be judged so now: confirmed with a
/// high demand and our fault, lowered without one of the two.
#[must_use]
pub fn may_judge(standing: MajorStanding, case: &Case, facts: &Facts<'_>) -> bool {
    let Some(major) = &case.major else { return false };
    let fits = match standing {
        MajorStanding::Provisional => false,
        MajorStanding::Confirmed => is_high(case, facts) && is_ours(case) == Some(true),
        MajorStanding::Lowered => !is_high(case, facts) || is_ours(case) == Some(false),
    };
    fits && major.standing != standing
}

/// Says why nothing can be judged, if nothing can.
pub(super) fn judge_reasons(case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    if case.major.is_none() {
        return vec![Reason::new("not_major")];
    }
    if MajorStanding::ALL.iter().any(|standing| may_judge(*standing, case, facts)) {
        return Vec::new();
    }
    let undecided = is_high(case, facts) && is_ours(case).is_none();
    let code = if undecided { "liability_undecided" } else { "nothing_to_judge" };
    vec![Reason::new(code).who(&[By::Handler, By::Post(Post::Lead)])]
}

/// Tells whether the matter is done, so that its closing report can be written.
pub(super) fn is_completed(case: &Case) -> bool {
    matches!(case.stage, Stage::Closed | Stage::Settling)
}
