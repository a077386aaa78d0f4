//! Which stories are told: when each begins, who comes, with what, which way.

use super::DAY;
use super::beat::Beat;
use super::chance::Chance;
use super::homes::Resident;
use super::ways::Way;
use super::words::{Matter, Words};
use huiyin_domain::case::{Channel, Kind, Stage};
use huiyin_domain::ids::CaseId;
use huiyin_domain::time::{Timestamp, Zone};
use std::collections::VecDeque;

/// Stories of the past three months beside those that show one thing each.
const ORDINARY: usize = 300;

/// Stories that show each way.
const OF_EACH_WAY: usize = 2;

/// Stories that stand at each stage now.
const AT_EACH_STAGE: usize = 4;

/// Messages of the last hours.
const FRESH: usize = 12;

/// One story: what is left of it, and the case that it made.
pub struct Story {
    /// Which way it goes.
    pub way: Way,
    /// Which matter.
    pub matter: usize,
    /// Which resident.
    pub resident: usize,
    /// How the message came.
    pub channel: Channel,
    /// When it came.
    pub received: Timestamp,
    /// Steps left.
    pub beats: VecDeque<Beat>,
    /// Its case, once recorded.
    pub case: Option<CaseId>,
    /// The other case, where the story has one.
    pub other: Option<CaseId>,
    /// The story whose second message this is.
    pub of: Option<usize>,
    /// The stage at which it stands still.
    pub hold: Option<Stage>,
    /// True for a second message that waits for the end of the first story.
    pub waits: bool,
}

/// Draws the stories.
pub struct Plan<'a> {
    words: &'a Words,
    homes: &'a [Resident],
    chance: &'a mut Chance,
    now: Timestamp,
    stories: Vec<Story>,
}

impl<'a> Plan<'a> {
    /// Draws all stories that end at the present.
    pub fn drawn(
        words: &'a Words,
        homes: &'a [Resident],
        chance: &'a mut Chance,
        now: Timestamp,
    ) -> Vec<Story> {
        let mut plan = Self { words, homes, chance, now, stories: Vec::new() };
        for way in ALL.iter().cycle().take(ALL.len() * OF_EACH_WAY) {
            let received = plan.day(35, 85);
            plan.add(*way, received, None);
        }
        for (stage, way, from, to) in STANDING.iter().cycle().take(STANDING.len() * AT_EACH_STAGE) {
            let received = plan.day(*from, *to);
            plan.add(*way, received, Some(*stage));
        }
        for _ in 0..ORDINARY {
            let way = plan.way();
            let recent = plan.chance.percent(22);
            let received = if recent { plan.day(1, 9) } else { plan.day(8, 91) };
            plan.add(way, received, None);
        }
        for place in 0..FRESH {
            let minutes = i64::from(plan.chance.between(3, 170));
            let received = Timestamp::from_micros(plan.now.micros() - minutes * 60_000_000);
            let (way, hold) =
                if place % 3 == 0 { (Way::Repair, None) } else { (Way::Plain, Some(Stage::Accepted)) };
            plan.add(way, received, hold);
        }
        plan.stories
    }

    /// A moment of the waking hours, so many days ago.
    fn day(&mut self, from: u32, to: u32) -> Timestamp {
        let zone = Zone::shanghai();
        let ago = i64::from(self.chance.between(from, to));
        let day = zone.date(Timestamp::from_micros(self.now.micros() - ago * DAY));
        let hour = [7, 8, 8, 9, 9, 10, 10, 11, 13, 14, 15, 16, 17, 18, 19, 19, 20, 20, 21, 22];
        let hour = hour[self.chance.index(hour.len())];
        zone.at(day, hour * 3_600 + self.chance.between(0, 3_599))
    }

    fn add(&mut self, way: Way, received: Timestamp, hold: Option<Stage>) {
        let matter = self.matter(way);
        let resident = self.chance.index(self.homes.len());
        let channel = self.channel(way);
        let story = |way: Way, received: Timestamp, of: Option<usize>| Story {
            way,
            matter,
            resident,
            channel,
            received,
            beats: way.beats().into(),
            case: None,
            other: None,
            of,
            hold: if of.is_some() { None } else { hold },
            waits: false,
        };
        let first = self.stories.len();
        match way {
            // the second message of a pair is the one that is filed twice
            Way::Duplicate => {
                let later = Timestamp::from_micros(received.micros() + 45 * 60_000_000);
                self.stories.push(story(Way::Plain, received, None));
                self.stories.push(story(Way::Duplicate, later, Some(first)));
            }
            Way::Repeated => {
                self.stories.push(story(way, received, None));
                self.stories.push(Story { waits: true, ..story(Way::Duplicate, received, Some(first)) });
            }
            _ => self.stories.push(story(way, received, None)),
        }
    }

    fn matter(&mut self, way: Way) -> usize {
        let fits = |matter: &Matter| way.kinds().contains(&matter.kind);
        let list: Vec<usize> =
            self.words.matters.iter().enumerate().filter(|(_, m)| fits(m)).map(|(place, _)| place).collect();
        list.get(self.chance.index(list.len())).copied().unwrap_or(0)
    }

    fn way(&mut self) -> Way {
        let total: u32 = OFTEN.iter().map(|(_, often)| often).sum();
        let mut drawn = self.chance.between(1, total);
        for (way, often) in OFTEN {
            if drawn <= *often {
                return *way;
            }
            drawn -= often;
        }
        Way::Plain
    }

    fn channel(&mut self, way: Way) -> Channel {
        use Channel as C;
        match way {
            Way::Anonymous => C::Letter,
            Way::Media => C::Email,
            Way::PassedOn | Way::Noted => C::Employee,
            Way::OnTheSpot => C::Visit,
            _ => {
                let often = [
                    C::Phone,
                    C::Phone,
                    C::Phone,
                    C::Phone,
                    C::Phone,
                    C::Phone,
                    C::Visit,
                    C::Visit,
                    C::Web,
                    C::Chat,
                    C::Online,
                    C::Email,
                    C::Employee,
                    C::Letter,
                ];
                often[self.chance.index(often.len())]
            }
        }
    }
}

impl Way {
    /// Names the kinds of case that go this way.
    pub const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Repair => &[Kind::Repair],
            Self::Answered => &[Kind::Enquiry, Kind::Suggestion],
            Self::Noted => &[Kind::Praise, Kind::Other],
            Self::PassedOn => &[Kind::Fault],
            Self::Media => &[Kind::Media],
            _ => &[Kind::Complaint],
        }
    }
}

/// Every way, each shown at least so often.
const ALL: &[Way] = &[
    Way::Plain,
    Way::Refused,
    Way::Returned,
    Way::SecondOption,
    Way::Rework,
    Way::Dissatisfied,
    Way::Decided,
    Way::Escalated,
    Way::OnTheSpot,
    Way::Anonymous,
    Way::Sensitive,
    Way::VisitRefused,
    Way::Withdrawn,
    Way::Unhappy,
    Way::Void,
    Way::Repeated,
    Way::Duplicate,
    Way::Waiting,
    Way::Repair,
    Way::Answered,
    Way::Noted,
    Way::PassedOn,
    Way::Media,
];

/// How often each way is taken, of a hundred and some.
const OFTEN: &[(Way, u32)] = &[
    (Way::Plain, 30),
    (Way::SecondOption, 6),
    (Way::Refused, 4),
    (Way::Returned, 2),
    (Way::Rework, 4),
    (Way::Dissatisfied, 5),
    (Way::Decided, 5),
    (Way::Escalated, 2),
    (Way::OnTheSpot, 5),
    (Way::Anonymous, 2),
    (Way::Sensitive, 2),
    (Way::VisitRefused, 2),
    (Way::Withdrawn, 2),
    (Way::Unhappy, 1),
    (Way::Repeated, 2),
    (Way::Duplicate, 1),
    (Way::Waiting, 1),
    (Way::Repair, 16),
    (Way::Answered, 10),
    (Way::Noted, 4),
    (Way::PassedOn, 2),
    (Way::Media, 1),
];

/// Stories that stand still, by stage: the way there, how many days ago.
const STANDING: &[(Stage, Way, u32, u32)] = &[
    (Stage::Received, Way::Plain, 0, 2),
    (Stage::Accepted, Way::Plain, 1, 3),
    (Stage::Investigating, Way::Plain, 2, 5),
    (Stage::Negotiating, Way::Plain, 5, 9),
    (Stage::Deciding, Way::Decided, 5, 9),
    (Stage::Executing, Way::Plain, 6, 11),
    (Stage::Verifying, Way::Plain, 12, 16),
    (Stage::Visiting, Way::Plain, 13, 17),
    (Stage::Settling, Way::OnTheSpot, 2, 5),
    (Stage::Deciding, Way::Escalated, 6, 9),
    (Stage::Visiting, Way::Escalated, 17, 22),
];
