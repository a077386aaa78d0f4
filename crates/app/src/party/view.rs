//! What a post sees of a customer, and the searches that are allowed.

use std::collections::BTreeSet;

use huiyin_domain::ids::{HouseholdId, PartyId, UnitId};
use huiyin_domain::knowledge::Manner;
use huiyin_domain::people::{Masking, PhoneSearch, Sensitive};
use huiyin_domain::time::Timestamp;
use huiyin_store::party::{self as rows, PartyFilter, PartyRow, consent, contact, household};
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;

pub use huiyin_store::party::consent::ConsentRow;

use super::intake::term;
use crate::audit::{self, Object};
use crate::ctx::{Ctx, Via};
use crate::error::Error;
use crate::policy::{self, Target, action};

/// What tells who a customer is in a view.
const IDENTITY: [Sensitive; 3] = [Sensitive::Name, Sensitive::Phone, Sensitive::Address];

/// The most customers that one page holds.
const PAGE: u32 = 200;

/// A customer as the actor sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyView {
    /// Identity.
    pub id: PartyId,
    /// `person`, `household` or `organisation`.
    pub kind: String,
    /// Name, covered where the post may not see it.
    pub name: Option<String>,
    /// Numbers, covered where the post may not see them.
    pub phones: Vec<String>,
    /// Addresses, covered where the post may not see them.
    pub addresses: Vec<String>,
    /// Where they live.
    pub residences: Vec<ResidenceView>,
    /// What helps to serve them; only for who sees the name.
    pub note: Option<String>,
    /// Where they live or deal with us.
    pub unit: Option<UnitId>,
    /// Whether nobody may visit them (PROP-63).
    pub do_not_visit: bool,
    /// Why not.
    pub do_not_visit_why: Option<String>,
    /// Consents, withdrawn ones too.
    pub consents: Vec<ConsentRow>,
    /// The customer that stands for both, when this one was entered twice.
    pub duplicate_of: Option<PartyId>,
    /// How they listen, act and are (SKILL-12); only for who sees the name.
    pub manner: Manner,
    /// Others with the same number, who may be the same (PROP-46).
    pub same_phone: Vec<PartyId>,
    /// Whether anything is covered.
    pub masked: bool,
    /// When the identity was erased on lawful request.
    pub erased_at: Option<Timestamp>,
    /// When the customer was entered.
    pub created_at: Timestamp,
    /// Grows by one with each change.
    pub version: i64,
}

/// Where a customer lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResidenceView {
    /// The household.
    pub household: HouseholdId,
    /// The estate.
    pub unit: UnitId,
    /// The building; covered with the address.
    pub building: String,
    /// The room code; covered with the address.
    pub room: String,
    /// As what: owner, tenant, family, other.
    pub role: String,
}

/// Which customers are wanted; every part is optional.
#[derive(Clone, Debug, Default)]
pub struct PartySearch {
    /// A whole number or its last four digits.
    pub phone: Option<String>,
    /// Exactly this name.
    pub name: Option<String>,
    /// Of this household.
    pub household: Option<HouseholdId>,
    /// Of this unit.
    pub unit: Option<UnitId>,
    /// With or without the flag of PROP-63.
    pub do_not_visit: Option<bool>,
    /// After this one.
    pub after: Option<PartyId>,
    /// At most so many.
    pub limit: u32,
}

/// One page of customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyPage {
    /// In the order of entry.
    pub items: Vec<PartyView>,
    /// Where the next page begins; none when this is the last.
    pub next: Option<PartyId>,
}

/// Lists customers that the actor may see, in the order of entry.
///
/// A number is searched whole or by its last four digits, a name only by who
/// sees names; both searches are logged, and so is that uncovered fields were
/// shown: this writes.
///
/// # Errors
/// `forbidden`, or `part_of_number`.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, search: &PartySearch) -> Result<PartyPage, Error> {
    policy::permit(&ctx.actor, action::ViewParties, Target::Anywhere)?;
    let phone = match &search.phone {
        None => None,
        Some(text) => {
            let parsed = PhoneSearch::parse(text).map_err(|_| Error::field("phone", "part_of_number"))?;
            audit::searched(tx, ctx, Sensitive::Phone, term(&parsed))?;
            Some(parsed)
        }
    };
    if let Some(name) = &search.name {
        let posts: Vec<_> = ctx.actor.posts.iter().map(|held| held.post).collect();
        if !machine(ctx) && !Masking::of(&posts).is_clear(Sensitive::Name) {
            return Err(policy::denied(policy::Action::ViewParties).with_field("name", "masked_field"));
        }
        audit::searched(tx, ctx, Sensitive::Name, name)?;
    }
    let limit = search.limit.clamp(1, PAGE);
    let filter = PartyFilter {
        phone,
        name: search.name.clone(),
        household: search.household,
        unit: search.unit,
        do_not_visit: search.do_not_visit,
        after: search.after,
        limit: limit + 1,
    };
    let mut found = rows::list(tx, &ctx.actor.scope(), &filter, ctx.now)?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| last.id);
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    for row in found {
        let masking = masking(tx, ctx, row.unit)?;
        seen.extend(IDENTITY.into_iter().filter(|field| masking.is_clear(*field)));
        items.push(covered(tx, ctx, row, &masking)?);
    }
    for field in seen {
        audit::viewed(tx, ctx, field, Object::new("party_list", &ctx.request_id))?;
    }
    Ok(PartyPage { items, next })
}

/// Gives a customer; that uncovered fields were shown is logged.
///
/// # Errors
/// `forbidden`, or `not_found` when not there or not for this person to know.
pub fn get(tx: &mut Tx<'_>, ctx: &Ctx, id: PartyId) -> Result<PartyView, Error> {
    policy::permit(&ctx.actor, action::ViewParties, Target::Anywhere)?;
    let row = visible(tx, ctx, id)?;
    let masking = masking(tx, ctx, row.unit)?;
    for field in IDENTITY {
        if masking.is_clear(field) {
            audit::viewed(tx, ctx, field, Object::new("party", id))?;
        }
    }
    view(tx, ctx, row)
}

/// Gives a customer for a caller that logs by itself what was shown.
///
/// # Errors
/// As [`get`].
pub(crate) fn look(tx: &mut Tx<'_>, ctx: &Ctx, id: PartyId) -> Result<PartyView, Error> {
    policy::permit(&ctx.actor, action::ViewParties, Target::Anywhere)?;
    let row = visible(tx, ctx, id)?;
    view(tx, ctx, row)
}

/// Gives a customer's row when the actor's reach covers it.
///
/// # Errors
/// `not_found` when not.
pub(super) fn visible(tx: &mut Tx<'_>, ctx: &Ctx, id: PartyId) -> Result<PartyRow, Error> {
    let row = rows::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let own = row.created_by == Some(ctx.actor.person) && ctx.actor.identified();
    let Some(unit) = row.unit else { return Ok(row) };
    let path = units::path(tx, ctx.org(), unit, ctx.now)?;
    if own || ctx.actor.scope().covers(&path) { Ok(row) } else { Err(Error::not_found()) }
}

fn machine(ctx: &Ctx) -> bool {
    matches!(ctx.actor.via, Via::System | Via::CommandLine)
}

fn masking(tx: &mut Tx<'_>, ctx: &Ctx, unit: Option<UnitId>) -> Result<Masking, Error> {
    if machine(ctx) {
        return Ok(Masking::none());
    }
    let posts = match unit {
        Some(unit) => {
            let path = units::path(tx, ctx.org(), unit, ctx.now)?;
            ctx.actor.posts_at(&path)
        }
        None => ctx.actor.posts.iter().map(|held| held.post).collect(),
    };
    Ok(Masking::of(&posts))
}

/// Makes a customer's view with what its unit lets the actor see.
pub(super) fn view(tx: &mut Tx<'_>, ctx: &Ctx, row: PartyRow) -> Result<PartyView, Error> {
    let masking = masking(tx, ctx, row.unit)?;
    covered(tx, ctx, row, &masking)
}

/// Makes a customer's view under a masking, such as that of a case.
///
/// # Errors
/// What the store gives.
pub fn covered(tx: &mut Tx<'_>, ctx: &Ctx, row: PartyRow, masking: &Masking) -> Result<PartyView, Error> {
    let phones = contact::phones(tx, ctx.org(), row.id)?;
    let same_phone = same_phone(tx, ctx, row.id, &phones)?;
    let addresses = contact::addresses(tx, ctx.org(), row.id)?;
    let show = |field: Sensitive, text: &str| masking.show(field, text);
    let residences = household::of_party(tx, ctx.org(), row.id)?.into_iter().map(|(home, role)| {
        let part = |text: String| if masking.is_clear(Sensitive::Address) { text } else { "****".to_owned() };
        ResidenceView {
            household: home.id,
            unit: home.unit,
            building: part(home.building),
            room: part(home.room),
            role,
        }
    });
    let named = masking.is_clear(Sensitive::Name);
    Ok(PartyView {
        id: row.id,
        kind: row.kind,
        name: row.name.map(|name| show(Sensitive::Name, &name)),
        phones: phones.iter().map(|digits| show(Sensitive::Phone, digits)).collect(),
        addresses: addresses.iter().map(|address| show(Sensitive::Address, &address.text)).collect(),
        residences: residences.collect(),
        note: row.note.filter(|_| named),
        unit: row.unit,
        do_not_visit: row.do_not_visit,
        do_not_visit_why: row.do_not_visit_why.filter(|_| named),
        consents: consent::of_party(tx, ctx.org(), row.id)?,
        duplicate_of: row.duplicate_of,
        manner: if named { row.manner } else { Manner::default() },
        same_phone,
        masked: !Sensitive::ALL.into_iter().take(3).all(|field| masking.is_clear(field)),
        erased_at: row.erased_at,
        created_at: row.created_at,
        version: row.version,
    })
}

/// Lists others whom the actor sees and who have one of the numbers.
fn same_phone(tx: &mut Tx<'_>, ctx: &Ctx, id: PartyId, phones: &[String]) -> Result<Vec<PartyId>, Error> {
    let mut others = Vec::new();
    for digits in phones {
        let filter = PartyFilter {
            phone: Some(PhoneSearch::Whole(digits.clone())),
            limit: 20,
            ..PartyFilter::default()
        };
        let found = rows::list(tx, &ctx.actor.scope(), &filter, ctx.now)?;
        others.extend(found.into_iter().map(|row| row.id).filter(|other| *other != id));
    }
    others.sort_unstable();
    others.dedup();
    Ok(others)
}
