//! The kinds of machine work, as they stand in the queue.

/// A case changed: tell people and webhooks of its new events.
pub const CASE_CHANGED: &str = "case_changed";
/// An incident changed: tell people and webhooks of its new events.
pub const INCIDENT_CHANGED: &str = "incident_changed";
/// Look whether an urgent notice was read, and pass it up when not.
pub const NOTICE_ESCALATE: &str = "notice_escalate";
/// Send a notice by mail.
pub const NOTICE_MAIL: &str = "notice_mail";
/// Send a message to a webhook.
pub const WEBHOOK_SEND: &str = "webhook_send";
/// Remove files that nothing needs and messages that are long delivered.
pub const HOUSEKEEPING: &str = "housekeeping";
/// Remove files that were erased on lawful request.
pub const FILE_ERASE: &str = "file_erase";
/// Count open clocks again after the calendar changed.
pub const CALENDAR_RECOUNT: &str = "calendar_recount";
/// Tell in time that the calendar's next year is not known.
pub const CALENDAR_WATCH: &str = "calendar_watch";
/// Look what the desks can no longer do after people changed.
pub const STAFFING_WATCH: &str = "staffing_watch";
/// Derive flat rows again whose facts got more meaning.
pub const FACTS_RECOUNT: &str = "facts_recount";
/// Draft the reports whose period ended, and tell whoever is due.
pub const REPORTS_DUE: &str = "reports_due";
/// Take some cases of an action on many.
pub const BULK_RUN: &str = "bulk_run";
/// Say what was prepared for this time.
pub const PREPARED_DUE: &str = "prepared_due";
/// Learn categories again from closed cases.
pub const TEXT_RETRAIN: &str = "text_retrain";
/// Something happened to a house paper: tell who must hear of it.
pub const PAPER_TOLD: &str = "paper_told";
/// List more of the cases of a stock-take that has very many.
pub const STOCKTAKE_LISTED: &str = "stocktake_listed";
/// Put a recording into the archive.
pub const RECORDING_ARCHIVE: &str = "recording_archive";
/// The time of a message or promised call has come: tell who is to see to it.
pub const CALL_CLOCK: &str = "call_clock";
