//! Fact sheets of estates, found by what is asked for; they answer with the value.

use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::knowledge::fact::{Field, Schema};
use huiyin_domain::locale::Locale;
use huiyin_domain::search::{Document, Key, Reach, Subject};
use huiyin_store::knowledge::fact as rows;
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;
use uuid::Uuid;

use super::reach::knowing;
use super::source::{Answer, Line, Shown, Source};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::knowledge::schema_of;

/// Fact sheets by the name of the estate, and by label, other words and value of
/// each field that is filled in.
#[derive(Clone, Copy, Debug)]
pub struct Facts;

impl Source for Facts {
    fn subject(&self) -> Subject {
        Subject::Fact
    }

    fn documents(&self, tx: &mut Tx<'_>, org: OrgId, ids: &[Uuid]) -> Result<Vec<Document>, Error> {
        let schema = schema_of(tx, org)?;
        let mut documents = Vec::with_capacity(ids.len());
        for id in ids {
            let unit = UnitId(*id);
            let Some(sheet) = rows::get(tx, org, unit)? else { continue };
            let Some(estate) = units::get(tx, org, unit)? else { continue };
            let filled = filled(tx, org, (&schema, unit))?;
            let mut texts = vec![estate.name];
            texts.extend(filled.iter().map(|(field, value)| asked(field, value)));
            documents.push(Document {
                unit: Some(unit),
                texts,
                ..Document::new(Key { org, subject: Subject::Fact, id: *id }, sheet.changed_at)
            });
        }
        Ok(documents)
    }

    fn page(&self, tx: &mut Tx<'_>, org: OrgId, after: Option<Line>, limit: u32) -> Result<Vec<Line>, Error> {
        let found = rows::after(tx, org, after.map(|(_, id)| UnitId(id)), limit)?;
        Ok(found.into_iter().map(|row| (row.changed_at, row.unit.0)).collect())
    }

    fn reach(&self, _tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Option<Reach>, Error> {
        Ok(knowing(ctx))
    }

    fn shown(&self, tx: &mut Tx<'_>, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Shown>, Error> {
        let schema = schema_of(tx, ctx.org())?;
        let tree = units::tree(tx, ctx.org())?;
        let english = ctx.locale == Locale::En;
        let mut shown = Vec::with_capacity(ids.len());
        for id in ids {
            let unit = UnitId(*id);
            let Some(sheet) = rows::get(tx, ctx.org(), unit)? else { continue };
            let standing = tree.unit(unit).filter(|_| tree.placement(unit, ctx.now).is_some());
            let Some(estate) = standing else { continue };
            let answer = |(field, value): (&Field, String)| Answer {
                field: field.name.clone(),
                label: if english { field.label.en.clone() } else { field.label.zh.clone() },
                said: field.said(&value, english),
                asked: asked(field, &value),
                value,
            };
            shown.push(Shown {
                title: Some(estate.name.clone()),
                unit: Some(unit),
                answers: filled(tx, ctx.org(), (&schema, unit))?.into_iter().map(answer).collect(),
                ..Shown::new(*id, sheet.changed_at)
            });
        }
        Ok(shown)
    }
}

/// The fields that a sheet has filled in, in the order of the sheet.
fn filled<'a>(
    tx: &mut Tx<'_>,
    org: OrgId,
    (schema, unit): (&'a Schema, UnitId),
) -> Result<Vec<(&'a Field, String)>, Error> {
    let mut values = rows::values_of(tx, org, unit)?;
    let of = |field: &'a Field| Some((field, values.remove(&field.name)?.0));
    Ok(schema.fields().filter_map(of).collect())
}

/// Everything by which a fact is found, a line for each.
fn asked(field: &Field, value: &str) -> String {
    let mut lines = vec![field.label.zh.clone(), field.label.en.clone()];
    lines.extend(field.words.iter().cloned());
    lines.push(field.said(value, false));
    lines.push(field.said(value, true));
    lines.dedup();
    lines.join("\n")
}
