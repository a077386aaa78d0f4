//! Joining as an operation log (D3): replay, as of a moment, undo in any order.

use crate::ids::{CaseId, PersonId};
use crate::text::Sealed;
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

wire_enum! {
    /// What an operation does to the members.
    OperationKind {
        /// 并入: cases or contacts belong to the incident from here on.
        Join = "join",
        /// 拆出: they do not any longer.
        Split = "split",
        /// 指定主案: names the lead case, whose category is the incident's.
        Mark = "mark",
    }
}

/// A case, or one contact of a case, that belongs to an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The case.
    pub case: CaseId,
    /// Position of one contact in its history, when not the whole case: a
    /// follow-up call or post about something else than its case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub contact: Option<u64>,
}

impl Member {
    /// Names a whole case.
    #[must_use]
    pub const fn case(case: CaseId) -> Self {
        Self { case, contact: None }
    }
}

/// One operation of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Operation {
    /// Number in the incident, from 1.
    pub id: u32,
    /// What it does.
    pub kind: OperationKind,
    /// To whom.
    pub members: Vec<Member>,
    /// Why.
    pub reason: Sealed,
    /// By whom; nobody for a rule.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// Who took it back, while it is undone.
    pub undone: Option<Undone>,
}

/// Who took an operation back, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Undone {
    /// By whom.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Sealed,
}

impl Operation {
    fn stands_at(&self, moment: Timestamp) -> bool {
        self.at <= moment && self.undone.as_ref().is_none_or(|undone| undone.at > moment)
    }
}

/// Who belongs to the incident, and which operation brought each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    /// Each member with the operation that joined it.
    pub members: BTreeMap<Member, u32>,
    /// The lead case, where an operation named it and it still belongs.
    pub lead: Option<CaseId>,
}

/// Why an operation cannot stand after those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The operation.
    pub operation: u32,
    /// The member that it cannot change.
    pub member: Member,
    /// Stable code: `already_member` or `not_a_member`.
    pub code: &'static str,
}

impl Membership {
    /// Replays operations in their order.
    ///
    /// # Errors
    /// The first operation that cannot stand after those before it.
    pub fn replay<'a>(operations: impl IntoIterator<Item = &'a Operation>) -> Result<Self, Clash> {
        let mut membership = Self::default();
        for operation in operations {
            membership.take(operation)?;
        }
        Ok(membership)
    }

    /// Adds one operation.
    ///
    /// # Errors
    /// The member that keeps it from standing; nothing changed then.
    pub fn take(&mut self, operation: &Operation) -> Result<(), Clash> {
        let joins = operation.kind == OperationKind::Join;
        let code = if joins { "already_member" } else { "not_a_member" };
        let mut seen = std::collections::BTreeSet::new();
        for member in &operation.members {
            if self.members.contains_key(member) == joins || !seen.insert(*member) {
                return Err(Clash { operation: operation.id, member: *member, code });
            }
        }
        for member in &operation.members {
            match operation.kind {
                OperationKind::Join => drop(self.members.insert(*member, operation.id)),
                OperationKind::Split => {
                    self.members.remove(member);
                    if member.contact.is_none() && self.lead == Some(member.case) {
                        self.lead = None;
                    }
                }
                OperationKind::Mark => self.lead = Some(member.case),
            }
        }
        Ok(())
    }

    /// Lists the cases that belong as a whole.
    pub fn cases(&self) -> impl Iterator<Item = CaseId> + '_ {
        self.members.keys().filter(|member| member.contact.is_none()).map(|member| member.case)
    }

    /// Lists who belongs here and not there.
    #[must_use]
    pub fn beyond(&self, other: &Self) -> Vec<Member> {
        self.members.keys().filter(|member| !other.members.contains_key(member)).copied().collect()
    }
}

/// Gives the membership now: the replay of the operations not undone (D3).
#[must_use]
pub fn now(operations: &[Operation]) -> Membership {
    standing(operations.iter().filter(|operation| operation.undone.is_none()))
}

/// Gives the membership as it was known at a moment.
#[must_use]
pub fn as_of(operations: &[Operation], moment: Timestamp) -> Membership {
    standing(operations.iter().filter(|operation| operation.stands_at(moment)))
}

/// What was accepted once stands; a log that no rule would have let through
/// keeps what it can.
fn standing<'a>(operations: impl Iterator<Item = &'a Operation>) -> Membership {
    let mut membership = Membership::default();
    for operation in operations {
        membership.take(operation).ok();
    }
    membership
}

/// Gives the membership after an operation is undone.
///
/// # Errors
/// The later operation that depends on it.
pub fn without(operations: &[Operation], undone: u32) -> Result<Membership, Clash> {
    Membership::replay(
        operations.iter().filter(|operation| operation.undone.is_none() && operation.id != undone),
    )
}
