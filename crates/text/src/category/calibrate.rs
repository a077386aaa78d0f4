//! From scores to probabilities that mean what they say.

use serde::{Deserialize, Serialize};

/// Turns scores into probabilities: one factor, and one shift per label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Calibration {
    factor: f32,
    shifts: Vec<f32>,
}

/// How often the fit walks downhill.
const STEPS: usize = 400;
/// What holds the shifts back, so that rare labels are not drowned.
const HOLD: f64 = 0.02;

impl Calibration {
    /// Fits to scores of texts that the scoring model had not seen.
    pub(crate) fn fit(scores: &[Vec<f32>], truths: &[usize]) -> Self {
        let labels = scores.first().map_or(0, Vec::len);
        let mut point = vec![0.0_f64; labels + 1];
        point[labels] = 1.0;
        let (mut speed, mut momentum) = (vec![0.0_f64; labels + 1], vec![0.0_f64; labels + 1]);
        let total = scores.len().max(1) as f64;
        for step in 1..=STEPS {
            let mut slope = vec![0.0_f64; labels + 1];
            for (scores, truth) in scores.iter().zip(truths) {
                let logits: Vec<f64> = scores
                    .iter()
                    .zip(&point)
                    .map(|(s, shift)| f64::from(*s) * point[labels] + shift)
                    .collect();
                for (label, probability) in softmax(&logits).into_iter().enumerate() {
                    let miss = probability - f64::from(u8::from(label == *truth));
                    slope[label] += miss / total;
                    slope[labels] += miss * f64::from(scores[label]) / total;
                }
            }
            for at in 0..=labels {
                let slope = slope[at] + if at < labels { HOLD * point[at] } else { 0.0 };
                momentum[at] = 0.9 * momentum[at] + 0.1 * slope;
                speed[at] = 0.999 * speed[at] + 0.001 * slope * slope;
                let step = step as i32;
                let (first, second) = (1.0 - 0.9_f64.powi(step), 1.0 - 0.999_f64.powi(step));
                point[at] -= 0.05 * (momentum[at] / first) / ((speed[at] / second).sqrt() + 1e-9);
            }
        }
        let factor = point[labels].max(0.1) as f32;
        Self { factor, shifts: point[..labels].iter().map(|shift| *shift as f32).collect() }
    }

    /// Gives the probabilities of the labels.
    pub(crate) fn apply(&self, scores: &[f32]) -> Vec<f32> {
        let logits: Vec<f64> =
            scores.iter().zip(&self.shifts).map(|(s, shift)| f64::from(s * self.factor + shift)).collect();
        softmax(&logits).into_iter().map(|p| p as f32).collect()
    }

    /// Says whether it fits so many labels and holds nothing but numbers.
    pub(crate) fn is_sound(&self, labels: usize) -> bool {
        self.shifts.len() == labels && self.shifts.iter().chain([&self.factor]).all(|value| value.is_finite())
    }
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let top = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let raised: Vec<f64> = logits.iter().map(|logit| (logit - top).exp()).collect();
    let sum: f64 = raised.iter().sum();
    raised.into_iter().map(|value| value / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_that_is_right_three_times_in_four_says_so() {
        let scores = vec![vec![1.0, 0.0]; 400];
        let truths: Vec<usize> = (0..400).map(|at| usize::from(at % 4 == 0)).collect();
        let told = Calibration::fit(&scores, &truths).apply(&[1.0, 0.0]);
        assert!((told[0] - 0.75).abs() < 0.03, "{told:?}");
    }
}
