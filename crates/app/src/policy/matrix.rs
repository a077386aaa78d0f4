//! The table of posts and actions, for people to read.

use std::fmt::Write as _;

use huiyin_domain::paper::PaperKind;
use huiyin_domain::people::{Post, Reach, Sensitive};

use super::action::Action;

/// One line of the matrix: a post and what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixRow {
    /// The post.
    pub post: Post,
    /// How far it sees.
    pub reach: Reach,
    /// What it may do.
    pub actions: Vec<Action>,
    /// What it sees uncovered of a customer's identity.
    pub clear: Vec<Sensitive>,
    /// The papers of the house that it may open.
    pub opens: Vec<PaperKind>,
}

/// Computes the matrix from the rules themselves.
#[must_use]
pub fn matrix() -> Vec<MatrixRow> {
    let row = |post: Post| MatrixRow {
        post,
        reach: post.reach(),
        actions: Action::ALL.iter().copied().filter(|action| action.allowed_to(post)).collect(),
        clear: Sensitive::ALL.into_iter().filter(|field| field.clear_for(post)).collect(),
        opens: PaperKind::ALL.iter().copied().filter(|kind| kind.opened_by(post)).collect(),
    };
    Post::ALL.into_iter().map(row).collect()
}

const fn reach_name(reach: Reach) -> &'static str {
    match reach {
        Reach::Own => "own",
        Reach::Team => "team",
        Reach::Subtree => "subtree",
        Reach::All => "all",
    }
}

/// Renders the matrix as Markdown: one line per action, one column per post.
#[must_use]
pub fn markdown() -> String {
    let rows = matrix();
    let mut text = String::from("| |");
    for row in &rows {
        let _ = write!(text, " {} |", row.post);
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(rows.len()));
    line(&mut text, "sees", rows.iter().map(|row| reach_name(row.reach)));
    for action in Action::ALL {
        line(&mut text, action.name(), rows.iter().map(|row| mark(row.actions.contains(action))));
    }
    for field in Sensitive::ALL {
        let name = format!("uncovered {}", field.name());
        line(&mut text, &name, rows.iter().map(|row| mark(row.clear.contains(&field))));
    }
    text.push('\n');
    text
}

const fn mark(yes: bool) -> &'static str {
    if yes { "yes" } else { "·" }
}

fn line<'a>(text: &mut String, name: &str, cells: impl Iterator<Item = &'a str>) {
    let _ = write!(text, "\n| {name} |");
    for cell in cells {
        let _ = write!(text, " {cell} |");
    }
}
