//! What is to be done about knowledge: by its keepers, by who must know it.

use std::collections::{BTreeMap, BTreeSet};

use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::people::{Membership, Post, Tree, UnitLevel};
use huiyin_domain::time::Timestamp;
use huiyin_store::knowledge::fact as facts;
use huiyin_store::knowledge::miss::{self, MissRow};
use huiyin_store::knowledge::quiz::{self as quizzes, AttemptRow};
use huiyin_store::knowledge::reading::{self, Read};
use huiyin_store::knowledge::{self as rows, ArticleFilter, ArticleRow};
use huiyin_store::people::{membership, unit as units};
use huiyin_store::sql::Tx;
use uuid::Uuid;

use super::article::{ArticleCard, cards};
use super::fact::{SheetLine, sheets};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// The most lines of each list.
const MOST: u32 = 50;
/// The most articles and sheets that somebody has to read.
const MOST_READ: u32 = 1_000;
/// The most people whose mastery is shown at once.
const MOST_PEOPLE: usize = 300;
/// How long before its day an article is listed: two weeks, in microseconds.
const SOON: i64 = 14 * 86_400_000_000;

/// Who must know the sheets by heart (PROP-8).
const KNOWING: [Post; 6] =
    [Post::Agent, Post::Lead, Post::Head, Post::Visitor, Post::Supervisor, Post::ShiftLeader];

/// What the keepers of knowledge have to do.
#[derive(Clone, Debug, Default)]
pub struct WorkList {
    /// Wait for approval.
    pub waiting: Vec<ArticleRow>,
    /// To be looked at within two weeks, or late.
    pub reviews: Vec<ArticleRow>,
    /// Helped fewer than they did not.
    pub unhelpful: Vec<ArticleCard>,
    /// Were looked for and not found.
    pub misses: Vec<MissRow>,
    /// Sheets that lack something.
    pub incomplete: Vec<SheetLine>,
}

/// Gathers what is to be done.
///
/// # Errors
/// `forbidden` without a post that keeps knowledge.
pub fn work_list(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<WorkList, Error> {
    policy::permit(&ctx.actor, action::KeepKnowledge, Target::Anywhere)?;
    let org = ctx.org();
    let mut waiting = Vec::new();
    for state in ["submitted", "resubmitted"] {
        let filter = ArticleFilter { state: Some(state.into()), limit: MOST, ..ArticleFilter::default() };
        waiting.extend(rows::list(tx, org, &filter)?);
    }
    let soon = Timestamp::from_micros(ctx.now.micros().saturating_add(SOON));
    let filter = ArticleFilter { review_by: Some(soon), limit: MOST, ..ArticleFilter::default() };
    let mut reviews = rows::list(tx, org, &filter)?;
    reviews.sort_by_key(|row| row.review_at);
    let live = ArticleFilter { live: Some(true), limit: MOST_READ, ..ArticleFilter::default() };
    let mut unhelpful = cards(tx, ctx, &live)?;
    unhelpful.retain(|card| card.unhelped > card.helped);
    unhelpful.sort_by_key(|card| std::cmp::Reverse(card.unhelped));
    let mut incomplete = sheets(tx, ctx)?;
    incomplete.retain(|line| !line.missing.is_empty());
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    waiting.truncate(most);
    unhelpful.truncate(most);
    incomplete.truncate(most);
    let misses = miss::list(tx, org, Some(true), (None, MOST))?;
    Ok(WorkList { waiting, reviews, unhelpful, misses, incomplete })
}

/// Something that somebody has to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnreadItem {
    /// An article.
    Article(ArticleRow),
    /// The sheet of an estate.
    Sheet(SheetLine),
}

/// What somebody has to read, and the newest version that they read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// What.
    pub item: UnreadItem,
    /// The version that they know; 0 for none.
    pub read: i64,
}

/// Lists what the actor has to read: what changed since they read it (PROP-8).
///
/// # Errors
/// `forbidden`.
pub fn unread(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<Unread>, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    let (person, org) = (ctx.actor.person, ctx.org());
    let known = reading::of_person(tx, org, person, Read::Article)?;
    let filter = must_read();
    let mut found = Vec::new();
    for row in rows::list(tx, org, &filter)? {
        let read = known.get(&row.paper).copied().unwrap_or(0);
        if read < i64::from(row.number) {
            found.push(Unread { item: UnreadItem::Article(row), read });
        }
    }
    let places: Vec<(UnitId, Post)> = ctx.actor.posts.iter().map(|held| (held.unit, held.post)).collect();
    let tree = units::tree(tx, org)?;
    let known = reading::of_person(tx, org, person, Read::Sheet)?;
    for line in sheets(tx, ctx)? {
        let read = known.get(&line.unit.0).copied().unwrap_or(0);
        if read < line.version && serves((&tree, ctx.now), &places, line.unit) {
            found.push(Unread { item: UnreadItem::Sheet(line), read });
        }
    }
    Ok(found)
}

fn must_read() -> ArticleFilter {
    ArticleFilter { live: Some(true), must_read: Some(true), limit: MOST_READ, ..ArticleFilter::default() }
}

/// Tells whether somebody with these posts serves an estate; a department serves
/// what its parent does.
fn serves((tree, now): (&Tree, Timestamp), places: &[(UnitId, Post)], estate: UnitId) -> bool {
    let path = tree.path(estate, now);
    places.iter().filter(|(_, post)| KNOWING.contains(post)).any(|(unit, _)| {
        let department = tree.unit(*unit).is_some_and(|unit| unit.level == UnitLevel::Department);
        let parent = tree.placement(*unit, now).and_then(|place| place.parent);
        let at = if department { parent.unwrap_or(*unit) } else { *unit };
        path.contains(&at)
    })
}

/// How one person knows what is to be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonMastery {
    /// Who.
    pub person: PersonId,
    /// How many articles and sheets changed since they read them.
    pub unread: u32,
    /// Their last attempt at each quiz that is open, the last first.
    pub attempts: Vec<AttemptRow>,
}

/// How the people of a unit know what is to be known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mastery {
    /// By person.
    pub people: Vec<PersonMastery>,
}

/// Shows who knows what is to be known at a unit and below it (PROP-8).
///
/// # Errors
/// `forbidden` without a post there that may see it, or `unknown_unit`.
pub fn mastery(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId) -> Result<Mastery, Error> {
    let path = units::path(tx, ctx.org(), unit, ctx.now)?;
    if path.is_empty() {
        policy::permit(&ctx.actor, action::ViewMastery, Target::Anywhere)?;
        return Err(Error::field("unit", "unknown_unit"));
    }
    policy::permit(&ctx.actor, action::ViewMastery, Target::Unit(&path))?;
    let org = ctx.org();
    let tree = units::tree(tx, org)?;
    let below: BTreeSet<UnitId> = tree.subtree(unit, ctx.now);
    let articles = rows::list(tx, org, &must_read())?;
    let sheets = facts::all(tx, org)?;
    let mut places: BTreeMap<PersonId, Vec<(UnitId, Post)>> = BTreeMap::new();
    for row in membership::holding(tx, org, ctx.now)? {
        let Membership { person, unit, posts, .. } = row.membership;
        places.entry(person).or_default().extend(posts.into_iter().map(|post| (unit, post)));
    }
    let mut last: BTreeMap<PersonId, Vec<AttemptRow>> = BTreeMap::new();
    for attempt in quizzes::last(tx, org)? {
        last.entry(attempt.person).or_default().push(attempt);
    }
    places.retain(|_, held| held.iter().any(|(at, post)| below.contains(at) && KNOWING.contains(post)));
    let mut people = Vec::new();
    for (person, held) in places.into_iter().take(MOST_PEOPLE) {
        let read = reading::of_person(tx, org, person, Read::Article)?;
        let known = |id: &Uuid, read: &BTreeMap<Uuid, i64>| read.get(id).copied().unwrap_or(0);
        let mut unread =
            articles.iter().filter(|row| known(&row.paper, &read) < i64::from(row.number)).count();
        let read = reading::of_person(tx, org, person, Read::Sheet)?;
        unread += sheets
            .iter()
            .filter(|row| known(&row.unit.0, &read) < row.version)
            .filter(|row| serves((&tree, ctx.now), &held, row.unit))
            .count();
        people.push(PersonMastery {
            person,
            unread: u32::try_from(unread).unwrap_or(u32::MAX),
            attempts: last.remove(&person).unwrap_or_default(),
        });
    }
    Ok(Mastery { people })
}
