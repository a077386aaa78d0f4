//! From figures to a probability, and to reasons a person can check.

use super::alike::{FIGURES, Likeness, Rarity};
use super::sketch::Sketch;

/// What each figure weighs, fitted as `docs/text.md` describes and rounded.
///
/// Two are set by hand: numbers of buildings and phases are rare in the messages
/// that it was fitted to, and decide in those of an estate.
const WEIGHTS: [f32; FIGURES] =
    [-4.8, -0.3, -0.3, 2.8, -0.2, 1.2, -1.6, -0.5, 0.5, 1.2, -3.0, 3.0, 2.1, 2.2, -2.2, -1.2, -3.2];

/// From this probability on two messages are taken for the same incident.
pub const SAME: f32 = 0.5;

/// Why a message may belong to an incident.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Reasons {
    /// The place or party that both name, as the earlier message writes it.
    pub place: Option<String>,
    /// How alike places and parties are; nothing where one names none.
    pub place_likeness: Option<f32>,
    /// How alike the matters are.
    pub matter_likeness: f32,
    /// Whether building, line or phase have the same number.
    pub same_number: bool,
    /// Whether one of those differs.
    pub other_number: bool,
    /// Whether the same person tells it.
    pub same_person: bool,
}

impl Likeness {
    /// Gives the probability that both messages are about the same incident.
    #[must_use]
    pub fn probability(&self) -> f32 {
        let sum: f32 = self.figures.iter().zip(WEIGHTS).map(|(figure, weight)| figure * weight).sum();
        1.0 / (1.0 + (-sum).exp())
    }
}

/// Says why, in terms of the earlier of two messages.
pub(super) fn reasons(rarity: &Rarity, new: &Sketch, earlier: &Sketch) -> Reasons {
    let likeness = Likeness::of(&rarity.weigh(new), &rarity.weigh(earlier));
    let of_new = || new.names.iter().chain(&new.further);
    let shared = earlier
        .names
        .iter()
        .map(|name| (name, of_new().map(|other| name.likeness(other)).fold(0.0, f32::max)))
        .filter(|(_, likeness)| *likeness >= 0.6)
        .max_by(|one, other| one.1.total_cmp(&other.1));
    Reasons {
        place: shared.map(|(name, _)| name.text.to_string()),
        place_likeness: likeness.place,
        matter_likeness: likeness.matter,
        same_number: likeness.same_number,
        other_number: likeness.other_number,
        same_person: new.who.is_some() && new.who == earlier.who,
    }
}
