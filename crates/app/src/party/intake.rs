//! The customer behind a message: the one known by phone and name, else a new one.

use huiyin_domain::ids::{PartyId, UnitId};
use huiyin_domain::people::{PhoneSearch, Sensitive};
use huiyin_domain::phone;
use huiyin_domain::text::Text;
use huiyin_store::party::{self as rows, PartyRow, contact, household};
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::household::room_at;
use crate::audit;
use crate::ctx::Ctx;
use crate::error::Error;

/// Who complains or asks, as far as told (PROP-46).
///
/// Nothing is insisted on (PROP-47).
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reporter {
    /// Name or surname.
    #[serde(default)]
    pub name: Option<Text>,
    /// Telephone number.
    #[serde(default)]
    #[schema(max_length = 40)]
    pub phone: Option<String>,
    /// Address as told.
    #[serde(default)]
    pub address: Option<Text>,
    /// Building and room in the case's estate.
    #[serde(default)]
    pub household: Option<Room>,
}

/// A room in an estate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// The building.
    pub building: Text,
    /// The room code, as on the door.
    pub room: Text,
}

/// How many customers one phone may lead to in a search.
const MOST: u32 = 200;

/// Tells whether a customer exists in this organisation.
///
/// # Errors
/// What the store gives.
pub fn exists(tx: &mut Tx<'_>, ctx: &Ctx, party: PartyId) -> Result<bool, Error> {
    Ok(rows::get(tx, ctx.org(), party)?.is_some())
}

/// Finds or makes the customer behind a message.
///
/// The same phone and the same name are the same customer; another name at
/// the same phone is another person of the household; a phone without a name
/// is the one customer who has it, or somebody new where several have. Nobody
/// is refused: what stands against a customer is not looked at here.
///
/// # Errors
/// `invalid_phone` when the number cannot be one, or a room that cannot be.
pub fn for_intake(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId, reporter: &Reporter) -> Result<PartyId, Error> {
    let name = reporter.name.as_ref().map(|name| name.as_str().to_owned());
    let digits = match reporter.phone.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(text) => {
            Some(phone::digits(text).ok_or_else(|| Error::field("reporter.phone", "invalid_phone"))?)
        }
    };
    let known = match &digits {
        Some(digits) => known(tx, ctx, digits, name.as_deref())?,
        None => None,
    };
    let party = match known {
        Some(party) => party,
        None => new_party(tx, ctx, unit, name)?,
    };
    if let Some(digits) = &digits {
        contact::add_phone(tx, ctx.org(), party, digits, ctx.now)?;
    }
    if let Some(address) = &reporter.address {
        add_address(tx, ctx, party, address.as_str())?;
    }
    if let Some(room) = &reporter.household {
        let household = room_at(tx, ctx, unit, room)?;
        household::join(tx, ctx.org(), party, household, ("other", ctx.now))?;
    }
    Ok(party)
}

fn known(tx: &mut Tx<'_>, ctx: &Ctx, digits: &str, name: Option<&str>) -> Result<Option<PartyId>, Error> {
    let found = rows::by_phone(tx, ctx.org(), &PhoneSearch::Whole(digits.to_owned()), MOST)?;
    let standing = |party: &PartyRow| party.duplicate_of.unwrap_or(party.id);
    let Some(name) = name else {
        let mut all: Vec<PartyId> = found.iter().map(standing).collect();
        all.sort_unstable();
        all.dedup();
        return Ok(if let [only] = all[..] { Some(only) } else { None });
    };
    Ok(found.iter().find(|party| party.name.as_deref() == Some(name)).map(standing))
}

fn new_party(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId, name: Option<String>) -> Result<PartyId, Error> {
    let party = PartyRow {
        id: PartyId(ctx.uuid()),
        kind: "person".to_owned(),
        name,
        note: None,
        unit: Some(unit),
        do_not_visit: false,
        do_not_visit_why: None,
        duplicate_of: None,
        manner: Default::default(),
        created_at: ctx.now,
        created_by: ctx.actor.identified().then_some(ctx.actor.person),
        changed_at: ctx.now,
        erased_at: None,
        version: 1,
    };
    rows::insert(tx, ctx.org(), &party)?;
    Ok(party.id)
}

/// Adds an address that is not there yet.
pub(super) fn add_address(tx: &mut Tx<'_>, ctx: &Ctx, party: PartyId, text: &str) -> Result<(), Error> {
    let there = contact::addresses(tx, ctx.org(), party)?;
    if there.iter().any(|address| address.text == text) {
        return Ok(());
    }
    let row = contact::AddressRow { id: ctx.uuid(), text: text.to_owned() };
    Ok(contact::add_address(tx, ctx.org(), party, &row, ctx.now)?)
}

/// Finds customers by a phone: the whole number or its last four digits.
///
/// The search is logged, so that it needs a transaction that writes.
///
/// # Errors
/// What the store gives; what is no phone finds nothing.
pub fn by_phone(tx: &mut Tx<'_>, ctx: &Ctx, phone: &str) -> Result<Vec<PartyId>, Error> {
    let Ok(search) = PhoneSearch::parse(phone) else { return Ok(Vec::new()) };
    let found = rows::by_phone(tx, ctx.org(), &search, MOST)?;
    audit::searched(tx, ctx, Sensitive::Phone, term(&search))?;
    Ok(found.into_iter().map(|party| party.id).collect())
}

/// Gives the digits searched by.
pub(super) fn term(search: &PhoneSearch) -> &str {
    match search {
        PhoneSearch::Whole(digits) | PhoneSearch::LastFour(digits) => digits,
    }
}
