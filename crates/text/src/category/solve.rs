//! One class against the others: a linear machine with squared hinge loss.
//!
//! Dual coordinate descent as in Hsieh and others, "A Dual Coordinate Descent
//! Method for Large-scale Linear SVM" (2008), with its shrinking.

use super::sparse::Rows;

/// How a machine is fitted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fit {
    /// What an error costs.
    pub(crate) cost: f32,
    /// When the largest violation is small enough.
    pub(crate) tolerance: f32,
    /// How often all rows are visited at most.
    pub(crate) rounds: usize,
}

/// Finds the weights that tell the chosen rows from the others.
///
/// `scale` multiplies each column; the weights are those of the scaled columns.
/// The last weight is the bias.
pub(crate) fn machine(
    rows: &Rows,
    chosen: &[usize],
    is_in: impl Fn(usize) -> bool,
    scale: &[f32],
    fit: Fit,
) -> Vec<f32> {
    let slack = 0.5 / fit.cost;
    let bias = scale.len();
    let mut weights = vec![0.0_f32; bias + 1];
    let mut duals = vec![0.0_f32; chosen.len()];
    let square = |value: f32| value * value;
    let curvature: Vec<f32> = chosen
        .iter()
        .map(|row| {
            let length: f32 = rows.row(*row).pairs().map(|(c, v)| square(v * scale[c])).sum();
            length + square(BIAS) + slack
        })
        .collect();
    let signs: Vec<f32> = chosen.iter().map(|row| if is_in(*row) { 1.0 } else { -1.0 }).collect();
    let mut active: Vec<usize> = (0..chosen.len()).collect();
    let mut order = Shuffle(0x2545_f491_4f6c_dd1d);
    let mut bound = f32::INFINITY;
    for _ in 0..fit.rounds {
        order.shuffle(&mut active);
        let mut worst = 0.0_f32;
        let mut kept = Vec::with_capacity(active.len());
        for &at in &active {
            let row = rows.row(chosen[at]);
            let score: f32 =
                weights[bias] * BIAS + row.pairs().map(|(c, v)| weights[c] * v * scale[c]).sum::<f32>();
            let gradient = signs[at] * score - 1.0 + slack * duals[at];
            if duals[at] == 0.0 && gradient > bound {
                continue;
            }
            kept.push(at);
            let violation = if duals[at] == 0.0 { gradient.min(0.0) } else { gradient };
            worst = worst.max(violation.abs());
            if violation.abs() > 1e-9 {
                let before = duals[at];
                duals[at] = (before - gradient / curvature[at]).max(0.0);
                let step = (duals[at] - before) * signs[at];
                for (column, value) in row.pairs() {
                    weights[column] += step * value * scale[column];
                }
                weights[bias] += step * BIAS;
            }
        }
        let is_whole = kept.len() == chosen.len();
        active = kept;
        if worst <= fit.tolerance {
            if is_whole || bound.is_infinite() {
                break;
            }
            active = (0..chosen.len()).collect();
            bound = f32::INFINITY;
        } else {
            bound = worst;
        }
    }
    weights
}

/// The value of the column that every row has.
pub(crate) const BIAS: f32 = 0.3;

/// A small generator, so that the same rows give the same model.
pub(crate) struct Shuffle(pub(crate) u64);

impl Shuffle {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Brings the items into another order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = (self.next() % (last as u64 + 1)) as usize;
            items.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_columns_tell_two_classes_apart() {
        let mut rows = Rows::default();
        for at in 0..40 {
            rows.push(&[(u32::from(at % 2 == 0), 1.0), (2, 0.5)]);
        }
        let chosen: Vec<usize> = (0..40).collect();
        let fit = Fit { cost: 1.0, tolerance: 0.01, rounds: 100 };
        let weights = machine(&rows, &chosen, |row| row % 2 == 0, &[1.0; 3], fit);
        for at in 0..40 {
            let score = rows.row(at).pairs().map(|(c, v)| weights[c] * v).sum::<f32>() + weights[3] * BIAS;
            assert_eq!(score > 0.0, at % 2 == 0, "{at}: {score}");
        }
    }
}
