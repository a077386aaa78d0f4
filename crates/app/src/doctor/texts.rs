//! Personal texts against their commitments; an erased one is reported as such.

use std::collections::BTreeSet;

use huiyin_domain::case::{Chained, Recorded};
use huiyin_domain::text::commitment;
use huiyin_store::Value;
use huiyin_store::case::check::Lying;

use super::case::{erased_by_events, text};
use super::commitments::gather;
use super::finding::Finding;

/// Compares sealed texts with the commitments in the history; gives how many
/// were lawfully erased.
pub(super) fn look<E: Chained>(events: &[Recorded<E>], lying: &Lying, findings: &mut Vec<Finding>) -> u64 {
    let mut named = BTreeSet::new();
    for recorded in events {
        gather(&recorded.event, &mut named);
    }
    let erased = erased_by_events(events);
    let (mut there, mut count) = (BTreeSet::new(), 0);
    for row in &lying.sealed {
        let Some(digest) = row.first().and_then(text) else {
            findings.push(Finding::broken("text_unreadable", "sealed", "a sealed text has no commitment"));
            continue;
        };
        let place = format!("sealed {digest}");
        match (row.get(1), row.get(2), row.get(3)) {
            (Some(Value::Null), Some(Value::Null), Some(Value::Int(_))) if erased.contains(digest) => {
                count += 1
            }
            (Some(Value::Null), Some(Value::Null), Some(Value::Int(_))) => {
                let detail = "the text is gone and no event says that it was erased";
                findings.push(Finding::broken("text_gone", place, detail));
            }
            (Some(Value::Blob(_)), Some(Value::Text(_)), Some(Value::Null)) if erased.contains(digest) => {
                let detail = "an event says that the text was erased, and it is there";
                findings.push(Finding::broken("text_not_erased", place, detail));
            }
            (Some(Value::Blob(salt)), Some(Value::Text(value)), Some(Value::Null)) => {
                if commitment(salt, value).0 != digest {
                    let detail = "the text is not the one that the history committed to";
                    findings.push(Finding::broken("text_changed", place, detail));
                } else if !named.contains(digest) && !events.is_empty() {
                    let detail = "no event names this text";
                    findings.push(Finding::broken("text_unexpected", place, detail));
                }
            }
            _ => {
                let detail = "the text or its salt is missing without having been erased";
                findings.push(Finding::broken("text_gone", place, detail));
            }
        }
        there.insert(digest.to_owned());
    }
    for digest in named.difference(&there) {
        let detail = "the history names a text that is not there";
        findings.push(Finding::broken("text_missing", format!("sealed {digest}"), detail));
    }
    count
}
