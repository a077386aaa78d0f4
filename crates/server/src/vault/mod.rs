//! What outlives a damaged database: anchors and erasures outside it, copies.
//!
//! *Where to start*: [`keeper`] writes anchors and erasures out while the
//! server runs, [`backup`] takes copies, [`restore`] brings one back.

pub mod anchor_files;
pub mod backup;
pub mod dump;
pub mod erasure_file;
pub mod files;
pub mod keeper;
pub mod manifest;
pub mod mark;
pub mod restore;
pub mod room;
pub mod schedule;
pub mod turn;

/// Folder of the anchors outside the database.
pub const ANCHORS: &str = "anchors";

/// Folder of the TLS keys, beside the data and in a backup.
pub const TLS: &str = "tls";

/// The log of erasures outside the database.
pub const ERASURES: &str = "erasures.jsonl";

/// What is known of the last good backup.
pub const LAST_BACKUP: &str = "last-backup.json";

/// There while a restore is under way; nothing else may use the place then.
pub const RESTORING: &str = "restore-incomplete";
