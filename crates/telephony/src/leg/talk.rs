//! A leg that talks, until it ends.

use super::{Guard, refer, timer};
use crate::core::headers::{allow, info_digit, sdp_type};
use crate::core::orders::Order;
use crate::{By, Cause, LegId, Signal, Target, TransferStep};
use rsipstack::dialog::dialog::{DialogState, DialogStateReceiver, TerminatedReason, TransactionHandle};
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::{Header, Method, Request, StatusCode};
use rsipstack::transaction::key::TransactionRole;
use std::time::Duration;
use timer::Timer;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// A confirmed dialog with its voice.
pub(crate) struct Talk {
    pub(crate) guard: Guard,
    pub(crate) dialog: InviteDialog,
    pub(crate) states: DialogStateReceiver,
    pub(crate) orders: mpsc::Receiver<Order>,
    pub(crate) voice: LegId,
    pub(crate) timer: Option<Timer>,
    /// The SDP that we sent last.
    pub(crate) local: String,
    /// Our 200 carried an offer: the answer comes with the ACK.
    pub(crate) answer_due: bool,
    pub(crate) held: bool,
    /// Steps of a transfer on their way to the phone.
    pub(crate) notifies: Option<mpsc::Sender<TransferStep>>,
}

/// How long a leg without session timer can go unseen.
const FAR: Duration = Duration::from_secs(7 * 24 * 3_600);

impl Talk {
    /// Serves the leg until it ends.
    pub(crate) async fn run(mut self) {
        let mut due = Instant::now() + self.wait();
        loop {
            let end = tokio::select! {
                state = self.states.recv() => match state {
                    Some(state) => {
                        if matches!(state, DialogState::Updated(..)) {
                            due = Instant::now() + self.wait();
                        }
                        self.on_state(state).await
                    }
                    None => Some((By::Network, Cause::Failure)),
                },
                order = self.orders.recv() => match order {
                    Some(order) => self.on_order(order).await,
                    None => Some((By::Us, Cause::Normal)),
                },
                () = tokio::time::sleep_until(due) => {
                    due = Instant::now() + self.wait();
                    self.refresh().await
                }
            };
            if let Some(end) = end {
                self.guard.end = end;
                return;
            }
        }
    }

    fn wait(&self) -> Duration {
        self.timer.map_or(FAR, Timer::wait)
    }

    async fn on_state(&mut self, state: DialogState) -> Option<(By, Cause)> {
        let leg = self.guard.leg;
        match state {
            DialogState::Confirmed(..) => self.take_late_answer().await,
            DialogState::Updated(_, request, handle) => {
                self.change(request, handle).await;
                None
            }
            DialogState::Info(_, request, handle) => {
                match info_digit(&request) {
                    Some(digit) => self.guard.core.tell(Signal::Digit { leg, digit }).await,
                    None => tracing::debug!(%leg, "an INFO that says nothing to us"),
                }
                answer(&handle, 200, Vec::new()).await;
                None
            }
            DialogState::Refer(_, request, handle) => {
                self.referred(&request, handle).await;
                None
            }
            DialogState::Options(_, _, handle) => {
                answer(&handle, 200, vec![allow()]).await;
                None
            }
            DialogState::Notify(_, _, handle) => {
                answer(&handle, 200, Vec::new()).await;
                None
            }
            DialogState::Message(_, _, handle) | DialogState::Publish(_, _, handle) => {
                answer(&handle, 405, vec![allow()]).await;
                None
            }
            DialogState::Terminated(_, reason) => Some(ended(&reason, self.dialog.role())),
            DialogState::Calling(_)
            | DialogState::Trying(_)
            | DialogState::Early(..)
            | DialogState::WaitAck(..) => None,
        }
    }

    /// The first thing in a talk that began without an offer.
    pub(crate) async fn begin(&mut self) -> Option<(By, Cause)> {
        self.take_late_answer().await
    }

    /// The answer to an offer of ours comes with the ACK.
    async fn take_late_answer(&mut self) -> Option<(By, Cause)> {
        if !std::mem::take(&mut self.answer_due) {
            return None;
        }
        let body = self.dialog.last_remote_ack().map(|ack| ack.body).unwrap_or_default();
        let text = String::from_utf8_lossy(&body).into_owned();
        match self.guard.core.settings.media.take_answer(self.voice, &text).await {
            Ok(_) => None,
            Err(fault) => {
                tracing::info!(leg = %self.guard.leg, %fault, "an ACK without a usable answer");
                self.bye(Cause::Incompatible);
                Some((By::Us, Cause::Incompatible))
            }
        }
    }

    /// A re-INVITE or UPDATE: hold, resume, a new address, or only a refresh.
    async fn change(&mut self, request: Request, handle: TransactionHandle) {
        let Ok((timer, mut headers)) = timer::answer(&request, self.guard.core.settings.session_expires)
        else {
            return answer(&handle, 422, vec![timer::shortest()]).await;
        };
        let media = self.guard.core.settings.media.clone();
        let body = match crate::core::headers::sdp(&request) {
            Err(()) => return answer(&handle, 415, vec![Header::Accept("application/sdp".into())]).await,
            Ok(Some(offer)) => match media.answer(self.voice, &offer).await {
                Ok((text, agreed)) => {
                    self.local.clone_from(&text);
                    self.hold(agreed.held).await;
                    Some(text)
                }
                Err(fault) => {
                    tracing::info!(leg = %self.guard.leg, %fault, "an offer that cannot be taken");
                    return answer(&handle, 488, Vec::new()).await;
                }
            },
            Ok(None) if request.method == Method::Invite => {
                self.answer_due = true;
                match media.offer(self.voice).await {
                    Ok(text) => Some(text),
                    Err(_) => return answer(&handle, 500, Vec::new()).await,
                }
            }
            Ok(None) => None,
        };
        self.timer = timer.or(self.timer);
        headers.push(allow());
        if body.is_some() {
            headers.push(sdp_type());
        }
        let sent = handle.respond(StatusCode::OK, Some(headers), body.map(String::into_bytes)).await;
        if sent.is_err() {
            tracing::debug!(leg = %self.guard.leg, "a change was no longer waited for");
        }
    }

    async fn hold(&mut self, held: bool) {
        if std::mem::replace(&mut self.held, held) == held {
            return;
        }
        let leg = self.guard.leg;
        let signal = if held { Signal::HeldByPeer { leg } } else { Signal::ResumedByPeer { leg } };
        self.guard.core.tell(signal).await;
    }

    async fn referred(&mut self, request: &Request, handle: TransactionHandle) {
        let Some(signal) = refer::read(&self.guard.core, self.guard.leg, request) else {
            return answer(&handle, 400, Vec::new()).await;
        };
        answer(&handle, 202, Vec::new()).await;
        self.notify(TransferStep::Trying);
        self.guard.core.tell(signal).await;
    }

    async fn on_order(&mut self, order: Order) -> Option<(By, Cause)> {
        match order {
            Order::Voice(voice) => {
                voice.carry_out(self.guard.core.settings.media.as_ref(), self.voice);
                None
            }
            Order::Hangup(cause) | Order::Refuse(cause) => {
                self.bye(cause);
                Some((By::Us, cause))
            }
            Order::Silent => {
                // A phone on hold sends nothing.
                if self.held {
                    return None;
                }
                self.bye(Cause::MediaLost);
                Some((By::Network, Cause::MediaLost))
            }
            Order::TransferProgress(step) => {
                self.notify(step);
                None
            }
            Order::Refer(to) => {
                self.ask_to_call(to);
                None
            }
            Order::Ring | Order::OpenEarly | Order::Answer => None,
        }
    }

    /// Tells how a transfer goes, one NOTIFY after the other.
    fn notify(&mut self, step: TransferStep) {
        if self.notifies.as_ref().is_none_or(|steps| steps.is_closed()) {
            let (sender, steps) = mpsc::channel(8);
            self.guard.core.spawn(tell_progress(self.dialog.clone(), steps));
            self.notifies = Some(sender);
        }
        if let Some(steps) = &self.notifies {
            // the ninth step that nobody took says nothing new
            let _ = steps.try_send(step);
        }
    }

    fn ask_to_call(&self, to: Target) {
        let core = &self.guard.core;
        let user = match to {
            Target::Extension(name) => name,
            Target::Number { number, .. } => number,
            Target::Uri(uri) => {
                let dialog = self.dialog.clone();
                core.spawn(async move { drop(dialog.refer(format!("<{uri}>"), None, None).await) });
                return;
            }
        };
        let host = core.contact(None).host_with_port;
        let dialog = self.dialog.clone();
        core.spawn(async move { drop(dialog.refer(format!("<sip:{user}@{host}>"), None, None).await) });
    }

    /// Says BYE in a task of its own; the leg ends at once.
    fn bye(&mut self, cause: Cause) {
        let (dialog, core) = (self.dialog.clone(), self.guard.core.clone());
        self.guard.dialog = None;
        self.guard.core.spawn(async move {
            if let Err(fault) = dialog.bye_with_reason(cause.reason()).await {
                tracing::debug!(%fault, "a BYE was not answered");
            }
            core.dialogs.remove_dialog(&dialog.id());
        });
    }

    /// The session timer: refresh, or end what nobody refreshed.
    async fn refresh(&mut self) -> Option<(By, Cause)> {
        let timer = self.timer?;
        if !timer.ours {
            tracing::info!(leg = %self.guard.leg, "nobody refreshed the session");
            self.bye(Cause::MediaLost);
            return Some((By::Network, Cause::MediaLost));
        }
        let headers = vec![
            Header::SessionExpires(format!("{};refresher=uac", timer.interval.as_secs()).into()),
            crate::core::headers::supported(),
            sdp_type(),
        ];
        let refreshed = self.dialog.reinvite(Some(headers), Some(self.local.clone().into_bytes()));
        match tokio::time::timeout(Duration::from_secs(32), refreshed).await {
            Ok(Ok(Some(response))) => match u16::from(response.status_code.clone()) {
                200..300 => {
                    let text = String::from_utf8_lossy(&response.body).into_owned();
                    if !text.is_empty() {
                        let _ = self.guard.core.settings.media.take_answer(self.voice, &text).await;
                    }
                    self.timer = timer::agreed(&response).or(self.timer);
                    None
                }
                408 | 481 => {
                    self.bye(Cause::MediaLost);
                    Some((By::Network, Cause::MediaLost))
                }
                // not now: the next one comes in time
                _ => None,
            },
            Ok(Ok(None)) => None,
            Ok(Err(_)) | Err(_) => {
                self.bye(Cause::MediaLost);
                Some((By::Network, Cause::MediaLost))
            }
        }
    }
}

async fn tell_progress(dialog: InviteDialog, mut steps: mpsc::Receiver<TransferStep>) {
    while let Some(step) = steps.recv().await {
        let (headers, body) = refer::notify(step);
        // RFC 3515: the phone may have left already
        if let Err(fault) = dialog.notify(Some(headers), Some(body)).await {
            tracing::debug!(%fault, "a NOTIFY was not taken");
            return;
        }
        if matches!(step, TransferStep::Done | TransferStep::Failed(_)) {
            return;
        }
    }
}

pub(crate) async fn answer(handle: &TransactionHandle, status: u16, headers: Vec<Header>) {
    if handle.respond(StatusCode::from(status), Some(headers), None).await.is_err() {
        tracing::debug!(status, "an answer was no longer waited for");
    }
}

/// Who ended a dialog, and why.
pub(crate) fn ended(reason: &TerminatedReason, role: TransactionRole) -> (By, Cause) {
    let we_called = role == TransactionRole::Client;
    match reason {
        TerminatedReason::UacBye => (if we_called { By::Us } else { By::Peer }, Cause::Normal),
        TerminatedReason::UasBye => (if we_called { By::Peer } else { By::Us }, Cause::Normal),
        TerminatedReason::UacCancel => (if we_called { By::Us } else { By::Peer }, Cause::Cancelled),
        TerminatedReason::UacBusy | TerminatedReason::UasBusy => (By::Peer, Cause::Busy),
        TerminatedReason::UasDecline => (if we_called { By::Peer } else { By::Us }, Cause::Declined),
        TerminatedReason::ProxyError(status)
        | TerminatedReason::UacOther(status)
        | TerminatedReason::UasOther(status) => (By::Peer, Cause::of_status(u16::from(status.clone()))),
        TerminatedReason::ProxyAuthRequired => (By::Peer, Cause::Forbidden),
        TerminatedReason::Timeout => (By::Network, Cause::NoAnswer),
    }
}
