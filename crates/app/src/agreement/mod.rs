//! The agreement on paper, and the link by which a customer confirms it.
//!
//! *Invariants*: the link's secret and the code leave the house once, in the
//! answer to whoever made them, and stay only as digests; a code counts for one
//! agreement as it is worded, for a limited time and a few attempts.
//!
//! *Where to start*: [`paper()`] renders, [`send`] makes a link, [`confirm`] signs.

mod link;
mod paper;

pub use link::{Confirmed, NewConfirmation, Sent, confirm, look, send};
pub use paper::{AgreementPaper, PaperItem, PaperState, paper, paper_of};
