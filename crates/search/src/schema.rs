//! The fields of the index and how a document is laid into them.

use crate::fold::folded;
use crate::sound::sounds;
use crate::token::Pairs;
use huiyin_domain::ids::{OrgId, PartyId, PersonId, UnitId};
use huiyin_domain::search::{Document, Facet, Key, NEVER, Subject};
use std::collections::BTreeSet;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{RawTokenizer, TextAnalyzer, TokenizerManager};
use tantivy::{TantivyDocument, Term};

/// The shape of the index; one of another shape is made anew.
pub const SCHEMA: u32 = 3;

/// The name of the splitter into characters and pairs.
const PAIRS: &str = "pairs";
/// The name of the splitter that leaves a value whole.
const UNCUT: &str = "whole";

/// The tag of what lies in no unit.
const UNPLACED: &str = "-";

/// The fields of the index.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    /// Which thing it is, whole; replaced by it.
    pub key: Field,
    /// What is searched by every substring; kept folded beside the index.
    pub text: Field,
    /// Names, by substring.
    pub name: Field,
    /// Names, by their sound.
    pub sound: Field,
    /// Addresses, by substring.
    pub address: Field,
    /// Everything that is compared whole.
    pub tag: Field,
    /// When, µs; the order of the documents.
    pub at: Field,
    /// Earliest open limit, µs.
    pub due: Field,
    /// Last change, µs.
    pub changed: Field,
    /// First half of the id.
    pub high: Field,
    /// Second half of the id.
    pub low: Field,
}

/// Makes the schema.
pub(crate) fn schema() -> (Schema, Fields) {
    let indexed = |tokenizer: &str, option| {
        let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    let whole = || {
        let indexing =
            TextFieldIndexing::default().set_tokenizer(UNCUT).set_index_option(IndexRecordOption::Basic);
        TextOptions::default().set_indexing_options(indexing.set_fieldnorms(false))
    };
    let mut builder = Schema::builder();
    let fields = Fields {
        key: builder.add_text_field("key", whole()),
        text: builder.add_text_field("text", indexed(PAIRS, IndexRecordOption::WithFreqs) | STORED),
        name: builder.add_text_field("name", indexed(PAIRS, IndexRecordOption::Basic)),
        sound: builder.add_text_field("sound", whole()),
        address: builder.add_text_field("address", indexed(PAIRS, IndexRecordOption::Basic)),
        tag: builder.add_text_field("tag", whole()),
        at: builder.add_i64_field("at", FAST | INDEXED),
        due: builder.add_i64_field("due", FAST),
        changed: builder.add_i64_field("changed", FAST),
        high: builder.add_u64_field("high", FAST),
        low: builder.add_u64_field("low", FAST),
    };
    (builder.build(), fields)
}

/// Makes the splitters known.
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(PAIRS, TextAnalyzer::from(Pairs));
    manager.register(UNCUT, TextAnalyzer::from(RawTokenizer::default()));
    manager
}

/// The tags by which documents are told apart; one letter says what follows.
pub(crate) mod tag {
    use super::{Facet, Key, OrgId, PartyId, PersonId, Subject, UNPLACED, UnitId};

    pub(crate) fn key(key: &Key) -> String {
        format!("{}:{}:{}", key.org, key.subject, key.id)
    }

    pub(crate) fn kind(org: OrgId, subject: Subject) -> String {
        format!("k:{org}:{subject}")
    }

    pub(crate) fn unit(unit: Option<UnitId>) -> String {
        unit.map_or_else(|| format!("u:{UNPLACED}"), |unit| format!("u:{unit}"))
    }

    pub(crate) fn own(person: PersonId) -> String {
        format!("o:{person}")
    }

    pub(crate) fn party(party: PartyId) -> String {
        facet(Facet::Party, &party.to_string())
    }

    pub(crate) fn facet(facet: Facet, value: &str) -> String {
        format!("f:{facet}:{value}")
    }

    pub(crate) fn number(part: &str) -> String {
        format!("n:{part}")
    }
}

/// Gives how a number may be typed: whole, its parts, and from each part on.
fn numbers(number: &str) -> BTreeSet<String> {
    let whole = folded(number);
    let mut found = BTreeSet::new();
    let starts = std::iter::once(0).chain(whole.match_indices('-').map(|(at, _)| at + 1));
    for start in starts.take(8) {
        let rest = &whole[start..];
        found.insert(rest.to_owned());
        found.extend(rest.split('-').next().filter(|part| part.len() > 2).map(str::to_owned));
    }
    found
}

/// Lays a document into the fields.
pub(crate) fn laid(fields: &Fields, document: &Document) -> TantivyDocument {
    let mut laid = TantivyDocument::default();
    laid.add_text(fields.key, tag::key(&document.key));
    for text in &document.texts {
        laid.add_text(fields.text, folded(text));
    }
    let mut heard = BTreeSet::new();
    for name in &document.names {
        laid.add_text(fields.name, folded(name));
        heard.extend(sounds(name));
    }
    for sound in heard {
        laid.add_text(fields.sound, sound);
    }
    for address in &document.addresses {
        laid.add_text(fields.address, folded(address));
    }
    let mut tags =
        BTreeSet::from([tag::kind(document.key.org, document.key.subject), tag::unit(document.unit)]);
    tags.extend(document.own.iter().map(|person| tag::own(*person)));
    tags.extend(document.parties.iter().map(|party| tag::party(*party)));
    tags.extend(document.facets.iter().map(|(facet, value)| tag::facet(*facet, value)));
    tags.extend(document.numbers.iter().flat_map(|number| numbers(number)).map(|part| tag::number(&part)));
    for tag in tags {
        laid.add_text(fields.tag, tag);
    }
    let id = document.key.id.as_u128();
    laid.add_i64(fields.at, document.at.micros());
    laid.add_i64(fields.due, document.due.map_or(NEVER, |due| due.micros()));
    laid.add_i64(fields.changed, document.changed.micros());
    laid.add_u64(fields.high, (id >> 64) as u64);
    #[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
    laid.add_u64(fields.low, id as u64);
    laid
}

impl Fields {
    /// Names a thing.
    pub(crate) fn key(&self, key: &Key) -> Term {
        Term::from_field_text(self.key, &tag::key(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 6 §1: a case's number is found whole and by its parts.
    #[test]
    fn numbers_are_typed_in_parts() {
        let found = numbers("TS-20261127-0042");
        for typed in ["ts-20261127-0042", "20261127-0042", "20261127", "0042"] {
            assert!(found.contains(typed), "{typed}: {found:?}");
        }
        assert!(!found.contains("ts"));
    }
}
