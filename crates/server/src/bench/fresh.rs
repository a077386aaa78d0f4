//! How soon after its write something is found, over HTTP, by the service itself:
//! in the search, and among the open messages that a new one is like.

use super::client::{Client, Request, alone};
use super::report::{Figure, Report};
use super::search::Words;
use super::server::Server;
use super::{Scale, say};
use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Open messages before it is measured, where so many cases are asked for.
const MESSAGES: u64 = 50_000;

/// Writes at most, and in each second that a measurement shall take.
const WRITES: (u64, u64) = (200, 20);

/// Clients that record at once.
const RECORDING: u64 = 16;

/// The longest that anything may take to be found at all.
const PATIENCE: Duration = Duration::from_secs(600);

/// From one question whether it is found to the next.
const PAUSE: Duration = Duration::from_millis(2);

/// Measures on a server of its own that holds nothing yet.
///
/// # Errors
/// When a request is refused, or something is not found within ten minutes.
pub fn measured(server: &Server, token: &str, scale: &Scale, report: &mut Report) -> anyhow::Result<()> {
    let messages = MESSAGES.min(scale.cases);
    let writes = WRITES.0.min(WRITES.1.saturating_mul(scale.seconds));
    say(format_args!("recording {messages} messages"))?;
    let began = Instant::now();
    alone(recorded(&server.host, token, messages))?;
    say(format_args!(
        "recorded in {:.0} s; {writes} writes until each is found",
        began.elapsed().as_secs_f64()
    ))?;
    alone(async {
        let mut client = Client::connected(&server.host, token).await?;
        known(&mut client, messages).await?;
        let mut asker = Asker { client, words: Words::new(77) };
        report.add(asker.found(writes).await?);
        let [fresh, each] = asker.alike(writes, messages).await?;
        report.add(fresh);
        report.add(each);
        Ok(())
    })
}

/// Records so many messages, many at once.
async fn recorded(host: &str, token: &str, messages: u64) -> anyhow::Result<()> {
    let mut clients = JoinSet::new();
    for number in 0..RECORDING {
        let mut client = Client::connected(host, token).await?;
        clients.spawn(async move {
            let mut words = Words::new(number + 1);
            for turn in (number..messages).step_by(usize::try_from(RECORDING).unwrap_or(1)) {
                record(&mut client, &words.message(), &format!("laid-{turn}")).await?;
            }
            Ok::<_, anyhow::Error>(())
        });
    }
    while let Some(ended) = clients.join_next().await {
        ended??;
    }
    Ok(())
}

/// Waits until the index and the open messages hold what was recorded.
async fn known(client: &mut Client, messages: u64) -> anyhow::Result<()> {
    let began = Instant::now();
    // the feed is taken up in order: with the last one all are there
    record(client, "獴末貘末", "laid-last").await?;
    while counted(client, "\"獴末貘末\"").await? == 0 {
        ensure!(began.elapsed() < PATIENCE, "the index does not take up what was recorded");
        tokio::time::sleep(PAUSE).await;
    }
    // each question reads a part of what is open, two hundred texts
    for turn in 0..messages / 200 + 2 {
        alike(client, &format!("第{turn}次读入")).await?;
    }
    Ok(())
}

/// Somebody who writes and looks.
struct Asker {
    client: Client,
    words: Words,
}

impl Asker {
    /// From the sending of a write until another request finds it.
    async fn found(&mut self, writes: u64) -> anyhow::Result<Figure> {
        let mut figure = Figure::new("search, found after its write", 1);
        let whole = Instant::now();
        for turn in 0..writes {
            apart(turn).await;
            let mark = format!("獴{turn}貘{turn}");
            let text = format!("{}{mark}", self.words.message());
            let began = Instant::now();
            record(&mut self.client, &text, &format!("fresh-{turn}")).await?;
            while counted(&mut self.client, &format!("\"{mark}\"")).await? == 0 {
                ensure!(began.elapsed() < PATIENCE, "{mark} is not found");
                tokio::time::sleep(PAUSE).await;
            }
            figure.took(began.elapsed());
        }
        figure.ended(whole.elapsed());
        Ok(figure)
    }

    /// From the sending of a message until a like one finds its case, and what each
    /// question costs among the open ones.
    async fn alike(&mut self, writes: u64, messages: u64) -> anyhow::Result<[Figure; 2]> {
        let mut fresh = Figure::new("same incident, found after its write", 1);
        let mut each = Figure::new(&format!("same incident among {messages} open"), 1);
        let whole = Instant::now();
        for turn in 0..writes {
            apart(turn).await;
            let text = format!("獴山{turn}号院，{}", self.words.message());
            let began = Instant::now();
            let id = record(&mut self.client, &text, &format!("alike-{turn}")).await?;
            loop {
                let asked = Instant::now();
                let found = alike(&mut self.client, &text).await?;
                each.took(asked.elapsed());
                if found.contains(&id) {
                    break;
                }
                ensure!(began.elapsed() < PATIENCE, "nothing is like {text}");
                tokio::time::sleep(PAUSE).await;
            }
            fresh.took(began.elapsed());
        }
        fresh.ended(whole.elapsed());
        each.ended(whole.elapsed());
        Ok([fresh, each])
    }
}

/// Lets some time pass, so that writes meet every moment between two looks of the
/// service at what changed.
async fn apart(turn: u64) {
    tokio::time::sleep(Duration::from_millis(turn * 37 % 290)).await;
}

/// Records a complaint; gives its id.
async fn record(client: &mut Client, text: &str, key: &str) -> anyhow::Result<String> {
    let body = json!({"kind": "complaint", "channel": "web", "text": text});
    let answer = asked(client, post("/api/v1/cases", &body, key), 201).await?;
    answer["id"].as_str().map(str::to_owned).context("a case without an id")
}

/// Counts the cases that a search finds.
async fn counted(client: &mut Client, q: &str) -> anyhow::Result<u64> {
    let coded: String = q.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let path = format!("/api/v1/search?subjects=case&limit=1&q={coded}");
    let answer = asked(client, Request::get(path), 200).await?;
    answer["groups"][0]["count"]["count"].as_u64().context("a search without a count")
}

/// Gives the cases that a message is like.
async fn alike(client: &mut Client, text: &str) -> anyhow::Result<Vec<String>> {
    let answer = asked(client, post("/api/v1/text/suggest", &json!({"text": text}), ""), 200).await?;
    let found = answer["alike"].as_array().context("a suggestion without what is alike")?;
    Ok(found.iter().filter_map(|one| one["id"].as_str().map(str::to_owned)).collect())
}

fn post(path: &str, body: &Value, key: &str) -> Request {
    Request { method: "POST", path: path.to_owned(), body: body.to_string().into(), key: key.to_owned() }
}

async fn asked(client: &mut Client, request: Request, status: u16) -> anyhow::Result<Value> {
    let answer = client.ask(&request).await?;
    if answer.status != status {
        let body = String::from_utf8_lossy(answer.body);
        bail!("{} {} answered {}: {body}", request.method, request.path, answer.status);
    }
    serde_json::from_slice(answer.body).context("an answer is no JSON")
}
