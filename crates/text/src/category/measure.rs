//! How good answers are, by the measures that the documents name.

use super::model::Answer;

/// What came out over a set of answers whose truth is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Each label that occurs, with its F1.
    pub labels: Vec<(String, f64)>,
    /// The mean of those.
    pub macro_f1: f64,
    /// Share whose first label is right.
    pub accuracy: f64,
    /// Share whose first or second label is right.
    pub top_two: f64,
    /// Share right among the surest four fifths.
    pub surest: f64,
    /// Mean distance between confidence and accuracy over ten bands.
    pub calibration_error: f64,
}

/// Measures answers against the true labels.
#[must_use]
pub fn measure(answers: &[Answer], truths: &[String]) -> Measured {
    let pairs: Vec<(&Answer, &String)> = answers.iter().zip(truths).collect();
    let share = |right: usize, of: usize| right as f64 / of.max(1) as f64;
    let mut names: Vec<&String> = truths.iter().collect();
    names.sort();
    names.dedup();
    let labels: Vec<(String, f64)> = names
        .into_iter()
        .map(|name| {
            let hit = pairs.iter().filter(|(a, t)| *t == name && a.label == **t).count();
            let told = pairs.iter().filter(|(a, _)| a.label == *name).count();
            let held = pairs.iter().filter(|(_, t)| *t == name).count();
            (name.clone(), share(2 * hit, told + held))
        })
        .collect();
    let right = |(a, t): &(&Answer, &String)| a.label == **t;
    let mut sure = pairs.clone();
    sure.sort_by(|a, b| b.0.score.total_cmp(&a.0.score));
    sure.truncate(pairs.len() * 4 / 5);
    let mut calibration_error = 0.0;
    for band in 0..10_u8 {
        let low = f32::from(band) / 10.0;
        let inside: Vec<_> =
            pairs.iter().filter(|(a, _)| a.score > low && a.score <= low + 0.1).copied().collect();
        let told: f64 = inside.iter().map(|(a, _)| f64::from(a.score)).sum();
        let true_ones = inside.iter().filter(|pair| right(pair)).count() as f64;
        calibration_error += (told - true_ones).abs() / pairs.len().max(1) as f64;
    }
    Measured {
        macro_f1: labels.iter().map(|(_, f1)| f1).sum::<f64>() / labels.len().max(1) as f64,
        accuracy: share(pairs.iter().filter(|pair| right(pair)).count(), pairs.len()),
        top_two: share(
            pairs.iter().filter(|(a, t)| a.label == **t || a.second_label == **t).count(),
            pairs.len(),
        ),
        surest: share(sure.iter().filter(|pair| right(pair)).count(), sure.len()),
        calibration_error,
        labels,
    }
}
