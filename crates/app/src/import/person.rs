//! A row becomes a person with a place and posts.

use std::collections::BTreeSet;

use huiyin_domain::locale::Locale;
use huiyin_domain::people::Post;
use huiyin_domain::time::{Date, Timestamp, Zone};
use huiyin_store::people::person as rows;
use huiyin_store::sql::Tx;
use huiyin_tabular::{Field, MappedRow};

use super::case::unknown;
use super::{Desk, Outcome};
use crate::codes;
use crate::error::Error;
use crate::people::check;
use crate::people::membership::NewMembership;
use crate::people::person::{self, NewPerson};

/// Appoints one person without a password, unless the login is there.
///
/// # Errors
/// What is wrong with the row, by target.
pub(super) fn take(tx: &mut Tx<'_>, desk: &mut Desk<'_>, row: &MappedRow) -> Result<Outcome, Error> {
    let ctx = desk.ctx;
    let login = check::login("login", required(row, Field::Login)?)?;
    if let Some(known) = rows::by_login(tx, &login)? {
        let here = rows::in_org(tx, ctx.org(), known.id)?.is_some();
        let taken = || Error::field("login", codes::LOGIN_TAKEN);
        return if here { Ok(Outcome::AlreadyThere) } else { Err(taken()) };
    }
    let posts: Option<BTreeSet<Post>> = row.list(Field::Posts).iter().map(|post| post.parse().ok()).collect();
    let membership = NewMembership {
        unit: desk.places.unit(tx, ctx, row.text(Field::Unit))?,
        posts: posts.ok_or_else(|| unknown(Field::Posts, Post::ALL.into_iter().map(Post::name)))?,
        valid_from: day(row, Field::ValidFrom, desk.zone)?,
        valid_to: day(row, Field::ValidTo, desk.zone)?,
    };
    let new = NewPerson {
        login,
        name: required(row, Field::Name)?.to_owned(),
        phone: row.text(Field::Phone).map(str::to_owned),
        email: row.text(Field::Email).map(str::to_owned),
        locale: Locale::default(),
        membership,
    };
    person::create(tx, ctx, &new)?;
    Ok(Outcome::Imported)
}

/// Gives the text of a target that every row has.
pub(super) fn required(row: &MappedRow, field: Field) -> Result<&str, Error> {
    row.text(field).ok_or_else(|| Error::field(field.as_str(), "missing_required"))
}

/// Gives the day of a target.
pub(super) fn date(row: &MappedRow, field: Field) -> Result<Option<Date>, Error> {
    let Some(date) = row.date(field) else { return Ok(None) };
    let read = Date::new(date.year(), date.month(), date.day());
    read.map(Some).map_err(|_| Error::field(field.as_str(), "not_a_date"))
}

/// Gives the instant at which the day of a target begins.
pub(super) fn day(row: &MappedRow, field: Field, zone: &Zone) -> Result<Option<Timestamp>, Error> {
    Ok(date(row, field)?.map(|date| zone.start_of(date)))
}
