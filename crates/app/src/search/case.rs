//! Cases, found by everything that was written in them.

use std::collections::BTreeMap;

use huiyin_domain::ids::{CaseId, OrgId};
use huiyin_domain::people::Sensitive;
use huiyin_domain::search::{Document, Reach, Subject};
use huiyin_store::case::list::{self as rows, CaseFilter};
use huiyin_store::search::documents;
use huiyin_store::sql::Tx;
use uuid::Uuid;

use super::reach::{clear, covers, reach_of};
use super::source::{Line, Shown, Source};
use crate::ctx::Ctx;
use crate::error::Error;

/// Cases with title, text, history, customer, place and number.
#[derive(Clone, Copy, Debug)]
pub struct Cases;

impl Source for Cases {
    fn subject(&self) -> Subject {
        Subject::Case
    }

    fn documents(&self, tx: &mut Tx<'_>, org: OrgId, ids: &[Uuid]) -> Result<Vec<Document>, Error> {
        Ok(documents::cases(tx, org, ids)?)
    }

    fn page(&self, tx: &mut Tx<'_>, org: OrgId, after: Option<Line>, limit: u32) -> Result<Vec<Line>, Error> {
        Ok(documents::cases_before(tx, org, after, limit)?)
    }

    fn reach(&self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Option<Reach>, Error> {
        Ok(Some(reach_of(tx, ctx, &ctx.actor.scope())?))
    }

    fn shown(&self, tx: &mut Tx<'_>, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Shown>, Error> {
        let filter = CaseFilter {
            ids: Some(ids.iter().copied().map(CaseId).collect()),
            limit: u32::try_from(ids.len()).unwrap_or(u32::MAX),
            ..CaseFilter::default()
        };
        let found = rows::list(tx, &ctx.actor.scope(), &filter, ctx.now)?;
        let seen: Vec<Uuid> = found.iter().map(|row| row.id.0).collect();
        let documents = documents::cases(tx, ctx.org(), &seen)?;
        let mut written: BTreeMap<Uuid, Document> =
            documents.into_iter().map(|document| (document.key.id, document)).collect();
        let (names, addresses) = (clear(tx, ctx, Sensitive::Name)?, clear(tx, ctx, Sensitive::Address)?);
        let shown = |row: rows::CaseRow| {
            let mut identity = Vec::new();
            let mut texts = Vec::new();
            if let Some(document) = written.remove(&row.id.0) {
                texts = document.texts;
                let mut add = |reach: &Reach, field, values: Vec<String>| {
                    if covers(reach, Some(row.unit)) {
                        identity.extend(values.into_iter().map(|value| (field, value)));
                    }
                };
                add(&names, Sensitive::Name, document.names);
                add(&addresses, Sensitive::Address, document.addresses);
            }
            Shown {
                number: Some(row.number),
                title: row.title,
                unit: Some(row.unit),
                kind: Some(row.kind),
                stage: Some(row.stage),
                texts,
                identity,
                ..Shown::new(row.id.0, row.received_at)
            }
        };
        Ok(found.into_iter().map(shown).collect())
    }
}
