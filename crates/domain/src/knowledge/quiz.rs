//! Quizzes: who knows articles and sheets by heart (熟记, PROP-8).
//!
//! A question is bound to an article, or asks for a fact of an estate, whose right
//! answer is what stands on the sheet at that moment.

use super::fact::{Schema, Values};
use crate::case::FieldReason;
use crate::ids::UnitId;
use crate::paper::fault_unless;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The most questions of one quiz.
pub const MOST_QUESTIONS: usize = 100;
/// The fewest and the most answers to choose from.
const CHOICES: std::ops::RangeInclusive<usize> = 2..=8;
/// The longest question or answer, in characters.
const LONGEST: usize = 500;

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = QuizQuestion)]
pub enum Question {
    /// Choose what is right.
    Choice {
        /// What is asked.
        text: Text,
        /// What there is to choose from, two to eight.
        options: Vec<Text>,
        /// Which are right, by place from 0.
        right: Vec<usize>,
        /// The article that says so.
        article: Uuid,
    },
    /// Say a fact of an estate.
    Fact {
        /// The estate.
        unit: UnitId,
        /// The field of its sheet.
        field: String,
    },
}

/// What somebody answers to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = QuizAnswer)]
pub enum Answer {
    /// Chosen, by place from 0.
    Chosen(Vec<usize>),
    /// Said in words.
    Said(String),
    /// Nothing.
    Nothing,
}

/// A quiz as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quiz {
    /// For who works at this unit or below it.
    pub unit: UnitId,
    /// What it is called, up to 120 characters.
    pub title: Text,
    /// From how many points of a hundred it is passed.
    #[schema(minimum = 1, maximum = 100)]
    pub pass_percent: u8,
    /// What is asked.
    #[schema(min_items = 1, max_items = 100)]
    pub questions: Vec<Question>,
}

/// How an attempt came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = QuizScore)]
pub struct Score {
    /// How many were right.
    pub right: u32,
    /// Of how many.
    pub of: u32,
    /// Points of a hundred, rounded down.
    pub percent: u8,
    /// Whether that is enough.
    pub passed: bool,
    /// Places of the questions that were wrong, from 0.
    pub wrong: Vec<usize>,
}

impl Quiz {
    /// Lists the fields that are not acceptable.
    #[must_use]
    pub fn faults(&self, schema: &Schema) -> Vec<FieldReason> {
        let mut faults = fault_unless(self.title.as_str().chars().count() <= 120, "title", "text_length");
        faults.extend(fault_unless((1..=100).contains(&self.pass_percent), "pass_percent", "percent_range"));
        let count = (1..=MOST_QUESTIONS).contains(&self.questions.len());
        faults.extend(fault_unless(count, "questions", "list_length"));
        for (at, question) in self.questions.iter().enumerate() {
            let path = |rest: &str| format!("questions[{at}].{rest}");
            match question {
                Question::Choice { text, options, right, article: _ } => {
                    let short = |text: &Text| text.as_str().chars().count() <= LONGEST;
                    faults.extend(fault_unless(short(text), &path("text"), "text_length"));
                    let fine = CHOICES.contains(&options.len()) && options.iter().all(short);
                    faults.extend(fault_unless(fine, &path("options"), "list_length"));
                    let mut sorted = right.clone();
                    sorted.sort_unstable();
                    sorted.dedup();
                    let there = right.iter().all(|place| *place < options.len());
                    let fine = !right.is_empty() && there && sorted.len() == right.len();
                    faults.extend(fault_unless(fine, &path("right"), "wrong_value"));
                }
                Question::Fact { unit: _, field } => {
                    let known = schema.field(field).is_some();
                    faults.extend(fault_unless(known, &path("field"), "unknown_field"));
                }
            }
        }
        faults
    }

    /// Scores an attempt; `sheet` gives the values of an estate as they stand.
    ///
    /// What is not on the sheet cannot be known, and counts for nobody.
    ///
    /// # Errors
    /// When there is not one answer to each question.
    pub fn score(
        &self,
        answers: &[Answer],
        schema: &Schema,
        sheet: impl Fn(UnitId) -> Values,
    ) -> Result<Score, FieldReason> {
        if answers.len() != self.questions.len() {
            return Err(FieldReason::new("answers", "answers_needed"));
        }
        let (mut right, mut of, mut wrong) = (0_u32, 0_u32, Vec::new());
        for (at, (question, answer)) in self.questions.iter().zip(answers).enumerate() {
            let Some(is) = is_right(question, answer, schema, &sheet) else { continue };
            of += 1;
            if is {
                right += 1;
            } else {
                wrong.push(at);
            }
        }
        let percent = (right * 100).checked_div(of).unwrap_or(0);
        let percent = u8::try_from(percent).unwrap_or(100);
        Ok(Score { right, of, percent, passed: of > 0 && percent >= self.pass_percent, wrong })
    }
}

/// Tells whether an answer is right; nothing where nobody can know.
fn is_right(
    question: &Question,
    answer: &Answer,
    schema: &Schema,
    sheet: &impl Fn(UnitId) -> Values,
) -> Option<bool> {
    match (question, answer) {
        (Question::Choice { right, .. }, Answer::Chosen(chosen)) => {
            let sorted = |places: &[usize]| {
                let mut places = places.to_vec();
                places.sort_unstable();
                places.dedup();
                places
            };
            Some(sorted(right) == sorted(chosen))
        }
        (Question::Choice { .. }, Answer::Said(_) | Answer::Nothing) => Some(false),
        (Question::Fact { unit, field }, answer) => {
            let values = sheet(*unit);
            let (field, value) = (schema.field(field)?, values.get(field)?);
            let Answer::Said(said) = answer else { return Some(false) };
            Some(field.same(value, said))
        }
    }
}
