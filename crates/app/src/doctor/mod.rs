//! `huiyin doctor`: the data looked through, read only, beside a live server.
//!
//! *Invariants*: changes nothing; memory is that of one page of cases, whatever
//! the size; every finding has a stable code and says where; what was not
//! looked at is said (PROP-67, 68, D4).
//!
//! *Where to start*: [`examine`]; [`look`] is one case, without a database.

mod anchors;
mod attached;
mod case;
mod commitments;
mod files;
mod finding;
mod papers;
mod texts;

use huiyin_domain::ids::OrgId;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::check::{self, LAST_ID, Span};
use huiyin_store::people::organisation;
use huiyin_store::sql::Tx;

pub use anchors::{AnchorsSeen, OutsideLine, OutsideLines};
pub use case::{Looked, look};
pub use files::files;
pub use finding::{Codes, Finding, Severity};

use crate::case::Rules;
use crate::error::Error;

/// How much to look at; everything when nothing is said.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// About so many cases of each organisation, spread evenly.
    pub sample: Option<u64>,
    /// Only cases that changed since.
    pub since: Option<Timestamp>,
    /// The time now.
    pub now: Timestamp,
}

impl Asked {
    const fn all(&self) -> bool {
        self.sample.is_none() && self.since.is_none()
    }
}

/// What was looked at.
#[derive(Clone, Debug, Default)]
pub struct Examined {
    /// Cases.
    pub cases: u64,
    /// Their events.
    pub events: u64,
    /// Their texts that were lawfully erased.
    pub erased: u64,
    /// Their attached files that were lawfully erased.
    pub erased_files: u64,
    /// House papers.
    pub papers: u64,
    /// The anchors.
    pub anchors: AnchorsSeen,
}

/// What the caller is told while it goes on.
#[derive(Debug)]
pub enum Told {
    /// Something was found.
    Finding(Finding),
    /// So many of so many cases are done.
    Progress(u64, u64),
}

/// Cases read at a time.
const PAGE: u32 = 100;

/// Looks through cases and anchors in the caller's transaction, one moment.
///
/// `outside` are the lines of the anchor files, as they were before the
/// transaction began.
///
/// # Errors
/// What the store gives; damage is no error, it is told.
pub fn examine(
    tx: &mut Tx<'_>,
    asked: &Asked,
    outside: OutsideLines,
    tell: &mut dyn FnMut(Told),
) -> Result<Examined, Error> {
    let known = organisation::all(tx)?;
    let codes = Codes::new(known.iter().map(|known| (known.org, known.code.clone())));
    let mut examined = Examined::default();
    let since = asked.since.unwrap_or(Timestamp::from_micros(i64::MIN));
    let orgs = check::organisations(tx)?;
    let mut total = 0;
    for org in &orgs {
        let count = check::count(tx, *org, since)?;
        total += asked.sample.map_or(count, |sample| count.min(sample));
    }
    for org in orgs {
        if codes.knows(org) {
            let held =
                rules(tx, org, asked.now, &mut |finding| tell(Told::Finding(finding.of(&codes.of(org)))));
            if let Some(held) = held.filter(|_| asked.all()) {
                let code = codes.of(org);
                let mut told = |finding: Finding| tell(Told::Finding(finding.of(&code)));
                examined.papers += papers::look(tx, org, held.calendar(), &mut told)?;
            }
        } else {
            let detail = "rows carry the number of an organisation that is not there";
            let finding = Finding::broken("organisation_missing", "organisations", detail);
            tell(Told::Finding(finding.of(&codes.of(org))));
        }
        let mut page = Page { org, code: codes.of(org), total, examined: &mut examined, tell };
        if asked.all() {
            page.all(tx)?;
        } else {
            let count = check::count(tx, org, since)?;
            let stride = asked.sample.map_or(1, |sample| count.div_ceil(sample.max(1)));
            let ids = check::every(tx, org, since, stride)?;
            for ids in ids.chunks(PAGE as usize) {
                page.these(tx, Span::These(ids))?;
            }
        }
    }
    let mut walk = anchors::Walk {
        codes: &codes,
        now: asked.now,
        tell: &mut |finding| tell(Told::Finding(finding)),
        seen: AnchorsSeen::default(),
        told: Default::default(),
    };
    walk.run(tx, outside)?;
    examined.anchors = walk.seen;
    Ok(examined)
}

/// One organisation's cases, page by page.
struct Page<'a> {
    org: OrgId,
    code: String,
    total: u64,
    examined: &'a mut Examined,
    tell: &'a mut dyn FnMut(Told),
}

impl Page<'_> {
    fn all(&mut self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let mut after = String::new();
        loop {
            let ids = check::ids(tx, self.org, &after, PAGE)?;
            let full = ids.len() == PAGE as usize;
            // the last page reaches to the end, for rows whose case is gone
            let to = ids.last().filter(|_| full).cloned().unwrap_or_else(|| LAST_ID.to_owned());
            self.these(tx, Span::Between(&after, &to))?;
            if !full {
                return Ok(());
            }
            after = to;
        }
    }

    fn these(&mut self, tx: &mut Tx<'_>, span: Span<'_>) -> Result<(), Error> {
        for (id, lying) in check::read(tx, self.org, span)? {
            let looked = look(self.org, &id, &lying);
            self.examined.cases += u64::from(!lying.derived[0].is_empty());
            self.examined.events += looked.events;
            self.examined.erased += looked.erased;
            self.examined.erased_files += looked.erased_files;
            for finding in looked.findings {
                (self.tell)(Told::Finding(finding.of(&self.code)));
            }
        }
        (self.tell)(Told::Progress(self.examined.cases, self.total));
        Ok(())
    }
}

/// Packs and calendar of an organisation must be readable and last a while (D5).
fn rules(
    tx: &mut Tx<'_>,
    org: OrgId,
    now: Timestamp,
    tell: &mut dyn FnMut(Finding),
) -> Option<std::sync::Arc<crate::case::Held>> {
    let held = match Rules::default().of(tx, org) {
        Ok(held) => held,
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            tell(Finding::broken("rules_unreadable", "packs, calendars", format!("{error} {cause}")));
            return None;
        }
    };
    let calendar = held.calendar();
    if let Some(warning) = calendar.coverage_warning(calendar.zone().date(now)) {
        let detail = format!(
            "days off are known up to {}, those of {} are missing; import them with `huiyin calendar`",
            warning.last, warning.missing
        );
        tell(Finding::care("calendar_ends", "calendars", detail));
    }
    Some(held)
}
