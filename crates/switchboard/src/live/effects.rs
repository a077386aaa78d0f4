//! What follows from a committed change.

use huiyin_app::call::{Effect, Happening};
use huiyin_domain::call::queue::Overflow;
use huiyin_telephony::{Cause, Command};
use std::time::Instant;

use super::Live;

/// Seconds that a message may be long where no menu says otherwise.
const MESSAGE: u32 = 120;

impl Live {
    pub(super) async fn does(&mut self, effect: Effect) {
        match effect {
            Effect::Ring { agent, offer, until, .. } => self.rings(agent, offer, until).await,
            Effect::Withdraw(_, agent, offer) => self.withdraws(agent, offer),
            Effect::Connect(_, agent) => self.connects(agent).await,
            Effect::Entertain(_) => self.entertains(),
            Effect::LeadOn(_, to) => self.leads_on(to).await,
            Effect::PutThrough(_, number) => self.puts_through(number),
            Effect::Dial(_, agent, number) => self.lets_ring(agent, number).await,
            Effect::Refuse(_) => self.refuses(),
            Effect::Release(_) => self.ends(),
            Effect::Drop(_, agent) => self.drops(agent),
        }
    }

    /// CALL-2: of a flood beyond the lines none is answered.
    fn refuses(&mut self) {
        if let Some(leg) = self.customer {
            self.send(Command::Refuse { leg, cause: Cause::Congestion });
        }
        self.ending = Some(Instant::now());
    }

    /// Leads a call on that nobody can take: the menu knows where, else the queue.
    pub(super) async fn leads_on(&mut self, to: Overflow) {
        self.announce = None;
        if self.menu_full().await {
            return;
        }
        match to {
            Overflow::Voicemail => self.takes_message(&["full", "voicemail"], MESSAGE).await,
            Overflow::Number(number) => {
                self.happens(Happening::Led(self.id, number)).await;
            }
            Overflow::Queue(_) | Overflow::Release => {
                self.last_words(&["full", "goodbye"]);
            }
        }
    }

    /// Says something and ends.
    pub(super) fn last_words(&mut self, names: &[&str]) {
        let prompts = self.named(names.iter().copied());
        self.walking = Some(super::menu::Walking::farewell());
        self.play(prompts, false);
    }
}
