//! Who is told: a person, or whoever holds a post at or above a unit.

use std::collections::BTreeSet;

use huiyin_domain::case::Recipient;
use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_store::duty as roster;
use huiyin_store::people::{membership, unit as units};
use huiyin_store::sql::Tx;

use crate::duty::answering;
use crate::error::Error;

/// Gives everybody who holds a post at a unit, else at the nearest one above.
///
/// Only people who may sign in and have the post at that moment. Who is absent
/// then is passed over, unless everybody there and above is.
///
/// # Errors
/// What the store gives.
pub fn holders(
    tx: &mut Tx<'_>,
    org: OrgId,
    unit: UnitId,
    post: Post,
    at: Timestamp,
) -> Result<Vec<PersonId>, Error> {
    let away: BTreeSet<PersonId> = roster::absent(tx, org, at)?.into_iter().collect();
    let mut absent = Vec::new();
    for unit in units::path(tx, org, unit, at)?.into_iter().rev() {
        let rows = membership::of_unit(tx, org, unit, at)?;
        let there: BTreeSet<PersonId> = rows
            .into_iter()
            .map(|row| row.membership)
            .filter(|member| member.posts.contains(&post))
            .map(|member| member.person)
            .collect();
        let (gone, here): (Vec<PersonId>, Vec<PersonId>) =
            there.into_iter().partition(|person| away.contains(person));
        if !here.is_empty() {
            return Ok(here);
        }
        if absent.is_empty() {
            absent = gone;
        }
    }
    Ok(absent)
}

/// Gives who is to be told, never nobody while the organisation has anybody.
///
/// A person who left, and a post that nobody holds, are answered for by
/// whoever answers for the unit.
///
/// # Errors
/// What the store gives.
pub fn resolve(
    tx: &mut Tx<'_>,
    org: OrgId,
    unit: UnitId,
    to: Recipient,
    at: Timestamp,
) -> Result<Vec<PersonId>, Error> {
    let found = match to {
        Recipient::Person(person) => {
            let holds =
                membership::of_person(tx, org, person)?.iter().any(|row| row.membership.valid.holds(at));
            let active = huiyin_store::people::person::get(tx, person)?.is_some_and(|person| person.active);
            if holds && active { vec![person] } else { Vec::new() }
        }
        Recipient::Post(post) => holders(tx, org, unit, post, at)?,
        Recipient::Unit(department) => {
            let there = membership::of_unit(tx, org, department, at)?;
            let works = |post: &Post| matches!(post, Post::Department | Post::Head);
            let people: BTreeSet<PersonId> = there
                .into_iter()
                .filter(|row| row.membership.posts.iter().any(works))
                .map(|row| row.membership.person)
                .collect();
            if people.is_empty() {
                return Ok(answering(tx, org, department, at)?.into_iter().collect());
            }
            people.into_iter().collect()
        }
    };
    if !found.is_empty() {
        return Ok(found);
    }
    Ok(answering(tx, org, unit, at)?.into_iter().collect())
}
