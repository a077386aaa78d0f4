//! What may be chosen for a case, with its meaning, in the reader's language.

use huiyin_domain::case::{Kind, PackRef};
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::locale::Locale;
use huiyin_domain::pack::{CategoryDef, FieldDef, FieldKind, Pack};
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use super::create::home;
use super::form::words;
use super::rules::Rules;
use super::sight::visible;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// What the pack of a case lets people choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Taxonomy {
    /// The pack that says so.
    pub pack: PackRef,
    /// Categories with their boundaries, in the pack's order.
    pub categories: Vec<CategoryView>,
    /// The tree of causes.
    pub causes: Vec<CauseView>,
    /// Fields that a case of the kind has.
    pub fields: Vec<FieldView>,
    /// Emotional needs, with their signs.
    pub emotions: Vec<EmotionView>,
}

/// A category as it is shown where it is chosen (PROP-34).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CategoryView {
    /// Code on the wire.
    pub code: String,
    /// Its title.
    pub title: String,
    /// What belongs to it.
    pub definition: String,
    /// What is included although one may doubt it.
    pub includes: String,
    /// What is excluded although one may doubt it.
    pub excludes: String,
    /// The category above, if any.
    pub parent: Option<String>,
    /// Its place among the company-wide top categories.
    pub top: String,
    /// False where room number and name must not be asked for (PROP-47).
    pub insists: bool,
    /// Ids of the rules that it comes from.
    pub sources: Vec<String>,
}

/// A cause as it is shown where it is chosen (PROP-97…101).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CauseView {
    /// Code on the wire.
    pub code: String,
    /// Its title.
    pub title: String,
    /// The cause above, if any.
    pub parent: Option<String>,
}

/// A field that a case can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldView {
    /// Name on the wire.
    pub name: String,
    /// Its title.
    pub title: String,
    /// `text`, `integer`, `money`, `date`, `time`, `flag` or `choice`.
    pub kind: &'static str,
    /// What may be chosen, where it is a choice.
    pub choices: Vec<ChoiceView>,
    /// True when no customer may ever see it (CP8-4).
    pub internal: bool,
}

/// One choice of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChoiceView {
    /// Value on the wire.
    pub value: String,
    /// Its title.
    pub title: String,
}

/// An emotional need (MOB-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EmotionView {
    /// Name on the wire.
    pub name: String,
    /// Its title.
    pub title: String,
    /// By what it is known.
    pub signs: String,
}

/// Gives what may be chosen for a message received now at a unit.
///
/// # Errors
/// `forbidden` without a post that records there, `unknown_unit`.
pub fn taxonomy(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (unit, kind): (Option<UnitId>, Kind),
) -> Result<Taxonomy, Error> {
    let unit = unit.map_or_else(|| home(ctx), Ok)?;
    let path = units::path(tx, ctx.org(), unit, ctx.now)?;
    if path.is_empty() {
        return Err(Error::invalid("invalid_query").with_field("unit", "unknown_unit"));
    }
    policy::permit(&ctx.actor, action::RecordCase, Target::Anywhere)?;
    let held = rules.of(tx, ctx.org())?;
    Ok(of(held.in_force(tx, ctx, (unit, kind), ctx.now)?, kind, ctx.locale))
}

/// Gives what may be chosen for a case, by the pack that binds it.
///
/// # Errors
/// `not_found` when the case is not there or not for this person to know.
pub fn taxonomy_of(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, id: CaseId) -> Result<Taxonomy, Error> {
    let (loaded, _) = visible(tx, ctx, id)?;
    let held = rules.of(tx, ctx.org())?;
    Ok(of(held.pack(&loaded.case.pack)?, loaded.case.kind, ctx.locale))
}

fn of(pack: &Pack, kind: Kind, locale: Locale) -> Taxonomy {
    let category = |category: &CategoryDef| CategoryView {
        code: category.code.clone(),
        title: words(locale, &category.title).to_owned(),
        definition: words(locale, &category.definition).to_owned(),
        includes: words(locale, &category.includes).to_owned(),
        excludes: words(locale, &category.excludes).to_owned(),
        parent: category.parent.clone(),
        top: category.top.clone(),
        insists: !category.no_insisting,
        sources: category.source.clone(),
    };
    let causes = pack.causes.iter().map(|cause| CauseView {
        code: cause.code.clone(),
        title: words(locale, &cause.title).to_owned(),
        parent: cause.parent.clone(),
    });
    let emotions = pack.emotions.iter().map(|emotion| EmotionView {
        name: emotion.name.clone(),
        title: words(locale, &emotion.title).to_owned(),
        signs: words(locale, &emotion.signs).to_owned(),
    });
    Taxonomy {
        pack: pack.reference(),
        categories: pack.categories.iter().map(category).collect(),
        causes: causes.collect(),
        fields: pack
            .fields
            .iter()
            .filter(|field| field.of.contains(&kind))
            .map(|field| field_view(field, locale))
            .collect(),
        emotions: emotions.collect(),
    }
}

fn field_view(field: &FieldDef, locale: Locale) -> FieldView {
    let (kind, values): (_, &[String]) = match &field.kind {
        FieldKind::Text => ("text", &[]),
        FieldKind::Integer => ("integer", &[]),
        FieldKind::Money => ("money", &[]),
        FieldKind::Date => ("date", &[]),
        FieldKind::Time => ("time", &[]),
        FieldKind::Flag => ("flag", &[]),
        FieldKind::Choice(values) => ("choice", values),
    };
    let choice = |value: &String| ChoiceView {
        value: value.clone(),
        title: field.labels.get(value).map_or(value.as_str(), |label| words(locale, &label.title)).to_owned(),
    };
    FieldView {
        name: field.name.clone(),
        title: words(locale, &field.title).to_owned(),
        kind,
        choices: values.iter().map(choice).collect(),
        internal: field.internal,
    }
}
