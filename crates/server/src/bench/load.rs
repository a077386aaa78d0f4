//! Many clients at once for some seconds.

use super::client::{Client, Request};
use super::report::Figure;
use super::server::Server;
use anyhow::{anyhow, bail};
use std::thread;
use std::time::{Duration, Instant};

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

/// Drives the server; `next` makes a client's request of a turn.
///
/// # Errors
/// When an answer has another status: the run would measure refusals.
pub fn drive(
    server: &Server,
    token: &str,
    load: &Load<'_>,
    next: impl Fn(usize, u64) -> Request + Sync,
) -> anyhow::Result<Figure> {
    let mut whole = Figure::new(load.name, load.clients);
    let busy = server.processor_seconds()?;
    let began = Instant::now();
    let end = began + Duration::from_secs(load.seconds);
    let one = |client: usize| -> anyhow::Result<Figure> {
        let mut figure = Figure::new(load.name, load.clients);
        let mut connection = Client::connected(&server.host, token)?;
        let mut turn = 0;
        while Instant::now() < end {
            let request = next(client, turn);
            let before = Instant::now();
            let answer = connection.ask(&request)?;
            if answer.status != load.status {
                let body = String::from_utf8_lossy(&answer.body).into_owned();
                bail!("{} {} answered {}: {body}", request.method, request.path, answer.status);
            }
            figure.took(before.elapsed());
            turn += 1;
        }
        Ok(figure)
    };
    thread::scope(|scope| {
        let one = &one;
        let threads: Vec<_> = (0..load.clients).map(|client| scope.spawn(move || one(client))).collect();
        for thread in threads {
            let figure = thread.join().map_err(|_| anyhow!("a client of the bench panicked"))??;
            whole.join(&figure)?;
        }
        Ok::<_, anyhow::Error>(())
    })?;
    whole.ended(began.elapsed());
    whole.processors = Some((server.processor_seconds()? - busy) / began.elapsed().as_secs_f64());
    Ok(whole)
}
