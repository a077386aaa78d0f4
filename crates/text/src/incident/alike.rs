//! How alike two messages are: place, party and matter apart from each other.

use super::sketch::{Gram, Name, Sketch};
use rustc_hash::FxHashMap;

/// In how many messages each gram occurs.
#[derive(Clone, Debug, Default)]
pub(super) struct Rarity {
    counts: FxHashMap<Gram, u32>,
    total: u32,
}

impl Rarity {
    pub(super) fn add(&mut self, grams: &[Gram]) {
        self.total += 1;
        grams.iter().for_each(|gram| *self.counts.entry(*gram).or_default() += 1);
    }

    pub(super) fn remove(&mut self, grams: &[Gram]) {
        self.total = self.total.saturating_sub(1);
        for gram in grams {
            if let Some(count) = self.counts.get_mut(gram) {
                *count -= 1;
                if *count == 0 {
                    self.counts.remove(gram);
                }
            }
        }
    }

    /// In how many messages a gram occurs.
    pub(super) fn count(&self, gram: Gram) -> u32 {
        self.counts.get(&gram).copied().unwrap_or(0)
    }

    /// How much a gram says, from 0 to 1.
    pub(super) fn of(&self, gram: Gram) -> f32 {
        // few messages make nothing rare
        let total = self.total.max(500) as f32;
        ((1.0 + total) / (1.0 + self.count(gram) as f32)).ln() / (1.0 + total).ln()
    }

    /// Weighs the grams of a sketch.
    pub(super) fn weigh<'a>(&self, sketch: &'a Sketch) -> Weighed<'a> {
        Weighed {
            sketch,
            title: Weights::of(self, &sketch.title),
            matter: Weights::of(self, &sketch.matter),
            all: Weights::of(self, &sketch.all),
        }
    }
}

/// A sketch with what its grams say.
#[derive(Clone, Debug)]
pub(super) struct Weighed<'a> {
    pub(super) sketch: &'a Sketch,
    title: Weights<'a>,
    matter: Weights<'a>,
    all: Weights<'a>,
}

#[derive(Clone, Debug)]
struct Weights<'a> {
    grams: &'a [Gram],
    squares: Vec<f32>,
    sum: f32,
}

impl<'a> Weights<'a> {
    fn of(rarity: &Rarity, grams: &'a [Gram]) -> Self {
        let squares: Vec<f32> = grams.iter().map(|gram| rarity.of(*gram).powi(2)).collect();
        Self { grams, sum: squares.iter().sum(), squares }
    }

    /// What both say, by the weights of this one.
    fn shared(&self, other: &[Gram]) -> f32 {
        let mut rest = other.iter().peekable();
        let mut sum = 0.0;
        for (gram, square) in self.grams.iter().zip(&self.squares) {
            while rest.next_if(|next| *next < gram).is_some() {}
            if rest.peek() == Some(&gram) {
                sum += square;
            }
        }
        sum
    }

    fn cosine(&self, other: &Self) -> f32 {
        let lengths = self.sum * other.sum;
        if lengths > 0.0 { self.shared(other.grams) / lengths.sqrt() } else { 0.0 }
    }

    /// Which share of this one lies in another.
    fn cover(&self, whole: &[Gram]) -> f32 {
        if self.sum > 0.0 { self.shared(whole) / self.sum } else { 0.0 }
    }
}

/// How alike two messages are placed that lie in one place of the tree: numbers
/// of buildings and what else they name still tell them apart.
const SAME_PLACE: f32 = 0.8;

/// How many figures compare two messages.
pub const FIGURES: usize = 17;

/// What the comparison of two messages gives.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Likeness {
    /// The figures that the judgement weighs.
    pub figures: [f32; FIGURES],
    /// How alike their places and parties are; nothing where one names none.
    pub place: Option<f32>,
    /// How alike their matters are.
    pub matter: f32,
    /// Whether a number of a place, line or phase is the same in both.
    pub same_number: bool,
    /// Whether one differs.
    pub other_number: bool,
}

impl Likeness {
    pub(super) fn of(one: &Weighed<'_>, other: &Weighed<'_>) -> Self {
        let title = one.title.cosine(&other.title);
        let text = one.all.cosine(&other.all);
        let covers = [one.title.cover(other.all.grams), other.title.cover(one.all.grams)];
        let words = one.matter.cosine(&other.matter);
        let (one, other) = (one.sketch, other.sketch);
        let place = in_tree(one, other, place(one, other));
        let shown = (one.matters & other.matters) != 0;
        let shown_in_text = (one.matters & other.all_matters) | (other.matters & one.all_matters) != 0;
        let kinds = overlap(one.matters, other.matters);
        let matter = (0.5 * words + 0.5 * kinds).max(words);
        let other_number = differs(one.numbers(), other.numbers());
        let same_number = !other_number && one.marks.iter().any(|mark| other.marks.contains(mark));
        let same_who = one.who.is_some() && one.who == other.who;
        let (known, [alike, worst]) = (place.is_some(), place.unwrap_or_default());
        let other_district = !one.districts.is_empty()
            && !other.districts.is_empty()
            && !one.districts.iter().any(|d| other.districts.contains(d))
            && one.districts.iter().chain(&other.districts).all(|d| !d.ends_with(['市', '省']));
        let flag = |value: bool| f32::from(u8::from(value));
        let figures = [
            1.0,
            title,
            covers[0].max(covers[1]),
            covers[0].min(covers[1]),
            text,
            alike,
            flag(known && alike < 0.4),
            matter,
            alike * matter,
            flag(same_number),
            flag(other_number),
            flag(same_who) * matter,
            flag(shown),
            flag(shown_in_text),
            flag(other_district),
            flag(known && alike < 0.4) * text,
            flag(known) * (1.0 - worst),
        ];
        Self { figures, place: place.map(|place| place[0]), matter, same_number, other_number }
    }
}

/// How alike the places and parties of two messages are: the likest names, and
/// the least like ones.
///
/// A name of one title is looked for in the title and the text of the other. Who
/// names more says nothing against the other; it tells when both name what the
/// other does not.
fn place(one: &Sketch, other: &Sketch) -> Option<[f32; 2]> {
    let sides = [side(one, other), side(other, one)];
    match sides {
        [Some(left), Some(right)] => Some([0.5 * (left[0] + right[0]), left[1].max(right[1])]),
        // a title without a name denies nothing
        [Some(only), None] | [None, Some(only)] if only[0] > 0.4 => Some([0.9 * only[0], only[0]]),
        _ => None,
    }
}

/// What the organisation's own tree says of both places weighs more than names.
fn in_tree(one: &Sketch, other: &Sketch, named: Option<[f32; 2]>) -> Option<[f32; 2]> {
    let (Some(mine), Some(theirs)) = (&one.place, &other.place) else { return named };
    if mine != theirs {
        return Some([0.0; 2]);
    }
    let [likest, least] = named.unwrap_or_default();
    Some([likest.max(SAME_PLACE), least.max(SAME_PLACE)])
}

fn side(from: &Sketch, to: &Sketch) -> Option<[f32; 2]> {
    let found = from.names.iter().map(|name| {
        let in_text = 0.9 * best(name, &to.further).max(name.lies_in(&to.all));
        best(name, &to.names).max(in_text)
    });
    found.fold(None, |so_far: Option<[f32; 2]>, likeness| {
        let [high, low] = so_far.unwrap_or([0.0, 1.0]);
        Some([high.max(likeness), low.min(likeness)])
    })
}

fn best(name: &Name, among: &[Name]) -> f32 {
    among.iter().map(|other| name.likeness(other)).fold(0.0, f32::max)
}

/// Which share of the matters of both is in both.
fn overlap(one: u64, other: u64) -> f32 {
    let all = (one | other).count_ones();
    if all == 0 { 0.0 } else { (one & other).count_ones() as f32 / all as f32 }
}

/// Whether both number the same thing and no number of it is the same.
fn differs(one: &[(u8, u32)], other: &[(u8, u32)]) -> bool {
    one.iter().any(|(unit, _)| {
        let of = |marks: &[(u8, u32)]| -> Vec<u32> {
            marks.iter().filter(|mark| mark.0 == *unit).map(|mark| mark.1).collect()
        };
        let (mine, theirs) = (of(one), of(other));
        !theirs.is_empty() && !mine.iter().any(|number| theirs.contains(number))
    })
}
