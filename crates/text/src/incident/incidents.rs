//! The open incidents: a message comes in, the likeliest ones come out.

use super::alike::{Likeness, Rarity};
use super::judge::{Reasons, reasons};
use super::sketch::{Gram, Report, Sketch};
use rustc_hash::FxHashMap;
use std::hash::Hash;

/// A gram in more messages than this finds none: it says too little.
const COMMON: usize = 400;
/// How many messages are compared whole.
const COMPARED: usize = 48;

/// Messages of open incidents, found by what is rare in them.
///
/// `K` names an incident. Adding and placing take time by the length of the
/// message and the number of messages like it, not by all that are open.
#[derive(Clone, Debug)]
pub struct Incidents<K> {
    rarity: Rarity,
    holders: FxHashMap<Gram, Vec<u32>>,
    members: Vec<Option<(K, Sketch)>>,
    free: Vec<u32>,
    of_incident: FxHashMap<K, Vec<u32>>,
}

/// An open incident that a message may belong to.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate<K> {
    /// The incident.
    pub incident: K,
    /// How probable it is.
    pub probability: f32,
    /// Why, by the likest of its messages.
    pub reasons: Reasons,
}

impl<K> Default for Incidents<K> {
    fn default() -> Self {
        Self {
            rarity: Rarity::default(),
            holders: FxHashMap::default(),
            members: Vec::new(),
            free: Vec::new(),
            of_incident: FxHashMap::default(),
        }
    }
}

impl<K: Clone + Eq + Hash> Incidents<K> {
    /// Takes a message into an incident, which begins with its first one.
    pub fn add(&mut self, incident: &K, report: &Report) {
        let sketch = Sketch::of(report);
        self.rarity.add(&sketch.all);
        let at = self.free.pop().unwrap_or_else(|| {
            self.members.push(None);
            (self.members.len() - 1) as u32
        });
        for gram in &sketch.all {
            self.holders.entry(*gram).or_default().push(at);
        }
        self.of_incident.entry(incident.clone()).or_default().push(at);
        self.members[at as usize] = Some((incident.clone(), sketch));
    }

    /// Forgets an incident and its messages: it is closed.
    pub fn close(&mut self, incident: &K) {
        for at in self.of_incident.remove(incident).unwrap_or_default() {
            let Some((_, sketch)) = self.members[at as usize].take() else { continue };
            self.rarity.remove(&sketch.all);
            for gram in &sketch.all {
                if let Some(holders) = self.holders.get_mut(gram) {
                    holders.retain(|holder| *holder != at);
                    if holders.is_empty() {
                        self.holders.remove(gram);
                    }
                }
            }
            self.free.push(at);
        }
    }

    /// Gives the number of messages.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len() - self.free.len()
    }

    /// Says whether no incident is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Gives the incidents a message may belong to, likeliest first.
    #[must_use]
    pub fn place(&self, report: &Report, limit: usize) -> Vec<Candidate<K>> {
        let sketch = Sketch::of(report);
        let weighed = self.rarity.weigh(&sketch);
        let mut by_incident: FxHashMap<&K, Vec<(f32, u32)>> = FxHashMap::default();
        for at in self.near(&sketch) {
            if let Some((incident, other)) = &self.members[at as usize] {
                let probability = Likeness::of(&weighed, &self.rarity.weigh(other)).probability();
                by_incident.entry(incident).or_default().push((probability, at));
            }
        }
        let mut ranked: Vec<(&K, f32, u32)> = by_incident
            .into_iter()
            .filter_map(|(incident, mut likest)| {
                likest.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
                let two = &likest[..likest.len().min(2)];
                let mean = two.iter().map(|(probability, _)| probability).sum::<f32>() / two.len() as f32;
                likest.first().map(|(_, at)| (incident, mean, *at))
            })
            .collect();
        ranked.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.2.cmp(&other.2)));
        ranked.truncate(limit);
        ranked
            .into_iter()
            .filter_map(|(incident, probability, at)| {
                let (_, earlier) = self.members[at as usize].as_ref()?;
                let reasons = reasons(&self.rarity, &sketch, earlier);
                Some(Candidate { incident: incident.clone(), probability, reasons })
            })
            .collect()
    }

    /// Finds the messages that share most of what is rare.
    fn near(&self, sketch: &Sketch) -> Vec<u32> {
        let mut shared: FxHashMap<u32, f32> = FxHashMap::default();
        for gram in &sketch.all {
            let Some(holders) = self.holders.get(gram).filter(|holders| holders.len() <= COMMON) else {
                continue;
            };
            let says = self.rarity.of(*gram).powi(2);
            let says = if sketch.title.binary_search(gram).is_ok() { 2.0 * says } else { says };
            holders.iter().for_each(|at| *shared.entry(*at).or_default() += says);
        }
        let mut near: Vec<(u32, f32)> = shared.into_iter().collect();
        let by_share =
            |one: &(u32, f32), other: &(u32, f32)| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0));
        if near.len() > COMPARED {
            near.select_nth_unstable_by(COMPARED, by_share);
            near.truncate(COMPARED);
        }
        near.sort_unstable_by(by_share);
        near.into_iter().map(|(at, _)| at).collect()
    }
}
