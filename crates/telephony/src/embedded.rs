//! Our own SIP endpoint.

use crate::core::Core;
use crate::core::inspect::{Connections, Messages, Withdrawn};
use crate::core::keeper::ping;
use crate::core::legs::Legs;
use crate::core::orders::Order;
use crate::core::registrar::Registrar;
use crate::core::sockets::{Guarded, bind, probe};
use crate::core::trunks::{Trunks, trusted};
use crate::core::{dispatch, incoming};
use crate::guard::digest::Challenger;
use crate::guard::gate::Gate;
use crate::{
    CallControl, Cause, Command, Directory, MediaNotice, Settings, Signal, Standing, Trunk, Unavailable,
};
use rsipstack::dialog::dialog_layer::DialogLayer;
use rsipstack::platform::CancellationToken;
use rsipstack::sip::Method;
use rsipstack::transaction::Endpoint;
use rsipstack::transaction::endpoint::EndpointOption;
use rsipstack::transport::tls::ReloadableCertResolver;
use rsipstack::transport::udp::UdpConnection;
use rsipstack::transport::{
    SipConnection, TcpListenerConnection, TlsConfig, TlsListenerConnection, TransportLayer,
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::net::UdpSocket;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// Commands that may wait.
const COMMANDS: usize = 4_096;
/// Phones behind routers are kept awake this often.
const KEEP_AWAKE: Duration = Duration::from_secs(25);

/// The endpoint in this process. `stop` ends it; dropping the last handle
/// ends it without a word to the phones.
#[derive(Clone)]
pub struct Embedded {
    shared: Arc<Shared>,
}

struct Shared {
    core: Arc<Core>,
    commands: mpsc::Sender<Command>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.core.stop.cancel();
    }
}

/// Why the endpoint could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    /// Another program has that port: take another (port 0 takes any).
    #[error("the SIP port {0} is taken")]
    PortTaken(SocketAddr),
    /// The address cannot be bound for another reason.
    #[error("the SIP address {0} cannot be used: {1}")]
    Address(SocketAddr, std::io::Error),
    /// Certificate or key cannot be used.
    #[error("the certificate for SIP over TLS cannot be used: {0}")]
    Certificate(String),
    /// The stack refused to start.
    #[error("SIP cannot be started: {0}")]
    Stack(Box<rsipstack::Error>),
}

impl From<rsipstack::Error> for StartFault {
    fn from(fault: rsipstack::Error) -> Self {
        Self::Stack(Box::new(fault))
    }
}

impl Embedded {
    /// Starts the endpoint on the current runtime: binds, registers at the
    /// trunks, and answers. `notices` is what the media engine tells.
    ///
    /// # Errors
    /// The port is taken, the address is not ours, the certificate is bad.
    pub async fn start(
        settings: Settings,
        directory: Arc<dyn Directory>,
        signals: mpsc::Sender<Signal>,
        notices: mpsc::Receiver<MediaNotice>,
    ) -> Result<Self, StartFault> {
        let gate = Arc::new(Gate::new(trusted(&settings.trunks, settings.demo)));
        let registrar = Arc::new(Registrar::default());
        let stop = CancellationToken::new();
        let (socket, listen) = bind(settings.listen).await?;
        let transports = TransportLayer::new(stop.clone());
        let tls = listeners(&transports, &settings, &gate, (socket, listen), &stop).await?;
        let withdrawn = Withdrawn::default();
        let connections =
            Connections { gate: gate.clone(), registrar: registrar.clone(), signals: signals.clone() };
        let endpoint = endpoint(transports, Messages(withdrawn.clone()), connections, &stop);
        let requests = endpoint.incoming_transactions()?;
        let core = Arc::new(Core {
            challenger: Challenger::new(&settings.realm, settings.nonce_key, Instant::now()),
            dialogs: Arc::new(DialogLayer::new(endpoint.inner.clone())),
            endpoint: endpoint.inner.clone(),
            trunks: Trunks::default(),
            legs: Legs::default(),
            withdrawn,
            runtime: Handle::current(),
            settings,
            directory,
            signals,
            gate,
            registrar,
            listen,
            tls,
            stop,
        });
        let (commands, receiver) = mpsc::channel(COMMANDS);
        serve(&core, endpoint);
        core.spawn(incoming::take(core.clone(), requests));
        core.spawn(dispatch::commands(core.clone(), receiver));
        core.spawn(dispatch::notices(core.clone(), notices));
        core.spawn(keep_house(core.clone()));
        core.set_trunks(core.settings.trunks.clone());
        for at in [Some(listen), tls].into_iter().flatten() {
            await_listener(at).await;
        }
        tracing::info!(%listen, ?tls, "SIP answers");
        Ok(Self { shared: Arc::new(Shared { core, commands }) })
    }

    /// The bound address of UDP and TCP.
    #[must_use]
    pub fn listen(&self) -> SocketAddr {
        self.shared.core.listen
    }

    /// The bound address of TLS.
    #[must_use]
    pub fn tls_listen(&self) -> Option<SocketAddr> {
        self.shared.core.tls
    }

    /// Serves one browser: text frames of a WebSocket with the subprotocol
    /// `sip` come in by `incoming` and go out by `outgoing`. Ends with the
    /// socket; dropping the future ends it too.
    pub async fn websocket(
        &self,
        peer: SocketAddr,
        incoming: mpsc::Receiver<String>,
        outgoing: mpsc::Sender<String>,
    ) {
        crate::core::web::serve(self.shared.core.clone(), peer, incoming, outgoing).await;
    }

    /// Hangs up all calls and ends; waits at most three seconds for them.
    pub async fn stop(&self) {
        let core = &self.shared.core;
        for leg in core.legs.all() {
            core.legs.order(leg, Order::Hangup(Cause::Failure));
        }
        let until = Instant::now() + Duration::from_secs(3);
        while Instant::now() < until && !(core.legs.len() == 0 && core.dialogs.is_empty()) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        core.stop.cancel();
    }

    /// Dialogs and transactions that the stack holds now.
    #[must_use]
    pub fn load(&self) -> (usize, usize) {
        let stats = self.shared.core.endpoint.get_stats();
        (self.shared.core.dialogs.len(), stats.running_transactions + stats.finished_transactions)
    }
}

impl CallControl for Embedded {
    fn send(&self, command: Command) -> Result<(), Unavailable> {
        self.shared.commands.try_send(command).map_err(|fault| match fault {
            mpsc::error::TrySendError::Full(_) => Unavailable::Busy,
            mpsc::error::TrySendError::Closed(_) => Unavailable::Stopped,
        })
    }

    fn standing(&self) -> Standing {
        let core = &self.shared.core;
        Standing {
            trunks: core.trunk_standing(),
            registered: core.registrar.list(),
            legs: core.legs.len(),
            legs_ever: core.legs.ever.load(Ordering::Relaxed),
            refused: core.gate.refused.load(Ordering::Relaxed),
            malformed: core.gate.malformed.load(Ordering::Relaxed),
        }
    }

    fn set_trunks(&self, trunks: Vec<Trunk>) {
        self.shared.core.set_trunks(trunks);
    }
}

async fn listeners(
    transports: &TransportLayer,
    settings: &Settings,
    gate: &Arc<Gate>,
    (socket, listen): (UdpSocket, SocketAddr),
    stop: &CancellationToken,
) -> Result<Option<SocketAddr>, StartFault> {
    let outside = |bound: SocketAddr| settings.external_ip.map(|ip| SocketAddr::new(ip, bound.port()));
    let guarded = Arc::new(Guarded { socket, gate: gate.clone() });
    let udp = UdpConnection::from_socket(guarded, outside(listen), Some(stop.child_token())).await?;
    transports.add_transport(SipConnection::Udp(udp));
    let tcp = TcpListenerConnection::new(listen, outside(listen)).await?;
    transports.add_transport(SipConnection::TcpListener(tcp));
    let Some((wanted, identity)) = &settings.tls else {
        return Ok(None);
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ReloadableCertResolver::new(&identity.chain, &identity.key, provider)
        .map_err(|fault| StartFault::Certificate(fault.to_string()))?;
    let bound = probe(*wanted)?;
    let config = TlsConfig {
        cert: Some(identity.chain.clone()),
        key: Some(identity.key.clone()),
        ..TlsConfig::default()
    };
    let tls = TlsListenerConnection::new(bound, outside(bound), config).await?;
    transports.add_transport(SipConnection::TlsListener(tls));
    Ok(Some(bound))
}

fn endpoint(
    transports: TransportLayer,
    messages: Messages,
    connections: Connections,
    stop: &CancellationToken,
) -> Endpoint {
    rsipstack::EndpointBuilder::new()
        .with_user_agent("Huiyin")
        .with_option(EndpointOption { callid_suffix: Some("huiyin".to_owned()), ..EndpointOption::default() })
        .with_transport_layer(transports)
        .with_cancel_token(stop.clone())
        .with_allows(Method::all())
        .with_inspector(Box::new(messages))
        .with_transport_inspector(Box::new(connections))
        .build()
}

/// The stack opens its listeners in a task of its own; waits until one
/// answers.
async fn await_listener(at: SocketAddr) {
    let near = if at.ip().is_unspecified() {
        let loopback =
            if at.is_ipv4() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { IpAddr::V6(Ipv6Addr::LOCALHOST) };
        SocketAddr::new(loopback, at.port())
    } else {
        at
    };
    let until = Instant::now() + Duration::from_secs(2);
    while tokio::net::TcpStream::connect(near).await.is_err() && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Runs the stack; should it ever fall over, the whole endpoint ends rather
/// than going on deaf.
fn serve(core: &Arc<Core>, endpoint: Endpoint) {
    let (running, stop) = (core.runtime.clone(), core.stop.clone());
    core.spawn(async move {
        let served = running.spawn(async move { endpoint.serve().await }).await;
        if let Err(fault) = served {
            tracing::error!(%fault, "the SIP stack has fallen over");
        }
        stop.cancel();
    });
}

/// Forgets phones whose time has run out, and keeps those behind routers
/// awake.
async fn keep_house(core: Arc<Core>) {
    let mut awake = Instant::now();
    loop {
        tokio::select! {
            () = core.stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
        for extension in core.registrar.expire(Instant::now()) {
            core.tell(Signal::Unregistered { extension }).await;
        }
        if awake.elapsed() < KEEP_AWAKE {
            continue;
        }
        awake = Instant::now();
        for phone in core.registrar.sleepy() {
            let this = core.clone();
            core.spawn(async move {
                let alive = ping(&this, phone.uri, phone.source.clone()).await.is_none();
                for extension in this.registrar.answered(&phone.source, alive) {
                    this.tell(Signal::Unregistered { extension }).await;
                }
            });
        }
    }
}
