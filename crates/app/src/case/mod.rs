//! Use cases of a case: record, act, list, read, tick, anchor.
//!
//! The path of one change: load, permit, decide (pure), store all in one
//! transaction. *Where to start*: [`act()`] is that path in thirty lines.

mod act;
mod actions;
mod activate;
mod anchor;
mod bind;
mod calendar;
mod calendar_watch;
mod commit;
mod create;
mod day;
pub mod erase;
mod form;
mod guide;
mod import;
mod list;
mod load;
mod numbers;
mod owner;
mod recount;
mod route;
mod rules;
mod sight;
pub(crate) mod staffing_watch;
mod taxonomy;
mod tick;
mod view;

pub use crate::erasing::{ErasedTexts, NewErasure};
pub(crate) use act::actor_at;
pub use act::{Acted, act};
pub(crate) use act::{closed_or_wrong, fields_error, reason_json, refusal, stale};
pub(crate) use actions::reason_view;
pub use actions::{ActionView, ReasonView, actions};
pub use activate::{
    ActivatedPack, CheckedPack, DeskWarning, PackLine, activate_pack, check_pack, pack_changes, pack_files,
    pack_named, packs, read_pack,
};
pub use anchor::{AnchorLine, Anchored, HeadLine, anchor, anchor_digest, anchor_lines};
pub use bind::{bind, bindings, unbind};
pub(crate) use calendar::choose_calendar;
pub use calendar::{
    CalendarDay, CalendarLine, CalendarYear, ImportedCalendar, NoticeFormat, activate_calendar,
    calendar_year, calendars, import_calendar, read_notice,
};
pub use calendar_watch::CalendarWatch;
pub use commit::CASE_CHANGED;
pub(crate) use commit::seed;
pub(crate) use create::home;
pub use create::{Created, NewCase, create};
pub use day::{ToDo, day};
pub use erase::erase;
pub use form::{Advice, FormLine, FormStanding, FormValue, FormView, TipView, form, forms, tips};
pub use guide::{ClockLine, Guide, clocks, guide, intake_guide};
pub use huiyin_store::case::CaseFilter;
pub use huiyin_store::case::binding::Binding;
pub use huiyin_store::case::day::Place as DayPlace;
pub use huiyin_store::case::list::CaseOrder;
pub use import::{ImportedCase, ImportedReply, import};
pub(crate) use list::is_phone;
pub(crate) use list::resolved;
pub use list::{CaseLine, ListQuery, count, list};
pub use load::{AgeCell, Load, Overview, Pressing, overview};
pub use numbers::Numbers;
pub use owner::Leaving;
pub use recount::CalendarRecount;
pub use route::department_of;
pub use rules::{Held, Rules};
pub use sight::{sight_of, visible};
pub use staffing_watch::StaffingWatch;
pub use taxonomy::{
    CategoryView, CauseView, ChoiceView, EmotionView, FieldView, Taxonomy, taxonomy, taxonomy_of,
};
pub use tick::{Ticked, tick};
pub use view::{CaseView, EntryView, IncidentOfCase, get, timeline};
pub(crate) use view::{entry_view, sees_all_of, unsealed};
