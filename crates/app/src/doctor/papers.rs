//! House papers looked through: the state is what the history gives.

use huiyin_domain::case::CaseActor;
use huiyin_domain::ids::OrgId;
use huiyin_domain::knowledge::article::Article;
use huiyin_domain::paper::arbitration::Arbitration;
use huiyin_domain::paper::authority_file::AuthorityFile;
use huiyin_domain::paper::digest::Digest;
use huiyin_domain::paper::fault::Fault;
use huiyin_domain::paper::line_report::LineReport;
use huiyin_domain::paper::misconduct::Misconduct;
use huiyin_domain::paper::online_post::OnlinePost;
use huiyin_domain::paper::publication::Publication;
use huiyin_domain::paper::scorecard::Scorecard;
use huiyin_domain::paper::stocktake::Stocktake;
use huiyin_domain::paper::visit_record::VisitRecord;
use huiyin_domain::paper::{Mark, Paper, PaperFacts, PaperKind, Step};
use huiyin_domain::time::WorkingCalendar;
use huiyin_store::paper::{self as rows, EntryRow, PaperRow};
use huiyin_store::sql::Tx;
use serde_json::Value;
use uuid::Uuid;

use super::finding::Finding;
use crate::error::Error;

/// Papers that are read at a time.
const PAGE: u32 = 200;

/// Looks through the papers of an organisation; gives how many there are.
///
/// # Errors
/// What the store gives.
pub(super) fn look(
    tx: &mut Tx<'_>,
    org: OrgId,
    calendar: &WorkingCalendar,
    tell: &mut dyn FnMut(Finding),
) -> Result<u64, Error> {
    let (mut after, mut seen) = (Uuid::nil(), 0);
    loop {
        let page = rows::after(tx, org, after, PAGE)?;
        for row in &page {
            let entries = rows::entries(tx, org, row.id)?;
            if let Some(finding) = one(row, &entries, calendar) {
                tell(finding);
            }
            (after, seen) = (row.id, seen + 1);
        }
        if page.len() < PAGE as usize {
            return Ok(seen);
        }
    }
}

fn one(row: &PaperRow, entries: &[EntryRow], calendar: &WorkingCalendar) -> Option<Finding> {
    let place = format!("papers {}", row.id);
    let numbered = entries.iter().zip(1..).all(|(entry, seq)| entry.seq == seq);
    if !numbered || i64::try_from(entries.len()).ok() != Some(row.version) {
        return Some(Finding::broken("paper_entries", place, "its history has a gap or another length"));
    }
    let replayed = match row.kind {
        PaperKind::Stocktake => replayed::<Stocktake>(entries, calendar),
        PaperKind::LineReport => replayed::<LineReport>(entries, calendar),
        PaperKind::OnlinePost => replayed::<OnlinePost>(entries, calendar),
        PaperKind::AuthorityFile => replayed::<AuthorityFile>(entries, calendar),
        PaperKind::VisitRecord => replayed::<VisitRecord>(entries, calendar),
        PaperKind::Scorecard => replayed::<Scorecard>(entries, calendar),
        PaperKind::Arbitration => replayed::<Arbitration>(entries, calendar),
        PaperKind::Digest => replayed::<Digest>(entries, calendar),
        PaperKind::Misconduct => replayed::<Misconduct>(entries, calendar),
        PaperKind::Fault => replayed::<Fault>(entries, calendar),
        PaperKind::Publication => replayed::<Publication>(entries, calendar),
        PaperKind::Article => replayed::<Article>(entries, calendar),
    };
    let stored: Option<Value> = serde_json::from_str(&row.body).ok();
    match replayed {
        None => Some(Finding::broken("paper_unreadable", place, "its history cannot be read")),
        Some((state, value)) if Some(&value) != stored.as_ref() || state != row.state => {
            Some(Finding::broken("paper_differs", place, "its state is not what its history gives"))
        }
        Some(_) => None,
    }
}

/// Folds a history into the state that it gives, as JSON, with its state's name.
fn replayed<P: Paper>(entries: &[EntryRow], calendar: &WorkingCalendar) -> Option<(String, Value)> {
    let (first, rest) = entries.split_first()?;
    let new: P::New = serde_json::from_str(&first.body).ok()?;
    let actor = CaseActor { person: first.person, ..CaseActor::default() };
    let facts = PaperFacts {
        actor: &actor,
        now: first.at,
        calendar,
        places: &[],
        outside: true,
        unworded: 0,
        line: None,
        taken: false,
    };
    let mut paper = P::begin(new, &facts).ok()?;
    for entry in rest {
        let body: Value = serde_json::from_str(&entry.body).ok()?;
        let step = P::Step::read(&entry.step, body).ok()??;
        paper.apply(&step, Mark { by: entry.person, at: entry.at });
    }
    Some((paper.state().to_owned(), serde_json::to_value(&paper).ok()?))
}
