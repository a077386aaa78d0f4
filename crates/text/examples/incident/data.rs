//! Messages, labelled pairs and events; and pairs made from them.

use flate2::read::MultiGzDecoder;
use huiyin_text::category::Message;
use huiyin_text::incident::{Report, names};
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _};

/// Where a pair comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Labelled by hand.
    Labelled,
    /// Both of one event, or of two.
    Event,
    /// The same text with another name in it.
    OtherPlace,
    /// Another text with the same name put into it.
    OtherMatter,
}

/// Two messages and whether they are about the same.
#[derive(Clone, Debug)]
pub struct Pair {
    pub one: usize,
    pub other: usize,
    pub same: bool,
    pub kind: Kind,
    pub weight: f64,
    pub part: usize,
}

/// Everything that is measured with.
pub struct Set {
    /// The messages, then those made from them.
    pub reports: Vec<Report>,
    /// How many are not made.
    pub messages: usize,
    pub pairs: Vec<Pair>,
    /// Message to event.
    pub events: BTreeMap<usize, usize>,
}

impl Set {
    pub fn read(messages: &str, pairs: &str, events: &str) -> Result<Self, Box<dyn Error>> {
        let (reports, places) = self::messages(messages)?;
        let place = |id: &str| places.get(id).copied().ok_or_else(|| format!("no message {id}"));
        let mut of_event = BTreeMap::new();
        for row in table(events)? {
            let event: usize = row[1].trim_start_matches(|c: char| !c.is_ascii_digit()).parse()?;
            of_event.insert(place(&row[0])?, event);
        }
        let mut all = Vec::new();
        for row in table(pairs)? {
            let (one, other) = (place(&row[0])?, place(&row[1])?);
            let part = of_event.get(&one).or(of_event.get(&other)).copied().unwrap_or(one);
            all.push(Pair { one, other, same: row[2] == "1", kind: Kind::Labelled, weight: 1.0, part });
        }
        let messages = reports.len();
        let mut set = Self { reports, messages, pairs: all, events: of_event };
        set.add_events();
        set.add_made();
        Ok(set)
    }

    fn add_events(&mut self) {
        let members: Vec<(usize, usize)> = self.events.iter().map(|(at, event)| (*at, *event)).collect();
        for (turn, (one, event)) in members.iter().enumerate() {
            for (other, theirs) in &members[turn + 1..] {
                let same = event == theirs;
                let size = members.iter().filter(|(_, e)| e == event).count() as f64;
                // of the many pairs of two events a sample, the same each time
                if same || (one * 31 + other * 17) % 23 == 0 {
                    let weight = if same { 1.0 / size } else { 0.15 };
                    self.pairs.push(Pair {
                        one: *one,
                        other: *other,
                        same,
                        kind: Kind::Event,
                        weight,
                        part: *event,
                    });
                }
            }
        }
    }

    /// Puts the names of other messages into messages.
    fn add_made(&mut self) {
        let named: Vec<(usize, String)> = (0..self.messages)
            .filter_map(|at| Some((at, names(&self.reports[at].message.title).into_iter().next()?)))
            .filter(|(_, name)| name.chars().count() > 2)
            .collect();
        for turn in (0..named.len()).step_by(7) {
            let (one, name) = &named[turn];
            let (other, theirs) = &named[(turn * 13 + 101) % named.len()];
            if name.chars().any(|c| theirs.contains(c) && !"小区城路街道村镇公司学校医院一二三期".contains(c))
            {
                continue;
            }
            let with = |at: usize, old: &str, new: &str| {
                let put = |text: &str| huiyin_text::folded(text).replace(old, new);
                let Report { message, .. } = &self.reports[at];
                Report {
                    message: Message { title: put(&message.title), text: put(&message.text) },
                    who: None,
                    place: None,
                }
            };
            let made = [
                (with(*one, name, theirs), Kind::OtherPlace),
                (with(*other, theirs, name), Kind::OtherMatter),
            ];
            for (report, kind) in made {
                self.reports.push(report);
                let other = self.reports.len() - 1;
                self.pairs.push(Pair { one: *one, other, same: false, kind, weight: 0.5, part: turn });
            }
        }
    }
}

type Messages = (Vec<Report>, HashMap<String, usize>);

fn messages(path: &str) -> Result<Messages, Box<dyn Error>> {
    let (mut reports, mut places) = (Vec::new(), HashMap::new());
    for line in BufReader::new(MultiGzDecoder::new(std::fs::File::open(path)?)).lines() {
        let row: serde_json::Value = serde_json::from_str(&line?)?;
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        places.insert(row["id"].to_string(), reports.len());
        let message = Message { title: text("title"), text: text("text") };
        reports.push(Report { message, who: Some(text("user")), place: None });
    }
    Ok((reports, places))
}

fn table(path: &str) -> Result<Vec<Vec<String>>, Box<dyn Error>> {
    let mut text = String::new();
    std::fs::File::open(path)?.read_to_string(&mut text)?;
    Ok(text
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|cell| cell.trim().to_owned()).collect())
        .collect())
}
