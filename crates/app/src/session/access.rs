//! Who a presented secret is, remembered while nobody's access changes.
//!
//! *Invariants*: what is remembered opens no door by itself. Every transaction
//! of a request compares the number of changes that was read with what is
//! remembered; when it grew, the secret is looked up again in that same
//! transaction. So a revocation holds for every use case that begins after its
//! commit, in whichever process. What ends by time alone is not remembered
//! beyond that time, and nothing longer than a minute.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use huiyin_domain::time::Timestamp;
use huiyin_store::people::access;
use huiyin_store::sql::Tx;

use super::sign_in::{Found, Presented, Shown, find, touch};
use crate::App;
use crate::codes;
use crate::ctx::Ctx;
use crate::error::{Class, Error};

/// Most secrets that are remembered; then all are forgotten.
const MOST: usize = 10_000;

/// On what a context rests that was made from memory.
#[derive(Clone, Debug)]
pub struct Access {
    shown: Shown,
    number: i64,
}

/// Who presented secrets are, as last looked up.
#[derive(Clone, Default)]
pub struct Remembered {
    held: Arc<RwLock<HashMap<Shown, Arc<Entry>>>>,
    /// The highest number of changes that this process has seen committed.
    number: Arc<AtomicI64>,
}

struct Entry {
    presented: Presented,
    number: i64,
    from: Timestamp,
    until: Timestamp,
}

impl Remembered {
    fn get(&self, shown: &Shown, now: Timestamp) -> Option<Arc<Entry>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let fits = |entry: &&Arc<Entry>| {
            entry.number == self.number.load(Ordering::Acquire) && entry.from <= now && now < entry.until
        };
        held.get(shown).filter(fits).cloned()
    }

    fn keep(&self, shown: Shown, entry: Entry) {
        self.saw(entry.number);
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST {
            held.clear();
        }
        held.insert(shown, Arc::new(entry));
    }

    /// Notes a number that is committed: what rests on an older one is dead.
    pub(crate) fn saw(&self, number: i64) {
        self.number.fetch_max(number, Ordering::AcqRel);
    }
}

/// Finds out who a cookie or token is, from memory where that is current.
///
/// The access given must go into the request's context: what was remembered is
/// compared in the transaction that uses it.
///
/// # Errors
/// `unauthenticated` when it is unknown, expired, revoked, or the person left.
pub async fn recognise(app: &App, shown: Shown) -> Result<(Presented, Access), Error> {
    let now = app.clock.now();
    if let Some(entry) = app.remembered.get(&shown, now) {
        return Ok((entry.presented.clone(), Access { shown, number: entry.number }));
    }
    let (rules, asked) = (app.session_rules, shown.clone());
    let (number, found) = app
        .store
        .read(move |tx| {
            // the number first: what is read after it is never older than it says
            let number = access::number(tx)?;
            Ok::<_, Error>((number, find(tx, rules, &asked, now)?))
        })
        .await?;
    let Some(Found { presented, until, used }) = found else {
        return Err(Error::unauthenticated(codes::UNAUTHENTICATED));
    };
    touch(app, used, now).await?;
    let entry = Entry { presented: presented.clone(), number, from: now, until };
    app.remembered.keep(shown.clone(), entry);
    Ok((presented, Access { shown, number }))
}

/// How a transaction sees what others do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sees {
    /// Only what is committed.
    Committed,
    /// Perhaps what shares its commit, and may still be undone.
    Group,
}

/// Gives a request's context as it stands in this transaction.
///
/// # Errors
/// `unauthenticated` when the secret opens nothing any more; `unavailable`
/// when it stands for somebody else by now, so that the request must be made anew.
pub(crate) fn confirmed<'c>(
    app: &App,
    tx: &mut Tx<'_>,
    ctx: &'c Ctx,
    sees: Sees,
) -> Result<Cow<'c, Ctx>, Error> {
    let Some(rests_on) = &ctx.access else { return Ok(Cow::Borrowed(ctx)) };
    let number = access::number(tx)?;
    if number == rests_on.number {
        return Ok(Cow::Borrowed(ctx));
    }
    if sees == Sees::Committed {
        app.remembered.saw(number);
    }
    let found = find(tx, app.session_rules, &rests_on.shown, ctx.now)?;
    let Found { presented, .. } = found.ok_or_else(|| Error::unauthenticated(codes::UNAUTHENTICATED))?;
    let (actor, was) = (presented.actor, &ctx.actor);
    if (actor.org, actor.person, actor.via) != (was.org, was.person, was.via) {
        return Err(Error::new(Class::Unavailable, "unavailable"));
    }
    Ok(Cow::Owned(Ctx { actor, ..ctx.clone() }))
}

/// Gives the number to note after the commit of a request's transaction.
///
/// # Errors
/// What the store gives.
pub(crate) fn after(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Option<i64>, Error> {
    Ok(if ctx.access.is_some() { Some(access::number(tx)?) } else { None })
}
