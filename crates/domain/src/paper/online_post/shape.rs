//! What an online post holds: points, what was found, drafts, approvals, replies.

use crate::ids::AttachmentId;
use crate::paper::Mark;
use crate::people::Post;
use crate::text::Text;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One point of the complaint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PostPoint)]
pub struct Point {
    /// Its number, from 1.
    #[schema(minimum = 1)]
    pub id: u32,
    /// The point.
    pub text: Text,
    /// Who listed it and when.
    pub listed: Mark,
    /// How the reply answers it.
    pub answer: Option<Text>,
    /// Who ticked it and when.
    pub ticked: Option<Mark>,
}

/// A finding or a report, with who gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PostFindingMade)]
pub struct FindingMade {
    /// The facts.
    pub facts: Text,
    /// The measures.
    pub measures: Text,
    /// Who and when.
    pub mark: Mark,
}

/// A reply that is to appear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PostDraft)]
pub struct Draft {
    /// Its text.
    pub text: Text,
    /// Files that go with it.
    pub attachments: Vec<AttachmentId>,
    /// Names exactly this content; an approval is bound to it.
    pub digest: String,
    /// Who wrote it and when.
    pub mark: Mark,
}

/// A decision on a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PostApproval)]
pub struct Approval {
    /// The content that it is about.
    pub digest: String,
    /// As which post.
    pub post: Post,
    /// Whether it was granted.
    pub granted: bool,
    /// What was said with it.
    pub text: Option<Text>,
    /// Who and when.
    pub mark: Mark,
}

/// A reply that appeared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PostReply)]
pub struct Reply {
    /// The content that was approved.
    pub digest: String,
    /// Its text.
    pub text: Text,
    /// Files that went with it.
    pub attachments: Vec<AttachmentId>,
    /// Where it stands.
    pub url: String,
    /// When it appeared.
    pub at: Timestamp,
    /// A picture of it.
    pub attachment: Option<AttachmentId>,
    /// Who published it and when that was recorded.
    pub mark: Mark,
}
