//! The fact sheets of estates: read, changed, told to whom they concern.

use std::collections::BTreeMap;
use std::sync::Arc;

use huiyin_domain::case::Recipient;
use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::knowledge::fact::{Schema, Values, changes};
use huiyin_domain::paper::Telling;
use huiyin_domain::people::{Post, UnitLevel};
use huiyin_domain::time::Timestamp;
use huiyin_store::knowledge as rows;
use huiyin_store::knowledge::fact::{self as facts, ChangeRow};
use huiyin_store::knowledge::reading::{self, Read};
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;
use serde_json::json;

use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::{Error, Params};
use crate::paper::ToTell;
use crate::policy::{self, Target, action};
use crate::work::{self, kinds};

/// The most fields of one change.
const MOST_FIELDS: usize = 200;

/// Whom a change of a sheet concerns (PROP-8).
const CONCERNED: [Post; 4] = [Post::Agent, Post::Lead, Post::Visitor, Post::ShiftLeader];

/// The sheet of an estate.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The estate.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// How often it was changed; 0 for never.
    pub version: i64,
    /// When it was changed last.
    pub changed_at: Option<Timestamp>,
    /// Which fields there are.
    pub schema: Arc<Schema>,
    /// What stands there, with when it was put there.
    pub values: BTreeMap<String, (String, Timestamp)>,
    /// Names of the fields that it lacks (PROP-6).
    pub missing: Vec<String>,
    /// The version that the reader has read.
    pub read: i64,
}

/// One line of the list of sheets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetLine {
    /// The estate.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// How often it was changed; 0 for never.
    pub version: i64,
    /// When it was changed last.
    pub changed_at: Option<Timestamp>,
    /// Names of the fields that it lacks (PROP-6).
    pub missing: Vec<String>,
}

/// Gives which fields the sheets of an organisation have.
///
/// # Errors
/// `internal` when what was brought in cannot be read any more.
pub fn schema_of(tx: &mut Tx<'_>, org: OrgId) -> Result<Arc<Schema>, Error> {
    match facts::schema(tx, org)? {
        Some(body) => Ok(Arc::new(Schema::read(&body).map_err(Error::internal)?)),
        None => Ok(Arc::new(Schema::shipped().clone())),
    }
}

/// Names the fields that a sheet lacks.
pub(super) fn missing(schema: &Schema, values: &Values) -> Vec<String> {
    schema.missing(values).into_iter().map(|(_, field)| field.name.clone()).collect()
}

/// Gives the name of an estate.
///
/// # Errors
/// `not_found` when there is no such estate now.
fn estate(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId) -> Result<(String, Vec<UnitId>), Error> {
    let path = units::path(tx, ctx.org(), unit, ctx.now)?;
    let found = units::get(tx, ctx.org(), unit)?.filter(|unit| unit.level == UnitLevel::Estate);
    match found {
        Some(unit) if !path.is_empty() => Ok((unit.name, path)),
        _ => Err(Error::not_found()),
    }
}

/// Shows the sheet of an estate.
///
/// # Errors
/// `forbidden`, or `not_found` when there is no such estate.
pub fn sheet(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId) -> Result<Sheet, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    let (name, _) = estate(tx, ctx, unit)?;
    let schema = schema_of(tx, ctx.org())?;
    let row = facts::get(tx, ctx.org(), unit)?;
    let values = facts::values_of(tx, ctx.org(), unit)?;
    let bare: Values = values.iter().map(|(field, (value, _))| (field.clone(), value.clone())).collect();
    let read = reading::of_person(tx, ctx.org(), ctx.actor.person, Read::Sheet)?;
    Ok(Sheet {
        unit,
        name,
        version: row.as_ref().map_or(0, |row| row.version),
        changed_at: row.map(|row| row.changed_at),
        missing: missing(&schema, &bare),
        schema,
        values,
        read: read.get(&unit.0).copied().unwrap_or(0),
    })
}

/// Lists the sheets of all estates, by name.
///
/// # Errors
/// `forbidden`.
pub fn sheets(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<SheetLine>, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    let schema = schema_of(tx, ctx.org())?;
    let values = facts::values_of_all(tx, ctx.org())?;
    let rows = facts::all(tx, ctx.org())?;
    let tree = units::tree(tx, ctx.org())?;
    let nothing = Values::new();
    let line = |unit: &huiyin_domain::people::Unit| {
        let row = rows.iter().find(|row| row.unit == unit.id);
        SheetLine {
            unit: unit.id,
            name: unit.name.clone(),
            version: row.map_or(0, |row| row.version),
            changed_at: row.map(|row| row.changed_at),
            missing: missing(&schema, values.get(&unit.id).unwrap_or(&nothing)),
        }
    };
    let estates = tree
        .units()
        .filter(|unit| unit.level == UnitLevel::Estate && tree.placement(unit.id, ctx.now).is_some());
    let mut lines: Vec<SheetLine> = estates.map(line).collect();
    lines.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(lines)
}

/// Changes values of a sheet; nothing takes a value away. Tells whom it concerns.
///
/// # Errors
/// `forbidden`, `not_found`, `stale`, or fields that are not acceptable.
pub fn change_facts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    unit: UnitId,
    (seen, wanted): (i64, &BTreeMap<String, Option<String>>),
) -> Result<Sheet, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    let (name, path) = estate(tx, ctx, unit)?;
    policy::permit(&ctx.actor, action::KeepFacts, Target::Unit(&path))?;
    let version = facts::get(tx, ctx.org(), unit)?.map_or(0, |row| row.version);
    if seen != version {
        return Err(Error::stale().with("version", version));
    }
    let schema = schema_of(tx, ctx.org())?;
    let written = written(&schema, wanted)?;
    let before: Values = facts::values_of(tx, ctx.org(), unit)?
        .into_iter()
        .map(|(field, (value, _))| (field, value))
        .collect();
    let mut after = before.clone();
    for (field, value) in &written {
        match value {
            Some(value) => drop(after.insert(field.clone(), value.clone())),
            None => drop(after.remove(field)),
        }
    }
    let changed = changes(&before, &after);
    if changed.is_empty() {
        return sheet(tx, ctx, unit);
    }
    let fields: Vec<&str> = changed.iter().map(|change| &*change.field).collect();
    let row = ChangeRow {
        version: version + 1,
        at: ctx.now,
        person: ctx.actor.identified().then_some(ctx.actor.person),
        changes: serde_json::to_string(&changed).map_err(Error::internal)?,
    };
    if !facts::save(tx, ctx.org(), unit, &row, &written)? {
        return Err(Error::stale());
    }
    rows::changed(tx, ctx.org())?;
    let details = json!({"version": row.version, "fields": fields});
    audit::record(tx, ctx, "facts_changed", Object::new("fact_sheet", unit), details)?;
    if ctx.actor.identified() {
        reading::note(tx, ctx.org(), ctx.actor.person, (Read::Sheet, unit.0, row.version), ctx.now)?;
        tell(tx, ctx, (unit, name), (row.version, fields.len()))?;
    }
    sheet(tx, ctx, unit)
}

/// Brings what is wanted into the one way its type is written.
fn written(
    schema: &Schema,
    wanted: &BTreeMap<String, Option<String>>,
) -> Result<Vec<(String, Option<String>)>, Error> {
    if wanted.len() > MOST_FIELDS {
        return Err(Error::field("values", "list_length"));
    }
    let (mut all, mut wrong) = (Vec::new(), Vec::new());
    for (name, value) in wanted {
        let path = || format!("values.{name}");
        let Some(field) = schema.field(name) else {
            wrong.push((path(), "unknown_field"));
            continue;
        };
        match value.as_deref().map(|value| field.written(value)).transpose() {
            Ok(value) => all.push((name.clone(), value)),
            Err(code) => wrong.push((path(), code)),
        }
    }
    if wrong.is_empty() {
        return Ok(all);
    }
    Err(wrong
        .into_iter()
        .fold(Error::invalid("invalid_body"), |error, (path, code)| error.with_field(path, code)))
}

/// Tells those whom a change concerns that they have to know it (PROP-8).
fn tell(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (unit, name): (UnitId, String),
    (version, fields): (i64, usize),
) -> Result<(), Error> {
    let mut params = Params::new();
    params.insert("facts_of".into(), unit.to_string().into());
    params.insert("unit".into(), name.into());
    params.insert("fields".into(), fields.to_string().into());
    let tellings = CONCERNED.map(|post| Telling::new(Recipient::Post(post), "facts_changed"));
    let payload = ToTell {
        source: format!("facts:{unit}:{version}"),
        unit,
        case: None,
        confidential: false,
        params,
        tellings: tellings.into(),
    };
    work::enqueue(tx, ctx, kinds::PAPER_TOLD, &payload, (ctx.now, None)).map(drop)
}

/// Lists what was changed on a sheet, the last first.
///
/// # Errors
/// `forbidden`, or `not_found` when there is no such estate.
pub fn fact_changes(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    unit: UnitId,
    page: (Option<i64>, u32),
) -> Result<Vec<ChangeRow>, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    estate(tx, ctx, unit)?;
    Ok(facts::changes(tx, ctx.org(), unit, page)?)
}

/// Notes that the reader has read the sheet as it stands (PROP-8).
///
/// # Errors
/// `forbidden`, or `not_found` when there is no such estate.
pub fn note_sheet_read(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId) -> Result<(), Error> {
    let shown = sheet(tx, ctx, unit)?;
    let read = (Read::Sheet, unit.0, shown.version);
    reading::note(tx, ctx.org(), ctx.actor.person, read, ctx.now)?;
    let details = json!({"version": shown.version});
    audit::record(tx, ctx, "facts_read", Object::new("fact_sheet", unit), details)
}
