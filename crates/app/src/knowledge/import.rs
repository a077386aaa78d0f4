//! Articles, fields and sheets brought in from files.

use std::collections::BTreeMap;

use huiyin_domain::ids::UnitId;
use huiyin_domain::knowledge::ArticleFile;
use huiyin_domain::knowledge::article::{Article, ArticleStep, NewArticle};
use huiyin_domain::knowledge::fact::Schema;
use huiyin_domain::paper::PaperKind;
use huiyin_store::knowledge as rows;
use huiyin_store::knowledge::fact as facts;
use huiyin_store::paper as papers;
use huiyin_store::people::{organisation, unit as units};
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::fact::change_facts;
use crate::App;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::paper::{act_untold, open_untold};
use crate::policy::{self, Target, action};

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Articles that were not there.
    pub opened: u32,
    /// Articles that say something else now.
    pub changed: u32,
    /// Articles that say the same.
    pub same: u32,
    /// Articles that people here have changed, and that stay as they are.
    pub kept: u32,
    /// Sheets that were changed.
    pub sheets: u32,
}

/// The sheet of an estate in a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetFile {
    /// Code of the estate.
    pub unit: String,
    /// Its values, by field.
    pub values: BTreeMap<String, String>,
}

/// Brings articles in, published as they are: for a unit and those below it, for
/// the whole organisation where none is said.
///
/// An article is found by its key. One that people here have changed stays.
///
/// # Errors
/// `forbidden`, `unknown_unit`, or what an article refuses, with its key.
pub fn import_articles(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    app: &App,
    (files, unit): (Vec<ArticleFile>, Option<&str>),
) -> Result<Imported, Error> {
    policy::permit(&ctx.actor, action::KeepKnowledge, Target::Anywhere)?;
    let unit = match unit {
        Some(code) => {
            units::by_code(tx, ctx.org(), code)?.ok_or_else(|| Error::field("unit", "unknown_unit"))?.id
        }
        None => organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?.root_unit,
    };
    let mut done = Imported::default();
    for file in files {
        let key = file.key.clone();
        one(tx, ctx, app, (unit, file), &mut done).map_err(|error| error.with("key", key))?;
    }
    Ok(done)
}

fn one(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    app: &App,
    (unit, file): (UnitId, ArticleFile),
    done: &mut Imported,
) -> Result<(), Error> {
    let Some(row) = rows::by_key(tx, ctx.org(), &file.key)? else {
        let new = NewArticle { unit, key: Some(file.key), content: file.content.clone() };
        let opened = open_untold::<Article>(tx, ctx, app, new)?;
        act_untold::<Article>(tx, ctx, app, (opened.id, None), &ArticleStep::Bring(file.content))?;
        done.opened += 1;
        return Ok(());
    };
    let paper = papers::get(tx, ctx.org(), PaperKind::Article, row.paper)?.ok_or_else(Error::not_found)?;
    let article: Article = serde_json::from_str(&paper.body).map_err(Error::internal)?;
    let own = article.draft.as_ref().is_some_and(|draft| draft.written.by.is_some())
        || article.live.as_ref().is_some_and(|live| live.written.by.is_some());
    match &article.live {
        Some(live) if live.content == file.content => done.same += 1,
        _ if own || article.live.is_none() => done.kept += 1,
        _ => {
            act_untold::<Article>(tx, ctx, app, (row.paper, None), &ArticleStep::Bring(file.content))?;
            done.changed += 1;
        }
    }
    Ok(())
}

/// Puts other fields in the place of those that the sheets have.
///
/// # Errors
/// `forbidden`, or `invalid_fact_schema` with what is wrong.
pub fn import_schema(tx: &mut Tx<'_>, ctx: &Ctx, text: &str) -> Result<(), Error> {
    let permit = policy::permit(&ctx.actor, action::KeepKnowledge, Target::Anywhere)?;
    let schema = Schema::read(text)
        .map_err(|error| Error::invalid("invalid_fact_schema").with("reason", error.to_string()))?;
    facts::set_schema(tx, permit.org(), text, ctx.now)?;
    rows::changed(tx, permit.org())?;
    let details = json!({"fields": schema.fields().count()});
    audit::record(tx, ctx, "fact_schema_imported", Object::new("fact_schema", permit.org().0), details)
}

/// Brings the sheet of an estate in; tells whether that changed something.
///
/// # Errors
/// `unknown_unit`, or fields that are not acceptable.
pub fn import_sheet(tx: &mut Tx<'_>, ctx: &Ctx, file: SheetFile) -> Result<bool, Error> {
    let unit = units::by_code(tx, ctx.org(), &file.unit)?;
    let unit = unit.ok_or_else(|| Error::field("unit", "unknown_unit").with("unit", file.unit.clone()))?;
    let before = facts::get(tx, ctx.org(), unit.id)?.map_or(0, |row| row.version);
    let values = file.values.into_iter().map(|(field, value)| (field, Some(value))).collect();
    let sheet =
        change_facts(tx, ctx, unit.id, (before, &values)).map_err(|error| error.with("unit", file.unit))?;
    Ok(sheet.version > before)
}
