//! Nodes of the organisation tree (组织单元).

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

use crate::ids::UnitId;
use crate::time::Timestamp;

/// The rung of the organisation tree on which a unit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitLevel {
    /// The whole group (集团).
    Group,
    /// A company (公司).
    Company,
    /// A service or property centre (中心).
    Centre,
    /// An estate, project or site (小区/项目).
    Estate,
    /// A department (部门).
    Department,
}

impl UnitLevel {
    /// Every level, from the top down.
    pub const ALL: [Self; 5] = [Self::Group, Self::Company, Self::Centre, Self::Estate, Self::Department];

    /// Gives the name on the wire, snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Company => "company",
            Self::Centre => "centre",
            Self::Estate => "estate",
            Self::Department => "department",
        }
    }

    /// Says whether a unit of this level may hold one of the other directly.
    ///
    /// Rungs may be left out, never climbed; a centre may look after estates,
    /// and a department may have sections.
    #[must_use]
    pub fn may_hold(self, child: Self) -> bool {
        self < child || (self == Self::Department && child == Self::Department)
    }
}

impl fmt::Display for UnitLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Says that a text names no level.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no level is called {0}")]
pub struct UnknownLevel(pub String);

impl FromStr for UnitLevel {
    type Err = UnknownLevel;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|level| level.name() == text).ok_or_else(|| UnknownLevel(text.to_owned()))
    }
}

/// A stretch of time, from an instant up to, not including, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Validity {
    /// The first instant inside.
    pub from: Timestamp,
    /// The first instant after it; none while it has no end.
    pub to: Option<Timestamp>,
}

impl Validity {
    /// Makes a stretch that begins and has no end.
    #[must_use]
    pub const fn since(from: Timestamp) -> Self {
        Self { from, to: None }
    }

    /// Says whether an instant lies inside.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }

    /// Gives what two stretches have in common; none when nothing.
    #[must_use]
    pub fn common(&self, other: &Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let to = match (self.to, other.to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, None) | (None, one) => one,
        };
        to.is_none_or(|to| from < to).then_some(Self { from, to })
    }
}

/// A node of the organisation tree, without its place in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its identity; it keeps it wherever it moves.
    pub id: UnitId,
    /// Short code, unique in the organisation; imports name units by it.
    pub code: String,
    /// The name that people see.
    pub name: String,
    /// The rung on which it stands.
    pub level: UnitLevel,
}

/// Where a unit stood during a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// The unit that is placed.
    pub unit: UnitId,
    /// The unit above it; none for a root.
    pub parent: Option<UnitId>,
    /// When it stood there.
    pub valid: Validity,
}
