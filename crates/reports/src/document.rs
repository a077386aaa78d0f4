//! What a report says, before anybody decides how it looks.

use crate::Words;
use huiyin_domain::count::{Figure, MetricUnit, Period};
use huiyin_domain::locale::Locale;
use huiyin_domain::time::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A piece of text in whichever language is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Label {
    /// In both languages.
    Both {
        /// Chinese.
        zh: String,
        /// English.
        en: String,
    },
    /// A wire word, such as `phone`, named by the catalogue.
    Word {
        /// The word.
        word: String,
    },
    /// The same in every language, such as a number of a case.
    Same(String),
}

impl Label {
    /// Makes a text in both languages.
    #[must_use]
    pub fn both(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Both { zh: zh.into(), en: en.into() }
    }

    /// Names a wire word.
    #[must_use]
    pub fn word(word: impl Into<String>) -> Self {
        Self::Word { word: word.into() }
    }

    /// Gives the text in a language.
    #[must_use]
    pub fn text(&self, locale: Locale, words: Words<'_>) -> String {
        match (self, locale) {
            (Self::Both { zh, .. }, Locale::ZhCn) => zh.clone(),
            (Self::Both { en, .. }, Locale::En) => en.clone(),
            (Self::Word { word }, _) => words(word),
            (Self::Same(text), _) => text.clone(),
        }
    }
}

/// A report as it was made, or as it would be made now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Document {
    /// Which report, such as `monthly_analysis`.
    pub kind: String,
    /// Its title.
    pub title: Label,
    /// The organisation and the unit.
    pub of: String,
    /// The period that it covers.
    #[schema(value_type = String, example = "2026-09-28..2026-10-27")]
    pub period: Period,
    /// The last day on which it may be handed in.
    #[schema(value_type = Option<String>, example = "2026-10-28")]
    pub due: Option<Date>,
    /// When the figures were taken, on the wall clock of the organisation.
    pub taken_at: String,
    /// False while figures still move.
    pub frozen: bool,
    /// Its sections, in order.
    pub sections: Vec<Section>,
}

/// One section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Section {
    /// Its name for programs; texts of people are kept under it.
    pub name: String,
    /// Its heading.
    pub title: Label,
    /// What it holds, in order.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// Written by people; empty while nobody has.
    Text {
        /// The words, in lines.
        text: String,
        /// What is to be written here.
        hint: Label,
    },
    /// A remark on how to read what stands around it.
    Note {
        /// The words.
        note: Label,
    },
    /// Rows and columns.
    Table(Table),
}

/// How a table is drawn beside its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Picture {
    /// One bar for each row, by the first column of numbers.
    Bars,
    /// A line over the rows, by the first column of numbers.
    Line,
}

/// Rows and columns, with a picture where one helps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Table {
    /// Its name for programs.
    pub name: String,
    /// What it shows.
    pub caption: Label,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// The picture of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Column {
    /// Its heading.
    pub title: Label,
    /// True for numbers, which stand at the right.
    pub number: bool,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Row {
    /// One cell for each column.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "cell", rename_all = "snake_case")]
pub enum Cell {
    /// A name.
    Name {
        /// The words.
        name: Label,
    },
    /// A figure of the dictionary.
    Figure {
        /// Its unit.
        unit: MetricUnit,
        /// Value, part and whole.
        figure: Figure,
    },
    /// Nothing.
    Empty,
}

impl Cell {
    /// Makes a cell of a name.
    #[must_use]
    pub const fn name(name: Label) -> Self {
        Self::Name { name }
    }

    /// Makes a cell of words that are the same in every language.
    #[must_use]
    pub fn same(text: impl Into<String>) -> Self {
        Self::Name { name: Label::Same(text.into()) }
    }

    /// Gives the cell as people read it.
    #[must_use]
    pub fn text(&self, locale: Locale, words: Words<'_>) -> String {
        match self {
            Self::Name { name } => name.text(locale, words),
            Self::Figure { unit, figure } => figure.shown(*unit),
            Self::Empty => String::new(),
        }
    }

    /// Gives the number, where it is one.
    #[must_use]
    pub const fn number(&self) -> Option<i64> {
        match self {
            Self::Figure { figure, .. } => figure.value,
            Self::Name { .. } | Self::Empty => None,
        }
    }
}

impl Document {
    /// Gives every table with the section where it stands.
    pub fn tables(&self) -> impl Iterator<Item = (&Section, &Table)> {
        self.sections.iter().flat_map(|section| {
            section.blocks.iter().filter_map(move |block| match block {
                Block::Table(table) => Some((section, table)),
                Block::Text { .. } | Block::Note { .. } => None,
            })
        })
    }

    /// Finds a table by its name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables().map(|(_, table)| table).find(|table| table.name == name)
    }
}
