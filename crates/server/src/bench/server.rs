//! The server under measurement: this binary in a process of its own.

use super::client::{Client, Request, alone};
use super::machine;
use super::report::Figure;
use crate::place::Settled;
use anyhow::{Context as _, bail};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What the line begins with by which the server says where it is.
const SAYS: &str = "huiyin is at http://";

/// A server that ends with this value.
pub struct Server {
    child: Child,
    /// Address for people.
    pub address: String,
    /// Address for sockets.
    pub host: String,
    started: Duration,
}

impl Server {
    /// Starts the server and waits for its first answer.
    ///
    /// # Errors
    /// When it does not start.
    pub fn started(place: &Settled) -> anyhow::Result<Self> {
        Self::started_with(place, &[])
    }

    /// Starts the server with more options and waits for its first answer.
    ///
    /// # Errors
    /// When it does not start.
    pub fn started_with(place: &Settled, options: &[&str]) -> anyhow::Result<Self> {
        let binary = std::env::current_exe().context("cannot find this binary")?;
        let began = Instant::now();
        let mut command = Command::new(binary);
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(options).envs(place.environment());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let Some(out) = child.stdout.take() else { bail!("the server has no output") };
        let mut lines = BufReader::new(out).lines();
        let host = loop {
            match lines.next() {
                Some(line) => {
                    if let Some(host) = line?.strip_prefix(SAYS) {
                        break host.to_owned();
                    }
                }
                None => bail!("the server ended before it listened: run `huiyin serve` there to see why"),
            }
        };
        // somebody must read on, or the server waits for room in its output
        std::thread::spawn(move || lines.for_each(drop));
        let mut server = Self { child, address: format!("http://{host}"), host, started: Duration::ZERO };
        server.await_ready()?;
        server.started = began.elapsed();
        Ok(server)
    }

    fn await_ready(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(60) {
            let asked = alone(async {
                let mut client = Client::connected(&self.host, "").await?;
                Ok(client.ask(&Request::get("/readyz".to_owned())).await?.status)
            });
            if asked.is_ok_and(|status| status == 200) {
                return Ok(());
            }
            std::thread::yield_now();
        }
        bail!("the server is not ready after a minute")
    }

    /// Gives how long it took from nothing to the first answer.
    pub fn start_figure(&self) -> Figure {
        let mut figure = Figure::new("start to first answer", 1);
        figure.took(self.started);
        figure.ended(self.started);
        figure
    }

    /// Gives the processor time used until now, in seconds.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn processor_seconds(&self) -> anyhow::Result<f64> {
        machine::processor_seconds(self.child.id())
    }

    /// Gives its resident memory now, MiB.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn memory(&self) -> anyhow::Result<f64> {
        machine::memory(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // it is ours alone, and everything acknowledged is durable
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait().map(drop)) {
            tracing::warn!(%error, "the server under measurement did not end");
        }
    }
}
