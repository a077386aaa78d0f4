//! What happens on the floor, in one transaction.

use huiyin_domain::call::floor::{self, Effect, Happening, Trouble};
use huiyin_domain::ids::OrgId;
use huiyin_domain::locale::Locale;
use huiyin_store::call::{Rows, Touched, unit_of};
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;

use super::back;
use crate::App;
use crate::ctx::{Actor, Ctx};
use crate::error::Error;
use crate::hints::{Audience, Hint};

/// Takes what happened; gives what is to be done and told after the commit.
///
/// # Errors
/// The code of the rule that forbids what a person asked for, as a conflict; what the
/// store gives.
pub fn happen(tx: &mut Tx<'_>, ctx: &Ctx, happening: Happening) -> Result<(Vec<Effect>, Vec<Hint>), Error> {
    let asked = matches!(happening, Happening::CallBackAsked(..));
    let mut rows = Rows::of(tx, ctx.org(), ctx.now)?;
    let effects = match floor::happen(&mut rows, happening, ctx.now) {
        Ok(effects) => effects,
        Err(Trouble::Refused(refusal)) => return Err(Error::conflict(refusal.0)),
        Err(Trouble::Store(error)) => return Err(error.into()),
    };
    let touched = rows.touched();
    let mut hints = hints(tx, ctx, &touched)?;
    for hint in &hints {
        hint.tell(tx, ctx)?;
    }
    for call in touched.calls.iter().filter(|_| asked) {
        hints.extend(back::asked_in_queue(tx, ctx, call)?);
    }
    Ok((effects, hints))
}

/// A call is told to whom it concerns and to who sees the unit of its line.
fn hints(tx: &mut Tx<'_>, ctx: &Ctx, touched: &Touched) -> Result<Vec<Hint>, Error> {
    let hint = |topic: &'static str, id: String, version: u64, audience| Hint {
        org: ctx.org(),
        topic: topic.into(),
        id,
        version: i64::try_from(version).unwrap_or(i64::MAX),
        audience,
        present: None,
    };
    let mut all = Vec::new();
    for call in &touched.calls {
        let unit = unit_of(tx, ctx.org(), call.id)?;
        let path = units::path(tx, ctx.org(), unit, ctx.now)?;
        let mut people = call.agents.clone();
        people.extend(call.offers.iter().map(|offer| offer.agent).chain(call.state.agent()));
        people.extend(call.colleague);
        people.sort_unstable();
        people.dedup();
        all.push(hint("call", call.id.to_string(), call.version, Audience::Unit(path, people)));
    }
    for one in &touched.agents {
        all.push(hint("agent", one.person.to_string(), one.version, Audience::Everybody));
    }
    Ok(all)
}

/// Tells listeners and lets the lines do what follows, after the commit.
pub fn carry(app: &App, org: OrgId, (effects, hints): (Vec<Effect>, Vec<Hint>)) {
    hints.into_iter().for_each(|hint| app.hints.publish(hint));
    if let Some(phone) = app.phone.as_ref().filter(|_| !effects.is_empty()) {
        phone.carry(org, effects);
    }
}

/// Makes the context of what happens by itself in an organisation.
pub(super) fn by_itself(app: &App, org: OrgId) -> Ctx {
    app.ctx(Actor::system(org), "floor", Locale::ZhCn)
}

/// Takes what happened on a line, in a transaction of its own.
///
/// # Errors
/// As [`happen`].
pub async fn take(app: &App, org: OrgId, happening: Happening) -> Result<Vec<Effect>, Error> {
    let ctx = by_itself(app, org);
    let (effects, hints) = app.store.write(move |tx| happen(tx, &ctx, happening)).await?;
    hints.into_iter().for_each(|hint| app.hints.publish(hint));
    Ok(effects)
}
