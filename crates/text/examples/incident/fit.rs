//! A logistic regression by Newton's method.

use huiyin_text::incident::FIGURES;

/// What keeps the weights small.
const HOLD: f64 = 1.0;

type Weights = [f64; FIGURES];

pub fn probability(figures: &[f32; FIGURES], weights: &Weights) -> f32 {
    let sum: f64 = figures.iter().zip(weights).map(|(figure, weight)| f64::from(*figure) * weight).sum();
    (1.0 / (1.0 + (-sum).exp())) as f32
}

pub fn weights(rows: &[([f32; FIGURES], bool, f64)]) -> Weights {
    let mut weights = [0.0; FIGURES];
    for _ in 0..25 {
        let mut slope = [0.0; FIGURES];
        let mut bend = [[0.0; FIGURES]; FIGURES];
        for at in 1..FIGURES {
            slope[at] = HOLD * weights[at];
            bend[at][at] = HOLD;
        }
        bend[0][0] = 1e-6;
        for (figures, same, weight) in rows {
            let told = f64::from(probability(figures, &weights));
            let miss = (told - f64::from(u8::from(*same))) * weight;
            let curve = (told * (1.0 - told)).max(1e-6) * weight;
            for a in 0..FIGURES {
                slope[a] += miss * f64::from(figures[a]);
                for b in 0..FIGURES {
                    bend[a][b] += curve * f64::from(figures[a]) * f64::from(figures[b]);
                }
            }
        }
        let step = solved(bend, slope);
        for at in 0..FIGURES {
            weights[at] -= step[at].clamp(-2.0, 2.0);
        }
    }
    weights
}

/// Solves a system of equations by elimination.
fn solved(mut left: [Weights; FIGURES], mut right: Weights) -> Weights {
    for at in 0..FIGURES {
        let pivot =
            (at..FIGURES).max_by(|a, b| left[*a][at].abs().total_cmp(&left[*b][at].abs())).unwrap_or(at);
        left.swap(at, pivot);
        right.swap(at, pivot);
        for row in at + 1..FIGURES {
            let factor = left[row][at] / left[at][at];
            let above = left[at];
            for (cell, above) in left[row].iter_mut().zip(above).skip(at) {
                *cell -= factor * above;
            }
            right[row] -= factor * right[at];
        }
    }
    let mut found = [0.0; FIGURES];
    for at in (0..FIGURES).rev() {
        let rest: f64 = (at + 1..FIGURES).map(|column| left[at][column] * found[column]).sum();
        found[at] = (right[at] - rest) / left[at][at];
    }
    found
}
