//! What people want done with a call.

use huiyin_app::call::Happening;
use huiyin_app::call::port::{Order, What};
use huiyin_domain::call::floor::{By, Target};
use huiyin_domain::ids::PersonId;
use huiyin_telephony::{Command, LegId, Target as Whom};

use super::Live;
use super::outside::Outside;
use super::seats::Seat;
use crate::board::way;
use crate::word::{Supervisor, Way};

impl Live {
    pub(super) async fn obeys(&mut self, order: Order) {
        match order.what {
            What::Hold => {
                if self.happens(Happening::Held(self.id)).await {
                    self.holds();
                }
            }
            What::Resume => {
                if self.happens(Happening::Resumed(self.id)).await {
                    self.unholds();
                }
            }
            What::Transfer(target, warm) => {
                self.happens(Happening::Transferred(self.id, target, warm)).await;
            }
            What::Consult(number) => drop(self.asks(number).await),
            What::ConsultAgent(person) => {
                if let Some(phone) = self.phone_of(person).await {
                    let _ = self.asks(phone).await;
                }
            }
            What::Conference => self.joins().await,
            What::Complete => drop(self.hands_over().await),
            What::CancelConsult => self.back_to_customer().await,
            What::Keypad(digits) => self.with_customer(|leg| Command::Digits { leg, digits }),
            What::HangUp => {
                self.happens(Happening::HungUp(self.id, By::Agent)).await;
            }
            What::Mute(muted) => {
                if let Some(leg) = self.talking().map(|seat| seat.leg) {
                    self.send(Command::Mute { leg, muted });
                }
            }
            What::PauseRecording => self.send(Command::PauseRecording { room: self.room }),
            What::ResumeRecording => self.send(Command::ResumeRecording { room: self.room }),
            What::Monitor(mode) => self.supervised(order.by, (way(mode), false)).await,
            What::TakeOver => {
                self.takes_over(order.by).await;
            }
            What::Answer => {}
        }
    }

    fn with_customer(&self, command: impl FnOnce(LegId) -> Command) {
        if let Some(leg) = self.customer {
            self.send(command(leg));
        }
    }

    /// Leaves the customer with whom was asked (TEL-23).
    ///
    /// False when nobody was asked, or the rules refuse.
    pub(super) async fn hands_over(&mut self) -> bool {
        let there = Target::Number(self.asked.clone());
        match self.outside {
            Some(Outside::Asked(leg, true) | Outside::Third(leg)) => {
                self.hands_to_agent(leg).await
                    || self.happens(Happening::Transferred(self.id, there, true)).await
            }
            // who still rings is waited for by the customer
            Some(Outside::Asked(leg, false)) => {
                let asked = Whom::Number { number: self.asked.clone(), trunk: None };
                match self.target_of(&asked).await {
                    Some(agent @ Target::Agent(..)) => {
                        let taken = self.happens(Happening::Transferred(self.id, agent, true)).await;
                        if taken {
                            self.outside = None;
                            self.hang_up(leg);
                        }
                        taken
                    }
                    _ => self.happens(Happening::Transferred(self.id, there, true)).await,
                }
            }
            Some(Outside::Through(..)) | None => false,
        }
    }

    /// Whoever was asked and is an agent has the call from then on, as if taken over.
    async fn hands_to_agent(&mut self, leg: LegId) -> bool {
        let holder = self.board.0.settings.phones.holder(&self.asked);
        let Some((org, Some(agent))) = holder else { return false };
        if org != self.org {
            return false;
        }
        let was = self.outside.take();
        self.seats.push(Seat { leg, agent, offer: 0, talks: false });
        let taken = self.happens(Happening::TakenOver(self.id, agent)).await;
        if !taken {
            self.seats.retain(|seat| seat.leg != leg);
            self.outside = was;
        }
        taken
    }
}

impl Live {
    /// Lets a supervisor's telephone ring and, once lifted, into the call.
    async fn supervised(&mut self, by: PersonId, (way, takes): (Way, bool)) {
        if let Some(supervisor) = self.supervisors.iter().find(|known| known.is(by)).copied() {
            // already in: only the way changes
            return self.lets_in(Supervisor { way, ..supervisor });
        }
        let Some(phone) = self.phone_of(by).await else { return };
        let supervisor = Supervisor { leg: LegId::fresh(), way, person: Some(by), takes };
        self.board.invite(phone, self.id, supervisor);
    }

    /// A supervisor's telephone was lifted.
    pub(super) async fn comes_in(&mut self, supervisor: Supervisor) {
        self.lets_in(supervisor);
        if let Some(person) = supervisor.person.filter(|_| supervisor.takes) {
            self.takes_over(person).await;
        }
    }

    /// Names the telephone at which a person is reached: one that is there, else any.
    async fn phone_of(&self, person: PersonId) -> Option<String> {
        let phones = huiyin_app::call::of_person(&self.board.0.app, self.org, person).await.ok()?;
        let there = self.board.there(person);
        let mut names = phones.into_iter().filter(|phone| phone.active).map(|phone| phone.name);
        let first = names.next()?;
        let best = std::iter::once(first.clone()).chain(names).find(|name| there.contains(name));
        Some(best.unwrap_or(first))
    }

    /// Takes the call over with the telephone of who listens, or lets theirs ring.
    async fn takes_over(&mut self, by: PersonId) {
        let Some(place) = self.supervisors.iter().position(|known| known.is(by)) else {
            return self.supervised(by, (Way::Listen, true)).await;
        };
        let supervisor = self.supervisors.remove(place);
        self.seats.push(Seat { leg: supervisor.leg, agent: by, offer: 0, talks: false });
        if !self.happens(Happening::TakenOver(self.id, by)).await {
            self.seats.retain(|seat| seat.leg != supervisor.leg);
            self.supervisors.push(Supervisor { takes: false, ..supervisor });
        }
    }
}
