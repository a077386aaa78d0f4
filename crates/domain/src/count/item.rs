//! The facts of an item: those of an incident, told from its counted cases.
//!
//! *Invariants*: joining takes no fact away that one counted case has (PROP-81,
//! 83), and finishes nothing that another one still has open (PROP-93).

use super::mark::{Mark, Marks};

/// What is finished or undecided only when it is so in every counted case.
const OF_ALL: Marks =
    Marks::of(&[Mark::Undecided, Mark::Closed, Mark::ClosedSatisfied, Mark::FinallyAnswered]);

/// What says under which heading the item is filed: category and cause are those
/// of the case that stands for it (PROP-92).
const OF_LEAD: Marks = Marks::of(&[Mark::Provisional, Mark::HasCause]);

/// Gives the facts of an item from the case that stands for it and from its
/// counted cases, that one among them (PROP-90).
///
/// It has what one of them has; but it is closed, answered and verified only when
/// all are, and its heading is that of the case that stands for it.
#[must_use]
pub fn item_marks(lead: Marks, counted: impl IntoIterator<Item = Marks>) -> Marks {
    let (mut any, mut all) = (lead.bits(), lead.bits());
    for marks in counted {
        any |= marks.bits();
        all &= marks.bits();
    }
    let (of_all, of_lead) = (OF_ALL.bits(), OF_LEAD.bits());
    Marks::from_bits((any & !of_all & !of_lead) | (all & of_all) | (lead.bits() & of_lead))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Mark as M;

    /// PROP-81, PROP-90, PROP-93, X-13: a later case makes the item major; an open
    /// one keeps it open; satisfied is one where all were.
    #[test]
    fn an_item_has_what_one_case_has_and_is_finished_when_all_are() {
        let first = Marks::of(&[M::Counted, M::Closed, M::ClosedSatisfied, M::HasCause, M::Undecided]);
        let major = Marks::of(&[M::Counted, M::Major, M::Demanded, M::Provisional]);
        let item = item_marks(first, [first, major]);
        assert_eq!(item, Marks::of(&[M::Counted, M::Major, M::Demanded, M::HasCause]));
        assert_eq!(
            item_marks(major, [first, major]),
            Marks::of(&[M::Counted, M::Major, M::Demanded, M::Provisional]),
            "the heading is the other one's"
        );
        let exempt = Marks::of(&[M::Counted, M::Closed, M::ClosedExempt]);
        let both = item_marks(first, [exempt]);
        assert!(both.has(M::Closed) && both.has(M::ClosedExempt) && !both.has(M::ClosedSatisfied));
        assert_eq!(item_marks(first, [first]), first, "a case by itself is as it is");
    }
}
