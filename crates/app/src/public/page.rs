//! Publishing the complaint channels of an estate (PROP-44).

use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use huiyin_store::people::{organisation, unit as units};
use huiyin_store::public::{self as rows, PublicPageRow};
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::audit::{self, Object};
use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::phrase;
use crate::policy::{self, Target, action};

/// The most pages of one organisation that are listed.
const MOST: u32 = 1_000;

/// Letters of addresses: none that look alike.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Length of the last part of an address.
const LENGTH: usize = 8;

/// The ways by which customers reach an estate; what is left out is not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Channels {
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Text>,
    /// Fax number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fax: Option<Text>,
    /// Mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Text>,
    /// Who to ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Text>,
    /// Where the suggestion box hangs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion_box: Option<Text>,
    /// Where to come in person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Text>,
    /// When somebody is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Text>,
    /// A word to customers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

impl Channels {
    /// Gives what everybody reads of it, each text with its path.
    fn said(&self) -> Vec<(String, &Text)> {
        let all = [
            ("phone", &self.phone),
            ("fax", &self.fax),
            ("email", &self.email),
            ("contact", &self.contact),
            ("suggestion_box", &self.suggestion_box),
            ("address", &self.address),
            ("hours", &self.hours),
            ("note", &self.note),
        ];
        let said = all.into_iter().filter_map(|(path, text)| Some((path.to_owned(), text.as_ref()?)));
        said.collect()
    }
}

/// The public page of an estate.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PublicPage {
    /// The estate.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Where it is, such as `/p/k3m7x2aq`.
    pub path: String,
    /// Since when.
    pub opened_at: Timestamp,
    /// What it publishes.
    pub channels: Channels,
    /// The company, as customers read it.
    #[serde(skip)]
    pub company: String,
    /// The organisation that the address decides.
    #[serde(skip)]
    pub org: OrgId,
}

fn told(tx: &mut Tx<'_>, row: PublicPageRow) -> Result<Option<PublicPage>, Error> {
    let Some(unit) = units::get(tx, row.org, row.unit)? else { return Ok(None) };
    let company = organisation::get(tx, row.org)?.map(|org| org.name).unwrap_or_default();
    Ok(Some(PublicPage {
        unit: row.unit,
        name: unit.name,
        path: format!("/p/{}", row.slug),
        opened_at: row.opened_at,
        channels: serde_json::from_str(&row.channels).map_err(Error::internal)?,
        company,
        org: row.org,
    }))
}

/// Finds the open page at an address, whatever the organisation.
///
/// # Errors
/// `not_found` where none is open.
pub fn page_at(tx: &mut Tx<'_>, slug: &str) -> Result<PublicPage, Error> {
    let row = rows::by_slug(tx, slug)?.ok_or_else(Error::not_found)?;
    told(tx, row)?.ok_or_else(Error::not_found)
}

/// Gives the address of the open page of a unit.
///
/// # Errors
/// What the store gives.
pub(super) fn open_at(tx: &mut Tx<'_>, org: OrgId, unit: UnitId) -> Result<Option<String>, Error> {
    let row = rows::of_unit(tx, org, unit)?.filter(|row| row.closed_at.is_none());
    Ok(row.map(|row| format!("/p/{}", row.slug)))
}

/// Lists the open pages of the organisation, oldest first.
///
/// # Errors
/// `forbidden`.
pub fn pages(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<PublicPage>, Error> {
    policy::permit(&ctx.actor, action::ViewUnits, Target::Anywhere)?;
    let mut all = Vec::new();
    for row in rows::open(tx, ctx.org(), MOST)? {
        all.extend(told(tx, row)?);
    }
    Ok(all)
}

/// Opens the page of a unit or changes what it publishes; its address stays.
///
/// # Errors
/// `forbidden`, `not_found` when the unit does not stand now, or `phrase_stops`
/// (PHRASE-8).
pub fn open_page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (unit, channels): (UnitId, &Channels),
) -> Result<PublicPage, Error> {
    permitted(tx, ctx, unit)?;
    phrase::in_public(tx, ctx, rules, ("publish_channels", channels.said()))?;
    let before = rows::of_unit(tx, ctx.org(), unit)?;
    let slug = before.map_or_else(|| slug(ctx), |row| row.slug);
    let page = PublicPageRow {
        org: ctx.org(),
        unit,
        slug,
        channels: serde_json::to_string(channels).map_err(Error::internal)?,
        opened_at: ctx.now,
        closed_at: None,
    };
    rows::publish(tx, &page, ctx.now)?;
    audit::record(tx, ctx, "channels_published", Object::new("unit", unit), json!({"slug": page.slug}))?;
    let row = rows::of_unit(tx, ctx.org(), unit)?.ok_or_else(Error::not_found)?;
    told(tx, row)?.ok_or_else(Error::not_found)
}

/// Closes the page of a unit; its address leads nowhere then.
///
/// # Errors
/// `forbidden` or `not_found`.
pub fn close_page(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId) -> Result<(), Error> {
    permitted(tx, ctx, unit)?;
    if !rows::close(tx, ctx.org(), unit, ctx.now)? {
        return Err(Error::not_found());
    }
    audit::record(tx, ctx, "channels_withdrawn", Object::new("unit", unit), json!({}))
}

fn permitted(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId) -> Result<(), Error> {
    let path = units::path(tx, ctx.org(), unit, ctx.now)?;
    if path.is_empty() {
        return Err(Error::not_found());
    }
    policy::permit(&ctx.actor, action::PublishChannels, Target::Unit(&path)).map(|_| ())
}

/// Draws an address that nobody guesses from another.
fn slug(ctx: &Ctx) -> String {
    let mut bytes = [0; LENGTH];
    ctx.ids.fill(&mut bytes);
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect()
}
