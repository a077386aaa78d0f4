//! The duty roster around now, with one night that nobody covers (PROP-45).

use super::cast::{Cast, at};
use super::words::{Centre, Company};
use huiyin_app::{Actor, App, Ctx, Error};
use huiyin_domain::time::{Date, Timestamp, Zone};
use huiyin_store::duty::{self, DutyRow};
use huiyin_store::sql::Tx;

/// An hour, in seconds.
const HOUR: u32 = 3_600;

/// Days before and after today that the roster covers.
const AROUND: std::ops::RangeInclusive<i32> = -2..=7;

/// The day after today whose night is left open.
const OPEN_NIGHT: i32 = 2;

/// Fills the roster of every centre.
///
/// # Errors
/// What the store gives.
pub fn fill(tx: &mut Tx<'_>, app: &App, cast: &Cast, company: &Company, now: Timestamp) -> Result<(), Error> {
    let ctx = at(app, Actor::command_line(cast.org), now);
    let zone = Zone::shanghai();
    let today = zone.date(now);
    for (place, centre) in company.centre.iter().enumerate() {
        for offset in AROUND {
            let Some(day) = today.plus_days(offset) else { continue };
            let turn = |shift: usize| {
                let days = usize::try_from(offset + 2).unwrap_or(0);
                centre.agents.get((days + shift) % centre.agents.len().max(1)).unwrap_or(&centre.lead)
            };
            let shift = Shift { centre, zone: &zone, day };
            shift.put(tx, &ctx, cast, (turn(0), "on_duty"), (8 * HOUR, 20 * HOUR))?;
            let open = place == 1 && offset == OPEN_NIGHT;
            if !open {
                shift.put(tx, &ctx, cast, (turn(1), "on_duty"), (20 * HOUR, 32 * HOUR))?;
            }
            shift.put(tx, &ctx, cast, (&centre.engineering, "available"), (9 * HOUR, 18 * HOUR))?;
        }
    }
    Ok(())
}

/// A stretch of one day at one centre.
struct Shift<'a> {
    centre: &'a Centre,
    zone: &'a Zone,
    day: Date,
}

impl Shift<'_> {
    /// Enters somebody from one second of the day to another, over midnight too.
    #[expect(clippy::too_many_arguments, reason = "one line of the roster, part by part")]
    fn put(
        &self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        cast: &Cast,
        (login, kind): (&str, &str),
        (from, to): (u32, u32),
    ) -> Result<(), Error> {
        let midnight = self.zone.start_of(self.day).micros();
        let moment = |second: u32| Timestamp::from_micros(midnight + i64::from(second) * 1_000_000);
        let row = DutyRow {
            id: ctx.uuid(),
            person: cast.person(login)?.person,
            unit: cast.unit(&self.centre.unit)?,
            kind: kind.to_owned(),
            starts_at: moment(from),
            ends_at: moment(to),
        };
        Ok(duty::insert(tx, ctx.org(), &row, None, ctx.now)?)
    }
}
