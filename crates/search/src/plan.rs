//! What a question becomes: what has to hold, what scores, what is checked.

use crate::ask::{Part, read, words};
use crate::schema::{Fields, tag};
use crate::sound::is_sound;
use crate::token::needed;
use huiyin_domain::ids::UnitId;
use huiyin_domain::search::{Question, Reach, Subject};
use std::ops::Bound;
use tantivy::Term;
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

type Clause = (Occur, Box<dyn Query>);

/// What of the texts is read for a score, and without one.
const SCORED: IndexRecordOption = IndexRecordOption::WithFreqs;
const UNSCORED: IndexRecordOption = IndexRecordOption::Basic;

/// A question as the index answers it; of its three readings only those are made
/// that are asked for.
pub(crate) struct Plan<'a> {
    narrow: Narrow<'a>,
    /// Parts that have to be in one text each, to be as typed.
    pub parts: Vec<Part>,
    /// Whether every part was quoted, so that only what is as typed counts.
    pub all_quoted: bool,
}

/// Says whether pairs alone do not tell that a part is there.
pub(crate) fn is_checked(part: &str) -> bool {
    part.chars().nth(2).is_some() || part.contains(' ')
}

/// Says whether a thing is what was written in it, so that quoted means as written;
/// of a customer names and addresses are what is looked for.
pub(crate) fn is_written(subject: Subject) -> bool {
    subject != Subject::Customer
}

/// Makes the plan; nothing when nothing is asked, or nothing can be reached.
pub(crate) fn plan<'a>(fields: &'a Fields, question: &'a Question) -> Option<Plan<'a>> {
    let parts = read(&question.words);
    if parts.is_empty() || question.reach.is_empty() {
        return None;
    }
    let typed_only = question.parties.is_empty() && is_written(question.subject);
    let all_quoted = typed_only && parts.iter().all(|part| part.quoted);
    Some(Plan { narrow: Narrow { fields, question }, parts, all_quoted })
}

impl Plan<'_> {
    /// Holds every part as it was typed, as far as pairs can tell.
    pub(crate) fn strict(&self) -> Box<dyn Query> {
        let typed = |(_, part): (usize, &Part)| self.narrow.typed(&part.text, SCORED);
        self.within(self.all(typed))
    }

    /// Holds the words of every part, or is meant by it in another way; what stands
    /// together as typed scores more.
    pub(crate) fn loose(&self) -> Box<dyn Query> {
        let narrow = &self.narrow;
        let meant = |(place, part): (usize, &Part)| {
            let said = if part.quoted { narrow.typed(&part.text, SCORED) } else { narrow.said(&part.text) };
            either(said, narrow.others(place, part))
        };
        self.within(self.or_known(self.all(meant)))
    }

    /// As typed, or meant in another way; no score.
    pub(crate) fn plain(&self) -> Box<dyn Query> {
        let narrow = &self.narrow;
        let meant = |(place, part): (usize, &Part)| {
            either(narrow.typed(&part.text, UNSCORED), narrow.others(place, part))
        };
        self.within(self.or_known(self.all(meant)))
    }

    /// Every part in the same way.
    fn all(&self, way: impl Fn((usize, &Part)) -> Box<dyn Query>) -> Box<dyn Query> {
        let clauses = self.parts.iter().enumerate().map(|part| (Occur::Must, way(part)));
        Box::new(BooleanQuery::new(clauses.collect()))
    }

    /// So, or of somebody who is meant.
    fn or_known(&self, query: Box<dyn Query>) -> Box<dyn Query> {
        match self.narrow.parties() {
            Some(known) => either(query, vec![known]),
            None => query,
        }
    }

    /// Only within what is reached and asked about.
    fn within(&self, query: Box<dyn Query>) -> Box<dyn Query> {
        let mut clauses = vec![(Occur::Must, query)];
        clauses.extend(self.narrow.filters().into_iter().map(|filter| (Occur::Must, filter)));
        Box::new(BooleanQuery::new(clauses))
    }
}

/// One or another; alone where there is no other.
fn either(one: Box<dyn Query>, others: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if others.is_empty() {
        return one;
    }
    let mut clauses = vec![(Occur::Should, one)];
    clauses.extend(others.into_iter().map(|other| (Occur::Should, other)));
    Box::new(BooleanQuery::new(clauses))
}

/// Everything that narrows a question down.
struct Narrow<'a> {
    fields: &'a Fields,
    question: &'a Question,
}

fn term(field: Field, text: &str, option: IndexRecordOption) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), option))
}

/// Holds without raising the score.
fn bare(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn all_of(field: Field, tokens: &[&str], option: IndexRecordOption) -> Box<dyn Query> {
    match tokens {
        [] => Box::new(EmptyQuery),
        [only] => term(field, only, option),
        many => {
            let clauses = many.iter().map(|token| (Occur::Must, term(field, token, option)));
            Box::new(BooleanQuery::new(clauses.collect::<Vec<Clause>>()))
        }
    }
}

impl Narrow<'_> {
    /// As typed: all its pairs.
    fn typed(&self, part: &str, option: IndexRecordOption) -> Box<dyn Query> {
        all_of(self.fields.text, &needed(part), option)
    }

    /// Its words, wherever they stand; the pairs across their borders score.
    fn said(&self, part: &str) -> Box<dyn Query> {
        let words = words(part);
        let mut must: Vec<&str> = words.iter().flat_map(|word| needed(word)).collect();
        must.sort_unstable();
        must.dedup();
        let border: Vec<&str> =
            needed(part).into_iter().filter(|pair| must.binary_search(pair).is_err()).collect();
        if border.is_empty() {
            return all_of(self.fields.text, &must, SCORED);
        }
        let text = |token: &&str| term(self.fields.text, token, SCORED);
        let clauses = must.iter().map(|token| (Occur::Must, text(token)));
        let optional = border.iter().map(|token| (Occur::Should, text(token)));
        Box::new(BooleanQuery::new(clauses.chain(optional).collect::<Vec<Clause>>()))
    }

    /// In which other ways a thing may be meant by a part.
    fn others(&self, place: usize, part: &Part) -> Vec<Box<dyn Query>> {
        let (fields, question) = (self.fields, self.question);
        let mut ways: Vec<Box<dyn Query>> = Vec::new();
        if part.quoted && is_written(question.subject) {
            return ways;
        }
        let tokens = needed(&part.text);
        if let Some(names) = self.reach(&question.names) {
            let mut named = vec![all_of(fields.name, &tokens, UNSCORED)];
            if is_sound(&part.text) {
                named.push(term(fields.sound, &part.text, UNSCORED));
            }
            ways.extend(named.into_iter().map(|name| within(name, names.as_deref())));
        }
        if let Some(addresses) = self.reach(&question.addresses) {
            ways.push(within(all_of(fields.address, &tokens, UNSCORED), addresses.as_deref()));
        }
        ways.push(bare(self.tags([tag::number(&part.text)])));
        let units = question.places.get(place).filter(|units| !units.is_empty());
        ways.extend(units.map(|units| bare(self.units(units.iter().copied()))));
        ways
    }

    fn parties(&self) -> Option<Box<dyn Query>> {
        let known = &self.question.parties;
        let tags = known.iter().map(|party| tag::party(*party));
        (!known.is_empty()).then(|| bare(self.tags(tags)))
    }

    fn tags(&self, tags: impl IntoIterator<Item = String>) -> Box<dyn Query> {
        let mut terms: Vec<Term> =
            tags.into_iter().map(|tag| Term::from_field_text(self.fields.tag, &tag)).collect();
        match terms.len() {
            1 => Box::new(TermQuery::new(terms.remove(0), UNSCORED)),
            _ => Box::new(TermSetQuery::new(terms)),
        }
    }

    fn units(&self, units: impl Iterator<Item = UnitId>) -> Box<dyn Query> {
        self.tags(units.map(|unit| tag::unit(Some(unit))))
    }

    /// What a reach covers: nothing at all, everything (none inside), or a condition.
    #[expect(clippy::option_option, reason = "nothing, everything and something are three answers")]
    fn reach(&self, reach: &Reach) -> Option<Option<Box<dyn Query>>> {
        if reach.is_empty() {
            return None;
        }
        if reach.all {
            return Some(None);
        }
        let units = reach.units.iter().map(|unit| tag::unit(Some(*unit)));
        let own = reach.person.iter().map(|person| tag::own(*person));
        let unplaced = reach.unplaced.then(|| tag::unit(None));
        Some(Some(bare(self.tags(units.chain(own).chain(unplaced)))))
    }

    fn filters(&self) -> Vec<Box<dyn Query>> {
        let question = self.question;
        let mut all = vec![bare(self.tags([tag::kind(question.org, question.subject)]))];
        all.extend(self.reach(&question.reach).flatten());
        for (facet, values) in &question.filter {
            all.push(bare(self.tags(values.iter().map(|value| tag::facet(*facet, value)))));
        }
        if let Some(units) = &question.units {
            all.push(bare(self.units(units.iter().copied())));
        }
        if let Some((units, departments)) = &question.team {
            let units = units.iter().map(|unit| tag::unit(Some(*unit)));
            let departments = departments
                .iter()
                .map(|unit| tag::facet(huiyin_domain::search::Facet::Department, &unit.to_string()));
            all.push(bare(self.tags(units.chain(departments))));
        }
        let mut range = |field, from: Option<i64>, before: Option<i64>| {
            if from.is_none() && before.is_none() {
                return;
            }
            let term = |at| Term::from_field_i64(field, at);
            let lower = from.map_or(Bound::Unbounded, |at| Bound::Included(term(at)));
            let upper = before.map_or(Bound::Unbounded, |at| Bound::Excluded(term(at)));
            all.push(bare(Box::new(RangeQuery::new(lower, upper))));
        };
        let micros = |at: Option<huiyin_domain::time::Timestamp>| at.map(|at| at.micros());
        range(self.fields.at, micros(question.from), micros(question.before));
        let never = question.due_from.map(|_| huiyin_domain::search::NEVER);
        range(self.fields.due, micros(question.due_from), micros(question.due_before).or(never));
        all
    }
}

/// Both at once, where the second one says something.
fn within(query: Box<dyn Query>, reach: Option<&dyn Query>) -> Box<dyn Query> {
    match reach {
        None => query,
        Some(reach) => {
            Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Must, reach.box_clone())]))
        }
    }
}

/// Says whether texts hold every part as it was typed.
pub(crate) fn holds(parts: &[&Part], texts: &[&str]) -> bool {
    parts.iter().all(|part| texts.iter().any(|text| text.contains(part.text.as_str())))
}
