//! Another company of the group: each centre lives by a pack of its own, and its
//! complaints stand in different stages of it.
//!
//! The words say who does what when; each step is taken by the use case that
//! people use, at its own time, and clocks fire in between.

use super::cast::at;
use super::fill::{HOUR, StepWords};
use super::play::{House, clocks, refused};
use anyhow::Context as _;
use huiyin_app::case::{self, NewCase, Numbers};
use huiyin_app::party::Reporter;
use huiyin_app::{Actor, Error};
use huiyin_domain::case::{Channel, Command, CommandKind, Kind};
use huiyin_domain::ids::CaseId;
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::read;
use huiyin_store::sql::Tx;
use serde::Deserialize;

/// The houses of other trades, as the words tell them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Houses {
    house: Vec<HouseWords>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HouseWords {
    /// Code of the centre.
    unit: String,
    /// The pack that it is bound to.
    pack: String,
    story: Vec<StoryWords>,
    case: Vec<CaseWords>,
}

/// The steps of a process from beginning to end.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoryWords {
    name: String,
    steps: Vec<StepWords>,
}

/// One complaint, told up to a step of its story.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseWords {
    story: String,
    /// How many steps were taken.
    steps: usize,
    /// When it came.
    hours_ago: u32,
    #[serde(default)]
    channel: Option<Channel>,
    title: Text,
    text: Text,
    name: Text,
    phone: String,
}

/// A complaint on its way.
struct Lived<'a> {
    house: &'a HouseWords,
    words: &'a CaseWords,
    steps: &'a [StepWords],
    id: Option<CaseId>,
}

impl Houses {
    /// Reads the words that the binary carries.
    ///
    /// # Errors
    /// When they are not what they should be; a test holds that they are.
    pub fn shipped() -> anyhow::Result<Self> {
        toml::from_str(include_str!("../../../../packs/demo/houses.toml"))
            .context("packs/demo/houses.toml cannot be read")
    }
}

/// Binds each centre to its pack and lives its complaints, in the order of time.
///
/// # Errors
/// When a step is refused: then the words contradict the rules of the pack.
pub fn live(
    tx: &mut Tx<'_>,
    house: &House<'_>,
    houses: &Houses,
    (began, now): (Timestamp, Timestamp),
) -> Result<(), Error> {
    let mut lives = Vec::new();
    let mut moments = Vec::new();
    for words in &houses.house {
        let machine = at(house.app, Actor::command_line(house.cast.org), began);
        let unit = house.cast.unit(&words.unit)?;
        case::bind(tx, &machine, &house.app.rules, (unit, None), &words.pack)?;
        for case in &words.case {
            let story = words.story.iter().find(|story| story.name == case.story);
            let steps = story.and_then(|story| story.steps.get(..case.steps));
            let steps = steps
                .ok_or_else(|| Error::internal(format!("the demo has no such story: {}", case.story)))?;
            let mut when = now.micros() - i64::from(case.hours_ago) * HOUR;
            moments.push((Timestamp::from_micros(when), lives.len(), None));
            for (place, step) in steps.iter().enumerate() {
                // a minute between steps that follow at once, so that histories read well
                when += i64::from(step.after) * HOUR + HOUR / 60;
                moments.push((Timestamp::from_micros(when), lives.len(), Some(place)));
            }
            lives.push(Lived { house: words, words: case, steps, id: None });
        }
    }
    moments.sort_unstable();
    let numbers = Numbers::default();
    for (when, place, step) in moments.into_iter().filter(|(when, ..)| *when <= now) {
        clocks(tx, house.app, when)?;
        match step {
            None => lives[place].id = Some(received(tx, house, &numbers, &lives[place], when)?),
            Some(step) => taken(tx, house, &lives[place], (when, step))?,
        }
    }
    clocks(tx, house.app, now)
}

fn received(
    tx: &mut Tx<'_>,
    house: &House<'_>,
    numbers: &Numbers,
    lived: &Lived<'_>,
    now: Timestamp,
) -> Result<CaseId, Error> {
    let words = lived.words;
    let agent = lived.house.story.first().and_then(|story| story.steps.first()).map(|step| &*step.by);
    let ctx = at(house.app, house.cast.person(agent.unwrap_or_default())?.clone(), now);
    let new = NewCase {
        kind: Kind::Complaint,
        channel: words.channel.unwrap_or(Channel::Phone),
        text: words.text.clone(),
        title: Some(words.title.clone()),
        source: None,
        unit: Some(house.cast.unit(&lived.house.unit)?),
        category: None,
        party: None,
        reporter: Some(Reporter {
            name: Some(words.name.clone()),
            phone: Some(words.phone.clone()),
            address: None,
            household: None,
        }),
        persons: None,
        anonymous: false,
        no_usable_contact: false,
        fields: Default::default(),
        received_at: None,
        collected_at: None,
        suggested: None,
        external_id: None,
    };
    let what = || format!("recording {}", words.title.as_str());
    let (made, _) =
        case::create(tx, &ctx, &house.app.rules, numbers, new).map_err(|error| refused(&error, &what()))?;
    numbers.keep(house.cast.org, &made.number);
    Ok(made.id)
}

fn taken(
    tx: &mut Tx<'_>,
    house: &House<'_>,
    lived: &Lived<'_>,
    (now, place): (Timestamp, usize),
) -> Result<(), Error> {
    let step = &lived.steps[place];
    let what = format!("{}, step {}: {} by {}", lived.words.title.as_str(), place + 1, step.take, step.by);
    let odd = |error: &dyn std::fmt::Display| Error::internal(format!("demo story {what}: {error}"));
    let kind = CommandKind::parse(&step.take).ok_or_else(|| odd(&"no such action"))?;
    let body = step.body(house.cast, now)?;
    let command = Command::read(kind, body).map_err(|error| odd(&error))?;
    let id = lived.id.ok_or_else(|| odd(&"not received yet"))?;
    let version = read::case(tx, house.cast.org, id)?.ok_or_else(Error::not_found)?.case.version;
    let ctx = at(house.app, house.cast.person(&step.by)?.clone(), now);
    case::act(tx, &ctx, &house.app.rules, (id, Some(version)), command)
        .map_err(|error| refused(&error, &what))?;
    Ok(())
}
