//! One case looked through: chain, state, derived rows, texts, anchored heads.
//!
//! Pure: takes the rows as they lie and says what is wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use huiyin_domain::case::{self, ChainHead, Chained, Recorded, canonical_json, entry_hash, replay};
use huiyin_domain::ids::{CaseId, IncidentId, OrgId};
use huiyin_domain::incident;
use huiyin_domain::time::Timestamp;
use huiyin_store::Value;
use huiyin_store::case::check::{DERIVED, DerivedTable, INCIDENTS, Lying, expected, expected_incident};

use super::finding::Finding;
use super::{attached, texts};

/// What looking through one case gave.
#[derive(Debug, Default)]
pub struct Looked {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// How many events it has.
    pub events: u64,
    /// How many of its texts were lawfully erased.
    pub erased: u64,
    /// How many of its attached files were lawfully erased.
    pub erased_files: u64,
}

/// Looks through what lies under one case's id.
#[must_use]
pub fn look(org: OrgId, id: &str, lying: &Lying) -> Looked {
    let mut looked = Looked { events: lying.events.len() as u64, ..Looked::default() };
    let number = cell(lying, "number").and_then(text).map(str::to_owned);
    let findings = &mut looked.findings;
    if let Ok(case) = id.parse::<CaseId>() {
        if lying.derived[INCIDENTS].is_empty() {
            let derive = |history: &History<case::Event>, findings: &mut Vec<Finding>| match replay(
                case,
                &history.events,
            ) {
                Some(found) => {
                    derived(&expected(org, &found, &history.head(), &history.events), lying, findings);
                }
                None => unfounded(findings),
            };
            let (history, erased) = history(case, lying, findings, &derive);
            looked.erased = erased;
            looked.erased_files = attached::look(&history.events, lying, findings);
        } else {
            let id = IncidentId(case.0);
            let derive =
                |history: &History<incident::Event>, findings: &mut Vec<Finding>| match incident::replay(
                    id,
                    &history.events,
                ) {
                    Some(found) => derived(&expected_incident(org, &found, &history.head()), lying, findings),
                    None => unfounded(findings),
                };
            looked.erased = history(case, lying, findings, &derive).1;
        }
    } else {
        findings.push(Finding::broken("id_unreadable", "cases", "the case's id is no id"));
    }
    for finding in &mut looked.findings {
        finding.case = Some(id.to_owned());
        finding.number.clone_from(&number);
    }
    looked
}

/// Looks through one history and what derives from it; gives how many of its
/// texts were lawfully erased.
fn history<E: Chained>(
    id: CaseId,
    lying: &Lying,
    findings: &mut Vec<Finding>,
    derive: &dyn Fn(&History<E>, &mut Vec<Finding>),
) -> (History<E>, u64) {
    let history = History::<E>::read(id, lying, findings);
    match (own(lying).is_none(), lying.events.is_empty()) {
        (true, _) => findings.push(missing_case(lying)),
        (false, true) => {
            findings.push(Finding::broken("history_missing", "events", "the case has no history at all"));
        }
        (false, false) => compare(&history, lying, findings, derive),
    }
    let erased = texts::look(&history.events, lying, findings);
    heads(&history, lying, findings);
    (history, erased)
}

fn unfounded(findings: &mut Vec<Finding>) {
    let detail = "the first event does not begin a case";
    findings.push(Finding::broken("history_unfounded", "event 1", detail));
}

/// The history as far as it can be read.
pub(super) struct History<E> {
    /// What could be read, in order.
    pub events: Vec<Recorded<E>>,
    /// Stored hashes by position.
    pub hashes: BTreeMap<i64, String>,
    /// Whether all of it could be read, from the first on, without a gap.
    pub whole: bool,
}

impl<E: Chained> History<E> {
    fn read(case: CaseId, lying: &Lying, findings: &mut Vec<Finding>) -> Self {
        let mut history = Self { events: Vec::new(), hashes: BTreeMap::new(), whole: true };
        let (mut previous, mut next) = (String::new(), 1_i64);
        for row in &lying.events {
            let seq = int(row.first()).unwrap_or(next);
            if seq != next {
                history.whole = false;
                let detail = format!("event {next} is expected, {seq} follows");
                findings.push(Finding::broken("event_missing", format!("event {next}"), detail));
            }
            next = seq + 1;
            let stored = row.get(6).and_then(text).unwrap_or_default().to_owned();
            match recorded(row) {
                Some((recorded, kind, payload)) => {
                    check_entry((case, &previous), &recorded, (kind, payload, &stored), findings);
                    history.events.push(recorded);
                }
                None => {
                    history.whole = false;
                    let detail = "the event cannot be read, so its hash cannot be right";
                    findings.push(Finding::broken("event_unreadable", format!("event {seq}"), detail));
                }
            }
            history.hashes.insert(seq, stored.clone());
            previous = stored;
        }
        history
    }

    fn head(&self) -> ChainHead {
        let last = self.hashes.last_key_value();
        last.map_or_else(ChainHead::empty, |(seq, hash)| ChainHead {
            seq: seq.unsigned_abs(),
            hash: hash.clone(),
        })
    }
}

fn check_entry<E: Chained>(
    (case, previous): (CaseId, &str),
    recorded: &Recorded<E>,
    (kind, payload, stored): (&str, &str, &str),
    findings: &mut Vec<Finding>,
) {
    let place = format!("event {}", recorded.seq);
    if entry_hash(previous, case, recorded) != stored {
        let detail = "its content, time, person or place in the chain is not what its hash says";
        findings.push(Finding::broken("event_changed", place, detail));
    } else if canonical_json(&recorded.event) != payload {
        let detail = "its stored form is not the canonical one that the hash covers";
        findings.push(Finding::broken("event_form", place, detail));
    } else if recorded.event.name() != kind {
        findings.push(Finding::broken("event_kind_differs", place, "its name is not that of its content"));
    }
}

fn recorded<E: Chained>(row: &[Value]) -> Option<(Recorded<E>, &str, &str)> {
    let [
        Value::Int(seq),
        Value::Int(occurred),
        Value::Int(recorded),
        person,
        Value::Text(kind),
        Value::Text(payload),
        _,
    ] = row
    else {
        return None;
    };
    let by = match person {
        Value::Null => None,
        Value::Text(person) => Some(person.parse().ok()?),
        _ => return None,
    };
    let event: E = serde_json::from_str(payload).ok()?;
    let recorded = Recorded {
        seq: u64::try_from(*seq).ok()?,
        occurred_at: Timestamp::from_micros(*occurred),
        recorded_at: Timestamp::from_micros(*recorded),
        by,
        event,
    };
    Some((recorded, kind, payload))
}

fn missing_case(lying: &Lying) -> Finding {
    let mut left: Vec<String> = Vec::new();
    let mut note = |name: &str, count: usize| {
        if count > 0 {
            left.push(format!("{count} in {name}"));
        }
    };
    for (table, rows) in DERIVED.iter().zip(&lying.derived) {
        note(table.name, rows.len());
    }
    note("events", lying.events.len());
    note("sealed", lying.sealed.len());
    note("anchor_heads", lying.heads.len());
    note("attachments", lying.attachments.len());
    note("unanchored", usize::from(lying.waits));
    Finding::broken(
        "case_missing",
        "cases",
        format!("the case is gone, rows of it are left: {}", left.join(", ")),
    )
}

/// Compares the rows with what the history says.
fn compare<E: Chained>(
    history: &History<E>,
    lying: &Lying,
    findings: &mut Vec<Finding>,
    derive: &dyn Fn(&History<E>, &mut Vec<Finding>),
) {
    let head = history.head();
    let stored_head =
        (cell(lying, "version").and_then(|value| int(Some(value))), cell(lying, "head").and_then(text));
    if stored_head.0 != i64::try_from(head.seq).ok() {
        let detail = format!(
            "the case says that event {} is the last, it is {}",
            stored_head.0.unwrap_or(0),
            head.seq
        );
        findings.push(Finding::broken("version_differs", "version", detail));
    }
    if stored_head.1 != Some(head.hash.as_str()) {
        findings.push(Finding::broken("head_differs", "head", "it is not the hash of the last event"));
    }
    if history.whole {
        derive(history, findings);
    }
}

fn derived(wanted: &[Vec<Vec<Value>>; DERIVED.len()], lying: &Lying, findings: &mut Vec<Finding>) {
    for ((table, wanted), stored) in DERIVED.iter().zip(wanted).zip(&lying.derived) {
        let key = key_columns(table.name);
        let keyed = |rows: &[Vec<Value>]| -> BTreeMap<String, Vec<Value>> {
            rows.iter().map(|row| (row_key(row, key), row.clone())).collect()
        };
        let (wanted, stored) = (keyed(wanted), keyed(stored));
        for (key, row) in &wanted {
            match stored.get(key) {
                None => findings.push(Finding::broken(
                    "row_missing",
                    format!("{} {key}", table.name),
                    "the history says that this row is there",
                )),
                Some(found) => columns(table.name, (table.columns, key), (row, found), findings),
            }
        }
        for key in stored.keys().filter(|key| !wanted.contains_key(*key)) {
            let place = format!("{} {key}", table.name);
            findings.push(Finding::broken(
                "row_unexpected",
                place,
                "the history does not say that this row is there",
            ));
        }
    }
}

/// Columns that tell rows of one case apart.
fn key_columns(table: &str) -> &'static [usize] {
    match table {
        "cases" | "case_facts" | "majors" | "incidents" => &[],
        "case_parties" => &[1],
        "relations" | "incident_members" => &[2, 3],
        _ => &[2],
    }
}

fn row_key(row: &[Value], columns: &[usize]) -> String {
    let word = |at: &usize| match row.get(*at) {
        Some(Value::Int(number)) => number.to_string(),
        Some(Value::Text(word)) => word.clone(),
        other => format!("{other:?}"),
    };
    columns.iter().map(word).collect::<Vec<_>>().join("/")
}

fn columns(
    table: &str,
    (names, key): (&[&'static str], &str),
    (wanted, found): (&[Value], &[Value]),
    findings: &mut Vec<Finding>,
) {
    for ((name, wanted), found) in names.iter().zip(wanted).zip(found) {
        // told apart already
        if wanted == found || (owns(table) && matches!(*name, "version" | "head")) {
            continue;
        }
        let place = format!("{table} {key}").trim_end().to_owned();
        if owns(table) && *name == "state" {
            let detail = "the row's state is not what its history gives";
            findings.push(Finding::broken("state_differs", format!("{table}.state"), detail));
        } else if table == "clocks" && *name == "fires_at" && later(found, wanted) {
            let detail = "it could not fire and was put off; the log says why";
            findings.push(Finding::care("clock_put_off", place, detail));
        } else {
            let detail = format!("column {name} is not what the history gives");
            findings.push(Finding::broken("projection_differs", place, detail));
        }
    }
}

fn later(found: &Value, wanted: &Value) -> bool {
    matches!((found, wanted), (Value::Int(found), Value::Int(wanted)) if found > wanted)
}

/// Every anchored head must still be in the chain (D4).
fn heads<E>(history: &History<E>, lying: &Lying, findings: &mut Vec<Finding>) {
    let mut covered = 0;
    let mut told = BTreeSet::new();
    for head in &lying.heads {
        let (Some(anchor), Some(seq)) = (int(head.first()), int(head.get(1))) else {
            findings.push(Finding::broken("anchor_unreadable", "anchor_heads", "a head cannot be read"));
            continue;
        };
        covered = covered.max(seq);
        let place = format!("event {seq}, anchor {anchor}");
        match history.hashes.get(&seq) {
            Some(hash) if head.get(2).and_then(text) == Some(hash) => {}
            Some(_) if told.insert(seq) => {
                let detail = "an anchor holds another hash of this event: the history was rewritten";
                findings.push(Finding::broken("anchored_event_changed", place, detail));
            }
            None if told.insert(seq) => {
                let detail = "an anchor holds this event and it is gone: the end of the history was cut";
                findings.push(Finding::broken("anchored_event_missing", place, detail));
            }
            _ => {}
        }
    }
    let last = history.hashes.last_key_value().map_or(0, |(seq, _)| *seq);
    if covered < last && !lying.waits && own(lying).is_some() {
        let detail = "its last event is in no anchor and does not wait for one";
        findings.push(Finding::broken("anchor_not_awaited", "unanchored", detail));
    }
}

/// Tells whether the table holds the case's or the incident's own row.
fn owns(table: &str) -> bool {
    matches!(table, "cases" | "incidents")
}

/// The row of the case or incident itself, with its table.
fn own(lying: &Lying) -> Option<(&'static DerivedTable, &[Value])> {
    let found = |place: usize| Some((&DERIVED[place], lying.derived[place].first()?.as_slice()));
    found(0).or_else(|| found(INCIDENTS))
}

fn cell<'a>(lying: &'a Lying, column: &str) -> Option<&'a Value> {
    let (table, row) = own(lying)?;
    row.get(table.columns.iter().position(|name| *name == column)?)
}

pub(super) fn text(value: &Value) -> Option<&str> {
    if let Value::Text(text) = value { Some(text) } else { None }
}

pub(super) fn int(value: Option<&Value>) -> Option<i64> {
    if let Some(Value::Int(number)) = value { Some(*number) } else { None }
}

/// Gives the commitments that erasing events name.
pub(super) fn erased_by_events<E: Chained>(events: &[Recorded<E>]) -> BTreeSet<&str> {
    let texts = events.iter().filter_map(|recorded| recorded.event.erased());
    texts.flat_map(|erased| &erased.texts).map(|text| text.0.as_str()).collect()
}
