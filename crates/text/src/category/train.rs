//! Learning a model from texts whose category is known.

use super::calibrate::Calibration;
use super::copies;
use super::feature::{GROUPS, Message};
use super::model::{Model, best_two};
use super::solve::{Fit, machine};
use super::space::{Counted, Space};
use super::sparse::Rows;
use std::num::NonZero;

/// A text whose category is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The text.
    pub message: Message,
    /// Its category.
    pub label: String,
}

/// Why nothing can be learned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrainError {
    /// No example at all, or none with a word in it.
    #[error("nothing to learn from: no example holds any text")]
    Empty,
    /// All examples have the same label.
    #[error("nothing to tell apart: every example is labelled {0}")]
    OneLabel(String),
    /// A label is too rare to be learned and checked.
    #[error("label {label} has {count} examples, {LEAST} are needed")]
    Rare {
        /// The label.
        label: String,
        /// How many examples it has.
        count: usize,
    },
}

/// The fewest examples of a label.
pub const LEAST: usize = 5;
/// Parts for the scores that the calibration is fitted to.
const PARTS: usize = 4;
/// In how many texts a word, run or piece of a title must occur.
const LEAST_TEXTS: [u32; GROUPS] = [2, 3, 2];
/// What an error costs.
const COST: f32 = 0.35;
/// How much of the second machine, with columns scaled by their odds, is added.
const ODDS_SHARE: f32 = 0.5;

/// A model and how good it was on what it had not seen.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The model.
    pub model: Model,
    /// Its share of right answers on parts that were held out, 0 to 1.
    pub accuracy: f32,
}

/// Learns a model on all cores.
///
/// The same examples in the same order give the same model.
///
/// # Errors
/// [`TrainError`] when the examples cannot teach anything.
pub fn train(examples: &[Example]) -> Result<Model, TrainError> {
    learn(examples, cores()).map(|learned| learned.model)
}

/// Learns a model on so many threads, so that others have the rest.
///
/// # Errors
/// As [`train`].
pub fn learn(examples: &[Example], threads: NonZero<usize>) -> Result<Learned, TrainError> {
    let labels = labels(examples)?;
    let truths: Vec<usize> =
        examples.iter().map(|e| labels.binary_search(&e.label).unwrap_or_default()).collect();
    let texts = spread(threads, examples.len(), |at| Counted::of(&examples[at].message));
    let parts = copies::parts(&copies::groups(&texts), &truths, PARTS);
    let space = Space::learn(&texts, LEAST_TEXTS);
    if space.columns().is_empty() {
        return Err(TrainError::Empty);
    }
    let rows = space.rows(texts.iter());
    drop(texts);
    let (labelled, columns) = (labels.len(), space.columns().len());
    let task = Task { rows: &rows, truths: &truths, labels: labelled, columns, threads };
    let all: Vec<usize> = (0..examples.len()).collect();
    let chosen: Vec<Vec<usize>> = std::iter::once(all.clone())
        .chain((0..PARTS).map(|part| all.iter().copied().filter(|at| parts[*at] != part).collect()))
        .collect();
    let fitted = task.fit_all(&chosen);
    let mut model = Model {
        labels,
        space,
        weights: Vec::new(),
        calibration: Calibration::fit(&[], &[]),
        learned_from: u32::try_from(examples.len()).unwrap_or(u32::MAX),
    };
    let mut scores = vec![Vec::new(); examples.len()];
    for (part, weights) in fitted.iter().skip(1).enumerate() {
        model.weights.clone_from(weights);
        for at in all.iter().copied().filter(|at| parts[*at] == part) {
            let row: Vec<(u32, f32)> = rows.row(at).pairs().map(|(c, v)| (c as u32, v)).collect();
            scores[at] = model.scores(&row);
        }
    }
    model.calibration = Calibration::fit(&scores, &truths);
    model.weights = fitted.into_iter().next().unwrap_or_default();
    let told = scores.iter().map(|scores| best_two(&model.calibration.apply(scores))[0]);
    let right = told.zip(&truths).filter(|(told, truth)| *told == Some(**truth)).count();
    Ok(Learned { model, accuracy: right as f32 / examples.len().max(1) as f32 })
}

fn cores() -> NonZero<usize> {
    std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN)
}

fn labels(examples: &[Example]) -> Result<Vec<String>, TrainError> {
    let mut labels: Vec<String> = examples.iter().map(|example| example.label.clone()).collect();
    labels.sort_unstable();
    labels.dedup();
    for label in &labels {
        let count = examples.iter().filter(|example| example.label == *label).count();
        if count < LEAST {
            return Err(TrainError::Rare { label: label.clone(), count });
        }
    }
    match labels.as_slice() {
        [] => Err(TrainError::Empty),
        [one] => Err(TrainError::OneLabel(one.clone())),
        _ => Ok(labels),
    }
}

struct Task<'a> {
    rows: &'a Rows,
    truths: &'a [usize],
    labels: usize,
    columns: usize,
    threads: NonZero<usize>,
}

impl Task<'_> {
    /// Fits the weights of every label on each choice of rows.
    fn fit_all(&self, chosen: &[Vec<usize>]) -> Vec<Vec<f32>> {
        let jobs = chosen.len() * self.labels;
        let one = |job: usize| self.fit_one(&chosen[job / self.labels], job % self.labels);
        let fitted = spread(self.threads, jobs, one);
        fitted.chunks(self.labels).map(|machines| interleave(machines, self.columns + 1)).collect()
    }

    fn fit_one(&self, chosen: &[usize], label: usize) -> Vec<f32> {
        let fit = Fit { cost: COST, tolerance: 0.1, rounds: 60 };
        let is_in = |row: usize| self.truths[row] == label;
        let mut weights = machine(self.rows, chosen, is_in, &vec![1.0; self.columns], fit);
        let odds = self.odds(chosen, label);
        let scaled = machine(self.rows, chosen, is_in, &odds, fit);
        for (at, weight) in weights.iter_mut().enumerate() {
            let scale = odds.get(at).copied().unwrap_or(1.0);
            *weight = (1.0 - ODDS_SHARE) * *weight + ODDS_SHARE * scaled[at] * scale;
        }
        weights
    }

    /// How much more often each column occurs with the label than without it.
    fn odds(&self, chosen: &[usize], label: usize) -> Vec<f32> {
        const SMOOTH: f32 = 1.0;
        let (mut inside, mut outside) = (vec![SMOOTH; self.columns], vec![SMOOTH; self.columns]);
        for row in chosen {
            let side = if self.truths[*row] == label { &mut inside } else { &mut outside };
            self.rows.row(*row).columns.iter().for_each(|column| side[*column as usize] += 1.0);
        }
        let (all_in, all_out): (f32, f32) = (inside.iter().sum(), outside.iter().sum());
        inside.iter().zip(&outside).map(|(i, o)| ((i / all_in) / (o / all_out)).ln().abs()).collect()
    }
}

/// Brings the weights of all labels for one column beside each other.
fn interleave(machines: &[Vec<f32>], columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|column| machines.iter().map(move |machine| machine[column])).collect()
}

/// Does numbered work on so many threads; results in order.
fn spread<T: Send>(threads: NonZero<usize>, count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = threads.get().min(count.max(1));
    let next = std::sync::atomic::AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            if at >= count {
                return done;
            }
            done.push((at, work(at)));
        }
    };
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mut all = run();
        for other in others {
            match other.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, done)| done).collect()
}

/// Deals examples to so many parts for measuring: copies of a text together,
/// each label evenly.
#[must_use]
pub fn split(examples: &[Example], parts: usize) -> Vec<usize> {
    let mut labels: Vec<&String> = examples.iter().map(|example| &example.label).collect();
    labels.sort_unstable();
    labels.dedup();
    let truths: Vec<usize> =
        examples.iter().map(|e| labels.binary_search(&&e.label).unwrap_or_default()).collect();
    let texts = spread(cores(), examples.len(), |at| Counted::of(&examples[at].message));
    copies::parts(&copies::groups(&texts), &truths, parts.max(1))
}
