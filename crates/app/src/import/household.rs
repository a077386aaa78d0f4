//! A row becomes a household with its head and telephone numbers.

use huiyin_domain::ids::{HouseholdId, UnitId};
use huiyin_domain::text::Text;
use huiyin_store::party::contact;
use huiyin_store::party::household as rows;
use huiyin_store::sql::Tx;
use huiyin_tabular::{Field, MappedRow, MappedValue};

use super::case::split;
use super::person::{date, required};
use super::{Desk, Outcome};
use crate::error::Error;
use crate::party::{self, NewHousehold, Reporter};

/// The role of whoever heads a household.
const HEAD: &str = "owner";

/// Adds one household, unless its room is there.
///
/// # Errors
/// What is wrong with the row, by target.
pub(super) fn take(tx: &mut Tx<'_>, desk: &mut Desk<'_>, row: &MappedRow) -> Result<Outcome, Error> {
    let ctx = desk.ctx;
    let new = NewHousehold {
        unit: desk.places.unit(tx, ctx, row.text(Field::Unit))?,
        building: required(row, Field::Building)?.to_owned(),
        room: required(row, Field::Code)?.to_owned(),
        area: area(row),
        moved_in_on: date(row, Field::MovedInOn)?,
    };
    if rows::at(tx, ctx.org(), new.unit, new.building.trim(), new.room.trim())?.is_some() {
        return Ok(Outcome::AlreadyThere);
    }
    let household = party::create_household(tx, ctx, &new)?;
    head(tx, desk, new.unit, household.id, row)?;
    Ok(Outcome::Imported)
}

/// Gives the floor area in hundredths of a square metre.
fn area(row: &MappedRow) -> Option<i64> {
    match row.get(Field::Area) {
        Some(MappedValue::Hundredths(area)) => Some(*area),
        _ => None,
    }
}

/// Finds or makes who heads the household, with every number given.
fn head(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    unit: UnitId,
    household: HouseholdId,
    row: &MappedRow,
) -> Result<(), Error> {
    let ctx = desk.ctx;
    let text = |field: Field| row.text(field).and_then(|text| Text::new(text).ok());
    let phones = row.list(Field::Phones);
    let reporter = Reporter {
        name: text(Field::HeadName),
        phone: phones.first().map(|phone| split(phone).0.to_owned()),
        address: text(Field::Address),
        household: None,
    };
    if reporter.name.is_none() && reporter.phone.is_none() && reporter.address.is_none() {
        return Ok(());
    }
    let in_phones = |error: Error| {
        let wrong = error.fields().iter().any(|field| field.path == "reporter.phone");
        if wrong { Error::field("phones", "bad_phone") } else { error }
    };
    let party = party::for_intake(tx, ctx, unit, &reporter).map_err(in_phones)?;
    for phone in phones.iter().skip(1) {
        let digits: String = split(phone).0.chars().filter(char::is_ascii_digit).collect();
        contact::add_phone(tx, ctx.org(), party, &digits, ctx.now)?;
    }
    Ok(rows::join(tx, ctx.org(), party, household, (HEAD, ctx.now))?)
}
