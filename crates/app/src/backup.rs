//! The age of the last backup, and who is told when it is too old.
//!
//! *Where to start*: [`Age::of`] is the rule, [`Reminder`] tells people.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_store::people::{membership, organisation};
use huiyin_store::sql::Tx;

use crate::App;
use crate::ctx::Actor;
use crate::error::{Error, Params};
use crate::hints::Hint;
use crate::notify::{self, Notice};
use crate::work::{Look, Tick};

/// How old the last backup may be, in microseconds: 24 hours.
const OLDEST: i64 = DAY;

/// One day, in microseconds.
const DAY: i64 = 86_400 * 1_000_000;

/// How often it is looked, in microseconds: an hour.
const LOOK: i64 = 3_600 * 1_000_000;

/// How the last backup stands (issue 3, storage).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Young enough.
    Fresh(Timestamp),
    /// Older than 24 hours.
    Old(Timestamp),
    /// None is known.
    Missing,
}

impl Age {
    /// Judges the moment that the last backup shows.
    #[must_use]
    pub const fn of(last: Option<Timestamp>, now: Timestamp) -> Self {
        match last {
            None => Self::Missing,
            Some(at) if now.micros().saturating_sub(at.micros()) > OLDEST => Self::Old(at),
            Some(at) => Self::Fresh(at),
        }
    }

    /// Gives the code of the warning; none when there is nothing to warn of.
    #[must_use]
    pub const fn warning(self) -> Option<&'static str> {
        match self {
            Self::Fresh(_) => None,
            Self::Old(_) => Some("backup_old"),
            Self::Missing => Some("backup_missing"),
        }
    }

    /// Gives the moment that the last backup shows.
    #[must_use]
    pub const fn at(self) -> Option<Timestamp> {
        match self {
            Self::Fresh(at) | Self::Old(at) => Some(at),
            Self::Missing => None,
        }
    }
}

/// Tells the administrators, once a day, while the last backup is too old.
///
/// An organisation hears of it from its second day on: before, there was
/// nothing that a day-old backup could hold.
#[derive(Debug, Default)]
pub struct Reminder(Look);

impl Tick for Reminder {
    fn name(&self) -> &'static str {
        "backup"
    }

    fn tick<'a>(
        &'a self,
        app: &'a App,
        now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<usize, Error>> + Send + 'a>> {
        Box::pin(async move {
            let Some(copies) = &app.copies else { return Ok(0) };
            if !self.0.is_due(now) {
                return Ok(0);
            }
            self.0.rest(now, LOOK);
            let age = Age::of(copies.last(), now);
            let Some(why) = age.warning() else { return Ok(0) };
            let inside = app.clone();
            let hints = app.store.write(move |tx| tell(tx, &inside, (why, age), now)).await?;
            let told = hints.len();
            hints.into_iter().for_each(|hint| app.hints.publish(hint));
            Ok(told)
        })
    }

    fn next(&self, _: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
        // never set while this process answers for no copies
        Ok(self.0.next())
    }
}

fn tell(
    tx: &mut Tx<'_>,
    app: &App,
    (why, age): (&'static str, Age),
    now: Timestamp,
) -> Result<Vec<Hint>, Error> {
    let mut params = Params::new();
    if let Some(at) = age.at() {
        params.insert("at".into(), at.to_string().into());
        params.insert("hours".into(), (now.micros().saturating_sub(at.micros()) / 3_600_000_000).into());
    }
    // one a day, whichever process looks
    let source = format!("{why}:{}", now.micros().div_euclid(DAY));
    let notice = Notice { source, case: None, why: why.into(), params, urgent: true };
    let mut hints = Vec::new();
    for organisation in organisation::all(tx)? {
        let org = organisation.org;
        let founded = organisation::made_at(tx, org)?.unwrap_or(now);
        if now.micros().saturating_sub(founded.micros()) <= OLDEST {
            continue;
        }
        let mut ctx = app.ctx(Actor::system(org), "backup", Locale::default());
        ctx.now = now;
        let people = administrators(tx, org, now)?;
        hints.extend(notify::tell(tx, &ctx, &notice, &people, Some(Post::Admin))?);
    }
    Ok(hints)
}

fn administrators(tx: &mut Tx<'_>, org: OrgId, now: Timestamp) -> Result<Vec<PersonId>, Error> {
    let holding = membership::holding(tx, org, now)?;
    let people: BTreeSet<PersonId> = holding
        .into_iter()
        .map(|row| row.membership)
        .filter(|member| member.posts.contains(&Post::Admin))
        .map(|member| member.person)
        .collect();
    Ok(people.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 3 §5: older than 24 hours is too old, to the microsecond.
    #[test]
    fn a_backup_is_old_after_a_day() {
        let at = |micros: i64| Timestamp::from_micros(1_790_730_000_000_000 + micros);
        assert_eq!(Age::of(None, at(0)).warning(), Some("backup_missing"));
        assert_eq!(Age::of(Some(at(0)), at(DAY)), Age::Fresh(at(0)));
        assert_eq!(Age::of(Some(at(0)), at(DAY + 1)).warning(), Some("backup_old"));
        assert_eq!(Age::of(Some(at(60)), at(0)).warning(), None, "a clock that was set back");
        assert_eq!(Age::of(Some(at(0)), at(DAY + 1)).at(), Some(at(0)));
    }
}
