//! A call that comes in.

use super::talk::{Talk, ended};
use super::{Guard, timer};
use crate::core::Core;
use crate::core::headers::{
    allow, called, caller, from_name, from_user, reply, sdp, sdp_type, supported, unknown_extensions,
};
use crate::core::incoming::{is_web, prove, source, source_ip};
use crate::core::orders::Order;
use crate::guard::gate::{Caller, Place};
use crate::{By, Cause, LegId, LegKind, Limits, Origin, Signal};
use rsipstack::dialog::dialog::{DialogState, DialogStateReceiver};
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::{Header, HeadersExt, Request, StatusCode};
use rsipstack::transaction::Transaction;
use std::sync::Arc;
use std::time::{Duration, Instant};
use timer::Timer;
use tokio::sync::mpsc;

/// Nobody is kept ringing longer than this.
const LONGEST_RINGING: Duration = Duration::from_secs(180);

/// Who calls, from where.
struct Party {
    origin: Origin,
    caller: String,
    name: Option<String>,
    limits: Limits,
}

/// Judges an INVITE and, if it may be, offers it to the call centre.
pub(crate) async fn invite(core: Arc<Core>, mut tx: Transaction) {
    if let Some((status, headers)) = unfit(&tx.original) {
        return reply(&mut tx, status, headers).await;
    }
    let Some(party) = party(&core, &mut tx).await else {
        return;
    };
    let Some(places) = places(&core, &party, &tx) else {
        tracing::warn!(from = %source_ip(&tx), origin = ?party.origin, "a call over the limit");
        return reply(&mut tx, 503, vec![Header::RetryAfter("5".into())]).await;
    };
    let Ok(offer) = sdp(&tx.original) else {
        return reply(&mut tx, 415, vec![Header::Accept("application/sdp".into())]).await;
    };
    let Ok((timer, timer_headers)) = timer::answer(&tx.original, core.settings.session_expires) else {
        return reply(&mut tx, 422, vec![timer::shortest()]).await;
    };
    let (states, receiver) = core.dialogs.new_dialog_state_channel();
    let contact = core.contact(source(&tx).as_ref());
    let dialog = match core.dialogs.get_or_create_server_invite(&tx, states, None, Some(contact)) {
        Ok(dialog) => dialog,
        Err(fault) => {
            tracing::debug!(%fault, "an INVITE that makes no dialog");
            return reply(&mut tx, 400, Vec::new()).await;
        }
    };
    let Some((guard, orders)) = open(&core, &dialog, places, offer.as_deref(), is_web(&tx)).await else {
        return reply(&mut tx, 503, Vec::new()).await;
    };
    let waiting = Waiting {
        reliable: tx.original.header_contains_token("Require", "100rel"),
        guard,
        dialog: dialog.clone(),
        states: receiver,
        orders,
        offer,
        timer,
        timer_headers,
        answer: None,
        rseq: 0,
    };
    let (leg, called) = (waiting.guard.leg, called(&tx.original));
    answer_in_background(&core, dialog, tx);
    let Party { origin, caller, name, .. } = party;
    core.tell(Signal::Offered { leg, origin, caller, called, name }).await;
    waiting.run().await;
}

/// What no call can come of, whoever asks.
fn unfit(request: &Request) -> Option<(u16, Vec<Header>)> {
    let unknown = unknown_extensions(request);
    if !unknown.is_empty() {
        return Some((420, vec![Header::Unsupported(unknown.join(", ").into())]));
    }
    let tired = request.max_forwards_header().is_ok_and(|hops| hops.value().trim() == "0");
    tired.then(|| (483, Vec::new()))
}

/// A new leg with its voice.
async fn open(
    core: &Arc<Core>,
    dialog: &InviteDialog,
    places: Vec<Place>,
    offer: Option<&str>,
    web: bool,
) -> Option<(Guard, mpsc::Receiver<Order>)> {
    let leg = LegId::fresh();
    let mut guard = Guard::new(core.clone(), leg);
    guard.places = places;
    guard.dialog = Some(dialog.clone());
    let orders = core.legs.add(leg);
    core.legs.set_dialog(leg, dialog.id());
    let browser = offer.map_or(web, |offer| offer.contains("a=fingerprint:"));
    let kind = if browser { LegKind::Browser } else { LegKind::Plain };
    if let Err(fault) = core.settings.media.open(leg, kind).await {
        tracing::error!(%fault, "no voice for a call");
        return None;
    }
    guard.voices.push(leg);
    guard.told = true;
    Some((guard, orders))
}

/// Lets the stack drive the INVITE's transaction to its end.
fn answer_in_background(core: &Core, mut dialog: InviteDialog, mut tx: Transaction) {
    core.spawn(async move {
        if let Err(fault) = dialog.handle(&mut tx).await {
            tracing::debug!(%fault, "an INVITE came to its end");
        }
    });
}

/// Challenges extensions; anything else must come from a trunk.
async fn party(core: &Core, tx: &mut Transaction) -> Option<Party> {
    let user = from_user(&tx.original).unwrap_or_default();
    if core.directory.extension(&user).is_some() || is_web(tx) {
        let extension = prove(core, tx, &user).await?;
        return Some(Party {
            caller: extension.name.clone(),
            name: extension.display_name,
            limits: extension.limits,
            origin: Origin::Extension(extension.name),
        });
    }
    let from = source_ip(tx);
    let Some(trunk) = core.trunk_at(from) else {
        tracing::warn!(%from, user, "a call from nowhere is refused");
        core.gate.refused.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        reply(tx, 403, Vec::new()).await;
        return None;
    };
    Some(Party {
        caller: trunk.callers.apply_or_keep(&caller(&tx.original)),
        name: from_name(&tx.original),
        limits: trunk.limits,
        origin: Origin::Trunk(trunk.name),
    })
}

fn places(core: &Core, party: &Party, tx: &Transaction) -> Option<Vec<Place>> {
    let now = Instant::now();
    let most = u32::try_from(core.settings.most_legs).unwrap_or(u32::MAX);
    let all = core.gate.call(Caller::All, Limits { calls: most, calls_per_second: 0 }, now)?;
    match &party.origin {
        Origin::Trunk(name) => {
            Some(vec![all, core.gate.call(Caller::Trunk(name.clone()), party.limits, now)?])
        }
        Origin::Extension(name) => {
            let source = core.gate.call(Caller::Source(source_ip(tx)), core.settings.source_limits, now)?;
            Some(vec![all, source, core.gate.call(Caller::Extension(name.clone()), party.limits, now)?])
        }
    }
}

/// A call that waits for our answer.
struct Waiting {
    guard: Guard,
    dialog: InviteDialog,
    states: DialogStateReceiver,
    orders: mpsc::Receiver<Order>,
    offer: Option<String>,
    timer: Option<Timer>,
    timer_headers: Vec<Header>,
    /// The caller wants provisional answers confirmed (RFC 3262).
    reliable: bool,
    /// The SDP that we sent already.
    answer: Option<String>,
    rseq: u32,
}

enum Step {
    Stay,
    Talk,
    End(By, Cause),
}

impl Waiting {
    async fn run(mut self) {
        let limit = tokio::time::sleep(LONGEST_RINGING);
        tokio::pin!(limit);
        loop {
            let step = tokio::select! {
                state = self.states.recv() => self.on_state(state),
                order = self.orders.recv() => self.on_order(order).await,
                () = &mut limit => {
                    self.refuse(Cause::NoAnswer);
                    Step::End(By::Network, Cause::NoAnswer)
                }
            };
            match step {
                Step::Stay => {}
                Step::End(by, cause) => {
                    self.guard.end = (by, cause);
                    return;
                }
                Step::Talk => break,
            }
        }
        let leg = self.guard.leg;
        let mut talk = Talk {
            guard: self.guard,
            dialog: self.dialog,
            states: self.states,
            orders: self.orders,
            voice: leg,
            timer: self.timer,
            local: self.answer.unwrap_or_default(),
            answer_due: self.offer.is_none(),
            held: false,
            notifies: None,
        };
        if let Some(end) = talk.begin().await {
            talk.guard.end = end;
            return;
        }
        talk.guard.core.tell(Signal::Answered { leg }).await;
        talk.run().await;
    }

    fn on_state(&mut self, state: Option<DialogState>) -> Step {
        match state {
            Some(DialogState::Confirmed(..)) => Step::Talk,
            Some(DialogState::Terminated(_, reason)) => {
                let (by, cause) = ended(&reason, self.dialog.role());
                Step::End(by, cause)
            }
            Some(_) => Step::Stay,
            None => Step::End(By::Network, Cause::Failure),
        }
    }

    async fn on_order(&mut self, order: Option<Order>) -> Step {
        match order {
            Some(Order::Ring) => {
                self.provisional(None);
                Step::Stay
            }
            Some(Order::OpenEarly) => match self.our_sdp().await {
                Ok(text) => {
                    self.provisional(Some(text));
                    Step::Stay
                }
                Err(cause) => self.give_up(cause),
            },
            Some(Order::Answer) => match self.our_sdp().await {
                Ok(text) => self.accept(text),
                Err(cause) => self.give_up(cause),
            },
            Some(Order::Refuse(cause) | Order::Hangup(cause)) => {
                // after our 200 it can only be hung up
                if self.dialog.state().waiting_ack() {
                    let (dialog, core) = (self.dialog.clone(), self.guard.core.clone());
                    self.guard.dialog = None;
                    self.guard.core.spawn(async move {
                        let _ = dialog.bye().await;
                        core.dialogs.remove_dialog(&dialog.id());
                    });
                } else {
                    self.refuse(cause);
                }
                Step::End(By::Us, cause)
            }
            Some(Order::Voice(voice)) => {
                voice.carry_out(self.guard.core.settings.media.as_ref(), self.guard.leg);
                Step::Stay
            }
            Some(Order::Refer(_) | Order::TransferProgress(_) | Order::Silent) => Step::Stay,
            None => {
                self.refuse(Cause::Failure);
                Step::End(By::Us, Cause::Failure)
            }
        }
    }

    /// Our half of the session: an answer to the offer, or an offer of ours.
    async fn our_sdp(&mut self) -> Result<String, Cause> {
        if let Some(text) = &self.answer {
            return Ok(text.clone());
        }
        let media = &self.guard.core.settings.media;
        let text = match &self.offer {
            Some(offer) => media.answer(self.guard.leg, offer).await.map(|(text, _)| text),
            None => media.offer(self.guard.leg).await,
        };
        let text = text.map_err(|fault| {
            tracing::info!(leg = %self.guard.leg, %fault, "an offer that cannot be taken");
            Cause::Incompatible
        })?;
        self.answer = Some(text.clone());
        Ok(text)
    }

    fn provisional(&mut self, body: Option<String>) {
        let mut headers = vec![allow()];
        if self.reliable {
            self.rseq += 1;
            headers.push(Header::Require("100rel".into()));
            headers.push(Header::RSeq(self.rseq.to_string().into()));
        }
        if body.is_some() {
            headers.push(sdp_type());
        }
        if let Err(fault) = self.dialog.ringing(Some(headers), body.map(String::into_bytes)) {
            tracing::debug!(leg = %self.guard.leg, %fault, "could not ring");
        }
    }

    fn accept(&mut self, text: String) -> Step {
        if self.dialog.state().waiting_ack() || !self.dialog.state().can_cancel() {
            return Step::Stay;
        }
        let mut headers = vec![allow(), supported(), sdp_type()];
        headers.append(&mut self.timer_headers);
        match self.dialog.accept(Some(headers), Some(text.into_bytes())) {
            Ok(()) => Step::Stay,
            Err(fault) => {
                tracing::debug!(leg = %self.guard.leg, %fault, "could not answer");
                Step::End(By::Network, Cause::Failure)
            }
        }
    }

    fn give_up(&mut self, cause: Cause) -> Step {
        self.refuse(cause);
        Step::End(By::Us, cause)
    }

    fn refuse(&mut self, cause: Cause) {
        let reason = format!("Q.850;cause={};text=\"{}\"", cause.q850(), cause.name());
        let status = StatusCode::from(cause.status());
        if let Err(fault) = self.dialog.reject(Some(status), Some(reason)) {
            tracing::debug!(leg = %self.guard.leg, %fault, "could not refuse");
        }
    }
}
