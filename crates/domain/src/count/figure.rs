//! From rows to a figure: the arithmetic, in one place and without a float.

use super::amount::Amount;
use super::mark::Marks;
use super::metric::{Formula, List, Metric, MetricUnit};
use crate::money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A share is given in millionths.
pub const WHOLE: i64 = 1_000_000;

/// So many cases with the same facts, and what they add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heap {
    /// The facts that all of them have.
    pub marks: Marks,
    /// How many they are.
    pub rows: i64,
    /// What they add up to, in the order of [`Amount::ALL`].
    pub sums: [i64; Amount::ALL.len()],
}

/// A figure with what it is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Figure {
    /// The figure in its unit; null for a share or mean of nothing.
    pub value: Option<i64>,
    /// Rows or sum of the part.
    pub part: i64,
    /// Rows or sum of the whole; null when it is no share.
    pub whole: Option<i64>,
}

impl Figure {
    /// Makes the figure of plain numbers.
    #[must_use]
    pub const fn number(part: i64) -> Self {
        Self { value: Some(part), part, whole: None }
    }

    /// Makes a share of two numbers, in millionths, rounded half up.
    #[must_use]
    pub fn share(part: i64, whole: i64) -> Self {
        let share = |whole: i64| {
            let exact = i128::from(part) * i128::from(WHOLE) * 2 + i128::from(whole);
            i64::try_from(exact / (i128::from(whole) * 2)).unwrap_or(i64::MAX)
        };
        Self { value: (whole > 0).then(|| share(whole)), part, whole: Some(whole) }
    }

    /// Makes a mean in hundredths, rounded half up.
    #[must_use]
    pub fn mean(sum: i64, rows: i64) -> Self {
        let value = (rows > 0).then(|| (sum * 200 + rows) / (rows * 2));
        Self { value, part: sum, whole: Some(rows) }
    }

    /// Writes it for people: `12`, `85.7%`, `1,234.50`, `–` when there is none.
    #[must_use]
    pub fn shown(&self, unit: MetricUnit) -> String {
        let Some(value) = self.value else { return "–".to_owned() };
        match unit {
            MetricUnit::Share => {
                let tenths = (value + WHOLE / 2_000) / (WHOLE / 1_000);
                format!("{}.{}%", tenths / 10, tenths % 10)
            }
            MetricUnit::WorkingDays => format!("{}.{:02}", value / 100, value % 100),
            MetricUnit::Fen => {
                Money::from_fen(value).map_or_else(|_| value.to_string(), |money| money.to_string())
            }
            MetricUnit::Items
            | MetricUnit::Times
            | MetricUnit::People
            | MetricUnit::Pieces
            | MetricUnit::Days => value.to_string(),
        }
    }
}

/// Counts the rows of a list.
fn rows<'a>(heaps: impl Iterator<Item = &'a Heap>, list: List) -> i64 {
    heaps.filter(|heap| list.test.holds(heap.marks)).map(|heap| heap.rows).sum()
}

fn sum<'a>(heaps: impl Iterator<Item = &'a Heap>, list: List, amount: Amount) -> i64 {
    heaps
        .filter(|heap| list.test.holds(heap.marks))
        .map(|heap| heap.sums[amount as usize])
        .fold(0, i64::saturating_add)
}

impl Metric {
    /// Makes the figure of heaps of cases: of all rows of its subject and date.
    ///
    /// A mean of working days needs the days, see [`Figure::mean`]; heaps do not
    /// hold them.
    #[must_use]
    pub fn figure<'a>(&self, heaps: impl Iterator<Item = &'a Heap> + Clone) -> Figure {
        match self.formula {
            Formula::Count(list) => Figure::number(rows(heaps, list)),
            Formula::Sum(list, amount) => Figure::number(sum(heaps, list, amount)),
            Formula::Share(part, whole) => Figure::share(rows(heaps.clone(), part), rows(heaps, whole)),
            Formula::ShareOf(list, part, whole) => {
                Figure::share(sum(heaps.clone(), list, part), sum(heaps, list, whole))
            }
            Formula::MeanReplyDays(_) => Figure::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PROP-95: shares are rounded once, half up, and never by a float.
    #[test]
    fn shares_are_exact_and_shown_as_people_read_them() {
        assert_eq!(Figure::share(1, 3).value, Some(333_333));
        assert_eq!(Figure::share(2, 3).value, Some(666_667));
        assert_eq!(Figure::share(0, 0).value, None);
        assert_eq!(Figure::share(6, 7).shown(MetricUnit::Share), "85.7%");
        assert_eq!(Figure::share(1, 1).shown(MetricUnit::Share), "100.0%");
        assert_eq!(Figure::share(0, 0).shown(MetricUnit::Share), "–");
        assert_eq!(Figure::mean(5, 4).shown(MetricUnit::WorkingDays), "1.25");
        assert_eq!(Figure::mean(2, 3).shown(MetricUnit::WorkingDays), "0.67");
        assert_eq!(Figure::number(1_200_050).shown(MetricUnit::Fen), "12000.50");
    }
}
