//! Quizzes and their scores.

use super::{text, unit, values};
use crate::knowledge::fact::{Schema, Values};
use crate::knowledge::quiz::{Answer, Question, Quiz};
use uuid::Uuid;

fn quiz() -> Quiz {
    Quiz {
        unit: unit(),
        title: text("小测"),
        pass_percent: 60,
        questions: vec![
            Question::Choice {
                text: text("几条？"),
                options: vec![text("一"), text("二"), text("三")],
                right: vec![0, 2],
                article: Uuid::from_u128(1),
            },
            Question::Fact { unit: unit(), field: "fee_parking_month".into() },
            Question::Fact { unit: unit(), field: "phone_desk".into() },
            Question::Fact { unit: unit(), field: "address".into() },
        ],
    }
}

/// PROP-8: an attempt is scored by what is right and by what stands on the sheet;
/// what is not on the sheet counts for nobody.
#[test]
fn an_attempt_is_scored_against_the_sheet() {
    let sheet = |_| values(&[("fee_parking_month", "320.00"), ("phone_desk", "0999-6001088")]);
    let score = |answers: &[Answer]| quiz().score(answers, Schema::shipped(), sheet).unwrap();
    let said = |words: &str| Answer::Said(words.into());
    let good = score(&[Answer::Chosen(vec![2, 0]), said("320"), said("09996001088"), Answer::Nothing]);
    assert_eq!((good.right, good.of, good.percent, good.passed), (3, 3, 100, true));
    let poor = score(&[Answer::Chosen(vec![0]), said("320元"), said("110"), said("某处")]);
    assert_eq!((poor.percent, poor.passed, poor.wrong), (33, false, vec![0, 2]));
    assert!(quiz().score(&[], Schema::shipped(), sheet).is_err());
    let nothing = quiz().score(&vec![Answer::Nothing; 4], Schema::shipped(), |_| Values::new()).unwrap();
    assert_eq!((nothing.of, nothing.passed), (1, false));
}

/// PROP-8, bad input: a quiz that cannot be answered is refused with its fields.
#[test]
fn a_faulty_quiz_is_refused_with_its_fields() {
    assert_eq!(quiz().faults(Schema::shipped()), []);
    let mut faulty = quiz();
    faulty.pass_percent = 0;
    faulty.questions.push(Question::Fact { unit: unit(), field: "nothing".into() });
    if let Question::Choice { right, options, .. } = &mut faulty.questions[0] {
        right.push(9);
        options.truncate(1);
    }
    let paths: Vec<String> = faulty.faults(Schema::shipped()).into_iter().map(|fault| fault.path).collect();
    assert_eq!(paths, ["pass_percent", "questions[0].options", "questions[0].right", "questions[4].field"]);
}
