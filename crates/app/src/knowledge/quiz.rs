//! Quizzes: written by leads, taken by agents, scored on the spot (PROP-8).

use std::collections::BTreeMap;

use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::knowledge::fact::Values;
use huiyin_domain::knowledge::quiz::{Answer, Question, Quiz, Score};
use huiyin_domain::people::UnitLevel;
use huiyin_domain::time::Timestamp;
use huiyin_store::knowledge as rows;
use huiyin_store::knowledge::fact as facts;
use huiyin_store::knowledge::quiz::{self as store, AttemptRow, QuizRow};
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;
use serde_json::json;
use uuid::Uuid;

use super::fact::schema_of;
use crate::audit::{self, Object};
use crate::case::fields_error;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Action, Target, action};

/// A quiz as somebody may see it.
#[derive(Clone, Debug)]
pub struct QuizView {
    /// Its row.
    pub row: QuizRow,
    /// What is asked; without what is right for who only takes it.
    pub quiz: Quiz,
    /// Whether the reader may write it.
    pub mine: bool,
    /// The reader's last attempt.
    pub last: Option<AttemptRow>,
}

/// An attempt and how it came out.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The attempt.
    pub attempt: AttemptRow,
    /// How it came out.
    pub score: Score,
}

fn parsed(row: &QuizRow) -> Result<Quiz, Error> {
    serde_json::from_str(&row.body).map_err(Error::internal)
}

fn writes(ctx: &Ctx, path: &[UnitId]) -> bool {
    policy::permit(&ctx.actor, action::KeepKnowledge, Target::Unit(path)).is_ok()
}

fn view(tx: &mut Tx<'_>, ctx: &Ctx, row: QuizRow) -> Result<QuizView, Error> {
    let mut quiz = parsed(&row)?;
    let path = units::path(tx, ctx.org(), row.unit, ctx.now)?;
    let mine = writes(ctx, &path);
    if !mine {
        for question in &mut quiz.questions {
            if let Question::Choice { right, .. } = question {
                right.clear();
            }
        }
    }
    let last =
        store::attempts(tx, ctx.org(), (row.id, Some(ctx.actor.person)), (None, 1))?.into_iter().next();
    Ok(QuizView { row, quiz, mine, last })
}

/// Lists quizzes, the last written first.
///
/// # Errors
/// `forbidden`.
pub fn quizzes(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    open: Option<bool>,
    page: (Option<(Timestamp, Uuid)>, u32),
) -> Result<Vec<QuizView>, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    let rows = store::list(tx, ctx.org(), open, page)?;
    rows.into_iter().map(|row| view(tx, ctx, row)).collect()
}

/// Shows a quiz.
///
/// # Errors
/// `forbidden` or `not_found`.
pub fn quiz(tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid) -> Result<QuizView, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    let row = store::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    view(tx, ctx, row)
}

/// Writes a quiz: a new one, or the next version of the one that is named.
///
/// # Errors
/// `forbidden`, `not_found`, `stale`, `quiz_closed`, or fields that are not acceptable.
pub fn write_quiz(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    of: Option<(Uuid, i64)>,
    quiz: &Quiz,
) -> Result<QuizView, Error> {
    let path = units::path(tx, ctx.org(), quiz.unit, ctx.now)?;
    if path.is_empty() {
        policy::permit(&ctx.actor, action::KeepKnowledge, Target::Anywhere)?;
        return Err(Error::field("unit", "unknown_unit"));
    }
    policy::permit(&ctx.actor, action::KeepKnowledge, Target::Unit(&path))?;
    check(tx, ctx, quiz)?;
    let body = serde_json::to_string(quiz).map_err(Error::internal)?;
    let title = quiz.title.as_str().to_owned();
    let row = match of {
        None => {
            let by = ctx.actor.identified().then_some(ctx.actor.person);
            let row = QuizRow {
                id: ctx.uuid(),
                unit: quiz.unit,
                title,
                body,
                version: 1,
                created_at: ctx.now,
                created_by: by,
                changed_at: ctx.now,
                closed_at: None,
            };
            store::insert(tx, ctx.org(), &row)?;
            row
        }
        Some((id, seen)) => {
            let before = to_write(tx, ctx, id, seen)?;
            let row = QuizRow {
                unit: quiz.unit,
                title,
                body,
                version: before.version + 1,
                changed_at: ctx.now,
                ..before
            };
            next(tx, ctx, &row)?;
            row
        }
    };
    let details = json!({"version": row.version, "questions": quiz.questions.len()});
    audit::record(tx, ctx, "quiz_written", Object::new("quiz", row.id), details)?;
    view(tx, ctx, row)
}

/// Loads a quiz that the actor may write and that is open.
fn to_write(tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid, seen: i64) -> Result<QuizRow, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    let row = store::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let path = units::path(tx, ctx.org(), row.unit, ctx.now)?;
    policy::permit(&ctx.actor, action::KeepKnowledge, Target::Unit(&path))?;
    if row.version != seen {
        return Err(Error::stale().with("version", row.version));
    }
    if row.closed_at.is_some() {
        return Err(Error::conflict("quiz_closed"));
    }
    Ok(row)
}

fn next(tx: &mut Tx<'_>, ctx: &Ctx, row: &QuizRow) -> Result<(), Error> {
    if store::update(tx, ctx.org(), row)? { Ok(()) } else { Err(Error::stale()) }
}

/// Refuses a quiz that names what is not there.
fn check(tx: &mut Tx<'_>, ctx: &Ctx, quiz: &Quiz) -> Result<(), Error> {
    let schema = schema_of(tx, ctx.org())?;
    let faults = quiz.faults(&schema);
    if !faults.is_empty() {
        return Err(fields_error(&faults));
    }
    for (at, question) in quiz.questions.iter().enumerate() {
        match question {
            Question::Choice { article, .. } => {
                let there = rows::get(tx, ctx.org(), *article)?;
                there.ok_or_else(|| Error::field(format!("questions[{at}].article"), "unknown_article"))?;
            }
            Question::Fact { unit, .. } => {
                let path = units::path(tx, ctx.org(), *unit, ctx.now)?;
                let level = units::get(tx, ctx.org(), *unit)?.map(|unit| unit.level);
                if path.is_empty() || level != Some(UnitLevel::Estate) {
                    return Err(Error::field(format!("questions[{at}].unit"), "unknown_unit"));
                }
            }
        }
    }
    Ok(())
}

/// Closes a quiz: nobody takes it any more, what was taken stays.
///
/// # Errors
/// As [`write_quiz`].
pub fn close_quiz(tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid, seen: i64) -> Result<QuizView, Error> {
    let before = to_write(tx, ctx, id, seen)?;
    let row =
        QuizRow { version: before.version + 1, changed_at: ctx.now, closed_at: Some(ctx.now), ..before };
    next(tx, ctx, &row)?;
    audit::record(tx, ctx, "quiz_closed", Object::new("quiz", id), json!({}))?;
    view(tx, ctx, row)
}

/// Takes a quiz; score and day are kept, the answers are not (PROP-8).
///
/// # Errors
/// `forbidden`, `not_found`, `quiz_closed`, or answers that do not fit the questions.
pub fn take_quiz(tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid, answers: &[Answer]) -> Result<Taken, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    let row = store::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    if row.closed_at.is_some() {
        return Err(Error::conflict("quiz_closed"));
    }
    let quiz = parsed(&row)?;
    let schema = schema_of(tx, ctx.org())?;
    let sheets: BTreeMap<UnitId, Values> = facts::values_of_all(tx, ctx.org())?;
    let score = quiz
        .score(answers, &schema, |unit| sheets.get(&unit).cloned().unwrap_or_default())
        .map_err(|fault| fields_error(&[fault]))?;
    let attempt = AttemptRow {
        quiz: id,
        at: ctx.now,
        id: ctx.uuid(),
        person: ctx.actor.person,
        version: row.version,
        correct: score.right,
        asked: score.of,
        percent: u32::from(score.percent),
        passed: score.passed,
    };
    store::attempt(tx, ctx.org(), &attempt)?;
    let details = json!({"percent": score.percent, "passed": score.passed, "version": row.version});
    audit::record(tx, ctx, "quiz_taken", Object::new("quiz", id), details)?;
    Ok(Taken { attempt, score })
}

/// Lists attempts, the last first: of all for who may see mastery, else own.
///
/// # Errors
/// `forbidden` or `not_found`.
pub fn attempts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: Uuid,
    page: (Option<(Timestamp, Uuid)>, u32),
) -> Result<Vec<AttemptRow>, Error> {
    policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere)?;
    let row = store::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let path = units::path(tx, ctx.org(), row.unit, ctx.now)?;
    let machine = !ctx.actor.identified();
    let all =
        machine || ctx.actor.posts_at(&path).into_iter().any(|post| Action::ViewMastery.allowed_to(post));
    let person: Option<PersonId> = (!all).then_some(ctx.actor.person);
    Ok(store::attempts(tx, ctx.org(), (id, person), page)?)
}
