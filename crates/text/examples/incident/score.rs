//! How good the answers are.

use crate::data::{Kind, Pair};
use huiyin_text::incident::{Likeness, Report, SAME};
use std::collections::{BTreeMap, BTreeSet};

pub fn pairs(told: &[(f32, &Pair)]) {
    for kind in [Kind::Labelled, Kind::Event, Kind::OtherPlace, Kind::OtherMatter] {
        let of: Vec<_> = told.iter().filter(|(_, pair)| pair.kind == kind).collect();
        let count = |same: bool, joined: bool| {
            of.iter().filter(|(p, pair)| pair.same == same && (*p >= SAME) == joined).count()
        };
        let (hit, missed, wrong, right) =
            (count(true, true), count(true, false), count(false, true), count(false, false));
        let f1 = 2.0 * hit as f64 / (2 * hit + missed + wrong).max(1) as f64;
        println!("  {kind:?}: F1 {f1:.3}, {hit} joined, {missed} missed, {wrong} wrong, {right} kept apart");
    }
}

/// Says how many of the labelled traps are seen through.
pub fn traps(told: &[(f32, &Pair, Likeness)]) {
    let labelled = || told.iter().filter(|(_, pair, _)| pair.kind == Kind::Labelled && !pair.same);
    let tell = |name: &str, is_trap: &dyn Fn(&Likeness) -> bool| {
        let traps: Vec<_> = labelled().filter(|(_, _, likeness)| is_trap(likeness)).collect();
        let right = traps.iter().filter(|(p, _, _)| *p < SAME).count();
        println!("  {name}: {right} of {} right", traps.len());
    };
    let place = |likeness: &Likeness| likeness.place.unwrap_or(0.0);
    tell("same place, other matter", &|likeness| place(likeness) >= 0.6);
    tell("same matter, other place", &|likeness| place(likeness) < 0.6 && likeness.matter >= 0.2);
}

/// Prints the labelled pairs that are judged wrongly.
pub fn wrong(told: &[(f32, &Pair)], reports: &[Report]) {
    for (probability, pair) in told.iter().filter(|(_, pair)| pair.kind == Kind::Labelled) {
        if (*probability >= SAME) != pair.same {
            let title = |at: usize| &reports[at].message.title;
            println!("  {probability:.2} {} {} || {}", pair.same, title(pair.one), title(pair.other));
        }
    }
}

/// Measures incidents against the events of the messages that have one.
pub fn incidents(incidents: &[usize], events: &BTreeMap<usize, usize>) {
    let mut together: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut truth: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (at, event) in events {
        together.entry(incidents[*at]).or_default().insert(*at);
        truth.entry(*event).or_default().insert(*at);
    }
    let (mut precision, mut recall) = (0.0, 0.0);
    for (at, event) in events {
        let (mine, true_ones) = (&together[&incidents[*at]], &truth[event]);
        let both = mine.intersection(true_ones).count() as f64;
        precision += both / mine.len() as f64 / events.len() as f64;
        recall += both / true_ones.len() as f64 / events.len() as f64;
    }
    let cubed = 2.0 * precision * recall / (precision + recall);
    let best = |own: &BTreeSet<usize>, others: &BTreeMap<usize, BTreeSet<usize>>| {
        let f1 = |other: &BTreeSet<usize>| {
            2.0 * own.intersection(other).count() as f64 / (own.len() + other.len()) as f64
        };
        others.values().map(f1).fold(0.0, f64::max)
    };
    let mean: f64 = truth.values().map(|own| best(own, &together)).sum::<f64>() / truth.len() as f64;
    let whole = truth.values().filter(|own| together.values().any(|other| other == *own)).count();
    let sizes: Vec<usize> = {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        incidents.iter().for_each(|incident| *counts.entry(*incident).or_default() += 1);
        let mut sizes: Vec<usize> = counts.into_values().collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes
    };
    println!("  {} incidents, largest {:?}", sizes.len(), &sizes[..sizes.len().min(12)]);
    println!(
        "  B-cubed {cubed:.3} (precision {precision:.3}, recall {recall:.3}), incident F1 {mean:.3}, {whole} of {} whole",
        truth.len()
    );
}
