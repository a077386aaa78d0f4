//! House papers (文书): duties of the desk that are no cases.
//!
//! A stock-take, a line's report, a letter to an authority: each is a small
//! machine of its own, all of one shape, so that one use case opens them, acts
//! on them, lets their time pass and keeps their history.
//!
//! *Invariants*: what may be done now comes from [`evaluate`] alone; a step of
//! the clock is refused to people; `apply` never refuses; whoever must hear of
//! a step is named by the machine that takes it.
//!
//! *Where to start*: [`Paper`] is the shape, [`stocktake`] the first machine.

pub mod arbitration;
pub mod authority_file;
pub mod body;
mod decide;
pub mod digest;
pub mod fault;
pub mod line_report;
pub mod misconduct;
pub mod online_post;
pub mod publication;
pub mod rhythm;
mod rule;
pub mod scorecard;
pub mod stocktake;
pub mod visit_record;

#[cfg(test)]
mod lives;
#[cfg(test)]
mod tests;

pub use decide::{decide, evaluate, open};
pub(crate) use rule::steps;
pub use rule::{Rule, Step};

use crate::case::{CaseActor, FieldReason, Reason, Recipient, Refused};
use crate::ids::{CaseId, HouseholdId, PartyId, PersonId, UnitId};
use crate::pack::By;
use crate::people::Post;
use crate::text::Text;
use crate::time::{Timestamp, WorkingCalendar};
use crate::wire::wire_enum;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

wire_enum! {
    /// What sort of paper it is.
    PaperKind {
        /// 投诉日盘点表 (PROP-16, PROP-52, DESK-16).
        Stocktake = "stocktake",
        /// 业务口汇报 (PROP-15).
        LineReport = "line_report",
        /// 网上投诉 (PROP-71…76).
        OnlinePost = "online_post",
        /// 致政府部门函件 (PROP-18).
        AuthorityFile = "authority_file",
        /// 回访记录表 (DESK-9, DESK-10).
        VisitRecord = "visit_record",
        /// 服务评分 (SUP-1, SUP-2).
        Scorecard = "scorecard",
        /// 仲裁 (SUP-15).
        Arbitration = "arbitration",
        /// 周五例会 (SUP-12).
        Digest = "digest",
        /// 违纪记录 (PROP-86, ASM-16…18).
        Misconduct = "misconduct",
        /// 重大故障 (SUP-16, SUP-17).
        Fault = "fault",
        /// 公示 (PROP-19, PROP-77, PROP-78).
        Publication = "publication",
        /// 知识条目 (PROP-43).
        Article = "article",
    }
}

impl PaperKind {
    /// Gives when each step of such papers is open, and to whom.
    #[must_use]
    pub const fn rules(self) -> &'static [Rule] {
        match self {
            Self::Stocktake => stocktake::Stocktake::RULES,
            Self::LineReport => line_report::LineReport::RULES,
            Self::OnlinePost => online_post::OnlinePost::RULES,
            Self::AuthorityFile => authority_file::AuthorityFile::RULES,
            Self::VisitRecord => visit_record::VisitRecord::RULES,
            Self::Scorecard => scorecard::Scorecard::RULES,
            Self::Arbitration => arbitration::Arbitration::RULES,
            Self::Digest => digest::Digest::RULES,
            Self::Misconduct => misconduct::Misconduct::RULES,
            Self::Fault => fault::Fault::RULES,
            Self::Publication => publication::Publication::RULES,
            Self::Article => crate::knowledge::article::Article::RULES,
        }
    }

    /// Tells whether somebody who holds the post may open such a paper.
    #[must_use]
    pub fn opened_by(self, post: Post) -> bool {
        let fits = |by: &By| matches!(by, By::Anybody) || matches!(by, By::Post(one) if *one == post);
        self.rules().iter().any(|rule| rule.step == rule::OPEN && rule.by.iter().any(fits))
    }
}

/// Who did something and when; nobody is the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[schema(as = PaperMark)]
pub struct Mark {
    /// Who.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// What a decision may look at beside the paper.
#[derive(Clone, Copy, Debug)]
pub struct PaperFacts<'a> {
    /// Who acts, with the posts that count at the paper's unit.
    pub actor: &'a CaseActor,
    /// When.
    pub now: Timestamp,
    /// The calendar of the house.
    pub calendar: &'a WorkingCalendar,
    /// The units in which the actor has a place now.
    pub places: &'a [UnitId],
    /// True when the actor belongs neither to the unit nor to one below (SUP-1).
    pub outside: bool,
    /// Lines of a stock-take on which nobody has said a word yet.
    pub unworded: u64,
    /// The line of a stock-take that the step is about.
    pub line: Option<LineFacts>,
    /// Another standard answer of the unit has the topic of this one (PROP-43).
    pub taken: bool,
}

impl PaperFacts<'_> {
    /// Gives who acts and when.
    #[must_use]
    pub const fn mark(&self) -> Mark {
        Mark { by: self.actor.person, at: self.now }
    }
}

/// What is known of one line of a stock-take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineFacts {
    /// Who owns the case.
    pub owner: PersonId,
}

/// What lists, scopes and clocks need to know of a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Where it lies.
    pub unit: UnitId,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// The day, week or month of a paper that recurs; one of each unit.
    pub period: Option<String>,
    /// When the house must be done with it.
    pub due_at: Option<Timestamp>,
    /// When its clock has something to say next.
    pub fires_at: Option<Timestamp>,
    /// Whose it is beside the unit's: they may see it wherever they work.
    pub people: Vec<PersonId>,
    /// False when nothing more is to be done.
    pub open: bool,
}

/// Who must hear of what happened to a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Telling {
    /// Who.
    pub to: Recipient,
    /// Why, as a stable code.
    pub why: String,
    /// Whether it must be read at once.
    pub urgent: bool,
    /// At which unit the post is looked for; the paper's own when not said.
    #[serde(default)]
    pub at: Option<UnitId>,
}

impl Telling {
    /// Tells a person or post.
    #[must_use]
    pub fn new(to: Recipient, why: &'static str) -> Self {
        Self { to, why: why.to_owned(), urgent: false, at: None }
    }

    /// Tells them at once, and whoever is above them when they do not read it.
    #[must_use]
    pub fn urgent(to: Recipient, why: &'static str) -> Self {
        Self { to, why: why.to_owned(), urgent: true, at: None }
    }

    /// Looks for the post at another unit.
    #[must_use]
    pub const fn at(mut self, unit: UnitId) -> Self {
        self.at = Some(unit);
        self
    }
}

/// One kind of house paper: a small machine.
pub trait Paper: Clone + Serialize + DeserializeOwned + ToSchema + Send + Sync + 'static {
    /// Which kind it is.
    const KIND: PaperKind;
    /// True when only whom it names, and who may handle it, know that it exists.
    const CONFIDENTIAL: bool = false;
    /// True when whoever works here may open one, wherever they work.
    const OPEN_TO_ALL: bool = false;
    /// True when whoever works here may see it, wherever they work.
    const SEEN_BY_ALL: bool = false;
    /// Who may open one, in what state each step is open, and to whom.
    const RULES: &'static [Rule];
    /// What opens it.
    type New: Serialize + DeserializeOwned + ToSchema + Send + 'static;
    /// What may be done with it.
    type Step: Step;

    /// Makes the paper; who may is known already.
    ///
    /// # Errors
    /// The fields that are not acceptable.
    fn begin(new: Self::New, facts: &PaperFacts<'_>) -> Result<Self, Refused>;

    /// Gives the name of its state.
    fn state(&self) -> &'static str;

    /// Lists what else must be true, whatever the body.
    fn gates(&self, step: &str, facts: &PaperFacts<'_>) -> Vec<Reason>;

    /// Lists the fields of a step's body that are not acceptable.
    fn faults(&self, step: &Self::Step, facts: &PaperFacts<'_>) -> Vec<FieldReason>;

    /// Folds a step into the paper; never refuses.
    fn apply(&mut self, step: &Self::Step, mark: Mark);

    /// Gives what lists, scopes and clocks need.
    fn card(&self) -> Card;

    /// Names who must hear of a step, of the opening where there is none.
    fn tellings(&self, step: Option<&Self::Step>) -> Vec<Telling>;

    /// Gives the step that the clock takes now, if it is due.
    fn fire(&self, now: Timestamp) -> Option<Self::Step>;

    /// Gives the unit in which it is to be opened.
    fn unit_of(new: &Self::New) -> UnitId;

    /// Gives the case that it is to be about.
    fn case_of(_new: &Self::New) -> Option<CaseId> {
        None
    }

    /// Gives the people that it names, each with its place in the body.
    fn people_of(_new: &Self::New) -> Vec<(String, PersonId)> {
        Vec::new()
    }

    /// Gives the people that a step names, each with its place in the body.
    fn people_of_step(_step: &Self::Step) -> Vec<(String, PersonId)> {
        Vec::new()
    }

    /// Gives the other units that it names, each with its place in the body.
    fn units_of(_new: &Self::New) -> Vec<(String, UnitId)> {
        Vec::new()
    }

    /// Gives the units that a step names, each with its place in the body.
    fn units_of_step(_step: &Self::Step) -> Vec<(String, UnitId)> {
        Vec::new()
    }

    /// Gives the resident and household that it names.
    fn party_of(_new: &Self::New) -> (Option<PartyId>, Option<HouseholdId>) {
        (None, None)
    }

    /// Gives the list of people that the product is to fill in, if nobody did.
    fn expects(_new: &mut Self::New) -> Option<&mut Vec<PersonId>> {
        None
    }

    /// Gives the other units from which it may be seen.
    fn seen_from(&self) -> Vec<UnitId> {
        Vec::new()
    }

    /// Gives what a step says in public, each text with its path (PHRASE-8, PROP-73).
    ///
    /// What was drafted is said once more when it is published: what may not be said
    /// can have changed since.
    fn said_in_public<'a>(&'a self, _step: &'a Self::Step) -> Vec<(String, &'a Text)> {
        Vec::new()
    }

    /// Gives what a paper says in public that is opened with its text, as
    /// [`Paper::said_in_public`] does.
    fn said_on_opening(_new: &Self::New) -> Vec<(String, &Text)> {
        Vec::new()
    }

    /// Gives the case that a step is about, where a paper lists several.
    fn about(_step: &Self::Step) -> Option<CaseId> {
        None
    }
}

/// Names a field that is not acceptable when it is not.
pub(crate) fn fault_unless(fine: bool, path: &str, code: &'static str) -> Vec<FieldReason> {
    if fine { Vec::new() } else { vec![FieldReason::new(path, code)] }
}

/// Gives a reason when something is not so.
pub(crate) fn reason_unless(fine: bool, code: &'static str) -> Vec<Reason> {
    if fine { Vec::new() } else { vec![Reason::new(code)] }
}
