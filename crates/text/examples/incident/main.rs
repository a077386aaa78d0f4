//! Finds and measures the weights of same-incident: see `docs/text.md`.
//!
//! `cargo run --release -p huiyin-text --example incident -- MESSAGES PAIRS EVENTS`

mod data;
mod fit;
mod score;

use data::{Kind, Pair, Set};
use huiyin_text::incident::{Corpus, FIGURES, Incidents};
use std::error::Error;
use std::time::Instant;

/// How many parts the events are dealt to.
const PARTS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [messages, pairs, events] = arguments.as_slice() else {
        return Err("messages, pairs, events?".into());
    };
    let set = Set::read(messages, pairs, events)?;
    let begun = Instant::now();
    let corpus = Corpus::new(&set.reports);
    println!("{} messages read in {:.2?}", set.reports.len(), begun.elapsed());
    let figures = |pair: &Pair| corpus.compare(pair.one, pair.other).map(|likeness| likeness.figures);
    let rows: Vec<_> = set.pairs.iter().filter_map(|pair| Some((figures(pair)?, pair))).collect();
    for (name, chosen) in [("cross-validated", PARTS), ("all", 1)] {
        let mut told = Vec::new();
        for part in 0..chosen {
            let is_held = |pair: &Pair| chosen == 1 || pair.part % PARTS == part;
            let seen = rows.iter().filter(|(_, pair)| chosen == 1 || !is_held(pair));
            let seen = seen.map(|(figures, pair)| (*figures, pair.same, pair.weight * trap(figures, pair)));
            let weights = fit::weights(&seen.collect::<Vec<_>>());
            if chosen == 1 {
                println!("weights {weights:.2?}");
            }
            for (figures, pair) in rows.iter().filter(|(_, pair)| is_held(pair)) {
                told.push((fit::probability(figures, &weights), *pair));
            }
        }
        println!("{name}, fitted:");
        score::pairs(&told);
        score::traps(
            &told
                .iter()
                .filter_map(|(p, pair)| Some((*p, *pair, corpus.compare(pair.one, pair.other)?)))
                .collect::<Vec<_>>(),
        );
        score::wrong(&told, &set.reports);
    }
    let built_in: Vec<_> = set
        .pairs
        .iter()
        .filter_map(|pair| Some((corpus.compare(pair.one, pair.other)?.probability(), pair)))
        .collect();
    println!("built in:");
    score::pairs(&built_in);
    let begun = Instant::now();
    let plain = Corpus::new(&set.reports[..set.messages]);
    let incidents = plain.incidents();
    println!("{} messages to incidents in {:.2?}", set.messages, begun.elapsed());
    score::incidents(&incidents, &set.events);
    placing(&set);
    Ok(())
}

/// Another matter at one place is rare among the labelled pairs: it counts twice.
fn trap(figures: &[f32; FIGURES], pair: &Pair) -> f64 {
    if pair.kind == Kind::Labelled && !pair.same && figures[5] >= 0.6 { 2.0 } else { 1.0 }
}

/// Measures placing one message among fifty thousand.
fn placing(set: &Set) {
    let mut open = Incidents::default();
    for at in 0..50_000_usize {
        let mut report = set.reports[at % set.messages].clone();
        // copies of one text would be found too easily: each copy has a place of its own
        report.message.title.push_str(&format!("{}号", at / set.messages));
        open.add(&at, &report);
    }
    let mut times: Vec<_> = (0..500)
        .map(|at| {
            let begun = Instant::now();
            let found = open.place(&set.reports[at * 4 % set.messages], 5);
            (begun.elapsed(), found.len())
        })
        .collect();
    times.sort_unstable();
    println!("placed among {}: median {:.1?}, 99 of 100 {:.1?}", open.len(), times[250].0, times[495].0);
}
