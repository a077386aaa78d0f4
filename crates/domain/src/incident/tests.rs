use super::membership::{self, Member, Membership, Operation, OperationKind, Undone};
use crate::ids::CaseId;
use crate::text::Sealed;
use crate::time::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

fn member(number: u8) -> Member {
    // every fifth is a contact, not a case
    Member { case: CaseId(Uuid::from_u128(u128::from(number))), contact: (number % 5 == 4).then_some(2) }
}

fn operation(id: u32, kind: OperationKind, members: &[u8]) -> Operation {
    Operation {
        id,
        kind,
        members: members.iter().copied().map(member).collect(),
        reason: Sealed(String::new()),
        by: None,
        at: Timestamp::from_micros(i64::from(id)),
        undone: None,
    }
}

fn undo(at: u32) -> Undone {
    Undone { by: None, at: Timestamp::from_micros(i64::from(at)), reason: Sealed(String::new()) }
}

/// What somebody asks for, sensible or not.
#[derive(Clone, Debug)]
enum Asked {
    Operate(OperationKind, Vec<u8>),
    Undo(u32),
}

fn asked() -> impl Strategy<Value = Asked> {
    let kind = prop_oneof![
        3 => Just(OperationKind::Join), 2 => Just(OperationKind::Split), 1 => Just(OperationKind::Mark)
    ];
    prop_oneof![
        3 => (kind, prop::collection::vec(0..12_u8, 1..4)).prop_map(|(kind, members)| Asked::Operate(kind, members)),
        2 => (1..20_u32).prop_map(Asked::Undo),
    ]
}

/// The slow truth: asks for each thing on its own what the log last said of it.
fn naive(operations: &[Operation]) -> (Vec<Member>, Option<CaseId>) {
    let standing: Vec<&Operation> =
        operations.iter().filter(|operation| operation.undone.is_none()).collect();
    let belongs = |member: &Member, upto: usize| {
        standing[..upto]
            .iter()
            .rev()
            .filter(|operation| operation.kind != OperationKind::Mark)
            .find(|operation| operation.members.contains(member))
            .is_some_and(|operation| operation.kind == OperationKind::Join)
    };
    let members = (0..12).map(member).filter(|member| belongs(member, standing.len())).collect();
    let marked = standing.iter().rposition(|operation| operation.kind == OperationKind::Mark);
    let lead = marked.and_then(|place| {
        let lead = standing[place].members[0];
        let left = standing[place..]
            .iter()
            .any(|operation| operation.kind == OperationKind::Split && operation.members.contains(&lead));
        (!left).then_some(lead.case)
    });
    (members, lead)
}

/// Tells whether each standing operation could be made where it stands.
fn sound(operations: &[Operation]) -> bool {
    (0..operations.len()).all(|place| {
        let (before, _) = naive(&operations[..place]);
        let this = &operations[place];
        let mut rest = this.members.clone();
        rest.sort_unstable();
        rest.dedup();
        this.undone.is_some()
            || (rest.len() == this.members.len()
                && this
                    .members
                    .iter()
                    .all(|member| before.contains(member) != (this.kind == OperationKind::Join)))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// D3, PROP-90: whatever is joined, split, marked and undone in whatever
    /// order, membership is what each member's own last word says, as of every
    /// moment; an undo is refused exactly where a later operation needs it.
    #[test]
    fn any_order_of_operations_and_undoing_is_exact(asked in prop::collection::vec(asked(), 1..25)) {
        let mut log: Vec<Operation> = Vec::new();
        let mut was: Vec<(u32, Membership)> = Vec::new();
        for (now, asked) in (1_u32..).zip(asked) {
            match asked {
                Asked::Operate(kind, members) => {
                    let members = if kind == OperationKind::Mark { &members[..1] } else { &members[..] };
                    if kind == OperationKind::Mark && member(members[0]).contact.is_some() {
                        continue;
                    }
                    let id = u32::try_from(log.len()).expect("small") + 1;
                    let next = Operation { at: Timestamp::from_micros(i64::from(now)), ..operation(id, kind, members) };
                    let taken = membership::now(&log).take(&next).is_ok();
                    log.push(next);
                    prop_assert_eq!(taken, sound(&log));
                    if !taken {
                        log.pop();
                    }
                }
                Asked::Undo(id) => {
                    let standing = log.iter().position(|operation| operation.id == id && operation.undone.is_none());
                    let Some(place) = standing else { continue };
                    let left = membership::without(&log, id);
                    let mut after = log.clone();
                    after[place].undone = Some(undo(now));
                    prop_assert_eq!(left.is_ok(), sound(&after));
                    match left {
                        Ok(left) => {
                            log = after;
                            prop_assert_eq!(&left, &membership::now(&log));
                        }
                        Err(clash) => prop_assert!(clash.operation > id, "a later one is named"),
                    }
                }
            }
            let (members, lead) = naive(&log);
            let found = membership::now(&log);
            prop_assert_eq!(found.members.keys().copied().collect::<Vec<_>>(), members);
            prop_assert_eq!(found.lead, lead);
            was.push((now, found));
        }
        for (moment, membership) in was {
            prop_assert_eq!(membership::as_of(&log, Timestamp::from_micros(i64::from(moment))), membership);
        }
    }
}

/// D3: the undo that is refused names the operation that stands on it.
#[test]
fn an_undo_names_the_operation_that_depends_on_it() {
    let log = [operation(1, OperationKind::Join, &[1, 2]), operation(2, OperationKind::Split, &[2])];
    let clash = membership::without(&log, 1).expect_err("operation 2 needs it");
    assert_eq!((clash.operation, clash.member, clash.code), (2, member(2), "not_a_member"));
    let left = membership::without(&log, 2).expect("the last one can always go");
    assert_eq!(left.members.len(), 2);
}
