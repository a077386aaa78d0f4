//! Requests that come in.

use super::Core;
use super::headers::{allow, reply, supported, to_user};
use super::registrar::{Change, Unfit};
use crate::guard::digest::{Asked, Verdict};
use crate::{Extension, Signal};
use rsipstack::dialog::dialog::Dialog;
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::{Header, HeadersExt, Method, Transport};
use rsipstack::transaction::{Transaction, TransactionReceiver};
use rsipstack::transport::SipAddr;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Takes requests until the endpoint stops.
pub(crate) async fn take(core: Arc<Core>, mut requests: TransactionReceiver) {
    loop {
        tokio::select! {
            () = core.stop.cancelled() => return,
            request = requests.recv() => match request {
                Some(tx) => {
                    let this = core.clone();
                    core.spawn(async move { handle(this, tx).await });
                }
                None => return,
            },
        }
    }
}

async fn handle(core: Arc<Core>, mut tx: Transaction) {
    if tx.original.to_header().and_then(|to| to.tag()).is_ok_and(|tag| tag.is_some()) {
        return inside(&core, tx).await;
    }
    match tx.original.method {
        Method::Invite => crate::leg::inbound::invite(core, tx).await,
        Method::Register => register(&core, tx).await,
        Method::Options => {
            reply(&mut tx, 200, vec![allow(), supported(), Header::Accept("application/sdp".into())]).await;
        }
        Method::Subscribe | Method::Publish => reply(&mut tx, 489, vec![allow()]).await,
        Method::Ack | Method::Cancel => {}
        Method::Bye | Method::Info | Method::Notify | Method::PRack | Method::Refer | Method::Update => {
            reply(&mut tx, 481, Vec::new()).await;
        }
        Method::Message => reply(&mut tx, 405, vec![allow()]).await,
    }
}

/// A request inside of a dialog.
async fn inside(core: &Core, mut tx: Transaction) {
    let Some(Dialog::Invite(mut dialog)) = core.dialogs.match_dialog(&tx) else {
        return reply(&mut tx, 481, Vec::new()).await;
    };
    if tx.original.method != Method::Bye {
        await_ack(&dialog).await;
    }
    if let Err(fault) = dialog.handle(&mut tx).await {
        tracing::debug!(%fault, method = %tx.original.method, "a request inside a dialog");
    }
    // What the stack leaves unanswered the phone would send eleven times.
    if tx.last_response.is_none() {
        let status = if dialog.state().can_cancel() { 491 } else { 481 };
        reply(&mut tx, status, Vec::new()).await;
    }
}

/// A request right after the ACK may overtake it on its way through the
/// stack, which would not look at it.
async fn await_ack(dialog: &InviteDialog) {
    let until = Instant::now() + Duration::from_millis(500);
    while dialog.state().waiting_ack() && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Where a request came from.
pub(crate) fn source(tx: &Transaction) -> Option<SipAddr> {
    tx.connection.as_ref()?.get_remote_addr().cloned()
}

/// Its address.
pub(crate) fn source_ip(tx: &Transaction) -> IpAddr {
    let at = source(tx).and_then(|at| at.get_socketaddr().ok());
    at.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |at| at.ip())
}

/// Whether it came from a browser.
pub(crate) fn is_web(tx: &Transaction) -> bool {
    let wire = source(tx).and_then(|at| at.r#type);
    matches!(wire, Some(Transport::Ws | Transport::Wss))
}

/// Lets an extension prove itself; answers the request itself where it does
/// not.
pub(crate) async fn prove(core: &Core, tx: &mut Transaction, user: &str) -> Option<Extension> {
    let from = source_ip(tx);
    let credentials = tx.original.authorization_header().map(|header| header.value().to_owned());
    let method = tx.original.method.to_string();
    let asked = Asked { method: &method, user, from, exempt: core.gate.exempt(from) };
    let now = Instant::now();
    match core.challenger.judge(asked, credentials.as_deref(), core.directory.as_ref(), now) {
        Verdict::Granted(extension) => Some(extension),
        Verdict::Challenge { stale } => {
            let challenges = core.challenger.challenges(core.settings.offer_sha256, stale, now);
            let headers = challenges.into_iter().map(|value| Header::WwwAuthenticate(value.into())).collect();
            reply(tx, 401, headers).await;
            None
        }
        Verdict::Wait(wait) => {
            core.gate.refused.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let seconds = wait.as_secs() + 1;
            reply(tx, 403, vec![Header::RetryAfter(seconds.to_string().into())]).await;
            None
        }
    }
}

async fn register(core: &Arc<Core>, mut tx: Transaction) {
    let Some(user) = to_user(&tx.original) else {
        return reply(&mut tx, 400, Vec::new()).await;
    };
    let Some(extension) = prove(core, &mut tx, &user).await else {
        return;
    };
    let Some(from) = source(&tx) else {
        return reply(&mut tx, 500, Vec::new()).await;
    };
    let (now, longest) = (Instant::now(), core.settings.longest_registration);
    match core.registrar.apply(&extension.name, &tx.original, &from, (now, longest)) {
        Ok(change) => {
            let lines = core.registrar.lines(&extension.name, now);
            let headers = lines.into_iter().map(|line| Header::Contact(line.into())).collect();
            reply(&mut tx, 200, headers).await;
            match (change, core.registrar.newest(&extension.name)) {
                (Change::Came, Some(newest)) => core.tell(Signal::Registered(newest)).await,
                (Change::Gone, _) => core.tell(Signal::Unregistered { extension: extension.name }).await,
                _ => {}
            }
        }
        Err(Unfit::Malformed) => reply(&mut tx, 400, Vec::new()).await,
        Err(Unfit::TooMany) => reply(&mut tx, 403, Vec::new()).await,
        Err(Unfit::OutOfOrder) => reply(&mut tx, 500, Vec::new()).await,
    }
}
