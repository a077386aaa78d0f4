use super::*;
use crate::ids::PersonId;
use crate::people::Post;
use crate::time::Timestamp;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

fn rung(post: Post, up_to_fen: Option<i64>) -> Rung {
    Rung { posts: vec![post], joint: false, up_to_fen }
}

fn one(post: Post) -> Step {
    Step { posts: vec![post], joint: false }
}

fn house(holders: &[(Post, &[u128])]) -> House {
    let of = |people: &[u128]| people.iter().map(|number| person(*number)).collect();
    House { holders: holders.iter().map(|(post, people)| (*post, of(people))).collect(), ..House::default() }
}

fn money() -> Vec<Rung> {
    vec![rung(Post::Lead, Some(500_000)), rung(Post::Head, Some(1_000_000)), rung(Post::Manager, None)]
}

/// X-18, contracts §4: limits are inclusive, beyond them the next one up decides.
#[test]
fn a_limit_is_inclusive_and_beyond_it_the_next_one_up_decides() {
    let posts = |sum| needed(&money(), sum).into_iter().flat_map(|step| step.posts).collect::<Vec<_>>();
    assert_eq!(posts(500_000), [Post::Lead]);
    assert_eq!(posts(500_001), [Post::Head]);
    assert_eq!(posts(600_000), [Post::Head], "one payment of 6,000");
    assert_eq!(posts(1_000_000), [Post::Head]);
    assert_eq!(posts(1_200_000), [Post::Manager], "two payments of 6,000 need the higher post");
    let capped = [rung(Post::Lead, Some(100))];
    assert_eq!(needed(&capped, 101), [one(Post::Head)], "past the last limit the post above decides");
}

/// PROP-72, PROP-74: without a limit every step signs, in order.
#[test]
fn steps_without_a_limit_all_sign() {
    let ladder = [rung(Post::Head, None), rung(Post::Manager, None)];
    assert_eq!(needed(&ladder, 0), [one(Post::Head), one(Post::Manager)]);
    assert!(covers(&needed(&ladder, 0), &[one(Post::Head)]));
    assert!(!covers(&[one(Post::Head)], &needed(&ladder, 0)));
}

fn seats_of(
    steps: &[Step],
    signed: &[Signature],
    barred: &[u128],
    house: &House,
) -> Vec<(u128, Option<u128>, Way)> {
    let barred: BTreeSet<PersonId> = barred.iter().map(|number| person(*number)).collect();
    let at = signed.iter().map(|signature| signature.step + 1).max().unwrap_or(0);
    let standing = Standing { steps, at, signed, barred: &barred };
    let found = seats(&standing, house).into_iter();
    found.map(|s| (s.person.0.as_u128(), s.stands_for.map(|p| p.0.as_u128()), s.way)).collect()
}

/// ASC-8, X-14: the requester among the approvers, and nobody else: the next
/// step up takes it; past the last step the post above.
#[test]
fn where_the_requester_is_the_approver_the_next_step_up_takes_it() {
    let house = house(&[(Post::Lead, &[1]), (Post::Head, &[2]), (Post::Manager, &[3])]);
    let steps = [one(Post::Lead), one(Post::Head)];
    assert_eq!(seats_of(&steps, &[], &[], &house), [(1, None, Way::Post)]);
    assert_eq!(seats_of(&steps, &[], &[1], &house), [(2, None, Way::Post)]);
    assert_eq!(seats_of(&[one(Post::Head)], &[], &[2], &house), [(3, None, Way::NextUp)]);
}

/// ASC-8: an absent approver is stood for by the deputy, without one the next
/// step up takes it; a deputy never decides for the requester.
#[test]
fn a_deputy_stands_in_and_counts_as_the_person_stood_for() {
    let mut house = house(&[(Post::Head, &[2]), (Post::Manager, &[3])]);
    house.absent.insert(person(2));
    let steps = [one(Post::Head)];
    assert_eq!(seats_of(&steps, &[], &[], &house), [(3, None, Way::NextUp)]);
    house.deputies.insert((person(2), person(9)));
    assert_eq!(seats_of(&steps, &[], &[], &house), [(9, Some(2), Way::Deputy)]);
    assert_eq!(seats_of(&steps, &[], &[2], &house), [(3, None, Way::NextUp)], "not for the requester");
    assert_eq!(seats_of(&steps, &[], &[9], &house), [(3, None, Way::NextUp)], "nor the requester himself");
}

fn signature(step: u32, post: Post, who: u128, stands_for: Option<u128>) -> Signature {
    let at = Timestamp::from_micros(0);
    Signature { step, post, person: person(who), stands_for: stands_for.map(person), at }
}

/// all must sign a joint step (会签), each in person, and nobody twice
/// through a second post or as a deputy.
#[test]
fn a_joint_step_needs_every_post_and_different_people() {
    let mut house = house(&[(Post::Head, &[2]), (Post::Office, &[2, 5]), (Post::Manager, &[3])]);
    let steps = [Step { posts: vec![Post::Head, Post::Office], joint: true }];
    let barred = BTreeSet::new();
    let signed = [signature(0, Post::Head, 2, None)];
    let standing = Standing { steps: &steps, at: 0, signed: &signed, barred: &barred };
    assert_eq!(standing.missing(0), [Post::Office]);
    let seats_now: Vec<_> = seats(&standing, &house).into_iter().map(|seat| seat.person).collect();
    assert_eq!(seats_now, [person(5)], "the head does not sign for the office too");
    house.holders.insert(Post::Office, BTreeSet::from([person(2)]));
    let up: Vec<_> = seats(&standing, &house).into_iter().map(|seat| (seat.person, seat.way)).collect();
    assert_eq!(up, [(person(3), Way::NextUp)]);
}

const SITTING: [Post; 6] = [Post::Lead, Post::Head, Post::Office, Post::Manager, Post::DeputyGm, Post::Gm];

fn some_house() -> impl Strategy<Value = House> {
    let holders = prop::collection::vec((0..SITTING.len(), 1..7_u128), 0..14);
    let absent = prop::collection::btree_set(1..7_u128, 0..3);
    let deputies = prop::collection::btree_set((1..7_u128, 1..7_u128), 0..4);
    (holders, absent, deputies).prop_map(|(holders, absent, deputies)| {
        let mut by_post: BTreeMap<Post, BTreeSet<PersonId>> = BTreeMap::new();
        for (post, who) in holders {
            by_post.entry(SITTING[post]).or_default().insert(person(who));
        }
        House {
            holders: by_post,
            absent: absent.into_iter().map(person).collect(),
            deputies: deputies.into_iter().map(|(one, other)| (person(one), person(other))).collect(),
            ..House::default()
        }
    })
}

fn some_steps() -> impl Strategy<Value = Vec<Step>> {
    let step =
        (prop::collection::btree_set(0..SITTING.len(), 1..3), any::<bool>()).prop_map(|(posts, joint)| {
            Step { posts: posts.into_iter().map(|post| SITTING[post]).collect(), joint }
        });
    prop::collection::vec(step, 1..4)
}

proptest! {
    /// ASC-8, X-14: whatever the house and the order of signing, nobody decides
    /// their own, signs twice, or is stood for after signing.
    #[test]
    fn no_sequence_lets_a_person_decide_their_own(
        houses in prop::collection::vec(some_house(), 1..8),
        steps in some_steps(),
        barred in prop::collection::btree_set(1..7_u128, 1..3),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 8),
    ) {
        let barred: BTreeSet<PersonId> = barred.into_iter().map(person).collect();
        let mut signed: Vec<Signature> = Vec::new();
        let mut at = 0;
        for (house, pick) in houses.iter().zip(&picks) {
            let standing = Standing { steps: &steps, at, signed: &signed, barred: &barred };
            let open = seats(&standing, house);
            for seat in &open {
                let acts: Vec<PersonId> = [Some(seat.person), seat.stands_for].into_iter().flatten().collect();
                prop_assert!(acts.iter().all(|person| !barred.contains(person)));
                prop_assert!(acts.iter().all(|person| !standing.has_signed(*person)));
                prop_assert!(!house.absent.contains(&seat.person));
                prop_assert!(seat.step >= at && (seat.step as usize) < steps.len());
            }
            if open.is_empty() { continue }
            let seat = open[pick.index(open.len())];
            let (complete, last) = (standing.completes(seat.step, seat.post), standing.is_last(seat.step));
            let now = Timestamp::from_micros(0);
            signed.push(Signature { step: seat.step, post: seat.post, person: seat.person, stands_for: seat.stands_for, at: now });
            if complete && last { break }
            at = if complete { seat.step + 1 } else { seat.step };
        }
        let mut hands: Vec<PersonId> = signed.iter().map(|s| s.stands_for.unwrap_or(s.person)).collect();
        let all = hands.len();
        hands.sort_unstable();
        hands.dedup();
        prop_assert_eq!(hands.len(), all, "each signature is another person's");
    }

    /// a larger sum never needs a lower post.
    #[test]
    fn a_larger_sum_never_ends_lower(small in 0..2_000_000_i64, more in 0..2_000_000_i64) {
        let top = |sum| {
            let posts = needed(&money(), sum).into_iter().flat_map(|step| step.posts);
            posts.map(|post| post.height_below_top()).min()
        };
        prop_assert!(top(small + more) <= top(small));
    }
}
