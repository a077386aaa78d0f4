//! What the call records say, read as a supervisor reads them.

use super::centre::Centre;
use crate::bench::client::{Client, Request, alone};
use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

/// How long calls may take to be over.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a WAV has before its samples.
const HEADER: usize = 44;

/// Bytes of a second: two sides, 16 bits, 8 kHz.
const SECOND: usize = 32_000;

/// What the records say.
#[derive(Debug, Default, Serialize)]
pub struct Records {
    pub calls: u64,
    pub answered: u64,
    /// Calls whose recording is whole, with sound on both sides.
    pub recorded: u64,
    /// How calls ended.
    pub results: BTreeMap<String, u64>,
    /// Agents by state.
    pub agents: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Call>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Call {
    id: String,
    state: String,
    result: Option<String>,
    talk_s: f64,
    recording: Option<Recording>,
}

#[derive(Deserialize)]
struct Recording {
    seconds: f64,
    /// While its last seconds are still written.
    running: bool,
}

#[derive(Deserialize)]
struct Agents {
    items: Vec<Agent>,
}

#[derive(Deserialize)]
struct Agent {
    state: String,
    device: bool,
}

/// Waits until every call and recording is over and reads the records.
///
/// A recording counts when it is played through the API, holds at least `least` and not
/// more than 2 s less than the talk of a call that was not lost, and nobody was silent all the time.
///
/// # Errors
/// When calls do not end, or nobody may read them.
pub fn read(centre: &Centre, least: Duration) -> anyhow::Result<Records> {
    alone(async {
        let (login, password) = centre.supervisor()?;
        let mut client = Client::signed_in(&centre.server.host, login, password).await?;
        let began = Instant::now();
        let calls = loop {
            let calls = all(&mut client).await?;
            let runs = |call: &&Call| call.recording.as_ref().is_some_and(|recording| recording.running);
            let open = calls.iter().filter(|call| call.state != "ended" || runs(call)).count();
            if open == 0 {
                break calls;
            }
            if began.elapsed() > PATIENCE {
                bail!("{open} calls do not end");
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        };
        let mut records = Records { calls: u64::try_from(calls.len())?, ..Records::default() };
        for call in &calls {
            let result = call.result.clone().unwrap_or_default();
            records.answered += u64::from(result == "answered");
            *records.results.entry(result).or_default() += 1;
            if whole(&mut client, call, least).await? {
                records.recorded += 1;
            }
        }
        let agents: Agents = asked(&mut client, "/api/v1/agents".to_owned()).await?;
        for agent in agents.items.iter().filter(|agent| agent.device || agent.state != "offline") {
            *records.agents.entry(agent.state.clone()).or_default() += 1;
        }
        Ok(records)
    })
}

async fn asked<T: for<'de> Deserialize<'de>>(client: &mut Client, path: String) -> anyhow::Result<T> {
    let answer = client.ask(&Request::get(path.clone())).await?;
    serde_json::from_slice(answer.body).with_context(|| format!("{path}: status {}", answer.status))
}

async fn all(client: &mut Client) -> anyhow::Result<Vec<Call>> {
    let (mut calls, mut path) = (Vec::new(), "/api/v1/calls?limit=200".to_owned());
    loop {
        let page: Page = asked(client, path).await?;
        calls.extend(page.items);
        let Some(cursor) = page.next_cursor else { return Ok(calls) };
        path = format!("/api/v1/calls?limit=200&cursor={cursor}");
    }
}

async fn whole(client: &mut Client, call: &Call, least: Duration) -> anyhow::Result<bool> {
    let Some(recording) = &call.recording else { return Ok(false) };
    // the talk of a lost call counts until somebody noticed, its recording until it was lost
    let talk = if call.result.as_deref() == Some("lost") { 0.0 } else { call.talk_s };
    if recording.seconds < least.as_secs_f64() || recording.seconds < talk - 2.0 {
        return Ok(false);
    }
    let answer = client.ask(&Request::get(format!("/api/v1/calls/{}/recording", call.id))).await?;
    let Some(samples) = answer.body.get(HEADER..) else { return Ok(false) };
    let heard = |side: usize| samples.chunks_exact(4).any(|frame| frame.get(side..side + 2) != Some(&[0, 0]));
    Ok(samples.len() as f64 >= least.as_secs_f64() * SECOND as f64 && heard(0) && heard(2))
}

impl fmt::Display for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |counts: &BTreeMap<String, u64>| {
            let words = counts.iter().map(|(what, count)| format!("{count} {what}"));
            words.collect::<Vec<_>>().join(", ")
        };
        write!(
            f,
            "records: {} calls ({}), {} with a whole recording; agents: {}",
            self.calls,
            counted(&self.results),
            self.recorded,
            counted(&self.agents)
        )
    }
}
