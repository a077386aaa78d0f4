//! Everything at once: grouped, counted, with the place of each word shown.

use std::collections::{BTreeMap, BTreeSet};

use huiyin_domain::case::{Kind, Stage};
use huiyin_domain::ids::UnitId;
use huiyin_domain::people::Sensitive;
use huiyin_domain::search::{Finder, Found, Fragment, Order, Place, Question, Subject};
use huiyin_domain::time::Timestamp;
use huiyin_store::case::CaseFilter;
use huiyin_store::search::reach as units;
use huiyin_store::sql::Tx;
use uuid::Uuid;

use super::list::filtered;
use super::reach::clear;
use super::source::{Answer, Shown, Source};
use super::{BOUND, nothing_asked};
use crate::App;
use crate::audit::{self, Object};
use crate::case::is_phone;
use crate::ctx::Ctx;
use crate::error::Error;

/// The most units whose names are looked through.
const MOST_UNITS: u32 = 10_000;

/// The most pieces shown of one thing.
const MOST_PIECES: usize = 3;

/// The most facts with which one sheet answers.
const MOST_ANSWERS: usize = 5;

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The words as they were typed.
    pub q: String,
    /// Of these kinds.
    pub subjects: BTreeSet<Subject>,
    /// Narrowed down; what only cases have leaves nothing of other kinds.
    pub filter: CaseFilter,
    /// In which order.
    pub order: Order,
    /// After which place.
    pub after: Option<Place>,
    /// At most so many of each kind.
    pub limit: usize,
}

/// How many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The number, at most [`BOUND`].
    pub count: usize,
    /// False when there are more.
    pub exact: bool,
}

impl From<usize> for Count {
    fn from(found: usize) -> Self {
        Self { count: found.min(BOUND), exact: found <= BOUND }
    }
}

/// What was found of one kind.
#[derive(Clone, Debug)]
pub struct Group {
    /// Of which kind.
    pub subject: Subject,
    /// How many there are.
    pub count: Count,
    /// The page.
    pub hits: Vec<Hit>,
    /// Where it goes on.
    pub next: Option<Place>,
    /// False while the index is being made.
    pub complete: bool,
}

/// A thing that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: Option<String>,
    /// Its title or name; none once erased.
    pub title: Option<String>,
    /// Where the words stand in the title: from, to, in characters.
    pub title_marks: Vec<(usize, usize)>,
    /// What else tells it apart.
    pub detail: Option<String>,
    /// The moment by which it is ordered.
    pub at: Timestamp,
    /// Where it lies.
    pub unit: Option<UnitId>,
    /// Kind of a case.
    pub kind: Option<Kind>,
    /// Where a case stands.
    pub stage: Option<Stage>,
    /// Pieces of what was written with the words marked.
    pub pieces: Vec<Piece>,
    /// Facts that the words ask for, the best first.
    pub answers: Vec<Answer>,
}

/// A piece of what was written.
#[derive(Clone, Debug)]
pub struct Piece {
    /// `text`, or `name` and `address` of a customer.
    pub field: &'static str,
    /// The piece.
    pub fragment: Fragment,
}

/// Searches everything that is wanted.
///
/// # Errors
/// `search_unavailable` without an index, `invalid_query` when nothing is asked.
pub async fn search(app: &App, ctx: &Ctx, wanted: Wanted) -> Result<Vec<Group>, Error> {
    let parts = app.search.finder()?.parts(&wanted.q);
    if parts.is_empty() {
        return Err(nothing_asked());
    }
    let (inside, logged) = (app.clone(), is_phone(wanted.q.trim()));
    let q = wanted.q.clone();
    let framed = app.read_or_log(ctx, logged, move |tx, ctx| framed(tx, ctx, &inside, &wanted)).await?;
    let mut found = Vec::with_capacity(framed.len());
    for question in framed {
        let subject = question.subject;
        let answer = app
            .search
            .ask(move |finder| Ok((finder.find(&question)?, finder.count(&question, BOUND + 1)?)))
            .await?;
        found.push((subject, answer));
    }
    let inside = app.clone();
    let words = q.clone();
    let (groups, seen) = app.read(ctx, move |tx, ctx| loaded(tx, ctx, (&inside, &words), found)).await?;
    if !seen.is_empty() {
        app.write(ctx, move |tx, ctx| noted(tx, ctx, &q, &seen)).await?;
    }
    Ok(groups)
}

/// Asks for each kind what the actor may find of it.
fn framed(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, wanted: &Wanted) -> Result<Vec<Question>, Error> {
    let finder = app.search.finder()?;
    let mut questions = Vec::new();
    let common = Question::new(ctx.org(), Subject::Case, wanted.q.clone());
    let common = typed(tx, ctx, finder.as_ref(), common)?;
    let common = filtered(tx, ctx, common, wanted.filter.clone())?;
    let common = Question { order: wanted.order, after: wanted.after, limit: wanted.limit, ..common };
    for source in app.search.sources() {
        if !wanted.subjects.contains(&source.subject()) {
            continue;
        }
        let Some(reach) = source.reach(tx, ctx)? else { continue };
        questions.push(Question { subject: source.subject(), reach, ..common.clone() });
    }
    Ok(questions)
}

/// Adds what only the database knows of the words: the units that are called so,
/// the customers with the number, where names may be searched.
pub(super) fn typed(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    finder: &dyn Finder,
    question: Question,
) -> Result<Question, Error> {
    let parts = finder.parts(&question.words);
    let names = units::names(tx, ctx.org(), MOST_UNITS)?;
    let mut places = Vec::with_capacity(parts.len());
    for part in &parts {
        let called = names.iter().filter(|(_, name)| finder.is_called(part, name));
        let called: BTreeSet<UnitId> = called.map(|(unit, _)| *unit).collect();
        places.push(units::below(tx, ctx.org(), &called, ctx.now)?.into_iter().collect());
    }
    let phone = question.words.trim();
    let parties = if is_phone(phone) { crate::party::by_phone(tx, ctx, phone)? } else { Vec::new() };
    Ok(Question {
        org: ctx.org(),
        places,
        parties,
        names: clear(tx, ctx, Sensitive::Name)?,
        addresses: clear(tx, ctx, Sensitive::Address)?,
        ..question
    })
}

/// Loads what was found as the actor; gives what of people's identity that shows.
type Loaded = (Vec<Group>, BTreeMap<Sensitive, bool>);

fn loaded(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (app, words): (&App, &str),
    found: Vec<(Subject, (Found, usize))>,
) -> Result<Loaded, Error> {
    let finder = app.search.finder()?;
    let mut seen = BTreeMap::new();
    let mut groups = Vec::with_capacity(found.len());
    for (subject, (found, count)) in found {
        let source = app.search.sources().iter().find(|source| source.subject() == subject);
        let Some(source) = source else { continue };
        let hits = hits(tx, ctx, (source.as_ref(), finder.as_ref(), words), &found.ids, &mut seen)?;
        groups.push(Group { subject, count: count.into(), hits, next: found.next, complete: found.complete });
    }
    Ok((groups, seen))
}

fn hits(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (source, finder, words): (&dyn Source, &dyn Finder, &str),
    ids: &[Uuid],
    seen: &mut BTreeMap<Sensitive, bool>,
) -> Result<Vec<Hit>, Error> {
    let shown = source.shown(tx, ctx, ids)?;
    let mut shown: BTreeMap<Uuid, Shown> = shown.into_iter().map(|shown| (shown.id, shown)).collect();
    let in_order = ids.iter().filter_map(|id| shown.remove(id));
    Ok(in_order.map(|shown| hit(finder, words, shown, seen)).collect())
}

fn hit(finder: &dyn Finder, words: &str, shown: Shown, seen: &mut BTreeMap<Sensitive, bool>) -> Hit {
    let title = shown.title.as_deref();
    let title_marks = title
        .and_then(|title| finder.fragment(words, title).filter(|piece| piece.cut == (false, false)))
        .map_or_else(Vec::new, |piece| piece.marks);
    let mut pieces = Vec::new();
    // the title is one of the texts, or the beginning of one
    let other = |text: &&String| title_marks.is_empty() || title != Some(text.as_str());
    for text in shown.texts.iter().filter(other) {
        pieces.extend(finder.fragment(words, text).map(|fragment| Piece { field: "text", fragment }));
    }
    // what holds more of the words says more
    pieces.sort_by_key(|piece| std::cmp::Reverse(piece.fragment.marks.len()));
    pieces.truncate(MOST_PIECES);
    for field in shown.uncovered {
        seen.entry(field).or_insert(false);
    }
    for (field, value) in &shown.identity {
        if let Some(fragment) = finder.fragment(words, value) {
            seen.insert(*field, true);
            pieces.push(Piece { field: field.name(), fragment });
        }
    }
    Hit {
        id: shown.id,
        number: shown.number,
        title: shown.title,
        title_marks,
        detail: shown.detail,
        at: shown.at,
        unit: shown.unit,
        kind: shown.kind,
        stage: shown.stage,
        pieces,
        answers: answering(finder, words, shown.answers),
    }
}

/// Gives the facts that the words ask for, those that hold more of them first.
fn answering(finder: &dyn Finder, words: &str, answers: Vec<Answer>) -> Vec<Answer> {
    let told = |answer: Answer| {
        let marks = finder.fragment(words, &answer.asked)?.marks;
        let most = marks.iter().map(|(from, to)| to - from).max()?;
        Some((most, answer))
    };
    let mut told: Vec<(usize, Answer)> = answers.into_iter().filter_map(told).collect();
    told.sort_by_key(|(most, _)| std::cmp::Reverse(*most));
    told.into_iter().take(MOST_ANSWERS).map(|(_, answer)| answer).collect()
}

/// Keeps that identity was shown, and that it was found by the words.
fn noted(tx: &mut Tx<'_>, ctx: &Ctx, words: &str, seen: &BTreeMap<Sensitive, bool>) -> Result<(), Error> {
    for (field, searched) in seen {
        audit::viewed(tx, ctx, *field, Object::new("search", &ctx.request_id))?;
        if *searched {
            audit::searched(tx, ctx, *field, words)?;
        }
    }
    Ok(())
}
