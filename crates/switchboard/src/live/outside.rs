//! Somebody outside the house, called, asked, or put through to.

use huiyin_app::call::{self, Happening};
use huiyin_domain::call::facts::CallDirection;
use huiyin_domain::call::floor::Target;
use huiyin_domain::call::record::OfferEnd;
use huiyin_domain::ids::PersonId;
use huiyin_telephony::{Cause, Command, Dial, LegId, Member, Side, Target as Whom};
use std::time::Duration;

use super::Live;
use super::seats::Seat;
use crate::trunks::house;

/// How long somebody outside is let ring.
const RING: Duration = Duration::from_secs(60);

/// A leg towards somebody else.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outside {
    /// The caller is put through; true once they talk.
    Through(LegId, bool),
    /// The agent asks, the customer waits; true once they talk.
    Asked(LegId, bool),
    /// All three talk.
    Third(LegId),
}

impl Outside {
    pub(crate) const fn leg(&self) -> LegId {
        match self {
            Self::Through(leg, _) | Self::Asked(leg, _) | Self::Third(leg) => *leg,
        }
    }
}

impl Live {
    /// An agent calls somebody from a telephone.
    pub(super) async fn dials(&mut self, agent: PersonId, number: String) {
        let inside = self.is_inside(&number);
        let direction = if inside { CallDirection::Internal } else { CallDirection::Out };
        let node = self.board.0.settings.node.clone();
        let party = match direction {
            CallDirection::Internal => None,
            _ => call::party_of(&self.board.0.app, self.org, Some(&number)).await.unwrap_or_default(),
        };
        let allowed = inside || call::may_call_now(&self.board.0.app, self.org, party).await.is_ok();
        let holder = self.board.0.settings.phones.holder(&number);
        let colleague = holder.filter(|_| inside).and_then(|(_, person)| person);
        let happening =
            Happening::Dialled { call: self.id, node, agent, number, party, direction, colleague };
        if !(allowed && self.happens(happening).await) {
            if let Some(seat) = self.seats.first() {
                self.send(Command::Refuse { leg: seat.leg, cause: Cause::Forbidden });
            }
            self.ends();
        }
    }

    /// Lets the other side ring; the agent's own telephones first.
    pub(super) async fn lets_ring(&mut self, agent: PersonId, number: String) {
        self.caller.clone_from(&number);
        if let Some(seat) = self.seats.iter().find(|seat| seat.agent == agent) {
            self.send(Command::Ring { leg: seat.leg });
            return self.calls(number);
        }
        let phones = call::of_person(&self.board.0.app, self.org, agent).await.unwrap_or_default();
        for phone in phones.into_iter().filter(|phone| phone.active) {
            let leg = self.fresh_leg();
            self.seats.push(Seat { leg, agent, offer: 0, talks: false });
            self.send(self.dial(leg, Whom::Extension(phone.name), number.clone()));
        }
        if self.seats.is_empty() {
            self.happens(Happening::DialFailed(self.id, OfferEnd::Unreachable)).await;
        }
    }

    fn dial(&self, leg: LegId, to: Whom, from: String) -> Command {
        let house = Some(house(self.org));
        Command::Dial(Dial {
            leg,
            to,
            house,
            from,
            name: None,
            ring_for: RING,
            auto_answer: false,
            note: None,
        })
    }

    /// Whether a number is a telephone of this house; another house's is none.
    fn is_inside(&self, number: &str) -> bool {
        self.board.0.settings.phones.holder(number).is_some_and(|(org, _)| org == self.org)
    }

    fn whom(&self, number: &str) -> Whom {
        if self.is_inside(number) {
            Whom::Extension(number.to_owned())
        } else {
            Whom::Number { number: number.to_owned(), trunk: None }
        }
    }

    fn calls(&mut self, number: String) {
        let leg = self.fresh_leg();
        self.customer = Some(leg);
        let shown = self.line.as_ref().map(|line| line.number.clone()).unwrap_or_default();
        self.send(self.dial(leg, self.whom(&number), shown));
    }

    /// The agent who called from the screen lifted: now the other side rings.
    pub(super) async fn own_phone_lifted(&mut self, seat: Seat) {
        for other in self.seats.iter().filter(|other| other.leg != seat.leg) {
            self.send(Command::Hangup { leg: other.leg, cause: Cause::AnsweredElsewhere });
        }
        self.seats.retain(|other| other.leg == seat.leg);
        if self.customer.is_none() {
            let number = self.caller.clone();
            self.calls(number);
        } else if self.open {
            self.happens(Happening::DialAnswered(self.id)).await;
        }
    }

    /// Whom the agent called answered.
    pub(super) async fn customer_answered(&mut self) {
        if let Some(seat) = self.seats.first() {
            self.send(Command::Answer { leg: seat.leg });
        }
        self.happens(Happening::DialAnswered(self.id)).await;
    }

    /// Whom the agent called does not answer.
    pub(super) async fn customer_failed(&mut self, cause: Cause) {
        let why = match cause {
            Cause::Busy => OfferEnd::Busy,
            Cause::NoAnswer | Cause::Cancelled | Cause::Normal => OfferEnd::NoAnswer,
            Cause::Declined => OfferEnd::Declined,
            _ => OfferEnd::Unreachable,
        };
        if !self.happens(Happening::DialFailed(self.id, why)).await {
            self.ends();
        }
    }

    /// Puts the caller through to a number outside.
    pub(super) fn puts_through(&mut self, number: String) {
        // whom the agent asked before is already there
        if let Some(Outside::Asked(leg, true) | Outside::Third(leg)) = self.outside {
            self.outside = Some(Outside::Through(leg, true));
            return self.meets(leg);
        }
        // who was asked still rings: the customer waits for them now
        if let Some(Outside::Asked(leg, false)) = self.outside {
            self.outside = Some(Outside::Through(leg, false));
            let music = self.music();
            return self.play(music, true);
        }
        let leg = self.fresh_leg();
        self.outside = Some(Outside::Through(leg, false));
        let music = self.music();
        self.play(music, true);
        self.send(self.dial(leg, self.whom(&number), self.caller.clone()));
    }

    /// Lets customer and the one outside hear each other.
    fn meets(&mut self, leg: LegId) {
        self.quiet();
        let customer = self.customer.map(|leg| Member { leg, side: Side::Customer });
        let members = customer.into_iter().chain([Member { leg, side: Side::Agent }]).collect();
        self.send(Command::Bridge { room: self.room, members });
    }

    pub(super) async fn outside_answered(&mut self) {
        match self.outside {
            Some(Outside::Through(leg, _)) => {
                self.outside = Some(Outside::Through(leg, true));
                self.walking = None;
                self.meets(leg);
                self.talk_recorded().await;
            }
            Some(Outside::Asked(leg, _)) => {
                self.outside = Some(Outside::Asked(leg, true));
                // the customer hears music meanwhile and is not heard
                let agent = self.opens_asking_leg().map(|leg| Member { leg, side: Side::Agent });
                let members = agent.into_iter().chain([Member { leg, side: Side::Agent }]).collect();
                self.send(Command::Bridge { room: self.room, members });
            }
            Some(Outside::Third(_)) | None => {}
        }
    }

    pub(super) async fn outside_gone(&mut self, cause: Cause) {
        let was = self.outside.take();
        if self.ending.is_some() {
            return;
        }
        match was {
            Some(Outside::Through(_, true)) => {
                self.happens(Happening::HungUp(self.id, huiyin_domain::call::floor::By::System)).await;
            }
            Some(Outside::Through(_, false)) => {
                self.happens(Happening::Returned(self.id)).await;
                // who talked with an agent before waits for one again
                let waits = self.served && self.line.is_some();
                if !waits && !self.menu_failed().await {
                    self.last_words(&["full", "goodbye"]);
                }
            }
            Some(Outside::Asked(..) | Outside::Third(_)) => {
                self.ends_second(cause);
                self.back_to_customer().await;
            }
            None => {}
        }
    }

    /// The agent is back with the customer.
    pub(super) async fn back_to_customer(&mut self) {
        if let Some(outside) = self.outside.take() {
            self.send(Command::Unbridge { room: self.room, leg: outside.leg() });
            self.hang_up(outside.leg());
        }
        self.ends_second(Cause::Normal);
        self.bridge();
        self.happens(Happening::Back(self.id)).await;
        if self.held_by_phone {
            // the telephone takes its first call up again by itself
            self.happens(Happening::Held(self.id)).await;
        } else {
            self.unholds();
        }
    }

    /// Asks somebody while the customer waits (TEL-23).
    ///
    /// False when that is not possible now.
    pub(super) async fn asks(&mut self, number: String) -> bool {
        if self.outside.is_some() || !self.happens(Happening::Consulting(self.id, number.clone())).await {
            return false;
        }
        self.holds();
        let leg = self.fresh_leg();
        self.outside = Some(Outside::Asked(leg, false));
        self.asked.clone_from(&number);
        self.send(self.dial(leg, self.whom(&number), self.caller.clone()));
        true
    }

    /// Brings all three together.
    pub(super) async fn joins(&mut self) {
        let Some(Outside::Asked(leg, true)) = self.outside else { return };
        self.outside = Some(Outside::Third(leg));
        self.held_by_phone = false;
        self.unholds();
        self.bridge();
        self.send(Command::Bridge { room: self.room, members: vec![Member { leg, side: Side::Agent }] });
        self.happens(Happening::Joined(self.id)).await;
    }

    /// Says whether a number is one, and something leads there.
    async fn leads_outside(&self, number: &str) -> bool {
        huiyin_domain::phone::digits(number).is_some()
            && (self.board.0.settings.beside_pbx
                || call::has_trunk(&self.board.0.app, self.org).await.unwrap_or(false))
    }

    /// Finds what a telephone means by the number that it transfers to.
    pub(super) async fn target_of(&self, to: &Whom) -> Option<Target> {
        let number = match to {
            Whom::Extension(name) | Whom::Number { number: name, .. } => name.clone(),
            Whom::Uri(uri) => uri.trim_start_matches("sip:").split('@').next()?.to_owned(),
        };
        if let Ok(Some(line)) = call::line_of(&self.board.0.app, &number).await
            && let Some(queue) = line.queue.filter(|_| line.org == self.org)
        {
            return Some(Target::Queue(queue));
        }
        let holder = self.board.0.settings.phones.holder(&number);
        match holder.filter(|(org, _)| *org == self.org) {
            Some((_, Some(person))) => {
                let queue =
                    call::queue_for(&self.board.0.app, self.org, (self.id, person)).await.ok().flatten()?;
                Some(Target::Agent(person, queue))
            }
            Some(_) => None,
            None => self.leads_outside(&number).await.then_some(Target::Number(number)),
        }
    }
}
