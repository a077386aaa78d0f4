//! The customer's side: what an estate publishes, and what its customers may do
//! there with nothing but number and lookup code.
//!
//! *Invariants*: an address decides the organisation; a case is opened by its
//! number and code together, wrong ones look alike, and guessing is slowed by
//! number and by source; nothing is shown that is not the customer's own.
//!
//! *Where to start*: [`file()`] makes a case, [`enter()`] opens one, [`progress()`]
//! tells of it, `answer` takes the customer's word.

mod answer;
mod code;
mod enter;
mod file;
mod page;
mod progress;

pub use answer::{Said, Word, say};
pub use code::{LookupCode, Receipt, lookup_code, not_by_staff, receipt};
pub use enter::{Lookup, enter};
pub use file::{Filed, Filing, KINDS, file, inside};
pub use page::{Channels, PublicPage, close_page, open_page, page_at, pages};
pub use progress::{OpenOption, Progress, ToldAt, progress};
