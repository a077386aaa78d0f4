//! Who hears whom.

use crate::taping::Taping;

/// On which side of the house a talker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The customer, left in the recording.
    Customer,
    /// One of ours, right in the recording.
    Agent,
}

/// What a leg does in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Talks and is heard by all.
    Talker(Side),
    /// Hears, unheard (CALL-10).
    Listener,
    /// Hears, and is heard by one leg only.
    Whisperer(u64),
    /// Hears, and is heard by all.
    Barger,
}

impl Role {
    /// Says whether somebody in this role is heard by a leg.
    pub(crate) fn heard_by(self, leg: u64) -> bool {
        match self {
            Self::Talker(_) | Self::Barger => true,
            Self::Whisperer(to) => to == leg,
            Self::Listener => false,
        }
    }
}

/// Legs that are together.
#[derive(Default)]
pub(crate) struct Room {
    pub(crate) members: Vec<(u64, Role)>,
    pub(crate) taping: Option<Taping>,
}

impl Room {
    /// Takes a leg in, or gives it another role.
    pub(crate) fn join(&mut self, leg: u64, role: Role) {
        self.leave(leg);
        self.members.push((leg, role));
    }

    /// Lets a leg go.
    pub(crate) fn leave(&mut self, leg: u64) {
        self.members.retain(|(member, _)| *member != leg);
    }

    /// Gives those whom a leg hears.
    pub(crate) fn sources(&self, leg: u64) -> impl Iterator<Item = u64> {
        self.members
            .iter()
            .filter(move |(member, role)| *member != leg && role.heard_by(leg))
            .map(|(member, _)| *member)
    }

    /// Gives the only one whom a leg hears; nothing when there are none or more.
    pub(crate) fn only_source(&self, leg: u64) -> Option<u64> {
        let mut sources = self.sources(leg);
        sources.next().filter(|_| sources.next().is_none())
    }

    /// Gives those who hear a leg.
    pub(crate) fn hearers(&self, leg: u64) -> impl Iterator<Item = u64> {
        let role = self.members.iter().find(|(member, _)| *member == leg).map(|(_, role)| *role);
        self.members
            .iter()
            .filter(move |(member, _)| *member != leg && role.is_some_and(|role| role.heard_by(*member)))
            .map(|(member, _)| *member)
    }

    /// Gives the customer.
    pub(crate) fn customer(&self) -> Option<u64> {
        self.members.iter().find(|(_, role)| *role == Role::Talker(Side::Customer)).map(|(leg, _)| *leg)
    }
}
