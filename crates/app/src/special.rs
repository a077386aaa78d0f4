//! Reports to the leader in charge drafted from the file (PROP-82, 84, 85), and
//! the register of separate volumes of major complaints (PROP-70).
//!
//! *Where to start*: [`of_case`] and [`of_incident`] draft, [`register`] lists,
//! [`volume`] is the content of one volume.

use std::collections::BTreeMap;

use huiyin_domain::case::{Case, Event, MajorStanding, PromiseKind, Relation, Task};
use huiyin_domain::ids::{CaseId, IncidentId, PersonId, UnitId};
use huiyin_domain::incident::Incident;
use huiyin_domain::money::Money;
use huiyin_domain::special::{Owed, SpecialKind, SpecialMatter, SpecialSection, sections, source};
use huiyin_domain::text::Sealed;
use huiyin_domain::time::{Timestamp, Zone};
use huiyin_store::case::major as rows;
pub use huiyin_store::case::major::MajorFilter;
use huiyin_store::case::read::{self as cases, Opened};
use huiyin_store::incident::read;
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use crate::case::{EntryView, Rules, entry_view, visible};
use crate::ctx::Ctx;
use crate::error::Error;

/// A report as the file alone would have it; a person completes it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SpecialDraft {
    /// About what.
    pub matter: SpecialMatter,
    /// Which report.
    pub kind: SpecialKind,
    /// The source that prescribes it.
    pub source: &'static str,
    /// The prescribed sections, in their order.
    pub sections: Vec<SectionDraft>,
    /// By when it is owed; null while nobody asks for it.
    pub due_at: Option<Timestamp>,
    /// When it was given last; null while it was not.
    pub filed_at: Option<Timestamp>,
}

/// One section of a draft.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SectionDraft {
    /// Its name.
    pub name: SpecialSection,
    /// What the file holds about it; empty where it holds nothing.
    pub text: String,
}

/// The most member cases whose words go into a draft.
const MOST_MEMBERS: usize = 50;

/// Drafts a report about a major complaint.
///
/// # Errors
/// `not_found`, also for a complaint that was never major.
pub fn of_case(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (id, kind): (CaseId, SpecialKind),
) -> Result<SpecialDraft, Error> {
    let (loaded, _) = visible(tx, ctx, id)?;
    let case = loaded.case;
    let Some(major) = &case.major else { return Err(Error::not_found()) };
    let texts = cases::texts(tx, ctx.org(), id)?;
    let held = rules.of(tx, ctx.org())?;
    let pen = Pen { texts: &texts, zone: held.calendar().zone() };
    let said = |section| pen.of_case(&case, section);
    let clock = |number: u32| case.clocks.iter().find(|clock| clock.id == number).map(|clock| clock.due_at);
    Ok(draft((SpecialMatter::Major, kind), &major.reports, &said, &clock))
}

/// Drafts a report about a hot incident.
///
/// # Errors
/// `not_found`, also for an incident that was never hot.
pub fn of_incident(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (id, kind): (IncidentId, SpecialKind),
) -> Result<SpecialDraft, Error> {
    let (loaded, _) = crate::incident::visible(tx, ctx, id)?;
    let incident = loaded.incident;
    let Some(hot) = incident.hots.last() else { return Err(Error::not_found()) };
    let held = rules.of(tx, ctx.org())?;
    let zone = held.calendar().zone();
    let texts = cases::texts(tx, ctx.org(), id)?;
    let members = incident.membership().members;
    let mut seen = read::members(tx, &ctx.actor.scope(), &members, ctx.now)?;
    seen.retain(|row| row.seq == 0);
    seen.truncate(MOST_MEMBERS);
    let mut told: BTreeMap<SpecialSection, Vec<String>> = BTreeMap::new();
    for row in seen {
        let Some(loaded) = cases::case(tx, ctx.org(), row.case)? else { continue };
        let texts = cases::texts(tx, ctx.org(), row.case)?;
        let pen = Pen { texts: &texts, zone };
        for section in sections(SpecialMatter::Hot, kind) {
            let text = pen.of_case(&loaded.case, *section);
            if !text.is_empty() {
                told.entry(*section).or_default().push(format!("{}\n{text}", row.number));
            }
        }
    }
    let pen = Pen { texts: &texts, zone };
    let said = |section| {
        let own = pen.of_incident(&incident, section);
        let parts = Some(own).filter(|own| !own.is_empty()).into_iter();
        parts.chain(told.get(&section).into_iter().flatten().cloned()).collect::<Vec<_>>().join("\n\n")
    };
    let clock =
        |number: u32| incident.clocks.iter().find(|clock| clock.id == number).map(|clock| clock.due_at);
    Ok(draft((SpecialMatter::Hot, kind), &hot.reports, &said, &clock))
}

fn draft(
    (matter, kind): (SpecialMatter, SpecialKind),
    owed: &[Owed],
    said: &dyn Fn(SpecialSection) -> String,
    due: &dyn Fn(u32) -> Option<Timestamp>,
) -> SpecialDraft {
    let mine = || owed.iter().filter(|one| one.kind == kind);
    let section = |name: &SpecialSection| SectionDraft { name: *name, text: said(*name) };
    SpecialDraft {
        matter,
        kind,
        source: source(matter, kind),
        sections: sections(matter, kind).iter().map(section).collect(),
        due_at: mine().filter(|one| one.is_open()).filter_map(|one| due(one.clock?)).min(),
        filed_at: mine().filter_map(|one| one.filed.as_ref()).map(|filed| filed.at).max(),
    }
}

/// Opens texts and puts their times before them.
struct Pen<'a> {
    texts: &'a BTreeMap<Sealed, Opened>,
    zone: &'a Zone,
}

impl Pen<'_> {
    fn text(&self, sealed: &Sealed) -> Option<String> {
        self.texts.get(sealed).and_then(|opened| opened.text.clone())
    }

    fn at(&self, at: Timestamp, sealed: &Sealed) -> Option<(Timestamp, String)> {
        let text = self.text(sealed)?;
        let when: String = self.zone.rfc3339(at).chars().take(16).collect();
        Some((at, format!("{} {text}", when.replace('T', " "))))
    }

    fn in_order(mut lines: Vec<(Timestamp, String)>) -> String {
        lines.sort();
        lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>().join("\n")
    }

    /// What a case's file says about a section.
    fn of_case(&self, case: &Case, section: SpecialSection) -> String {
        use SpecialSection as S;
        let rounds = || case.rounds.iter().chain([&case.round]);
        let plain = |texts: Vec<&Sealed>| {
            texts.into_iter().filter_map(|text| self.text(text)).collect::<Vec<_>>().join("\n")
        };
        match section {
            S::Content => {
                let inbound = case
                    .contacts
                    .iter()
                    .filter(|seen| seen.contact.direction == huiyin_domain::case::Direction::Inbound);
                let first = self.at(case.received_at, &case.text);
                let later = inbound.filter_map(|seen| self.at(seen.at, &seen.contact.text));
                Self::in_order(first.into_iter().chain(later).collect())
            }
            S::Causes => {
                let found = rounds().filter_map(|round| round.finding.as_ref());
                let graded = rounds().filter_map(|round| round.judgement.liability.as_ref());
                plain(found.chain(graded.map(|judged| &judged.what.reason)).collect())
            }
            S::Handling => self.handling(case),
            S::ProcessAndResult => {
                let visits = rounds().flat_map(|round| &round.visits);
                let opinions =
                    visits.filter_map(|made| self.at(made.at, made.visit.result_opinion.as_ref()?));
                let said = Self::in_order(opinions.collect());
                [self.handling(case), said]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join("\n")
            }
            S::Difficulties => plain(rounds().filter_map(|round| round.opinion.as_ref()).collect()),
            S::HelpNeeded => {
                let asked = rounds().filter_map(|round| round.group_solution.as_ref());
                plain(asked.map(|(text, _)| text).collect())
            }
            S::NextSteps => {
                let promised = case.promises.iter().filter(|promise| promise.is_open());
                let promised = promised.filter_map(|promise| self.at(promise.due, &promise.text));
                let tasks = case.tasks.iter().filter(|task| Task::is_open(task));
                let tasks =
                    tasks.filter_map(|task| self.at(task.due.unwrap_or(task.given_at), task.title.as_ref()?));
                Self::in_order(promised.chain(tasks).collect())
            }
            S::Lessons => {
                let summed = rounds().filter_map(|round| round.judgement.summary.as_ref());
                plain(summed.map(|judged| &judged.what.text).collect())
            }
            S::CorrectiveMeasures => {
                let agreed = case.correctives.iter().filter_map(|one| self.at(one.due, &one.text));
                Self::in_order(agreed.collect())
            }
        }
    }

    /// What was done: answers given, measures promised, options agreed.
    fn handling(&self, case: &Case) -> String {
        let replies = case.replies.iter().filter_map(|reply| self.at(reply.at, reply.text.as_ref()?));
        let measures = case.promises.iter().filter(|promise| promise.kind == PromiseKind::Measure);
        let measures = measures.filter_map(|promise| self.at(promise.made_at, &promise.text));
        let done = case.tasks.iter().filter(|task| task.done);
        let done = done.filter_map(|task| self.at(task.ended_at?, task.title.as_ref()?));
        Self::in_order(replies.chain(measures).chain(done).collect())
    }

    /// What the incident's own file says about a section.
    fn of_incident(&self, incident: &Incident, section: SpecialSection) -> String {
        use SpecialSection as S;
        match section {
            S::Content => self.text(&incident.title).unwrap_or_default(),
            S::Handling | S::ProcessAndResult => {
                let measures = incident.measures.iter().filter_map(|one| self.at(one.at, &one.text));
                let ended =
                    incident.measures.iter().filter_map(|one| self.at(one.ended_at?, one.result.as_ref()?));
                let answers = incident.answers.iter().filter_map(|one| self.at(one.at, &one.text));
                Self::in_order(measures.chain(ended).chain(answers).collect())
            }
            S::NextSteps => {
                let open = incident.measures.iter().filter(|one| one.ended_at.is_none());
                Self::in_order(open.filter_map(|one| self.at(one.due.unwrap_or(one.at), &one.text)).collect())
            }
            S::Causes | S::Difficulties | S::HelpNeeded | S::Lessons | S::CorrectiveMeasures => String::new(),
        }
    }
}

/// One line of the register of separate volumes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MajorLine {
    /// The case.
    pub case: CaseId,
    /// Number of the case.
    pub number: String,
    /// Number of its separate volume.
    pub volume: String,
    /// The unit.
    pub unit: UnitId,
    /// Who answers for it.
    pub owner: PersonId,
    /// Where the case stands.
    pub stage: String,
    /// How far it is settled that it is major.
    pub standing: MajorStanding,
    /// When the volume was opened.
    pub since: Timestamp,
    /// The amount demanded.
    pub demand: Option<Money>,
    /// When the next report is due; null while none is owed.
    pub due_at: Option<Timestamp>,
    /// When the case was closed.
    pub closed_at: Option<Timestamp>,
}

/// Lists the separate volumes, newest first, then by case.
///
/// # Errors
/// What the store gives.
pub fn register(tx: &mut Tx<'_>, ctx: &Ctx, filter: &MajorFilter) -> Result<Vec<MajorLine>, Error> {
    let found = rows::list(tx, &ctx.actor.scope(), filter, ctx.now)?;
    let line = |row: rows::MajorRow| MajorLine {
        case: row.case,
        number: row.number,
        volume: row.volume,
        unit: row.unit,
        owner: row.owner,
        stage: row.stage,
        standing: row.standing,
        since: row.since,
        demand: row.demand_fen.and_then(|fen| Money::from_fen(fen).ok()),
        due_at: row.due_at,
        closed_at: row.closed_at,
    };
    Ok(found.into_iter().map(line).collect())
}

/// One paper of a separate volume.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VolumeItem {
    /// Running number in the volume, from 1.
    #[schema(minimum = 1)]
    pub no: u32,
    /// The entry of the case's history that it is.
    #[serde(flatten)]
    pub entry: EntryView,
}

/// A separate volume with its list of papers (PROP-70).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Volume {
    /// Its number.
    pub volume: String,
    /// Number of the case.
    pub number: String,
    /// How far it is settled that the case is major.
    pub standing: MajorStanding,
    /// When it was opened.
    pub since: Timestamp,
    /// The papers: what was received, decided, told, filed and attached.
    pub items: Vec<VolumeItem>,
    /// Cases that belong into it by relation.
    pub related: Vec<CaseId>,
}

/// Entries read at a time.
const PAGE: u32 = 200;

/// Reads the separate volume of a complaint that is or was major.
///
/// # Errors
/// `not_found` for any other case.
pub fn volume(tx: &mut Tx<'_>, ctx: &Ctx, id: CaseId) -> Result<Volume, Error> {
    let (loaded, _) = visible(tx, ctx, id)?;
    let case = loaded.case;
    let (Some(major), Some(number)) = (&case.major, case.volume()) else { return Err(Error::not_found()) };
    let texts = cases::texts(tx, ctx.org(), id)?;
    let (mut items, mut after) = (Vec::new(), 0);
    loop {
        let page = cases::history::<Event>(tx, ctx.org(), id, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.recorded.seq;
        for entry in page.iter().filter(|entry| entry.recorded.event.is_paper()) {
            let no = u32::try_from(items.len()).unwrap_or(u32::MAX).saturating_add(1);
            let view = entry_view(&entry.recorded, entry.hash.clone(), &entry.payload, &texts)?;
            items.push(VolumeItem { no, entry: view });
        }
    }
    let repeats = case.relations.iter().filter(|(kind, ..)| *kind == Relation::RepeatedBy);
    let mut related = Vec::new();
    for (_, other, _) in repeats {
        // one that the reader may not know of is not named
        if visible(tx, ctx, *other).is_ok() {
            related.push(*other);
        }
    }
    Ok(Volume {
        volume: number,
        number: case.number.clone(),
        standing: major.standing,
        since: major.since,
        items,
        related,
    })
}
