//! What the line tells of a call.

use huiyin_app::call::Happening;
use huiyin_domain::call::floor::By;
use huiyin_telephony::{By as Ender, Cause, Command, LegId, Signal, Target, TransferStep};

use super::Live;

impl Live {
    pub(super) async fn hears(&mut self, signal: Signal) {
        match signal {
            Signal::Answered { leg } => self.answers(leg).await,
            Signal::Ended { leg, by, cause } => self.leg_gone(leg, by, cause).await,
            Signal::Digit { leg, digit } if Some(leg) == self.customer => self.key(digit).await,
            Signal::Played { leg, token, all } => {
                if Some(leg) == self.customer && token == self.token && all {
                    self.played().await;
                }
            }
            Signal::HeldByPeer { leg } => self.held_by(leg).await,
            Signal::ResumedByPeer { leg } => self.resumed_by(leg).await,
            Signal::TransferAsked { leg, to, replaces } => self.transfer_asked(leg, to, replaces).await,
            Signal::Silent { leg } => self.silent(leg).await,
            Signal::Taped { millis, whole, .. } => self.tape_ends(Some((millis, whole))).await,
            Signal::Ringing { .. } | Signal::Early { .. } | Signal::Heard { .. } | Signal::Digit { .. } => {}
            Signal::Offered { .. }
            | Signal::Registered(_)
            | Signal::Unregistered { .. }
            | Signal::Trunk { .. } => {}
        }
    }

    async fn answers(&mut self, leg: LegId) {
        if Some(leg) == self.customer {
            let first = !std::mem::replace(&mut self.open, true);
            if first && self.line.is_some() {
                self.enters().await;
            } else if first {
                self.customer_answered().await;
            }
        } else if self.outside.as_ref().is_some_and(|outside| outside.leg() == leg) {
            self.outside_answered().await;
        } else {
            self.lifted(leg).await;
        }
    }

    async fn leg_gone(&mut self, leg: LegId, by: Ender, cause: Cause) {
        self.board.0.lives.release(leg);
        if Some(leg) == self.customer {
            self.customer = None;
            let spoke = std::mem::replace(&mut self.open, false);
            let by = if by == Ender::Peer { By::Customer } else { By::System };
            return self.customer_gone(by, (cause, spoke)).await;
        }
        if self.outside.as_ref().is_some_and(|outside| outside.leg() == leg) {
            return self.outside_gone(cause).await;
        }
        if self.second == Some(leg) {
            return self.second_gone().await;
        }
        self.supervisors.retain(|known| known.leg != leg);
        let by = if by == Ender::Peer { By::Agent } else { By::System };
        self.seat_gone(leg, (by, cause)).await;
    }

    /// The other side is gone: whom we called and who never answered has failed.
    async fn customer_gone(&mut self, by: By, (cause, spoke): (Cause, bool)) {
        if self.ending.is_some() {
            return;
        }
        if self.line.is_none() && !spoke {
            return self.customer_failed(cause).await;
        }
        if !self.happens(Happening::HungUp(self.id, by)).await {
            self.ends();
        }
    }

    /// Nothing was heard of a leg for long: its line is dead.
    ///
    /// Who waits, hears a menu or is on hold need not say anything (TEL-19).
    async fn silent(&mut self, leg: LegId) {
        let waits = self.walking.is_some() || self.announce.is_some() || self.held;
        if waits || self.ending.is_some() {
            return;
        }
        tracing::info!(call = %self.id, %leg, "nothing was heard for long");
        self.happens(Happening::HungUp(self.id, By::System)).await;
    }

    async fn held_by(&mut self, leg: LegId) {
        if self.talking().is_some_and(|seat| seat.leg == leg) {
            self.held_by_phone = true;
            self.holds();
            self.happens(Happening::Held(self.id)).await;
        }
    }

    async fn resumed_by(&mut self, leg: LegId) {
        if self.talking().is_some_and(|seat| seat.leg == leg) {
            self.held_by_phone = false;
            self.unholds();
            self.happens(Happening::Resumed(self.id)).await;
        }
    }

    /// Lets the customer hear music.
    pub(super) fn holds(&mut self) {
        self.held = true;
        if let Some(leg) = self.customer {
            self.send(Command::Hold { leg, music: self.music() });
        }
    }

    /// Lets the customer hear the others again.
    pub(super) fn unholds(&mut self) {
        self.held = false;
        if let Some(leg) = self.customer {
            self.send(Command::Unhold { leg });
        }
    }

    /// A telephone asks for its call to go elsewhere (TEL-23).
    async fn transfer_asked(&mut self, leg: LegId, to: Target, replaces: Option<LegId>) {
        let first = self.talking().filter(|seat| seat.leg == leg || self.second == Some(leg)).copied();
        let taken = match (first, replaces) {
            // the two calls of the telephone become one
            (Some(seat), Some(other)) if self.second.is_some() => {
                let both = [leg, other];
                both.contains(&seat.leg)
                    && self.second.is_some_and(|second| both.contains(&second))
                    && self.hands_over().await
            }
            (Some(seat), None) if seat.leg == leg => self.puts_through_blindly(seat.agent, &to).await,
            _ => false,
        };
        let step = if taken { TransferStep::Done } else { TransferStep::Failed(Cause::NotFound) };
        self.send(Command::TransferProgress { leg, step });
    }
}
