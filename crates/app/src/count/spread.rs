//! How the choices of a field are spread, against what its source expects (CP8-4).

use std::collections::BTreeMap;

use huiyin_domain::case::Kind;
use huiyin_domain::count::Period;
use huiyin_domain::ids::UnitId;
use huiyin_domain::locale::Locale;
use huiyin_domain::pack::{FieldDef, FieldKind, Names};
use huiyin_store::case::{CaseFilter, export, read};
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// The most cases that one distribution looks at.
const MOST: u64 = 200_000;

/// One choice of the field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SpreadLine {
    /// Name of the choice.
    pub choice: String,
    /// Its title in the reader's language.
    pub title: String,
    /// Complaints with it.
    pub count: u64,
    /// Its share among those with any choice, in tenths of a per cent.
    pub per_mille: Option<u64>,
    /// What the source expects: from so many per cent.
    pub expected_from: Option<u32>,
    /// What the source expects: up to so many per cent.
    pub expected_to: Option<u32>,
    /// True when the share lies outside of what the source expects.
    pub outside: bool,
}

/// How the choices of a field are spread in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Spread {
    /// Name of the field.
    pub field: String,
    /// Its title in the reader's language.
    pub title: String,
    /// Complaints received in the period for which it was noted.
    pub noted: u64,
    /// Complaints received in the period, whether it was noted or not.
    pub of: u64,
    /// The choices in the order of the pack.
    pub lines: Vec<SpreadLine>,
}

/// Counts the choices of a field over the complaints of a period.
///
/// Where several packs have the field, their choices are counted together.
///
/// # Errors
/// `forbidden`, or `not_found` for a field that no pack in use has as a choice.
pub fn spread(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (field, period, unit): (&str, Period, Option<UnitId>),
) -> Result<Spread, Error> {
    policy::permit(&ctx.actor, action::ViewFigures, Target::Anywhere)?;
    let held = rules.of(tx, ctx.org())?;
    let (from, to) = period.bounds(held.calendar().zone());
    let mut filter = CaseFilter {
        kind: Some(Kind::Complaint),
        unit,
        received_from: Some(from),
        received_before: Some(to),
        limit: export::PAGE,
        ..CaseFilter::default()
    };
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut def: Option<FieldDef> = held.field(field).cloned();
    let (mut of, mut noted) = (0, 0);
    loop {
        let page = export::page(tx, &ctx.actor.scope(), &filter, ctx.now)?;
        filter.after = page.last().map(|last| (last.case.received_at, last.case.id));
        let whole = page.len() == export::PAGE as usize;
        for one in page {
            of += 1;
            let Some(sealed) = one.case.fields.get(field) else { continue };
            if def.is_none() {
                def = held.pack(&one.case.pack)?.field(Kind::Complaint, field).cloned();
            }
            if let Some(choice) = read::text(tx, ctx.org(), one.case.id, sealed)? {
                *counts.entry(choice).or_default() += 1;
                noted += 1;
            }
        }
        if !whole || of >= MOST {
            break;
        }
    }
    let def = def.filter(|def| matches!(def.kind, FieldKind::Choice(_)));
    let def = def.ok_or_else(Error::not_found)?;
    Ok(Spread {
        field: field.to_owned(),
        title: said(ctx, &def.title).to_owned(),
        noted,
        of,
        lines: lines(ctx, &def, &counts, noted),
    })
}

fn said<'n>(ctx: &Ctx, names: &'n Names) -> &'n str {
    match ctx.locale {
        Locale::ZhCn => &names.zh,
        Locale::En => &names.en,
    }
}

fn lines(ctx: &Ctx, def: &FieldDef, counts: &BTreeMap<String, u64>, noted: u64) -> Vec<SpreadLine> {
    let FieldKind::Choice(choices) = &def.kind else { return Vec::new() };
    let line = |choice: &String| {
        let count = counts.get(choice).copied().unwrap_or(0);
        let label = def.labels.get(choice);
        let share = label.and_then(|label| label.share);
        let per_mille = (noted > 0).then(|| (count * 2_000 + noted) / (noted * 2));
        let outside = per_mille
            .zip(share)
            .is_some_and(|(part, (least, most))| part < u64::from(least) * 10 || part > u64::from(most) * 10);
        SpreadLine {
            choice: choice.clone(),
            title: label.map_or_else(|| choice.clone(), |label| said(ctx, &label.title).to_owned()),
            count,
            per_mille,
            expected_from: share.map(|(least, _)| least),
            expected_to: share.map(|(_, most)| most),
            outside,
        }
    };
    choices.iter().map(line).collect()
}
