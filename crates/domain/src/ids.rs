//! Typed identifiers: one newtype per thing, never a bare string or number.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;
use uuid::Uuid;

/// Identifies an organisation (tenant) inside one installation.
///
/// A small integer, because every key and index leads with it; the outside
/// sees the organisation's `code`, never this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrgId(pub i64);

impl fmt::Display for OrgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String, format = Uuid)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

uuid_ids! {
    /// Names one approval request; bound to exactly one content.
    ApprovalId,
    /// Names a file kept in the attachment store.
    AttachmentId,
    /// Names one action on many cases at once (批量办理).
    BulkRunId,
    /// Names one promised call (回电).
    CallBackId,
    /// Names one call (通话).
    CallId,
    /// Names one message for who is absent (留言).
    CallMessageId,
    /// Names one matter of one party (案件).
    CaseId,
    /// Names one time somebody reached us or we reached them (接触).
    ContactId,
    /// Names a household (户).
    HouseholdId,
    /// Names the real happening that several cases are about (事件).
    IncidentId,
    /// Names one piece of machine work.
    JobId,
    /// Names a notice to one person.
    NotificationId,
    /// Names a customer: person, household or organisation (客户/当事人).
    PartyId,
    /// Names a person with a login (a member of staff).
    PersonId,
    /// Names something written now and said at a later time (待发).
    PreparedId,
    /// Names a publication to residents (公示).
    PublicationId,
    /// Names a queue of waiting calls (队列).
    QueueId,
    /// Names the recording of a call (录音).
    RecordingId,
    /// Names a prescribed report (报告).
    ReportId,
    /// Names a browser session.
    SessionId,
    /// Names an API token.
    TokenId,
    /// Names a node of the organisation tree (组织单元).
    UnitId,
    /// Names a webhook subscription.
    WebhookId,
}
