//! Many clients at once for some seconds.

use super::client::{Client, Request, alone};
use super::report::Figure;
use super::server::Server;
use anyhow::bail;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// What is driven, and how.
pub struct Load<'a> {
    /// Name of the figure.
    pub name: &'a str,
    /// Clients at once.
    pub clients: usize,
    /// Seconds.
    pub seconds: u64,
    /// The status that every answer must have.
    pub status: u16,
}

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Drives the server; `next` makes a client's request of a turn.
///
/// All clients share one thread: what the load costs is taken from the server.
///
/// # Errors
/// When an answer has another status: the run would measure refusals.
pub fn drive(
    server: &Server,
    token: &str,
    load: &Load<'_>,
    next: impl Fn(usize, u64) -> Request + Send + Sync + 'static,
) -> anyhow::Result<Figure> {
    let mut whole = Figure::new(load.name, load.clients);
    let busy = server.processor_seconds()?;
    let next = Arc::new(next);
    let began = Instant::now();
    let end = began + Duration::from_secs(load.seconds);
    alone(async {
        let mut clients = JoinSet::new();
        for client in 0..load.clients {
            let connection = Client::connected(&server.host, token).await?;
            let (figure, next) = (Figure::new(load.name, load.clients), Arc::clone(&next));
            clients.spawn(one(connection, figure, (end, load.status), move |turn| next(client, turn)));
        }
        while let Some(ended) = clients.join_next().await {
            whole.join(&ended??)?;
        }
        Ok(())
    })?;
    whole.ended(began.elapsed());
    whole.processors = Some((server.processor_seconds()? - busy) / began.elapsed().as_secs_f64());
    Ok(whole)
}

/// Asks one thing after the other until the end.
async fn one(
    mut connection: Client,
    mut figure: Figure,
    (end, status): (Instant, u16),
    next: impl Fn(u64) -> Request,
) -> anyhow::Result<Figure> {
    let mut turn = 0;
    while Instant::now() < end {
        let request = next(turn);
        let before = Instant::now();
        let answer = tokio::time::timeout(PATIENCE, connection.ask(&request)).await??;
        if answer.status != status {
            let body = String::from_utf8_lossy(answer.body);
            bail!("{} {} answered {}: {body}", request.method, request.path, answer.status);
        }
        figure.took(before.elapsed());
        turn += 1;
    }
    Ok(figure)
}
