//! Tones over real sockets: who hears whom, and what the recording holds.

mod archive;
mod browser;
mod changes;
mod hear;
mod measured;
mod sealed;
mod talk;

use std::f64::consts::TAU;

/// Lets time pass: sockets and clocks are real here.
#[expect(clippy::disallowed_methods, reason = "telephones send in real time")]
pub(super) fn pass(time: std::time::Duration) {
    std::thread::sleep(time);
}

/// How much of a tone is in some samples, 0 to about 1 (Goertzel).
pub(super) fn tone_in(samples: &[i16], hertz: f64) -> f64 {
    let step = TAU * hertz / 8_000.0;
    let turn = 2.0 * step.cos();
    let (mut before, mut last) = (0.0, 0.0);
    for sample in samples {
        let now = f64::from(*sample) + turn * last - before;
        before = last;
        last = now;
    }
    let power = before.mul_add(before, last * last) - turn * last * before;
    let whole: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    if whole == 0.0 { 0.0 } else { 2.0 * power / (whole * samples.len() as f64) }
}

/// Makes a tone.
pub(super) fn tone(hertz: f64, length: usize) -> Vec<i16> {
    (0..length).map(|place| ((TAU * hertz * place as f64 / 8_000.0).sin() * 8_000.0) as i16).collect()
}
