//! Articles beside their papers: lists, versions, votes, who read them.

use huiyin_domain::ids::{CaseId, OrgId, UnitId};
use huiyin_domain::knowledge::article::{Article, ArticleStep, NewArticle, Version, note_version};
use huiyin_domain::knowledge::{ArticleKind, Audience};
use huiyin_domain::locale::Locale;
use huiyin_domain::paper::{Mark, Paper, Step};
use huiyin_store::knowledge as rows;
use huiyin_store::knowledge::reading::{self, Read, VoteRow};
use huiyin_store::knowledge::{ArticleFilter, ArticleRow};
use huiyin_store::paper as papers;
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;
use serde_json::{Value, json};
use uuid::Uuid;

use super::ask::worded;
use crate::App;
use crate::audit::{self, Object};
use crate::case::visible;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::paper::{Around, Changed};
use crate::people::check;
use crate::policy::{self, Target, action};

/// The most words that are shown of people about one version.
const MOST_VOTES: u32 = 200;

/// One line of the list of articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleCard {
    /// What lists need of it.
    pub row: ArticleRow,
    /// How many said that the version helped.
    pub helped: u32,
    /// How many said that it did not.
    pub unhelped: u32,
}

impl Around for Article {
    /// Keeps what lists need of an article, and counts the change.
    fn after_keep(tx: &mut Tx<'_>, ctx: &Ctx, changed: &Changed<Self>) -> Result<(), Error> {
        let article = &changed.paper;
        let Some(shown) = article.shown() else { return Ok(()) };
        let row = ArticleRow {
            paper: changed.id,
            unit: article.unit,
            key: article.key.clone(),
            kind: shown.kind.as_str().to_owned(),
            audience: shown.audience.as_str().to_owned(),
            topic: shown.topic.clone(),
            title: shown.title.as_str().to_owned(),
            state: article.state.as_str().to_owned(),
            live: article.live.is_some(),
            number: article.number,
            must_read: shown.must_read,
            owner: article.owner,
            review_at: article.live.as_ref().map(|live| live.review_at),
            changed_at: ctx.now,
        };
        match rows::keep(tx, ctx.org(), &row).map_err(Error::from) {
            Err(error) if error.is_unique("articles_key") => return Err(Error::field("key", "key_taken")),
            kept => kept?,
        }
        Ok(rows::changed(tx, ctx.org())?)
    }

    /// PROP-43: another answer has the topic of the one to be approved.
    fn taken(&self, tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid) -> Result<bool, Error> {
        match self.topic_wanted() {
            Some(topic) => Ok(rows::answered(tx, ctx.org(), (self.unit, topic), id)?),
            None => Ok(false),
        }
    }
}

/// Lists articles, the last changed first, with what people say of them.
///
/// # Errors
/// `forbidden`.
pub fn cards(tx: &mut Tx<'_>, ctx: &Ctx, filter: &ArticleFilter) -> Result<Vec<ArticleCard>, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    let counts = reading::counts(tx, ctx.org())?;
    let card = |row: ArticleRow| {
        let (helped, unhelped) = counts.get(&row.paper).copied().unwrap_or_default();
        ArticleCard { row, helped, unhelped }
    };
    Ok(rows::list(tx, ctx.org(), filter)?.into_iter().map(card).collect())
}

fn known(tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid) -> Result<ArticleRow, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    rows::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)
}

/// Gives every version that was published, the newest first, from the history.
///
/// # Errors
/// `not_found`.
pub fn versions(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, id: Uuid) -> Result<Vec<Version>, Error> {
    known(tx, ctx, id)?;
    let entries = papers::entries(tx, ctx.org(), id)?;
    let Some((first, rest)) = entries.split_first() else { return Err(Error::not_found()) };
    let new: NewArticle = serde_json::from_str(&first.body).map_err(Error::internal)?;
    let actor = huiyin_domain::case::CaseActor { person: first.person, ..Default::default() };
    let held = app.rules.of(tx, ctx.org())?;
    let facts = huiyin_domain::paper::PaperFacts {
        actor: &actor,
        now: first.at,
        calendar: held.calendar(),
        places: &[],
        outside: true,
        unworded: 0,
        line: None,
        taken: false,
    };
    let mut article = Article::begin(new, &facts)
        .map_err(|_| Error::internal("the history of an article is not readable"))?;
    let mut versions = Vec::new();
    for entry in rest {
        let body: Value = serde_json::from_str(&entry.body).map_err(Error::internal)?;
        let step = ArticleStep::read(&entry.step, body).map_err(Error::internal)?;
        let step = step.ok_or_else(|| Error::internal("an article has a step that nobody knows"))?;
        article.apply(&step, Mark { by: entry.person, at: entry.at });
        note_version(&mut versions, &article);
    }
    versions.reverse();
    Ok(versions)
}

/// Whether a version helped, and what the reader said and read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How many said that the version helped.
    pub helped: u32,
    /// How many said that it did not.
    pub unhelped: u32,
    /// What the reader said.
    pub mine: Option<bool>,
    /// The newest version that the reader has read; 0 for none.
    pub read: i64,
}

/// Tells how the version that is read stands.
///
/// # Errors
/// `not_found`.
pub fn standing(tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid) -> Result<Standing, Error> {
    let row = known(tx, ctx, id)?;
    let (helped, unhelped) = reading::counts(tx, ctx.org())?.get(&id).copied().unwrap_or_default();
    let votes = reading::votes(tx, ctx.org(), (id, row.number), MOST_VOTES)?;
    let mine = votes.iter().find(|vote| vote.person == ctx.actor.person).map(|vote| vote.helped);
    let read = reading::of_person(tx, ctx.org(), ctx.actor.person, Read::Article)?;
    Ok(Standing { helped, unhelped, mine, read: read.get(&id).copied().unwrap_or(0) })
}

/// Lists what people said of the version that is read, the last first.
///
/// # Errors
/// `not_found`.
pub fn voters(tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid) -> Result<Vec<VoteRow>, Error> {
    let row = known(tx, ctx, id)?;
    Ok(reading::votes(tx, ctx.org(), (id, row.number), MOST_VOTES)?)
}

/// Says whether the version that is read helped; the last word of a person counts.
///
/// # Errors
/// `not_found` where nothing is read, or of the case; a note that is too long.
pub fn vote(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: Uuid,
    (helped, case, note): (bool, Option<CaseId>, Option<&str>),
) -> Result<Standing, Error> {
    let row = known(tx, ctx, id)?;
    if !row.live {
        return Err(Error::conflict("article_not_read"));
    }
    if let Some(case) = case {
        visible(tx, ctx, case).map_err(|_| Error::field("case", "unknown_case"))?;
    }
    let note = check::optional("note", note, 500)?;
    let person = ctx.actor.person;
    let vote = VoteRow { person, helped, case, note, at: ctx.now };
    reading::vote(tx, ctx.org(), (id, row.number), &vote)?;
    let details = json!({"helped": helped, "number": row.number});
    audit::record(tx, ctx, "article_voted", Object::new("article", id), details)?;
    standing(tx, ctx, id)
}

/// Notes that the reader has read the version that is read (PROP-8).
///
/// # Errors
/// `not_found`, or `article_not_read` where nothing is read.
pub fn note_read(tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid) -> Result<(), Error> {
    let row = known(tx, ctx, id)?;
    if !row.live {
        return Err(Error::conflict("article_not_read"));
    }
    let read = (Read::Article, id, i64::from(row.number));
    reading::note(tx, ctx.org(), ctx.actor.person, read, ctx.now)?;
    let details = json!({"number": row.number});
    audit::record(tx, ctx, "article_read", Object::new("article", id), details)
}

/// Lists the questions of customers that an estate answers, title and body.
///
/// # Errors
/// What the store gives.
pub fn faqs(
    tx: &mut Tx<'_>,
    app: &App,
    (org, unit): (OrgId, UnitId),
    (locale, question): (Locale, &str),
) -> Result<Vec<(String, String)>, Error> {
    let library = app.libraries.of(tx, org)?;
    let path = units::path(tx, org, unit, app.clock.now())?;
    let open = |at: usize| {
        library.articles.get(at).filter(|article| {
            article.content.audience == Audience::Customers
                && matches!(article.content.kind, ArticleKind::Faq | ArticleKind::Article)
                && article.unit.is_some_and(|unit| path.contains(&unit))
        })
    };
    let places: Vec<usize> = if question.trim().is_empty() {
        (0..library.articles.len()).collect()
    } else {
        let ranked = library.rank(question, library.articles.len());
        let article =
            |(place, _)| if let super::library::Place::Article(at) = place { Some(at) } else { None };
        ranked.into_iter().filter_map(article).collect()
    };
    let told = |at| {
        let (title, body) = worded(&open(at)?.content, locale);
        Some((title.to_owned(), body.to_owned()))
    };
    Ok(places.into_iter().filter_map(told).collect())
}
