//! Knowledge: found while somebody speaks, kept true, known by heart.
//!
//! *Invariants*: whoever works in the organisation reads all of it, and nobody
//! else; what customers read is approved and marked for them; answers come from
//! [`Libraries`], which follows what is committed and is asked while reading only.
//!
//! *Where to start*: [`ask()`] answers a question, [`suggest()`] stands beside a case.

mod article;
mod ask;
mod fact;
mod import;
mod library;
mod miss;
mod quiz;
mod sentence;
mod suggest;
mod work;

pub use article::{ArticleCard, Standing, cards, faqs, note_read, standing, versions, vote, voters};
pub(crate) use ask::worded;
pub use ask::{Asked, Found, FoundArticle, FoundFact, FoundValue, ask};
pub use fact::{Sheet, SheetLine, change_facts, fact_changes, note_sheet_read, schema_of, sheet, sheets};
pub use import::{Imported, SheetFile, import_articles, import_schema, import_sheet};
pub(crate) use library::Shelved;
pub use library::{Libraries, Library};
pub use miss::{missed, misses, note_miss, settle_miss};
pub use quiz::{QuizView, Taken, attempts, close_quiz, quiz, quizzes, take_quiz, write_quiz};
pub use sentence::{SentenceClass, sentences};
pub use suggest::{Beside, Suggested, suggest};
pub use work::{Mastery, PersonMastery, Unread, UnreadItem, WorkList, mastery, unread, work_list};

pub use huiyin_store::knowledge::ArticleFilter;
pub use huiyin_store::knowledge::fact::ChangeRow;
pub use huiyin_store::knowledge::miss::MissRow;
pub use huiyin_store::knowledge::quiz::{AttemptRow, QuizRow};
pub use huiyin_store::knowledge::reading::VoteRow;
