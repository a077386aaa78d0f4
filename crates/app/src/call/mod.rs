//! The call centre: its floor, who sees which call, what people want.
//!
//! *Invariants*: whatever happens is one transaction: calls, agents, their histories and
//! the flat row of figures; effects leave after the commit and may be lost, because a
//! lease stands behind each; who may not see a call does not learn that it is there.
//!
//! *Where to start*: [`happen`] inside a transaction, [`take`] around one; [`port`] is
//! what the process with the lines does for us.

mod act;
mod archive;
mod back;
mod brief;
mod case;
mod clock;
mod desk;
mod figures;
mod floor;
mod line;
mod list;
mod menu;
mod message;
pub mod port;
mod prompt;
mod recording;
mod rules;
mod settings;
mod standing;
mod tick;

pub use act::{Outgoing, WriteUp, dial, link, may_call_now, order, queue_named, typed, window, write_up};
pub use archive::{ArchiveRecording, Archiving};
pub use back::{CallBackSeen, NewCallBack, Try, call_back, call_backs, promise_call, try_call};
pub use brief::{BriefCustomer, Briefing, briefing};
pub use case::{CallOfCase, CaseOfCall, Clicked, calls_of_case, continue_case, make_case};
pub use clock::CallClocks;
pub use desk::{Desk, agents, asks, desk};
pub use figures::{Group, QueueNow, figures, figures_file, wallboard};
pub use floor::{carry, happen, take};
pub use huiyin_domain::call::floor::{Effect, Happening, Lease};
pub use huiyin_store::call::back::{CallBackFilter, CallBackRow};
pub use huiyin_store::call::list::CallFilter;
pub use huiyin_store::call::message::{MessageFilter, MessageRow};
pub use huiyin_store::call::recording::{AccessRow, RecordingRow};
pub use huiyin_store::call::settings::{ExtensionRow, LineRow, TrunkRow};
pub use line::{
    ahead, calendar, caller, duty_number, has_trunk, party_of, queue_for, queue_of, rules_of, supervises,
};
pub use list::{CallSeen, get, list};
pub use menu::{
    Answering, MenuSeen, NewMenu, VersionSeen, answering, check_menu, keep_menu, menu, menu_versions, menus,
    restore_menu,
};
pub use message::{MessageBox, MessageSeen, NewMessage, message, messages, step_message, take_message};
pub use prompt::{
    Origin as PromptOrigin, OwnSounds, PromptSeen, keep_prompt, may_keep_prompt, own_sounds, prompt_sound,
    prompt_versions, prompts, recorded, restore_prompt,
};
pub use recording::{kept, log, opened, refused, unfinished};
pub use rules::{set_telephone_settings, set_wrap_up_codes, telephone_settings, wrap_up_codes};
pub use settings::{
    NewExtension, QueueSeen, REALM, SealedSecret, browser_phone, extension, extensions, keep_extension,
    keep_line, keep_queue, keep_trunk, line_of, lines, of_person, queues, seal_trunk, top, trunk_secrets,
    trunks, trunks_now,
};
pub use standing::{StandingSeen, set_standing, standing};
pub use tick::{Leases, Retention, node_lost};
