//! One box that answers: the value of a fact itself, else the article (PROP-7).

use std::collections::BTreeSet;

use huiyin_domain::ids::UnitId;
use huiyin_domain::knowledge::fact::Values;
use huiyin_domain::knowledge::{ArticleKind, Content};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::{Tree, UnitLevel};
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;
use uuid::Uuid;

use super::library::{Library, Place, Shelved};
use crate::App;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// How many estates answer where none is named.
const MOST_ESTATES: usize = 20;
/// The longest beginning of a body that a list shows, in characters.
const EXCERPT: usize = 160;
/// The longest question, in characters.
pub(super) const LONGEST: usize = 400;

/// A question.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// In words.
    pub text: String,
    /// Of this unit, where the words name none.
    pub unit: Option<UnitId>,
    /// At most so many answers.
    pub most: usize,
}

/// What answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// A fact, with its value at each estate.
    Fact(FoundFact),
    /// An article.
    Article(FoundArticle),
}

/// A fact that answers.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundFact {
    /// The field of the sheet.
    pub field: String,
    /// What people call it, in the reader's language.
    pub label: String,
    /// Its values, by estate; an estate whose sheet lacks it is not there.
    pub values: Vec<FoundValue>,
}

/// A value of an estate.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundValue {
    /// The estate.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// The value as it is kept.
    pub value: String,
    /// The value as it is said.
    pub said: String,
}

/// An article that answers.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundArticle {
    /// The article.
    pub id: Uuid,
    /// What it is for.
    pub kind: ArticleKind,
    /// Which version.
    pub number: u32,
    /// Its title in the reader's language.
    pub title: String,
    /// How it begins.
    pub excerpt: String,
    /// The whole of a tip or standard answer, which is said or inserted as it is.
    pub body: Option<String>,
    /// Its topic.
    pub topic: Option<String>,
    /// Where it comes from.
    pub sources: Vec<String>,
}

/// Answers a question from the facts and articles that are read.
///
/// An estate that the words name decides whose facts answer; else the unit that
/// is said, else every estate.
///
/// # Errors
/// `forbidden`, or a question that is too long.
pub fn ask(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, asked: &Asked) -> Result<Vec<Found>, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    if asked.text.chars().count() > LONGEST {
        return Err(Error::field("q", "text_length"));
    }
    let tree = units::tree(tx, ctx.org())?;
    let library = app.libraries.of(tx, ctx.org())?;
    Ok(answers(&library, (&tree, ctx), asked))
}

/// Finds answers in a library.
pub(super) fn answers(library: &Library, (tree, ctx): (&Tree, &Ctx), asked: &Asked) -> Vec<Found> {
    let (named, rest) = named(tree, ctx, &asked.text);
    // an estate alone is a question for its address and the like: the words stay then
    let words = if rest.trim().is_empty() { &asked.text } else { &rest };
    let estates = estates(
        library,
        (tree, ctx),
        if named.is_empty() { asked.unit.into_iter().collect() } else { named },
    );
    let concerns = |article: &Shelved| match (asked.unit, article.unit) {
        (Some(here), Some(of)) => {
            tree.path(here, ctx.now).contains(&of) || tree.path(of, ctx.now).contains(&here)
        }
        _ => true,
    };
    let mut found = Vec::new();
    for (place, _) in library.rank(words, asked.most.saturating_mul(4)) {
        match place {
            Place::Field(at) => found.extend(fact(library, at, (&estates, ctx.locale)).map(Found::Fact)),
            Place::Article(at) => {
                let article = library.articles.get(at).filter(|article| concerns(article));
                found.extend(article.map(|article| Found::Article(told(article, ctx.locale))));
            }
        }
    }
    // a field that no sheet fills in answers nothing; it comes last, to say what is missing
    found.sort_by_key(|found| matches!(found, Found::Fact(fact) if fact.values.is_empty()));
    found.truncate(asked.most);
    found
}

/// Finds the estates that a question names, and the question without them.
fn named(tree: &Tree, ctx: &Ctx, text: &str) -> (Vec<UnitId>, String) {
    let mut units: Vec<(&str, UnitId)> = tree
        .units()
        .filter(|unit| unit.name.chars().count() > 1 && text.contains(&unit.name))
        .filter(|unit| unit.level == UnitLevel::Estate && tree.placement(unit.id, ctx.now).is_some())
        .map(|unit| (&*unit.name, unit.id))
        .collect();
    units.sort_by_key(|(name, _)| std::cmp::Reverse(name.chars().count()));
    let mut rest = text.to_owned();
    let mut found = Vec::new();
    for (name, id) in units {
        if rest.contains(name) {
            rest = rest.replace(name, " ");
            found.push(id);
        }
    }
    (found, rest)
}

/// Gives the sheets that answer, with the names of their estates.
fn estates<'a>(
    library: &'a Library,
    (tree, ctx): (&'a Tree, &Ctx),
    wanted: Vec<UnitId>,
) -> Vec<(UnitId, &'a str, &'a Values)> {
    let wanted: BTreeSet<UnitId> = wanted.into_iter().collect();
    let concerned = |estate: UnitId| {
        let path = tree.path(estate, ctx.now);
        // of the estate itself, of one below the unit, or the one in which the unit lies
        wanted.is_empty()
            || path.iter().any(|unit| wanted.contains(unit))
            || wanted.iter().any(|unit| tree.path(*unit, ctx.now).contains(&estate))
    };
    let mut found: Vec<(UnitId, &str, &Values)> = library
        .sheets
        .iter()
        .filter(|(estate, _)| concerned(**estate))
        .filter_map(|(estate, values)| Some((*estate, tree.unit(*estate)?.name.as_str(), values)))
        .collect();
    found.sort_by(|one, other| one.1.cmp(other.1));
    found.truncate(MOST_ESTATES);
    found
}

fn fact(
    library: &Library,
    at: usize,
    (estates, locale): (&[(UnitId, &str, &Values)], Locale),
) -> Option<FoundFact> {
    let field = library.field(at)?;
    let english = locale == Locale::En;
    let value = |(unit, name, values): &(UnitId, &str, &Values)| {
        let value = values.get(&field.name)?;
        Some(FoundValue {
            unit: *unit,
            name: (*name).to_owned(),
            value: value.clone(),
            said: field.said(value, english),
        })
    };
    let values = estates.iter().filter_map(value).collect();
    let label = if english { field.label.en.clone() } else { field.label.zh.clone() };
    Some(FoundFact { field: field.name.clone(), label, values })
}

/// Gives title and body in the reader's language, else in Chinese.
pub(crate) fn worded(content: &Content, locale: Locale) -> (&str, &str) {
    match (&content.english, locale) {
        (Some(english), Locale::En) => (english.title.as_str(), english.body.as_str()),
        _ => (content.title.as_str(), content.body.as_str()),
    }
}

pub(super) fn told(article: &Shelved, locale: Locale) -> FoundArticle {
    let content = &article.content;
    let (title, body) = worded(content, locale);
    let short = matches!(content.kind, ArticleKind::Tip | ArticleKind::StandardAnswer);
    FoundArticle {
        id: article.id,
        kind: content.kind,
        number: article.number,
        title: title.to_owned(),
        excerpt: body.chars().take(EXCERPT).map(|c| if c == '\n' { ' ' } else { c }).collect(),
        body: short.then(|| body.to_owned()),
        topic: content.topic.clone(),
        sources: content.sources.clone(),
    }
}
