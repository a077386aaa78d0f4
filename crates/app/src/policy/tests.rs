use huiyin_domain::ids::SessionId;
use huiyin_domain::people::{PostHeld, Sensitive};
use uuid::Uuid;

use super::action::{ManagePeople, SetEstablishment};
use super::*;
use crate::error::Class;

fn unit(n: u128) -> UnitId {
    UnitId(Uuid::from_u128(n))
}

fn actor(posts: &[(u128, Post)]) -> Actor {
    Actor {
        org: OrgId(1),
        person: PersonId(Uuid::from_u128(77)),
        login: "lin".into(),
        name: "林一".into(),
        posts: posts.iter().map(|(n, post)| PostHeld { unit: unit(*n), post: *post }).collect(),
        via: Via::Session(SessionId(Uuid::from_u128(5))),
    }
}

fn sight(path: &[u128], people: &[u128]) -> CaseSight {
    CaseSight {
        paths: vec![path.iter().copied().map(unit).collect()],
        people: people.iter().map(|n| PersonId(Uuid::from_u128(*n))).collect(),
        opened: false,
    }
}

/// SLM-1
#[test]
fn a_permit_needs_a_post_that_counts_there() {
    assert!(permit(&actor(&[(1, Post::Admin)]), ManagePeople, Target::Anywhere).is_ok());
    let head = actor(&[(2, Post::Head)]);
    assert!(permit(&head, SetEstablishment, Target::Unit(&[unit(1), unit(2), unit(3)])).is_ok());
    let elsewhere = permit(&head, SetEstablishment, Target::Unit(&[unit(1), unit(4)]));
    assert_eq!(elsewhere.unwrap_err().class(), Class::Denied);
    let refused = permit(&head, ManagePeople, Target::Anywhere).unwrap_err();
    assert_eq!(refused.params()["who"], serde_json::json!(["admin"]));
    assert!(permit(&Actor::system(OrgId(1)), ManagePeople, Target::Anywhere).is_ok());
}

/// SUP-1
#[test]
fn an_invisible_case_is_not_found_and_a_visible_one_may_be_denied() {
    let there = sight(&[1, 2], &[8]);
    let class =
        |posts: &[(u128, Post)]| case_permit(&actor(posts), &there).map_err(|error| error.class()).err();
    assert_eq!(class(&[(2, Post::Agent)]), None);
    assert_eq!(class(&[(1, Post::Lead)]), None);
    assert_eq!(class(&[(3, Post::Agent)]), Some(Class::NotFound));
    assert_eq!(class(&[(2, Post::Employee)]), Some(Class::NotFound));
    assert_eq!(class(&[]), Some(Class::NotFound));
    assert_eq!(class(&[(1, Post::Admin)]), Some(Class::Denied));
}

/// X-15, PROP-14
#[test]
fn who_owns_a_case_may_act_wherever_it_lies() {
    let permit = case_permit(&actor(&[(3, Post::Employee)]), &sight(&[1, 2], &[77])).unwrap();
    assert!(permit.view().is_own());
    assert!(permit.view().posts().is_empty());
    let nobody = case_permit(&actor(&[]), &sight(&[1, 2], &[77])).unwrap_err();
    assert_eq!(nobody.class(), Class::NotFound, "a token without posts does nothing");
}

/// SUP-1, X-39
#[test]
fn a_post_held_elsewhere_does_not_count_at_the_case() {
    let both = actor(&[(1, Post::Supervision), (4, Post::Agent)]);
    let view = case_view(&both, &sight(&[1, 2], &[])).unwrap();
    assert_eq!(view.posts(), [Post::Supervision]);
    assert!(!view.masking().is_clear(Sensitive::Phone));
}

/// SLM-1, SUP-1, X-37
#[test]
fn the_matrix_is_what_we_agreed_on() {
    insta::assert_snapshot!(markdown());
}

/// SLM-1, SUP-1, X-37
#[test]
fn the_page_on_permissions_shows_the_rules() {
    let page = include_str!("../../../../docs/permissions.md");
    assert!(page.ends_with(&markdown()), "put this table at the end of docs/permissions.md:\n{}", markdown());
}

/// SUP-1
#[test]
fn every_action_has_somebody_and_every_post_something() {
    for action in Action::ALL {
        assert!(!action.posts().is_empty(), "{}", action.name());
    }
    assert!(matrix().iter().all(|row| row.actions.len() >= 5));
}
