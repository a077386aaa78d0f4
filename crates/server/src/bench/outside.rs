//! What is measured over HTTP.

use super::client::{Client, Request, alone};
use super::ground::Known;
use super::load::{Load, drive};
use super::report::Report;
use super::server::Server;
use super::{Scale, Subject, say};
use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use std::sync::Arc;

/// The filter of the lists.
const FILTER: &str = "/api/v1/cases?status=received&category=equipment&limit=50";

/// Pages until the one that is measured.
const PAGES: usize = 100;

/// Everything that the requests need.
pub struct Run<'a> {
    /// The server.
    pub server: &'a Server,
    /// Who asks.
    pub token: &'a str,
    /// How big and how long.
    pub scale: &'a Scale,
    /// Cases to name.
    pub known: &'a Known,
}

impl Run<'_> {
    /// Measures everything that was asked for.
    ///
    /// # Errors
    /// When a request is refused.
    pub fn all(&self, report: &mut Report) -> anyhow::Result<()> {
        if self.scale.wants(Subject::List) {
            self.lists(report)?;
        }
        if self.scale.wants(Subject::Read) {
            self.reads(report)?;
        }
        if self.scale.wants(Subject::Action) {
            self.actions(report)?;
        }
        if self.scale.wants(Subject::Create) {
            self.creates(report)?;
        }
        Ok(())
    }

    fn most(&self) -> usize {
        self.scale.clients.iter().copied().max().unwrap_or(1).min(8)
    }

    fn load<'n>(&self, name: &'n str, clients: usize, status: u16) -> Load<'n> {
        Load { name, clients, seconds: self.scale.seconds, status }
    }

    fn creates(&self, report: &mut Report) -> anyhow::Result<()> {
        let body = json!({
            "kind": "complaint", "channel": "web", "category": "equipment",
            "text": "电梯一个月停了三次，老人上不去楼，报修电话打了几遍都说在等配件。"
        });
        let body: Arc<str> = body.to_string().into();
        for clients in self.scale.clients.iter().copied() {
            let name = format!("create, {clients} clients");
            say(format_args!("{name}"))?;
            let body = Arc::clone(&body);
            let next = move |client: usize, turn: u64| Request {
                method: "POST",
                path: "/api/v1/cases".to_owned(),
                body: Arc::clone(&body),
                key: format!("create-{clients}-{client}-{turn}"),
            };
            report.add(drive(self.server, self.token, &self.load(&name, clients, 201), next)?);
        }
        Ok(())
    }

    fn actions(&self, report: &mut Report) -> anyhow::Result<()> {
        if self.known.open.is_empty() {
            bail!("too few cases to act on: build more with --cases");
        }
        let body = json!({"text": "已电话联系客户，约定明天上午上门查看。"});
        let body: Arc<str> = body.to_string().into();
        for clients in self.scale.clients.iter().copied() {
            let name = format!("action, {clients} clients");
            say(format_args!("{name}"))?;
            let (open, body) = (self.known.open.clone(), Arc::clone(&body));
            let next = move |client: usize, turn: u64| {
                let turn = usize::try_from(turn).unwrap_or(0);
                let id = open[(turn * clients + client) % open.len()];
                let path = format!("/api/v1/cases/{id}/actions/note");
                let key = format!("action-{clients}-{client}-{turn}");
                Request { method: "POST", path, body: Arc::clone(&body), key }
            };
            report.add(drive(self.server, self.token, &self.load(&name, clients, 200), next)?);
        }
        Ok(())
    }

    fn reads(&self, report: &mut Report) -> anyhow::Result<()> {
        let long = &self.known.long;
        if long.is_empty() {
            bail!("no long case was built");
        }
        for (name, rest) in [("case with 50 entries", ""), ("its timeline", "/timeline?limit=50")] {
            say(format_args!("{name}"))?;
            let long = long.clone();
            let next = move |client: usize, turn: u64| {
                let place = usize::try_from(turn).unwrap_or(0) * 7 + client;
                Request::get(format!("/api/v1/cases/{}{rest}", long[place % long.len()]))
            };
            report.add(drive(self.server, self.token, &self.load(name, self.most(), 200), next)?);
        }
        Ok(())
    }

    fn lists(&self, report: &mut Report) -> anyhow::Result<()> {
        say(format_args!("lists"))?;
        let first = |_: usize, _: u64| Request::get(FILTER.to_owned());
        report.add(drive(self.server, self.token, &self.load("list, first page", self.most(), 200), first)?);
        let Some(far) = self.page(PAGES)? else {
            return say(format_args!("fewer than {PAGES} pages: no figure for the last one"))
                .map_err(Into::into);
        };
        let next = move |_: usize, _: u64| Request::get(far.clone());
        report.add(drive(self.server, self.token, &self.load("list, 100th page", self.most(), 200), next)?);
        Ok(())
    }

    /// Walks to a page; nothing when the list ends before.
    fn page(&self, number: usize) -> anyhow::Result<Option<String>> {
        alone(async {
            let mut client = Client::connected(&self.server.host, self.token).await?;
            let mut path = FILTER.to_owned();
            for _ in 1..number {
                let answer = client.ask(&Request::get(path)).await?;
                let page: Value = serde_json::from_slice(answer.body).context("a list is no JSON")?;
                let Some(cursor) = page["next_cursor"].as_str() else { return Ok(None) };
                path = format!("{FILTER}&cursor={cursor}");
            }
            Ok(Some(path))
        })
    }
}
