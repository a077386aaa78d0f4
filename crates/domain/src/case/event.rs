//! What happened: the complete, append-only history of a case (D4).
//!
//! Size: the shapes of a history, one list of them and what each one is.

use super::command::Done;
use super::kind::{Channel, Kind, PartyRole, Source};
use super::major::MajorRaised;
use super::stage::{ClosureKind, Stage};
use crate::approval::Step;
use crate::clock::Clock;
use crate::ids::{PartyId, PersonId, UnitId};
use crate::people::Post;
use crate::special::ReportOwed;
use crate::text::Sealed;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One entry of a history as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded<E = Event> {
    /// Position in the history, from 1.
    pub seq: u64,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// Who did it; nobody for the clock and other rules.
    pub by: Option<PersonId>,
    /// What happened.
    pub event: E,
}

/// What happened: by a person's action, or by a rule that follows from one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Event {
    /// The case came into being.
    Begun(Begun),
    /// A person did something.
    Done(Done),
    /// A rule drew its consequence.
    Ruled(Ruled),
}

/// The first event of every case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
pub enum Begun {
    /// The message was received.
    Received(Box<Received>),
}

/// What is known when a message is received (PROP-13, 46).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// The human number, such as `TS-20261121-0032`.
    pub number: String,
    /// What it is about.
    pub kind: Kind,
    /// How it reached us.
    pub channel: Channel,
    /// Who or what brought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// The pack that binds it, with its version, for life.
    pub pack: PackRef,
    /// Who answers that it gets solved (PROP-14).
    pub owner: PersonId,
    /// Who wrote it down, when a person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receiver: Option<PersonId>,
    /// When it was collected in the field, when earlier (PROP-12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected_at: Option<Timestamp>,
    /// True when it was collected on an earlier day of the house's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<bool>,
    /// A short title, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Sealed>,
    /// The message itself.
    pub text: Sealed,
    /// Parties in their roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<CaseParty>,
    /// How many persons complain together; 1 for one (PROP-83, 90).
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub persons: u32,
    /// True when the customer chose to give no name.
    #[serde(default)]
    pub anonymous: bool,
    /// True when no usable contact is known (PROP-60).
    #[serde(default)]
    pub no_usable_contact: bool,
    /// Category as the customer put it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Fields of the pack set at intake.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Sealed>,
    /// The clocks that start with the message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<Clock>,
    /// Where the record comes from, when it was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<External>,
}

pub(super) const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
pub(super) const fn is_one(number: &u32) -> bool {
    *number == 1
}

/// The origin of an imported record; import is idempotent by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct External {
    /// The source that the mapping names.
    pub source: String,
    /// The id there.
    pub id: String,
}

/// A party in its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseParty {
    /// The party.
    pub party: PartyId,
    /// Its part.
    pub role: PartyRole,
}

/// A pack with the version that binds a case for life.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PackRef {
    /// Name of the pack.
    pub name: String,
    /// Its version.
    pub version: u32,
}

/// What a rule did; each names the rule's sources where it has any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
pub enum Ruled {
    /// The case moved to another stage.
    StageChanged(StageChanged),
    /// A clock began to run.
    ClockStarted(Clock),
    /// A clock came near its end.
    ClockWarned(ClockRef),
    /// A clock ran out.
    ClockMissed(ClockRef),
    /// A clock stood still from then on.
    ClockPaused(ClockPaused),
    /// A clock ran on, with its new due time.
    ClockResumed(ClockMoved),
    /// A clock moved because the calendar changed (D5).
    ClockMoved(ClockMoved),
    /// A clock no longer matters.
    ClockCancelled(ClockRef),
    /// A task that a rule opened.
    TaskOpened(TaskOpened),
    /// Somebody was told.
    Notified(Notified),
    /// The pack changed with kind or unit; running clocks keep their start.
    PackRebound(PackRef),
    /// An approval went to the post that decides it.
    ApprovalRouted(ApprovalRouted),
    /// Somebody took over all work of a person who left or is away (PROP-14).
    WorkTakenOver(WorkTakenOver),
    /// Personal texts were erased on lawful request.
    Erased(Erased),
    /// The complaint became provisionally major.
    MajorRaised(MajorRaised),
    /// A report to the leader in charge is owed (PROP-82).
    ReportOwed(ReportOwed),
}

/// A change of stage, and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageChanged {
    /// Before.
    pub from: Stage,
    /// After.
    pub to: Stage,
    /// How it was closed, when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closure: Option<ClosureKind>,
    /// True when a new round begins and facts of the round start empty.
    #[serde(default)]
    pub new_round: bool,
    /// Why, where somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Sealed>,
    /// Sources of the rule that allowed it, such as `PROP-64`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// Names a clock of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRef {
    /// Number of the clock in this case.
    pub clock: u32,
}

/// A clock that stands still, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockPaused {
    /// Number of the clock in this case.
    pub clock: u32,
    /// A flag's name, or the commitment of the reason given.
    pub reason: String,
}

/// A clock with its new due time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockMoved {
    /// The clock as it runs from now on.
    pub clock: Clock,
}

/// A task that follows from a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskOpened {
    /// What it is for.
    pub kind: TaskKind,
    /// The post that must do it.
    pub post: Post,
    /// By when, where a limit is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// True when the case cannot close without it.
    pub blocking: bool,
    /// Sources of the rule.
    pub sources: Vec<String>,
    /// The person who must do it, where the rule names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// The department that must do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The words, where somebody wrote them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Sealed>,
}

crate::wire::wire_enum! {
    /// What a task is for.
    TaskKind {
        /// 一般任务.
        General = "general",
        /// 协议约定事项 (ASC-10).
        Promised = "promised",
        /// 检查纠正措施的效果 (PROP-95).
        EffectCheck = "effect_check",
        /// 部门负责人亲自出面 (PROP-39).
        AppearInPerson = "appear_in_person",
        /// 决定处理办法 (DESK-3, X-53).
        DecideMethod = "decide_method",
        /// 集团回访 (PROP-57).
        GroupVisit = "group_visit",
        /// 填报顾客投诉处理记录 (PROP-17).
        HandlingRecord = "handling_record",
        /// 提供资源 (PROP-24).
        ProvideResources = "provide_resources",
        /// 上门 (CP8-22).
        HomeVisit = "home_visit",
        /// 上级出面拜访或致电 (ASC-24).
        LeaderTalk = "leader_talk",
    }
}

impl TaskKind {
    /// Tells whether people gave it to each other, so that they may end it.
    #[must_use]
    pub const fn is_peoples(self) -> bool {
        matches!(self, Self::General | Self::HomeVisit)
    }
}

/// Somebody was told something, for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notified {
    /// Who.
    pub to: Recipient,
    /// Why, as a stable code such as `transferred_to_you`.
    pub why: String,
    /// True when it must be read at once and is escalated otherwise.
    #[serde(default)]
    pub urgent: bool,
    /// Sources of the rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// Who is told: one person, or whoever holds a post over the case's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// This person.
    Person(PersonId),
    /// Everybody who holds the post at the unit, else at the next one above.
    Post(Post),
    /// Whoever works for this department.
    Unit(UnitId),
}

/// Who decides the approval that was just asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRouted {
    /// The post that signs first.
    pub decider: Post,
    /// The steps that the content needs, in order; one of that post if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// The sum by which limits were looked up, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum_fen: Option<i64>,
    /// Until when it stands, asked or granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Sources of the rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// From whom to whom everything of a person in the case goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkTakenOver {
    /// Who leaves or is away.
    pub from: PersonId,
    /// Who goes on.
    pub to: PersonId,
}

/// Texts that were erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// Their commitments, which stay.
    pub texts: Vec<Sealed>,
    /// The lawful request it rests on.
    pub basis: String,
}

impl Event {
    /// Tells whether a person who has not seen it may be deciding upon what is
    /// no longer so; clocks, tasks and notices of rules only add.
    #[must_use]
    pub const fn is_decided_on(&self) -> bool {
        match self {
            Self::Begun(_) | Self::Done(_) => true,
            Self::Ruled(ruled) => match ruled {
                Ruled::StageChanged(_)
                | Ruled::PackRebound(_)
                | Ruled::ApprovalRouted(_)
                | Ruled::WorkTakenOver(_)
                | Ruled::Erased(_)
                | Ruled::MajorRaised(_) => true,
                Ruled::ClockStarted(_)
                | Ruled::ClockWarned(_)
                | Ruled::ClockMissed(_)
                | Ruled::ClockPaused(_)
                | Ruled::ClockResumed(_)
                | Ruled::ClockMoved(_)
                | Ruled::ClockCancelled(_)
                | Ruled::TaskOpened(_)
                | Ruled::ReportOwed(_)
                | Ruled::Notified(_) => false,
            },
        }
    }

    /// Tells whether it is a paper of a file: what was received, found, decided,
    /// told and filed; not what only moves people and clocks (PROP-70).
    #[must_use]
    pub const fn is_paper(&self) -> bool {
        match self {
            Self::Begun(_) => true,
            Self::Ruled(ruled) => matches!(ruled, Ruled::StageChanged(_) | Ruled::MajorRaised(_)),
            Self::Done(done) => matches!(
                done,
                Done::Contact(_)
                    | Done::StateDemand(_)
                    | Done::Reply(_)
                    | Done::RecordFinding(_)
                    | Done::RecordOpinion(_)
                    | Done::StateBasis(_)
                    | Done::OfferOption(_)
                    | Done::AnswerOption(_)
                    | Done::RequestApproval(_)
                    | Done::DecideApproval(_)
                    | Done::DrawUpAgreement(_)
                    | Done::SignAgreement(_)
                    | Done::AgreeCorrective(_)
                    | Done::FileForm(_)
                    | Done::Verify(_)
                    | Done::Visit(_)
                    | Done::Exempt(_)
                    | Done::Escalate(_)
                    | Done::RecordGroupSolution(_)
                    | Done::RecordCustomerWord(_)
                    | Done::Attach(_)
                    | Done::DecideValidity(_)
                    | Done::GradeLiability(_)
                    | Done::NameResponsible(_)
                    | Done::Summarise(_)
                    | Done::JudgeMajor(_)
                    | Done::FileReport(_)
            ),
        }
    }

    /// Gives the name of the event, a past participle.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Begun(Begun::Received(_)) => "received",
            Self::Done(done) => done.name(),
            Self::Ruled(ruled) => match ruled {
                Ruled::StageChanged(_) => "stage_changed",
                Ruled::ClockStarted(_) => "clock_started",
                Ruled::ClockWarned(_) => "clock_warned",
                Ruled::ClockMissed(_) => "clock_missed",
                Ruled::ClockPaused(_) => "clock_paused",
                Ruled::ClockResumed(_) => "clock_resumed",
                Ruled::ClockMoved(_) => "clock_moved",
                Ruled::ClockCancelled(_) => "clock_cancelled",
                Ruled::TaskOpened(_) => "task_opened",
                Ruled::Notified(_) => "notified",
                Ruled::PackRebound(_) => "pack_rebound",
                Ruled::ApprovalRouted(_) => "approval_routed",
                Ruled::WorkTakenOver(_) => "work_taken_over",
                Ruled::Erased(_) => "erased",
                Ruled::MajorRaised(_) => "major_raised",
                Ruled::ReportOwed(_) => "report_owed",
            },
        }
    }
}

impl From<Done> for Event {
    fn from(done: Done) -> Self {
        Self::Done(done)
    }
}

impl From<Ruled> for Event {
    fn from(ruled: Ruled) -> Self {
        Self::Ruled(ruled)
    }
}
