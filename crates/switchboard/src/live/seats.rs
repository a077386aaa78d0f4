//! Agents' telephones in a call: they ring, answer, and go.

use huiyin_app::call::{self, Happening};
use huiyin_domain::call::floor::By;
use huiyin_domain::call::record::OfferEnd;
use huiyin_domain::ids::PersonId;
use huiyin_domain::time::Timestamp;
use huiyin_telephony::{Cause, Command, Dial, LegId, Target};
use std::time::Duration;

use super::Live;

/// One telephone of an agent in a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seat {
    pub(crate) leg: LegId,
    pub(crate) agent: PersonId,
    /// Which offer lets it ring; 0 when the agent began the call.
    pub(crate) offer: u32,
    pub(crate) talks: bool,
}

impl Live {
    /// Lets every telephone of an agent ring.
    pub(super) async fn rings(&mut self, agent: PersonId, offer: u32, until: Timestamp) {
        if self.seats.iter().any(|seat| seat.offer == offer) {
            return;
        }
        let phones = call::of_person(&self.board.0.app, self.org, agent).await.unwrap_or_default();
        let now = self.board.0.app.clock.now();
        let left = u64::try_from((until.micros() - now.micros()).max(1_000_000)).unwrap_or(1_000_000);
        let note = self.line.as_ref().map(|line| line.name.clone());
        for phone in phones.into_iter().filter(|phone| phone.active) {
            let leg = self.fresh_leg();
            self.seats.push(Seat { leg, agent, offer, talks: false });
            self.send(Command::Dial(Dial {
                leg,
                to: Target::Extension(phone.name),
                house: None,
                from: self.caller.clone(),
                name: None,
                ring_for: Duration::from_micros(left),
                auto_answer: false,
                note: note.clone(),
            }));
        }
        if !self.seats.iter().any(|seat| seat.offer == offer) {
            self.happens(Happening::OfferFailed(self.id, offer, OfferEnd::Unreachable)).await;
        }
    }

    /// Takes away the telephones of an offer, but for the one that talks.
    pub(super) fn withdraws(&mut self, agent: PersonId, offer: u32) {
        let gone = |seat: &Seat| seat.agent == agent && seat.offer == offer && !seat.talks;
        for seat in self.seats.iter().filter(|seat| gone(seat)) {
            self.hang_up(seat.leg);
        }
    }

    /// A telephone was lifted: the others of the same offer fall silent.
    pub(super) async fn lifted(&mut self, leg: LegId) {
        let Some(seat) = self.seats.iter().find(|seat| seat.leg == leg).copied() else { return };
        if seat.offer == 0 {
            return self.own_phone_lifted(seat).await;
        }
        for other in self.seats.iter().filter(|other| other.offer == seat.offer && other.leg != leg) {
            self.send(Command::Hangup { leg: other.leg, cause: Cause::AnsweredElsewhere });
        }
        self.seats.retain(|other| other.offer != seat.offer || other.leg == leg);
        self.happens(Happening::Answered(self.id, seat.offer)).await;
    }

    /// A telephone of an agent is gone.
    pub(super) async fn seat_gone(&mut self, leg: LegId, (by, cause): (By, Cause)) {
        let Some(place) = self.seats.iter().position(|seat| seat.leg == leg) else { return };
        let seat = self.seats.remove(place);
        self.board.0.lives.stands(seat.agent, self.id);
        if self.ending.is_some() {
            return;
        }
        // one of several telephones of an agent who dialled: the others still ring
        let rings = |other: &Seat| seat.offer == 0 && other.offer == 0 && other.agent == seat.agent;
        if !seat.talks && self.seats.iter().any(rings) {
            return;
        }
        if seat.talks || seat.offer == 0 {
            return self.agent_left(seat, by).await;
        }
        if self.seats.iter().any(|other| other.offer == seat.offer) {
            return;
        }
        let why = match cause {
            Cause::Busy => OfferEnd::Busy,
            Cause::Declined => OfferEnd::Declined,
            Cause::NoAnswer | Cause::Cancelled => OfferEnd::NoAnswer,
            _ => OfferEnd::Unreachable,
        };
        self.happens(Happening::OfferFailed(self.id, seat.offer, why)).await;
    }

    async fn agent_left(&mut self, seat: Seat, by: By) {
        // whoever was put through already goes on without the agent
        if self.dropped(seat.agent) {
            return;
        }
        self.happens(Happening::HungUp(self.id, by)).await;
    }

    /// Lets customer and agent speak.
    pub(super) async fn connects(&mut self, agent: PersonId) {
        let answered = self.seats.iter().rev().find(|seat| seat.agent == agent).map(|seat| seat.leg);
        let Some(leg) = answered else { return };
        for seat in &mut self.seats {
            seat.talks = seat.leg == leg;
        }
        (self.served, self.held_by_phone) = (true, false);
        self.unholds();
        self.board.0.lives.sits(agent, self.id);
        self.announce = None;
        self.menu_over();
        self.quiet();
        self.bridge();
        self.board.0.lives.talks(self.id);
        let again: Vec<_> = self.supervisors.clone();
        again.into_iter().for_each(|supervisor| self.lets_in(supervisor));
        self.talk_recorded().await;
    }

    /// Takes an agent out who handed the call over.
    pub(super) fn drops(&mut self, agent: PersonId) {
        for seat in self.seats.iter_mut().filter(|seat| seat.agent == agent) {
            seat.talks = false;
        }
        let gone: Vec<Seat> = self.seats.iter().filter(|seat| seat.agent == agent).copied().collect();
        self.seats.retain(|seat| seat.agent != agent);
        self.board.0.lives.stands(agent, self.id);
        self.ends_second(Cause::Normal);
        self.held_by_phone = false;
        for seat in gone {
            self.send(Command::Unbridge { room: self.room, leg: seat.leg });
            self.hang_up(seat.leg);
        }
        self.unholds();
    }

    fn dropped(&self, agent: PersonId) -> bool {
        self.seats.iter().any(|seat| seat.agent != agent && seat.talks)
    }
}
