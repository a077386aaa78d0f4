//! The posts (岗位) of the house and how far each one sees.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

use crate::ids::UnitId;

/// What a person may and must do somewhere (岗位).
///
/// SLM-1: one person may hold several, at several units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// Records what a customer says and passes it on (员工).
    Employee,
    /// Receives, dispatches and follows at the front desk (前台客服).
    Agent,
    /// Arranges investigation and return visits (客服主管).
    Lead,
    /// Heads the department or centre and decides there (部门负责人).
    Head,
    /// Makes return visits and interviews (访谈人员).
    Visitor,
    /// Checks that the result is in order before the visit (核查人).
    Verifier,
    /// Decides what counts in the statistics (统计核定人).
    Statistics,
    /// Supervises the serving line from outside it (业务监督).
    Supervision,
    /// Supervises the call centre (话务主管).
    Supervisor,
    /// Leads one shift of the call centre (班长).
    ShiftLeader,
    /// Speaks to the media, authorised by the general manager (发言人).
    Spokesperson,
    /// Arbitrates between departments (办公室).
    Office,
    /// Is the company leader in charge (分管领导).
    Manager,
    /// Solves for the group what the centre could not (集团).
    Group,
    /// Deputises for the general manager (副总经理).
    DeputyGm,
    /// Leads the company (总经理).
    Gm,
    /// Administers people, units and settings (系统管理员).
    Admin,
    /// Executes for a department (责任部门).
    Department,
}

/// How far a post sees: whose cases its holder may look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Only what the person recorded, owns or works on.
    Own,
    /// Everything of the unit where the post is held.
    Team,
    /// Everything of that unit and of the units below it.
    Subtree,
    /// Everything of the organisation.
    All,
}

impl Post {
    /// Every post, in the order of appendix D.
    pub const ALL: [Self; 18] = [
        Self::Employee,
        Self::Agent,
        Self::Lead,
        Self::Head,
        Self::Visitor,
        Self::Verifier,
        Self::Statistics,
        Self::Supervision,
        Self::Supervisor,
        Self::ShiftLeader,
        Self::Spokesperson,
        Self::Office,
        Self::Manager,
        Self::Group,
        Self::DeputyGm,
        Self::Gm,
        Self::Admin,
        Self::Department,
    ];

    /// Gives the name on the wire, snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Agent => "agent",
            Self::Lead => "lead",
            Self::Head => "head",
            Self::Visitor => "visitor",
            Self::Verifier => "verifier",
            Self::Statistics => "statistics",
            Self::Supervision => "supervision",
            Self::Supervisor => "supervisor",
            Self::ShiftLeader => "shift_leader",
            Self::Spokesperson => "spokesperson",
            Self::Office => "office",
            Self::Manager => "manager",
            Self::Group => "group",
            Self::DeputyGm => "deputy_gm",
            Self::Gm => "gm",
            Self::Admin => "admin",
            Self::Department => "department",
        }
    }

    /// Says how far the holder sees.
    ///
    /// The desk sees its whole subtree, so that a customer who calls again
    /// need not reach the same agent (SUP-10).
    #[must_use]
    pub const fn reach(self) -> Reach {
        match self {
            Self::Employee => Reach::Own,
            Self::Department => Reach::Team,
            Self::Agent
            | Self::Lead
            | Self::Head
            | Self::Visitor
            | Self::Verifier
            | Self::Statistics
            | Self::Supervision
            | Self::Supervisor
            | Self::ShiftLeader
            | Self::Spokesperson
            | Self::Office
            | Self::Manager => Reach::Subtree,
            Self::Group | Self::DeputyGm | Self::Gm | Self::Admin => Reach::All,
        }
    }
}

impl fmt::Display for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Says that a text names no post.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no post is called {0}")]
pub struct UnknownPost(pub String);

impl FromStr for Post {
    type Err = UnknownPost;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|post| post.name() == text).ok_or_else(|| UnknownPost(text.to_owned()))
    }
}

/// One post held at one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PostHeld {
    /// Where it is held.
    pub unit: UnitId,
    /// Which post it is.
    pub post: Post,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SLM-1
    #[test]
    fn names_read_back_and_agree_with_the_wire() {
        for post in Post::ALL {
            assert_eq!(post.name().parse(), Ok(post));
            assert_eq!(serde_json::to_value(post).unwrap(), post.name());
        }
        assert!("boss".parse::<Post>().is_err());
    }
}
