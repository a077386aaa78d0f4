//! Keeps trunks: registered where they have an account, else watched.

use super::Core;
use super::headers::supported;
use crate::settings::Wire;
use crate::{Trunk, TrunkFault, TrunkMode};
use rsipstack::dialog::registration::Registration;
use rsipstack::platform::CancellationToken;
use rsipstack::sip::{Auth, Header, Method, SipMessage, Transport, Uri};
use rsipstack::transaction::Transaction;
use rsipstack::transaction::key::{TransactionKey, TransactionRole};
use rsipstack::transport::SipAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

/// No answer after this is none.
const PATIENCE: Duration = Duration::from_secs(4);
/// A trunk is never asked twice within this, however many calls doubt it.
const BREATH: Duration = Duration::from_secs(2);
/// A dead trunk is asked so many times as often as a living one.
const EAGER: u32 = 6;

/// The task of one trunk, for those who end or wake it.
#[derive(Clone, Default)]
pub(crate) struct Keeper {
    stop: CancellationToken,
    gone: CancellationToken,
    look: Arc<Notify>,
}

impl Keeper {
    /// Whether it is the same task.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.look, &other.look)
    }

    /// Ends the task; what is given is cancelled once it has said farewell.
    pub(crate) fn end(&self) -> CancellationToken {
        self.stop.cancel();
        self.gone.clone()
    }

    /// Has it look at its trunk now.
    pub(crate) fn wake(&self) {
        self.look.notify_one();
    }
}

/// A trunk that is to be kept from now on.
pub(crate) struct Begun {
    pub(crate) trunk: Trunk,
    pub(crate) keeper: Keeper,
    /// Tasks that say farewell first: their account may be the same.
    pub(crate) after: Vec<CancellationToken>,
}

/// Keeps one trunk until it is no more wanted.
pub(crate) async fn keep(core: Arc<Core>, begun: Begun) {
    let Begun { trunk, keeper, after } = begun;
    let _gone = keeper.gone.clone().drop_guard();
    let stop = core.stop.clone();
    let kept = async {
        for farewell in after {
            farewell.cancelled().await;
        }
        let line = Line { core, trunk, keeper };
        match line.trunk.mode.clone() {
            TrunkMode::Peer => line.watch().await,
            TrunkMode::Register { user, expires, .. } => line.register(&user, expires).await,
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = kept => {}
    }
}

/// A trunk with its task.
struct Line {
    core: Arc<Core>,
    trunk: Trunk,
    keeper: Keeper,
}

impl Line {
    async fn watch(&self) {
        let looking = async {
            loop {
                let fault = self.look().await;
                self.is(fault).await;
                let every = self.core.settings.trunk_watch;
                self.pause(if fault.is_none() { every } else { every / EAGER }).await;
            }
        };
        tokio::select! {
            () = self.keeper.stop.cancelled() => {}
            () = looking => {}
        }
    }

    /// Registers, and takes the registration back at the end.
    async fn register(&self, user: &str, expires: Duration) {
        let mut registration = Registration::new(self.core.endpoint.clone(), self.trunk.credential());
        tokio::select! {
            () = self.keeper.stop.cancelled() => {}
            () = self.stay_registered(&mut registration, user, expires) => {}
        }
        if let Some(uri) = self.trunk.uri(None).filter(|_| registration.granted_expires.is_some()) {
            let taken_back = timeout(PATIENCE, registration.register(uri, Some(0))).await;
            let taken_back = matches!(taken_back, Ok(Ok(_)));
            tracing::info!(trunk = self.trunk.name, taken_back, "a trunk is left");
        }
    }

    async fn stay_registered(&self, registration: &mut Registration, user: &str, expires: Duration) {
        let wanted = u32::try_from(expires.as_secs()).unwrap_or(3_600).max(60);
        let mut failures = 0_u32;
        // some carriers answer no OPTIONS though they are well
        let (mut answers, mut silent) = (true, false);
        loop {
            let fault = self.try_register(registration, user, wanted).await;
            self.is(fault).await;
            if let Some(fault) = fault {
                tracing::warn!(trunk = self.trunk.name, ?fault, "a trunk does not take our registration");
                failures += 1;
                silent = false;
                self.pause(self.core.settings.trunk_watch / EAGER * failures.min(12)).await;
                continue;
            }
            failures = 0;
            answers &= !silent;
            let half = Duration::from_secs(u64::from(registration.expires()).max(20) / 2);
            if answers {
                silent = !self.lives_until(Instant::now() + half).await;
            } else {
                self.pause(half).await;
            }
        }
    }

    /// Asks the carrier whether it lives, until a registration is due.
    ///
    /// False as soon as it does not answer.
    async fn lives_until(&self, until: Instant) -> bool {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let woken = !self.pause(left.min(self.core.settings.trunk_watch)).await;
            if woken || Instant::now() >= until {
                return true;
            }
            if matches!(self.look().await, Some(TrunkFault::NoAnswer | TrunkFault::Unreachable)) {
                return false;
            }
        }
    }

    async fn try_register(
        &self,
        registration: &mut Registration,
        user: &str,
        wanted: u32,
    ) -> Option<TrunkFault> {
        let target = self.resolve().await;
        let contact = self.core.contact(target.as_ref());
        let contact = Uri { auth: Some(Auth { user: user.to_owned(), password: None }), ..contact };
        registration.contact =
            Some(rsipstack::sip::typed::Contact { display_name: None, uri: contact, params: Vec::new() });
        let (Some(_), Some(uri)) = (target, self.trunk.uri(None)) else { return Some(TrunkFault::Address) };
        match timeout(PATIENCE * 3, registration.register(uri, Some(wanted))).await {
            Ok(Ok(response)) => refusal(u16::from(response.status_code)),
            // the stack gives 400 of its own where a transaction ends without an answer
            Ok(Err(rsipstack::Error::DialogError(_, _, status))) if u16::from(status.clone()) != 400 => {
                refusal(u16::from(status))
            }
            Ok(Err(rsipstack::Error::DialogError(..))) => Some(TrunkFault::NoAnswer),
            Ok(Err(fault)) => {
                tracing::debug!(%fault, "a registration could not be sent");
                Some(TrunkFault::Unreachable)
            }
            Err(_) => Some(TrunkFault::NoAnswer),
        }
    }

    async fn look(&self) -> Option<TrunkFault> {
        match (self.resolve().await, self.trunk.uri(None)) {
            (Some(target), Some(uri)) => ping(&self.core, uri, target).await,
            _ => Some(TrunkFault::Address),
        }
    }

    async fn is(&self, fault: Option<TrunkFault>) {
        self.core.trunk_is(&self.keeper, &self.trunk.name, fault).await;
    }

    /// Waits; false where a call doubts the trunk meanwhile.
    async fn pause(&self, time: Duration) -> bool {
        let breath = BREATH.min(time);
        tokio::time::sleep(breath).await;
        timeout(time - breath, self.keeper.look.notified()).await.is_err()
    }

    /// Learns the carrier's addresses; its calls may come from each of them.
    async fn resolve(&self) -> Option<SipAddr> {
        let (trunk, uri) = (&self.trunk, self.trunk.uri(None)?);
        let usual = if trunk.wire == Wire::Tls { 5061 } else { 5060 };
        let port = uri.host_with_port.port.map_or(usual, u16::from);
        let host = uri.host_with_port.host.to_string();
        let found = tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await.ok()?;
        let found: Vec<_> = found.collect();
        self.core.trunks.found_at(&self.keeper, found.iter().map(|at| at.ip()).collect());
        let wire = match trunk.wire {
            Wire::Udp => Transport::Udp,
            Wire::Tcp => Transport::Tcp,
            Wire::Tls => Transport::Tls,
        };
        found.first().map(|at| SipAddr { r#type: Some(wire), addr: (*at).into() })
    }
}

/// What the last answer to a registration means.
fn refusal(status: u16) -> Option<TrunkFault> {
    match status {
        200..300 => None,
        408 => Some(TrunkFault::NoAnswer),
        status => Some(TrunkFault::Refused(status)),
    }
}

/// Sends OPTIONS; any answer but 408 and 503 shows life.
pub(crate) async fn ping(core: &Core, uri: Uri, to: SipAddr) -> Option<TrunkFault> {
    match timeout(PATIENCE, options(core, uri, to)).await {
        Ok(Ok(Some(503))) => Some(TrunkFault::Refused(503)),
        Ok(Ok(None | Some(408))) | Err(_) => Some(TrunkFault::NoAnswer),
        Ok(Ok(Some(_))) => None,
        Ok(Err(fault)) => {
            tracing::debug!(%fault, "OPTIONS could not be sent");
            Some(TrunkFault::Unreachable)
        }
    }
}

async fn options(core: &Core, uri: Uri, to: SipAddr) -> rsipstack::Result<Option<u16>> {
    let contact = core.contact(Some(&to));
    let from: rsipstack::sip::typed::From = contact.clone().into();
    let from = from.with_tag(rsipstack::transaction::make_tag());
    let listens = core.endpoint.transport_layer.get_listen_addrs();
    let via = listens.into_iter().find(|at| at.r#type == to.r#type);
    let via = core.endpoint.get_via(via, None)?;
    let mut request =
        core.endpoint.make_request(Method::Options, uri.clone(), via, from, uri.into(), 1, None);
    request.headers.push(Header::Contact(rsipstack::sip::typed::Contact::from(contact).into()));
    request.headers.push(supported());
    let key = TransactionKey::from_request(&request, TransactionRole::Client)?;
    let mut tx = Transaction::new_client(key, request, core.endpoint.clone(), None);
    tx.destination = Some(to);
    tx.send().await?;
    while let Some(message) = tx.receive().await {
        if let SipMessage::Response(response) = message {
            let status = u16::from(response.status_code);
            if status >= 200 {
                return Ok(Some(status));
            }
        }
    }
    Ok(None)
}
