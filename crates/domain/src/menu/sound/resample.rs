//! From any rate to the telephone's: a windowed sinc, which lets nothing fold back.

use super::RATE;
use std::f64::consts::PI;

/// Crossings of the sinc on each side: more are sharper and slower.
const CROSSINGS: f64 = 16.0;
/// The share of the band that passes: the window's slope lies above it.
const PASSES: f64 = 0.93;
/// Steps of the kernel's table between two crossings.
const STEPS: usize = 128;

/// Brings samples to the telephone's rate as 16-bit numbers.
pub(super) fn to_telephone(samples: &[f32], rate: u32) -> Vec<i16> {
    if rate == RATE {
        return samples.iter().map(|sample| to_number(f64::from(*sample))).collect();
    }
    let kernel = kernel();
    let count = samples.len() as u64 * u64::from(RATE) / u64::from(rate);
    (0..count).map(|at| to_number(value(samples, &kernel, (at, rate)))).collect()
}

/// Gives one value of the new rate: input around it, weighed by the kernel.
#[expect(clippy::cast_precision_loss, reason = "five minutes have less samples than a float tells apart")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held within the samples")]
fn value(samples: &[f32], kernel: &[f64], (at, rate): (u64, u32)) -> f64 {
    let ratio = f64::from(rate) / f64::from(RATE);
    let centre = at as f64 * ratio;
    let reach = CROSSINGS * ratio / PASSES;
    let first = (centre - reach).ceil().max(0.0) as usize;
    let last = ((centre + reach).floor() as usize).min(samples.len().saturating_sub(1));
    let mut sum = 0.0;
    for (offset, sample) in samples.iter().enumerate().take(last + 1).skip(first) {
        let distance = (offset as f64 - centre).abs() * PASSES / ratio;
        let place = (distance * STEPS as f64).round() as usize;
        sum += f64::from(*sample) * kernel.get(place).copied().unwrap_or(0.0);
    }
    sum * PASSES / ratio
}

/// Tables one side of the kernel.
#[expect(clippy::cast_precision_loss, reason = "a small table")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small table")]
fn kernel() -> Vec<f64> {
    let steps = CROSSINGS as usize * STEPS;
    (0..=steps)
        .map(|step| {
            let at = step as f64 / STEPS as f64;
            let sinc = if step == 0 { 1.0 } else { (PI * at).sin() / (PI * at) };
            let turn = PI * at / CROSSINGS;
            sinc * (0.42 + 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos())
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "held within 16 bits")]
fn to_number(sample: f64) -> i16 {
    (sample * 32_768.0).round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
}
