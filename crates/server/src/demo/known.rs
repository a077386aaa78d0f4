//! What the company knows: the product's articles, the sheets of its estates, a
//! quiz, and what its people looked for in vain.

use super::cast::at;
use super::play::House;
use crate::command::knowledge::Brought;
use huiyin_app::{Actor, Error, knowledge};
use huiyin_domain::knowledge::quiz::{Question, Quiz};
use huiyin_domain::people::UnitLevel;
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use huiyin_store::knowledge as rows;
use huiyin_store::sql::Tx;

/// The sheets of the demo's estates, all of it fictional.
const SHEETS: &str = include_str!("../../../../packs/demo/facts.toml");

/// Whose the articles are.
const COMPANY: &str = "jiangzhou";

/// What people of the demo looked for and did not find.
const MISSES: [&str; 3] = ["业委会换届什么时候开始", "能不能在楼顶装太阳能", "车库几点限高"];

/// Furnishes the knowledge base.
///
/// # Errors
/// When the words contradict the rules.
pub fn furnish(
    tx: &mut Tx<'_>,
    house: &House<'_>,
    (began, now): (Timestamp, Timestamp),
) -> Result<(), Error> {
    let machine = at(house.app, Actor::command_line(house.cast.org), began);
    let mut brought = Brought::starter().map_err(odd)?;
    brought.take(SHEETS).map_err(odd)?;
    brought.bring(tx, &machine, house.app, Some(COMPANY))?;
    let Some(centre) = house.words.company.centre.first() else { return Ok(()) };
    let lead = at(house.app, house.cast.person(&centre.lead)?.clone(), now);
    for words in MISSES {
        knowledge::note_miss(tx, &lead, words, None)?;
    }
    let Some(voice) = rows::by_key(tx, house.cast.org, "one-voice")? else { return Ok(()) };
    let mut units = house.words.company.unit.iter();
    let Some(estate) = units.find(|unit| unit.level == UnitLevel::Estate) else { return Ok(()) };
    let estate = house.cast.unit(&estate.code)?;
    let quiz = Quiz {
        unit: house.cast.unit(&centre.unit)?,
        title: text("临江服务中心应知应会小测")?,
        pass_percent: 80,
        questions: vec![
            Question::Fact { unit: estate, field: "fee_parking_month".into() },
            Question::Fact { unit: estate, field: "phone_desk".into() },
            Question::Choice {
                text: text("同一个主题可以有几条统一答复？")?,
                options: vec![text("一条")?, text("每个小区一条")?, text("不限")?],
                right: vec![0],
                article: voice.paper,
            },
        ],
    };
    knowledge::write_quiz(tx, &lead, None, &quiz).map(drop)
}

fn odd(error: anyhow::Error) -> Error {
    Error::internal(format!("{error:#}"))
}

fn text(words: &str) -> Result<Text, Error> {
    Text::new(words).map_err(Error::internal)
}
