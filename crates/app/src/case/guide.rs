//! What the rules that bind a case ask and know: for who writes and for who reads.

use huiyin_domain::case::{Case, Kind, Stage, Target};
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::locale::Locale;
use huiyin_domain::pack::{FieldKind, Names, Pack};
use huiyin_domain::time::WorkingCalendar;
use huiyin_store::people::unit;
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use super::form::words;
use super::rules::Rules;
use super::sight::visible;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, CaseSight};

/// What a pack asks and knows about one kind of case, in the reader's language.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Guide {
    /// Name of the pack.
    pub pack: String,
    /// Its version.
    pub version: u32,
    /// Its title.
    pub title: String,
    /// Stages that a case of the kind can be in, in the order of work.
    pub stages: Vec<Stage>,
    /// Moves between them.
    pub moves: Vec<GuideMove>,
    /// Categories with their boundaries (PROP-34); leaves and what is above them.
    pub categories: Vec<GuideCategory>,
    /// Nodes of the cause tree.
    pub causes: Vec<GuideCause>,
    /// Fields that a case of the kind has.
    pub fields: Vec<GuideField>,
}

/// A move that the pack knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GuideMove {
    /// From this stage.
    pub from: Stage,
    /// To this one.
    pub to: Stage,
    /// The action that makes it.
    pub action: String,
    /// Who may make it: `owner`, `handler`, `clock` or a post.
    pub by: Vec<String>,
}

/// A category with its definition and boundaries (PROP-34).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuideCategory {
    /// Code on the wire.
    pub code: String,
    /// The category above, if any.
    pub parent: Option<String>,
    /// Its title.
    pub title: String,
    /// What belongs to it.
    pub definition: String,
    /// What belongs to it although one may doubt it.
    pub includes: String,
    /// What does not although one may think so.
    pub excludes: String,
    /// True when name and room must not be insisted on (PROP-47).
    pub no_insisting: bool,
    /// Source ids.
    pub sources: Vec<String>,
}

/// A node of the cause tree.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuideCause {
    /// Code on the wire.
    pub code: String,
    /// The node above, if any.
    pub parent: Option<String>,
    /// Its title.
    pub title: String,
}

/// A field of a case.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuideField {
    /// Name on the wire.
    pub name: String,
    /// Its title.
    pub title: String,
    /// `text`, `integer`, `money`, `date`, `time`, `flag` or `choice`.
    pub kind: String,
    /// The choices, where it has any: word and title.
    pub choices: Vec<GuideChoice>,
    /// True when no customer may ever see it (CP8-4).
    pub internal: bool,
}

/// One choice of a field.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuideChoice {
    /// Word on the wire.
    pub value: String,
    /// Its title.
    pub title: String,
}

/// Gives what the rules ask of a message that would be recorded now.
///
/// # Errors
/// `not_found` for a unit that is not there or not this person's to see.
pub fn intake_guide(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (unit, kind): (UnitId, Kind),
) -> Result<Guide, Error> {
    let path = unit::path(tx, ctx.org(), unit, ctx.now)?;
    if path.is_empty() {
        return Err(Error::not_found());
    }
    policy::case_view(&ctx.actor, &CaseSight { paths: vec![path], ..CaseSight::default() })?;
    let held = rules.of(tx, ctx.org())?;
    let pack = held.in_force(tx, ctx, (unit, kind), ctx.now)?;
    Ok(guide_of(pack, kind, ctx.locale))
}

/// Gives what the rules that bind a case ask and know.
///
/// # Errors
/// `not_found` when the case is not there or not for this person to know.
pub fn guide(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, id: CaseId) -> Result<Guide, Error> {
    let (loaded, _) = visible(tx, ctx, id)?;
    let held = rules.of(tx, ctx.org())?;
    Ok(guide_of(held.pack(&loaded.case.pack)?, loaded.case.kind, ctx.locale))
}

fn guide_of(pack: &Pack, kind: Kind, locale: Locale) -> Guide {
    let text = |names: &Names| words(locale, names).to_owned();
    let categories = pack.categories.iter().map(|category| GuideCategory {
        code: category.code.clone(),
        parent: category.parent.clone(),
        title: text(&category.title),
        definition: text(&category.definition),
        includes: text(&category.includes),
        excludes: text(&category.excludes),
        no_insisting: category.no_insisting,
        sources: category.source.clone(),
    });
    let causes = pack.causes.iter().map(|cause| GuideCause {
        code: cause.code.clone(),
        parent: cause.parent.clone(),
        title: text(&cause.title),
    });
    let fields = pack.fields.iter().filter(|field| field.of.contains(&kind)).map(|field| {
        let choices = match &field.kind {
            FieldKind::Choice(values) => values.as_slice(),
            _ => &[],
        };
        let choice = |value: &String| GuideChoice {
            title: field.labels.get(value).map_or_else(|| value.clone(), |label| text(&label.title)),
            value: value.clone(),
        };
        GuideField {
            name: field.name.clone(),
            title: text(&field.title),
            kind: field.kind.as_str().to_owned(),
            choices: choices.iter().map(choice).collect(),
            internal: field.internal,
        }
    });
    Guide {
        pack: pack.name.clone(),
        version: pack.version,
        title: text(&pack.title),
        stages: pack.stages(kind),
        moves: moves(pack, kind),
        categories: categories.collect(),
        causes: causes.collect(),
        fields: fields.collect(),
    }
}

fn moves(pack: &Pack, kind: Kind) -> Vec<GuideMove> {
    let mut moves: Vec<GuideMove> = Vec::new();
    for rule in pack.moves.iter().filter(|rule| rule.of.contains(&kind)) {
        let action = huiyin_domain::case::CommandKind::Move(rule.to).as_str();
        let to = match rule.to {
            Target::Stage(stage) => stage,
            Target::Closed(_) => Stage::Closed,
        };
        for from in &rule.from {
            let by = rule.by.iter().map(|by| by.as_str().to_owned()).collect();
            let made = GuideMove { from: *from, to, action: action.to_owned(), by };
            if !moves.contains(&made) {
                moves.push(made);
            }
        }
    }
    moves
}

/// A limit of a case as a person follows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClockLine {
    /// Number of the clock in the case.
    pub id: u32,
    /// Seconds of working time until it is due; negative after that, null when it
    /// has ended, is paused, or lies too far away to count.
    pub working_seconds: Option<i64>,
    /// Why it is due when it is due (D5), one sentence a step; empty when the
    /// calendar that counted it is no longer there.
    pub explanation: Vec<String>,
}

/// Explains the limits of a case and counts what is left of each in working time.
///
/// # Errors
/// `not_found` when the case is not there or not for this person to know.
pub fn clocks(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, id: CaseId) -> Result<Vec<ClockLine>, Error> {
    let (loaded, _) = visible(tx, ctx, id)?;
    let held = rules.of(tx, ctx.org())?;
    Ok(lines(&loaded.case, held.calendar(), ctx))
}

fn lines(case: &Case, calendar: &WorkingCalendar, ctx: &Ctx) -> Vec<ClockLine> {
    let line = |clock: &huiyin_domain::clock::Clock| {
        let runs = clock.is_open() && !clock.is_paused();
        let left = runs.then(|| match clock.due_at >= ctx.now {
            true => calendar.working_seconds(ctx.now, clock.due_at),
            false => calendar.working_seconds(clock.due_at, ctx.now).map(|late| -late),
        });
        let explained = clock.explain(calendar).ok();
        ClockLine {
            id: clock.id,
            working_seconds: left.flatten(),
            explanation: explained.map(|steps| steps.lines(ctx.locale)).unwrap_or_default(),
        }
    };
    case.clocks.iter().map(line).collect()
}
