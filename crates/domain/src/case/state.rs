//! The case as it stands: what `apply` folds the history into.
//!
//! Size: the shape of one aggregate, fields with their meaning, little else.

use super::agreement::{Agreement, Corrective};
pub(super) use super::asked::Approval;
use super::body::{ContactMade, Expectation, Verified, Visited};
use super::event::{CaseParty, External, PackRef};
use super::judgement::{EmotionSeen, FormHandling, HomeVisit, Judgement};
use super::kind::{Channel, Duty, Flag, Kind, PartyRole, Source};
use super::major::{Inclusion, Major};
use super::remedy::{LevelSeen, Remedy, SettingMade};
use super::stage::{ClosureKind, Phase, Stage};
use super::task::Task;
use super::thread::Thread;
use super::words::*;
use crate::clock::Clock;
use crate::ids::{AttachmentId, CaseId, PartyId, PersonId, UnitId};
use crate::money::Money;
use crate::people::Post;
use crate::text::Sealed;
use crate::time::{Timestamp, Zone};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One matter of one party that somebody owns until it is closed (案件).
///
/// Holds no personal text, only commitments; facts belong to the case or to
/// its current [`Round`] (packs.md §3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Its human number.
    pub number: String,
    /// Position of the last event.
    pub version: u64,
    /// Position of the last event that changed what a person decides upon; who
    /// saw it may act, whatever clocks said since.
    #[serde(default)]
    pub decided_on: u64,
    /// What it is about.
    pub kind: Kind,
    /// How it reached us.
    pub channel: Channel,
    /// Who or what brought it.
    pub source: Option<Source>,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// The department that does the work, once transferred.
    pub department: Option<UnitId>,
    /// The pack version that binds it.
    pub pack: PackRef,
    /// Where it stands.
    pub stage: Stage,
    /// How it was closed, while it is.
    pub closure: Option<ClosureKind>,
    /// When the message reached us.
    pub received_at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// When something last happened.
    pub changed_at: Timestamp,
    /// When it came to the stage where it stands.
    pub stage_since: Timestamp,
    /// When it was collected in the field, when earlier (PROP-12).
    pub collected_at: Option<Timestamp>,
    /// True when it was collected on an earlier day of the house's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<bool>,
    /// When it was accepted, first time.
    pub accepted_at: Option<Timestamp>,
    /// When it was last closed.
    pub closed_at: Option<Timestamp>,
    /// Who wrote it down.
    pub receiver: Option<PersonId>,
    /// Who answers that it gets solved; exactly one at any time (PROP-14).
    pub owner: PersonId,
    /// Ownership offered and not yet accepted (SUP-6).
    pub hand_over: Option<Offer>,
    /// Who does the work, once accepted.
    pub handler: Option<PersonId>,
    /// When the handler took the work.
    pub taken_at: Option<Timestamp>,
    /// Work given and not yet accepted.
    pub transfer: Option<Offer>,
    /// Title, where there is one.
    pub title: Option<Sealed>,
    /// The message.
    pub text: Sealed,
    /// Parties in their roles.
    pub parties: Vec<CaseParty>,
    /// How many persons complain together; 1 for one (PROP-83, 90).
    #[serde(default = "super::event::one", skip_serializing_if = "super::event::is_one")]
    #[schema(minimum = 1)]
    pub persons: u32,
    /// That it is or was major, with its reports (PROP-81).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub major: Option<Major>,
    /// Whether it enters the statistics, once decided (PROP-88).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inclusion: Option<Inclusion>,
    /// Side facts.
    pub flags: BTreeMap<Flag, Timestamp>,
    /// Fields of the pack that are set.
    pub fields: BTreeMap<String, Sealed>,
    /// The amount demanded.
    pub demand: Option<Money>,
    /// Category as the customer put it.
    pub category: Option<String>,
    /// Category as verified (PROP-92).
    pub final_category: Option<String>,
    /// Cause leaf.
    pub cause: Option<String>,
    /// Promises by number, from 1.
    pub promises: Vec<Promise>,
    /// Tasks by number, from 1.
    pub tasks: Vec<Task>,
    /// Clocks by number, from 1.
    pub clocks: Vec<Clock>,
    /// Confirmed slots by number, from 1.
    pub slots: Vec<Slot>,
    /// Forms filed or waived, by name.
    pub forms: BTreeMap<String, FormState>,
    /// The clock that watches the next answer announced (PROP-36).
    pub next_reply_clock: Option<u32>,
    /// Answers that the customer got.
    pub replies: Vec<ReplyGiven>,
    /// Contacts about this case after the first.
    pub contacts: Vec<ContactSeen>,
    /// What help was called for.
    pub escalation: Escalation,
    /// Posts that were told.
    pub told: BTreeSet<Post>,
    /// Who did what, over the whole history.
    pub doers: BTreeSet<(Duty, PersonId)>,
    /// How the customer felt, over time (MOB-4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emotions: Vec<EmotionSeen>,
    /// Relations to other cases.
    pub relations: Vec<(Relation, CaseId, Timestamp)>,
    /// How often which reminder or delay happened.
    pub counts: Counts,
    /// Where it came from before it was closed.
    pub before_close: Option<Stage>,
    /// Where the record comes from, when it was imported.
    pub external: Option<External>,
    /// What keeps it from happening again, the last one counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub correctives: Vec<Corrective>,
    /// What the customer gets, by number, from 1 (CP8-12).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remedies: Vec<Remedy>,
    /// Changes of person, place and time, in order (CP8-16).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<SettingMade>,
    /// When somebody higher was called in (ASC-24).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelSeen>,
    /// Talks with several parties, each for itself (DEPT-4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<Thread>,
    /// Files attached to it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub attached: BTreeSet<AttachmentId>,
    /// Facts of the current round.
    pub round: Round,
    /// Earlier rounds, oldest first.
    pub rounds: Vec<Round>,
}

/// Facts that start empty at each re-opening.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Round {
    /// 1 for the first.
    pub number: u32,
    /// What was found out (PROP-53).
    pub finding: Option<Sealed>,
    /// The handler's or owner's opinion.
    pub opinion: Option<Sealed>,
    /// The basis stated (PROP-40).
    pub basis: Option<(BasisKind, Responsibility)>,
    /// The customer's expectations, ranked (SKILL-3).
    pub expectations: Vec<Expectation<Sealed>>,
    /// Options offered, by number within the case.
    pub options: Vec<OptionState>,
    /// Approvals asked for, by number within the case.
    pub approvals: Vec<Approval>,
    /// Agreements drawn up, the last one counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreements: Vec<Agreement>,
    /// When executing ended last.
    pub executed_at: Option<Timestamp>,
    /// The last check since executing ended (PROP-59).
    pub verified: Option<(Verified<Sealed>, PersonId, Timestamp)>,
    /// Return visits, the last one counts.
    pub visits: Vec<VisitMade>,
    /// The exemption, when one was recorded (PROP-60).
    pub exemption: Option<(ExemptionReason, Timestamp)>,
    /// The customer's word about the whole matter.
    pub customer_word: Option<(WordMeaning, Timestamp)>,
    /// When the last final notice was given.
    pub final_notice_at: Option<Timestamp>,
    /// When the final answer last went out in writing.
    #[serde(default)]
    pub written_reply_at: Option<Timestamp>,
    /// When the facts were confirmed by the customer.
    pub facts_confirmed_at: Option<Timestamp>,
    /// What was judged: validity, liability, responsibility.
    #[serde(default)]
    pub judgement: Judgement,
    /// Visits at the customer's home that were arranged (CP8-22).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub home_visits: Vec<HomeVisit>,
    /// What the group decided (PROP-56).
    pub group_solution: Option<(Sealed, Timestamp)>,
}

/// Something given to a person and not yet accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Offer {
    /// To whom.
    pub to: PersonId,
    /// By whom.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// A promise to the customer (PROP-37).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Promise {
    /// Number in the case, from 1.
    pub id: u32,
    /// What was promised.
    pub kind: PromiseKind,
    /// The words.
    pub text: Sealed,
    /// By when.
    pub due: Timestamp,
    /// Who promised.
    pub by: Option<PersonId>,
    /// When.
    pub made_at: Timestamp,
    /// When it was kept.
    pub kept_at: Option<Timestamp>,
    /// When it was taken back with the customer's knowledge.
    pub withdrawn_at: Option<Timestamp>,
    /// Number of the clock that watches it.
    pub clock: Option<u32>,
}

impl Promise {
    /// Tells whether it still has to be kept.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.kept_at.is_none() && self.withdrawn_at.is_none()
    }
}

/// A confirmed slot (PROP-21).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Slot {
    /// Number in the case, from 1.
    pub id: u32,
    /// Who will come.
    pub person: PersonId,
    /// Begin.
    pub from: Timestamp,
    /// End.
    pub to: Timestamp,
}

/// A form that is filed or need not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FormState {
    /// Field name to its value; empty when waived.
    pub fields: BTreeMap<String, Sealed>,
    /// True when the lead waived it.
    pub waived: bool,
    /// Who signed it.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// Who was to go on with it, and whether they took it (ASC-4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed: Option<FormHandling>,
}

/// An answer that the customer got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReplyGiven {
    /// What kind.
    pub kind: ReplyKind,
    /// How.
    pub carrier: Carrier,
    /// When.
    pub at: Timestamp,
    /// When the customer hears again.
    pub next: Option<Timestamp>,
    /// What was said; none in cases of before this was kept.
    #[serde(default)]
    pub text: Option<Sealed>,
}

/// A contact about the case, as rules see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ContactSeen {
    /// When.
    pub at: Timestamp,
    /// What it was.
    pub contact: ContactMade<Sealed>,
}

/// One option offered (PROP-54, 55).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OptionState {
    /// Number in the case, from 1.
    pub id: u32,
    /// What we would do.
    pub text: Sealed,
    /// Money in it.
    pub amount: Option<Money>,
    /// The customer's last answer.
    pub answer: Option<OptionAnswer>,
}

/// One return visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VisitMade {
    /// What was asked and came out.
    pub visit: Visited<Sealed>,
    /// Who made it; nobody when the customer answered alone.
    pub by: Option<PersonId>,
    /// True when the group made it (PROP-57).
    pub by_group: bool,
    /// When.
    pub at: Timestamp,
}

/// What help was called for, and whether it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Escalation {
    /// Wider resources asked for (PROP-24).
    pub department_head_at: Option<Timestamp>,
    /// The company was told (PROP-42).
    pub company_at: Option<Timestamp>,
    /// The group was asked (PROP-56).
    pub group_at: Option<Timestamp>,
}

/// How often which reminder or delay happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Counts {
    /// 催办.
    pub urged: u32,
    /// 督办.
    pub supervised: u32,
    /// 延期.
    pub extended: u32,
    /// 退单.
    pub returned: u32,
    /// 拒单.
    pub rejected: u32,
    /// 转办.
    pub transferred: u32,
    /// Re-openings.
    pub reopened: u32,
    /// The customer had to ask how far it is (SUP-10).
    pub asked_progress: u32,
}

impl Case {
    /// Gives the phase, side facts included (packs.md §1).
    #[must_use]
    pub fn phase(&self) -> Phase {
        let waits = [Flag::WaitsForAuthority, Flag::WaitsForThirdParty];
        if self.stage != Stage::Closed && waits.iter().any(|flag| self.flags.contains_key(flag)) {
            return Phase::WaitsForThirdParty;
        }
        self.stage.phase()
    }

    /// Tells whether somebody who saw this version saw all that matters now.
    ///
    /// A warning of a clock or a notice takes nothing from anybody's decision.
    #[must_use]
    pub const fn is_fresh(&self, seen: u64) -> bool {
        self.decided_on <= seen && seen <= self.version
    }

    /// Tells whether the flag is set.
    #[must_use]
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains_key(&flag)
    }

    /// Tells whether the person ever did this in the case, in any round.
    #[must_use]
    pub fn did(&self, duty: Duty, person: PersonId) -> bool {
        self.doers.contains(&(duty, person))
    }

    /// Gives the category as verified, else as the customer put it.
    #[must_use]
    pub fn category_now(&self) -> Option<&str> {
        self.final_category.as_deref().or(self.category.as_deref())
    }

    /// Gives the option that the customer accepted, not merely provisionally.
    #[must_use]
    pub fn accepted_option(&self) -> Option<&OptionState> {
        self.round.options.iter().rev().find(|option| option.answer == Some(OptionAnswer::Accepted))
    }

    /// Gives the option that the customer agreed to last, also provisionally.
    #[must_use]
    pub fn agreed_option(&self) -> Option<&OptionState> {
        let agreed = [Some(OptionAnswer::Accepted), Some(OptionAnswer::Provisional)];
        self.round.options.iter().rev().find(|option| agreed.contains(&option.answer))
    }

    /// Gives the party to whom what is paid counts: the first complainant.
    #[must_use]
    pub fn compensated(&self) -> Option<PartyId> {
        let complains = |party: &&CaseParty| party.role == PartyRole::Complainant;
        let first = self.parties.iter().find(complains).or(self.parties.first());
        first.map(|party| party.party)
    }

    /// Gives the number of options over all rounds, the last one's number.
    #[must_use]
    pub fn options_so_far(&self) -> usize {
        self.rounds.iter().map(|round| round.options.len()).sum::<usize>() + self.round.options.len()
    }

    /// Gives the number of approvals over all rounds, the last one's number.
    #[must_use]
    pub fn approvals_so_far(&self) -> usize {
        self.rounds.iter().map(|round| round.approvals.len()).sum::<usize>() + self.round.approvals.len()
    }

    /// Tells whether the group still owes its visit (PROP-57).
    ///
    /// An exemption after the escalation is the group's own and ends it.
    #[must_use]
    pub fn group_visit_pending(&self) -> bool {
        let Some(asked) = self.escalation.group_at else { return false };
        let visited =
            self.round.visits.iter().any(|visit| {
                visit.by_group && visit.at >= asked && visit.visit.result == VisitResult::Satisfied
            });
        let exempt = self.round.exemption.is_some_and(|(_, at)| at >= asked);
        !visited && !exempt
    }

    /// Tells whether it reached the desk on a later day than it was collected
    /// (PROP-12).
    #[must_use]
    pub fn registered_late(&self, zone: &Zone) -> bool {
        let day = |at: Timestamp| zone.civil(at).0;
        if let Some(late) = self.late {
            return late;
        }
        self.collected_at.is_some_and(|collected| day(collected) != day(self.recorded_at))
    }
}
