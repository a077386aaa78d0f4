//! Reports on paper and screen: one document, written as HTML, XLSX and JSON.
//!
//! *Invariants*: a number stands in the [`Document`] once and every writer
//! shows that one; no writer computes; the HTML needs nothing beside itself,
//! runs no script and prints on A4; text from people never becomes markup or
//! a formula.
//!
//! *Where to start*: [`Document`] is what a report says, [`html()`] and [`xlsx()`]
//! write it, `pdf` behind the feature of that name; JSON is the document itself.

mod document;
mod frame;
mod html;
#[cfg(feature = "pdf")]
mod pdf;
mod svg;
mod xlsx;

pub use document::{Block, Cell, Column, Document, Label, Picture, Row, Section, Table};
pub use html::{Paper, escape, framed, html};
#[cfg(feature = "pdf")]
pub use pdf::{Font, PdfFailed, pdf};
pub use xlsx::{XlsxFailed, xlsx};

/// Names a wire word, such as `phone`, in the reader's language.
pub type Words<'a> = &'a dyn Fn(&str) -> String;
