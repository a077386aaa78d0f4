//! The customer behind a message: the one known by phone and name, else a new one.

use huiyin_domain::ids::{PartyId, UnitId};
use huiyin_domain::people::{PhoneSearch, Sensitive};
use huiyin_domain::text::Text;
use huiyin_store::party::{self as rows, PartyRow, contact};
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::audit;
use crate::ctx::{Ctx, Via};
use crate::error::Error;

/// Who complains or asks, as far as told (PROP-46); nothing is insisted on (PROP-47).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reporter {
    /// Name or surname.
    #[serde(default)]
    pub name: Option<Text>,
    /// Telephone number.
    #[serde(default)]
    #[schema(max_length = 40)]
    pub phone: Option<String>,
    /// Address or room.
    #[serde(default)]
    pub address: Option<Text>,
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
/// the same phone is another person of the household.
///
/// # Errors
/// `invalid_phone` when the number cannot be one.
pub fn for_intake(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId, reporter: &Reporter) -> Result<PartyId, Error> {
    let name = reporter.name.as_ref().map(|name| name.as_str().to_owned());
    let digits = reporter.phone.as_deref().map(digits).transpose()?;
    if let Some(digits) = &digits {
        let search =
            PhoneSearch::parse(digits).map_err(|_| Error::field("reporter.phone", "invalid_phone"))?;
        let known = rows::by_phone(tx, ctx.org(), &search, MOST)?;
        let same = known.into_iter().find(|party| party.name == name || name.is_none());
        if let Some(party) = same {
            return Ok(party.duplicate_of.unwrap_or(party.id));
        }
    }
    let party = PartyRow {
        id: PartyId(ctx.uuid()),
        kind: "person".to_owned(),
        name,
        note: None,
        unit: Some(unit),
        do_not_visit: false,
        do_not_visit_why: None,
        duplicate_of: None,
        created_at: ctx.now,
        created_by: matches!(ctx.actor.via, Via::Session(_) | Via::Token(_)).then_some(ctx.actor.person),
        changed_at: ctx.now,
        erased_at: None,
        version: 1,
    };
    rows::insert(tx, ctx.org(), &party)?;
    if let Some(digits) = &digits {
        contact::add_phone(tx, ctx.org(), party.id, digits, ctx.now)?;
    }
    if let Some(address) = &reporter.address {
        let row = contact::AddressRow { id: Uuid::from(ctx.uuid()), text: address.as_str().to_owned() };
        contact::add_address(tx, ctx.org(), party.id, &row, ctx.now)?;
    }
    Ok(party.id)
}

/// Finds customers by a phone: the whole number or its last four digits.
///
/// The search is logged (domain.md §5).
///
/// # Errors
/// What the store gives; what is no phone finds nothing.
pub fn by_phone(tx: &mut Tx<'_>, ctx: &Ctx, phone: &str) -> Result<Vec<PartyId>, Error> {
    let Ok(search) = PhoneSearch::parse(phone) else { return Ok(Vec::new()) };
    let found = rows::by_phone(tx, ctx.org(), &search, MOST)?;
    let _ = (Sensitive::Phone, audit::PAGE);
    Ok(found.into_iter().map(|party| party.id).collect())
}

/// Keeps the digits of a number, with a leading `+` gone.
fn digits(phone: &str) -> Result<String, Error> {
    let wrong = || Error::field("reporter.phone", "invalid_phone");
    if !phone.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')')) {
        return Err(wrong());
    }
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    if (5..=20).contains(&digits.len()) { Ok(digits) } else { Err(wrong()) }
}
