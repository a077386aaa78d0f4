//! Talks with several parties, each in a thread of its own (DEPT-4).
//!
//! *Invariants*: what stands in one thread is seen by the people of the desk
//! and by whoever is named in that thread, by nobody of another thread.

use super::body::{Seal, bodies};
use super::kind::Channel;
use super::state::Case;
use super::words::Direction;
use crate::ids::{AttachmentId, PartyId, PersonId};
use crate::text::{Sealed, Sealer, Text};
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most threads of one case.
pub(super) const MOST_THREADS: usize = 50;
/// The most messages of one case.
pub(super) const MOST_MESSAGES: usize = 5_000;

wire_enum! {
    /// With whom a thread is.
    ThreadWith {
        /// 客户.
        Customer = "customer",
        /// 经销商、商家.
        Dealer = "dealer",
        /// 业务员: the field salesperson, one of us.
        Salesperson = "salesperson",
        /// 其他单位.
        Other = "other",
    }
}

bodies! {
    /// Talks that begin with one party (DEPT-4).
    ThreadOpened {
        texts { /** What it is about. */ subject }
        maybe {}
        plain {
            /// With whom.
            with: ThreadWith,
            /// The party, where it is one of the case.
            #[serde(default, skip_serializing_if = "Option::is_none")] party: Option<PartyId>,
            /// The salesperson; sees this thread of the case and no other.
            #[serde(default, skip_serializing_if = "Option::is_none")] person: Option<PersonId>,
        }
    }

    /// One message in a thread.
    MessageWritten {
        texts { /** What was said. */ text }
        maybe {}
        plain {
            /// Number of the thread in this case.
            thread: u32,
            /// Who told whom.
            direction: Direction,
            /// By which way.
            channel: Channel,
            /// Files that went with it, attached to the case before.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            #[schema(max_items = 50)]
            attachments: Vec<AttachmentId>,
            /// Phrases that warn, by number, which the writer read and sends all the same.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            #[schema(max_items = 50)]
            acknowledged_phrases: Vec<u32>,
        }
    }
}

/// Talks with one party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Thread {
    /// Number in the case, from 1.
    pub id: u32,
    /// With whom.
    pub with: ThreadWith,
    /// The party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
    /// The salesperson.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// What it is about.
    pub subject: Sealed,
    /// When it began.
    pub at: Timestamp,
    /// What was said, in order.
    pub messages: Vec<Message>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// What was said.
    pub text: Sealed,
    /// Who told whom.
    pub direction: Direction,
    /// By which way.
    pub channel: Channel,
    /// Files that went with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentId>,
    /// When.
    pub at: Timestamp,
    /// Who wrote it down.
    pub by: Option<PersonId>,
}

impl Thread {
    /// Tells whether a person without a post at the case may see it.
    #[must_use]
    pub fn is_of(&self, person: PersonId) -> bool {
        self.person == Some(person)
    }
}

/// Tells whether somebody who is only named in threads may write into one.
pub(super) fn is_mine(thread: &Thread, me: Option<PersonId>) -> bool {
    me.is_some() && thread.person == me
}

impl Case {
    /// Finds a thread by its number.
    #[must_use]
    pub fn thread(&self, id: u32) -> Option<&Thread> {
        self.threads.iter().find(|thread| thread.id == id)
    }

    /// Tells whether a person takes part in the case by a thread alone.
    #[must_use]
    pub fn only_in_threads(&self, person: PersonId) -> bool {
        let named = [Some(self.owner), self.handler, self.receiver].contains(&Some(person));
        let task = self.tasks.iter().any(|task| task.is_open() && task.person == Some(person));
        let offered = [self.hand_over, self.transfer].into_iter().flatten().any(|offer| offer.to == person);
        !named && !task && !offered && self.threads.iter().any(|thread| thread.is_of(person))
    }
}
