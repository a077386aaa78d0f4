//! Versions of an article: read, being written, published before.

use super::article::Article;
use super::content::Content;
use crate::paper::Mark;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A version that is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ArticleLive)]
pub struct Live {
    /// 1 for the first.
    pub number: u32,
    /// What it says.
    pub content: Content,
    /// Who wrote it and when; nobody is the import.
    pub written: Mark,
    /// Who approved it and when.
    pub approved: Mark,
    /// When somebody must look whether it still holds.
    pub review_at: Timestamp,
    /// When the owner was asked to.
    #[serde(default)]
    pub asked_at: Option<Timestamp>,
}

/// A version that is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ArticleDraft)]
pub struct Draft {
    /// What it says.
    pub content: Content,
    /// Names exactly this content.
    pub digest: String,
    /// Who wrote it last and when.
    pub written: Mark,
    /// Who put it up for approval and when.
    pub submitted: Option<Mark>,
}

/// A version that was published, as its history tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ArticleVersion)]
pub struct Version {
    /// 1 for the first.
    pub number: u32,
    /// What it says.
    pub content: Content,
    /// Who wrote it and when.
    pub written: Mark,
    /// Who approved it and when.
    pub approved: Mark,
}

/// Adds the version that a step published, if it did.
pub fn note_version(versions: &mut Vec<Version>, article: &Article) {
    let Some(live) = &article.live else { return };
    if versions.last().is_none_or(|last| last.number < live.number) {
        versions.push(Version {
            number: live.number,
            content: live.content.clone(),
            written: live.written,
            approved: live.approved,
        });
    }
}
