//! The columns: which features count, and what a text is in them.

use super::feature::{self, Found, GROUPS, Group, Message};
use super::sparse::Rows;
use rustc_hash::{FxHashMap, FxHashSet};

/// How much each group adds: words, runs, title.
pub(crate) const GROUP_WEIGHTS: [f32; GROUPS] = [1.0, 1.0, 0.7];

/// What is known of one feature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) hash: u64,
    /// Inverse document frequency.
    pub(crate) rarity: f32,
}

/// All features that count, found by their hash.
#[derive(Clone, Debug, Default)]
pub(crate) struct Space {
    columns: Vec<Column>,
    places: FxHashMap<u64, u32>,
}

impl Space {
    /// Takes columns in ascending order of their hashes.
    pub(crate) fn new(columns: Vec<Column>) -> Self {
        let places = columns.iter().zip(0..).map(|(column, at)| (column.hash, at)).collect();
        Self { columns, places }
    }

    /// Learns the columns from texts: what occurs in at least `least` of them.
    pub(crate) fn learn(texts: &[Counted], least: [u32; GROUPS]) -> Self {
        let mut frequencies: FxHashMap<u64, (u32, u8)> = FxHashMap::default();
        for text in texts {
            for (hash, group, _) in &text.0 {
                frequencies.entry(*hash).or_insert((0, *group)).0 += 1;
            }
        }
        let total = texts.len() as f32;
        let mut columns: Vec<Column> = frequencies
            .into_iter()
            .filter(|(_, (count, group))| *count >= least[usize::from(*group)])
            .map(|(hash, (count, _))| Column {
                hash,
                rarity: ((1.0 + total) / (1.0 + count as f32)).ln() + 1.0,
            })
            .collect();
        columns.sort_unstable_by_key(|column| column.hash);
        Self::new(columns)
    }

    /// Gives the columns in their order.
    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Finds the column of a feature.
    pub(crate) fn place(&self, hash: u64) -> Option<u32> {
        self.places.get(&hash).copied()
    }

    /// Gives a text as columns and values, ascending, each group of unit length.
    pub(crate) fn row(&self, text: &Counted) -> Vec<(u32, f32)> {
        let mut row = Vec::with_capacity(text.0.len());
        let mut squares = [0.0_f32; GROUPS];
        for (hash, group, count) in &text.0 {
            let Some(place) = self.place(*hash) else { continue };
            let value = (1.0 + *count as f32).ln() * self.columns[place as usize].rarity;
            squares[usize::from(*group)] += value * value;
            row.push((place, value, *group));
        }
        let factors: Vec<f32> = squares
            .iter()
            .zip(GROUP_WEIGHTS)
            .map(|(square, weight)| if *square > 0.0 { weight / square.sqrt() } else { 0.0 })
            .collect();
        let mut row: Vec<(u32, f32)> =
            row.into_iter().map(|(at, value, group)| (at, value * factors[usize::from(group)])).collect();
        row.sort_unstable_by_key(|(place, _)| *place);
        row
    }

    /// Gives many texts as rows.
    pub(crate) fn rows<'a>(&self, texts: impl Iterator<Item = &'a Counted>) -> Rows {
        let mut rows = Rows::default();
        texts.for_each(|text| rows.push(&self.row(text)));
        rows
    }
}

/// How often each feature occurs in one text: hash, group, count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted(Vec<(u64, u8, u32)>);

impl Counted {
    /// Counts the features of a message.
    pub(crate) fn of(message: &Message) -> Self {
        Self::in_fields(&feature::fields(message), |_| true)
    }

    /// Counts those features of folded fields that are wanted.
    pub(crate) fn in_fields(fields: &[String; 2], wanted: impl Fn(u64) -> bool) -> Self {
        let mut hits = Vec::with_capacity(fields[0].len() + 2 * fields[1].len());
        feature::each(fields, &mut |found: Found| {
            if wanted(found.hash) {
                hits.push((found.hash, found.group));
            }
        });
        hits.sort_unstable_by_key(|(hash, _)| *hash);
        let mut counted: Vec<(u64, u8, u32)> = Vec::with_capacity(hits.len());
        for (hash, group) in hits {
            match counted.last_mut() {
                Some(last) if last.0 == hash => last.2 += 1,
                _ => counted.push((hash, number(group), 1)),
            }
        }
        Self(counted)
    }

    /// Gives a sample of the long features, the same ones in every text.
    pub(crate) fn sample(&self, of: u64) -> FxHashSet<u64> {
        let is_run = |group: u8| group == number(Group::Run);
        self.0.iter().filter(|(hash, group, _)| is_run(*group) && hash % of == 0).map(|f| f.0).collect()
    }
}

const fn number(group: Group) -> u8 {
    group as u8
}
