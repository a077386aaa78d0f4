//! A call that we make: to all phones of an extension at once, or over the
//! trunks in their order.

use super::Guard;
use super::branch::{self, Branch, News, Outcome, hang_up};
use super::talk::Talk;
use super::timer;
use super::ways::{Way, ways};
use crate::core::Core;
use crate::core::orders::Order;
use crate::guard::gate::{Caller, Place};
use crate::{By, Cause, Dial, LegId, LegKind, Limits, MediaFault, Signal};
use rsipstack::dialog::dialog::DialogStateReceiver;
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::Response;
use std::sync::Arc;
use std::time::{Duration, Instant as StdInstant};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// A trunk that says nothing at all for this long is passed over.
const TRUNK_PATIENCE: Duration = Duration::from_secs(4);

/// Starts a call in a task of its own.
pub(crate) fn start(core: &Arc<Core>, dial: Dial) {
    let orders = core.legs.add(dial.leg);
    let this = core.clone();
    core.spawn(async move {
        let mut guard = Guard::new(this.clone(), dial.leg);
        guard.told = true;
        let most = u32::try_from(this.settings.most_legs).unwrap_or(u32::MAX);
        let limits = Limits { calls: most, calls_per_second: 0 };
        match this.gate.call(Caller::All, limits, StdInstant::now()) {
            Some(place) => guard.places.push(place),
            None => {
                guard.end = (By::Us, Cause::Congestion);
                return;
            }
        }
        Calling { guard, dial, orders, opened: false, rang: false, early: false }.run().await;
    });
}

struct Calling {
    guard: Guard,
    dial: Dial,
    orders: mpsc::Receiver<Order>,
    /// The leg's own voice was used; the next one needs a name of its own.
    opened: bool,
    rang: bool,
    early: bool,
}

/// The phone that took the call.
struct Won {
    voice: LegId,
    dialog: InviteDialog,
    states: DialogStateReceiver,
    response: Response,
    local: String,
    place: Option<Place>,
}

/// What became of calling one group of addresses at once.
enum Round {
    Won(Box<Won>),
    /// Another trunk may do better.
    Failed(Cause),
    End(By, Cause),
}

impl Calling {
    async fn run(mut self) {
        let until = Instant::now() + self.dial.ring_for;
        let mut groups = ways(&self.guard.core, &self.dial.to, self.dial.house.as_deref());
        let mut last = Cause::Unreachable;
        groups.reverse();
        while let Some(group) = groups.pop() {
            let trunk = group.first().and_then(|way| way.trunk.as_ref()).map(|trunk| trunk.name.clone());
            match self.round(group, until, !groups.is_empty()).await {
                Round::Failed(cause) => {
                    last = cause;
                    self.passed_over(trunk.as_deref(), cause, groups.len());
                }
                Round::End(by, cause) => {
                    self.guard.end = (by, cause);
                    return;
                }
                Round::Won(won) => return self.talk(*won).await,
            }
        }
        let by = if last == Cause::Unreachable { By::Network } else { By::Peer };
        self.guard.end = (by, last);
    }

    /// A trunk did not take the call: written down, the next one does (CALL-5).
    fn passed_over(&self, trunk: Option<&str>, cause: Cause, left: usize) {
        let Some(trunk) = trunk else { return };
        tracing::warn!(leg = %self.guard.leg, trunk, ?cause, left, "a trunk is passed over");
        if cause == Cause::Unreachable {
            self.guard.core.doubt(trunk);
        }
    }

    async fn talk(mut self, won: Won) {
        let leg = self.guard.leg;
        self.guard.dialog = Some(won.dialog.clone());
        self.guard.places.extend(won.place);
        self.guard.core.legs.set_voice(leg, won.voice);
        self.guard.core.legs.set_dialog(leg, won.dialog.id());
        let talk = Talk {
            guard: self.guard,
            dialog: won.dialog,
            states: won.states,
            orders: self.orders,
            voice: won.voice,
            timer: timer::agreed(&won.response),
            local: won.local,
            answer_due: false,
            held: false,
            notifies: None,
        };
        talk.guard.core.tell(Signal::Answered { leg }).await;
        talk.run().await;
    }

    /// Calls a group at once; whoever answers first has the call.
    async fn round(&mut self, group: Vec<Way>, until: Instant, more: bool) -> Round {
        let place = match group.first().and_then(|way| way.trunk.as_ref()) {
            None => None,
            Some(trunk) => {
                let caller = Caller::Trunk(trunk.name.clone());
                match self.guard.core.gate.call(caller, trunk.limits, StdInstant::now()) {
                    Some(place) => Some(place),
                    None => return Round::Failed(Cause::Congestion),
                }
            }
        };
        let (sender, news) = mpsc::channel(32);
        let mut calls = Vec::new();
        for (index, way) in group.iter().enumerate() {
            calls.extend(self.call(way, index, sender.clone()).await);
        }
        drop(sender);
        if calls.is_empty() {
            return Round::Failed(Cause::Unreachable);
        }
        let mut ringing = Ringing { calls, news, cause: None, alive: false };
        let round = self.wait(&mut ringing, until, more).await;
        self.leave(ringing, &round);
        match round {
            Round::Won(mut won) => {
                won.place = place;
                Round::Won(won)
            }
            other => other,
        }
    }

    /// Opens a voice and sends the INVITE.
    async fn call(
        &mut self,
        way: &Way,
        index: usize,
        news: mpsc::Sender<(usize, News)>,
    ) -> Option<(Branch, String)> {
        let core = self.guard.core.clone();
        let own = !std::mem::replace(&mut self.opened, true);
        let voice = if own { self.guard.leg } else { LegId::fresh() };
        let kind = if way.browser { LegKind::Browser } else { LegKind::Plain };
        let media = &core.settings.media;
        let none = |fault: MediaFault| tracing::error!(%fault, "no voice for a call");
        media.open(voice, kind).await.map_err(none).ok()?;
        self.guard.voices.push(voice);
        let offer = media.offer(voice).await.map_err(none).ok()?;
        let option = way.invite(&core, &self.dial, &offer);
        Some((branch::start(&core, option, voice, index, news)?, offer))
    }

    async fn wait(&mut self, ringing: &mut Ringing, until: Instant, more: bool) -> Round {
        let patience = if more { TRUNK_PATIENCE } else { Duration::from_secs(3_600) };
        let patience = tokio::time::sleep(patience);
        tokio::pin!(patience);
        loop {
            let round = tokio::select! {
                news = ringing.news.recv() => match news {
                    Some((index, news)) => self.on_news(ringing, index, news, more).await,
                    None => Some(Round::Failed(ringing.cause.unwrap_or(Cause::Failure))),
                },
                order = self.orders.recv() => self.on_order(order),
                () = tokio::time::sleep_until(until) => Some(Round::End(By::Us, Cause::NoAnswer)),
                () = &mut patience, if !ringing.alive => Some(Round::Failed(Cause::Unreachable)),
            };
            if let Some(round) = round {
                return round;
            }
        }
    }

    async fn on_news(
        &mut self,
        ringing: &mut Ringing,
        index: usize,
        news: News,
        more: bool,
    ) -> Option<Round> {
        let leg = self.guard.leg;
        ringing.alive = true;
        match news {
            News::Trying => None,
            News::Ringing => {
                if !std::mem::replace(&mut self.rang, true) {
                    self.guard.core.tell(Signal::Ringing { leg }).await;
                }
                None
            }
            News::Early(sdp) => {
                let (branch, _) = ringing.calls.get(index).filter(|_| ringing.calls.len() == 1)?;
                let usable = self.guard.core.settings.media.take_answer(branch.voice, &sdp).await.is_ok();
                if usable && !std::mem::replace(&mut self.early, true) {
                    self.guard.core.legs.set_voice(leg, branch.voice);
                    self.guard.core.tell(Signal::Early { leg }).await;
                }
                None
            }
            News::Done(outcome) => self.on_outcome(ringing, index, outcome, more).await,
        }
    }

    async fn on_outcome(
        &mut self,
        ringing: &mut Ringing,
        index: usize,
        outcome: Outcome,
        more: bool,
    ) -> Option<Round> {
        let (branch, local) = ringing.calls.get_mut(index)?;
        branch.over = true;
        let (status, cause) = match outcome.result {
            Ok(response) => match u16::from(response.status_code.clone()) {
                200..300 if !branch.dialog.state().is_terminated() => {
                    let sdp = String::from_utf8_lossy(&response.body).into_owned();
                    match self.guard.core.settings.media.take_answer(branch.voice, &sdp).await {
                        Ok(_) => {
                            return Some(Round::Won(Box::new(Won {
                                voice: branch.voice,
                                dialog: branch.dialog.clone(),
                                states: outcome.states,
                                response,
                                local: local.clone(),
                                place: None,
                            })));
                        }
                        Err(fault) => {
                            tracing::info!(leg = %self.guard.leg, %fault, "an answer that cannot be taken");
                            let (core, dialog) = (self.guard.core.clone(), branch.dialog.clone());
                            self.guard.core.spawn(async move { hang_up(&core, &dialog).await });
                            (488, Cause::Incompatible)
                        }
                    }
                }
                200..300 => (487, Cause::Cancelled),
                status => (status, Cause::of_status(status)),
            },
            Err(cause) => (408, cause),
        };
        ringing.note(cause);
        let everybody = status >= 600;
        if everybody || ringing.calls.iter().all(|(branch, _)| branch.over) {
            let cause = ringing.cause.unwrap_or(cause);
            let passed_over = more && !self.rang && (status == 408 || (500..600).contains(&status));
            let unreachable = matches!(status, 408 | 480) && cause == Cause::Unreachable;
            return Some(match (passed_over, unreachable) {
                (true, _) => Round::Failed(cause),
                (false, true) => Round::End(By::Network, cause),
                (false, false) => Round::End(By::Peer, cause),
            });
        }
        None
    }

    fn on_order(&mut self, order: Option<Order>) -> Option<Round> {
        match order {
            Some(Order::Hangup(cause) | Order::Refuse(cause)) => Some(Round::End(By::Us, cause)),
            Some(Order::Voice(voice)) => {
                let at = self.guard.core.legs.voice(self.guard.leg);
                voice.carry_out(self.guard.core.settings.media.as_ref(), at);
                None
            }
            Some(_) => None,
            None => Some(Round::End(By::Us, Cause::Normal)),
        }
    }

    /// Cancels whoever still rings, hangs up whoever answered too late, and
    /// closes their voices.
    fn leave(&mut self, mut ringing: Ringing, round: &Round) {
        let (winner, cause) = match round {
            Round::Won(won) => (Some(won.voice), Cause::AnsweredElsewhere),
            Round::End(_, cause) | Round::Failed(cause) => (None, *cause),
        };
        let core = self.guard.core.clone();
        ringing.news.close();
        while let Ok((index, news)) = ringing.news.try_recv() {
            if let (News::Done(Outcome { result: Ok(response), .. }), Some((branch, _))) =
                (news, ringing.calls.get_mut(index))
            {
                branch.over = true;
                if u16::from(response.status_code) / 100 == 2 {
                    let (core, dialog) = (core.clone(), branch.dialog.clone());
                    core.clone().spawn(async move { hang_up(&core, &dialog).await });
                }
            }
        }
        for (branch, _) in ringing.calls {
            if Some(branch.voice) == winner {
                continue;
            }
            core.settings.media.close(branch.voice);
            self.guard.voices.retain(|voice| *voice != branch.voice);
            if !branch.over {
                let (this, dialog) = (core.clone(), branch.dialog);
                core.withdrawn.note(&dialog.id().call_id, cause);
                core.spawn(async move {
                    if let Err(fault) = dialog.cancel().await {
                        tracing::debug!(%fault, "a CANCEL was not taken");
                    }
                    // what was over before is followed no more
                    if dialog.state().is_terminated() {
                        this.withdrawn.forget(&dialog.id().call_id);
                    }
                });
            }
        }
    }
}

/// Addresses that ring at once.
struct Ringing {
    calls: Vec<(Branch, String)>,
    news: mpsc::Receiver<(usize, News)>,
    cause: Option<Cause>,
    /// Somebody said something.
    alive: bool,
}

impl Ringing {
    /// Keeps the cause that says most of several phones.
    fn note(&mut self, cause: Cause) {
        let weight = |cause: Cause| match cause {
            Cause::Declined => 5,
            Cause::Busy => 4,
            Cause::NoAnswer => 3,
            Cause::Unreachable | Cause::Failure => 1,
            _ => 2,
        };
        if self.cause.is_none_or(|known| weight(cause) > weight(known)) {
            self.cause = Some(cause);
        }
    }
}
