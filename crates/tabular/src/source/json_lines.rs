//! JSON Lines: one object per line, its keys are the columns.

use super::{Limits, RowSource, SourceCell, SourceRow, text};
use crate::failure::{CellCode, CellError, FileError};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

/// Streams the objects of a JSON Lines file.
pub(super) struct JsonLines<R> {
    input: BufReader<R>,
    buffer: Vec<u8>,
    line: u64,
    columns: Arc<[String]>,
    limits: Limits,
}

impl<R: Read + Send> JsonLines<R> {
    /// Takes the stream.
    pub(super) fn new(input: R, limits: Limits) -> Self {
        let input = BufReader::with_capacity(super::sniff::SAMPLE, input);
        Self { input, buffer: Vec::new(), line: 0, columns: Arc::from([]), limits }
    }

    /// Reads one line; `None` at the end, false when it is too long to keep.
    fn line(&mut self) -> std::io::Result<Option<bool>> {
        self.buffer.clear();
        let (mut is_kept, mut is_empty) = (true, true);
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return Ok((!is_empty).then_some(is_kept));
            }
            is_empty = false;
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let taken = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            is_kept &= self.buffer.len() + taken.len() <= self.limits.row_bytes;
            if is_kept {
                self.buffer.extend_from_slice(taken);
            }
            let count = taken.len() + usize::from(end.is_some());
            self.input.consume(count);
            if end.is_some() {
                return Ok(Some(is_kept));
            }
        }
    }

    /// Makes a row of the line just read; `None` when it is blank.
    fn row(&mut self) -> Option<Result<SourceRow, CellError>> {
        let line = self.line;
        let bytes = self.buffer.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.buffer).trim_ascii();
        if bytes.is_empty() {
            return None;
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Some(Err(CellError::row(line, CellCode::BrokenText)));
        };
        let mut reader = serde_json::Deserializer::from_str(text);
        let object = reader.deserialize_map(Object { limits: self.limits });
        let pairs = match object.and_then(|pairs| reader.end().map(|()| pairs)) {
            Ok(pairs) => pairs,
            Err(error) => {
                let at = error.column();
                return Some(Err(CellError::row(line, CellCode::NotJson).with("character", at)));
            }
        };
        if let Some(code) = pairs.problem {
            let error = CellError::cell(line, &pairs.key, code);
            return Some(Err(match code {
                CellCode::TooManyKeys => error.with("limit", self.limits.columns),
                _ => error,
            }));
        }
        let is_same = self.columns.len() == pairs.names.len() && self.columns.iter().eq(&pairs.names);
        if !is_same {
            self.columns = pairs.names.into();
        }
        Some(Ok(SourceRow { line, columns: Arc::clone(&self.columns), cells: pairs.cells }))
    }
}

impl<R: Read + Send> RowSource for JsonLines<R> {
    fn columns(&self) -> Option<&Arc<[String]>> {
        None
    }

    fn next_row(&mut self) -> Result<Option<Result<SourceRow, CellError>>, FileError> {
        while let Some(is_kept) = self.line()? {
            self.line += 1;
            if !is_kept {
                return Ok(Some(Err(
                    CellError::row(self.line, CellCode::RowTooLong).with("limit", self.limits.row_bytes)
                )));
            }
            if let Some(row) = self.row() {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }
}

/// What an object holds, or the first thing wrong with it as a whole.
#[derive(Default)]
struct Pairs {
    names: Vec<String>,
    cells: Vec<SourceCell>,
    problem: Option<CellCode>,
    key: String,
}

/// Reads an object; keeps order and notices a key that comes twice.
struct Object {
    limits: Limits,
}

impl<'de> Visitor<'de> for Object {
    type Value = Pairs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
        let mut pairs = Pairs::default();
        let mut seen = std::collections::HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            let cell = map.next_value_seed(Cell { limits: self.limits, depth: 0 })?.into_cell();
            if pairs.problem.is_some() {
                continue;
            }
            if pairs.names.len() == self.limits.columns {
                pairs.problem = Some(CellCode::TooManyKeys);
            } else if !seen.insert(name.clone()) {
                pairs.problem = Some(CellCode::DuplicateKey);
                pairs.key = name;
            } else {
                pairs.names.push(name);
                pairs.cells.push(cell);
            }
        }
        Ok(pairs)
    }
}

/// One JSON value: a plain one, or a list of plain ones.
enum Item {
    Plain(SourceCell),
    Many(Vec<SourceCell>),
}

impl Item {
    /// Makes a cell; a list with anything but texts and numbers is refused.
    fn into_cell(self) -> SourceCell {
        let items = match self {
            Self::Plain(cell) => return cell,
            Self::Many(items) => items,
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match item {
                SourceCell::Text(text) | SourceCell::Number(text) => texts.push(text),
                SourceCell::Empty => {}
                SourceCell::Bad(code) => return SourceCell::Bad(code),
                _ => return SourceCell::Bad(CellCode::NestedValue),
            }
        }
        if texts.is_empty() { SourceCell::Empty } else { SourceCell::List(texts) }
    }
}

/// Reads one value; what is nested deeper is passed over, not kept.
#[derive(Clone, Copy)]
struct Cell {
    limits: Limits,
    depth: u8,
}

impl<'de> DeserializeSeed<'de> for Cell {
    type Value = Item;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Item, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Cell {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Item, E> {
        Ok(Item::Plain(SourceCell::Boolean(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Item, E> {
        Ok(Item::Plain(SourceCell::Number(value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Item, E> {
        Ok(Item::Plain(SourceCell::Number(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Item, E> {
        Ok(Item::Plain(super::number(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Item, E> {
        let is_long = value.len() > self.limits.cell_bytes;
        Ok(Item::Plain(if is_long { SourceCell::Bad(CellCode::TooLong) } else { text::plain(value) }))
    }

    fn visit_unit<E>(self) -> Result<Item, E> {
        Ok(Item::Plain(SourceCell::Empty))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Item, A::Error> {
        if self.depth > 0 {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Item::Plain(SourceCell::Bad(CellCode::NestedValue)));
        }
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Cell { depth: 1, ..self })? {
            items.push(match item {
                Item::Plain(cell) => cell,
                Item::Many(_) => return Err(A::Error::custom("a list in a list")),
            });
        }
        Ok(Item::Many(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Item::Plain(SourceCell::Bad(CellCode::NestedValue)))
    }
}
