//! Ladders: which posts sign for which sum.

use crate::people::Post;
use serde::{Deserialize, Serialize};

/// One rung of a ladder as a pack writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// The posts that sign.
    pub posts: Vec<Post>,
    /// True when all of them must sign (会签), else any one of them does.
    #[serde(default)]
    pub joint: bool,
    /// Enough up to this sum in fen, itself included; without it, always signs
    /// and the ladder goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to_fen: Option<i64>,
}

/// One step of an approval: posts that must sign it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ApprovalStep)]
pub struct Step {
    /// The posts.
    pub posts: Vec<Post>,
    /// True when all of them must sign (会签), else any one of them does.
    #[serde(default)]
    pub joint: bool,
}

/// Gives the steps that a ladder asks for a sum in fen.
///
/// X-18, contracts §4: a rung with a limit is enough up to it, itself
/// included, and ends the ladder; beyond it the next rung up decides, past the
/// last one the post above it. A rung without a limit always signs (PROP-74).
#[must_use]
pub fn needed(ladder: &[Rung], sum_fen: i64) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut beyond = None;
    for rung in ladder {
        let step = Step { posts: rung.posts.clone(), joint: rung.joint };
        match rung.up_to_fen {
            None => {
                steps.push(step);
                beyond = None;
            }
            Some(limit) if sum_fen <= limit => {
                steps.push(step);
                return steps;
            }
            Some(_) => beyond = Some(rung),
        }
    }
    let above = beyond.and_then(|rung| highest(&rung.posts)).and_then(Post::superior);
    steps.extend(above.map(|post| Step { posts: vec![post], joint: false }));
    steps
}

/// Tells whether the posts that signed cover what is asked for now.
#[must_use]
pub fn covers(signed: &[Step], asked: &[Step]) -> bool {
    let has = |post: &Post| signed.iter().any(|step| step.posts.contains(post));
    asked.iter().all(|step| if step.joint { step.posts.iter().all(has) } else { step.posts.iter().any(has) })
}

/// Gives the post that stands nearest to the top.
pub(super) fn highest(posts: &[Post]) -> Option<Post> {
    posts.iter().copied().min_by_key(|post| post.height_below_top())
}

/// Tells whether a post decides anything at all: those who do the work, check
/// it or administer the program do not.
#[must_use]
pub const fn may_sit(post: Post) -> bool {
    match post {
        Post::Lead
        | Post::Head
        | Post::Supervisor
        | Post::Spokesperson
        | Post::Office
        | Post::Manager
        | Post::Group
        | Post::DeputyGm
        | Post::Gm => true,
        Post::Employee
        | Post::Agent
        | Post::Visitor
        | Post::Verifier
        | Post::Statistics
        | Post::Supervision
        | Post::ShiftLeader
        | Post::Admin
        | Post::Department => false,
    }
}
