//! Customers, found by who may see who they are.

use huiyin_domain::ids::{OrgId, PartyId};
use huiyin_domain::people::{Scope, Sensitive};
use huiyin_domain::search::{Document, Reach, Subject};
use huiyin_domain::time::Timestamp;
use huiyin_store::search::documents;
use huiyin_store::sql::Tx;
use uuid::Uuid;

use super::reach::{clear, covers, reach_of};
use super::source::{Line, Shown, Source};
use crate::ctx::Ctx;
use crate::error::{Class, Error};
use crate::party;
use crate::policy::{self, Target, action};

/// Customers by name, by its sound, by address and by telephone number.
#[derive(Clone, Copy, Debug)]
pub struct Customers;

impl Source for Customers {
    fn subject(&self) -> Subject {
        Subject::Customer
    }

    fn documents(&self, tx: &mut Tx<'_>, org: OrgId, ids: &[Uuid]) -> Result<Vec<Document>, Error> {
        Ok(documents::customers(tx, org, ids)?)
    }

    fn page(&self, tx: &mut Tx<'_>, org: OrgId, after: Option<Line>, limit: u32) -> Result<Vec<Line>, Error> {
        let found = documents::customers_after(tx, org, after.map(|(_, id)| id), limit)?;
        Ok(found.into_iter().map(|id| (Timestamp::from_micros(0), id)).collect())
    }

    fn reach(&self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Option<Reach>, Error> {
        if policy::permit(&ctx.actor, action::ViewParties, Target::Anywhere).is_err() {
            return Ok(None);
        }
        let scope: Scope = ctx.actor.scope();
        Ok(Some(Reach { unplaced: true, ..reach_of(tx, ctx, &scope)? }))
    }

    fn shown(&self, tx: &mut Tx<'_>, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Shown>, Error> {
        let documents = documents::customers(tx, ctx.org(), ids)?;
        let (names, addresses) = (clear(tx, ctx, Sensitive::Name)?, clear(tx, ctx, Sensitive::Address)?);
        let phones = clear(tx, ctx, Sensitive::Phone)?;
        let mut shown = Vec::with_capacity(documents.len());
        for document in documents {
            let view = match party::look(tx, ctx, PartyId(document.key.id)) {
                Ok(view) => view,
                Err(error) if error.class() == Class::NotFound => continue,
                Err(error) => return Err(error),
            };
            let mut identity = Vec::new();
            let mut uncovered = Vec::new();
            let parts = [
                (&names, Sensitive::Name, document.names),
                (&addresses, Sensitive::Address, document.addresses),
                (&phones, Sensitive::Phone, Vec::new()),
            ];
            for (reach, field, values) in parts {
                if covers(reach, document.unit) {
                    uncovered.push(field);
                    identity.extend(values.into_iter().map(|value| (field, value)));
                }
            }
            shown.push(Shown {
                title: view.name,
                detail: view.phones.into_iter().next(),
                unit: view.unit,
                identity,
                uncovered,
                ..Shown::new(document.key.id, view.created_at)
            });
        }
        Ok(shown)
    }

    fn holding(
        &self,
        tx: &mut Tx<'_>,
        org: OrgId,
        id: Uuid,
        (after, limit): (Option<Uuid>, u32),
    ) -> Result<Option<(Subject, Vec<Uuid>)>, Error> {
        Ok(Some((Subject::Case, documents::cases_of(tx, org, PartyId(id), after, limit)?)))
    }
}
