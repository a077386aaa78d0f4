//! Use cases of an incident: open, join, split, undo, list, read (D3).
//!
//! *Where to start*: [`open()`] and [`act()`]; `commit` stores what was decided.

mod act;
mod commit;
mod erase;
mod figures;
mod heat;
mod known;
mod list;
mod many;
mod open;
mod owner;
mod recount;
mod sight;
mod tick;
mod view;

pub use act::{Acted, act, actions};
pub use erase::{KIND, erase, replay};
pub use figures::{IncidentFigures, figures, heat};
pub(crate) use heat::after_case;
pub use known::{KnownIncident, Sought, known};
pub use list::{IncidentLine, list};
pub use many::{ManyDone, close_members, reply_members};
pub(crate) use open::open_collective;
pub use open::{OpenedIncident, open};
pub use owner::Leaving;
pub(crate) use recount::recount;
pub use sight::visible;
pub(crate) use tick::fire;
pub(crate) use view::sees_all;
pub use view::{IncidentView, MemberLine, OperationLine, get, members, operations, timeline};

pub use huiyin_domain::incident::hot::HeatDay;
pub use huiyin_domain::incident::{
    IncidentReason, MeasureResult, MembersClosing, MembersOperated, MembersReply, NewIncident, NewMeasure,
    OperationUndone,
};
pub use huiyin_store::incident::read::IncidentFilter;
