//! One table of a TOML file, read key by key with places kept.

use super::super::codes;
use super::super::fault::{Faults, PackFault, Place};
use super::super::model::Names;
use super::super::vocabulary::{Vocabulary, near, spoken};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The most entries of one list.
const MOST_ENTRIES: usize = 1_000;

/// One file while it is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'t> {
    pub(crate) name: &'t str,
    pub(crate) text: &'t str,
}

impl Source<'_> {
    /// Gives line and column of a place in the text.
    pub(crate) fn place(&self, span: &Range<usize>) -> Place {
        let mut end = span.start.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Place { file: self.name.to_owned(), line: number(line), column: number(column) }
    }
}

/// One value with the file that it stands in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'d, 't> {
    pub(crate) source: Source<'t>,
    pub(crate) value: &'d Spanned<DeValue<'t>>,
}

/// One table with the file that it stands in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section<'d, 't> {
    source: Source<'t>,
    table: &'d DeTable<'t>,
    span: (usize, usize),
}

impl<'d, 't> Item<'d, 't> {
    pub(crate) fn place(&self) -> Place {
        self.source.place(&self.value.span())
    }

    pub(crate) fn wrong(&self, wanted: &'static str, faults: &mut Faults) {
        faults.at(&self.place(), codes::WRONG_TYPE, &[("wanted", wanted)]);
    }

    pub(crate) fn text(&self, faults: &mut Faults) -> Option<&'d str> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(text),
            _ => {
                self.wrong("text", faults);
                None
            }
        }
    }

    /// Reads a list; one value stands for a list of one.
    pub(crate) fn list(&self, faults: &mut Faults) -> Vec<Self> {
        let DeValue::Array(items) = self.value.get_ref() else { return vec![*self] };
        if items.len() > MOST_ENTRIES {
            faults.at(&self.place(), codes::TOO_LARGE, &[("most", &MOST_ENTRIES.to_string())]);
        }
        items.iter().take(MOST_ENTRIES).map(|value| Item { source: self.source, value }).collect()
    }

    pub(crate) fn section(&self, faults: &mut Faults) -> Option<Section<'d, 't>> {
        match self.value.get_ref() {
            DeValue::Table(table) => {
                let span = self.value.span();
                Some(Section { source: self.source, table, span: (span.start, span.end) })
            }
            _ => {
                self.wrong("table", faults);
                None
            }
        }
    }

    pub(crate) fn word<T: Vocabulary>(&self, faults: &mut Faults) -> Option<T> {
        let text = self.text(faults)?;
        let found = T::find(text);
        if found.is_none() {
            let known = T::words();
            let near = near(text, known.iter().map(|(word, _)| *word));
            let params = [("what", T::WHAT), ("word", text)];
            faults.add(PackFault::new(&self.place(), codes::UNKNOWN_WORD, &params).near(near));
        }
        found
    }

    /// Reads a whole number within bounds.
    pub(crate) fn count(&self, least: u32, most: u32, faults: &mut Faults) -> Option<u32> {
        let DeValue::Integer(number) = self.value.get_ref() else {
            self.wrong("whole_number", faults);
            return None;
        };
        let found = u32::from_str_radix(number.as_str(), number.radix()).ok();
        let found = found.filter(|count| (least..=most).contains(count));
        if found.is_none() {
            let params = [("least", &*least.to_string()), ("most", &*most.to_string())];
            faults.at(&self.place(), codes::NUMBER_RANGE, &params);
        }
        found
    }

    pub(crate) fn flag(&self, faults: &mut Faults) -> Option<bool> {
        match self.value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => {
                self.wrong("true_or_false", faults);
                None
            }
        }
    }

    /// Reads a name: it becomes part of the wire and of file names.
    pub(crate) fn name(&self, faults: &mut Faults) -> Option<String> {
        self.shaped(&['_', '.'], faults)
    }

    /// Reads the name of a pack, which may have hyphens as folders do.
    pub(crate) fn pack_name(&self, faults: &mut Faults) -> Option<String> {
        self.shaped(&['_', '.', '-'], faults)
    }

    fn shaped(&self, marks: &[char], faults: &mut Faults) -> Option<String> {
        let text = self.text(faults)?;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || marks.contains(&c);
        let good = text.starts_with(|c: char| c.is_ascii_lowercase()) && text.len() <= 64;
        if good && text.chars().all(fits) {
            return Some(text.to_owned());
        }
        let may = if marks.contains(&'-') { "hyphen" } else { "plain" };
        faults.at(&self.place(), codes::NAME_SHAPE, &[("name", text), ("may", may)]);
        None
    }
}

impl<'d, 't> Section<'d, 't> {
    pub(crate) fn whole(source: Source<'t>, table: &'d DeTable<'t>) -> Self {
        Self { source, table, span: (0, 0) }
    }

    pub(crate) fn place(&self) -> Place {
        self.source.place(&(self.span.0..self.span.1))
    }

    /// Names every key that the format does not have here.
    pub(crate) fn only(&self, known: &[&str], faults: &mut Faults) {
        for key in self.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let near = near(key.get_ref(), known.iter().copied())
                .into_iter()
                .map(|word| word.replace(' ', "_"))
                .collect();
            let place = self.source.place(&key.span());
            let fault = PackFault::new(&place, codes::UNKNOWN_KEY, &[("key", key.get_ref())]);
            faults.add(fault.near(near));
        }
    }

    pub(crate) fn maybe(&self, key: &str) -> Option<Item<'d, 't>> {
        let value = self.table.get(key)?;
        Some(Item { source: self.source, value })
    }

    pub(crate) fn get(&self, key: &'static str, faults: &mut Faults) -> Option<Item<'d, 't>> {
        let found = self.maybe(key);
        if found.is_none() {
            faults.at(&self.place(), codes::MISSING_KEY, &[("key", key)]);
        }
        found
    }

    /// Lists the keys with their values.
    pub(crate) fn entries(&self) -> Vec<(&'d str, Item<'d, 't>)> {
        let item = |value| Item { source: self.source, value };
        self.table.iter().map(|(key, value)| (key.get_ref().as_ref(), item(value))).collect()
    }

    pub(crate) fn list(&self, key: &str, faults: &mut Faults) -> Vec<Item<'d, 't>> {
        self.maybe(key).map(|item| item.list(faults)).unwrap_or_default()
    }

    /// Reads the tables written as `[[key]]`.
    pub(crate) fn sections(&self, key: &str, faults: &mut Faults) -> Vec<Self> {
        let list = self.list(key, faults);
        list.into_iter().filter_map(|item| item.section(faults)).collect()
    }

    pub(crate) fn words<T: Vocabulary>(&self, key: &str, faults: &mut Faults) -> Vec<T> {
        let list = self.list(key, faults);
        list.into_iter().filter_map(|item| item.word(faults)).collect()
    }

    pub(crate) fn word<T: Vocabulary>(&self, key: &'static str, faults: &mut Faults) -> Option<T> {
        self.get(key, faults)?.word(faults)
    }

    pub(crate) fn name(&self, key: &'static str, faults: &mut Faults) -> Option<String> {
        self.get(key, faults)?.name(faults)
    }

    pub(crate) fn is(&self, key: &str, faults: &mut Faults) -> bool {
        self.maybe(key).and_then(|item| item.flag(faults)).unwrap_or(false)
    }

    pub(crate) fn texts(&self, key: &str, faults: &mut Faults) -> Vec<String> {
        let list = self.list(key, faults);
        list.into_iter().filter_map(|item| item.text(faults)).map(str::to_owned).collect()
    }

    /// Reads `{ zh = "…", en = "…" }`.
    pub(crate) fn names(&self, key: &'static str, faults: &mut Faults) -> Option<Names> {
        let item = self.get(key, faults)?;
        let section = item.section(faults)?;
        section.only(&["zh", "en"], faults);
        let zh = section.get("zh", faults).and_then(|text| text.text(faults));
        let en = section.get("en", faults).and_then(|text| text.text(faults));
        Some(Names { zh: zh?.to_owned(), en: en?.to_owned() })
    }

    pub(crate) fn names_or_empty(&self, key: &'static str, faults: &mut Faults) -> Names {
        let empty = Names { zh: String::new(), en: String::new() };
        if self.maybe(key).is_none() { empty } else { self.names(key, faults).unwrap_or(empty) }
    }

    /// Adds a fault about one key's value, with advice.
    pub(crate) fn unknown(
        &self,
        item: &Item<'d, 't>,
        (what, word): (&str, &str),
        near: Vec<String>,
    ) -> PackFault {
        let near = near.into_iter().map(|word| spoken(&word)).collect();
        PackFault::new(&item.place(), codes::UNKNOWN_WORD, &[("what", what), ("word", word)]).near(near)
    }
}
