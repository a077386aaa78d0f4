//! Attached files against the history: what was erased is reported as such.

use std::collections::BTreeMap;

use huiyin_domain::case::{Done, Event, Recorded};
use huiyin_store::Value;
use huiyin_store::case::check::Lying;

use super::case::{erased_by_events, text};
use super::finding::Finding;

/// Compares the rows of attachments with the events that name them; gives how
/// many files were lawfully erased.
pub(super) fn look(events: &[Recorded], lying: &Lying, findings: &mut Vec<Finding>) -> u64 {
    let mut named: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for recorded in events {
        if let Event::Done(Done::Attach(body)) = &recorded.event {
            named.insert(body.attachment.to_string(), (&body.name.0, &body.digest));
        }
    }
    let erased = erased_by_events(events);
    let mut count = 0;
    for row in &lying.attachments {
        let id = row.first().and_then(text).unwrap_or_default();
        let place = format!("attachments {id}");
        let Some((name, digest)) = named.remove(id) else {
            if !events.is_empty() {
                let detail = "no event names this file";
                findings.push(Finding::broken("attachment_unexpected", place, detail));
            }
            continue;
        };
        if row.get(1).and_then(text) != Some(digest) {
            let detail = "its digest is not the one that the history names";
            findings.push(Finding::broken("attachment_changed", place.clone(), detail));
        }
        match (row.get(2), erased.contains(name)) {
            (Some(Value::Null), false) => {}
            (Some(Value::Null), true) => {
                let detail = "an event says that the file was erased, and it is there";
                findings.push(Finding::broken("file_not_erased", place, detail));
            }
            (_, true) => count += 1,
            (_, false) => {
                let detail = "the file is gone and no event says that it was erased";
                findings.push(Finding::broken("file_gone", place, detail));
            }
        }
    }
    for id in named.keys() {
        let detail = "the history names a file that has no row";
        findings.push(Finding::broken("attachment_missing", format!("attachments {id}"), detail));
    }
    count
}
