//! An approval of a case as it stands: what was asked, of whom, what was said.

use super::words::*;
use crate::approval::{Signature, Step};
use crate::ids::{AttachmentId, PersonId};
use crate::money::Money;
use crate::people::Post;
use crate::text::Sealed;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A decision about exactly one content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Approval {
    /// Number in the case, from 1.
    pub id: u32,
    /// What is to be decided.
    pub of: ApprovalOf,
    /// The option meant.
    pub option: Option<u32>,
    /// The remedy meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<u32>,
    /// The exact content, by its commitment.
    pub content: Sealed,
    /// Money in it.
    pub amount: Option<Money>,
    /// Who asked.
    pub asked_by: Option<PersonId>,
    /// The post that must decide.
    pub decider: Post,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// The decision, when there is one.
    pub decision: Option<(Decision, PersonId, Timestamp)>,
    /// To whom the content goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addressee: Option<Sealed>,
    /// The files that go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentId>,
    /// The steps, in order; one of `decider` when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// What was signed so far.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed: Vec<Signature>,
    /// The sum by which limits were looked up, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum_fen: Option<i64>,
    /// Until when it stands, asked or granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When the requester took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
}

impl Approval {
    /// Tells whether it is granted and still stands.
    #[must_use]
    pub fn is_granted(&self, now: Timestamp) -> bool {
        matches!(self.decision, Some((Decision::Granted, ..))) && !self.is_expired(now)
    }

    /// Tells whether somebody still has to decide it.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.decision.is_none() && self.withdrawn_at.is_none() && !self.is_expired(now)
    }

    /// Tells whether its time is over.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| now >= at)
    }

    /// Gives its steps, in order; approvals of old have one.
    #[must_use]
    pub fn ladder(&self) -> Vec<Step> {
        let one = || vec![Step { posts: vec![self.decider], joint: false }];
        if self.steps.is_empty() { one() } else { self.steps.clone() }
    }

    /// Gives the first step that is not complete, from 0.
    #[must_use]
    pub fn at(&self) -> u32 {
        let Some(last) = self.signed.iter().map(|signature| signature.step).max() else { return 0 };
        let joint = self.steps.get(last as usize).filter(|step| step.joint);
        let signed = |post: &Post| self.signed.iter().any(|s| s.step == last && s.post == *post);
        let complete = joint.is_none_or(|step| step.posts.iter().all(signed));
        if complete { last + 1 } else { last }
    }

    /// Names its exact content: text, option, amount, addressee and files.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut files = self.attachments.clone();
        files.sort_unstable();
        let content =
            serde_json::json!([self.of, self.option, self.content, self.amount, self.addressee, files]);
        let content = match self.remedy {
            Some(remedy) => serde_json::json!([content, remedy]),
            None => content,
        };
        crate::text::commitment(b"", &super::canonical_json(&content)).0
    }
}
