//! Gates and what joins them.

use super::super::codes;
use super::super::fault::{Faults, PackFault};
use super::super::model::GateRule;
use super::super::vocabulary::{Vocabulary, near, same};
use super::super::words::{Takes, Word, catalogue};
use super::section::{Item, Section};
use crate::case::{Duty, Gate};
use crate::clock::LimitRule;
use toml::de::DeValue;

/// The deepest nesting of all, any and when.
const DEEPEST: u32 = 6;
/// The most options that a gate may ask for.
const MOST_OPTIONS: u32 = 20;
/// Words that join gates.
const JOINING: [&str; 3] = ["all", "any", "when"];

/// Reads one gate: a word, `{ word = … }`, or gates that are joined.
pub(super) fn rule(item: &Item<'_, '_>, faults: &mut Faults) -> Option<GateRule> {
    nested(item, 0, faults)
}

fn nested(item: &Item<'_, '_>, depth: u32, faults: &mut Faults) -> Option<GateRule> {
    if depth > DEEPEST {
        faults.at(&item.place(), codes::TOO_LARGE, &[("most", &DEEPEST.to_string())]);
        return None;
    }
    match item.value.get_ref() {
        DeValue::String(text) => alone(item, text, faults).map(GateRule::One),
        DeValue::Table(_) => {
            let section = item.section(faults)?;
            if section.maybe("when").is_some() {
                return when(&section, depth, faults);
            }
            let entries = section.entries();
            let [(word, value)] = entries.as_slice() else {
                item.wrong("gate", faults);
                return None;
            };
            match *word {
                "all" => Some(GateRule::All(several(value, depth, faults))),
                "any" => {
                    let rules = several(value, depth, faults);
                    if rules.is_empty() {
                        value.wrong("gates", faults);
                        return None;
                    }
                    Some(GateRule::Any(rules))
                }
                word => with_parameter(item, word, value, faults).map(GateRule::One),
            }
        }
        _ => {
            item.wrong("gate", faults);
            None
        }
    }
}

fn several(value: &Item<'_, '_>, depth: u32, faults: &mut Faults) -> Vec<GateRule> {
    let list = value.list(faults);
    list.iter().filter_map(|item| nested(item, depth + 1, faults)).collect()
}

fn when(section: &Section<'_, '_>, depth: u32, faults: &mut Faults) -> Option<GateRule> {
    section.only(&["when", "then"], faults);
    let fact = section.get("when", faults).and_then(|item| nested(&item, depth + 1, faults));
    let then = section.get("then", faults)?;
    let then = if matches!(then.value.get_ref(), DeValue::Array(_)) {
        GateRule::All(several(&then, depth, faults))
    } else {
        nested(&then, depth + 1, faults)?
    };
    match fact? {
        GateRule::One(gate) => Some(GateRule::When(gate, Box::new(then))),
        GateRule::All(_) | GateRule::Any(_) | GateRule::When(..) => {
            faults.at(&section.place(), codes::WRONG_TYPE, &[("wanted", "one gate")]);
            None
        }
    }
}

fn alone(item: &Item<'_, '_>, text: &str, faults: &mut Faults) -> Option<Gate> {
    match find(text) {
        Some(Word { takes: Takes::Nothing(make), .. }) => Some(make()),
        Some(word) => {
            let wanted = format!("{{ {} = {} }}", word.word.replace(' ', "_"), word.takes());
            let fault = PackFault::new(&item.place(), codes::WRONG_TYPE, &[("wanted", &wanted)]);
            faults.add(fault);
            None
        }
        None => {
            unknown(item, text, faults);
            None
        }
    }
}

fn find(word: &str) -> Option<&'static Word> {
    catalogue().iter().find(|known| same(known.word, word))
}

fn unknown(item: &Item<'_, '_>, word: &str, faults: &mut Faults) {
    let known = catalogue().iter().map(|known| known.word).chain(JOINING);
    let params = [("what", "gate"), ("word", word)];
    faults.add(PackFault::new(&item.place(), codes::UNKNOWN_WORD, &params).near(near(word, known)));
}

fn with_parameter(
    item: &Item<'_, '_>,
    word: &str,
    value: &Item<'_, '_>,
    faults: &mut Faults,
) -> Option<Gate> {
    let Some(found) = find(word) else {
        unknown(item, word, faults);
        return None;
    };
    match found.takes {
        Takes::Nothing(make) => value.flag(faults)?.then(make),
        Takes::Fields(make) => {
            let list = value.list(faults);
            Some(make(list.iter().filter_map(|name| name.name(faults)).collect()))
        }
        Takes::Form(make) => value.name(faults).map(make),
        Takes::Flag(make) => value.word(faults).map(make),
        Takes::Promise(make) => value.word(faults).map(make),
        Takes::Post(make) => value.word(faults).map(make),
        Takes::Count(make) => value.count(1, MOST_OPTIONS, faults).map(make),
        Takes::Days(make) => days(value, faults).map(make),
        Takes::Approval(make) => value.word(faults).map(make),
        Takes::Visit(make) => value.word(faults).map(make),
        Takes::Reasons(make) => Some(make(words(value, faults))),
        Takes::Reply(make) => value.word(faults).map(make),
        Takes::Meaning(make) => value.word(faults).map(make),
        Takes::Relation(make) => value.word(faults).map(make),
        Takes::Validity(make) => value.word(faults).map(make),
        Takes::Channels(make) => Some(make(words(value, faults))),
        Takes::Duties(make) => match words::<Duty>(value, faults).as_slice() {
            [one, other] => Some(make(*one, *other)),
            _ => {
                value.wrong("duties", faults);
                None
            }
        },
    }
}

fn words<T: Vocabulary>(value: &Item<'_, '_>, faults: &mut Faults) -> Vec<T> {
    let list = value.list(faults);
    if list.is_empty() {
        value.wrong("at least one word", faults);
    }
    list.iter().filter_map(|item| item.word(faults)).collect()
}

/// Reads `7 days` as whole days.
fn days(value: &Item<'_, '_>, faults: &mut Faults) -> Option<u32> {
    let text = value.text(faults)?;
    match text.parse::<LimitRule>() {
        Ok(LimitRule::Days(days)) => Some(days),
        Ok(_) | Err(_) => {
            let params = [("text", text)];
            let near = vec!["7 days".to_owned(), "1 week".to_owned()];
            faults.add(PackFault::new(&value.place(), codes::LIMIT_UNKNOWN, &params).near(near));
            None
        }
    }
}
