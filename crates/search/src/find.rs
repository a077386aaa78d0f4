//! How a question is answered: by relevance from the best scores, by time from the
//! documents as they lie, newest first.

use crate::ask::Part;
use crate::generation::{Generation, failed};
use crate::plan::{Plan, holds, is_checked, is_written, plan};
use crate::seen::{Seen, moment};
use huiyin_domain::search::{Failure, Found, Order, Place, Question};
use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;
use tantivy::collector::TopDocs;
use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::schema::Value as _;
use tantivy::{DocAddress, DocId, DocSet, TERMINATED, TantivyDocument};
use uuid::Uuid;

/// How deep a list by relevance goes; who wants more orders by time.
const DEPTH: usize = 10_000;

/// More than are wanted at first, for what the check throws out.
const SPARE: usize = 16;

type Answer<T> = Result<T, tantivy::TantivyError>;

/// Finds a page.
pub(crate) fn find(generation: &Generation, question: &Question) -> Result<Found, Failure> {
    let Some(plan) = plan(&generation.fields, question) else { return Ok(Found::default()) };
    let searching = Searching { generation, question, plan: &plan, seen: generation.seen() };
    match question.order {
        Order::Relevance => searching.by_relevance(),
        Order::Newest => searching.newest(),
        Order::Due | Order::Changed => searching.by_column(),
    }
    .map_err(|error| failed(&error))
}

/// Counts up to a bound.
pub(crate) fn count(generation: &Generation, question: &Question, bound: usize) -> Result<usize, Failure> {
    let Some(plan) = plan(&generation.fields, question) else { return Ok(0) };
    let searching = Searching { generation, question, plan: &plan, seen: generation.seen() };
    searching.count(bound).map_err(|error| failed(&error))
}

struct Searching<'a> {
    generation: &'a Generation,
    question: &'a Question,
    plan: &'a Plan<'a>,
    seen: Arc<Seen>,
}

impl Searching<'_> {
    /// Says whether a document is as typed, as far as pairs do not tell.
    fn holds(&self, parts: &[&Part], address: DocAddress) -> Answer<bool> {
        if parts.is_empty() {
            return Ok(true);
        }
        let document: TantivyDocument = self.seen.searcher.doc(address)?;
        let texts: Vec<&str> =
            document.get_all(self.generation.fields.text).filter_map(|value| value.as_str()).collect();
        Ok(holds(parts, &texts))
    }

    /// Parts that have to be as typed, and that pairs alone do not prove.
    fn checked(&self, quoted_only: bool) -> Vec<&Part> {
        let parts = self.plan.parts.iter().filter(|part| part.quoted || !quoted_only);
        parts.filter(|part| is_checked(&part.text)).collect()
    }

    /// Quoted parts that are checked; of other things than cases, only where their
    /// texts are all that is searched.
    fn quoted(&self) -> Vec<&Part> {
        if is_written(self.question.subject) { self.checked(true) } else { Vec::new() }
    }

    fn top(&self, query: &dyn Query, most: usize) -> Answer<Vec<DocAddress>> {
        let collector = TopDocs::with_limit(most.max(1)).order_by_score();
        Ok(self.seen.searcher.search(query, &collector)?.into_iter().map(|(_, address)| address).collect())
    }

    /// The best that pass the check, at least `want` where there are so many.
    fn best(&self, query: &dyn Query, parts: &[&Part], want: usize) -> Answer<Vec<DocAddress>> {
        let mut most = if parts.is_empty() { want } else { want + SPARE };
        loop {
            let top = self.top(query, most)?;
            let end = top.len() < most;
            let mut passed = Vec::with_capacity(want.min(top.len()));
            for address in top {
                if passed.len() == want {
                    break;
                }
                if self.holds(parts, address)? {
                    passed.push(address);
                }
            }
            if end || passed.len() >= want {
                return Ok(passed);
            }
            most = most.saturating_mul(4);
        }
    }

    /// What is as typed first, then the rest, each by its score.
    fn by_relevance(&self) -> Answer<Found> {
        let skip = match self.question.after {
            Some(Place::Count(skip)) => skip.min(DEPTH),
            _ => 0,
        };
        let end = (skip + self.question.limit).min(DEPTH);
        let want = end + 1;
        let mut found = self.best(self.plan.strict().as_ref(), &self.checked(false), want)?;
        if found.len() < want && !self.plan.all_quoted {
            let known: HashSet<DocAddress> = found.iter().copied().collect();
            let most = want.saturating_add(known.len());
            let rest = self.best(self.plan.loose().as_ref(), &self.quoted(), most)?;
            found.extend(rest.into_iter().filter(|address| !known.contains(address)));
        }
        let more = found.len() > end && end < DEPTH;
        let id = |at: DocAddress| self.seen.segments[at.segment_ord as usize].id(at.doc_id);
        let ids = found.into_iter().take(end).skip(skip).map(id).collect();
        Ok(Found { ids, next: more.then_some(Place::Count(end)), complete: true })
    }

    /// The question without score, for lists by time.
    fn weight(&self) -> Answer<Box<dyn Weight>> {
        let query = if self.plan.all_quoted { self.plan.strict() } else { self.plan.plain() };
        query.weight(EnableScoring::disabled_from_searcher(&self.seen.searcher))
    }

    /// Calls `take` with every living match of a segment, in order, until it says
    /// that it has enough.
    fn each(
        &self,
        weight: &dyn Weight,
        ord: u32,
        from: DocId,
        take: &mut dyn FnMut(DocAddress) -> Answer<bool>,
    ) -> Answer<()> {
        let reader = self.seen.searcher.segment_reader(ord);
        let mut matches = weight.scorer(reader, 1.0)?;
        let mut document = matches.doc();
        if document < from && document != TERMINATED {
            document = matches.seek(from);
        }
        while document != TERMINATED {
            let alive = reader.alive_bitset().is_none_or(|alive| alive.is_alive(document));
            if alive && !take(DocAddress::new(ord, document))? {
                return Ok(());
            }
            document = matches.advance();
        }
        Ok(())
    }

    /// Newest first: of each segment the first ones, which are its newest; a segment
    /// that begins after the last row wanted is not opened.
    fn newest(&self) -> Answer<Found> {
        let want = self.question.limit + 1;
        let weight = self.weight()?;
        let parts = self.quoted();
        let mut found: Vec<(i64, Uuid)> = Vec::new();
        for &ord in &self.seen.newest_first {
            let segment = &self.seen.segments[ord as usize];
            let enough = found.get(want - 1).map_or(i64::MIN, |row| row.0);
            // those of one moment lie in no order
            if segment.newest() < enough {
                break;
            }
            let from = match self.question.after {
                Some(Place::Moment(at, _)) => segment.first_not_after(at),
                _ => 0,
            };
            let mut own = 0_usize;
            let mut last = i64::MAX;
            self.each(weight.as_ref(), ord, from, &mut |address| {
                let at = moment(&segment.at, address.doc_id);
                if at < enough || own >= want && at < last {
                    return Ok(false);
                }
                let row = (at, segment.id(address.doc_id));
                if self.is_after(Reverse(row)) && self.holds(&parts, address)? {
                    own += 1;
                    last = at;
                    found.push(row);
                }
                Ok(true)
            })?;
            found.sort_unstable_by(|one, other| other.cmp(one));
            found.truncate(want);
        }
        Ok(self.page(found))
    }

    /// Says whether a row comes after the place where the list goes on.
    fn is_after(&self, row: Reverse<(i64, Uuid)>) -> bool {
        match self.question.after {
            Some(Place::Moment(at, id)) => row > Reverse((at, id)),
            _ => true,
        }
    }

    fn page(&self, mut rows: Vec<(i64, Uuid)>) -> Found {
        let more = rows.len() > self.question.limit;
        rows.truncate(self.question.limit);
        let next = rows.last().filter(|_| more).map(|(at, id)| Place::Moment(*at, *id));
        Found { ids: rows.into_iter().map(|(_, id)| id).collect(), next, complete: true }
    }

    /// By a time that the documents do not lie by: all are looked at.
    fn by_column(&self) -> Answer<Found> {
        let rising = self.question.order == Order::Due;
        let weight = self.weight()?;
        let parts = self.quoted();
        let mut rows: Vec<(i64, Uuid, DocAddress)> = Vec::new();
        for (ord, segment) in (0_u32..).zip(&self.seen.segments) {
            let column = if rising { &segment.due } else { &segment.changed };
            self.each(weight.as_ref(), ord, 0, &mut |address| {
                let row = (moment(column, address.doc_id), segment.id(address.doc_id));
                let after = match self.question.after {
                    Some(Place::Moment(at, id)) if rising => row > (at, id),
                    Some(Place::Moment(at, id)) => row < (at, id),
                    _ => true,
                };
                if after {
                    rows.push((row.0, row.1, address));
                }
                Ok(true)
            })?;
        }
        rows.sort_unstable();
        if !rising {
            rows.reverse();
        }
        let want = self.question.limit + 1;
        let mut found = Vec::with_capacity(want.min(rows.len()));
        for (at, id, address) in rows {
            if found.len() == want {
                break;
            }
            if self.holds(&parts, address)? {
                found.push((at, id));
            }
        }
        Ok(self.page(found))
    }

    fn count(&self, bound: usize) -> Answer<usize> {
        let by_relevance = self.question.order == Order::Relevance && !self.plan.all_quoted;
        let weight = if by_relevance {
            self.plan.loose().weight(EnableScoring::disabled_from_searcher(&self.seen.searcher))?
        } else {
            self.weight()?
        };
        let parts = self.quoted();
        let mut count = 0;
        for &ord in &self.seen.newest_first {
            self.each(weight.as_ref(), ord, 0, &mut |address| {
                if self.holds(&parts, address)? {
                    count += 1;
                }
                Ok(count < bound)
            })?;
        }
        Ok(count.min(bound))
    }
}
