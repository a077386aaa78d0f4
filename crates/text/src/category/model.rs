//! A trained model: what a text is about, how surely, and why.

use super::calibrate::Calibration;
use super::feature::{self, Message};
use super::solve::BIAS;
use super::space::{Counted, Space};

/// A trained model of categories.
#[derive(Clone, Debug)]
pub struct Model {
    pub(super) labels: Vec<String>,
    pub(super) space: Space,
    /// For each column the weights of all labels, then those of the bias.
    pub(super) weights: Vec<f32>,
    pub(super) calibration: Calibration,
    /// How many texts it learned from.
    pub(super) learned_from: u32,
}

/// What a model says about one text.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Answer {
    /// The likeliest label.
    pub label: String,
    /// Its probability, comparable between texts.
    pub score: f32,
    /// The next label; empty when there is only one.
    pub second_label: String,
    /// The probability of the next label.
    pub second_score: f32,
}

/// A word that spoke for the label that was chosen.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Reason {
    /// The word as written, width and case folded.
    pub word: String,
    /// Its share of everything that spoke for the label, up to 1.
    pub weight: f32,
}

/// What a model says of a text that holds something it knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Labels with their probabilities, likeliest first.
    pub ranked: Vec<(String, f32)>,
    /// The words that spoke most for the first one.
    pub reasons: Vec<Reason>,
}

/// How many words explain an answer.
const REASONS: usize = 8;

impl Model {
    /// Gives the labels, in the order of their names.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Gives the number of texts that it learned from.
    #[must_use]
    pub const fn learned_from(&self) -> u32 {
        self.learned_from
    }

    /// Says what a text is about; nothing when it holds no known word.
    #[must_use]
    pub fn classify(&self, message: &Message) -> Answer {
        let probabilities = self.probabilities(&feature::fields(message));
        let [first, second] = best_two(&probabilities);
        let named = |at: Option<usize>| match at {
            Some(at) => (self.labels[at].clone(), probabilities[at]),
            None => (String::new(), 0.0),
        };
        let ((label, score), (second_label, second_score)) = (named(first), named(second));
        Answer { label, score, second_label, second_score }
    }

    /// Says what a text may be about, likeliest first, with the words that decided;
    /// nothing when it holds nothing that was learned.
    #[must_use]
    pub fn suggest(&self, message: &Message, most: usize) -> Option<Suggestion> {
        let fields = feature::fields(message);
        let counted = Counted::in_fields(&fields, |hash| self.space.place(hash).is_some());
        let row = self.space.row(&counted);
        if row.is_empty() {
            return None;
        }
        let probabilities = self.calibration.apply(&self.scores(&row));
        let mut ranked: Vec<(String, f32)> = self.labels.iter().cloned().zip(probabilities).collect();
        ranked.sort_by(|one, other| other.1.total_cmp(&one.1));
        ranked.truncate(most);
        Some(Suggestion { ranked, reasons: self.explain(message) })
    }

    fn probabilities(&self, fields: &[String; 2]) -> Vec<f32> {
        let counted = Counted::in_fields(fields, |hash| self.space.place(hash).is_some());
        self.calibration.apply(&self.scores(&self.space.row(&counted)))
    }

    /// Gives the uncalibrated scores of a row.
    pub(super) fn scores(&self, row: &[(u32, f32)]) -> Vec<f32> {
        let labels = self.labels.len();
        let mut scores: Vec<f32> =
            self.weights[self.space.columns().len() * labels..].iter().map(|weight| weight * BIAS).collect();
        for (column, value) in row {
            let start = *column as usize * labels;
            for (score, weight) in scores.iter_mut().zip(&self.weights[start..start + labels]) {
                *score += value * weight;
            }
        }
        scores
    }

    /// Gives the words that spoke most for the answer, strongest first.
    ///
    /// Each feature's part in the lead over the second label is spread over the
    /// words that it covers.
    #[must_use]
    pub fn explain(&self, message: &Message) -> Vec<Reason> {
        let fields = feature::fields(message);
        let [Some(first), second] = best_two(&self.probabilities(&fields)) else { return Vec::new() };
        let counted = Counted::in_fields(&fields, |hash| self.space.place(hash).is_some());
        let row = self.space.row(&counted);
        let labels = self.labels.len();
        let lead = |column: u32| {
            let weights = &self.weights[column as usize * labels..][..labels];
            let value = row.binary_search_by_key(&column, |(at, _)| *at).map_or(0.0, |at| row[at].1);
            value * (weights[first] - second.map_or(0.0, |second| weights[second]))
        };
        let mut occurrences = rustc_hash::FxHashMap::<u32, f32>::default();
        feature::each(&fields, &mut |found| {
            if let Some(column) = self.space.place(found.hash) {
                *occurrences.entry(column).or_default() += 1.0;
            }
        });
        let mut bytes = [vec![0.0_f32; fields[0].len()], vec![0.0_f32; fields[1].len()]];
        feature::each(&fields, &mut |found| {
            if let Some(column) = self.space.place(found.hash) {
                let each = lead(column) / (occurrences[&column] * found.span.len() as f32);
                bytes[found.field][found.span].iter_mut().for_each(|byte| *byte += each);
            }
        });
        strongest(&fields, &bytes)
    }
}

fn strongest(fields: &[String; 2], bytes: &[Vec<f32>; 2]) -> Vec<Reason> {
    let mut words: Vec<(String, f32)> = Vec::new();
    for (text, bytes) in fields.iter().zip(bytes) {
        for (_, span) in feature::words(text) {
            let weight: f32 = bytes[span.clone()].iter().sum();
            words.push((text[span].to_owned(), weight));
        }
    }
    words.sort_by(|a, b| a.0.cmp(&b.0));
    words.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    words.retain(|(word, weight)| *weight > 0.0 && word.chars().count() > 1);
    words.sort_by(|a, b| b.1.total_cmp(&a.1));
    let all: f32 = words.iter().map(|(_, weight)| weight).sum();
    words.truncate(REASONS);
    words.into_iter().map(|(word, weight)| Reason { word, weight: weight / all }).collect()
}

pub(super) fn best_two(probabilities: &[f32]) -> [Option<usize>; 2] {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|a, b| probabilities[*b].total_cmp(&probabilities[*a]).then(a.cmp(b)));
    [order.first().copied(), order.get(1).copied()]
}
