//! The second call of an agent's telephone, in which they ask somebody (TEL-23).
//!
//! Telephones know no orders of ours: they hold their call, begin another one and put the
//! two together by REFER with Replaces (RFC 3891), which is our consultation.

use huiyin_app::call::Happening;
use huiyin_domain::ids::PersonId;
use huiyin_telephony::{Cause, Command, LegId, Target};

use super::Live;

impl Live {
    /// An agent who talks calls somebody else from the same telephone.
    pub(super) async fn asks_by_phone(&mut self, leg: LegId, agent: PersonId, number: String) {
        let talks = self.talking().is_some_and(|seat| seat.agent == agent);
        if !(talks && self.second.is_none() && self.asks(number).await) {
            self.board.0.lives.release(leg);
            return self.send(Command::Refuse { leg, cause: Cause::Busy });
        }
        self.second = Some(leg);
        self.send(Command::Ring { leg });
    }

    /// Opens the leg at which the agent hears who is asked, and gives it.
    pub(super) fn opens_asking_leg(&self) -> Option<LegId> {
        let first = self.talking().map(|seat| seat.leg);
        if let Some(second) = self.second {
            self.send(Command::Answer { leg: second });
            // what the telephone plays to whom it holds is for nobody
            if let Some(leg) = first {
                self.send(Command::Unbridge { room: self.room, leg });
            }
        }
        self.second.or(first)
    }

    /// The agent hung up on whom they asked.
    pub(super) async fn second_gone(&mut self) {
        self.second = None;
        if self.ending.is_none() && self.outside.is_some() {
            self.back_to_customer().await;
        }
    }

    /// Ends the second leg, if there is one.
    pub(super) fn ends_second(&mut self, cause: Cause) {
        if let Some(leg) = self.second.take() {
            self.board.0.lives.release(leg);
            self.send(Command::Unbridge { room: self.room, leg });
            self.send(Command::Hangup { leg, cause });
        }
    }

    /// Puts the customer through to where the telephone says, unless that is nowhere.
    pub(super) async fn puts_through_blindly(&mut self, agent: PersonId, to: &Target) -> bool {
        use huiyin_domain::call::floor::Target as There;
        match self.target_of(to).await {
            Some(There::Agent(person, _)) if person == agent => false,
            Some(there) => self.happens(Happening::Transferred(self.id, there, false)).await,
            None => false,
        }
    }
}
