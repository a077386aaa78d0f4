//! Anchors in the database against their digests, and against the lines outside.

use std::collections::BTreeSet;
use std::iter::Peekable;

use huiyin_domain::time::Timestamp;
use huiyin_store::case::{anchor as rows, check};
use huiyin_store::sql::Tx;

use super::finding::{Codes, Finding};
use crate::case::{AnchorLine, anchor_digest};
use crate::error::Error;

/// One line of the files outside: what it says, or where it cannot be read.
pub type OutsideLine = Result<AnchorLine, String>;

/// The lines outside the database, oldest first.
pub type OutsideLines = Box<dyn Iterator<Item = OutsideLine> + Send>;

/// How long an anchor may be in the database alone, µs: one minute.
const GRACE: i64 = 60_000_000;

/// Anchors read at a time.
const PAGE: u32 = 50;

/// What the anchors told.
#[derive(Clone, Debug, Default)]
pub struct AnchorsSeen {
    /// How many are in the database.
    pub inside: u64,
    /// How many lines are outside.
    pub outside: u64,
    /// The last one in the database.
    pub last: Option<rows::AnchorRow>,
}

/// Goes through both, side by side, in constant memory.
pub(super) struct Walk<'a> {
    pub codes: &'a Codes,
    pub now: Timestamp,
    pub tell: &'a mut dyn FnMut(Finding),
    pub seen: AnchorsSeen,
    pub told: BTreeSet<String>,
}

impl Walk<'_> {
    /// Looks through all anchors.
    ///
    /// # Errors
    /// What the store gives.
    pub(super) fn run(&mut self, tx: &mut Tx<'_>, outside: OutsideLines) -> Result<(), Error> {
        let mut outside = outside.peekable();
        let (mut last, mut previous) = (0_i64, String::new());
        loop {
            let page = rows::after(tx, last, PAGE)?;
            if page.is_empty() {
                break;
            }
            for anchor in page {
                let sound = self.inside(tx, (last, &previous), &anchor)?;
                self.beside(tx, (&anchor, sound), &mut outside)?;
                last = anchor.id;
                previous.clone_from(&anchor.digest);
                self.seen.last = Some(anchor);
            }
        }
        for line in outside {
            self.line_only(tx, line)?;
        }
        Ok(())
    }

    /// Looks at an anchor itself; tells whether its heads are what it says.
    fn inside(
        &mut self,
        tx: &mut Tx<'_>,
        (last, previous): (i64, &str),
        anchor: &rows::AnchorRow,
    ) -> Result<bool, Error> {
        self.seen.inside += 1;
        let place = format!("anchor {}", anchor.id);
        if anchor.id != last + 1 {
            let detail = format!("anchor {} is expected, {} follows", last + 1, anchor.id);
            (self.tell)(Finding::broken("anchor_missing", format!("anchor {}", last + 1), detail));
        }
        if anchor.previous != previous {
            let detail = "it does not name the digest of the anchor before";
            (self.tell)(Finding::broken("anchor_link_broken", place.clone(), detail));
        }
        let heads = rows::heads(tx, anchor.id)?;
        let whole = i64::try_from(heads.len()).ok() == Some(anchor.heads);
        let sound = whole && anchor_digest(&anchor.previous, anchor.at, &heads) == anchor.digest;
        if !sound {
            let detail = "its time or its heads are not what its digest says";
            (self.tell)(Finding::broken("anchor_changed", place, detail));
        }
        Ok(sound)
    }

    /// Compares an anchor with its line outside.
    fn beside(
        &mut self,
        tx: &mut Tx<'_>,
        (anchor, sound): (&rows::AnchorRow, bool),
        outside: &mut Peekable<OutsideLines>,
    ) -> Result<(), Error> {
        loop {
            match outside.peek() {
                Some(Ok(line)) if line.id > anchor.id => break,
                None => break,
                _ => {}
            }
            let Some(line) = outside.next() else { break };
            match line {
                Ok(line) if line.id == anchor.id => {
                    self.seen.outside += 1;
                    let same = line.digest == anchor.digest && line.is_sound();
                    return match (same, sound) {
                        (true, true) => Ok(()),
                        // heads were taken out of the database: the line knows them
                        (true, false) => self.heads(tx, &line),
                        (false, _) => self.differs(tx, &line),
                    };
                }
                other => self.line_only(tx, other)?,
            }
        }
        if self.now.micros() - anchor.at.micros() > GRACE {
            let detail = "the anchor is not in the files outside the database";
            (self.tell)(Finding::broken("anchor_not_outside", format!("anchor {}", anchor.id), detail));
        }
        Ok(())
    }

    fn differs(&mut self, tx: &mut Tx<'_>, line: &AnchorLine) -> Result<(), Error> {
        let place = format!("anchor {}", line.id);
        if line.is_sound() {
            let detail = "the line outside the database says something else than the database";
            (self.tell)(Finding::broken("anchor_differs", place, detail));
            return self.heads(tx, line);
        }
        let detail = "the line outside the database is not what its own digest says";
        (self.tell)(Finding::broken("anchor_line_changed", place, detail));
        Ok(())
    }

    fn line_only(&mut self, tx: &mut Tx<'_>, line: OutsideLine) -> Result<(), Error> {
        match line {
            Err(place) => {
                (self.tell)(Finding::broken("anchor_line_unreadable", place, "the line is no anchor"));
                Ok(())
            }
            Ok(line) => {
                self.seen.outside += 1;
                let detail = "the line is outside the database, the database does not have the anchor";
                (self.tell)(Finding::broken("anchor_removed", format!("anchor {}", line.id), detail));
                if line.is_sound() { self.heads(tx, &line) } else { Ok(()) }
            }
        }
    }

    /// Looks for what a line outside covers, where the database disagrees.
    fn heads(&mut self, tx: &mut Tx<'_>, line: &AnchorLine) -> Result<(), Error> {
        for head in &line.heads {
            let case = head.case.to_string();
            let hash = check::hash_at(tx, head.org, &case, head.seq)?;
            let place = format!("event {}, anchor {} outside", head.seq, line.id);
            let finding = match hash {
                Some(hash) if hash == head.hash => continue,
                Some(_) => Finding::broken(
                    "anchored_event_changed",
                    place,
                    "the anchor outside holds another hash of this event: the history was rewritten",
                ),
                None if check::exists(tx, head.org, &case)? => Finding::broken(
                    "anchored_event_missing",
                    place,
                    "the anchor outside holds this event and it is gone: the end of the history was cut",
                ),
                None => Finding::broken(
                    "anchored_case_missing",
                    place,
                    "the anchor outside holds this case and the whole of it is gone",
                ),
            };
            if self.told.insert(format!("{case} {}", finding.code)) {
                (self.tell)(finding.of(&self.codes.of(head.org)).at(&case, None));
            }
        }
        Ok(())
    }
}
