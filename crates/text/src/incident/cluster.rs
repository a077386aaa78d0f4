//! Many messages at once: which are about the same incident.

use super::alike::{Likeness, Rarity};
use super::judge::SAME;
use super::sketch::{Gram, Report, Sketch};
use rustc_hash::FxHashMap;

/// A gram in more messages than this brings none together.
const COMMON: usize = 60;
/// How many messages each one is compared with.
const COMPARED: usize = 20;
/// What two messages that were not compared have in common.
const UNKNOWN: f32 = 0.1;
/// How many pairs between two incidents are looked at.
const LOOKED_AT: usize = 64;
/// Pairs below this never bring incidents together.
const LEAST: f32 = 0.35;
/// From this mean on two incidents are one.
const JOINED: f32 = SAME;

/// Messages whose rarities are known, to be compared two by two.
pub struct Corpus {
    rarity: Rarity,
    sketches: Vec<Sketch>,
}

impl Corpus {
    /// Reads the messages.
    #[must_use]
    pub fn new(reports: &[Report]) -> Self {
        let sketches: Vec<Sketch> = reports.iter().map(Sketch::of).collect();
        let mut rarity = Rarity::default();
        sketches.iter().for_each(|sketch| rarity.add(&sketch.all));
        Self { rarity, sketches }
    }

    /// Compares two messages by their places in the list; nothing beyond its end.
    #[must_use]
    pub fn compare(&self, one: usize, other: usize) -> Option<Likeness> {
        let (one, other) = (self.sketches.get(one)?, self.sketches.get(other)?);
        Some(Likeness::of(&self.rarity.weigh(one), &self.rarity.weigh(other)))
    }

    /// Numbers the incidents: messages with one number are about the same.
    #[must_use]
    pub fn incidents(&self) -> Vec<usize> {
        let pairs = self.pairs();
        let known: FxHashMap<(u32, u32), f32> =
            pairs.iter().map(|(one, other, p)| ((*one, *other), *p)).collect();
        let mut of: Vec<usize> = (0..self.sketches.len()).collect();
        let mut members: Vec<Vec<u32>> = (0..self.sketches.len() as u32).map(|at| vec![at]).collect();
        for (one, other, _) in pairs.iter().filter(|pair| pair.2 >= LEAST) {
            let (left, right) = (of[*one as usize], of[*other as usize]);
            if left == right || mean(&members[left], &members[right], &known) < JOINED {
                continue;
            }
            let (kept, gone) =
                if members[left].len() >= members[right].len() { (left, right) } else { (right, left) };
            let moved = std::mem::take(&mut members[gone]);
            moved.iter().for_each(|at| of[*at as usize] = kept);
            members[kept].extend(moved);
        }
        of
    }

    /// Gives the pairs worth comparing with their probabilities, likest first.
    fn pairs(&self) -> Vec<(u32, u32, f32)> {
        let mut holders: FxHashMap<Gram, Vec<u32>> = FxHashMap::default();
        let weighed: Vec<_> = self.sketches.iter().map(|sketch| self.rarity.weigh(sketch)).collect();
        let mut pairs = Vec::new();
        let mut shared = vec![0.0_f32; self.sketches.len()];
        for (at, sketch) in (0_u32..).zip(&self.sketches) {
            let mut touched: Vec<u32> = Vec::new();
            for gram in &sketch.all {
                if self.rarity.count(*gram) as usize > COMMON {
                    continue;
                }
                let says = self.rarity.of(*gram).powi(2);
                let before = holders.entry(*gram).or_default();
                for other in before.iter() {
                    if shared[*other as usize] == 0.0 {
                        touched.push(*other);
                    }
                    shared[*other as usize] += says;
                }
                before.push(at);
            }
            let mut near: Vec<(u32, f32)> = touched
                .into_iter()
                .map(|other| (other, std::mem::take(&mut shared[other as usize])))
                .collect();
            near.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            for (other, _) in near.into_iter().take(COMPARED) {
                let likeness = Likeness::of(&weighed[other as usize], &weighed[at as usize]);
                pairs.push((other, at, likeness.probability()));
            }
        }
        pairs.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
        pairs
    }
}

/// The mean probability between the messages of two incidents.
fn mean(one: &[u32], other: &[u32], known: &FxHashMap<(u32, u32), f32>) -> f32 {
    let pairs = one.iter().flat_map(|a| other.iter().map(move |b| (*a.min(b), *a.max(b))));
    let (mut sum, mut count) = (0.0, 0.0_f32);
    for pair in pairs.take(LOOKED_AT) {
        sum += known.get(&pair).copied().unwrap_or(UNKNOWN);
        count += 1.0;
    }
    sum / count.max(1.0)
}
