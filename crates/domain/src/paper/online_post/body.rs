//! The bodies of the steps of an online post.

use crate::ids::{AttachmentId, CaseId, PersonId, UnitId};
use crate::paper::body::bodies;
use crate::text::Text;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

bodies! {
    /// To whom the facts are asked of: the accused line (PROP-71).
    PassedOn as PostPassedOn {
        /// The accused business line.
        unit: UnitId,
        /// Its lead or whoever finds the facts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
    }

    /// What happened and what is proposed (PROP-72).
    Found as PostFinding {
        /// The facts.
        facts: Text,
        /// The measures that are proposed.
        measures: Text,
    }

    /// A decision on exactly one content.
    Ruled as PostDecision {
        /// True when it is granted.
        granted: bool,
        /// The digest of the content that was read; approving something else
        /// is refused. Only for the text of a reply.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        digest: Option<String>,
        /// What is said with it; needed when it is returned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<Text>,
    }

    /// One point of the complaint (PROP-76).
    PointNamed as PostPointBody {
        /// The point.
        text: Text,
    }

    /// Where the reply answers a point.
    PointTicked as PostPointAnswer {
        /// Which point, from 1.
        #[schema(minimum = 1, maximum = 1000)]
        point: u32,
        /// How the reply answers it.
        text: Text,
    }

    /// How hot the thread is at a moment (PROP-91).
    HeatSeen as PostHeat {
        /// When it was read off.
        at: Timestamp,
        /// Replies in the thread.
        #[schema(maximum = 1000000000)]
        replies: u32,
        /// Views, where the page shows them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(maximum = 4000000000u64)]
        views: Option<u32>,
    }

    /// A later post of the same thread or about the same matter.
    Followed as PostFollowUp {
        /// What it says.
        text: Text,
        /// Its address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 2000)]
        url: Option<String>,
        /// When it was posted.
        at: Timestamp,
        /// What it brings that was not there; it becomes a case of its own.
        #[serde(default)]
        #[schema(max_items = 50)]
        new_points: Vec<Text>,
        /// The case of what is new; given by the product.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<CaseId>,
    }

    /// Whether many will read it, follow it or join it (PROP-74).
    WideMarked as PostImpact {
        /// True when the company must review what is done.
        wide: bool,
        /// Why.
        reason: Text,
    }

    /// The reply as it is to appear.
    Drafted as PostDraftBody {
        /// Its text.
        text: Text,
        /// Files of the case that go with it.
        #[serde(default)]
        #[schema(max_items = 20)]
        attachments: Vec<AttachmentId>,
    }

    /// The reply as it stands on the page, with its proof.
    Published as PostPublication {
        /// Where it stands.
        #[schema(max_length = 2000)]
        url: String,
        /// When it appeared.
        at: Timestamp,
        /// A picture of it, among the files of the case.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        attachment: Option<AttachmentId>,
    }
}
