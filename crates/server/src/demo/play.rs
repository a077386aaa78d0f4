//! The stories told one step at a time, all at their own times, up to now.

use super::DAY;
use super::beat::Beat;
use super::cast::{Cast, at};
use super::chance::Chance;
use super::homes::Resident;
use super::plan::{Plan, Story};
use super::scene::{Scene, filled};
use super::ways::Way;
use super::words::{Centre, Words};
use huiyin_app::case::{self, NewCase, Numbers};
use huiyin_app::party::Reporter;
use huiyin_app::{App, Error};
use huiyin_domain::case::{Channel, Source, Stage};
use huiyin_domain::ids::CaseId;
use huiyin_domain::text::Text;
use huiyin_domain::time::{Timestamp, Zone};
use huiyin_store::case::{due, read};
use huiyin_store::jobs;
use huiyin_store::sql::Tx;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A minute in microseconds.
const MINUTE: i64 = 60_000_000;

/// Staff work from half past eight to six, in seconds of the day.
const AT_WORK: std::ops::Range<u32> = 30_600..64_800;

/// Steps that follow at once are done at any hour, minutes.
const AT_ONCE: u32 = 5;

/// The most clocks that fire in one go.
const FIRING: u32 = 200;

/// What all stories share.
pub struct House<'a> {
    /// The application.
    pub app: &'a App,
    /// The company.
    pub cast: &'a Cast,
    /// The words.
    pub words: &'a Words,
    /// Who lives there.
    pub homes: &'a [Resident],
}

/// How much was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Cases made.
    pub cases: u32,
    /// Steps taken in them.
    pub steps: u32,
}

/// Tells every story up to now.
///
/// # Errors
/// When a step is refused: then the words contradict the rules of the house.
pub fn run(tx: &mut Tx<'_>, house: &House<'_>, chance: &mut Chance, now: Timestamp) -> Result<Told, Error> {
    let stories = Plan::drawn(house.words, house.homes, chance, now);
    let mut queue = BinaryHeap::new();
    for (place, story) in stories.iter().enumerate().filter(|(_, story)| !story.waits) {
        queue.push(Reverse((story.received, place)));
    }
    let mut play = Play { house, chance, stories, queue, numbers: Numbers::default(), told: Told::default() };
    while let Some(Reverse((when, place))) = play.queue.pop() {
        if when > now {
            break;
        }
        clocks(tx, house.app, when)?;
        play.turn(tx, when, place)?;
    }
    clocks(tx, house.app, now)?;
    let told = play.told;
    // what happened long ago is nobody's news any more
    jobs::forget(tx, house.cast.org, case::CASE_CHANGED, Timestamp::from_micros(now.micros() - DAY))?;
    Ok(told)
}

/// Lets every clock fire at its own time, up to a moment.
///
/// # Errors
/// When one of them cannot.
pub fn clocks(tx: &mut Tx<'_>, app: &App, until: Timestamp) -> Result<(), Error> {
    while let Some(next) = due::firing(tx, until, 1)?.first() {
        let ticked = case::tick(tx, app, &app.rules, next.at, FIRING)?;
        if ticked.put_off > 0 {
            return Err(Error::internal(format!("clock {} of {:?} cannot fire", next.clock, next.holder)));
        }
    }
    Ok(())
}

struct Play<'a, 'b> {
    house: &'a House<'a>,
    chance: &'b mut Chance,
    stories: Vec<Story>,
    queue: BinaryHeap<Reverse<(Timestamp, usize)>>,
    numbers: Numbers,
    told: Told,
}

impl Play<'_, '_> {
    /// Takes the next step of a story and sets the time of the one after.
    fn turn(&mut self, tx: &mut Tx<'_>, now: Timestamp, place: usize) -> Result<(), Error> {
        let stage = match (self.stories[place].case, self.stories[place].beats.front().copied()) {
            (None, _) => self.receive(tx, now, place)?,
            (Some(id), Some(beat)) => {
                self.stories[place].beats.pop_front();
                self.step(tx, now, (place, id), beat)?
            }
            (Some(_), None) => return Ok(()),
        };
        let story = &self.stories[place];
        if Some(stage) == story.hold {
            return Ok(());
        }
        let comes_again = story.way == Way::Repeated && stage == Stage::Closed && story.other.is_none();
        if comes_again {
            let second = Timestamp::from_micros(now.micros() + i64::from(self.chance.between(1, 4)) * DAY);
            self.queue.push(Reverse((second, place + 1)));
            return Ok(());
        }
        self.follow(now, place);
        Ok(())
    }

    /// Sets the time of a story's next step.
    fn follow(&mut self, now: Timestamp, place: usize) {
        let Some(beat) = self.stories[place].beats.front() else { return };
        let (from, to) = beat.wait;
        let minutes = self.chance.between(from, to);
        let then = Timestamp::from_micros(now.micros() + i64::from(minutes) * MINUTE);
        let then = if to <= AT_ONCE { then } else { self.at_work(then) };
        self.queue.push(Reverse((then, place)));
    }

    /// The moment itself while staff work, else the next morning.
    fn at_work(&mut self, then: Timestamp) -> Timestamp {
        let zone = Zone::shanghai();
        let (day, second) = zone.civil(then);
        let later = self.chance.between(0, 5_400);
        if second < AT_WORK.start {
            return zone.at(day, AT_WORK.start + later);
        }
        if second < AT_WORK.end {
            return then;
        }
        day.next().map_or(then, |next| zone.at(next, AT_WORK.start + later))
    }

    fn centre(&self, place: usize) -> Result<&Centre, Error> {
        let code = &self.house.homes[self.stories[place].resident].centre;
        let found = self.house.words.company.centre.iter().find(|centre| centre.unit == *code);
        found.ok_or_else(|| Error::internal("an estate of the demo has no centre"))
    }

    fn receive(&mut self, tx: &mut Tx<'_>, now: Timestamp, place: usize) -> Result<Stage, Error> {
        let new = self.message(place)?;
        let story = &self.stories[place];
        let centre = self.centre(place)?;
        let login = if story.channel == Channel::Employee {
            centre.employee.clone()
        } else {
            let turn = usize::try_from(now.micros() / (8 * 60 * MINUTE)).unwrap_or(0);
            centre.agents[turn % centre.agents.len().max(1)].clone()
        };
        let ctx = at(self.house.app, self.house.cast.person(&login)?.clone(), now);
        let (created, _) = case::create(tx, &ctx, &self.house.app.rules, &self.numbers, new)
            .map_err(|error| refused(&error, &format!("recording {:?}", story.way)))?;
        self.numbers.keep(self.house.cast.org, &created.number);
        self.told.cases += 1;
        let of = self.stories[place].of;
        if let Some(first) = of {
            self.stories[place].other = self.stories[first].case;
            if self.stories[place].waits {
                self.stories[first].other = Some(created.id);
                self.follow(now, first);
            }
        }
        self.stories[place].case = Some(created.id);
        Ok(Stage::Received)
    }

    /// Writes down what the customer said.
    fn message(&mut self, place: usize) -> Result<NewCase, Error> {
        let story = &self.stories[place];
        let (words, resident) = (self.house.words, &self.house.homes[story.resident]);
        let matter = &words.matters[story.matter];
        let again = words.sentences.get("repeat_text").filter(|_| story.waits).unwrap_or(&matter.text);
        let sentence = &again[self.chance.index(again.len())];
        let anonymous = story.way == Way::Anonymous;
        let inside = matches!(story.way, Way::Media | Way::PassedOn | Way::Noted);
        Ok(NewCase {
            kind: matter.kind,
            channel: story.channel,
            text: filled(sentence, resident, matter, self.chance)?,
            title: Some(filled(&matter.title, resident, matter, self.chance)?),
            source: Some(Source::FieldStaff).filter(|_| story.channel == Channel::Employee),
            unit: Some(resident.unit),
            category: Some(matter.category.clone()),
            party: Some(resident.party).filter(|_| !anonymous && !inside),
            reporter: matter.medium.as_deref().map(reporter).transpose()?,
            persons: None,
            anonymous,
            no_usable_contact: false,
            fields: Default::default(),
            received_at: None,
            collected_at: None,
            suggested: None,
            external_id: None,
        })
    }

    fn step(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        (place, id): (usize, CaseId),
        beat: Beat,
    ) -> Result<Stage, Error> {
        let (org, story) = (self.house.cast.org, &self.stories[place]);
        let loaded = read::case(tx, org, id)?.ok_or_else(Error::not_found)?;
        let code = &self.house.homes[story.resident].centre;
        let centre = self.house.words.company.centre.iter().find(|centre| centre.unit == *code);
        let mut scene = Scene {
            cast: self.house.cast,
            words: self.house.words,
            centre: centre.ok_or_else(|| Error::internal("an estate of the demo has no centre"))?,
            matter: &self.house.words.matters[story.matter],
            resident: &self.house.homes[story.resident],
            case: &loaded.case,
            other: story.other,
            now,
            chance: self.chance,
        };
        let Some(command) = (beat.make)(&mut scene)? else { return Ok(loaded.case.stage) };
        let ctx = at(self.house.app, scene.actor(beat.by)?, now);
        let what = format!("{:?}: {} by {:?}", story.way, command.kind().as_str(), beat.by);
        let acted = case::act(tx, &ctx, &self.house.app.rules, (id, Some(loaded.case.version)), command)
            .map_err(|error| refused(&error, &what))?;
        self.told.steps += 1;
        Ok(acted.case.stage)
    }
}

/// Somebody known by name alone, such as a newspaper.
fn reporter(name: &str) -> Result<Reporter, Error> {
    Ok(Reporter {
        name: Some(Text::new(name).map_err(Error::internal)?),
        phone: None,
        address: None,
        household: None,
    })
}

/// Says which step of which story the rules refuse.
pub fn refused(error: &Error, what: &str) -> Error {
    let fields: Vec<_> =
        error.fields().iter().map(|field| format!("{} {}", field.path, field.code)).collect();
    let params = serde_json::Value::from(error.params().clone());
    Error::internal(format!("demo story {what}: {} {params} {}", error.code(), fields.join(", ")))
}
