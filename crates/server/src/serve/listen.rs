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
    edge: &Edge,
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
        told_to_end().await;
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

/// Resolves at SIGTERM or Ctrl-C.
async fn told_to_end() {
    let interrupt = async {
        if let Err(error) = signal::ctrl_c().await {
            tracing::error!(%error, "cannot listen for interrupts");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut stream) => {
                stream.recv().await;
            }
            Err(error) => {
                tracing::error!(%error, "cannot listen for termination");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
