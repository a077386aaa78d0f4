//! One case as the cells of a table.

use std::collections::HashMap;

use huiyin_domain::case::{Case, Flag, PartyRole, project};
use huiyin_domain::clock::ClockKind;
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::people::{Masking, Sensitive};
use huiyin_domain::time::{Timestamp, WorkingCalendar};
use huiyin_store::StoreError;
use huiyin_store::case::export::ExportedCase;
use huiyin_store::party::{self as parties, contact};
use huiyin_store::people::{person, unit};
use huiyin_store::sql::Tx;
use huiyin_tabular::CellValue;

use crate::ctx::Ctx;

/// Codes of units, logins of people and what is covered, as met so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    units: HashMap<UnitId, String>,
    people: HashMap<PersonId, String>,
    masks: HashMap<UnitId, Masking>,
}

impl Names {
    fn unit(&mut self, tx: &mut Tx<'_>, ctx: &Ctx, id: UnitId) -> Result<CellValue, StoreError> {
        if let Some(code) = self.units.get(&id) {
            return Ok(CellValue::Text(code.clone()));
        }
        let code = unit::get(tx, ctx.org(), id)?.map_or_else(String::new, |unit| unit.code);
        self.units.insert(id, code.clone());
        Ok(CellValue::Text(code))
    }

    /// What the actor sees uncovered of a case of this unit.
    fn mask(&mut self, tx: &mut Tx<'_>, ctx: &Ctx, id: UnitId) -> Result<Masking, StoreError> {
        if let Some(mask) = self.masks.get(&id) {
            return Ok(mask.clone());
        }
        let path = unit::path(tx, ctx.org(), id, ctx.now)?;
        let mask = super::masking(ctx, &ctx.actor.posts_at(&path));
        self.masks.insert(id, mask.clone());
        Ok(mask)
    }

    fn person(&mut self, tx: &mut Tx<'_>, id: Option<PersonId>) -> Result<CellValue, StoreError> {
        let Some(id) = id else { return Ok(CellValue::Empty) };
        if let Some(login) = self.people.get(&id) {
            return Ok(CellValue::Text(login.clone()));
        }
        let login = person::get(tx, id)?.map_or_else(String::new, |person| person.login);
        self.people.insert(id, login.clone());
        Ok(CellValue::Text(login))
    }
}

/// Gives the cells of all columns but those of the customer.
pub(super) fn cells(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    names: &mut Names,
    calendar: &WorkingCalendar,
    exported: &ExportedCase,
) -> Result<Vec<CellValue>, StoreError> {
    let case = &exported.case;
    let facts = project::facts(case);
    let mut cells = vec![
        text(case.external.as_ref().map(|external| external.source.as_str())),
        text(case.external.as_ref().map(|external| external.id.as_str())),
        text(Some(&case.number)),
        text(Some(case.kind.as_str())),
        text(Some(case.channel.as_str())),
        names.unit(tx, ctx, case.unit)?,
        text(Some(case.stage.as_str())),
        text(Some(case.phase().as_str())),
        text(case.closure.map(|closure| closure.as_str())),
        names.person(tx, Some(case.owner))?,
        names.person(tx, case.handler)?,
        text(facts.intake_category),
        text(facts.final_category),
        text(facts.cause),
        CellValue::Bool(case.flags.contains_key(&Flag::Anonymous)),
        CellValue::Int(i64::from(facts.rounds)),
        time(Some(case.received_at)),
        time(facts.accepted_at),
        time(facts.first_reply_at),
        reply_days(calendar, case.received_at, facts.first_reply_at),
        time(facts.closed_at),
    ];
    for kind in ClockKind::ALL {
        let clock = case.clocks.iter().find(|clock| clock.kind == kind);
        cells.push(time(clock.map(|clock| clock.due_at)));
        cells.push(time(clock.and_then(|clock| clock.met_at)));
    }
    cells.extend([text(exported.title.as_deref()), text(exported.text.as_deref())]);
    Ok(cells)
}

/// Counts the working days after the day of the message up to and with that of
/// the first reply; zero on the same day.
fn reply_days(calendar: &WorkingCalendar, received: Timestamp, replied: Option<Timestamp>) -> CellValue {
    let Some(replied) = replied else { return CellValue::Empty };
    let zone = calendar.zone();
    CellValue::Int(i64::from(calendar.working_days_between(zone.date(received), zone.date(replied))))
}

/// Gives name, telephone numbers and addresses of who complains or asks, each
/// covered where the actor's posts at the case's unit do not see it.
pub(super) fn customer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    names: &mut Names,
    case: &Case,
) -> Result<[CellValue; 3], StoreError> {
    let own = case.parties.iter().find(|party| party.role == PartyRole::Complainant);
    let Some(own) = own else { return Ok([CellValue::Empty, CellValue::Empty, CellValue::Empty]) };
    let mask = names.mask(tx, ctx, case.unit)?;
    let name = parties::get(tx, ctx.org(), own.party)?.and_then(|party| party.name);
    let phones = contact::phones(tx, ctx.org(), own.party)?;
    let addresses = contact::addresses(tx, ctx.org(), own.party)?;
    let shown = |field: Sensitive, values: Vec<String>, between: &str| {
        let shown: Vec<String> = values.iter().map(|value| mask.show(field, value)).collect();
        let joined = shown.join(between);
        text(Some(joined.as_str()).filter(|joined| !joined.is_empty()))
    };
    Ok([
        shown(Sensitive::Name, name.into_iter().collect(), ""),
        shown(Sensitive::Phone, phones, ", "),
        shown(Sensitive::Address, addresses.into_iter().map(|address| address.text).collect(), "\n"),
    ])
}

fn text(text: Option<&str>) -> CellValue {
    text.map_or(CellValue::Empty, |text| CellValue::Text(text.to_owned()))
}

fn time(time: Option<Timestamp>) -> CellValue {
    time.map_or(CellValue::Empty, CellValue::Time)
}
