//! Which hours of a period nobody covers.

use crate::time::Timestamp;

/// A stretch of time; its end is the first instant after it.
pub type Stretch = (Timestamp, Timestamp);

/// Gives what is left of `stretches` without `holes`, in order.
#[must_use]
pub fn without(stretches: &[Stretch], holes: &[Stretch]) -> Vec<Stretch> {
    let holes = united(holes);
    let mut left = Vec::new();
    for (begin, to) in united(stretches) {
        let mut from = begin;
        for (hole_from, hole_to) in holes.iter().copied().filter(|hole| hole.1 > begin && hole.0 < to) {
            if hole_from > from {
                left.push((from, hole_from));
            }
            from = hole_to;
        }
        if from < to {
            left.push((from, to));
        }
    }
    left
}

/// Gives the hours of a period that nobody covers (PROP-45), in order.
#[must_use]
pub fn uncovered(period: Stretch, covered: &[Stretch]) -> Vec<Stretch> {
    without(&[period], covered)
}

/// Joins stretches that touch or overlap, and drops empty ones.
#[must_use]
pub fn united(stretches: &[Stretch]) -> Vec<Stretch> {
    let mut sorted: Vec<Stretch> = stretches.iter().copied().filter(|(from, to)| from < to).collect();
    sorted.sort_unstable();
    let mut joined: Vec<Stretch> = Vec::with_capacity(sorted.len());
    for (from, to) in sorted {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn t(list: &[(i64, i64)]) -> Vec<Stretch> {
        list.iter().map(|(a, b)| (Timestamp::from_micros(*a), Timestamp::from_micros(*b))).collect()
    }

    /// PROP-45
    #[test]
    fn hours_without_anybody_are_found() {
        let day = t(&[(0, 24)])[0];
        assert_eq!(uncovered(day, &[]), t(&[(0, 24)]));
        assert_eq!(uncovered(day, &t(&[(8, 16), (0, 8)])), t(&[(16, 24)]));
        assert_eq!(uncovered(day, &t(&[(-5, 3), (2, 6), (7, 40)])), t(&[(6, 7)]));
        assert!(uncovered(day, &t(&[(0, 12), (12, 24)])).is_empty());
    }

    /// PROP-45
    #[test]
    fn who_is_absent_covers_nothing() {
        assert_eq!(without(&t(&[(0, 10), (12, 20)]), &t(&[(5, 15)])), t(&[(0, 5), (15, 20)]));
    }

    proptest! {
        /// PROP-45: each hour is either covered or reported.
        #[test]
        fn every_hour_is_covered_or_reported(list in prop::collection::vec((0_i64..48, 0_i64..48), 0..8)) {
            let covered = t(&list);
            let gaps = uncovered(t(&[(0, 48)])[0], &covered);
            for hour in 0..48 {
                let at = Timestamp::from_micros(hour);
                let inside = |list: &[Stretch]| list.iter().any(|(from, to)| *from <= at && at < *to);
                prop_assert_ne!(inside(&covered), inside(&gaps));
            }
        }
    }
}
