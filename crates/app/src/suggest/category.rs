//! The category that a message may have.

use huiyin_domain::ids::CaseId;
use huiyin_domain::locale::Locale;
use huiyin_domain::pack::{CategoryDef, Names, Pack};
use huiyin_store::sql::Tx;
use huiyin_store::suggest::{self as rows, ShownRow};
use huiyin_text::category::Message;
use huiyin_text::folded;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::Models;
use crate::ctx::Ctx;
use crate::error::Error;

/// How many categories a suggestion names.
const RANKED: usize = 3;

/// A suggestion below this is none.
const LEAST: f32 = 0.3;

/// On what a suggestion rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GuessBasis {
    /// On a model learned from your own closed cases.
    Model,
    /// On the name of the category, which stands in the text.
    Name,
}

/// Why nothing is suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoGuess {
    /// There are too few closed cases to learn from.
    NothingLearned,
    /// The text holds nothing that was learned.
    NothingKnown,
    /// No category stands out.
    Unsure,
}

/// A category that a message may have.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CategoryGuess {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// How probable it is, 0 to 1; null where nothing was learned.
    #[schema(minimum = 0, maximum = 1)]
    pub confidence: Option<f32>,
    /// On what it rests.
    pub basis: GuessBasis,
    /// Version of the model; 0 for the names of the categories.
    pub model: i64,
    /// The words that decided, strongest first.
    pub words: Vec<String>,
}

/// What was suggested to whoever records a case; what they chose stands beside it.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestionShown {
    /// Code of the category that was suggested first.
    #[schema(max_length = 200)]
    pub category: String,
    /// How probable it was.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1)]
    pub confidence: Option<f32>,
    /// Version of the model.
    #[schema(minimum = 0)]
    pub model: i64,
}

fn words(locale: Locale, names: &Names) -> &str {
    match locale {
        Locale::ZhCn => &names.zh,
        Locale::En => &names.en,
    }
}

/// Suggests categories of a pack for a message, likeliest first, or says why not.
pub(super) fn guess(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (models, pack): (&Models, &Pack),
    message: &Message,
) -> Result<Result<Vec<CategoryGuess>, NoGuess>, Error> {
    let guess = |category: &CategoryDef, confidence, (basis, model), words: Vec<String>| CategoryGuess {
        code: category.code.clone(),
        title: self::words(ctx.locale, &category.title).to_owned(),
        confidence,
        basis,
        model,
        words,
    };
    let Some((version, model)) = models.newest(tx, ctx.org())? else {
        let named = named(pack, message);
        let by_name = |(category, name): (&CategoryDef, String)| {
            guess(category, None, (GuessBasis::Name, 0), vec![name])
        };
        let found: Vec<CategoryGuess> = named.into_iter().take(RANKED).map(by_name).collect();
        return Ok(if found.is_empty() { Err(NoGuess::NothingLearned) } else { Ok(found) });
    };
    let Some(told) = model.suggest(message, RANKED) else { return Ok(Err(NoGuess::NothingKnown)) };
    let mut reasons = told.reasons.into_iter().map(|reason| reason.word).collect::<Vec<_>>();
    let mut found = Vec::new();
    for (label, confidence) in told.ranked {
        // the pack may have let go of a category that old cases have
        let Some(category) = pack.category(&label) else { continue };
        let words = if found.is_empty() { std::mem::take(&mut reasons) } else { Vec::new() };
        found.push(guess(category, Some(confidence), (GuessBasis::Model, version), words));
    }
    let sure = found.first().and_then(|first| first.confidence).is_some_and(|first| first >= LEAST);
    Ok(if sure { Ok(found) } else { Err(NoGuess::Unsure) })
}

/// Finds the categories whose own name stands in a message, the longest name first.
fn named<'a>(pack: &'a Pack, message: &Message) -> Vec<(&'a CategoryDef, String)> {
    let text = folded(&format!("{} {}", message.title, message.text));
    let in_text = |category: &'a CategoryDef| {
        // 设备管理类 is written 设备管理
        let names = [&category.title.zh, &category.title.en].map(|name| folded(name.trim_end_matches('类')));
        let found = names.into_iter().find(|name| name.chars().count() >= 2 && text.contains(name.as_str()));
        found.map(|name| (category, name))
    };
    let mut found: Vec<_> = pack.categories.iter().filter_map(in_text).collect();
    found.sort_by_key(|(_, name)| std::cmp::Reverse(name.chars().count()));
    found
}

/// Notes what was suggested at the recording of a case.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    pack: &Pack,
    (case, shown): (CaseId, &SuggestionShown),
) -> Result<(), Error> {
    if pack.category(&shown.category).is_none() {
        return Err(Error::field("suggested.category", "unknown_category"));
    }
    let in_range = shown.confidence.is_none_or(|confidence| (0.0..=1.0).contains(&confidence));
    if !in_range || shown.model < 0 {
        return Err(Error::field("suggested", "out_of_range"));
    }
    let row = ShownRow {
        case,
        model: shown.model,
        category: shown.category.clone(),
        confidence: shown.confidence.map(f64::from),
        at: ctx.now,
    };
    Ok(rows::note_shown(tx, ctx.org(), &row)?)
}
