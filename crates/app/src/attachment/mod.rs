//! Files attached to cases: streamed in, named by content, given out safely.
//!
//! *Invariants*: a file is on the disk, synced, before its row is committed;
//! its name is text and never part of a path; its place is a digest keyed per
//! organisation, so that equal files of two organisations tell nothing; what is
//! refused leaves a note on the case.
//!
//! *Where to start*: [`begin`], then [`Upload::write`], then [`attach()`].

mod attach;
mod clean;
mod erase;
mod files;
mod give;
mod kind;
mod name;
mod upload;

pub(crate) use attach::KEY;
pub use attach::{Arrived, Attached, attach, begin};
pub use clean::Housekeeping;
pub(crate) use erase::let_go;
pub use erase::{EraseFiles, remove_erased};
pub use files::{Files, FilesMark, mark};
pub use give::{AttachmentRow, FileOut, give, list};
pub use kind::{is_refused, media_type};
pub use name::file_name;
pub use upload::{Stored, Upload};
