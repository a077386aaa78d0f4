//! The list of cases narrowed down by words: its filters, its order, its pages.

use huiyin_domain::ids::CaseId;
use huiyin_domain::search::{Facet, Order, Place, Question, Subject};
use huiyin_store::case::list::{self as rows, CaseFilter, CaseOrder};
use huiyin_store::search::documents::UNHANDLED;
use huiyin_store::search::reach as units;
use huiyin_store::sql::Tx;

use super::BOUND;
use super::find::typed;
use super::reach::reach_of;
use crate::App;
use crate::case::{ListQuery, is_phone, resolved};
use crate::ctx::Ctx;
use crate::error::Error;

/// A list that the index has narrowed down.
#[derive(Clone, Debug)]
pub struct Narrowed {
    /// The list to read, of one page.
    pub query: ListQuery,
    /// Where it goes on; meaningful where the index was asked.
    pub next: Option<Place>,
    /// Whether the index was asked; otherwise the database pages by itself.
    pub indexed: bool,
}

impl Narrowed {
    const fn untouched(query: ListQuery) -> Self {
        Self { query, next: None, indexed: false }
    }
}

/// Narrows a list down to the page of it that holds the words of `q`.
///
/// A number or external id as it is written is looked up in the database, and so is
/// everything where this process has no index.
///
/// # Errors
/// What store and index give.
pub async fn page(app: &App, ctx: &Ctx, query: ListQuery) -> Result<Narrowed, Error> {
    let (after, limit) = (query.filter.after, query.filter.limit.saturating_sub(1));
    // a place by time in a list by relevance: the database began it, and goes on with it
    if query.best.is_some() && after.is_some() {
        return Ok(Narrowed::untouched(query));
    }
    let Some(question) = question(app, ctx, &query).await? else { return Ok(Narrowed::untouched(query)) };
    let question = Question {
        after: match query.best {
            Some(skip) => Some(Place::Count(skip)),
            None => after.map(|(at, id)| Place::Moment(at.micros(), id.0)),
        },
        limit: limit as usize,
        ..question
    };
    let found = app.search.find(question).await?;
    let mut query = ListQuery { found: Some(found.ids.into_iter().map(CaseId).collect()), ..query };
    query.filter.after = None;
    Ok(Narrowed { query, next: found.next, indexed: true })
}

/// Narrows a list down to all that hold the words of `q`, for what runs over all.
///
/// # Errors
/// `too_many_found` when there are more than can be named at once.
pub async fn all(app: &App, ctx: &Ctx, query: ListQuery) -> Result<ListQuery, Error> {
    let Some(question) = question(app, ctx, &query).await? else { return Ok(query) };
    let question = Question { order: Order::Newest, after: None, limit: BOUND, ..question };
    let found = app.search.find(question).await?;
    if found.next.is_some() {
        return Err(Error::field("filter", "too_many_words_found"));
    }
    Ok(ListQuery { found: Some(found.ids.into_iter().map(CaseId).collect()), ..query })
}

/// Counts what holds the words of `q`, up to a bound; nothing where the database
/// counts by itself.
///
/// # Errors
/// What store and index give.
pub async fn count(app: &App, ctx: &Ctx, query: &ListQuery, bound: usize) -> Result<Option<u64>, Error> {
    let Some(question) = question(app, ctx, query).await? else { return Ok(None) };
    let count = app.search.ask(move |finder| finder.count(&question, bound)).await?;
    Ok(Some(count as u64))
}

/// Asks the index what a list asks; nothing where the database knows by itself.
async fn question(app: &App, ctx: &Ctx, query: &ListQuery) -> Result<Option<Question>, Error> {
    let Ok(finder) = app.search.finder() else { return Ok(None) };
    let finder = finder.clone();
    let Some(q) = query.q.clone().filter(|q| !finder.parts(q).is_empty()) else { return Ok(None) };
    let (query, logged) = (query.clone(), is_phone(q.trim()));
    app.read_or_log(ctx, logged, move |tx, ctx| {
        let mut named = query.filter.clone();
        (named.name, named.after, named.limit) = (Some(q.trim().to_owned()), None, 1);
        let begins = query.best.is_none_or(|skip| skip == 0);
        if begins && !rows::list(tx, &ctx.actor.scope(), &named, ctx.now)?.is_empty() {
            return Ok(None);
        }
        let bare = resolved(tx, ctx, &ListQuery { q: None, ..query.clone() })?;
        let asked = Question::new(ctx.org(), Subject::Case, q);
        let asked = typed(tx, ctx, finder.as_ref(), asked)?;
        let reach = reach_of(tx, ctx, &ctx.actor.scope())?;
        let mut asked = filtered(tx, ctx, Question { reach, ..asked }, bare)?;
        if query.best.is_some() {
            asked.order = Order::Relevance;
        }
        Ok(Some(asked))
    })
    .await
}

/// Says a filter of the list as the index asks it.
///
/// # Errors
/// What the store gives.
pub(super) fn filtered(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut asked: Question,
    filter: CaseFilter,
) -> Result<Question, Error> {
    let mut add = |facet: Facet, values: Vec<String>| {
        if !values.is_empty() {
            asked.filter.push((facet, values));
        }
    };
    add(Facet::Stage, filter.stages.iter().map(ToString::to_string).collect());
    add(Facet::Phase, filter.phases.iter().map(ToString::to_string).collect());
    add(Facet::Kind, filter.kind.iter().map(ToString::to_string).collect());
    add(Facet::Channel, filter.channel.iter().map(ToString::to_string).collect());
    add(Facet::Category, filter.category.into_iter().collect());
    add(Facet::IntakeCategory, filter.intake_category.into_iter().collect());
    add(Facet::Cause, filter.cause.into_iter().collect());
    add(Facet::Owner, filter.owner.iter().map(ToString::to_string).collect());
    add(Facet::Handler, filter.handler.iter().map(ToString::to_string).collect());
    add(Facet::Party, filter.party.iter().map(ToString::to_string).collect());
    if filter.unassigned {
        add(Facet::Handler, vec![UNHANDLED.to_owned()]);
    }
    if let Some(unit) = filter.unit {
        asked.units = Some(units::ever_below(tx, ctx.org(), &[unit])?);
    }
    if let Some(team) = filter.team {
        let below = units::ever_below(tx, ctx.org(), &team)?;
        asked.team = Some((below, team.into_iter().collect()));
    }
    asked.from = filter.received_from;
    asked.before = filter.received_before;
    asked.due_from = filter.due_from;
    asked.due_before = filter.due_before;
    asked.order = match filter.order {
        CaseOrder::Received => Order::Newest,
        CaseOrder::Due => Order::Due,
        CaseOrder::Changed => Order::Changed,
    };
    Ok(asked)
}
