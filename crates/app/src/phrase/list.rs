//! The phrases in force: the product's, and what the organisation made of them.

use std::collections::BTreeMap;

use huiyin_domain::ids::OrgId;
use huiyin_store::phrase::{self as rows, PhraseRow};
use huiyin_store::sql::Tx;
use huiyin_text::phrase::{Checker, Level, Origin, Phrase, PhraseError, handbook, own};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::audit::{self, Object};
use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::{Error, FieldError, Params};
use crate::people::check;
use crate::policy::{self, Target, action};

/// The first number of an organisation's own phrases.
const OWN_FROM: u32 = 10_001;

/// The most phrases of an organisation's own.
const MOST_OWN: usize = 5_000;

/// The most ways in which one phrase is written.
const MOST_VARIANTS: usize = 50;

/// The longest variant, in characters.
const LONGEST_VARIANT: usize = 200;

/// The longest feeling, better sentence or scene, in characters.
const LONGEST: usize = 1_000;

/// The phrases in force in an organisation, ready to be looked for.
#[derive(Debug)]
pub(crate) struct Phrases {
    /// All of them by number, and whether the organisation changed or made it.
    all: BTreeMap<u32, (Phrase, bool)>,
    checker: Checker,
}

/// A phrase that is not said, as the list shows it (PHRASE-1).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PhraseLine {
    /// Its number: 1 to 1000 the handbook, to 10000 the product, then your own.
    pub number: u32,
    /// The phrase and its variants.
    pub variants: Vec<String>,
    /// What the customer is likely to feel; empty where nobody knows.
    pub feeling: String,
    /// What is better said; empty where nobody knows.
    pub better: String,
    /// Where it comes up; empty for everywhere.
    pub scene: String,
    /// What a hit does outside public replies, where any hit stops.
    pub level: Level,
    /// Who says that it is not said.
    pub origin: Origin,
    /// Whether it is looked for.
    pub is_active: bool,
    /// Whether the organisation added or changed it.
    pub is_changed: bool,
}

/// How the document names one way of saying a phrase.
#[derive(ToSchema)]
#[schema(as = PhraseVariant, value_type = String, min_length = 2, max_length = 200)]
#[expect(dead_code, reason = "a shape of the document, not a value")]
struct Variant(String);

/// A phrase as somebody writes it down.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPhrase {
    /// The phrase and its variants, each of at least two characters.
    #[schema(min_items = 1, max_items = 50, value_type = Vec<Variant>)]
    pub variants: Vec<String>,
    /// What the customer is likely to feel.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub feeling: String,
    /// What is better said; must hold no phrase of the list itself.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub better: String,
    /// Where it comes up.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub scene: String,
    /// What a hit does; the handbook's phrases block.
    pub level: Level,
    /// Whether it is looked for; yes when not said.
    #[serde(default = "yes")]
    pub is_active: bool,
}

const fn yes() -> bool {
    true
}

impl Phrases {
    /// Reads the list of an organisation.
    ///
    /// # Errors
    /// `internal` when a row cannot be read.
    pub(crate) fn read(tx: &mut Tx<'_>, org: OrgId) -> Result<Self, Error> {
        let mut all = shipped();
        for row in rows::list(tx, org)? {
            let phrase: Phrase = serde_json::from_str(&row.body).map_err(Error::internal)?;
            all.insert(row.number, (phrase, true));
        }
        let checker = checker(&all).map_err(Error::internal)?;
        Ok(Self { all, checker })
    }

    /// Gives what finds them.
    pub(crate) const fn checker(&self) -> &Checker {
        &self.checker
    }
}

fn shipped() -> BTreeMap<u32, (Phrase, bool)> {
    handbook().into_iter().chain(own()).map(|phrase| (phrase.number, (phrase, false))).collect()
}

fn checker(all: &BTreeMap<u32, (Phrase, bool)>) -> Result<Checker, PhraseError> {
    Checker::new(all.values().map(|(phrase, _)| phrase.clone()))
}

fn line((phrase, is_changed): &(Phrase, bool)) -> PhraseLine {
    let Phrase { number, variants, feeling, better, scene, level, origin, is_active } = phrase.clone();
    PhraseLine { number, variants, feeling, better, scene, level, origin, is_active, is_changed: *is_changed }
}

/// Lists the phrases by number, those that are switched off too.
///
/// # Errors
/// `forbidden` without a post.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules) -> Result<Vec<PhraseLine>, Error> {
    policy::permit(&ctx.actor, action::ViewCases, Target::Anywhere)?;
    Ok(rules.of(tx, ctx.org())?.phrases().all.values().map(line).collect())
}

/// Adds a phrase of the organisation's own (PHRASE-7).
///
/// # Errors
/// `forbidden`, or the fields that are not acceptable.
pub fn add(tx: &mut Tx<'_>, ctx: &Ctx, new: NewPhrase) -> Result<PhraseLine, Error> {
    policy::permit(&ctx.actor, action::TuneTexts, Target::Anywhere)?;
    let held = Phrases::read(tx, ctx.org())?;
    let mut mine = held.all.range(OWN_FROM..);
    if held.all.range(OWN_FROM..).count() >= MOST_OWN {
        return Err(Error::field("variants", "phrases_full"));
    }
    let number = mine.next_back().map_or(OWN_FROM, |(last, _)| last + 1);
    keep(tx, ctx, held, number, new)
}

/// Writes a phrase anew: one of the organisation's own, or what the product brings.
///
/// # Errors
/// `not_found`, `forbidden`, or the fields that are not acceptable: the
/// handbook's phrases stay at their level.
pub fn put(tx: &mut Tx<'_>, ctx: &Ctx, number: u32, new: NewPhrase) -> Result<PhraseLine, Error> {
    policy::permit(&ctx.actor, action::TuneTexts, Target::Anywhere)?;
    let held = Phrases::read(tx, ctx.org())?;
    if !held.all.contains_key(&number) {
        return Err(Error::not_found());
    }
    keep(tx, ctx, held, number, new)
}

/// Takes an own phrase away, or gives one of the product back its first form.
///
/// # Errors
/// `not_found`, `forbidden`.
pub fn remove(tx: &mut Tx<'_>, ctx: &Ctx, number: u32) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::TuneTexts, Target::Anywhere)?;
    if !rows::remove(tx, ctx.org(), number)? {
        return Err(Error::not_found());
    }
    audit::record(tx, ctx, "phrase_removed", Object::new("phrase", number), json!({}))
}

fn keep(tx: &mut Tx<'_>, ctx: &Ctx, held: Phrases, number: u32, new: NewPhrase) -> Result<PhraseLine, Error> {
    let mut all = held.all;
    let before = all.get(&number).map(|(phrase, _)| phrase);
    let origin = before.map_or(Origin::Own, |phrase| phrase.origin);
    if origin == Origin::Handbook && new.level != Level::Block {
        return Err(Error::field("level", "handbook_blocks"));
    }
    let phrase = Phrase {
        number,
        variants: variants(&new.variants)?,
        feeling: check::optional("feeling", Some(&new.feeling), LONGEST)?.unwrap_or_default(),
        better: check::optional("better", Some(&new.better), LONGEST)?.unwrap_or_default(),
        scene: check::optional("scene", Some(&new.scene), LONGEST)?.unwrap_or_default(),
        level: new.level,
        origin,
        is_active: new.is_active,
    };
    let body = serde_json::to_string(&phrase).map_err(Error::internal)?;
    let better = phrase.better.clone();
    all.insert(number, (phrase, true));
    let checker = checker(&all).map_err(|_| Error::field("variants", "phrases_full"))?;
    if let Some(hit) = checker.check(&better).into_iter().find(|hit| hit.level >= Level::Warn) {
        return Err(field("better", "phrase_in_better", &[("phrase", &hit.written)]));
    }
    let row = PhraseRow { number, body, changed_at: ctx.now, changed_by: Some(ctx.actor.person) };
    rows::put(tx, ctx.org(), &row)?;
    let details = json!({"level": new.level, "is_active": new.is_active});
    audit::record(tx, ctx, "phrase_written", Object::new("phrase", number), details)?;
    all.get(&number).map(line).ok_or_else(|| Error::internal("a phrase is gone"))
}

fn variants(given: &[String]) -> Result<Vec<String>, Error> {
    if given.is_empty() || given.len() > MOST_VARIANTS {
        return Err(Error::field("variants", "list_length"));
    }
    let mut taken: Vec<String> = Vec::with_capacity(given.len());
    for (at, variant) in given.iter().enumerate() {
        let path = format!("variants[{at}]");
        let variant = check::text(&path, variant, LONGEST_VARIANT)?;
        if !Checker::can_find(&variant) {
            return Err(Error::field(path, "phrase_too_short"));
        }
        if taken.contains(&variant) {
            return Err(Error::field(path, "named_twice"));
        }
        taken.push(variant);
    }
    Ok(taken)
}

pub(super) fn field(path: &str, code: &str, params: &[(&str, &str)]) -> Error {
    let params: Params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    let field = FieldError { path: path.to_owned(), code: code.to_owned(), params };
    Error::invalid("invalid_body").with_field_error(field)
}
