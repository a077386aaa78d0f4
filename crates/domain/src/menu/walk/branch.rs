//! Which branch circumstances lead to.

use super::super::act::{Act, Treatment, Whom};
use super::super::facts::{Customer, Facts, KnownIncident};
use super::super::model::{Called, Days, Hours, Incident, Lookup, Node, Queue, Transfer};
use super::super::number;

/// CALL-18: the number that was dialled tells the service.
pub(super) fn called<'m>(called: &'m Called, facts: &Facts<'_>) -> &'m str {
    let line = facts.line.and_then(crate::phone::digits).and_then(|line| called.lines.get(&line));
    let service = || facts.service.and_then(|service| called.services.get(service));
    line.or_else(service).unwrap_or(&called.otherwise)
}

pub(super) fn hours<'m>(hours: &'m Hours, facts: &Facts<'_>) -> &'m str {
    if is_open(hours, facts) { &hours.open } else { &hours.closed }
}

/// Tells whether a moment lies in the hours; a period over midnight belongs to
/// the day on which it starts.
fn is_open(hours: &Hours, facts: &Facts<'_>) -> bool {
    let (calendar, now) = (facts.calendar, facts.now);
    let today = calendar.zone().date(now);
    let on = |date| match hours.days {
        Days::Every => true,
        Days::Working => calendar.is_working_day(date),
        Days::Off => !calendar.is_working_day(date),
    };
    if hours.periods.is_empty() {
        return match hours.days {
            Days::Every | Days::Working => calendar.is_working_time(now),
            Days::Off => on(today),
        };
    }
    [Some(today), today.previous()].into_iter().flatten().filter(|date| on(*date)).any(|date| {
        let zone = calendar.zone();
        hours
            .periods
            .iter()
            .any(|period| zone.at(date, period.from()) <= now && now < zone.at(date, period.to()))
    })
}

/// who is on the blacklist is branched only where the menu says so, and
/// every branch comes to a person.
pub(super) fn customer<'m>(lookup: &'m Lookup, customer: Option<&Customer>) -> &'m str {
    let Some(customer) = customer else { return &lookup.unknown };
    if let (true, Some(to)) = (customer.blacklisted, &lookup.blacklisted) {
        return to;
    }
    let level = customer.level.as_ref().and_then(|level| lookup.levels.get(level));
    level.unwrap_or(&lookup.known)
}

/// Composes what is said of an incident: that there is one, what it is, and by
/// when it is to be over if that is today.
pub(super) fn incident(
    node: &Node,
    incident: &Incident,
    known: &KnownIncident,
    facts: &Facts<'_>,
) -> Vec<String> {
    let mut said = node.prompts.clone();
    let kind = known.category.as_ref().and_then(|category| incident.kinds.get(category));
    said.extend(kind.into_iter().flatten().cloned());
    let zone = facts.calendar.zone();
    let until = known.until.filter(|until| *until > facts.now && !incident.until.is_empty());
    if let Some((date, seconds)) = until.map(|until| zone.civil(until))
        && date == zone.date(facts.now)
    {
        said.extend(incident.until.iter().cloned());
        said.extend(number::clock(seconds).into_iter().map(str::to_owned));
    }
    said
}

pub(super) fn whom(transfer: &Transfer, facts: &Facts<'_>) -> Option<Whom> {
    match &transfer.number {
        Some(number) => Some(Whom::Number(number.clone())),
        None => facts.duty.map(|number| Whom::OnDuty(number.to_owned())),
    }
}

pub(super) fn queue(queue: &Queue, customer: Option<&Customer>) -> Act {
    let mut wishes = customer.map(Customer::wishes).unwrap_or_default();
    wishes.skills.extend(queue.skills.iter().map(|skill| (skill.clone(), 1)));
    wishes.priority += queue.priority;
    wishes.longest = queue.longest;
    Act::Queue {
        queue: queue.queue.clone(),
        wishes,
        treatment: Treatment {
            music: queue.music.clone(),
            every: queue.every,
            minutes: queue.minutes,
            call_back: queue.call_back.clone(),
            longest: queue.longest,
        },
    }
}
