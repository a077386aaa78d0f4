//! Customers entered and changed by hand.

use std::collections::BTreeSet;

use huiyin_domain::ids::{HouseholdId, PartyId, UnitId};
use huiyin_domain::knowledge::Manner;
use huiyin_domain::phone;
use huiyin_store::party::{self as rows, PartyRow, contact, household};
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::intake::add_address;
use super::view::{PartyView, view, visible};
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::check;
use crate::policy::{self, Target, action};

/// The most numbers and the most addresses of one customer.
const MOST: usize = 20;

/// What a customer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// A person.
    #[default]
    Person,
    /// A household as a whole.
    Household,
    /// A company, a committee, an authority.
    Organisation,
}

impl PartyKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Household => "household",
            Self::Organisation => "organisation",
        }
    }
}

/// A customer that is to be entered.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NewParty {
    /// What it is.
    pub kind: PartyKind,
    /// Name.
    pub name: Option<String>,
    /// Numbers, the one to call first in front.
    pub phones: Vec<String>,
    /// Addresses.
    pub addresses: Vec<String>,
    /// Households in which they live.
    pub households: Vec<HouseholdId>,
    /// What helps to serve them.
    pub note: Option<String>,
    /// Where they live or deal with us.
    pub unit: Option<UnitId>,
}

/// What is to be changed of a customer; what is not said stays.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PartyChange {
    /// The version that was seen.
    pub version: i64,
    /// What it is.
    pub kind: Option<PartyKind>,
    /// Name; blank removes it.
    pub name: Option<String>,
    /// All numbers, the one to call first in front.
    pub phones: Option<Vec<String>>,
    /// All addresses.
    pub addresses: Option<Vec<String>>,
    /// All households.
    pub households: Option<Vec<HouseholdId>>,
    /// What helps to serve them; blank removes it.
    pub note: Option<String>,
    /// Where they live or deal with us.
    pub unit: Option<UnitId>,
    /// Whether nobody may visit them (PROP-63).
    pub do_not_visit: Option<bool>,
    /// Why not, or why again.
    pub do_not_visit_why: Option<String>,
    /// The customer that stands for both.
    pub duplicate_of: Option<PartyId>,
    /// How they listen, act and are, all of it (SKILL-12).
    pub manner: Option<Manner>,
}

fn numbers(list: &[String]) -> Result<Vec<String>, Error> {
    if list.len() > MOST {
        return Err(Error::field("phones", "list_length"));
    }
    let mut seen = BTreeSet::new();
    let mut digits = Vec::new();
    for (index, text) in list.iter().enumerate() {
        let number =
            phone::digits(text).ok_or_else(|| Error::field(format!("phones[{index}]"), "invalid_phone"))?;
        if seen.insert(number.clone()) {
            digits.push(number);
        }
    }
    Ok(digits)
}

fn places(list: &[String]) -> Result<Vec<String>, Error> {
    if list.len() > MOST {
        return Err(Error::field("addresses", "list_length"));
    }
    let all = list.iter().enumerate();
    all.map(|(index, text)| check::text(&format!("addresses[{index}]"), text, 500)).collect()
}

/// Refuses a unit that does not stand or where the actor may not enter anybody.
fn permitted(tx: &mut Tx<'_>, ctx: &Ctx, unit: Option<UnitId>) -> Result<(), Error> {
    let Some(unit) = unit else {
        return policy::permit(&ctx.actor, action::EditParties, Target::Anywhere).map(|_| ());
    };
    let path = units::path(tx, ctx.org(), unit, ctx.now)?;
    if path.is_empty() {
        return Err(Error::field("unit", "unit_unknown"));
    }
    policy::permit(&ctx.actor, action::EditParties, Target::Unit(&path)).map(|_| ())
}

fn live_in(tx: &mut Tx<'_>, ctx: &Ctx, party: PartyId, homes: &[HouseholdId]) -> Result<(), Error> {
    if homes.len() > MOST {
        return Err(Error::field("households", "list_length"));
    }
    for (index, home) in homes.iter().enumerate() {
        let there = household::get(tx, ctx.org(), *home)?;
        there.ok_or_else(|| Error::field(format!("households[{index}]"), "unknown_household"))?;
        household::join(tx, ctx.org(), party, *home, ("other", ctx.now))?;
    }
    Ok(())
}

/// Enters a customer.
///
/// # Errors
/// `forbidden`, or a field that is not acceptable.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewParty) -> Result<PartyView, Error> {
    permitted(tx, ctx, new.unit)?;
    let row = PartyRow {
        id: PartyId(ctx.uuid()),
        kind: new.kind.name().to_owned(),
        name: check::optional("name", new.name.as_deref(), 100)?,
        note: check::optional("note", new.note.as_deref(), 2000)?,
        unit: new.unit,
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
    rows::insert(tx, ctx.org(), &row)?;
    contact::set_phones(tx, ctx.org(), row.id, &numbers(&new.phones)?, ctx.now)?;
    for address in places(&new.addresses)? {
        add_address(tx, ctx, row.id, &address)?;
    }
    live_in(tx, ctx, row.id, &new.households)?;
    audit::record(tx, ctx, "party_created", Object::new("party", row.id), json!({"kind": row.kind}))?;
    view(tx, ctx, row)
}

/// Changes a customer.
///
/// # Errors
/// `forbidden`, `not_found`, `stale`, `erased`, or a field that is not acceptable.
pub fn change(tx: &mut Tx<'_>, ctx: &Ctx, id: PartyId, change: &PartyChange) -> Result<PartyView, Error> {
    let mut row = visible(tx, ctx, id)?;
    permitted(tx, ctx, row.unit)?;
    if row.erased_at.is_some() {
        return Err(Error::conflict("erased"));
    }
    if row.version != change.version {
        return Err(Error::stale().with("version", row.version));
    }
    fields(tx, ctx, &mut row, change)?;
    if !rows::update(tx, ctx.org(), &row, ctx.now)? {
        return Err(Error::stale());
    }
    if let Some(phones) = &change.phones {
        contact::set_phones(tx, ctx.org(), id, &numbers(phones)?, ctx.now)?;
    }
    if let Some(addresses) = &change.addresses {
        contact::clear_addresses(tx, ctx.org(), id)?;
        for address in places(addresses)? {
            add_address(tx, ctx, id, &address)?;
        }
    }
    if let Some(homes) = &change.households {
        household::leave(tx, ctx.org(), id)?;
        live_in(tx, ctx, id, homes)?;
    }
    let details = json!({"do_not_visit": row.do_not_visit, "duplicate_of": row.duplicate_of});
    audit::record(tx, ctx, "party_changed", Object::new("party", id), details)?;
    let changed = visible(tx, ctx, id)?;
    view(tx, ctx, changed)
}

fn fields(tx: &mut Tx<'_>, ctx: &Ctx, row: &mut PartyRow, change: &PartyChange) -> Result<(), Error> {
    if let Some(kind) = change.kind {
        row.kind = kind.name().to_owned();
    }
    if let Some(name) = &change.name {
        row.name = check::optional("name", Some(name), 100)?;
    }
    if let Some(note) = &change.note {
        row.note = check::optional("note", Some(note), 2000)?;
    }
    if change.unit.is_some() {
        permitted(tx, ctx, change.unit)?;
        row.unit = change.unit;
    }
    if let Some(flag) = change.do_not_visit {
        let why = check::optional("do_not_visit_why", change.do_not_visit_why.as_deref(), 500)?;
        // set or taken back, the reason is recorded clearly (PROP-63)
        if flag != row.do_not_visit && why.is_none() {
            return Err(Error::field("do_not_visit_why", "required"));
        }
        row.do_not_visit = flag;
        row.do_not_visit_why = why.or_else(|| row.do_not_visit_why.take());
    }
    if let Some(other) = change.duplicate_of {
        let stands = visible(tx, ctx, other)?;
        if other == row.id || stands.duplicate_of.is_some() {
            return Err(Error::field("duplicate_of", "duplicate_chain"));
        }
        row.duplicate_of = Some(other);
    }
    row.manner = change.manner.unwrap_or(row.manner);
    Ok(())
}
