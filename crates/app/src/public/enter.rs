//! Opening a case with number and lookup code, without an oracle.

use huiyin_domain::ids::CaseId;
use huiyin_domain::locale::Locale;
use huiyin_store::case::read;
use huiyin_store::sql::Tx;

use super::code::{code_of, same};
use super::page::PublicPage;
use crate::App;
use crate::ctx::{Actor, Ctx};
use crate::error::Error;
use crate::session::throttle::{self, Subjects};

/// What a customer shows, and from where.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// Number of the case.
    pub number: String,
    /// The code.
    pub code: String,
    /// The address of the machine that asks.
    pub source: String,
}

/// The longest number and code that are looked at, in bytes.
const LONGEST: usize = 100;

/// Opens a case for its customer.
///
/// Every attempt counts before it is tried; an unknown number, another
/// estate's number and a wrong code are refused alike.
///
/// # Errors
/// `lookup_unknown`, `too_many_attempts`.
pub async fn enter(
    app: &App,
    page: &PublicPage,
    lookup: Lookup,
    (request_id, locale): (&str, Locale),
) -> Result<(Ctx, CaseId), Error> {
    let number = lookup.number.trim().to_uppercase();
    if number.len() > LONGEST || lookup.code.len() > LONGEST {
        return Err(unknown());
    }
    let subjects = Subjects::of_lookup(page.org, &number, &lookup.source);
    let (counted, now) = (subjects.clone(), app.clock.now());
    app.store.write(move |tx| throttle::attempt(tx, &counted, now)).await?;
    let ctx = app.ctx(Actor::customer(page.org, None), request_id, locale);
    let (asked, unit) = (ctx.clone(), page.unit);
    let found = app.store.write(move |tx| find(tx, &asked, unit, (&number, &lookup.code))).await?;
    let Some(case) = found else { return Err(unknown()) };
    app.store.write(move |tx| throttle::succeeded(tx, &subjects)).await?;
    let actor = Actor::customer(page.org, Some(case));
    Ok((Ctx { actor, ..ctx }, case))
}

fn unknown() -> Error {
    Error::invalid("lookup_unknown")
}

/// Compares in every way through, so that time tells nothing of numbers.
fn find(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    unit: huiyin_domain::ids::UnitId,
    (number, code): (&str, &str),
) -> Result<Option<CaseId>, Error> {
    let id = read::by_number(tx, ctx.org(), number)?;
    let here = match id {
        Some(id) => read::case(tx, ctx.org(), id)?.is_some_and(|loaded| loaded.case.unit == unit),
        None => false,
    };
    let right = code_of(tx, ctx, id.unwrap_or(CaseId(uuid::Uuid::nil())))?;
    Ok(id.filter(|_| same(code, &right) & here))
}
