//! Use cases of an incident: open, join, split, undo, list, read (D3).
//!
//! *Where to start*: [`open()`] and [`act()`]; `commit` stores what was decided.

mod act;
mod commit;
mod list;
mod open;
mod sight;
mod tick;
mod view;

pub use act::{Acted, act, actions};
pub use list::{IncidentLine, list};
pub use open::{OpenedIncident, open};
pub use sight::visible;
pub(crate) use tick::fire;
pub use view::{IncidentView, MemberLine, OperationLine, get, members, operations, timeline};

pub use huiyin_domain::incident::{MembersOperated, NewIncident, OperationUndone};
pub use huiyin_store::incident::read::IncidentFilter;
