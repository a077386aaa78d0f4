//! Open messages in memory, so that a new one finds those it is like.
//!
//! Each process keeps what was asked of it once, by organisation: it is read from
//! the database, newest first, and follows what changes there, whoever changed it.

use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use huiyin_domain::case::{Case, ClosureKind, Phase, Stage};
use huiyin_domain::ids::{CaseId, IncidentId, OrgId, PersonId, UnitId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::export::{self, ExportedCase};
use huiyin_store::case::{CaseFilter, read};
use huiyin_store::sql::Tx;
use huiyin_store::suggest::alike::{self as rows, Stirred};
use huiyin_text::category::Message;
use huiyin_text::incident::{Incidents, Reasons, Report};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::place::Estates;
use crate::App;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::work::Tick;

/// How long a closed case may come back, in microseconds: thirty days.
const LATELY: i64 = 30 * 86_400_000_000;

/// What a commit may lie behind its own instant, or another machine's clock behind
/// ours, in microseconds: two minutes.
const OVERLAP: i64 = 120_000_000;

/// Texts that a request reads at most before it answers.
const AT_ONCE: usize = 200;

/// Texts that the machine reads in one turn.
const IN_TURN: usize = 400;

/// Changes that are listed at once.
const LISTED: u32 = 1_000;

/// How long the tree of estates is taken as read, in microseconds: a minute.
const TREE_FOR: i64 = 60_000_000;

/// The most cases that are told.
const TOLD: usize = 10;

/// How many are compared for those that may be seen.
const COMPARED: usize = 40;

/// A likeness below this is not told.
const LEAST: f32 = 0.35;

/// The open messages of every organisation that was asked for.
#[derive(Clone, Debug, Default)]
pub struct Alikes(Arc<Mutex<HashMap<OrgId, Arc<Mutex<Open>>>>>);

/// The open messages of one organisation.
#[derive(Debug)]
struct Open {
    messages: Incidents<CaseId>,
    known: HashMap<CaseId, i64>,
    /// Closed ones, by when they are let go.
    leaving: BTreeSet<(Timestamp, CaseId)>,
    /// Changes up to here are read.
    mark: (Timestamp, Option<CaseId>),
    /// Where the first reading of what is open goes on; none when it is over.
    first: Option<Option<(Timestamp, CaseId)>>,
    estates: (Timestamp, Estates),
}

/// A case that a message is like.
#[derive(Clone, Debug)]
pub(crate) struct Alike {
    /// The case.
    pub case: CaseId,
    /// How probable it is that both are about the same.
    pub probability: f32,
    /// Why.
    pub reasons: Reasons,
}

/// Why two messages may be about the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlikeReason {
    /// The same place or party.
    Place,
    /// The same building, unit, phase or gate.
    Number,
    /// The same kind of matter.
    Matter,
    /// The same person tells it.
    Person,
}

/// A case that may be about the same.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AlikeCase {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// Title, else the message's beginning; null once erased.
    pub title: Option<String>,
    /// Where it stands.
    pub stage: Stage,
    /// Its unit.
    pub unit: UnitId,
    /// When it was received.
    pub received_at: Timestamp,
    /// The incident to which it belongs.
    pub incident: Option<IncidentId>,
    /// How probable it is, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    pub probability: f32,
    /// Why.
    pub reasons: Vec<AlikeReason>,
    /// The place or party that both name, as that case writes it.
    pub place: Option<String>,
}

impl Open {
    fn new(now: Timestamp) -> Self {
        Self {
            messages: Incidents::default(),
            known: HashMap::new(),
            leaving: BTreeSet::new(),
            mark: (back(now, LATELY), None),
            first: Some(None),
            estates: (Timestamp::from_micros(i64::MIN), Estates::default()),
        }
    }

    /// Reads what is new, at most so many texts; gives how many it read.
    fn catch_up(&mut self, tx: &mut Tx<'_>, org: OrgId, now: Timestamp, most: usize) -> Result<usize, Error> {
        if now.micros().saturating_sub(self.estates.0.micros()) >= TREE_FOR {
            self.estates = (now, Estates::read(tx, org, now)?);
        }
        while let Some((at, case)) = self.leaving.first().copied().filter(|(at, _)| *at <= now) {
            self.leaving.remove(&(at, case));
            self.forget(case);
        }
        let read = self.changes(tx, org, now, most)?;
        Ok(read + self.begin(tx, org, now, most.saturating_sub(read))?)
    }

    /// Reads what changed since, oldest first.
    fn changes(&mut self, tx: &mut Tx<'_>, org: OrgId, now: Timestamp, most: usize) -> Result<usize, Error> {
        let mut read = 0;
        // what was committed late stands before what was read already
        let mut after = (back(self.mark.0, OVERLAP), None);
        if self.mark.1.is_some() {
            after = self.mark;
        }
        loop {
            let page = rows::stirred(tx, org, after, LISTED)?;
            let mut wanted: Vec<Stirred> = Vec::new();
            let mut is_full = false;
            for one in &page {
                if self.known.get(&one.case) != Some(&one.version) {
                    if read + wanted.len() >= most {
                        is_full = true;
                        break;
                    }
                    wanted.push(*one);
                }
                after = (one.changed_at, Some(one.case));
            }
            read += wanted.len();
            self.take(tx, org, now, &wanted)?;
            if is_full {
                self.mark = after;
                return Ok(read);
            }
            if page.len() < LISTED as usize {
                self.mark = (after.0, None);
                return Ok(read);
            }
        }
    }

    /// Goes on with the first reading of what is open, newest first.
    fn begin(&mut self, tx: &mut Tx<'_>, org: OrgId, now: Timestamp, most: usize) -> Result<usize, Error> {
        let Some(after) = self.first else { return Ok(0) };
        let Some(limit) = u32::try_from(most).ok().filter(|most| *most > 0) else { return Ok(0) };
        let phases = Phase::ALL.iter().copied().filter(|phase| *phase != Phase::Done).collect();
        let limit = limit.min(export::PAGE);
        let filter = CaseFilter { phases, after, limit, ..CaseFilter::default() };
        let page = export::page(tx, &Scope::everything(org, PersonId(Uuid::nil())), &filter, now)?;
        self.first = match page.last() {
            Some(last) if page.len() == limit as usize => Some(Some((last.case.received_at, last.case.id))),
            _ => None,
        };
        let read = page.len();
        for one in page {
            self.add(one);
        }
        Ok(read)
    }

    /// Takes changed cases in as they are now, or lets them go.
    fn take(
        &mut self,
        tx: &mut Tx<'_>,
        org: OrgId,
        now: Timestamp,
        changed: &[Stirred],
    ) -> Result<(), Error> {
        let mut wanted = Vec::new();
        for one in changed {
            self.forget(one.case);
            let until = one.closed_at.map(|at| back(at, -LATELY));
            let is_out = matches!(one.closure, Some(ClosureKind::Void | ClosureKind::Duplicate));
            if is_out || until.is_some_and(|until| until <= now) {
                self.known.insert(one.case, one.version);
                continue;
            }
            self.leaving.extend(until.map(|until| (until, one.case)));
            wanted.push(one.case);
        }
        for page in wanted.chunks(export::PAGE as usize) {
            for one in export::named(tx, org, page)? {
                self.add(one);
            }
        }
        Ok(())
    }

    fn add(&mut self, one: ExportedCase) {
        let version = i64::try_from(one.case.version).unwrap_or(i64::MAX);
        if self.known.insert(one.case.id, version).is_some_and(|known| known == version) {
            return;
        }
        let id = one.case.id;
        self.messages.close(&id);
        if let Some(report) = self.report(&one.case, one.title, one.text) {
            self.messages.add(&id, &report);
        }
    }

    fn forget(&mut self, case: CaseId) {
        self.known.remove(&case);
        self.messages.close(&case);
    }

    fn report(&self, case: &Case, title: Option<String>, text: Option<String>) -> Option<Report> {
        let message = Message { title: title.unwrap_or_default(), text: text.unwrap_or_default() };
        let whole = format!("{} {}", message.title, message.text);
        let place = self.estates.1.of_message(Some(case.unit), &whole);
        let who = case.parties.first().map(|party| party.party.to_string());
        (!whole.trim().is_empty()).then_some(Report { message, who, place })
    }
}

impl Alikes {
    fn of(&self, org: OrgId, now: Timestamp) -> Arc<Mutex<Open>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(org).or_insert_with(|| Arc::new(Mutex::new(Open::new(now)))).clone()
    }

    fn orgs(&self) -> Vec<OrgId> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keys().copied().collect()
    }
}

/// Finds the open cases that a message is like, likeliest first; the reader may
/// not be allowed to see all of them.
///
/// # Errors
/// What the store gives.
pub(crate) fn nearest(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    alikes: &Alikes,
    (message, unit, who): (Message, Option<UnitId>, Option<String>),
) -> Result<Vec<Alike>, Error> {
    let open = alikes.of(ctx.org(), ctx.now);
    let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
    open.catch_up(tx, ctx.org(), ctx.now, AT_ONCE)?;
    let whole = format!("{} {}", message.title, message.text);
    let place = open.estates.1.of_message(unit, &whole);
    let found = open.messages.place(&Report { message, who, place }, COMPARED);
    let alike = found.into_iter().filter(|one| one.probability >= LEAST).map(|one| Alike {
        case: one.incident,
        probability: one.probability,
        reasons: one.reasons,
    });
    Ok(alike.collect())
}

/// Shows of the cases that a message is like those that the reader may see.
pub(super) fn shown(tx: &mut Tx<'_>, ctx: &Ctx, alike: &[Alike]) -> Result<Vec<AlikeCase>, Error> {
    let ids: Vec<CaseId> = alike.iter().map(|one| one.case).collect();
    let lines = rows::lines(tx, &ctx.actor.scope(), &ids, ctx.now)?;
    let mut lines: HashMap<CaseId, _> = lines.into_iter().map(|line| (line.case, line)).collect();
    let seen = alike.iter().filter_map(|one| {
        let line = lines.remove(&one.case)?;
        Some(AlikeCase {
            id: line.case,
            number: line.number,
            title: line.title,
            stage: line.stage,
            unit: line.unit,
            received_at: line.received_at,
            incident: line.incident,
            probability: one.probability,
            reasons: told(&one.reasons),
            place: one.reasons.place.clone(),
        })
    });
    Ok(seen.take(TOLD).collect())
}

/// Says in words why two messages may be about the same.
pub(crate) fn told(reasons: &Reasons) -> Vec<AlikeReason> {
    let place = reasons.place_likeness.is_some_and(|likeness| likeness >= 0.6);
    let all = [
        (place, AlikeReason::Place),
        (reasons.same_number, AlikeReason::Number),
        (reasons.matter_likeness >= 0.2, AlikeReason::Matter),
        (reasons.same_person, AlikeReason::Person),
    ];
    all.into_iter().filter(|(is_so, _)| *is_so).map(|(_, reason)| reason).collect()
}

/// Finds the cases that a case is like, itself left out.
///
/// # Errors
/// `not_found` when the case is not there or not for this person to know.
pub fn like_case(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, id: CaseId) -> Result<Vec<AlikeCase>, Error> {
    let (loaded, _) = crate::case::visible(tx, ctx, id)?;
    let case = loaded.case;
    let title = match &case.title {
        Some(title) => read::text(tx, ctx.org(), id, title)?,
        None => None,
    };
    let text = read::text(tx, ctx.org(), id, &case.text)?;
    let message = Message { title: title.unwrap_or_default(), text: text.unwrap_or_default() };
    let who = case.parties.first().map(|party| party.party.to_string());
    let mut alike = nearest(tx, ctx, &app.alikes, (message, Some(case.unit), who))?;
    alike.retain(|one| one.case != id);
    shown(tx, ctx, &alike)
}

/// Follows what changes while nobody asks, so that nobody waits for it.
#[derive(Debug, Default)]
pub struct CatchUp;

impl Tick for CatchUp {
    fn name(&self) -> &'static str {
        "alike"
    }

    fn tick<'a>(
        &'a self,
        app: &'a App,
        now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<usize, Error>> + Send + 'a>> {
        Box::pin(async move {
            let mut read = 0;
            for org in app.alikes.orgs() {
                let open = app.alikes.of(org, now);
                let reading = app.store.read(move |tx| {
                    let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
                    open.catch_up(tx, org, now, IN_TURN)
                });
                read += reading.await?;
            }
            Ok(read)
        })
    }

    fn next(&self, _: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
        Ok(None)
    }
}

const fn back(at: Timestamp, by: i64) -> Timestamp {
    Timestamp::from_micros(at.micros().saturating_sub(by))
}
