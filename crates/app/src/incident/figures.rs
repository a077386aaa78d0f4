//! What an incident adds up to: one item, so many cases, times and people
//! (PROP-90, X-9).

use huiyin_domain::ids::IncidentId;
use huiyin_domain::incident::hot::{HeatDay, HotWindow, heat_by_day};
use huiyin_domain::money::Money;
use huiyin_domain::time::Timestamp;
use huiyin_store::incident::{read, stand};
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use super::sight::visible;
use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::Error;

/// What an incident adds up to; members that the reader may not know of are
/// left out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IncidentFigures {
    /// Items in the statistics: 1 while a member counts, else 0.
    #[schema(minimum = 0, maximum = 1)]
    pub items: i64,
    /// Member cases.
    #[schema(minimum = 0)]
    pub cases: i64,
    /// Of those, cases that count.
    #[schema(minimum = 0)]
    pub counted: i64,
    /// Of those, closed ones.
    #[schema(minimum = 0)]
    pub closed: i64,
    /// How often customers complained about it: first messages and later ones.
    #[schema(minimum = 0)]
    pub times: i64,
    /// Contacts in either direction.
    #[schema(minimum = 0)]
    pub contacts: i64,
    /// Different complainants; each unnamed one for himself.
    #[schema(minimum = 0)]
    pub people: i64,
    /// Persons for whom they spoke.
    #[schema(minimum = 0)]
    pub persons: i64,
    /// Units whose cases belong: how far it reaches.
    #[schema(minimum = 0)]
    pub units: i64,
    /// Channels by which it reached us.
    pub channels: Vec<String>,
    /// When the first message came.
    pub first_at: Option<Timestamp>,
    /// When a customer last reached us about it.
    pub last_at: Option<Timestamp>,
    /// Money demanded, over all members.
    pub demanded: Option<Money>,
    /// Money agreed, over all members.
    pub agreed: Option<Money>,
    /// Since when it is hot; null while it is not.
    pub hot_at: Option<Timestamp>,
}

/// Adds up an incident.
///
/// # Errors
/// `not_found` when it is not there or not for this person to know.
pub fn figures(tx: &mut Tx<'_>, ctx: &Ctx, id: IncidentId) -> Result<IncidentFigures, Error> {
    let (loaded, _) = visible(tx, ctx, id)?;
    let sums = stand::sums(tx, &ctx.actor.scope(), id, ctx.now)?;
    let money = |fen: i64| Some(fen).filter(|fen| *fen > 0).and_then(|fen| Money::from_fen(fen).ok());
    Ok(IncidentFigures {
        items: i64::from(sums.counted > 0),
        cases: sums.cases,
        counted: sums.counted,
        closed: sums.closed,
        times: sums.times,
        contacts: sums.contacts,
        people: sums.people,
        persons: sums.persons,
        units: sums.units,
        channels: sums.channels,
        first_at: sums.first_at,
        last_at: sums.last_at,
        demanded: money(sums.demanded_fen),
        agreed: money(sums.agreed_fen),
        hot_at: loaded.incident.hot().map(|hot| hot.since),
    })
}

/// The most days of heat that are told.
const MOST_DAYS: usize = 400;

/// Tells how an incident heats up, day by day until now or its closing (PROP-83).
///
/// # Errors
/// `not_found` when it is not there or not for this person to know.
pub fn heat(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, id: IncidentId) -> Result<Vec<HeatDay>, Error> {
    let (loaded, _) = visible(tx, ctx, id)?;
    let held = rules.of(tx, ctx.org())?;
    let window =
        held.pack(&loaded.incident.pack)?.hot.as_ref().map_or(HotWindow::RollingMonth, |hot| hot.window);
    let members = stand::lying(tx, ctx.org(), id)?;
    let seen = read::seen(tx, &ctx.actor.scope(), &members, Some(id), ctx.now)?;
    let sightings = stand::sightings(tx, ctx.org(), seen.keys(), None)?;
    let zone = held.calendar().zone();
    let until = zone.date(loaded.incident.closed_at.unwrap_or(ctx.now));
    Ok(heat_by_day(&sightings, window, (zone, until), MOST_DAYS))
}
