//! Listening, and ending when told to.

use anyhow::Context as _;
use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use huiyin_api::Edge;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tokio::signal;

/// How long answers under way may take after the end was ordered.
const DRAIN: Duration = Duration::from_secs(20);

/// Serves until the process is told to end, then lets answers finish.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    router: Router,
    (edge, orders): (&Edge, &mut Orders),
) -> anyhow::Result<()> {
    let handle = Handle::new();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = async {
        match tls {
            Some(tls) => {
                axum_server::from_tcp_rustls(listener, tls)?.handle(handle.clone()).serve(service).await
            }
            None => axum_server::from_tcp(listener)?.handle(handle.clone()).serve(service).await,
        }
    };
    let ending = async {
        orders.ended().await;
        tracing::info!("ending: no new connections, answers under way are finished");
        edge.set_ready(false);
        edge.close();
        handle.graceful_shutdown(Some(DRAIN));
    };
    tokio::pin!(serving);
    tokio::select! {
        served = &mut serving => served.context("the server stopped by itself")?,
        () = ending => serving.await.context("the server did not end well")?,
    }
    Ok(())
}

/// Listens for the order to end, from before the server says that it is there.
#[derive(Debug)]
pub struct Orders {
    #[cfg(unix)]
    interrupt: signal::unix::Signal,
    #[cfg(unix)]
    terminate: signal::unix::Signal,
}

impl Orders {
    /// Begins to listen; within a runtime.
    ///
    /// # Errors
    /// When the machine does not let us.
    pub fn new() -> std::io::Result<Self> {
        #[cfg(unix)]
        {
            use signal::unix::{SignalKind, signal};
            let (interrupt, terminate) = (SignalKind::interrupt(), SignalKind::terminate());
            Ok(Self { interrupt: signal(interrupt)?, terminate: signal(terminate)? })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Resolves at SIGTERM or Ctrl-C, also at one that came before.
    async fn ended(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        if let Err(error) = signal::ctrl_c().await {
            tracing::error!(%error, "cannot listen for interrupts");
            std::future::pending::<()>().await;
        }
    }
}
