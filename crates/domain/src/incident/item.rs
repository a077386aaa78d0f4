//! Where the one item of an incident lies in time, and which case stands for it
//! in the statistics (PROP-90, contracts §4).

use crate::ids::CaseId;
use crate::time::Timestamp;

/// A member case as the statistics see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemMember {
    /// The case.
    pub case: CaseId,
    /// When its message reached us.
    pub received_at: Timestamp,
    /// Whether it counts (PROP-88).
    pub counted: bool,
    /// Where it bears an item now.
    pub item_at: Option<Timestamp>,
    /// What a frozen report counted it as: an item of its own, or part of
    /// another's; nothing when none counted it.
    pub frozen: Option<bool>,
}

/// Gives the case that bears the item, and where that lies.
///
/// The case is the one that was named, else the first that counts; the month is
/// that of the first that counts. What a frozen report counted as part of
/// another's item becomes one at `now`, so that no snapshot is contradicted:
/// the later month has it, with a note.
#[must_use]
pub fn item(members: &[ItemMember], lead: Option<CaseId>, now: Timestamp) -> Option<(CaseId, Timestamp)> {
    let mut counted: Vec<&ItemMember> = members.iter().filter(|member| member.counted).collect();
    if counted.is_empty() {
        counted = members.iter().collect();
    }
    counted.sort_by_key(|member| (member.received_at, member.case));
    let first = counted.first()?;
    let bears = counted.iter().find(|member| Some(member.case) == lead).unwrap_or(first);
    let seen = counted.iter().any(|member| member.frozen.is_some());
    let was_item = counted.iter().any(|member| member.frozen == Some(true));
    let at = if seen && !was_item {
        let there = counted.iter().filter_map(|member| member.item_at).find(|at| *at != first.received_at);
        there.unwrap_or(now)
    } else {
        first.received_at
    };
    Some((bears.case, at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn case(number: u8) -> CaseId {
        CaseId(Uuid::from_u128(u128::from(number)))
    }

    fn at(day: i64) -> Timestamp {
        Timestamp::from_micros(day * 86_400_000_000)
    }

    fn member(number: u8, day: i64, counted: bool, frozen: Option<bool>) -> ItemMember {
        ItemMember { case: case(number), received_at: at(day), counted, item_at: None, frozen }
    }

    /// PROP-90, contracts §4: one item, in the month of its first counted case,
    /// with the category of the lead case.
    #[test]
    fn an_incident_is_one_item_of_its_first_counted_case() {
        let members = [member(3, 9, true, None), member(1, 2, false, None), member(2, 5, true, None)];
        assert_eq!(item(&members, None, at(20)), Some((case(2), at(5))), "what does not count leads nothing");
        assert_eq!(
            item(&members, Some(case(3)), at(20)),
            Some((case(3), at(5))),
            "the lead, at the first's time"
        );
        assert_eq!(item(&members, Some(case(1)), at(20)), Some((case(2), at(5))), "a lead that counts");
        assert_eq!(item(&members[1..2], None, at(20)), Some((case(1), at(2))));
        assert_eq!(item(&[], None, at(20)), None);
    }

    /// PROP-90, X-6: what a snapshot counted as part of another's item is an
    /// item of the month in which that came to light; what it counted stays.
    #[test]
    fn a_frozen_report_is_never_contradicted() {
        let left = member(4, 7, true, Some(false));
        assert_eq!(item(&[left], None, at(40)), Some((case(4), at(40))));
        let moved = ItemMember { item_at: Some(at(40)), ..left };
        assert_eq!(item(&[moved], None, at(50)), Some((case(4), at(40))), "looked at again, it stays there");
        let stayed = [member(1, 1, true, Some(true)), left];
        assert_eq!(
            item(&stayed, Some(case(4)), at(40)),
            Some((case(4), at(1))),
            "another lead moves nothing"
        );
        assert_eq!(item(&stayed[..1], None, at(40)), Some((case(1), at(1))));
    }

    proptest! {
        /// PROP-90: whatever the members, one of them bears exactly one item.
        #[test]
        fn one_member_bears_the_item(
            members in prop::collection::btree_map(
                0..9_u8, (0..40_i64, any::<bool>(), prop::option::of(any::<bool>())), 1..9
            ),
            lead in 0..9_u8,
        ) {
            let members: Vec<ItemMember> = members
                .iter()
                .map(|(number, (day, counted, frozen))| member(*number, *day, *counted, *frozen))
                .collect();
            let (bears, when) = item(&members, Some(case(lead)), at(60)).expect("there are members");
            let found = members.iter().find(|member| member.case == bears).expect("a member bears it");
            let any = members.iter().any(|member| member.counted);
            prop_assert!(!any || members.iter().any(|member| member.case == bears && member.counted));
            prop_assert!(when == at(60) || members.iter().any(|member| member.received_at == when));
            prop_assert!(found.received_at >= when || when == at(60));
        }
    }
}
