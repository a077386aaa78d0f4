//! What may be done with a paper now: one function for lists and decisions (D2).

use super::rule::{OPEN, Rule, Step};
use super::{Paper, PaperFacts};
use crate::case::{NOT_PERMITTED, Reason, Refused};
use crate::pack::By;

/// Opens a paper, or says why not.
///
/// # Errors
/// [`Refused`] with every reason.
pub fn open<P: Paper>(new: P::New, facts: &PaperFacts<'_>) -> Result<P, Refused> {
    let rule = P::RULES.iter().find(|rule| rule.step == OPEN);
    let may = rule.is_some_and(|rule| rule.by.iter().any(|by| is(*by, &[], facts)));
    if !may {
        return Err(Refused::Closed(vec![denied(rule)]));
    }
    P::begin(new, facts)
}

/// Tells whether some body of a step would be accepted now.
///
/// # Errors
/// Every reason why not; who asks comes first.
pub fn evaluate<P: Paper>(paper: &P, step: &str, facts: &PaperFacts<'_>) -> Result<(), Vec<Reason>> {
    let rules: Vec<&Rule> = P::RULES.iter().filter(|rule| rule.step == step).collect();
    let people = paper.card().people;
    let mine: Vec<&&Rule> =
        rules.iter().filter(|rule| rule.by.iter().any(|by| is(*by, &people, facts))).collect();
    if mine.is_empty() {
        return Err(vec![denied(rules.first().copied())]);
    }
    if !mine.iter().any(|rule| rule.states.contains(&paper.state())) {
        let reason = Reason::new("paper_state").params(&[("state", paper.state())]);
        return Err(vec![reason]);
    }
    let reasons = paper.gates(step, facts);
    if reasons.is_empty() { Ok(()) } else { Err(reasons) }
}

/// Takes a step, or says why not; gives the paper as it is then.
///
/// # Errors
/// [`Refused`] with every reason; nothing happened then.
pub fn decide<P: Paper>(paper: &P, step: &P::Step, facts: &PaperFacts<'_>) -> Result<P, Refused> {
    evaluate(paper, step.name(), facts).map_err(Refused::Closed)?;
    let faults = paper.faults(step, facts);
    if !faults.is_empty() {
        return Err(Refused::Body(faults));
    }
    let mut after = paper.clone();
    after.apply(step, facts.mark());
    Ok(after)
}

fn denied(rule: Option<&Rule>) -> Reason {
    let who = rule.map_or(&[][..], |rule| rule.by);
    let mut reason = Reason::new(NOT_PERMITTED).who(who);
    let sources = rule.map_or(&[][..], |rule| rule.sources);
    reason.sources.extend(sources.iter().map(|source| (*source).to_owned()));
    reason
}

/// `Asked` are the people whom the paper names; the others as in a case.
fn is(by: By, people: &[crate::ids::PersonId], facts: &PaperFacts<'_>) -> bool {
    let person = facts.actor.person;
    match by {
        By::Clock => person.is_none(),
        By::Customer => false,
        By::Anybody => person.is_some(),
        By::Asked | By::Owner | By::Handler => person.is_some_and(|person| people.contains(&person)),
        By::Post(post) => person.is_some() && facts.actor.posts.contains(&post),
    }
}
