//! What stands beside a case: tips for how it stands, answers to what is typed.

use huiyin_domain::case::Case;
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::knowledge::{ArticleKind, CallMoment, Manner, Mood, Situation};
use huiyin_store::case::read;
use huiyin_store::party as parties;
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;

use super::ask::{Asked, Found, FoundArticle, LONGEST, answers, told};
use super::library::Shelved;
use crate::App;
use crate::case::visible;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// The most tips beside a case.
const MOST_TIPS: usize = 6;

/// What is known while somebody works.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The case.
    pub case: Option<CaseId>,
    /// What is typed; the case's own words where nothing is.
    pub text: Option<String>,
    /// The moment of a call, while one goes on.
    pub moment: Option<CallMoment>,
    /// What the agent sees of the customer now; more than what is on file.
    pub mood: Option<Mood>,
    /// How the customer listens, acts and is; more than what is on file.
    pub manner: Manner,
    /// At most so many answers.
    pub most: usize,
}

/// What may help.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suggested {
    /// The mood by which tips were chosen.
    pub mood: Option<Mood>,
    /// Tips that fit, what says most about the person first.
    pub tips: Vec<FoundArticle>,
    /// What answers the words, the best first.
    pub items: Vec<Found>,
}

/// Suggests what may help with a case, or with words that are typed.
///
/// # Errors
/// `forbidden`, or `not_found` when the case is not for this person to know.
pub fn suggest(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, beside: &Beside) -> Result<Suggested, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    let case = match beside.case {
        Some(id) => Some(visible(tx, ctx, id)?.0.case),
        None => None,
    };
    let now = situation(tx, ctx, case.as_ref(), beside)?;
    let words = match (&beside.text, &case) {
        (Some(text), _) => text.clone(),
        (None, Some(case)) => own_words(tx, ctx, case)?,
        (None, None) => String::new(),
    };
    let library = app.libraries.of(tx, ctx.org())?;
    let tree = units::tree(tx, ctx.org())?;
    let path = case.as_ref().map(|case| tree.path(case.unit, ctx.now));
    let mut tips: Vec<(u32, FoundArticle)> = library
        .articles
        .iter()
        .filter(|article| article.content.kind == ArticleKind::Tip)
        .filter(|article| reaches(path.as_deref(), article))
        .filter_map(|article| Some((article.content.when.fit(&now)?, told(article, ctx.locale))))
        .collect();
    tips.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
    tips.truncate(MOST_TIPS);
    let tips: Vec<FoundArticle> = tips.into_iter().map(|(_, tip)| tip).collect();
    let asked = Asked {
        text: words.chars().take(LONGEST).collect(),
        unit: case.as_ref().map(|case| case.unit),
        most: beside.most,
    };
    let mut items = answers(&library, (&tree, ctx), &asked);
    items.retain(|found| match found {
        // a fact without a value says nothing here, and a tip stands above once
        Found::Fact(fact) => !fact.values.is_empty(),
        Found::Article(article) => tips.iter().all(|tip| tip.id != article.id),
    });
    Ok(Suggested { mood: now.mood, tips, items })
}

/// Tells whether an article is for a place, given by its way up; every one is where
/// no place is known.
pub(super) fn reaches(path: Option<&[UnitId]>, article: &Shelved) -> bool {
    path.zip(article.unit).is_none_or(|(path, unit)| path.contains(&unit))
}

/// Gathers what decides which tips fit: what the agent sees before what is on file.
pub(super) fn situation(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    case: Option<&Case>,
    beside: &Beside,
) -> Result<Situation, Error> {
    let mut now = Situation {
        moment: beside.moment,
        mood: beside.mood,
        listening: beside.manner.listening,
        style: beside.manner.style,
        personality: beside.manner.personality,
        ..Situation::default()
    };
    let Some(case) = case else { return Ok(now) };
    now.channel = Some(case.channel);
    now.stage = Some(case.stage);
    now.category = case.category_now().map(str::to_owned);
    // MOB-4: the mood noted last is the one that counts
    now.mood = now.mood.or_else(|| case.emotions.last().and_then(|seen| seen.emotion.parse().ok()));
    if let Some(party) = case.parties.first()
        && let Some(row) = parties::get(tx, ctx.org(), party.party)?
    {
        now.listening = now.listening.or(row.manner.listening);
        now.style = now.style.or(row.manner.style);
        now.personality = now.personality.or(row.manner.personality);
    }
    Ok(now)
}

/// Gives title and text of a case, as far as they were not erased.
fn own_words(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case) -> Result<String, Error> {
    let mut words = String::new();
    for sealed in case.title.iter().chain([&case.text]) {
        if let Some(text) = read::text(tx, ctx.org(), case.id, sealed)? {
            words.push_str(&text);
            words.push(' ');
        }
    }
    Ok(words)
}
