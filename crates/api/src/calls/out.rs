//! A call as programs see it.

use huiyin_app::call::{CallSeen, RecordingRow};
use huiyin_domain::call::facts::{CallDirection, CallResult};
use huiyin_domain::call::record::{OfferEnd, Transfer};
use huiyin_domain::call::ring::ring_number;
use huiyin_domain::ids::{CallId, CaseId, PartyId, PersonId, QueueId, RecordingId};
use huiyin_domain::menu::Step;
use huiyin_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// An agent by id and name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallAgent)]
pub(super) struct AgentOut {
    pub id: PersonId,
    pub name: String,
}

/// One step of the way through the menu.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallStep)]
pub(super) struct StepOut {
    at: Timestamp,
    /// The node's name.
    step: String,
    /// What people read, in Chinese.
    text: String,
    /// The same in English.
    text_en: String,
    /// The key that led there.
    key: Option<String>,
}

/// One ring at one agent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallOffer)]
struct OfferOut {
    agent: AgentOut,
    at: Timestamp,
    answered_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    /// Why it came to no answer.
    why: Option<OfferEnd>,
}

/// One transfer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallTransfer)]
struct TransferOut {
    at: Timestamp,
    by: Option<PersonId>,
    to: String,
    warm: bool,
}

/// A recording that is there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallRecording)]
struct RecordingOut {
    id: RecordingId,
    seconds: f64,
    /// True while it is written.
    running: bool,
    /// Until when it is kept.
    keep_until: Timestamp,
}

/// How a call came into the books.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CallOrigin {
    /// Over a line.
    Line,
    /// Typed in by hand.
    Typed,
}

impl CallOrigin {
    pub(super) const fn of(typed: bool) -> Self {
        if typed { Self::Typed } else { Self::Line }
    }
}

/// The record of one call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Call)]
pub(super) struct CallOut {
    id: CallId,
    direction: CallDirection,
    /// `menu`, `waiting`, `offering`, `talking`, `held`, `consulting`, `conference`,
    /// `voicemail`, `dialling`, `outside`, `ended`.
    state: String,
    /// When the state ends by itself.
    until: Option<Timestamp>,
    origin: CallOrigin,
    /// The other side's number, covered where the reader may not know it.
    caller: Option<String>,
    called: String,
    line: Option<String>,
    service: Option<String>,
    queue: Option<QueueId>,
    /// Code of the queue.
    queue_code: Option<String>,
    /// Who has it, else who spoke last, or dialled.
    agent: Option<AgentOut>,
    /// Everybody who spoke, in turn; who dialled is the first.
    agents: Vec<AgentOut>,
    party: Option<PartyId>,
    case: Option<CaseId>,
    /// The way through the menu.
    path: Vec<StepOut>,
    arrived_at: Timestamp,
    /// When it came into a queue first.
    queued_at: Option<Timestamp>,
    /// When it rang at an agent first.
    rang_at: Option<Timestamp>,
    answered_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    wait_s: f64,
    /// At which ring it was answered, from the first at any agent.
    ring: Option<u32>,
    talk_s: f64,
    hold_s: f64,
    holds: u32,
    wrap_up_s: f64,
    offers: Vec<OfferOut>,
    transfers: Vec<TransferOut>,
    /// How it ended; null while it goes on.
    result: Option<CallResult>,
    /// Who ended it: `customer`, `agent`, `system`; `restart` where its process died.
    cause: Option<String>,
    /// True when it came while all lines were taken (CALL-2).
    beyond_limit: bool,
    /// True when a queue led it on.
    overflowed: bool,
    /// The number to call back, once that was asked for.
    call_back: Option<String>,
    /// The first of its recordings that are there.
    recording: Option<RecordingOut>,
    recordings: Vec<RecordingOut>,
    /// When the caller refused to be recorded, in the menu (CALL-11).
    recording_refused_at: Option<Timestamp>,
    /// What it came to: one of the house's codes.
    wrap_up_code: Option<String>,
    /// Who said so.
    wrap_up_by: Option<AgentOut>,
    note: Option<String>,
    version: u64,
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a call are far below the limit of doubles")]
pub(super) fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

impl From<CallSeen> for CallOut {
    fn from(seen: CallSeen) -> Self {
        let CallSeen { call, note, queue: queue_code, names, recordings } = seen;
        let facts = call.facts();
        let agent = |id: PersonId| AgentOut { id, name: names.get(&id).cloned().unwrap_or_default() };
        let recorded = || recordings.iter().map(RecordingOut::from);
        let offers = call.offers.iter().map(|offer| OfferOut {
            agent: agent(offer.agent),
            at: offer.at,
            answered_at: offer.answered_at,
            ended_at: offer.ended.map(|(at, _)| at),
            why: offer.ended.map(|(_, why)| why),
        });
        let path = call.path.iter().map(StepOut::from);
        let transfers = call.transfers.iter().map(TransferOut::from);
        Self {
            id: call.id,
            direction: call.direction,
            state: call.state.as_str().to_owned(),
            until: call.state.until(),
            origin: CallOrigin::of(call.typed),
            wrap_up_code: call.wrap_up.as_ref().map(|wrap_up| wrap_up.code.clone()),
            wrap_up_by: call.wrap_up.as_ref().map(|wrap_up| agent(wrap_up.by)),
            queue_code,
            agent: call.state.agent().or(call.agents.last().copied()).map(agent),
            agents: call.agents.iter().copied().map(agent).collect(),
            path: path.collect(),
            arrived_at: call.arrived_at,
            queued_at: call.waits.first().map(|wait| wait.from),
            rang_at: call.offers.first().map(|offer| offer.at),
            answered_at: call.answered_at,
            ended_at: call.ended_at,
            wait_s: seconds(facts.wait_ms),
            ring: facts.rang_ms.map(ring_number),
            talk_s: seconds(facts.talk_ms),
            hold_s: seconds(facts.hold_ms),
            holds: facts.holds,
            wrap_up_s: seconds(facts.wrap_up_ms),
            offers: offers.collect(),
            transfers: transfers.collect(),
            result: call.result,
            beyond_limit: call.beyond_limit,
            overflowed: call.overflowed,
            recording: recorded().next(),
            recordings: recorded().collect(),
            recording_refused_at: call.recording_refused_at,
            note,
            version: call.version,
            queue: call.queue,
            party: call.party,
            case: call.case,
            caller: call.caller,
            called: call.called,
            line: call.line,
            service: call.service,
            cause: call.ended_by,
            call_back: call.call_back,
        }
    }
}

impl From<&Step> for StepOut {
    fn from(step: &Step) -> Self {
        Self {
            at: step.at,
            step: step.step.clone(),
            text: step.text.zh.clone(),
            text_en: step.text.en.clone(),
            key: step.key.map(String::from),
        }
    }
}

impl From<&Transfer> for TransferOut {
    fn from(one: &Transfer) -> Self {
        Self { at: one.at, by: one.by, to: one.to.clone(), warm: one.warm }
    }
}

impl From<&RecordingRow> for RecordingOut {
    fn from(row: &RecordingRow) -> Self {
        Self {
            id: row.id,
            seconds: seconds(i64::try_from(row.millis).unwrap_or(i64::MAX)),
            running: row.ended_at.is_none(),
            keep_until: row.keep_until,
        }
    }
}
