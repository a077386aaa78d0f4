//! Residents: households of every estate with somebody who lives there.

use super::cast::{Cast, at};
use super::chance::Chance;
use super::words::{Estate, Words};
use huiyin_app::{Actor, App, Ctx, Error};
use huiyin_domain::ids::{HouseholdId, PartyId, UnitId};
use huiyin_domain::time::Timestamp;
use huiyin_store::party::{self, PartyRow, contact, household};
use huiyin_store::sql::Tx;

/// Somebody who lives in one of the estates.
pub struct Resident {
    /// The customer.
    pub party: PartyId,
    /// Form of address: surname with 先生 or 女士.
    pub called: String,
    /// The estate's unit.
    pub unit: UnitId,
    /// Code of the centre that looks after it.
    pub centre: String,
    /// Name of the estate.
    pub estate: String,
    /// Building.
    pub building: String,
    /// Room code.
    pub room: String,
}

/// Telephone numbers begin with this; no such range is in use.
const RANGE: &str = "1990000";

/// Settles one household into every room.
///
/// # Errors
/// What the store gives.
pub fn settle(
    tx: &mut Tx<'_>,
    app: &App,
    cast: &Cast,
    (words, chance): (&Words, &mut Chance),
    began: Timestamp,
) -> Result<Vec<Resident>, Error> {
    let ctx = at(app, Actor::command_line(cast.org), began);
    let mut homes = Vec::new();
    for (estate, building, room) in words.company.estate.iter().flat_map(rooms) {
        let named = words.company.unit.iter().find(|unit| unit.code == estate.unit);
        let (surname, given) =
            (pick(&words.residents.surnames, chance), pick(&words.residents.given, chance));
        let resident = Resident {
            party: PartyId(ctx.uuid()),
            called: format!("{surname}{}", if chance.percent(50) { "先生" } else { "女士" }),
            unit: cast.unit(&estate.unit)?,
            centre: estate.centre.clone(),
            estate: named.map(|unit| unit.name.clone()).unwrap_or_default(),
            building: building.to_owned(),
            room,
        };
        let phone = format!("{RANGE}{:04}", homes.len());
        let flat = i64::from(chance.between(6_800, 14_200));
        insert(tx, &ctx, &resident, (format!("{surname}{given}"), phone, flat))?;
        homes.push(resident);
    }
    Ok(homes)
}

/// Every room of an estate, with building and room code.
fn rooms(estate: &Estate) -> impl Iterator<Item = (&Estate, &str, String)> {
    let doors = move |floor: u32| (1..=estate.rooms).map(move |door| format!("{floor}{door:02}"));
    estate.buildings.iter().flat_map(move |building| {
        (1..=estate.floors).flat_map(doors).map(move |room| (estate, building.as_str(), room))
    })
}

fn pick<'a>(list: &'a [String], chance: &mut Chance) -> &'a str {
    list.get(chance.index(list.len())).map_or("", String::as_str)
}

fn insert(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    resident: &Resident,
    (name, phone, area): (String, String, i64),
) -> Result<(), Error> {
    let (org, now) = (ctx.org(), ctx.now);
    let party = PartyRow {
        id: resident.party,
        kind: "person".to_owned(),
        name: Some(name),
        note: None,
        unit: Some(resident.unit),
        do_not_visit: false,
        do_not_visit_why: None,
        duplicate_of: None,
        manner: Default::default(),
        created_at: now,
        created_by: None,
        changed_at: now,
        erased_at: None,
        version: 1,
    };
    party::insert(tx, org, &party)?;
    contact::add_phone(tx, org, party.id, &phone, now)?;
    let text = format!("{}{}{}", resident.estate, resident.building, resident.room);
    contact::add_address(tx, org, party.id, &contact::AddressRow { id: ctx.uuid(), text }, now)?;
    let home = household::HouseholdRow {
        id: HouseholdId(ctx.uuid()),
        unit: resident.unit,
        building: resident.building.clone(),
        room: resident.room.clone(),
        area: Some(area),
        moved_in_on: None,
        version: 1,
    };
    household::insert(tx, org, &home, now)?;
    Ok(household::join(tx, org, party.id, home.id, ("owner", now))?)
}
